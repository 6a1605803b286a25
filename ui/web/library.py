"""The library tab in Gradio. What it does is in `ui.library`, what it shows in `ui.render.library`."""

from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from index.engine import Index
from index.errors import FootnoteError
from index.records import Progress
from rag.assistant import Assistant
from ui import library
from ui.jobs import Jobs, Outcome
from ui.render import library as render
from ui.render.lines import counted
from ui.uploads import uploads_of
from ui.web.door import gr

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}  # no listener is an endpoint
OFTEN, SELDOM = 0.5, 5.0  # seconds between two looks at the job: while one runs, and else

Update = dict[Any, Any]  # component → its new value
Drawn = tuple[int, str, library.Order]  # the number of a page, and the words and the order of its list


def build_library(tab: gr.Tab, assistant: Assistant, *, may_change: bool) -> gr.HTML:
    """Fill `tab`: the articles, listed when it is opened; where `may_change`, what adds and removes them too.

    Returns a part that changes whenever this window sees that the articles have.
    """
    _take_uploads_only()
    shown = _List(assistant.index, may_change)
    with tab, gr.Column(elem_id="library"):
        if may_change:
            changing = _Changes(assistant.index, shown)
            changing.lay_out()
            changing.wire(tab)
            return changing.about
        shown.lay_out()
        shown.draw_on()
        tab.select(shown.turned, shown.view, shown.parts, **QUIET)
        return shown.articles


def _take_uploads_only() -> None:
    """In a window that is mounted, not launched, Gradio would read any path of this machine that a browser names."""
    window = gr.context.Context.root_block
    assert window is not None
    window.has_launched = True


class _List:
    """The articles: search, order, pages."""

    def __init__(self, index: Index, may_change: bool) -> None:
        self._shelf = library.Shelf(index)
        self._uploads = uploads_of(index.settings) if may_change else None

    def lay_out(self, beside: Callable[[], None] = lambda: None) -> None:
        with gr.Row(elem_id="looking"):
            self.words = gr.Textbox(
                "", label="Search", placeholder="Words in the text, a title, an author, a file name", max_lines=1,
                elem_id="search", container=False, show_label=False,
            )  # fmt: skip
            self.order = gr.Radio(
                list(library.ORDERS), value=library.ORDERS[0], label="Order", elem_id="order", container=False
            )
            beside()
        self.drawn = gr.State((0, "", library.ORDERS[0]))  # what is shown
        self.articles = gr.HTML(elem_id="listing", apply_default_css=False, js_on_load=_read("library.js"))
        self.view = [self.words, self.order, self.drawn]
        self.parts = [self.articles, self.drawn]
        self.articles.turn(self._turned_to, self.view[:2], self.parts, **QUIET)

    def draw_on(self, *changes: Any) -> None:
        """Draws the list again as it is searched by then; one after the other, so that the last one stands."""
        searched = [self.words.change, self.order.input]  # `input` would miss what is pasted
        gr.on([*searched, *changes], self.turned, self.view, self.parts, trigger_mode="always_last", **QUIET)

    def turned(self, words: str, order: library.Order, drawn: Drawn) -> Update:
        """The page that was `drawn`, of the list as it is now; of another search the first."""
        return self._page(words, order, drawn[0] if drawn[1:] == (words, order) else 0)

    def _page(self, words: str, order: library.Order, number: int) -> Update:
        """A page of the list; an error stands where it would."""
        try:
            page = self._shelf.look(words, order, number)
        except FootnoteError as error:
            return {self.articles: render.problem(str(error))}
        return {
            self.articles: render.listing(page, words, self._uploads),
            self.drawn: (page.number, words, order),
        }

    def _turned_to(self, words: str, order: library.Order, event: gr.EventData) -> Update:
        return self._page(words, order, event.page if isinstance(event.page, int) else 0)


class _Changes:
    """What changes the library. All windows share one job; each looks at it by a timer."""

    def __init__(self, index: Index, shown: _List) -> None:
        self._index = index
        self._jobs = Jobs()
        self._list = shown

    def lay_out(self) -> None:
        with gr.Row(elem_id="additions"):
            with gr.Column(elem_id="add-files"):
                gr.HTML(render.FILES, apply_default_css=False)
                self.files = gr.File(
                    label="Files", file_count="multiple", height=112, container=False, elem_id="files", show_label=False
                )
            with gr.Column(elem_id="add-pages"):
                gr.HTML(render.PAGES, apply_default_css=False)
                self.addresses = gr.Textbox(
                    "", label="Addresses", placeholder="https://", lines=3, max_lines=6, container=False,
                    show_label=False, elem_id="addresses",
                )  # fmt: skip
                self.fetch = gr.Button("Fetch", elem_id="fetch", size="sm")
        self.work = gr.HTML(render.work(self._jobs.work), elem_id="job", apply_default_css=False)
        self._list.lay_out(self._lay_out_again)
        self.about = gr.HTML(elem_id="status", apply_default_css=False)
        self.seen = gr.State((0, False, ""))  # the job as this window shows it, and what it said beside it
        self.timer = gr.Timer(SELDOM)
        self.parts = [*self._list.parts, self.about, self.work, self.seen, self.timer]

    def _lay_out_again(self) -> None:
        self.again = gr.Button("Index again", elem_id="again", size="sm", scale=0)

    def wire(self, tab: gr.Tab) -> None:
        view = self._list.view
        self._list.draw_on(self.about.change)
        tab.select(self._all, view, self.parts, **QUIET)
        self.timer.tick(self._looked, self.seen, self.parts, queue=False, **QUIET)
        self.files.upload(self._files, self.files, [*self.parts, self.files], **QUIET)
        self.fetch.click(self._pages, self.addresses, [*self.parts, self.addresses], **QUIET)
        self.again.click(self._again, None, self.parts, **QUIET)
        self._list.articles.take_out(self._remove, view, self.parts, trigger_mode="multiple", **QUIET)

    def _all(self, words: str, order: library.Order, drawn: Drawn) -> Update:
        return {**self._list.turned(words, order, drawn), **self._changed()}

    def _changed(self) -> Update:
        """What is in the index, which draws the list, and the job."""
        return {self.about: self._status(), **self._job()}

    def _job(self, problem: str = "") -> Update:
        """The job as it stands now, and how soon to look again."""
        job = self._jobs.work
        every = OFTEN if job.running else SELDOM
        return {
            self.work: render.work(job, problem),
            self.seen: (job.number, job.running, problem),
            self.timer: gr.Timer(every),
        }

    def _status(self) -> str:
        """Another text after every job, even where its words are the same."""
        try:
            return f"{render.about(library.status_of(self._index))}<!-- {self._jobs.work.number} -->"
        except FootnoteError:
            return f"<!-- {self._jobs.work.number} -->"  # the list says it

    def _looked(self, seen: tuple[int, bool, str]) -> Update:
        """What has changed since this window last looked; the timer is left alone as long as it need not change.

        The list is drawn apart: what is searched may be another thing by the time that this has arrived.
        """
        job = self._jobs.work
        *known, problem = seen
        if known != [job.number, job.running]:
            return self._job() if job.running else self._changed()
        return {self.work: render.work(job, problem)} if job.running else {self.seen: gr.skip()}

    def _start(self, title: str, job: Callable[[Progress], Outcome], begun: Update | None = None) -> Update:
        """Begin a job and show it, with what else changes when it has `begun`."""
        try:
            self._jobs.start(title, job)
        except FootnoteError as error:
            return self._job(str(error))
        return {**self._job(), **(begun or {})}

    def _files(self, given: Sequence[str]) -> Update:
        paths = [Path(one) for one in given]
        title = f"Indexing {counted(len(paths), 'file')}"
        return {self.files: None, **self._start(title, partial(_take_in, self._index, paths))}

    def _pages(self, text: str) -> Update:
        try:
            addresses = library.addresses_in(text)
        except FootnoteError as error:
            return self._job(str(error))
        title = f"Fetching {counted(len(addresses), 'address', 'addresses')}"
        return self._start(title, partial(library.add_pages, self._index, addresses), {self.addresses: ""})

    def _again(self) -> Update:
        return self._start("Indexing again", partial(library.index_again, self._index))

    def _remove(self, words: str, order: library.Order, drawn: Drawn, event: gr.EventData) -> Update:
        article = str(event.article)
        try:
            self._jobs.do("Removing an article", lambda _: library.remove_article(self._index, article))
        except FootnoteError as error:
            return self._job(str(error))
        return self._all(words, order, drawn)


def _take_in(index: Index, paths: Sequence[Path], progress: Progress) -> Outcome:
    """Gradio's own copies go, however it ends."""
    try:
        return library.add_files(index, paths, progress)
    finally:
        for path in paths:
            path.unlink(missing_ok=True)


def _read(name: str) -> str:
    return files("ui.web").joinpath(name).read_text(encoding="utf-8")
