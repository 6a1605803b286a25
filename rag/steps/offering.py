"""Questions that a person may be shown: examples of the newest articles, and what to ask after an answer."""

from collections.abc import Sequence
from itertools import islice
from threading import Lock

from index.engine import Index
from rag.offers.examples import NOTHING_HEARD, Heard, examples, follow_ups, heard_in, places_of
from rag.offers.offered import Offer
from rag.offers.people import who_is
from rag.prompt import make_task, wording
from rag.records import Answer, Turn
from rag.steps.clock import Clock
from rag.steps.finish import Finisher

NEWEST, EXAMPLES, EXAMPLES_TRIED = 12, 4, 8  # articles read for examples, questions shown, and looked up
FOLLOWED = 3  # articles that follow-up questions come from


class Offering:
    """Finds questions that the articles answer: each is looked up, in so many passages, before it is shown."""

    def __init__(self, index: Index, finisher: Finisher, passages: int) -> None:
        self._index = index
        self._finisher = finisher
        self._passages = passages
        self._making = Lock()  # of those who come at once one makes the examples, and the others wait for them
        self._examples: tuple[int, tuple[str, ...]] | None = None

    def examples(self) -> tuple[str, ...]:
        """Questions that the newest articles answer; made once for each state of the index."""
        generation = self._index.generation()
        with self._making:
            if self._examples is None or self._examples[0] != generation:
                newest = self._index.newest(NEWEST)
                self._examples = generation, examples(newest, self._gives, EXAMPLES, EXAMPLES_TRIED)
            return self._examples[1]

    def follow_ups(self, answer: Answer, history: Sequence[Turn], limit: int) -> tuple[str, ...]:
        """Questions about what stands around an answer's quotes that this conversation has not asked or answered."""
        heard = heard_in([*history, answer])
        places = [
            (one, at) for id_, at in islice(places_of(answer).items(), FOLLOWED) if (one := self._index.article(id_))
        ]
        return follow_ups(places, heard, lambda offer: self._gives(offer, heard), limit, limit + 2)

    def _gives(self, offer: Offer, heard: Heard = NOTHING_HEARD) -> bool:
        """Whether what is quoted first in answer to a question is the sentence it was made from, or one like that."""
        passages = self._index.search(offer.question, limit=self._passages)
        chosen = self._finisher.select(make_task(offer.question, passages), Clock()).chosen
        if not chosen:
            return False
        first = chosen[0].sentence
        if (first.article.id, first.start, first.end) == (offer.article_id, offer.start, offer.end):
            return True
        introduced = who_is(wording(first.text), frozenset()) == offer.question  # elsewhere too
        return introduced and not heard.holds(first.text)
