"""Gradio's door: the window's parts and which event calls what. What they show is made in `chat` and `ui.render`."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI

from index.errors import FootnoteError
from rag.assistant import Assistant
from ui.render import html
from ui.web import chat
from ui.web.chat import Message, Session
from ui.web.door import gr
from ui.web.library import build_library
from ui.web.settings import build_settings

SERIAL = count()
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}  # no listener is an endpoint
WAITING = 200  # chats that see their question at once; as many as `streams` has threads for are answered at a time
LARGEST_FILE = 50_000_000  # bytes of an uploaded file
# None is dropped while another runs ("always_last" would send the data of the first again).
EACH: dict[str, Any] = {**QUIET, "trigger_mode": "multiple"}
IN_TURN: dict[str, Any] = {**EACH, "concurrency_limit": 1}  # and all keep their order
SCRIPTS = ("panel.js", "keep.js", "box.js", "thread.js")  # one function's body
STYLES = ("page.css", "panel.css", "library.css", "settings.css")
ICON = "data:image/svg+xml," + quote(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0f5c63"/>'
    '<text x="16" y="23" font-family="Georgia,serif" font-size="21" font-weight="bold" text-anchor="middle" '
    'fill="#fff">1</text></svg>'
)


@dataclass(frozen=True)
class Options:
    """How a window is served.

    Args:
        root: how the world reaches it: a path or a whole address.
        sign_out: the address of that page, where people sign in.
        may_change: whether whoever sees it may change settings and library.
        trace: a file in which each answer leaves a line.
    """

    root: str = ""
    sign_out: str = ""
    may_change: bool = True
    trace: Path | None = None


USUAL = Options()


def mount(server: FastAPI, assistant: Assistant, options: Options = USUAL) -> FastAPI:
    """The window at the server's root."""
    mounted: FastAPI = gr.mount_gradio_app(
        server,
        build(assistant, options),
        path="/",
        root_path=options.root,
        max_file_size=LARGEST_FILE,
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        mcp_server=False,
        ssr_mode=False,
        theme=_theme(),
        # `css=` would rewrite the selectors and break some
        head=f'<link rel="icon" href="{ICON}"><style>{"".join(map(_read, STYLES))}</style>',
    )
    return mounted


def build(assistant: Assistant, options: Options = USUAL) -> gr.Blocks:
    """The window and what its parts do."""
    blocks = gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True)
    with blocks:
        session, chosen = gr.State(Session()), gr.State(None)
        masthead = gr.HTML(_header(assistant, options.sign_out), elem_id="top", apply_default_css=False)
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Chat") as talk:
                _chat(assistant, session, chosen, options.trace)
            library = build_library(gr.Tab("Library"), assistant, may_change=options.may_change)
            with gr.Tab("Settings"):
                in_use = build_settings(assistant, chosen, may_change=options.may_change)
        for event in (blocks.load, talk.select, library.change, in_use.change):
            event(lambda other: _header(other or assistant, options.sign_out), chosen, masthead, **QUIET)
        library.change(None, js=_telling({"kind": "changed"}), **QUIET)
    blocks.queue(default_concurrency_limit=WAITING)
    return blocks


def _chat(assistant: Assistant, session: gr.State, chosen: gr.State, trace: Path | None) -> None:
    """The conversation. Its page is static and its own scripts keep it up to date with the messages that come:
    of answers as the page's value, of all else through parts that are not seen."""
    page = gr.HTML(
        {}, html_template=_page(assistant), js_on_load="\n".join(map(_read, SCRIPTS)), elem_id="page",
        apply_default_css=False,
    )  # fmt: skip
    source = _wire("footnote:source")
    # A wire for each kind: of two messages that come at one moment a wire hands on the last alone.
    suggested, renewed, told, saved = (_wire("footnote:news") for _ in range(4))
    sessions = [session, chosen]

    async def ask(session: Session, chosen: Assistant | None, event: gr.EventData) -> AsyncIterator[tuple[Any, Any]]:
        message: Message = {}
        async for made in chat.respond(chosen or assistant, session, _data(event), trace):
            message = _new(made)
            yield message, gr.skip()
        if not message.get("lost"):
            # The same message again: of updates that come at one moment the page may see the last alone.
            yield message, _new(chat.source_message(assistant, session, message["turn"], follow=False))

    def cite(session: Session, event: gr.EventData) -> Message:
        turn, name = (_data(event).get(key) for key in ("turn", "name"))
        turn = turn if isinstance(turn, int) else 0
        return _new(chat.source_message(assistant, session, turn, str(name), follow=True))

    def restore(session: Session, event: gr.EventData) -> Message:
        records, name = (_data(event).get(key) for key in ("records", "id"))
        return _new(chat.restore(assistant, session, records if isinstance(records, list) else []) | {"id": name})

    def suggest(session: Session, chosen: Assistant | None) -> Message:
        return _new(chat.suggest(chosen or assistant, session))

    def rate(session: Session, chosen: Assistant | None, event: gr.EventData) -> Message:
        return _new(chat.rate(chosen or assistant, session, _data(event)))

    def save(session: Session, event: gr.EventData) -> Message:
        return _new(chat.save(session, _data(event)))

    def stop(session: Session) -> Message:
        return _new(chat.stopped(session))

    asked = page.ask(ask, sessions, [page, source], **EACH)  # the next may come before the last step of the first
    stopping = page.stop(None, cancels=[asked], **QUIET)
    stopping.then(stop, session, page, **QUIET)  # what was cancelled may still send one update
    page.cite(cite, session, source, queue=False, **EACH)
    restored = page.restore(restore, session, renewed, **IN_TURN)
    restored.failure(None, js=_telling({"kind": "unopened"}), **QUIET)  # too long for the gate or a proxy
    for shown in (asked, restored):  # what takes a moment longer comes behind what is being waited for
        shown.then(suggest, sessions, suggested, **EACH)
    page.rate(rate, sessions, told, **IN_TURN)
    page.save(save, session, saved, **EACH)


def _new(message: Message) -> Message:
    """A message like no other: of two alike, one after the other, the page would see the first alone."""
    return {**message, "serial": next(SERIAL)}


def _telling(news: Message) -> str:
    """A script that tells the page's own."""
    return f'() => document.dispatchEvent(new CustomEvent("footnote:news", {{ detail: {json.dumps(news)} }}))'


def _wire(event: str) -> gr.HTML:
    """A part that hands its messages on to the page's scripts."""
    js = f'watch("value", () => document.dispatchEvent(new CustomEvent("{event}", {{ detail: props.value }})));'
    return gr.HTML({}, html_template="", js_on_load=js, visible="hidden", apply_default_css=False)


def _data(event: gr.EventData) -> Mapping[str, Any]:
    """What the page sent with an event."""
    return dict(event._data)


def _page(assistant: Assistant) -> str:
    """The page's frame; conversations are kept apart by the folder of the index that they are about."""
    library = sha256(str(assistant.settings.data_dir.resolve()).encode()).hexdigest()[:12]
    return _read("page.html").replace("LIBRARY", library)


def _header(assistant: Assistant, sign_out: str) -> str:
    with suppress(FootnoteError):
        return html.header(assistant.writer, assistant.index.article_count(), sign_out)
    return html.header(assistant.writer, None, sign_out)


def _theme() -> gr.themes.Base:
    """Fonts that the machine has: a theme's own would be fetched."""
    return gr.themes.Base(
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"],
    )


def _read(name: str) -> str:
    return files("ui.web").joinpath(name).read_text(encoding="utf-8")
