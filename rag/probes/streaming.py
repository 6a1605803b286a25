"""Does text arrive piece by piece, how soon, how fast, and with counts at its end?"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rag.endpoint.profile import Profile
from rag.endpoint.trouble import Trouble
from rag.probes.chat import Probed, request, text_of
from rag.probes.finding import Finding, Verdict
from rag.probes.wire import Endpoint, dig

COUNT = "Count from 1 to 20, separated by spaces."
PAUSE = 0.5  # seconds of waiting from which on pieces that then come together were held back
TOGETHER = 0.05  # of the whole time
SHORTEST = 10  # characters that no endpoint sends as one token
SLOW = 5.0  # seconds to the first token that a person notices
TRICKLE = 5.0  # tokens a second, slower than most people read


@dataclass
class Streamed:
    """The times in seconds at which text came, its length, and the tokens that the endpoint counted."""

    times: list[float] = field(default_factory=list)
    characters: int = 0
    tokens: int | None = None
    trouble: str = ""

    def add(self, seconds: float, event: Any) -> None:
        """Count one event. Raises Trouble where it is an error."""
        if dig(event, "error") is not None:
            raise Trouble("breaks off with an error")
        delta = dig(event, "choices", 0, "delta") or dig(event, "choices", 0, "message")
        text = "".join(text_of(dig(delta, name)) for name in ("content", "reasoning_content", "reasoning"))
        if text:
            self.times.append(seconds)
            self.characters += len(text)
        counted = dig(event, "usage", "completion_tokens")
        self.tokens = counted if isinstance(counted, int) else self.tokens


def streaming(endpoint: Endpoint, profile: Profile) -> Probed:
    """Streams once, and again without counts where these are refused."""
    asked = {"stream_options": {"include_usage": True}}
    refusal = ""
    try:
        streamed = _stream(endpoint, profile, asked)
    except Trouble as trouble:
        if not trouble.refuses:
            raise
        streamed, refusal = _stream(endpoint, profile, {}), trouble.detail
    pieces = len(streamed.times)
    if not pieces:
        raise Trouble("streams no text")
    rate = tokens_per_second(streamed)
    if pieces == 1 and streamed.characters < SHORTEST:
        flow = Finding("streaming", "works, but", f"a reply of {streamed.characters} characters is too short to tell")
    elif pieces == 1:
        flow = Finding("streaming", "works, but", "the whole reply comes in one piece")
    elif came_together(streamed.times):
        flow = Finding("streaming", "works, but", f"{pieces} pieces held back and sent together: is there a proxy?")
    else:
        verdict: Verdict = "works, but" if streamed.trouble else "ok"
        flow = Finding("streaming", verdict, f"{pieces} pieces, one by one{streamed.trouble}")
    if refusal:
        counts = Finding("usage in a stream", "not offered", f"stream_options: {refusal}")
    elif streamed.tokens is None:
        counts = Finding("usage in a stream", "not offered", "no counts")
    else:
        counts = Finding("usage in a stream", "ok", "counted")
    first = round(streamed.times[0], 3)
    counted = not refusal and streamed.tokens is not None
    learnt = replace(profile, supports_stream_usage=counted, first_token=first, tokens_per_second=rate)
    return [flow, counts, _speed(first, rate, endpoint.patience)], learnt


def came_together(times: Sequence[float]) -> bool:
    """Whether pieces were held back: a long wait, and then all within a moment."""
    return times[-1] > PAUSE and times[-1] - times[0] < TOGETHER * times[-1]


def tokens_per_second(streamed: Streamed) -> float | None:
    """After the first piece; a piece is taken for a token where nothing was counted."""
    times = streamed.times
    span = times[-1] - times[0]
    if len(times) < 2 or span <= 0 or came_together(times):
        return None
    return round(((streamed.tokens or len(times)) - 1) / span, 1)


def _stream(endpoint: Endpoint, profile: Profile, more: dict[str, Any]) -> Streamed:
    """What arrived, whether or not it came to an end in time. Raises Trouble where nothing did."""
    streamed = Streamed()
    try:
        for seconds, event in endpoint.stream("chat/completions", request(endpoint, profile, COUNT, **more)):
            streamed.add(seconds, event)
    except Trouble as trouble:
        if not (trouble.late and streamed.times):
            raise
        streamed.trouble = f", {trouble.detail}"
    return streamed


def _speed(first: float, rate: float | None, patience: float) -> Finding:
    detail = f"first token after {first:.2f} s" + (f", {rate:.0f} tokens/s" if rate is not None else "")
    if first > SLOW or (rate is not None and rate < TRICKLE):
        setting = f"FOOTNOTE_FIRST_TOKEN_TIMEOUT={max(60, 2 * patience):g}"
        return Finding("speed", "works, but", f"{detail}: slow", setting)
    return Finding("speed", "ok", detail)
