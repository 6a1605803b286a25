"""What is exported is what the page says, in every format, and no text of others becomes markup in any of them."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.errors import FootnoteError
from index.records import Article, Chunk, Passage
from rag.assistant import Assistant
from rag.records import Answer, Citation, Claim, Conflict, Statement, TimeReading
from ui.render import html, terminal
from ui.render.document import document
from ui.render.export import FORMATS, export, plain
from ui.render.markdown import escape, markdown

HARBOUR = "The harbour holds 12 boats. It was built in 1931.\n\nA storm sank 3 boats on Tuesday."
HOSTILE = (
    '<script>alert(1)</script> <img src=x onerror=y> </style> ![a](http://b.example) [c](http://d.example) *e* _f_ '
    '`g` ~~h~~ "i" & &lt; http://j.example www.k.example <http://l.ex> [^1] | $m$ [n]: http://o.example \u202e{x} \\'
)  # fmt: skip


def cite(number: int, article: Article, quote: str) -> Citation:
    start = article.text.index(quote)
    return Citation(number, article.id, article.title, article.date, article.source, start, start + len(quote), quote)


def conversation(word: str = "boats", title: str = "Harbour news") -> list[Answer]:
    """An answer with all that one can have, and a refusal; `word` stands wherever people, articles or models write."""
    sent = f"The {word} harbour holds 12. "
    text = HARBOUR if word == "boats" else f"{HARBOUR}\n\n{sent}\n\n{word}"
    web = Article("w1", title, text, ("https://news.example/harbour",), "2023-03-03")
    pdf = Article("p1", title, text, ("/home/someone/report.pdf",), None, pages=(0, 20))
    citations = (
        cite(1, web, "The harbour holds 12 boats."),
        replace(cite(2, pdf, "It was built in 1931."), page=2),
        cite(3, pdf, "A storm sank 3 boats on Tuesday."),
    )
    lines = (f"The harbour holds 12 {word} [1].", "It is new [2] and dry [3].", f"All {word} sank [3].")
    said, claims = "", []
    verdicts = (
        ("supported", ""),
        ("partial", f"“new” {word} is not in the quote"),
        ("unsupported", "no quote says so"),
    )
    for line, (support, reason) in zip(lines, verdicts, strict=True):
        numbers = tuple(int(number) for number in re.findall(r"\[(\d)\]", line[-16:]))
        claims.append(Claim(len(said), len(said) + len(line), numbers, support, reason))  # type: ignore[arg-type]
        said += f"{line}\n"
    statements = (Statement(1, "12 boats", "", "2023-03-03"), Statement(3, f"3 {word}", "on Tuesday", None))
    full = Answer(
        f"How many {word}?", f"How many {word} are there in the harbour?", text=said, claims=tuple(claims),
        citations=citations, conflicts=(Conflict(word, statements, "date", f"They speak of {word} days."),),
        times=(TimeReading(3, "Tuesday", f"28 February {word}", "", "", "counted from the article's date"),),
        correction=f"The quote denies {word}.", passages=tuple(passage(one) for one in (web, pdf)),
        not_found=(f"seagulls {word}",), notice=f"Used 2 of 9 {word}.", done=True,
    )  # fmt: skip
    refusal = Answer(
        "And the crew?", "And the crew?", text="The articles do not say.", refused=True, nearest=citations[:1],
        suggestions=(f"Who owns the {word}?",), passages=(passage(web),), done=True,
    )  # fmt: skip
    return [full, refusal]


def passage(article: Article) -> Passage:
    return Passage(Chunk(f"{article.id}:0", article.id, 0, len(article.text), ()), article, 1.0, 0.5, 3.0)


class Page(HTMLParser):
    """The tags, attributes and text of a piece of HTML."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(format_: str, answers: list[Answer]) -> str:
    """What a person reads of an export."""
    exported = export(answers, f"x{format_}")
    if format_ == ".md":
        return Page(MarkdownIt("commonmark").enable("table").render(exported)).text
    return Page(exported).text if format_ == ".html" else exported


READABLE = [".md", ".html", ".txt"]


@pytest.mark.parametrize("format_", READABLE)
@pytest.mark.parametrize(
    "words",
    [
        "How many boats?",
        "Searched: How many boats are there in the harbour?",
        "The quote denies boats.",
        "Used 2 of 9 boats.",
        "partly supported: “new” boats is not in the quote",
        "not supported: no quote says so",
        "The articles differ on boats",
        "They speak of boats days.",
        "on Tuesday",
        "2023-03-03",
        "undated",
        "report.pdf",
        "page 2",
        "https://news.example/harbour",
        "It was built in 1931.",
        "Tuesday: 28 February boats, counted from the article's date",
        "Not in the quotes: “seagulls boats”.",
        "The articles do not say.",
        "Nearest:",
        "The articles answer, for example:",
        "Who owns the boats?",
    ],
)
def test_every_format_says_all_that_the_page_says(format_: str, words: str) -> None:
    assert words in shown(format_, conversation())


@pytest.mark.parametrize("format_", READABLE)
def test_the_words_are_those_of_the_page(format_: str) -> None:
    """But for the panel's articles and the columns' dashes, no line of a message is said otherwise."""
    answers = conversation()
    exported = " ".join(shown(format_, answers).split())
    for answer in answers:
        said = html.questions("", answer.suggestions)
        page = re.sub(
            r"<a class=\"cite\".*?</a>|<thead>.*?</tbody>|<button.*?</button>|<form.*?</form>",
            "\n",
            html.message(answer, 1),
        )
        page = re.sub(r"<[^>]*>", "\n", f"{page}{said}")
        for line in filter(None, (" ".join(one.split()) for one in Page(page).text.replace("\u202f", "").split("\n"))):
            assert line in exported, line


@pytest.mark.parametrize("format_", READABLE)
def test_nobody_learns_where_a_file_lies_on_this_machine(format_: str) -> None:
    assert "/home/someone" not in shown(format_, conversation())


def test_json_is_the_whole_records() -> None:
    answers = conversation(HOSTILE)
    assert json.loads(export(answers, "answers.JSON")) == json.loads(json.dumps([one.to_dict() for one in answers]))


def test_an_unknown_format_is_one_line() -> None:
    with pytest.raises(FootnoteError, match=r"End it in \.md, \.html, \.json, \.txt\."):
        export([], "answers.docx")


@pytest.mark.parametrize("format_", FORMATS)
def test_an_empty_conversation_is_an_empty_file_of_its_format(format_: str) -> None:
    assert export([], f"x{format_}").endswith("\n")


def test_what_is_still_being_written_is_not_judged() -> None:
    growing = replace(conversation()[0], done=False, notice="")
    assert "supported" not in plain([growing])
    assert "not supported" in plain([replace(growing, notice="Stopped.")])


def test_a_clipboard_s_sources_stand_below_the_numbers_of_the_text() -> None:
    text = plain(conversation()[:1])
    assert "The harbour holds 12 boats [1]." in text
    assert "It is new [2] and dry [3]. (partly supported" in text
    assert (
        "[1] Harbour news · 2023-03-03 · https://news.example/harbour\n    https://news.example/harbour#:~:text="
        in text
    )
    assert "[2] Harbour news · undated · report.pdf · page 2\n    “It was built in 1931.”" in text


def test_nothing_steers_a_terminal_that_shows_the_text() -> None:
    text = plain(conversation("\x1b[31m red \u202e"))
    assert not terminal.CONTROL.search(text)


# --- Markdown


def test_footnotes_are_counted_through_the_conversation_and_each_has_its_note() -> None:
    first, refusal = conversation()
    exported = markdown([first, refusal, first])
    assert "12 boats[^1]." in exported
    assert "12 boats[^4]." in exported
    assert "| 3 boats | on Tuesday | undated | [^6] |" in exported
    references = set(re.findall(r"\[\^(\d+)\](?!:)", exported))
    assert references == set(re.findall(r"^\[\^(\d+)\]:", exported, re.MULTILINE)) == set("123456")


def test_no_reference_is_without_its_note() -> None:
    assert "[^" not in markdown([replace(conversation()[0], citations=())])


TEXT = st.text(st.sampled_from("ab1 .,:;!?()[]{}<>*_`~#+-=|\\/\"'&$^@\n\t") | st.characters(codec="utf-8"), max_size=40)
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@given(TEXT.map(lambda text: " ".join(terminal.CONTROL.sub("", text).split())).filter(bool))
@example("1. One")
@example("1) One")
@example("- One")
@example("+ One")
@example(": One")
@example("===")
@example("---")
def test_escaped_text_is_read_as_itself_wherever_it_stands(text: str) -> None:
    for before, after, kinds in (
        ("", "", ["paragraph_open", "inline", "paragraph_close"]),
        ("## ", "", ["heading_open", "inline", "heading_close"]),
    ):
        tokens = PARSER.parse(f"{before}{escape(text)}{after}")
        assert [token.type for token in tokens] == kinds
        [inline] = [token for token in tokens if token.type == "inline"]
        assert {child.type for child in inline.children or []} == {"text"}
        assert "".join(child.content for child in inline.children or []) == text
    row = PARSER.parse(f"| a |\n|---|\n| {escape(text)} |")
    assert [token.type for token in row].count("td_open") == 1
    link = PARSER.parseInline(f"[{escape(text)}](<http://a.example>)")[0].children or []
    assert [token.type for token in link][:: len(link) - 1] == ["link_open", "link_close"]


def test_readable_text_stays_readable() -> None:
    text = "Pro-GNA forces (led by U.S. troops) said: “36 strikes”, 5% more; isn't it?"
    assert escape(text) == text


def test_text_behind_a_reference_makes_no_link_and_no_note_of_it() -> None:
    answer = conversation()[0]
    said = "Boats [1](http://evil.example) [1]: http://evil.example"
    claim = Claim(0, len(said), (1,), "supported")
    exported = markdown([replace(answer, text=said, claims=(claim,))])
    assert "Boats[^1]\\(http\\://evil.example)[^1]\\: http\\://evil.example" in exported


def test_hostile_text_is_no_markup_in_markdown() -> None:
    page = Page(
        MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown(conversation(HOSTILE, HOSTILE)))
    )
    assert {tag for tag, _ in page.tags} <= set("h1 h2 p em strong table thead tbody tr th td ul li a".split())
    assert {(attributes["href"] or "").partition("#")[0] for tag, attributes in page.tags if tag == "a"} == {
        "https://news.example/harbour"
    }
    assert "<script>alert(1)</script> <img src=x onerror=y> </style> ![a](http://b.example)" in page.text


# --- HTML


def test_hostile_text_is_no_markup_in_html() -> None:
    page = Page(document(conversation(HOSTILE, HOSTILE)))
    known = (
        "html head meta title style body h1 article h2 p span bdi sup a small table caption thead tr th tbody td h3 ol "
        "ul li blockquote"
    )
    assert {tag for tag, _ in page.tags} == set(known.split())
    names = {name for _, attributes in page.tags for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("style", "src")]
    links = [attributes["href"] or "" for tag, attributes in page.tags if tag == "a"]
    assert all(link.startswith(("#source-", "https://news.example/harbour")) for link in links)
    assert "<script>alert(1)</script> <img src=x onerror=y> </style>" in page.text


def test_references_lead_to_the_sources_of_their_own_answer() -> None:
    page = Page(document([conversation()[0], conversation()[0]]))
    places = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(set(places)) == len(places) == 6
    inside = {attributes["href"] for tag, attributes in page.tags if tag == "a" and attributes["href"][:1] == "#"}  # type: ignore[index]
    assert inside == {f"#{place}" for place in places}


def test_the_page_may_load_nothing_but_its_own_style() -> None:
    page = document(conversation())
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert b64encode(sha256(style.encode()).digest()).decode() in policy


def test_the_seeds_answers_are_exported_in_every_format(assistant: Assistant) -> None:
    answers = [
        assistant.ask("How many strikes had US aircraft carried out in Sirte?"),
        assistant.ask("Who is in Peru?"),
    ]
    for format_ in READABLE:
        assert "29 strikes" in shown(format_, answers)
        assert "Nearest:" in shown(format_, answers)
