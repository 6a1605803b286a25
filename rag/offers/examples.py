"""Which questions to offer a person: from several articles, of several kinds, and each found to be answered. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.records import Article
from rag.offers.offered import Offer, offers
from rag.offers.templates import telling
from rag.records import Answer, Turn

KINDS = ("number", "reason", "time", "said", "place", "what", "who", "about")  # the best first
MOST_OF_A_KIND = 2
ALIKE = 0.6  # of the shorter question's words that say something: two such questions ask one thing
GROUPS = 6  # articles that have a question: enough for four that are answered

IsAnswered = Callable[[Offer], bool]


def examples(articles: Iterable[Article], is_answered: IsAnswered, limit: int, tries: int) -> tuple[str, ...]:
    """Questions from these articles in turn, at most `tries` of them looked up."""
    groups = (sorted(offers(article), key=lambda one: KINDS.index(one.kind)) for article in articles)
    return _chosen(list(islice(filter(None, groups), GROUPS)), is_answered, limit, tries)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a person has asked and read so far."""

    asked: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    def holds(self, sentence: str) -> bool:
        """Whether a sentence stands in what was read, however its lines were broken."""
        return any(" ".join(sentence.split()) in " ".join(text.split()) for text in self.told)


NOTHING_HEARD = Heard()


def heard_in(turns: Sequence[Turn]) -> Heard:
    quotes = [one.quote for turn in turns if isinstance(turn, Answer) for one in turn.citations]
    return Heard(tuple(turn.question for turn in turns), (*(turn.text for turn in turns), *quotes))


def places_of(answer: Answer) -> dict[str, int]:
    """Article id → the offset of what an answer has of it: its quotes first, then what else was found."""
    places: dict[str, int] = {}
    for one in (*answer.citations, *answer.nearest):
        places.setdefault(one.article_id, one.start)
    for passage in answer.passages:
        places.setdefault(passage.article.id, passage.chunk.start)
    return places


def follow_ups(
    places: Iterable[tuple[Article, int]], heard: Heard, is_answered: IsAnswered, limit: int, tries: int
) -> tuple[str, ...]:
    """Questions about what stands around these places, the nearest first, of which nothing was heard yet."""
    groups = []
    for article, place in places:
        near = sorted(offers(article, place), key=lambda one: abs(one.start - place))
        new = [one for one in near if not heard.holds(article.text[one.start : one.end])]
        groups.append([one for one in new if one.kind != "about"])  # they are about it already
    return _chosen(groups, is_answered, limit, tries, heard.asked)


def _chosen(
    groups: Sequence[Sequence[Offer]], is_answered: IsAnswered, limit: int, tries: int, asked: Sequence[str] = ()
) -> tuple[str, ...]:
    """Of each group in turn the first offer of a kind seldom heard, unlike `asked` and unlike each other."""
    found: list[str] = []
    used: Counter[str] = Counter()
    for offer in islice(_in_turn(groups, used, asked, found), tries):
        if is_answered(offer):
            found.append(offer.question)
            used[offer.kind] += 1
        if len(found) >= limit:
            break
    return tuple(found)


def _in_turn(
    groups: Sequence[Sequence[Offer]], used: Counter[str], asked: Sequence[str], found: Sequence[str]
) -> Iterator[Offer]:
    """Offers as long as there are any; what has been found meanwhile decides what comes next."""
    waiting = [list(group) for group in groups]
    while waiting:
        group = waiting.pop(0)
        fresh = [one for one in group if used[one.kind] < MOST_OF_A_KIND and not _is_like([*asked, *found], one)]
        if fresh:
            best = min(fresh, key=lambda one: used[one.kind])
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
