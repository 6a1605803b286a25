"""Text → sentence spans, in runs. Web-page litter belongs to no run, so that it can become no passage and no quote."""

import re
from collections.abc import Iterator

from index.records import Span

# Lines that a page puts around its article, as they are left when its text is copied.
LITTER = frozenset(
    """
    ad|ads|advertisement|advertisements|advertising|advert|story continues below advertisement
    |continue reading|continue reading the main story|read more|more|read also|also read|see also|related
    |related articles|related stories|related topics|recommended|more on this story|most read|trending|share
    |share this|share this article|share on facebook|share on twitter|share this story|tweet|email|e-mail
    |print|save|follow us|follow us on twitter|comments|leave a comment|subscribe|subscribe now|sign up
    |sign in|log in|newsletter|sign up for our newsletter|cookie policy|privacy policy|terms of use
    |all rights reserved|skip to main content|menu|home|back to top|loading|image|photo|video|facebook|twitter
    |whatsapp|linkedin|copy link|link copied|listen to this article|sponsored|sponsored content|promoted
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
TERMINAL = re.compile(r"[.!?…。！？:;][\"'”’»)\]*_]*$")
RUN_ON = re.compile(r"\b([A-Z][a-z]{2,})\1")  # "LibyaLibya forces …": a caption glued to its credit
MARKDOWN_PREFIX = re.compile(r"(?:\ufeff|#{1,6}\s+|>\s?|[-*+]\s+|\d{1,3}[.)]\s+|\|\s*)+")
MARKDOWN_NOISE = re.compile(r"(?:```.*|~~~.*|[-*_=|:\s]{3,}|!\[[^\]]*\]\([^)]*\)|<!--.*-->)$")
# The first line must look like YAML: a note may also open with a rule of dashes, and its text is no metadata.
FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(?=\s*(?:#|[\w\"'][\w \"'-]*:)).*?\n---[ \t]*(?:\r?\n|$)", re.DOTALL)
WRAPPED_LINE = 45  # a line at least this long may go on in the next one
CAPTION_WORDS = 9
WHITE = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\ufeff\u200b"
LONGEST_SENTENCE = 2_000  # characters; past it a "sentence" is a table or a log, and is cut at white space


def front_matter(text: str) -> str:
    """The YAML head of a Markdown file, fences included; empty where there is none."""
    match = FRONT_MATTER.match(text)
    return match.group() if match else ""


# sentencex takes "May." for an abbreviation, of a name too.
MONTH_OF_MAY = re.compile(
    r"\b(?:(?:in|of|by|since|until|till|from|through|to|last|this|next|late|early)\s|mid-|\d{1,2}\s)May\.(?=\s+[\"“'‘(]*[A-Z])"
)


def blocks(text: str) -> list[Span]:
    """Paragraphs and stand-alone lines, trimmed, in order; hard-wrapped lines stay together."""
    found: list[Span] = []
    start = len(front_matter(text))
    joinable = False
    for match in re.finditer(r"[^\r\n]*(?:\r\n|\r|\n|$)", text[start:]):
        line = match.group()
        span = _trim(text, start + match.start(), start + match.end())
        if span is None:
            joinable = False
            continue
        body = text[span[0] : span[1]]
        marked = MARKDOWN_PREFIX.match(body)
        if joinable and found and not marked and not MARKDOWN_NOISE.match(body):
            found[-1] = (found[-1][0], span[1])
        else:
            found.append(span)
        joinable = len(line) >= WRAPPED_LINE and not body.startswith(("#", "|"))
    return found


def sentence_runs(text: str) -> list[list[Span]]:
    """Runs of neighbouring sentences; a new run starts wherever litter was left out.

    Every span is trimmed, non-empty and in order, and points into `text` as it is.
    """
    spans = blocks(text)
    punctuated = _mostly_punctuated(text, spans)
    runs: list[list[Span]] = [[]]
    for position, (start, end) in enumerate(spans):
        block = text[start:end]
        if _is_litter(block, caption_possible=punctuated and position > 2):
            runs.append([])
            continue
        runs[-1].extend(split_sentences(text, start, end))
    return [run for run in runs if run]


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of one block, by sentencex, as spans of `text`."""
    from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]

    end = len(text) if end is None else end
    if prefix := MARKDOWN_PREFIX.match(text, start, end):
        start = prefix.end()
    spans: list[Span] = []
    for boundary in get_sentence_boundaries("en", text[start:end]):
        first, last = start + boundary["start_index"], start + boundary["end_index"]
        for after in [*(match.end() for match in MONTH_OF_MAY.finditer(text, first, last)), last]:
            piece = _trim(text, first, after)
            spans.extend(_cut(text, *piece) if piece else ())
            first = after
    return [span for span in spans if any(map(str.isalnum, text[span[0] : span[1]]))]


def is_litter(block: str) -> bool:
    """Whether a block is one of the phrases that pages put around articles, or markup alone."""
    return _is_litter(block, caption_possible=False)


def _is_litter(block: str, *, caption_possible: bool) -> bool:
    words = re.sub(r"[^\w\s&-]", " ", block).split()
    if not words or " ".join(words).casefold() in LITTER or MARKDOWN_NOISE.match(block):
        return True
    if TERMINAL.search(block) or MARKDOWN_PREFIX.match(block):
        return False
    return bool(RUN_ON.search(block)) or (caption_possible and len(words) >= CAPTION_WORDS)


def _mostly_punctuated(text: str, spans: list[Span]) -> bool:
    """Whether the long blocks end like sentences, so that one which does not is a caption or a teaser."""
    long_blocks = [text[s:e] for s, e in spans if len(text[s:e].split()) >= CAPTION_WORDS]
    ended = sum(bool(TERMINAL.search(block)) for block in long_blocks)
    return len(long_blocks) >= 4 and ended >= 0.8 * len(long_blocks)


def _trim(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(WHITE))
    piece = piece.strip(WHITE)
    return (start + left, start + left + len(piece)) if piece else None


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > LONGEST_SENTENCE:
        space = max(text.rfind(white, start + 1, start + LONGEST_SENTENCE) for white in " \t\n")
        stop = space if space > start else start + LONGEST_SENTENCE
        if piece := _trim(text, start, stop):
            yield piece
        start = stop
    if piece := _trim(text, start, end):
        yield piece
