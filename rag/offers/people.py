"""Sentences that introduce somebody or something, or that tell what somebody said → questions. Pure."""

import re
from collections.abc import Set

from index.terms import stem
from rag.offers.clauses import POINTING, SAYING, clause_of, lower_start
from rag.offers.templates import AFTER_NAME, NAME

# What a person is, and what else has a name: a word on neither list makes no question.
ROLE = (
    r"(?:\w{3,}ist|\w{2,}ician|(?:\w+-?)?(?:wo)?man|actor|actress|ambassador|architect|artist|athlete|comedian"
    r"|author|banker|captain|chairman|chancellor|chief|coach|commander|composer|dean|designer|director|doctor|editor"
    r"|emperor|engineer|explorer|farmer|footballer|founder|general|governor|head|historian|inventor|judge|king|lawyer"
    r"|leader|lecturer|librarian|manager|mayor|minister|monk|nurse|officer|painter|photographer|player|poet|politician"
    r"|president|priest|prince|princess|principal|producer|professor|prosecutor|queen|rapper|researcher|ruler|saint"
    r"|secretary|senator|singer|skipper|songwriter|speaker|spokesperson|striker|sultan|surgeon|teacher|theologian"
    r"|trainer|warden|warrior|writer)"
)
THING = (
    r"(?:agency|airline|airport|album|alliance|army|assembly|association|bank|board|book|bridge|brand|canal|castle|cathedral|charity|church"
    r"|city|club|coalition|college|commission|committee|company|corporation|council|country|county|department|disease|district|drama|dynasty"
    r"|election|empire|encyclopedia|engine|event|festival|film|firm|foundation|game|genus|group|gulf|harbour|highway"
    r"|hospital|hurricane|institute|institution|island|kingdom|lake|language|law|league|library|magazine|mission|mosque"
    r"|mountain|movement|municipality|museum|neighborhood|network|newspaper|nonprofit|novel|office|opera|operator"
    r"|organi[sz]ation|orchestra|palace|park|party|planet|plant|port|programme|program|protein|province|railway|region"
    r"|religion|republic|river|school|sculpture|sect|series|ship|show|single|software|song|spacecraft|stadium|state"
    r"|station|street|studio|suburb|system|team|temple|theory|tower|town|tournament|treaty|tribe|union|university|venue"
    r"|village|volcano|war|website|work|yacht)"
)
# What else no person is called: "Pass Brook", "Air Force Base", "Removal Act".
NO_PERSON = (
    r"(?:act|avenue|base|bay|beach|brook|creek|force|front|hill|metals?|music|ocean|point|road|sea|sound|states|valley)"
)
ENDED = r"(?=,|\.|\s(?:of|in|on|at|for|from|by|to|with|who|that|which|whose|near|based|located|born)\b)"
FULL_NAME = (
    r"(?!The |A |An |In |On |At |Mr |Mrs |Ms )[A-Z][\w’'-]*[a-z](?:\s(?:al-|de |von |van )?[A-Z][\w’'-]*[a-z]){1,2}"
)
# "Albert Einstein was a German-born physicist", "Meridian Gulf is an operator".
IS_SOMETHING = re.compile(
    rf"^((?:The )?{NAME}) (is|was) (?:a|an|the) ((?:[\w’'-]+(?:, | )){{0,4}}?[\w’'-]*[a-z]){ENDED}"
)
# "Fayez al-Sarraj, head of …", "a controversial general, Khalifa Haftar", "Energy Minister Gregor Halvard".
INTRODUCED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\w’'-])(?P<name>{FULL_NAME}), (?:the |an? )?(?:(?!and\b)[\w’'-]+ ){{0,3}}?(?i:{ROLE})"
        r"(?= (?:of|for|at|in) (?:the )?[\w’'-]+|,)",
        rf"\b(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir) (?:[\w’'-]+ ){{0,3}}?{ROLE}, (?P<name>{FULL_NAME})(?=[,.])",
        rf"(?<![\w’'-])(?i:{ROLE}) (?P<name>{FULL_NAME})(?=,|\s(?:{'|'.join(AFTER_NAME)}|said|told|says)\b|[.]$)",
    )
)
# "Energy Minister Gregor Halvard" and "the mayor", but no clause that a verb was not seen in.
SPEAKER = re.compile(rf"(?:the )?(?:[a-z]+ ){{0,2}}{NAME}")
TOPIC = re.compile(r"(?:(?:the|a|an)\s)?(?:[\w’'-]+\s){1,5}?[\w’'-]+(?<!ly)|[A-Z]\w+")


def who_is(text: str, common: Set[str]) -> str | None:
    """ "Albert Einstein was a physicist who …" → "Who was Albert Einstein?"; None where nobody is introduced.

    `common` are the stems of plain words: a name that has one is no person's.
    """
    if match := IS_SOMETHING.match(text):
        name, verb, what = match.groups()
        head = what.split()[-1]
        if POINTING.search(name) or len(set(name.split())) < len(name.split()):  # a heading: "Title The Title was a"
            return None
        if re.fullmatch(ROLE, head) and _is_person(name, common):
            return f"Who {verb} {name}?"
        return f"What {verb} {lower_start(name, frozenset())}?" if re.fullmatch(THING, head) else None
    found = next(filter(None, (pattern.search(text) for pattern in INTRODUCED)), None)
    return f"Who is {found['name']}?" if found and _is_person(found["name"], common) else None


def _is_person(name: str, common: Set[str]) -> bool:
    words = name.lower().split()
    plain = any(re.fullmatch(f"{THING}s?|{NO_PERSON}", word) or stem(word) in common for word in words)
    return bool(re.fullmatch(FULL_NAME, name)) and not plain and not re.search(r"['’]s\b", name)


def what_said(text: str, common: Set[str]) -> str | None:
    """ "Minister Ada Lowe said that the harbour bridge needs …" → "What did Minister Ada Lowe say about the …?" """
    clause = clause_of(text, common)
    match = re.match(r"(?:(?:on )?\S+day )?that (.+)$", clause.rest) if clause else None
    if clause is None or match is None or clause.verb not in SAYING or not SPEAKER.fullmatch(clause.subject):
        return None
    told = clause_of(match.group(1)[:1].upper() + match.group(1)[1:], common)
    topic = told.subject if told else ""
    if not TOPIC.fullmatch(topic) or POINTING.search(topic) or len(topic.split()) < 2 + topic.startswith("the "):
        return None
    return f"What did {clause.subject} say about {topic}?"
