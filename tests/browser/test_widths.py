"""From a wide screen to a phone, and zoomed to twice the size, nothing needs sideways scrolling."""

from browser.pages import STRIKES, Size, Visit, ask, fits, in_view, picture, wait_until


def test_nothing_needs_sideways_scrolling(visit: Visit, seeds: str, size: Size) -> None:
    page = visit(seeds, width=size.width, height=size.height, color_scheme=size.scheme)
    page.locator(".welcome .asked button").first.wait_for()
    assert fits(page)
    picture(page, f"welcome-{size}")
    answer = ask(page, STRIKES)
    assert fits(page)
    picture(page, f"answer-{size}")
    link = answer.locator(".claim a.cite").last
    link.click()
    mark = str(link.get_attribute("href"))[1:]
    wait_until(lambda: in_view(page, mark))
    assert fits(page)
    picture(page, f"quote-{size}")
    back = page.get_by_role("button", name="Back to the chat")
    assert back.is_visible() == (size.width <= 800)
    if back.is_visible():
        back.click()
        wait_until(lambda: bool(page.evaluate("document.activeElement.matches('a.cite')")))


def test_the_list_of_conversations_closes_on_a_phone(visit: Visit, seeds: str) -> None:
    page = visit(seeds, width=390, height=844)
    kept = page.locator("#kept")
    for close in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.mouse.click(370, 400),
        lambda: page.get_by_role("button", name="Close").click(),
    ):
        page.get_by_role("button", name="Chats").click()
        wait_until(kept.is_visible)
        page.evaluate("document.activeElement.blur()")  # as a finger leaves it in some browsers
        close()
        wait_until(lambda: not kept.is_visible())
    assert page.evaluate("document.activeElement.matches('.chats')")
