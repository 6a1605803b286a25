"""The settings in the chat window: another endpoint, model or measure for the conversations of one browser session.

A key that is typed here is kept in the server's memory for that session, beside the address that it was given for. It
is sent to no other, and never written to the page, a file or a log.
"""

import queue
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from pydantic import SecretStr, ValidationError

from index.address import same_server, shown, split
from index.errors import ConfigError, FootnoteError
from rag.assistant import Assistant
from rag.config import RagSettings, choose
from rag.probes.examine import examine, models_at, obstacle
from rag.probes.finding import Finding
from ui.render import settings as html
from ui.web.door import gr

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}  # no listener is an endpoint
TESTS_AT_ONCE = 2
PATIENCE = 5.0  # seconds for an endpoint to show that it is there
LONGEST_KEY = 1_000  # characters
LABELS = {"model": "Model", "temperature": "Temperature", "passages": "Passages for an answer"}
KEY_HINT = "only if the endpoint wants one"
Update = tuple[Any, ...]  # values for the outputs, in their order


@dataclass(frozen=True, slots=True)
class Held:
    """A key and the address that it was given for."""

    address: str = ""
    key: SecretStr = field(default_factory=lambda: SecretStr(""))

    def taking(self, address: str, key: str) -> "Held":
        """With a key that was typed beside this address; an empty field changes nothing."""
        return Held(address.strip(), SecretStr(key.strip()[:LONGEST_KEY])) if key.strip() else self


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the fields; any of it may be nonsense."""

    address: str | None
    model: str | None
    temperature: float | None
    passages: float | None


def settings_from(form: Form, started: RagSettings, held: Held) -> RagSettings:
    """The settings that a form asks for; where its address is the one it was started with, with all that belongs to it.

    Raises:
        ConfigError: a value makes no sense; one line says which.
    """
    address = (form.address or "").strip()
    as_started = address in ("", shown(started.base_url))
    parts = split(address)
    misleads = "@" in "".join(parts[2:])  # what is shown of it would begin there
    if not as_started and (parts.scheme not in ("http", "https") or not parts.hostname or misleads):
        raise ConfigError("That address is none.", "One is http://127.0.0.1:11434/v1, for example.")
    wanted = choose(started, "" if as_started else address, "")
    if held.key.get_secret_value():
        own = same_server(held.address or started.base_url, wanted.base_url)
        wanted = wanted.model_copy(update={"api_key": held.key}) if own else wanted
    values = {
        "model": (form.model or "").strip(),
        "temperature": form.temperature,
        "passages": form.passages,
        "rerank_url": started.rerank_url or (started.base_url if started.rerank else ""),
    }
    try:
        return RagSettings.model_validate(dict(wanted) | values)
    except ValidationError as error:
        problem = error.errors()[0]
        raise ConfigError(f"{LABELS[str(problem['loc'][0])]}: {problem['msg']}.") from None


def examined(settings: RagSettings) -> Iterator[tuple[list[Finding], str]]:
    """What was found so far, and what is being looked at; nothing is, once all has been."""
    events: queue.SimpleQueue[tuple[str, list[Finding]] | None] = queue.SimpleQueue()

    def run() -> None:
        try:
            examine(settings, scan=False, watch=lambda name, found: events.put((name, list(found))))
        finally:
            events.put(None)

    Thread(target=run, daemon=True, name="footnote-test").start()
    findings: list[Finding] = []
    while (event := events.get()) is not None:
        name, found = event
        findings += found
        yield findings, "" if found else name
    yield findings, ""


def build_settings(assistant: Assistant, chosen: gr.State, *, may_change: bool) -> gr.HTML:
    """Lay out the settings' tab and wire it; to be called inside of its `gr.Tab`.

    Returns the part that says what is in use; it changes whenever that does.

    Args:
        assistant: the one that was started; a changed one shares its index.
        chosen: the `Assistant` that answers in this session, None for the one that was started.
        may_change: whether whoever sees the window may make this machine ask any address: where it listens on loopback
            alone, or lets in nobody who has not signed in. Otherwise nothing but what is in use is shown, and there is
            nothing to call.
    """
    started = assistant.settings
    with gr.Column(elem_id="settings"):
        used = gr.HTML(html.in_use(started, assistant.writer, as_started=True), apply_default_css=False)
        if not may_change:
            gr.HTML(html.said("It is changed where Footnote was started."), apply_default_css=False)
            return used
        silent = gr.HTML("", apply_default_css=False)
        with gr.Row():
            address = gr.Textbox(
                shown(started.base_url), label="Endpoint address", placeholder="http://127.0.0.1:11434/v1", max_lines=1
            )
            key = gr.Textbox(
                "", label="Key", type="password", placeholder=KEY_HINT, max_lines=1,
                html_attributes=gr.InputHTMLAttributes(autocomplete="new-password", spellcheck=False),
            )  # fmt: skip
        with gr.Row():
            names = [started.model] if started.model else []
            model = gr.Dropdown(names, value=started.model or None, label=LABELS["model"], allow_custom_value=True)
            temperature = gr.Number(started.temperature, label=LABELS["temperature"], step=0.1)
            passages = gr.Number(started.passages, label=LABELS["passages"], precision=0)
        with gr.Row(elem_id="settings-buttons"):
            test = gr.Button("Test", scale=0, min_width=96)
            use = gr.Button("Use", variant="primary", scale=0, min_width=96)
            back = gr.Button("Back to how it was started", scale=0, min_width=220)
        line = gr.HTML("", elem_id="settings-line", apply_default_css=False)
        found = gr.HTML("", elem_id="findings", apply_default_css=False)

    held, taken_over = gr.State(Held()), gr.State()
    desk = _Desk(assistant)
    fields = [address, model, temperature, passages]
    last = [held, key, line]  # what each of them ends with: the key, its field emptied, and what is to be said
    gr.on([address.blur, address.submit], desk.list_models, [*fields, held], [model, line], **QUIET)
    # None is dropped while another runs, as Gradio's usual way would: a key must leave its field.
    taken = gr.on([key.blur, key.submit], _take, [address, key, held], [held, key], trigger_mode="multiple", **QUIET)
    taken.then(desk.list_models, [*fields, held], [model, line], **QUIET)
    test.click(desk.test, [*fields, key, held], [found, *last], concurrency_limit=TESTS_AT_ONCE, **QUIET)
    used_now = use.click(desk.use, [*fields, key, held], [chosen, taken_over, used, silent, *last], **QUIET)
    used_now.then(desk.reach, taken_over, silent, **QUIET)  # not the line, which the models that are listed may take
    back.click(desk.back, None, [chosen, used, silent, *fields, found, *last], **QUIET)
    return used


def _take(address: str, key: str, held: Held) -> tuple[Held, Any]:
    """The key leaves its field for the server's memory; in its place stands what it is kept for.

    An empty field is left alone: somebody may be typing by now.
    """
    if not key.strip():
        return held, gr.skip()
    held = held.taking(address, key)
    return held, gr.Textbox("", placeholder=f"kept for {shown(held.address) or 'the address'}")


class _Desk:
    """What the buttons do: values of the fields → values for the outputs, in the order in which they are wired."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._started = assistant.settings

    def list_models(self, *values: Any) -> Update:
        *filled, held = values
        try:
            names = models_at(settings_from(Form(*filled), self._started, held))
        except FootnoteError as error:
            return gr.skip(), html.said(str(error))
        return gr.Dropdown(choices=names), ""

    def test(self, *values: Any) -> Iterator[Update]:
        *filled, key, held = values
        held, emptied = _take(filled[0], key, held)
        try:
            settings = settings_from(Form(*filled), self._started, held)
        except FootnoteError as error:
            yield "", held, emptied, html.said(str(error))
            return
        yield html.findings([], "the machine"), held, emptied, ""
        for so_far, running in examined(settings):
            yield html.findings(so_far, running), *[gr.skip()] * 3

    def use(self, *values: Any) -> Update:
        *filled, key, held = values
        held, emptied = _take(filled[0], key, held)
        try:
            changed = Assistant(self._assistant.index, settings_from(Form(*filled), self._started, held))
        except FootnoteError as error:
            return gr.skip(), None, gr.skip(), gr.skip(), held, emptied, html.said(str(error))
        in_use = html.in_use(changed.settings, changed.writer, as_started=False)
        return changed, changed, in_use, "", held, emptied, ""

    def reach(self, chosen: Assistant | None) -> Any:
        """Says, below what is in use, why an endpoint that was taken over will not answer."""
        if chosen is None or not chosen.settings.has_endpoint:
            return gr.skip()
        problem = obstacle(chosen.settings, PATIENCE)
        return html.said(f"{problem} Until it answers, answers are quotes.") if problem else gr.skip()

    def back(self) -> Update:
        started = self._started
        used = html.in_use(started, self._assistant.writer, as_started=True)
        fields = shown(started.base_url), started.model or None, started.temperature, started.passages
        return None, used, "", *fields, "", Held(), gr.Textbox("", placeholder=KEY_HINT), ""
