"""What the index finds, in the order of a rerank model at an endpoint; in the index's own where that fails."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.address import has_version
from index.errors import ConfigError, EndpointError
from index.failure import Failure, until_next
from index.records import Passage
from index.reply import Unreadable, read_ranking
from rag.config import RagSettings, choose
from rag.endpoint.connect import Connector, Line
from rag.endpoint.trouble import Trouble, within

if TYPE_CHECKING:
    import httpx2

CANDIDATES = 24  # passages that the model chooses from, or twice as many as are wanted
FIRST_WAIT = 0.5  # seconds before the second and last attempt
MAY_PASS = {"refused", "unreachable", "cut"}
OWN_ORDER = "The passages stand in the index's own order."


def candidates(settings: RagSettings) -> int:
    """How many passages to search for, so that there is something to choose from."""
    return max(CANDIDATES, 2 * settings.passages) if settings.rerank else settings.passages


class Reranker:
    """The model that FOOTNOTE_RERANK names, behind /rerank as llama.cpp, vLLM, LiteLLM, Jina and Cohere have it.

    Raises:
        ConfigError: there is no address to ask it at.
    """

    def __init__(self, settings: RagSettings, transport: "httpx2.BaseTransport | None" = None) -> None:
        if not (settings.rerank_url or settings.base_url):
            raise ConfigError("FOOTNOTE_RERANK has no address to be asked at.", "Set FOOTNOTE_RERANK_URL.")
        self._settings = choose(settings, settings.rerank_url, settings.rerank)
        self._connector = Connector(self._settings, transport)
        self._what = f"The rerank model {settings.rerank!r} at {self._connector.where}"

    def best(self, question: str, passages: Sequence[Passage]) -> tuple[tuple[Passage, ...], str]:
        """As many of the passages as an answer is made from, best first, and a notice where they are not in its order.

        The highest score of the index goes to the first, and so on: whoever reads scores is used to those.
        """
        wanted = min(self._settings.passages, len(passages))
        try:
            places = self.rank(question, [f"{one.article.title}\n{one.text}" for one in passages], wanted)
        except EndpointError as error:
            return tuple(passages[:wanted]), f"{error} {OWN_ORDER}"
        scores = sorted((one.score for one in passages), reverse=True)
        return tuple(replace(passages[place], score=score) for place, score in zip(places, scores, strict=False)), ""

    def rank(self, question: str, documents: Sequence[str], wanted: int) -> list[int]:
        """The places of the best documents, best first.

        Raises:
            EndpointError: it is down, too slow, refuses, or answers nonsense.
        """
        if not documents:
            return []
        line, seconds = Line(), self._settings.rerank_timeout
        body = {"model": self._settings.model, "query": question, "documents": list(documents), "top_n": wanted}
        self._connector.prepare()
        try:
            return read_ranking(within(seconds, lambda: self._ask(line, body)), len(documents), wanted)
        except Trouble:
            hint = "FOOTNOTE_RERANK_TIMEOUT gives it longer."
            raise EndpointError(f"{self._what} did not answer within {seconds:g} s.", hint) from None
        except Unreadable as error:
            raise EndpointError(f"{self._what} answered with {error}.") from None
        except Failure as failure:
            hint = "Does it rank documents?" if failure.status in (404, 405, 501) else ""
            raise EndpointError(f"{self._what} {failure.happened}.", hint) from None
        finally:
            line.cut()

    def _ask(self, line: Line, body: dict[str, object]) -> object:
        """The reply to the first attempt, or to the second where that may do better."""
        path = "/rerank"
        try:
            return self._connector.post(line, path, body)
        except Failure as failure:
            wait = until_next(1, failure.wait, FIRST_WAIT, self._settings.rerank_timeout)
            if failure.status == 404 and not has_version(self._connector.address):
                path = "/v1/rerank"
            elif not (failure.transient or failure.kind in MAY_PASS) or wait is None or not line.wait(wait):
                raise
        return self._connector.post(line, path, body)
