"""Answer → HTML. Parsed again with the standard library, so that what counts is what a browser would see."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Article, Chunk, Passage
from rag.records import Answer, Citation, Claim, Conflict, Statement, Support, TimeReading
from ui.render import article, html, terminal
from ui.render.export import export

TEXT = "Title\n\nThe harbour holds 12 boats. It was built in 1931.\n\nA storm sank 3 boats."
HOSTILE = '<script>alert(1)</script> <img src=x onerror=y> ![a](http://b) [c](http://d) *e* {{f}} ${g} `h` "i" & $$j$$'


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

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def make_answer(
    text: str = TEXT, quote: str = "The harbour holds 12 boats.", support: Support = "supported", **changes: object
) -> Answer:
    article = Article("a1", text.partition("\n")[0], text, ("/articles/harbour.txt",))
    start = text.index(quote)
    citation = Citation(1, "a1", article.title, None, article.source, start, start + len(quote), quote)
    said = f"{quote} [1]"
    reason = "" if support == "supported" else "“12” is not in the quote"
    passage = Passage(Chunk("c1", "a1", 0, len(text), ()), article, 1.0, 1.0, 1.0)
    fields = {
        "question": "How many boats?", "searched": "How many boats?", "text": said,
        "claims": (Claim(0, len(said), (1,), support, reason),), "citations": (citation,), "passages": (passage,),
        "done": True,
    }  # fmt: skip
    return Answer(**{**fields, **changes})  # type: ignore[arg-type]


@given(st.text())
def test_escaped_text_comes_back_whole_and_holds_no_markup(text: str) -> None:
    escaped = html.escape(text)
    assert Page(escaped).text == text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    assert Page(f'<i title="{escaped}">').named("i")[0]["title"] == text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    assert not set(escaped) & set("<>\"'\r\0")


def opened(answer: Answer, turn: int, name: str = "") -> str:
    """The panel's article, opened at a mark or the first one."""
    marks = dict(article.anchors(answer))
    name = name or next(iter(marks))
    found = {one.article.id: one.article for one in answer.passages}.get(marks[name].article_id)
    return article.source(found, answer, (name, marks[name]), turn)


def test_a_citation_is_a_link_to_its_mark_with_the_quote_as_tooltip() -> None:
    answer = make_answer()
    [link] = Page(html.message(answer, 3)).named("a")
    assert link["href"] == "#src-3-1"
    assert link["data-quote"] == "The harbour holds 12 boats."
    assert (link["data-title"], link["data-date"]) == ("Title", "undated")
    [mark] = Page(opened(answer, 3)).named("mark")
    assert mark["id"] == "src-3-1"


def test_a_mark_holds_exactly_the_quote_and_the_panel_the_whole_article() -> None:
    panel = opened(make_answer(), 1)
    marked = panel.split('tabindex="-1">')[-1].split("</mark>")[0]
    assert unescape(marked) == "The harbour holds 12 boats."
    assert TEXT in Page(panel).text
    assert "undated" in Page(panel).text
    assert {"title": "/articles/harbour.txt"} in Page(panel).named("span")


def test_what_a_quote_does_not_carry_is_said_in_words() -> None:
    assert "not supported: “12” is not in the quote" in Page(html.message(make_answer(support="unsupported"), 1)).text
    assert "partly supported: " in Page(html.message(make_answer(support="partial"), 1)).text
    assert "supported" not in Page(html.message(make_answer(), 1)).text


def test_a_sentence_still_being_written_is_not_judged() -> None:
    assert "supported" not in html.message(make_answer(support="unsupported", done=False), 1)


def test_a_sentence_that_was_cut_off_is_said_to_be_and_not_judged() -> None:
    said = "It holds 12 boats. [1] It sank twice. It was bui"
    spans = ((0, 22, (1,), "supported"), (23, 37, (), "unsupported"), (38, len(said), (), "unsupported"))
    claims = tuple(Claim(*span, "cites no sentence" * (span[3] == "unsupported")) for span in spans)
    stopped = replace(make_answer(claims=claims, done=False, notice="Stopped."), text=said)
    broken_off = replace(stopped, done=True, cut_off=True)
    for shown in (
        Page(html.message(stopped, 1)).text,
        Page(html.message(broken_off, 1)).text,
        terminal.render(broken_off).lower(),
        *(export([stopped], f"a.{one}") for one in ("md", "html", "txt")),
    ):
        assert shown.count("not supported") == 1
        assert shown.count("cut off") == 1
        assert shown.lower().index("it sank") < shown.index("not supported")
        assert shown.index("not supported") < shown.index("bui") < shown.index("cut off")
    whole = replace(broken_off, text=f"{said}lt.", claims=(*claims[:2], replace(claims[2], end=len(said) + 3)))
    assert "cut off" not in html.message(whole, 1)  # it has an end, and no citation
    cited = replace(stopped, text=said[:22], claims=claims[:1])
    assert "cut off" not in html.message(cited, 1)  # it had come to its citation
    assert "cut off" not in html.message(replace(stopped, done=True), 1)


def test_hostile_text_is_only_text_everywhere() -> None:
    quote = f"The harbour {HOSTILE} holds 12 boats."
    answer = make_answer(
        text=f"{HOSTILE}\n\n{quote} More.", quote=quote, question=HOSTILE, searched=f"{HOSTILE} again", notice=HOSTILE,
        conflicts=(Conflict(HOSTILE, (Statement(1, HOSTILE, HOSTILE, HOSTILE),)),),
    )  # fmt: skip
    for page in (
        html.message(answer, 1),
        opened(answer, 1),
        html.questions(HOSTILE, [HOSTILE]),
        html.header(HOSTILE, 1),
    ):
        parsed = Page(page)
        assert not {"script", "img"} & {tag for tag, _ in parsed.tags}
        assert HOSTILE in parsed.text
        assert all((link["href"] or "").startswith("#src-1-") for link in parsed.named("a"))


def test_only_markers_of_the_claim_become_links() -> None:
    answer = make_answer(
        text="T\n\nAs noted [7], the harbour holds 12 boats.", quote="As noted [7], the harbour holds 12 boats."
    )
    page = Page(html.message(answer, 1))
    assert [link["href"] for link in page.named("a")] == ["#src-1-1"]
    assert "As noted [7]," in page.text


def test_whose_word_a_supported_claim_is_stands_behind_it_and_is_no_verdict() -> None:
    answer = make_answer()
    claim = replace(answer.claims[0], reason="according to <b>the crew</b>")
    page = Page(html.message(replace(answer, claims=(claim,)), 1))
    assert "12 boats.\u202f1 according to <b>the crew</b>" in page.text
    assert [one["class"] for one in page.named("small")] == ["quiet"]


def test_a_claim_is_isolated_so_that_it_cannot_turn_its_verdict() -> None:
    page = html.message(make_answer(support="unsupported"), 1)
    assert re.search(r'<span class="claim unsupported"><bdi>.*</bdi> <small class="verdict">', page)


def test_a_refusal_links_the_nearest_and_the_panel_marks_them() -> None:
    [citation] = make_answer().citations
    answer = make_answer(text=TEXT, claims=(), citations=(), refused=True, nearest=(citation,))
    assert [link["href"] for link in Page(html.message(answer, 2)).named("a")] == ["#src-2-n1"]
    assert "Nearest:" in Page(html.message(answer, 2)).text
    assert [mark["id"] for mark in Page(opened(answer, 2)).named("mark")] == ["src-2-n1"]


def test_a_conflict_shows_both_values_with_dates_and_links() -> None:
    statements = (Statement(1, "29 strikes", "As of Wednesday", "2016-08-11"), Statement(1, "36 strikes", "", None))
    page = Page(html.message(make_answer(conflicts=(Conflict("strikes", statements),)), 1))
    for shown in ("29 strikes", "36 strikes", "As of Wednesday", "2016-08-11", "undated"):
        assert shown in page.text
    assert len(page.named("a")) == 3
    assert "As of" in page.text.replace("As of Wednesday", "")


def test_a_column_that_would_be_empty_is_none() -> None:
    statements = (Statement(1, "29 strikes", "", "2016-08-11"), Statement(1, "36 strikes", "", None))
    answer = make_answer(conflicts=(Conflict("strikes", statements),))
    page = Page(html.message(answer, 1))
    assert "As of" not in page.text
    assert "–" not in page.text
    assert len(page.named("th")) == 4
    for format_ in ("md", "html", "txt"):
        exported = export([answer], f"a.{format_}")
        assert "As of" not in exported
        assert "36 strikes" in exported
        assert "–" not in exported


def test_lines_become_paragraphs() -> None:
    answer = make_answer()
    page = html.message(make_answer(text=TEXT, **{"claims": ()}), 1)
    assert page.count("<p>") == 1
    two = Answer("q", "q", text="One.\nTwo.", passages=answer.passages, done=True)
    assert html.message(two, 1).count("<p>") == 2


def test_an_empty_answer_says_that_it_is_searching_and_a_failed_one_what_failed() -> None:
    assert "Searching" in html.message(Answer("q", "q"), 1)
    failed = html.message(Answer("q", "q", notice="Nothing is indexed yet."), 1)
    assert "Searching" not in failed
    assert "Nothing is indexed yet." in Page(failed).text


@pytest.mark.parametrize(
    ("notice", "shown"),
    [
        ("The model sent nothing. FOOTNOTE_TOKEN_TIMEOUT gives it longer.", "The model sent nothing. To mend it"),
        (
            "Used 3 of 10 passages: its window or FOOTNOTE_PROMPT_TOKENS takes no more.",
            "Used 3 of 10 passages. To mend",
        ),
        (
            "It refused the key. Check OPENAI_API_KEY. These are quotes.",
            "It refused the key. These are quotes. To mend",
        ),
        (
            "FOOTNOTE_RERANK has no address. Set FOOTNOTE_RERANK_URL.",
            "Something is not set up rightly. To mend",
        ),
        ("Set SSL_CERT_DIR or HTTPS_PROXY. Is it x or y", "Is it x or y. To mend"),
        ("Is it running? HTTP_PROXY is set.", "Is it running? To mend"),
        ("Stopped: http://127.0.0.1:9/v1 is down. Is it running?", "Stopped: http://127.0.0.1:9/v1 is down. Is it run"),
    ],
)
def test_a_reader_of_the_window_is_told_of_no_variables(notice: str, shown: str) -> None:
    drawn = Page(html.message(Answer("q", "q", notice=notice), 1)).text
    assert shown in drawn
    assert not re.search("[A-Z]{2}_", drawn)


def test_the_header_says_who_writes_and_how_much_there_is() -> None:
    assert "no model is set. 1 article indexed" in Page(html.header("extractive", 1)).text
    assert "written by qwen, every sentence checked" in Page(html.header("qwen", 1200)).text
    assert "1,200 articles" in Page(html.header("qwen", 1200)).text
    assert "footnote index PATH" in Page(html.welcome(None)).text


def test_what_a_time_means_is_folded_away_below_the_text_with_a_link_to_its_quote() -> None:
    read = TimeReading(1, "<b>Tuesday</b>", "", "", "", "the article has no date")
    page = Page(html.message(make_answer(times=(read,)), 3))
    assert [one for one, _ in page.tags if one in ("details", "summary", "b")] == ["details", "summary"]
    assert [link["href"] for link in page.named("a")] == ["#src-3-1", "#src-3-1"]
    assert "“<b>Tuesday</b>”: not known, the article has no date" in page.text
    assert not Page(html.message(make_answer(), 3)).named("details")


def test_markdown_is_shown_quietly_and_keeps_every_letter() -> None:
    text = f"---\ntitle: Boats & *more*\n---\n# {TEXT}\n\nIt was *very* **old**; 3 * 4 is 12, #2 of 5*6, x**2, 4 ** 5."
    panel = opened(make_answer(text), 1)
    page = Page(panel)
    assert text in page.text
    assert panel.index("title: Boats") < panel.index("</details>") < panel.index("Title")
    signs = re.findall(r'<span class="sign">(.*?)</span>', panel)
    assert signs == ["#", "*", "*", "**", "**"]
    assert "<details" not in opened(make_answer(), 1)


def test_a_long_article_comes_in_parts_that_hold_it_whole() -> None:
    text = "\n".join(["The harbour holds 12 boats.", *["A line of the log." * 20] * 100])
    panel = opened(make_answer(text=text), 1)
    assert text in Page(panel).text
    assert panel.count('<div class="part">') > 5


def test_an_article_that_has_left_the_index_shows_what_was_quoted() -> None:
    answer = replace(make_answer(), passages=())
    page = Page(opened(answer, 1))
    assert "no longer in the index" in page.text
    assert "Ask only this article" not in page.text
    assert "Ask only this article" in Page(opened(make_answer(), 1)).text
    assert "The harbour holds 12 boats." in page.text


def test_a_quote_leads_to_its_sentence_on_the_web_page_in_a_tab_that_knows_nothing_of_this_one() -> None:
    answer = make_answer()
    [passage] = answer.passages
    web = replace(passage.article, url="https://a.example/x?a=1&b=2")
    panel = opened(replace(answer, passages=(replace(passage, article=web),)), 1)
    [link] = [one for one in Page(panel).named("a") if one.get("class") == "web"]
    assert link["href"] == "https://a.example/x?a=1&b=2#:~:text=The%20harbour%20holds%2012%20boats."
    assert link["rel"] == "noopener noreferrer"
    assert Page(panel).named("mark")[0]["data-web"] == link["href"]
    assert 'class="web"' not in opened(answer, 1)


def test_an_answer_runs_as_its_first_letter_does() -> None:
    assert 'class="text" dir="ltr"' in html.message(make_answer(), 1)
    quote = "12 הסירות בנמל."
    assert 'class="text" dir="rtl"' in html.message(make_answer(text=quote, quote=quote), 1)


def test_the_last_answer_alone_can_be_asked_again_and_a_refusal_offers_questions() -> None:
    page = Page(html.message(make_answer(), 1, copied="12 boats"))
    assert [one.get("data-do") for one in page.named("button")] == ["copy", "retry", "edit", "rate", "rate", None]
    refusal = replace(make_answer(), refused=True, nearest=make_answer().citations, suggestions=("Who built it?",))
    assert "Who built it?" in Page(html.message(refusal, 1)).text
