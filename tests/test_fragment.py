"""The address of a quote on its web page: its form."""

from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.records import Article
from rag.records import Citation
from ui.render.fragment import text_fragment

LONG = (
    "The commander said on Tuesday that his forces, having crossed the river - twice -, would take the harbour & the "
    "airport before the end of the month, whatever it costs the commander."
)
SOURCE = "https://news.example/a"


def cite(quote: str, source: str = SOURCE, also: tuple[str, ...] = ()) -> Citation:
    return Citation(1, "a", "Title", None, source, 0, len(quote), quote, also)


def words_of(address: str) -> list[str]:
    """The decoded parts of the directive: the whole quote, or its beginning and end."""
    return [unquote(part) for part in address.partition(":~:text=")[2].split(",")]


def test_a_short_quote_stands_in_the_address_whole() -> None:
    assert text_fragment(cite("It's 3-4, you & me.")) == f"{SOURCE}#:~:text=It%27s%203%2D4%2C%20you%20%26%20me."


def test_a_long_quote_is_its_first_and_last_words() -> None:
    assert words_of(text_fragment(cite(LONG))) == ["The commander said on", "it costs the commander."]
    assert len(text_fragment(cite(LONG))) < 100


def test_words_that_stand_elsewhere_too_are_followed_by_more() -> None:
    article = Article("a", "T", f"The commander said on Tuesday that it rained. {LONG}", (SOURCE,))
    assert words_of(text_fragment(cite(LONG), article))[0] == "The commander said on Tuesday that his"


@pytest.mark.parametrize(
    ("source", "also", "url", "begins"),
    [
        ("/a.pdf", (), None, ""),
        ("/a.pdf", (), "https://news.example/b", "https://news.example/b#:~:text="),
        ("/a.pdf", ("http://news.example/c",), None, "http://news.example/c#:~:text="),
        ("javascript://news.example/%0aalert(1)", (), "data:text/html,x", ""),
        ("ftp://news.example/a", (), None, ""),
        (f"{SOURCE}?b=1&c=(2)#part-3", (), None, f"{SOURCE}?b=1&c=(2)#part-3:~:text="),
        (f"{SOURCE}#:~:text=another", (), None, f"{SOURCE}#:~:text=It"),
        ('https://news.example/"><b>\\x', (), None, "https://news.example/%22%3E%3Cb%3E%5Cx#:~:text="),
        ("https://me:secret@news.example/", (), None, "https://news.example/#:~:text="),
    ],
)
def test_only_web_pages_are_linked_and_their_address_is_one(
    source: str, also: tuple[str, ...], url: str | None, begins: str
) -> None:
    article = Article("a", "T", "It holds 12 boats.", (source,), url=url)
    address = text_fragment(cite("It holds 12 boats.", source, also), article)
    assert address.startswith(begins)
    assert bool(address) == bool(begins)


@given(st.text(min_size=1).filter(str.strip))
@example("a" * 80 + " " + "b" * 80)
@example("a" * 80 + " b c d e " + "f" * 80)
def test_the_parts_are_words_of_the_quote_in_their_order(quote: str) -> None:
    address = text_fragment(cite(quote))
    flat = " ".join(quote.split())
    directive = address.partition("#:~:text=")[2]
    assert set(directive) <= set("%,.~_") | set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    if directive:
        start, *end = words_of(address)
        assert flat.startswith(start)
        assert not end or (flat.endswith(end[0]) and len(start) + len(end[0]) < len(flat))
