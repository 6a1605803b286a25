"""What of a sentence looks back, what looks ahead, and what is said in quotation marks. Pure."""

import re
from enum import Enum

PRESENT_PLANS = (
    "begins|starts|opens|reopens|ends|resumes|expires|closes|meets|convenes|votes|faces|goes|arrives|leaves|returns"
    "|retires|launches|travels|runs out|hosts|plays|marks|concludes|takes (?:effect|place)|kicks off|comes into force"
)
PLURAL_PLANS = (
    "begin|start|resume|reopen|return|meet|arrive|leave|expire|take (?:effect|place)|come into force"
    "|go (?:forward|on sale|to the polls)"
)
# Words after which an infinitive or a time is still to come: "plans to meet", "scheduled for Wednesday".
AHEAD = (
    "expect(?:s|ed)?|scheduled|due|set|plans?|planned|planning|hope[sd]?|hoping|vow(?:s|ed)?|promise[sd]?|agree[sd]?"
    "|wants?|intends?|aims?|threaten(?:s|ed)?|ready|prepar(?:es?|ed|ing)|likely|going|orders?|ordered|urge[sd]?"
    "|supposed|poised|bound"
)
IRREGULAR = (
    "was|were|had|has|have|did|been|began|bought|broke|brought|built|came|caught|chose|died|drew|drove|fell|fled|flew"
    "|fought|found|froze|gave|got|grew|heard|held|hid|kept|killed|knew|laid|led|left|lost|made|meant|met|paid|ran|rose"
    "|said|sank|saw|seized|sent|shook|shot|slid|sold|spent|spoke|sprang|stole|stood|stuck|struck|swept|swore|taught"
    "|sat|lay|told|took|tore|threw|thought|went|withdrew|woke|won|wore|wrote"
)
FUTURE = re.compile(
    r"(?:\b(?-i:will|shall|would|must|should|could|can|may|might|cannot)(?:n[o’']t| not)?\b|\bwon[’']t\b|[’']ll\b)"
    r"(?:\s+(?:\w+ly|also|not))*(?:\s+(?:be|have)\b(?:\s+been)?(?:\s+\w+)?)?"
    rf"|\b(?:{AHEAD})\s+(?:to|for|on|by|in)\b|\b(?:is|are)\s+to\s+\w+|\b(?:is|are)\s+(?:on|in)(?=\s*$)"
    rf"|\bcalled for(?=\s*$)|\bahead of\b|\bupcoming\b|\b(?:{PRESENT_PLANS})\b(?!\s+fire)"
    rf"|(?:(?<=s )(?<!\bhis )(?<!\bits )(?<!\bthis )|(?<=\bthey )|(?<=\bwe ))(?:{PLURAL_PLANS})\b"
    r"|\b(?:postpon|extend|delay|adjourn|suspend|remand|reschedul|defer|cancel|clos|shut|ban|put off)\w*"
    r"(?:\s+\w+){0,4}?\s+(?:until|to|for)\b"
    r"|\b(?:has|have) been (?:moved|shifted|brought forward|pushed back)(?:\s+\w+){0,3}?\s+(?:to|until)(?=\s*$)",
    re.IGNORECASE,
)
PERFECT = re.compile(r"^(?:may|might|could|must|cannot)\s+(?:\w+ly\s+)?(?:not\s+)?have\b", re.IGNORECASE)
UNCLEAR = re.compile(
    rf"\b(?:was|were|been|had)\s+(?:\w+ly\s+)?(?:{AHEAD})\s+(?:to|for|on)\b"
    r"|\b(?:was|were)\s+to\s+(?:have\s+)?(?:been\s+)?\w+|\b(?:would|should)\s+(?:not\s+)?have\b(?:\s+\w+)?"
    r"|\b(?:usually|normally|typically|traditionally|generally)\s+\w+",
    re.IGNORECASE,
)
PAST = re.compile(
    rf"(?<!\bbe )(?<!being )\b(?:(?:{IRREGULAR})\b|\w+(?<!e)ed\b"
    r"(?=\s*$|[,.]|\s+(?:on|in|at|by|with|to|from|for|over|after|before|into|out|up|off|down|that|an?|the|his|her|its"
    r"|their|more|two|three|late|early|last|this|yesterday|today|since|\d|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)))",
    re.IGNORECASE,
)
IS = re.compile(r"\s+(?:is|are)\b")  # "Monday is a holiday"
# Any form that can be past, where no verb is plainer: "reported heavy losses", "hit".
MAY_BE_PAST = re.compile(
    r"\b\w+(?<!e)ed\b|\b(?:hit|put|cut|set|shut|quit|let|read|cast|split|spread|burst|hurt|cost|beat|became|bore|bled"
    r"|drank|ate|fled|forgot|hung|rang|rode|sang|slept|swam|wept|wound)\b",
    re.IGNORECASE,
)
LOOKS_BACK = re.compile(r"\b(?:since|as of|after|following) (?:the )?\Z", re.IGNORECASE)
CLAUSE = re.compile(r"[,;:()“”\"–—]|\b(?:after|when|while|because|who|which|whose|although|but)\b", re.IGNORECASE)
DOUBLE = re.compile(r"[“”\"„]")
SINGLE = re.compile(r"(?<!\w)[‘'](?=\w)(?:[^‘'’\n]|(?<=\w)[’'](?=\w))*[’'](?!\w)")


class Tense(Enum):
    """Where the days of a clause lie, seen from the day it was written."""

    PAST = -1
    UNCLEAR = 0
    FUTURE = 1


def tense_at(sentence: str, start: int, end: int) -> Tense:
    """The tense of the time at `sentence[start:end]`: that of the nearest verb before it in its clause, or after it.

    A sentence in the present ("Voters choose a president on Sunday") does not tell.
    """
    if IS.match(sentence[end:]) and not sentence[:start].strip("“\"‘' "):
        return Tense.UNCLEAR
    cuts = [0, *(match.end() for match in CLAUSE.finditer(sentence, 0, start))]
    close = CLAUSE.search(sentence, end)
    stop = close.start() if close else len(sentence)
    found = _markers(sentence, start, end)
    before = [(position, tense) for position, tense in found if position < start]
    after = [(position, tense) for position, tense in found if position >= end]
    in_clause = [one for one in before if one[0] >= cuts[-1]], [one for one in after if one[0] < stop]
    for given, nearest in ((in_clause[0], -1), (in_clause[1], 0), (before, -1), (after, 0)):
        if given:
            return given[nearest][1]
    back = MAY_BE_PAST.search(sentence) or LOOKS_BACK.search(sentence[:start])
    return Tense.PAST if back else Tense.UNCLEAR


def _markers(sentence: str, start: int, end: int) -> list[tuple[int, Tense]]:
    """Where verbs show their tense, in order; the time itself is no verb, and no pattern reaches over it."""
    found: dict[int, Tense] = {}
    for low, high in ((0, start), (end, len(sentence))):
        part = sentence[low:high]
        unclear = [match.span() for match in UNCLEAR.finditer(part)]
        ahead = [match for match in FUTURE.finditer(part) if not _inside(match.start(), unclear)]
        taken = [*unclear, *(match.span() for match in ahead)]
        found |= {low + match.start(): Tense.PAST for match in PAST.finditer(part) if not _inside(match.start(), taken)}
        found |= {low + span[0]: Tense.UNCLEAR for span in unclear}
        for match in ahead:
            found[low + match.start()] = Tense.PAST if PERFECT.match(match.group()) else Tense.FUTURE
    return sorted(found.items(), key=lambda one: one[0])


def _inside(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(low <= position < high for low, high in spans)


def quotations(sentence: str, opened: bool = False) -> list[tuple[int, int]]:
    """The stretches between quotation marks; `opened` says that the sentence begins inside of one."""
    found: list[tuple[int, int]] = []
    begin: int | None = 0 if opened else None
    marks = list(DOUBLE.finditer(sentence))
    for mark in marks:
        if begin is None and mark.group() == "”" and not found:
            begin = 0  # it closes what an earlier sentence opened
        if begin is None:
            begin = mark.end()
        elif mark.group() not in "“„":
            found.append((begin, mark.start()))
            begin = None
    if begin is not None:
        found.append((begin, len(sentence)))
    if not marks:
        found += [match.span() for match in SINGLE.finditer(sentence)]
    return found


def opened_before(text: str) -> bool:
    """Whether `text`, a paragraph up to a sentence, leaves a quotation open."""
    spans = quotations(text)
    return bool(spans) and spans[-1][1] == len(text)
