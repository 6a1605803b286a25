"""How long a prompt may be, really: a word at its start is asked for at its end, at growing lengths."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from index.tokens import count_tokens
from rag.config import RagSettings
from rag.endpoint.profile import Profile, prompt_budget
from rag.endpoint.prose import PROSE, prose
from rag.endpoint.trouble import Trouble
from rag.probes.chat import Probed, Said, say
from rag.probes.finding import Finding
from rag.probes.wire import Endpoint

Kind = Literal["kept", "cut", "refused", "slow"]
FIRST = 256  # tokens
CLOSE = 1.04  # when two lengths are near enough
COUNTED_SHORT = 0.85  # of the tokens sent: fewer were read
WORDS = ("lantern", "violin", "pepper", "anchor", "walnut", "saddle", "candle", "magnet")  # none stands in PROSE


@dataclass(frozen=True, slots=True)
class Look:
    """What became of one prompt; `limit` is the window that the endpoint gives away, 0 where it does not."""

    kind: Kind
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """`tokens` is the longest prompt that is read whole, None where no limit was met; `end` is what the limit does.

    `named`: it is the endpoint's own figure.
    """

    tokens: int | None
    tested: int
    end: Kind
    named: bool = False


def find_window(look: Callable[[int], Look], top: int) -> Found:
    """Doubles the length until something gives, then narrows (pure, but for `look`)."""
    low, high = 0, FIRST
    while (seen := look(high)).kind == "kept":
        if high >= top:
            return Found(None, high, "kept")
        low, high = high, min(2 * high, top)
    while not (seen.limit or seen.kind == "slow" or high <= max(low * CLOSE, low + 16)):
        end = seen.kind
        middle = (low + high) // 2
        seen = look(middle)
        low, high = (middle, high) if seen.kind == "kept" else (low, middle)
        if seen.kind == "kept":
            seen = Look(end)
    return Found(max(seen.limit, low) or None, high, seen.kind, bool(seen.limit))


@dataclass
class Prober:
    """Asks for the word, and learns on the way how many characters the model's tokens have."""

    endpoint: Endpoint
    profile: Profile
    until: float  # of the monotonic clock
    characters_per_token: float = field(default_factory=lambda: len(PROSE) / count_tokens(PROSE))
    measured: bool = False
    recalls: bool = False
    counts: bool = False
    asked: int = 0

    def calibrate(self) -> None:
        """Two short prompts: is the word repeated, and what do more characters cost? Raises Trouble."""
        short = self._ask(300)
        self.recalls, self.counts = short[0], short[1].prompt_tokens is not None
        try:
            longer = self._ask(900)
        except Trouble as trouble:
            if trouble.late:
                raise
            return
        if short[1].prompt_tokens and longer[1].prompt_tokens:
            tokens = longer[1].prompt_tokens - short[1].prompt_tokens
            if 100 <= tokens <= 1_200:  # half a character to six characters: else it counts something of its own
                self.characters_per_token, self.measured = 600 / tokens, True
        self.counts = self.counts and self.measured

    def look(self, tokens: int) -> Look:
        if time.monotonic() > self.until:
            return Look("slow")
        try:
            recalled, said = self._ask(int(tokens * self.characters_per_token))
            if self.counts and said.prompt_tokens and said.prompt_tokens < COUNTED_SHORT * tokens:
                return Look("cut", said.prompt_tokens)
            if self.recalls and not recalled:  # a slip of the model? another word is no cut's mercy
                recalled, said = self._ask(int(tokens * self.characters_per_token))
        except Trouble as trouble:
            return Look("slow") if trouble.late else Look("refused", named_limit(trouble.message, tokens))
        return Look("cut" if self.recalls and not recalled else "kept")

    def _ask(self, characters: int) -> tuple[bool, Said]:
        word = WORDS[self.asked % len(WORDS)]
        self.asked += 1
        head = f"The word to remember is: {word}.\n\n"
        tail = "\n\nWhich word were you told to remember, at the very start? Reply with that word alone."
        prompt = f"{head}{prose(max(0, characters - len(head) - len(tail)))}{tail}"
        said = say(self.endpoint, self.profile, prompt)
        return word in f"{said.text} {said.thought}".lower(), said


def named_limit(message: str, sent: int) -> int:
    """The window that a refusal names: the smallest number in it that it can be; 0 where there is none."""
    numbers = (int(number.replace(",", "")) for number in re.findall(r"\d{1,3}(?:,\d{3})+|\d+", message))
    return min((number for number in numbers if 0.4 * sent <= number <= 1.2 * sent and number >= 64), default=0)


def window(endpoint: Endpoint, profile: Profile, settings: RagSettings, top: int) -> Probed:
    """The length up to which the start of a prompt is read, as a finding and in the profile."""
    prober = Prober(endpoint, profile, time.monotonic() + settings.answer_timeout)
    prober.calibrate()
    found = find_window(prober.look, top)
    tokens = found.tokens
    blind = not prober.recalls and not prober.counts
    if blind and tokens is None:
        tokens = endpoint.listed_window
    in_our_tokens = tokens is not None and not found.named and found.end != "kept"
    ratio = round(prober.characters_per_token, 2) if prober.measured or in_our_tokens else None
    profile = replace(
        profile,
        window=tokens,
        window_tested=found.tested,
        cuts_silently=None if blind and found.end != "refused" else found.end == "cut",
        characters_per_token=ratio,
    )
    return [_finding(found, profile, settings, endpoint.listed_window, blind=blind)], profile


def _finding(found: Found, profile: Profile, settings: RagSettings, listed: int | None, *, blind: bool) -> Finding:
    tokens = profile.window
    if tokens is None:
        if found.end != "kept":
            return Finding("window", "works, but", f"not even {FIRST} tokens are read")
        if blind:
            return Finding("window", "works, but", "cannot be told: the word is not repeated, no tokens are counted")
        return Finding("window", "ok", f"at least {found.tested:,} tokens")
    detail = {
        "kept": f"{tokens:,} tokens as listed; not seen, since the word is not repeated and no tokens are counted",
        "refused": f"{tokens:,} tokens; longer prompts are refused",
        "cut": f"about {tokens:,} tokens, and longer prompts lose their start without a word",
        "slow": f"longer prompts than about {tokens:,} tokens take too long",
    }[found.end]
    if listed and found.end == "cut" and listed > 1.1 * tokens:
        detail += f" (it lists {listed:,})"
    budget = prompt_budget(settings, profile)
    if budget >= settings.prompt_tokens:
        return Finding("window", "ok", detail)
    return Finding("window", "works, but", detail, f"FOOTNOTE_PROMPT_TOKENS={max(200, budget)}")
