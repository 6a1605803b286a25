"""LiteLLM's proxy between Footnote and the scripted server: through a real gateway every verdict is the same."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from quirk_server import QuirkServer, cite
from quirks import SCENES
from real_servers import Running, program, running
from test_quirks import RIGHT, STRIKES, VERDICTS, assert_quotes

from index.engine import Index
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.endpoint.generate import ATTEMPTS
from rag.probes.examine import examine

# A connection that is kept alive ends with its client, whenever that is collected.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

LITELLM = program("litellm.sh")
KEY = "sk-9f8a7c6e5d4b3a2f1e0d9c8b7a6f5e4d"  # the gateway starts with no key that is easy to guess
UPSTREAM_KEY = "sk-of-the-server-behind-it"
WRONG_KEY = "sk-of-somebody-who-left-long-ago"
# Requests that reach the scripted server for one answer.
REQUESTS = {
    "flawless": 1,
    "think-block": 1,
    "too-many-requests": 2,
    "broken": ATTEMPTS,
    "overflow-llama-cpp": 2,
    "overflow-vllm": 2,
    "key-refused": 1,
    "error-in-the-stream": 1,
}
PATIENCE = 120  # seconds: a gateway's first answer takes it long on a busy machine


def reply(prompt: str) -> str:
    """Cites, or counts for the doctor."""
    return cite(prompt) if "<articles>" in prompt else " ".join(map(str, range(1, 21)))


@pytest.fixture(scope="module")
def behind() -> Iterator[QuirkServer]:
    with QuirkServer(SCENES, reply) as server:
        yield server


@pytest.fixture(scope="module")
def gateway(behind: QuirkServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A model for each scene, with the scene's name."""
    folder = tmp_path_factory.mktemp("litellm")
    there = {"model": "openai/tiny", "api_key": UPSTREAM_KEY}
    configuration = {
        "model_list": [
            {"model_name": name, "litellm_params": {**there, "api_base": behind.url(name)}} for name in REQUESTS
        ],
        "general_settings": {"master_key": KEY},
        "router_settings": {"num_retries": 0},  # its own, of which each would take seconds
    }
    file = folder / "litellm.yaml"
    file.write_text(json.dumps(configuration), "utf-8")  # JSON is YAML too
    command = [LITELLM, "--config", file, "--host", "127.0.0.1"]
    with running(command, "/health/liveliness", folder / "litellm.log") as server:
        yield server


def settings_for(index: Index, gateway: Running, model: str, **more: object) -> RagSettings:
    values = {
        "data_dir": index.settings.data_dir,
        "embedding": "static",
        "base_url": gateway.url(),
        "api_key": KEY,
        "model": model,
        "first_token_timeout": PATIENCE,
    }
    return RagSettings.model_validate(values | more)


@pytest.mark.parametrize("name", REQUESTS)
def test_the_verdict_is_the_one_without_it(
    seeds_index: Index, gateway: Running, behind: QuirkServer, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assistant = Assistant(seeds_index, settings_for(seeds_index, gateway, name))
    answer = assistant.ask(STRIKES)
    verdict = VERDICTS[name]
    if verdict.quotes:
        assert_quotes(answer)
    else:
        assert verdict.text in answer.text
        assert (answer.writer, len(answer.citations)) == (name, 1)
    assert verdict.said in answer.notice
    assert bool(verdict.said) == bool(answer.notice)
    assert len(behind.asked(name)) == REQUESTS[name]
    assert {visit.headers["authorization"] for visit in behind.asked(name)} == {f"Bearer {UPSTREAM_KEY}"}
    for key in (KEY, UPSTREAM_KEY):
        assert key not in repr(answer) + caplog.text + str(assistant.settings)


def test_an_answer_is_streamed_and_counted(seeds_index: Index, gateway: Running) -> None:
    states = list(Assistant(seeds_index, settings_for(seeds_index, gateway, "flawless")).stream(STRIKES))
    assert states[-1].text == RIGHT
    assert states[-1].usage is not None
    assert states[-1].usage.prompt_tokens > 1_000


def test_a_key_that_the_gateway_does_not_know_is_said_and_not_shown(
    seeds_index: Index, gateway: Running, behind: QuirkServer
) -> None:
    asked = len(behind.asked("flawless"))
    answer = Assistant(seeds_index, settings_for(seeds_index, gateway, "flawless", api_key=WRONG_KEY)).ask(STRIKES)
    assert "refused the key. Check OPENAI_API_KEY" in answer.notice
    assert WRONG_KEY not in repr(answer)
    assert len(behind.asked("flawless")) == asked


def test_the_doctor_works_through_it(seeds_index: Index, gateway: Running, tmp_path: Path) -> None:
    settings = settings_for(seeds_index, gateway, "flawless", data_dir=tmp_path)
    found = examine(settings, scan=False, longest=512)
    verdicts = {finding.what: finding.verdict for finding in found.findings}
    for what in ("address", "models", "usage", "usage in a stream", "embeddings", "profile"):
        assert verdicts[what] == "ok", what
    assert "fails" not in [verdicts["chat"], verdicts["streaming"], verdicts["window"]]
    assert found.profile is not None
    assert found.profile.model == "flawless"
    assert KEY not in repr(found) + "".join(file.read_text("utf-8") for file in tmp_path.rglob("*.json"))
