"""Sixty hostile texts as articles, titles, names, questions and answers: in a real browser they are text alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hostile import CASES, HUGE, RUN, TOWNS, question, write_articles
from playwright.sync_api import Page

from browser.pages import Visit, ask, open_assistant, served
from browser.scripts import FORWARDS, ODD, ON_TOP, OPEN_ALL, SENTENCES
from rag.assistant import Assistant
from rag.records import Answer
from rag.restore import kept
from ui import passwords
from ui.passwords import Secret
from ui.render.outline import flat
from ui.web.app import Access, app


class HostileExamples(Assistant):
    """Offers every case as a question."""

    def examples(self) -> tuple[str, ...]:
        return CASES


@dataclass(frozen=True)
class Watch:
    """A page in which no script may run, nothing fail and no other host be asked."""

    page: Page
    problems: list[str]

    def is_calm(self) -> bool:
        """Nothing ran, nothing failed, and all that is on the page is ours."""
        assert self.page.evaluate("window.hacked") is None
        assert self.page.evaluate(ODD) == []
        assert self.problems == []
        return True


@pytest.fixture
def watch(open_page: Visit, problems: list[str]) -> Iterator[Watch]:
    watch = Watch(open_page(), problems)
    yield watch
    assert watch.is_calm()


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """All cases in one library; the one with a NUL is a file that cannot be read, and is listed as such."""
    folder = tmp_path_factory.mktemp("hostile")
    write_articles(folder / "articles")
    made = open_assistant(folder / "data", embedding="static")
    report = made.index.sync([folder / "articles"])
    assert report.added == len(CASES) - len(report.failed) == len(CASES) - 1
    return HostileExamples(made.index, made.settings)


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with served(assistant) as address:
        yield address


@pytest.fixture(scope="module")
def answers(assistant: Assistant) -> list[Answer]:
    """One to the question of each case."""
    return [assistant.ask(question(number)) for number in range(len(CASES))]


def seen(text: str) -> str:
    """As HTML can hold it."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def remember(page: Page, records: Any, title: Any = "kept") -> None:
    """Puts a conversation into the browser as if it had been kept there, and shows it."""
    page.wait_for_selector("#kept", state="attached")
    page.evaluate(
        """([records, title]) => {
            const prefix = `footnote.${document.querySelector("#kept").dataset.library}.`;
            localStorage.setItem(`${prefix}list`, JSON.stringify([{ id: "x", title, when: 0 }]));
            localStorage.setItem(`${prefix}chat.x`, JSON.stringify(records));
            sessionStorage.setItem(`${prefix}current`, "x");
        }""",
        [records, title],
    )
    page.reload()


def test_articles_titles_names_and_questions_are_text(
    watch: Watch,
    address: str,
    answers: list[Answer],
    tmp_path: Path,
) -> None:
    page = watch.page
    page.goto(address)
    page.wait_for_selector(".welcome .asked button")
    assert page.locator(".welcome .asked button").all_text_contents() == list(map(seen, CASES))
    assert watch.is_calm()

    remember(page, [kept(answer) for answer in answers])
    page.wait_for_function("count => document.querySelectorAll('.turn').length === count", arg=len(CASES))
    assert page.locator(".question").all_text_contents() == [seen(answer.question) for answer in answers]
    shown = page.evaluate(OPEN_ALL)
    for answer, one in zip(answers, shown, strict=True):
        quote = (answer.citations or answer.nearest)[0]
        text = next(passage.article.text for passage in answer.passages if passage.article.id == quote.article_id)
        assert (one["mark"], one["title"], one["whole"]) == (quote.quote, quote.title, text)
        assert (one["odd"], one["forwards"]) == ([], True)
        assert not answer.citations or quote.title in one["hint"]
    for place in ("#ask [type=submit]", "#sources .body", "#question"):
        assert page.evaluate(ON_TOP, place), place
    assert watch.is_calm()
    assert page.evaluate(FORWARDS, ".own, .verdict")

    with page.expect_download() as download:
        page.get_by_role("button", name="HTML").click()
    download.value.save_as(tmp_path / "saved.html")
    page.goto((tmp_path / "saved.html").as_uri())
    assert page.locator("h2").all_text_contents() == [flat(answer.question) for answer in answers]
    ours = "h2, h3, p, span, bdi, small, sup, a, ul, ol, li, blockquote, table, caption, thead, tbody, tr, th, td"
    assert page.locator(f"article :not({ours})").count() == 0
    hrefs = page.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert all(link.startswith("#source-") for link in hrefs)


class HostileWriter:
    """A language model that writes every case behind a quote."""

    name = f"<img src=x onerror={RUN}> {{{{value}}}} ${{{RUN}}}"
    prompt_tokens = 3_000

    def write(self, task: Any, *_: object) -> Iterator[str]:
        known = next(iter(task.sentences))
        for number, case in enumerate(CASES):
            if len(case) < HUGE:
                yield f"The harbour of {TOWNS[number]} holds boats, {case} "
                yield f"[{known}].\n"


def test_what_a_model_writes_is_text_and_so_is_its_name(watch: Watch, assistant: Assistant) -> None:
    writer: Any = HostileWriter()
    page = watch.page
    with served(Assistant(assistant.index, assistant.settings, writer)) as address:
        page.goto(address)
        page.wait_for_selector("#chat .welcome")
        assert writer.name in page.locator(".masthead").text_content()
        ask(page, question(8).replace("\n", " "))
        (answer,) = page.evaluate(
            "JSON.parse(Object.entries(localStorage).find(([name]) => name.includes('.chat.'))[1])"
        )
        sentences = [answer["text"][one["start"] : one["end"]] for one in answer["claims"]]
        assert page.evaluate(SENTENCES) == list(map(seen, sentences))
        assert sum(flat(case) in flat(answer["text"]) for case in CASES) > len(CASES) / 2
        assert page.evaluate(FORWARDS, ".own, .verdict")
        assert page.evaluate(ON_TOP, "#ask [type=submit]")
        assert watch.is_calm()
        page.get_by_role("tab", name="Settings").click()
        page.locator("#settings").wait_for()
        assert watch.is_calm()


def test_the_library_lists_and_finds_them_as_text(
    watch: Watch, address: str, assistant: Assistant, tmp_path: Path
) -> None:
    page = watch.page
    page.goto(address)
    page.get_by_role("tab", name="Library").click()
    page.wait_for_selector("#articles li")
    page.locator("#order").get_by_text("Title").click()
    page.wait_for_function("document.querySelector('#articles h2').textContent.startsWith('Bran')")
    titles = {" ".join(entry.title.split()) for entry in assistant.index.entries()}
    shown = [one for one in page.locator("#articles h2").all_text_contents() if not one.endswith(" …")]
    assert len(shown) > 20
    assert set(shown) <= titles
    assert "a binary file, not text" in page.locator(".failed").text_content()
    assert watch.is_calm()
    page.get_by_label("Search").fill(f"<img src=x onerror={RUN}>")
    page.wait_for_function("document.querySelector('#articles .count').textContent.includes(' of ')")
    assert page.locator("#articles h2").count() > 0
    refused = tmp_path / f"<img src=x onerror={RUN}> '\"{{{{value}}}} \u202egpj.svg"
    refused.write_text("<svg/>", "utf-8")
    page.locator("#files input[type=file]").set_input_files([refused])
    page.wait_for_selector("#work.ended")
    assert "not a kind of file" in page.locator("#work").text_content()


def test_what_a_browser_kept_is_text_or_is_dropped(watch: Watch, address: str, answers: list[Answer]) -> None:
    page = watch.page
    page.goto(address)
    whole = kept(answers[8])
    quote, claims = whole["citations"][0], whole["claims"][:1]
    record = whole | {"claims": claims, "conflicts": [], "times": [], "quotations": []}
    lies = {"title": CASES[8], "source": f"javascript:{RUN}", "also": [f"data:text/html,{CASES[0]}"], "date": CASES[17]}
    records = [
        record | dict.fromkeys(("question", "searched", "notice", "correction", "writer"), case)
        | {"not_found": [case], "suggestions": [case], "timings": {case: 1.0}}
        | {"citations": [quote | lies | {"article_id": case}], "passages": [], "weighed": []}
        for case in CASES
        if len(case) <= 2_000
    ]  # fmt: skip
    remember(page, [*records, {"question": CASES[0]}, 5, None, [CASES[0]]], {"toString": CASES[0]})
    page.wait_for_function("document.querySelectorAll('.turn').length > 40")
    assert page.locator(".question").all_text_contents() == [seen(one["question"]) for one in records]
    page.locator(".claim a.cite").nth(30).click()
    page.wait_for_selector("mark.open")
    assert quote["quote"] == page.locator("mark.open").text_content()
    assert watch.is_calm()
    for rubbish in ({"a": 1}, "x", [None, 5, "y"], 7):
        page.evaluate(
            "text => Object.keys(localStorage).forEach((name) => localStorage.setItem(name, text))", json.dumps(rubbish)
        )
        page.reload()
        page.wait_for_selector("#chat .welcome")
        page.get_by_role("button", name="Ask", exact=True).wait_for()


def test_who_signs_in_is_text(watch: Watch, assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COSTS", (16, 8, 1))
    secret = Secret.of("correct horse")
    names = (f"<img/src=x/onerror={RUN}>", "{0}$title{{value}}</p>", '"onfocus="hacked=1"\u202e')
    page = watch.page
    access = Access(people=dict.fromkeys(names, secret))
    with served(assistant, lambda one: app(one, access)) as address:
        for name in names:
            page.goto(f"{address}/signin")
            page.get_by_label("Name").fill(name)
            page.get_by_label("Password").fill("correct horse")
            page.get_by_role("button").click(no_wait_after=True)
            page.wait_for_url(f"{address}/", wait_until="commit")
            page.goto(f"{address}/signout")
            assert page.locator("main p").text_content() == f"{name}, sign out?"
            assert page.evaluate(ON_TOP, "button")
            assert watch.is_calm()
