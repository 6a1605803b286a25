"""Chunks are whole neighbouring sentences with exact offsets, packed to a budget."""

from itertools import chain, pairwise, zip_longest

from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunk import chunk_article, pack
from index.load.files import article_id
from index.records import Article
from index.sentences import sentence_runs
from index.tokens import count_tokens

WORDS = st.sampled_from(
    ["The dog barked. ", "Share", "\n\n", "\r\n", "A. ", "🙂 ", "你好。", "name: text\n", "word " * 60, "Why? "]
)


def article(text: str) -> Article:
    return Article(article_id(text), "A", text, ("a.txt",))


def tokens(text: str, sentences) -> list[int]:
    return [count_tokens(text[start:end]) for start, end in sentences]


@settings(deadline=None)
@given(st.lists(WORDS, max_size=40).map("".join))
def test_chunks_hold_every_sentence_once_in_order_within_the_budget(text):
    chunks = chunk_article(article(text), 20)
    assert [span for chunk in chunks for span in chunk.sentences] == list(chain(*sentence_runs(text)))
    for chunk in chunks:
        assert (chunk.start, chunk.end) == (chunk.sentences[0][0], chunk.sentences[-1][1])
        assert chunk.article_id == article_id(text)
        assert len(chunk.sentences) == 1 or sum(tokens(text, chunk.sentences)) <= 20
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    assert chunks == chunk_article(article(text), 20)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(1, 30), min_size=1), max_size=8), st.integers(5, 40))
def test_pack_fills_a_group_as_far_as_the_budget_goes_and_never_joins_runs(sizes, budget):
    runs, size, place = [], {}, 0
    for run in sizes:
        runs.append([(place + number, place + number + 1) for number in range(len(run))])
        size.update(zip(runs[-1], run, strict=True))
        place += len(run) + 1
    groups = pack(runs, size.__getitem__, budget)
    assert [span for group in groups for span in group] == [span for run in runs for span in run]
    for group, after in zip_longest(groups, groups[1:]):
        run = next(run for run in runs if group[0] in run)
        assert set(group) <= set(run)
        assert len(group) == 1 or sum(map(size.__getitem__, group)) <= budget
        if after and after[0] in run:
            assert sum(map(size.__getitem__, group)) + size[after[0]] > budget


def test_offsets_are_right_where_text_repeats():
    """A search for each chunk's text would find the first of the identical lines again and again."""
    text = "The row is the same.\n" * 300
    chunks = chunk_article(article(text), 50)
    assert len(chunks) > 10
    assert chunks[-1].end == len(text.rstrip())
    assert all(before.end < after.start for before, after in pairwise(chunks))


def test_a_sentence_past_the_budget_is_a_chunk_of_its_own():
    text = "Short one. " + "long " * 100 + "end. Another short one."
    assert [len(chunk.sentences) for chunk in chunk_article(article(text), 20)] == [1, 1, 1]


def test_an_article_of_litter_has_no_chunks():
    assert chunk_article(article("Share\n\nAdvertisement"), 20) == []
