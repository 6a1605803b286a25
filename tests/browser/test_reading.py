"""Quotes are opened in their articles by a click, the keyboard, step by step, under the pointer; markup is text."""

from pathlib import Path

from playwright.sync_api import Route

from browser.pages import KILLED, STRIKES, THIRTY_SIX, Serve, Visit, ask, in_view, open_assistant, picture, wait_until
from rag.prompt import REFUSAL

TWENTY_NINE = "As of Wednesday, U.S. drones and fighter jets had carried out 29 strikes in Sirte"
HOSTILE = (
    'Redport harbour holds 12 boats <script>window.hacked=1</script> <img src="http://evil.example/a.png" '
    'onerror="window.hacked=1"> ![boat](http://evil.example/b.png) [click](http://evil.example/c) **bold** '
    '<div style="position:fixed;inset:0">overlay</div> {{value}} ${window.hacked=1} $$x^2$$ `code`.'
)


def test_each_number_opens_its_quote(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    answer = ask(page, STRIKES)
    said = answer.inner_text()
    assert "29" in said
    assert "36" in said
    opened = []
    links = answer.locator(".claim a.cite")
    for position in range(links.count()):
        link = links.nth(position)
        link.click()
        mark = str(link.get_attribute("href"))[1:]
        wait_until(lambda mark=mark: in_view(page, mark))
        opened.append(page.locator(f"#{mark}").text_content() or "")
        assert page.locator("mark.open").count() == 1
    assert THIRTY_SIX in opened
    assert any(quote.startswith(TWENTY_NINE) and quote.endswith("Africa Command.") for quote in opened)
    assert page.locator(".conflict").inner_text().count("undated") == 2
    picture(page, "strikes")


def test_a_citation_of_an_earlier_answer_brings_back_its_sources(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    first = ask(page, KILLED)
    second = ask(page, "And the wounded?", turn=2)
    assert "Searched: " in second.inner_text()
    assert "wounded" in second.inner_text()
    first.locator("a.cite").first.click()
    page.wait_for_selector('#sources[data-turn="1"]')
    wait_until(lambda: in_view(page, "src-1-1"))
    assert "killed" in (page.locator("#src-1-1").text_content() or "")
    second.locator("a.cite").first.click()
    wait_until(lambda: in_view(page, "src-2-1"))


def test_of_two_quotes_that_are_clicked_at_once_the_last_is_opened(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    first = ask(page, STRIKES)
    ask(page, KILLED, turn=2)
    held: list[Route] = []

    def hold(route: Route) -> None:
        if not held and '"turn":1' in (route.request.post_data or "").replace(" ", ""):
            held.append(route)
        else:
            route.continue_()

    page.route("**/gradio_api/**", hold)
    first.locator(".claim a.cite").evaluate_all("links => links.forEach(link => link.click())")
    wait_until(lambda: in_view(page, "src-1-2"))
    with page.expect_response(held[0].request.url):
        held[0].continue_()
    page.evaluate("new Promise(requestAnimationFrame)")
    assert page.locator("mark.open").get_attribute("id") == "src-1-2"


def test_a_quote_that_the_answer_does_not_have_opens_its_first(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    links = ask(page, STRIKES).locator(".claim a.cite")
    links.last.click()
    wait_until(lambda: in_view(page, "src-1-2"))
    links.first.evaluate("link => link.setAttribute('href', '#src-1-99')")
    links.first.click()
    wait_until(lambda: in_view(page, "src-1-1"))
    assert page.locator("mark.open").get_attribute("id") == "src-1-1"


def test_a_refusal_shows_what_is_nearest(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    answer = ask(page, "What is the capital of Peru?")
    assert REFUSAL in answer.inner_text()
    assert "Nearest:" in answer.inner_text()
    answer.locator("a.near").last.click()
    mark = str(answer.locator("a.near").last.get_attribute("href"))[1:]
    wait_until(lambda: in_view(page, mark))
    assert page.locator(f"#{mark}").text_content() == answer.locator("blockquote").last.text_content()


def test_the_keyboard_alone_opens_a_quote_and_comes_back(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, STRIKES)
    page.keyboard.press("Shift+Tab")
    for _ in range(10):
        if page.evaluate("document.activeElement.matches('.claim a.cite')"):
            break
        page.keyboard.press("Shift+Tab")
    mark = page.evaluate("document.activeElement.getAttribute('href').slice(1)")
    page.keyboard.press("Enter")
    wait_until(lambda: in_view(page, mark) and page.evaluate("document.activeElement.id") == mark)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('href').slice(1)") == mark


def test_a_quote_is_shown_under_the_pointer_and_at_the_focus(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    link = ask(page, STRIKES).locator(".claim a.cite").first
    hint = page.get_by_role("tooltip")
    link.hover()
    assert THIRTY_SIX in hint.inner_text()
    assert "Libyan forces recapture" in hint.inner_text()
    page.mouse.move(0, 0)
    wait_until(lambda: not hint.is_visible())
    link.focus()
    assert THIRTY_SIX in hint.inner_text()
    assert link.get_attribute("aria-describedby") == "hint"


def test_the_quotes_of_an_answer_are_stepped_through_with_their_articles(visit: Visit, seeds: str) -> None:
    page = visit(seeds)
    ask(page, STRIKES)
    steps = page.locator("#sources .steps")
    assert "1 of 2" in steps.inner_text()
    page.get_by_role("button", name="Next quote").click()
    wait_until(lambda: in_view(page, "src-1-2"))
    assert "2 of 2" in steps.inner_text()
    assert page.locator("#sources mark").count() == 2  # of one article, both marked in one view
    page.get_by_role("button", name="Next quote").click()
    wait_until(lambda: in_view(page, "src-1-1"))
    assert page.locator("#sources header").inner_text().startswith("Libyan forces recapture")


def test_hostile_articles_are_only_text(visit: Visit, serve: Serve, tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "harbour.txt").write_text(f"The <b>harbour</b> ![t](http://evil.example/t.png)\n\n{HOSTILE}\n", "utf-8")
    page = visit(serve(open_assistant(tmp_path / "data", articles)))
    answer = ask(page, "How many boats does Redport harbour hold? <img src=x onerror=window.hacked=1>")
    assert HOSTILE in " ".join((answer.text_content() or "").split())
    assert HOSTILE in (page.locator("#sources .whole").text_content() or "")
    assert "<img src=x onerror=window.hacked=1>" in page.locator(".question").inner_text()
    for place in ("#chat", "#sources"):
        foreign = "script, img, iframe, form:not(.comment), b, strong, .katex, [style*=fixed]"
        assert page.locator(f"{place} :is({foreign})").count() == 0
        links = page.locator(f"{place} a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert all(link.startswith("#src-") for link in links)
    assert page.evaluate("window.hacked") is None
