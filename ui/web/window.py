"""Gradio's door: the chat window. What it shows is made in `ui.render.html`; a chat's state is its list of answers."""

import os
from collections.abc import AsyncIterator, Generator, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any, cast

from fastapi import FastAPI

from index.errors import FootnoteError
from rag.assistant import Assistant
from rag.records import Answer
from ui.render import html
from ui.web.streams import CHATS_AT_ONCE, newest

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported
import gradio as gr

EXAMPLES = (
    "How many strikes had US aircraft carried out in Sirte?",
    "Who led the forces that entered Sirte?",
    "When did pro-GNA forces enter Sirte?",
    "What is the capital of Peru?",
)
LARGEST_FILE = 100_000_000  # bytes of an uploaded file
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}  # no listener is an endpoint
ASK_SHOWN = gr.update(visible=True), gr.update(visible=False)  # the two buttons' states
STOP_SHOWN = gr.update(visible=False), gr.update(visible=True)

Update = tuple[Any, ...]  # values for `outputs`, in their order


def mount(server: FastAPI, assistant: Assistant, root: str = "", sign_out: bool = False) -> FastAPI:
    """The window at the server's root, which the world reaches at `root`: a path or a whole address."""
    mounted: FastAPI = gr.mount_gradio_app(
        server,
        build(assistant, f"{root}/signout" if sign_out else ""),
        path="/",
        root_path=root,
        max_file_size=LARGEST_FILE,
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        mcp_server=False,
        ssr_mode=False,
        theme=_theme(),
        head=f"<style>{_read('page.css')}</style>",  # `css=` would rewrite the selectors and break some
    )
    return mounted


def build(assistant: Assistant, sign_out: str = "") -> gr.Blocks:
    """The window and what its parts do; `sign_out` is the address of that page, where people sign in."""
    blocks = gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True)
    with blocks:
        answers = gr.State([])
        with gr.Row(elem_id="top"):
            masthead = gr.HTML(_header(assistant), apply_default_css=False)
            if sign_out:
                gr.HTML(f'<a href="{sign_out}">Sign out</a>', elem_id="sign-out", apply_default_css=False)
            new = gr.Button("New chat", elem_id="new", size="sm", scale=0)
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="conversation"):
                chat = gr.Chatbot(
                    elem_id="chat", label="Conversation", show_label=False, container=False, height=None, buttons=[],
                    latex_delimiters=[], group_consecutive_messages=False, feedback_options=None,
                    placeholder="<h2>Ask your articles</h2><p>Every sentence of an answer opens its quote.</p>",
                    examples=[{"text": question} for question in EXAMPLES],
                )  # fmt: skip
                with gr.Row(elem_id="question"):
                    box = gr.Textbox(
                        label="Question", placeholder="Ask a question", show_label=False, container=False,
                        max_lines=6, autofocus=True,
                    )  # fmt: skip
                    send = gr.Button("Ask", variant="primary", scale=0, min_width=80)
                    stop = gr.Button("Stop", scale=0, min_width=80, visible=False)
            panel = gr.HTML(html.panel(), elem_id="panel", apply_default_css=False, js_on_load=_read("page.js"))

        async def respond(question: str, earlier: list[Answer]) -> AsyncIterator[Update]:
            async for update in _respond(assistant, question, earlier):
                yield update

        outputs = [chat, panel, answers, box, send, stop]
        asked = gr.on([box.submit, send.click], respond, [box, answers], outputs, **QUIET)
        picked = chat.example_select(_picked, None, box, **QUIET)
        picked_asked = picked.then(respond, [box, answers], outputs, **QUIET)
        # What was cancelled may still send one update: tidying up waits for the cancelling.
        for button, tidy_up, needed in ((stop, _stopped, answers), (new, lambda: _finished([]), None)):
            cancelled = button.click(None, cancels=[asked, picked_asked], **QUIET)
            cancelled.then(tidy_up, needed, outputs, **QUIET)
        panel.cite(_sources_of, answers, panel, queue=False, **QUIET)
        blocks.load(lambda: _header(assistant), None, masthead, **QUIET)
    blocks.queue(default_concurrency_limit=CHATS_AT_ONCE)
    return blocks


async def _respond(assistant: Assistant, question: str, earlier: list[Answer]) -> AsyncIterator[Update]:
    """Show the answer as it grows. An error becomes a notice where the answer would stand."""
    if not question.strip():
        yield tuple([gr.skip()] * 6)
        return
    answer = Answer(question, question)
    yield (_messages([*earlier, answer]), gr.skip(), [*earlier, answer], "", *STOP_SHOWN)
    try:
        stream = assistant.stream(question, [one for one in earlier if one.done])
        async for answer in newest(cast("Generator[Answer, None, None]", stream)):
            if not answer.done:
                yield (_messages([*earlier, answer]), gr.skip(), [*earlier, answer], *[gr.skip()] * 3)
    except FootnoteError as error:
        answer = replace(answer, notice=str(error))
    yield _finished([*earlier, answer])


def _messages(answers: Sequence[Answer]) -> list[dict[str, str]]:
    return [
        {"role": role, "content": content}
        for turn, answer in enumerate(answers, 1)
        for role, content in (("user", html.question(answer.question)), ("assistant", html.message(answer, turn)))
    ]


def _finished(answers: list[Answer]) -> Update:
    panel = html.panel(answers[-1], len(answers)) if answers else html.panel()
    return (_messages(answers), panel, answers, gr.skip(), *ASK_SHOWN)


def _stopped(answers: list[Answer]) -> Update:
    """What has come stays, and is no part of what a later question refers to."""
    if answers and not answers[-1].done:
        answers = [*answers[:-1], replace(answers[-1], notice="Stopped.")]
    return _finished(answers)


def _sources_of(answers: list[Answer], event: gr.EventData) -> str:
    """The panel for the turn whose citation was clicked."""
    turn = event.turn
    return html.panel(answers[turn - 1], turn) if turn in range(1, len(answers) + 1) else html.panel()


def _picked(event: gr.SelectData) -> str:
    return str(event.value["text"])


def _header(assistant: Assistant) -> str:
    try:
        return html.header(assistant.writer, assistant.index.article_count())
    except FootnoteError:
        return html.header(assistant.writer, None)


def _theme() -> gr.themes.Base:
    """Fonts that the machine has: a theme's own would be fetched."""
    return gr.themes.Base(
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"],
    )


def _read(name: str) -> str:
    return files("ui.web").joinpath(name).read_text(encoding="utf-8")
