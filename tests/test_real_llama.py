"""llama.cpp's own server with a model of random weights: what is true of it is true of a real endpoint.

A grammar makes the model say an exact text, token by token; without one it says nonsense.
"""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import httpx2
import numpy as np
import pytest
from quirk_server import CITED
from real_model import WIDTH, write_model
from real_servers import Running, program, running

from index.engine import Index
from rag import assistant as answering
from rag.assistant import EXTRACTIVE, Assistant
from rag.config import RagSettings
from rag.endpoint.generate import LanguageModelWriter
from rag.endpoint.profile import load
from rag.probes.examine import Examination, examine
from rag.prompt import make_task
from rag.records import Answer

# A connection that is kept alive ends with its client, whenever that is collected.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

SERVER = program("llama_server.sh")
STRIKES = "How many strikes had US aircraft carried out in Sirte?"
EARLIER = "As of Wednesday, U.S. drones and fighter jets had carried out 29 strikes in Sirte"
LARGE, SMALL, SMALLEST = 32_768, 6_144, 1_024  # tokens, of which each is a byte
FIXED = ["--host", "127.0.0.1", "--alias", "tiny", "--threads", "2", "--parallel", "1"]
LATEST = 30.0  # seconds until an answer, on a machine that does other things too
Serve = Callable[..., Running]


class Grammar(httpx2.HTTPTransport):
    """Adds to each request for a chat what llama.cpp has beyond the protocol; `sent` counts these requests."""

    def __init__(self, grammar: str) -> None:
        super().__init__()
        # Where the text may go on for ever it does.
        self._more = {"grammar": f"root ::= {grammar}", "ignore_eos": grammar.endswith("+")} if grammar else {}
        self.sent = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            self.sent += 1
            body = json.loads(request.content) | self._more
            headers = {name: value for name, value in request.headers.items() if name != "content-length"}
            # The extensions hold what tells the line its socket.
            request = httpx2.Request("POST", request.url, headers=headers, json=body, extensions=request.extensions)
        return super().handle_request(request)


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts servers on the one model, with more arguments; all end with the module."""
    folder = tmp_path_factory.mktemp("llama")
    command = [SERVER, "--model", write_model(folder / "tiny.gguf"), *FIXED]
    begun = []

    def start(*arguments: object) -> Running:
        manager = running([*command, *map(str, arguments)], "/health", folder / f"{len(begun)}.log")
        begun.append(manager)
        return manager.__enter__()

    yield start
    for manager in begun:
        manager.__exit__(None, None, None)


@pytest.fixture(scope="module")
def chat(serve: Serve) -> Running:
    return serve("--ctx-size", LARGE)


@pytest.fixture(scope="module")
def small(serve: Serve) -> Running:
    return serve("--ctx-size", SMALL)


def settings_for(index: Index, server: Running, **more: object) -> RagSettings:
    values = {"data_dir": index.settings.data_dir, "embedding": "static", "base_url": server.url()}
    return RagSettings.model_validate(values | more)


def assistant_at(index: Index, server: Running, grammar: str = "", **more: object) -> tuple[Assistant, Grammar]:
    settings, transport = settings_for(index, server, **more), Grammar(grammar)
    return Assistant(index, settings, LanguageModelWriter(settings, transport)), transport


def numbers(index: Index, *beginnings: str) -> list[int]:
    """Under which numbers the prompt shows the sentences that begin so."""
    passages = index.search(STRIKES, limit=RagSettings().passages)
    sentences = make_task(STRIKES, passages).sentences.values()
    return [next(one.number for one in sentences if one.text.startswith(beginning)) for beginning in beginnings]


def literal(text: str) -> str:
    """A text in the language of llama.cpp's grammars."""
    return json.dumps(text, ensure_ascii=False)


def assert_quotes(answer: Answer, *said: str) -> None:
    assert answer.done
    assert answer.writer == EXTRACTIVE
    assert "36 strikes" in answer.text
    assert any(words in answer.notice for words in said), answer.notice
    assert "\n" not in answer.notice


# --- what it writes


def test_a_real_server_writes_an_answer_whose_every_sentence_opens_its_quote(
    seeds_index: Index, chat: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "UPDATE_INTERVAL", -1.0)  # every piece is seen
    late, early = numbers(seeds_index, "US drones and fighter jets", "As of Wednesday")
    assistant, transport = assistant_at(seeds_index, chat, literal(f"{CITED} [{late}]. {EARLIER} [{early}]."))
    *growing, answer = assistant.stream(STRIKES)
    assert answer.text == f"{CITED} [1]. {EARLIER} [2]."
    assert [claim.support for claim in answer.claims] == ["supported", "supported"]
    assert [citation.quote.startswith(text) for citation, text in zip(answer.citations, (CITED, EARLIER), strict=True)]
    assert [citation.number for citation in answer.citations] == [1, 2]
    assert (answer.writer, answer.notice, transport.sent) == ("tiny", "", 1)
    assert answer.usage is not None
    assert answer.usage.completion_tokens >= len(answer.text)  # each token is a byte
    assert len({state.text for state in growing}) > 20
    again = assistant.ask(STRIKES)
    assert (again.text, again.claims, again.citations) == (answer.text, answer.claims, answer.citations)


def test_characters_of_several_bytes_arrive_whole(seeds_index: Index, chat: Running) -> None:
    text = "Über „Σίρτη“ flogen 36 – не 29 – Einsätze 🛩️."
    writer = LanguageModelWriter(settings_for(seeds_index, chat), Grammar(literal(text)))
    assert writer.complete([{"role": "user", "content": "Wie viele?"}]) == text


@pytest.mark.parametrize("temperature", [0.0, 1.0, 2.0])
def test_nonsense_ends_in_quotes_and_says_so(seeds_index: Index, chat: Running, temperature: float) -> None:
    assistant, _ = assistant_at(seeds_index, chat, temperature=temperature)
    began = time.monotonic()
    assert_quotes(assistant.ask(STRIKES), "cited none of the sentences", "sent no text")
    assert time.monotonic() - began < LATEST


# --- its window


def test_a_prompt_that_it_refuses_is_shortened(seeds_index: Index, small: Running) -> None:
    [late] = numbers(seeds_index, "US drones and fighter jets")
    assistant, transport = assistant_at(seeds_index, small, literal(f"{CITED} [{late}]."))
    for requests in (2, 3):  # what was learnt is kept
        answer = assistant.ask(STRIKES)
        assert answer.text == f"{CITED} [1]."
        assert answer.notice.startswith("Used ")
        assert "passages" in answer.notice
        assert transport.sent == requests


def test_a_window_that_takes_not_even_half_ends_in_quotes(seeds_index: Index, serve: Serve) -> None:
    assistant, transport = assistant_at(seeds_index, serve("--ctx-size", SMALLEST))
    assert_quotes(assistant.ask(STRIKES), "takes no prompt of this length. Give it a larger window")
    assert transport.sent == 2


@pytest.fixture(scope="module")
def examined(seeds_index: Index, small: Running, tmp_path_factory: pytest.TempPathFactory) -> RagSettings:
    """The settings in whose data folder the doctor has left what it learnt."""
    return settings_for(seeds_index, small, data_dir=tmp_path_factory.mktemp("examined"))


@pytest.fixture(scope="module")
def examination(examined: RagSettings) -> Examination:
    return examine(examined, scan=False)


def test_the_doctor_says_what_it_is(examination: Examination) -> None:
    verdicts = {finding.what: finding.verdict for finding in examination.findings}
    for what in ("address", "models", "streaming", "usage", "usage in a stream"):
        assert verdicts[what] == "ok", what
    assert verdicts["chat"] == "works, but"  # nonsense
    assert verdicts["embeddings"] == verdicts["rerank"] == "not offered"
    assert examination.profile is not None
    assert (examination.profile.model, examination.profile.supports_system) == ("tiny", True)


def test_the_doctor_finds_its_window_and_the_next_prompt_fits(
    seeds_index: Index, examined: RagSettings, examination: Examination
) -> None:
    profile = examination.profile
    assert profile is not None
    assert profile.window is not None
    assert 0.9 * SMALL < profile.window <= SMALL
    assert profile.cuts_silently is False
    assert profile.characters_per_token == pytest.approx(1, abs=0.1)  # it reads bytes
    [late] = numbers(seeds_index, "US drones and fighter jets")
    assert load(examined) == profile
    transport = Grammar(literal(f"{CITED} [{late}]."))
    answer = Assistant(seeds_index, examined, LanguageModelWriter(examined, transport)).ask(STRIKES)
    assert answer.text == f"{CITED} [1]."
    assert answer.notice.startswith("Used ")
    assert transport.sent == 1


# --- stopping, and being stopped


def endless(index: Index) -> str:
    [late] = numbers(index, "US drones and fighter jets")
    return f"{literal(f'{CITED} [{late}]. ')} [a-z ]+"


def until_writing(stream: Iterator[Answer]) -> Answer:
    return next(answer for answer in stream if "[1]" in answer.text)


def is_idle(server: Running) -> bool:
    return not any(slot["is_processing"] for slot in httpx.get(server.url("/slots")).json())


def test_who_stops_frees_the_server_at_once(seeds_index: Index, chat: Running) -> None:
    assistant, _ = assistant_at(seeds_index, chat, endless(seeds_index), answer_tokens=15_000)
    stream = assistant.stream(STRIKES)
    until_writing(stream)
    assert not is_idle(chat)
    stream.close()
    deadline = time.monotonic() + 5
    while not is_idle(chat):
        assert time.monotonic() < deadline, "it is still writing"


def test_a_server_that_dies_leaves_what_it_wrote(seeds_index: Index, serve: Serve) -> None:
    server = serve("--ctx-size", LARGE)
    assistant, _ = assistant_at(seeds_index, server, endless(seeds_index), answer_tokens=15_000)
    stream = assistant.stream(STRIKES)
    until_writing(stream)
    server.process.kill()
    *_, answer = stream
    assert answer.text.startswith(f"{CITED} [1].")
    assert answer.citations[0].quote.startswith(CITED)
    assert answer.notice.endswith("broke off. Its own log says why. The answer is cut off.")
    assert_quotes(assistant.ask(STRIKES), "cannot be reached. Is it running?")


# --- its vectors


def test_its_embeddings_index_the_articles_and_find_them(serve: Serve, tmp_path: Path) -> None:
    """A batch of it takes 512 tokens, which is less than a passage: it is told in halves."""
    server = serve("--ctx-size", SMALL, "--embeddings", "--pooling", "mean")
    seeds = Path(__file__).parents[1] / "seeds"
    settings = RagSettings(data_dir=tmp_path, embedding="tiny", embedding_url=server.url())
    index = Index(settings)
    index.sync([seeds])
    assert index.embedder.name == "endpoint:tiny"
    vectors = index.embedder.embed(["The ferry left.", "Apples were cheaper.", "The ferry left."])
    assert vectors.shape == (3, WIDTH)
    assert vectors[0] @ vectors[2] == pytest.approx(1, abs=1e-4)
    assert vectors[0] @ vectors[1] < 0.99
    assert np.isfinite(vectors).all()
    assert any("36 strikes" in passage.text for passage in index.search(STRIKES))
    assert "36 strikes" in Assistant(index, settings).ask(STRIKES).text
