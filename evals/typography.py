"""What typesetting, copying and writing do to words without changing them. Each change is "" where it cannot be."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from html import escape
from html.entities import codepoint2name
from random import Random

Change = Callable[[str, Random], str]

SPACES = "\u00a0\u2009\u202f\u2007"
DASHES = {"--": "—–", "-": "\u2011\u2010", "–": "-—", "—": ["–", " — ", " – "], "−": "-"}
LIGATURES = {"ffi": "\ufb03", "ffl": "\ufb04", "ff": "\ufb00", "fi": "\ufb01", "fl": "\ufb02"}
CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'"})
FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
STRETCH = 5  # words at the least


def _some(pattern: str, make: Callable[[re.Match[str], Random], str], share: float = 0.3) -> Change:
    """A change of some places that match, and of at least one."""
    compiled = re.compile(pattern)

    def change(text: str, random: Random) -> str:
        found = list(compiled.finditer(text))
        chosen = {one.start() for one in found if random.random() < share} or {
            one.start() for one in random.sample(found, min(1, len(found)))
        }
        return compiled.sub(lambda match: make(match, random) if match.start() in chosen else match.group(), text)

    return change


def quotation_marks(text: str, _: Random) -> str:
    """Curly ones straight, or straight ones curly."""
    if (straight := text.translate(CURLY)) != text:
        return straight
    opened = re.sub(r"(^|[\s(\[—–-])\"", r"\1“", re.sub(r"(^|[\s(\[—–-])'", r"\1‘", text))
    return opened.replace('"', "”").replace("'", "’")


def ellipsis(text: str, _: Random) -> str:
    return text.replace("…", "...") if "…" in text else text.replace("...", "…")


def ligatures(text: str, _: Random) -> str:
    for letters, ligature in LIGATURES.items():
        text = text.replace(letters, ligature)
    return text


def other_normal_form(text: str, _: Random) -> str:
    composed = unicodedata.normalize("NFC", text)
    return composed if composed != text else unicodedata.normalize("NFD", text)


def first_letter(text: str, _: Random) -> str:
    return text[:1].swapcase() + text[1:]


def end_dropped(text: str, _: Random) -> str:
    return re.sub(r"[.,;:!?]+(?=[\"'”’)]*$)", "", text)


def end_moved(text: str, random: Random) -> str:
    """Another mark at the end: “…, it said” has a comma within the quotation marks."""
    return re.sub(r"[.!](?=[\"'”’)]*$)", random.choice([",", ";", "…"]), text)


def stretch(text: str, random: Random) -> str:
    """Some neighbouring words of a sentence."""
    words = list(re.finditer(r"\S+", text))
    if len(words) <= STRETCH:
        return ""
    length = random.randint(STRETCH, len(words) - 1)
    first = random.randint(0, len(words) - length)
    return text[words[first].start() : words[first + length - 1].end()].strip(" ,;:—–-\"“”'‘’()[]")


def entities(text: str, _: Random) -> str:
    return "".join(
        f"&{codepoint2name[ord(letter)]};" if ord(letter) in codepoint2name and ord(letter) > 127 else escape(letter)
        for letter in text
    )


def _middle(word: str) -> int:
    return len(word) // 2


# How a model may write what it quotes.
WRITTEN: Mapping[str, Change] = {
    "quotation marks": quotation_marks,
    "dashes": _some(r"--|[-–—−]", lambda match, random: random.choice(DASHES[match.group()]), 0.7),
    "ellipsis": ellipsis,
    "spaces": _some(r" ", lambda _, random: random.choice(SPACES)),
    "line breaks": _some(r" ", lambda *_: "\n"),
    "normal form": other_normal_form,
    "full width": lambda text, _: text.translate(FULL_WIDTH),
    "first letter": first_letter,
    "end dropped": end_dropped,
    "end moved": end_moved,
    "stretch": stretch,
}
# How an article may hold what is quoted without it.
HELD: Mapping[str, Change] = {
    "held: quotation marks": quotation_marks,
    "held: dashes": WRITTEN["dashes"],
    "held: spaces": WRITTEN["spaces"],
    "held: white space": _some(r" ", lambda _, random: random.choice(["  ", " \t", " \n ", "\u3000"])),
    "held: line breaks": _some(r" ", lambda *_: "\n"),
    "held: soft hyphens": _some(
        r"\b[a-z]{6,}\b", lambda match, _: f"{match[0][: _middle(match[0])]}\u00ad{match[0][_middle(match[0]) :]}"
    ),
    "held: hyphenation": _some(
        r"\b[a-z]{7,}\b", lambda match, _: f"{match[0][: _middle(match[0])]}-\n{match[0][_middle(match[0]) :]}", 0.1
    ),
    "held: ligatures": ligatures,
    "held: normal form": other_normal_form,
    "held: full width": lambda text, _: text.translate(FULL_WIDTH),
    "held: footnote marks": _some(r"(?<=\w)[.,](?=\s|$)", lambda match, random: f"{match[0]}[{random.randint(1, 99)}]"),
    "held: entities": entities,
}


WHOLE = {name: change for name, change in WRITTEN.items() if name != "stretch"}


def retyped(text: str, random: Random) -> str:
    """One change that leaves all words there."""
    return WHOLE[random.choice(sorted(WHOLE))](text, random)


def several(text: str, random: Random) -> str:
    """Three changes, one upon the other; those that cannot be are left out."""
    for name in random.sample(sorted(WHOLE), 3):
        text = WHOLE[name](text, random) or text
    return text
