"""Which questions to offer a person: from several articles, of several kinds, and each found to be answered. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from index.records import Article
from rag.offered import Offer, offers
from rag.templates import telling

KINDS = ("number", "reason", "time", "said", "place", "what", "who", "about")  # the best first
MOST_OF_A_KIND = 2
ALIKE = 0.6  # of the shorter question's words that say something: two such questions ask one thing
GROUPS = 6  # articles that have a question: enough for four that are answered

IsAnswered = Callable[[Offer], bool]


def examples(articles: Iterable[Article], is_answered: IsAnswered, limit: int, tries: int) -> tuple[str, ...]:
    """Questions from these articles in turn, at most `tries` of them looked up."""
    groups = (list(offers(article)) for article in articles)
    return chosen(list(islice(filter(None, groups), GROUPS)), is_answered, limit, tries)


def chosen(
    groups: Sequence[list[Offer]], is_answered: IsAnswered, limit: int, tries: int, asked: Iterable[str] = ()
) -> tuple[str, ...]:
    """Of each group in turn the best offer of a kind seldom heard, unlike `asked` and unlike each other."""
    found: list[str] = []
    used: Counter[str] = Counter()
    for offer in islice(_in_turn(groups, used, [*asked], found), tries):
        if is_answered(offer):
            found.append(offer.question)
            used[offer.kind] += 1
        if len(found) >= limit:
            break
    return tuple(found)


def _in_turn(
    groups: Sequence[list[Offer]], used: Counter[str], asked: Sequence[str], found: Sequence[str]
) -> Iterator[Offer]:
    """Offers as long as there are any; what has been found meanwhile decides what comes next."""
    waiting = [list(group) for group in groups]
    while waiting:
        group = waiting.pop(0)
        fresh = [one for one in group if used[one.kind] < MOST_OF_A_KIND and not _is_like([*asked, *found], one)]
        if fresh:
            best = min(fresh, key=lambda one: (used[one.kind], KINDS.index(one.kind)))
            fresh.remove(best)
            waiting.append(fresh)
            yield best


def _is_like(questions: Iterable[str], offer: Offer) -> bool:
    words = telling(offer.question)
    for question in questions:
        others = telling(question)
        if len(words & others) >= ALIKE * max(1, min(len(words), len(others))):
            return True
    return False
