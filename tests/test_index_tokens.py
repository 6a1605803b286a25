"""Token counts need no network."""

from hypothesis import given, settings
from hypothesis import strategies as st

from index.tokens import count_tokens


@settings(deadline=None)
@given(st.text(max_size=100), st.text(max_size=100))
def test_a_count_is_positive_where_there_is_text_and_parts_bound_the_whole(left, right):
    assert bool(count_tokens(left)) == bool(left)
    assert count_tokens(left + right) <= len((left + right).encode(errors="surrogatepass"))


def test_text_that_looks_like_a_special_token_is_plain_text():
    assert count_tokens("<|endoftext|>") > 1
