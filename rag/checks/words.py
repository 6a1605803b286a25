"""The word lists that the checks read. Pure."""

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from index.terms import STOP_WORDS, stem

ARTICLES = frozenset("a an the".split())
# They link a sentence to the one before and say nothing of their own.
FILLERS = frozenset("also however therefore thus moreover furthermore additionally meanwhile indeed".split())
MONTHS = {
    name[:length]: number
    for number, name in enumerate(
        "January February March April May June July August September October November December".split(), start=1
    )
    for length in {len(name), 3, 4 if name == "September" else 3}
}
NEGATIONS = frozenset("not no never none nobody nothing neither nor without cannot hardly scarcely barely n't".split())
DENIALS = frozenset(
    "deny denies denied denying refute refuted refutes fail fails failed refuse refuses refused reject rejected false"
    " untrue wrong doubt doubts doubted dispute disputed disputes unable lack lacks lacked prevent prevented avoid"
    " avoided stop stopped".split()
)
HEDGES = frozenset(
    "may might could can would should must will possibly perhaps probably likely unlikely potentially allegedly alleged"
    " alleges reportedly reported supposedly purportedly apparently presumably seemingly seems seem seemed appears"
    " appear appeared expected expects planned plans plan planning intends intended intend hopes hoped aims aimed wants"
    " wanted tries tried trying attempted attempts attempt proposed proposes threatened claims claimed believed"
    " believes believe thought thinks suspected suspects suggests suggested estimated nearly almost rumoured rumored"
    " accused accuses accusing insists insisted"
    " supposed considered argued argues assumed predicted hypothetical if unless whether generally usually mainly"
    " mostly partly often sometimes occasionally largely roughly".split()
)
CLAIMING = frozenset(
    "claimed claims alleged alleges insisted insists argued argues believed believes suggested".split()
)
CONDITIONS = frozenset(
    "if unless whether except excluding until without or nor than provided assuming suppose otherwise instead apart"
    " besides unlike barring lest".split()
)
QUANTIFIERS = frozenset(
    "all every each most many several some few both half none no only any always often sometimes never rarely usually"
    " majority minority entire entirely partly mostly mainly at-least".split()
)
COMPARISONS = frozenset(
    "more less fewer over under least about around approximately roughly exactly nearly almost up".split()
)
SAYING = frozenset("said says say stated states reported reports told tells announced announces added adds".split())
CONJUNCTIONS = frozenset("and but while whereas because although though so".split())
RELATIVES = frozenset("who which whose whom where when after before since as".split())
PREPOSITIONS = frozenset(
    "in on at by for from with during after before since into over under across through near between among against"
    " within along behind beyond until around towards upon following despite".split()
)
CUT_BEFORE = frozenset(
    "in on at by for from with during after before since into across through near along over around towards".split()
)
RESTRICTED = frozenset("all every each no none only most least first last any always never best worst half few".split())
PRONOUNS = frozenset("he she it they this these those his her its their him them we i you who which".split())
AUXILIARIES = frozenset(
    "is are was were be been has have had do does did will would can could may might must shall should am".split()
)
PAST = frozenset(
    "became began broke brought built bought came chose cut dealt drew drove fell felt fought found gave went grew got"
    " held hit kept knew led left lent lost made meant met paid put ran read rose said saw sold sent set shot sang sat"
    " slept spoke spent stood struck took taught thought threw told understood won wrote"
    " overran withdrew swept shook stole sank sought tore wore woke dug rode shrank swore swung overthrew overtook"
    " flew".split()
)
FUNCTION_WORDS = STOP_WORDS | PREPOSITIONS | AUXILIARIES | NEGATIONS
SEPARATING = frozenset(",;:()[]—–-…|")  # marks that part a sentence
LONGEST_SAME = 3


@lru_cache
def _same() -> dict[tuple[str, ...], str]:
    found = {}
    for line in _lines("same.txt"):
        entries = [entry.strip() for entry in line.split(",")]
        for entry in entries:
            found[tuple(entry.split())] = f"={entries[0]}"
    return found


@lru_cache
def _first_words() -> frozenset[str]:
    return frozenset(words[0].lower() for words in _same() if len(words) > 1)


def begins_same(word: str) -> bool:
    """Whether a group lists several words of which this is the first."""
    return word in _first_words()


def same(words: Sequence[str]) -> str:
    """The name of the group of words that mean the same, "" where there is none."""
    return _same().get(tuple(words), "")


@lru_cache
def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _lines("opposites.txt"):
        left, right = (frozenset(map(stem, side.split())) for side in line.split("|"))
        for mine, other in ((left, right), (right, left)):
            for word in mine:
                found[word] = found.get(word, frozenset()) | other
    return found


@lru_cache
def _kinds() -> dict[str, frozenset[str]]:
    pairs = (line.split("|") for line in _lines("kinds.txt"))
    return {wide.strip(): frozenset(narrow.split()) for wide, narrow in pairs}


def wider(word: str) -> frozenset[str]:
    """The words that a word is wider than: what is said of "drones" is said of "aircraft"."""
    return _kinds().get(word, frozenset())


def are_opposites(one: str, other: str) -> bool:
    """Whether two words are listed as opposites, or differ by "un-", "in-", "non-", "dis-" alone."""
    first, second = stem(one), stem(other)
    shorter, longer = sorted((first, second), key=len)
    prefixed = len(shorter) > 3 and longer in {
        prefix + shorter for prefix in ("un", "in", "im", "non", "dis", "ir", "il")
    }
    return prefixed or second in _opposites().get(first, frozenset())


def _lines(name: str) -> list[str]:
    text = files("rag.checks").joinpath(name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
