"""What is sent to a chat endpoint and how its answer is read, in whatever parts it arrives."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engine import Index
from index.failure import Failure, refuses_key, seconds_asked
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.endpoint import generate
from rag.endpoint.generate import LONGEST_WAIT, LanguageModelWriter, Report, _pause
from rag.endpoint.wire import PLAINEST, Dialect, payloads, read
from rag.prompt import make_task, within_budget
from rag.records import Usage

ADDRESS = "http://model.test"
CHAT = [{"role": "system", "content": "Rules."}, {"role": "user", "content": "Question?"}]


def refusal(said: str, status: int = 400) -> Failure:
    return Failure("status", status, said)


@given(
    texts=st.lists(st.text(), max_size=5),
    cuts=st.lists(st.integers(0, 400), max_size=8),
    newline=st.sampled_from(["\n", "\r\n"]),
    ascii_only=st.booleans(),
)
def test_a_stream_is_read_in_whatever_parts_it_arrives(
    texts: list[str], cuts: list[int], newline: str, ascii_only: bool
) -> None:
    events = [json.dumps({"said": text}, ensure_ascii=ascii_only) for text in texts]
    lines = [
        ": a comment",
        "event: message",
        *(f"data: {event}{newline}" for event in events),
        "data: [DONE]",
        "data: {",
    ]
    stream = newline.join(lines).encode("utf-8", "surrogatepass")
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    parts = [stream[start:end] for start, end in pairwise(places)]
    read_texts = [payload["said"] for payload in payloads(parts)]
    assert read_texts == texts or any("\ud800" <= character <= "\udfff" for text in texts for character in text)


@pytest.mark.parametrize("part", [b"x" * 65_536, (b"x" * 63 + b"\n") * 1_024])
def test_a_body_without_end_is_not_read_to_its_end(part: bytes) -> None:
    parts = iter([part] * 200)
    with pytest.raises(ValueError, match="does not end"):
        list(payloads(parts))
    assert next(parts, None)


def test_what_stands_between_events_is_passed_over() -> None:
    assert list(
        payloads([b"upstream: ok\n", b"\xef\xbb\xbfdata: 1\n", b"upstream: ok\n\ndata:2\n", b"retry: 3\ndata: \n"])
    ) == [1, 2]


@pytest.mark.parametrize("indent", [None, 2])
def test_one_json_document_is_one_payload(indent: int | None) -> None:
    document = {"choices": [{"message": {"content": "Hm, data: no event"}, "finish_reason": "stop"}], "data": [1]}
    body = json.dumps(document, indent=indent).encode()
    assert list(payloads([body[:7], body[7:]])) == [document]
    assert read(document).text == "Hm, data: no event"
    assert read(document).finish_reason == "stop"


@pytest.mark.parametrize(
    "body", [b"<html>\n<p>Hello\n", b"data: {\n", b"oops", b"x" * 5_000_000, (b"x" * 99 + b"\n") * 50_000]
)
def test_what_is_neither_is_an_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"Expecting|does not end"):
        list(payloads(body[start : start + 65_536] for start in range(0, len(body), 65_536)))


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("stream_options: extra fields not permitted", {"counts": False}),
        ("Unrecognized request argument supplied: stream_options", {"counts": False}),
        ("Only user and assistant roles are supported!", {"system": False}),
        ("After the optional system message, conversation roles must alternate", {"system": False}),
        ("'temperature' does not support 0.0 with this model", {"temperature": False}),
        ("'max_tokens' is not supported. Use 'max_completion_tokens'", {"limit": "max_completion_tokens"}),
        ("Bad Request", {"counts": False, "system": False, "temperature": False}),
    ],
)
def test_what_a_refusal_names_is_said_in_another_way(said: str, changed: dict[str, object]) -> None:
    other = Dialect().adapted(refusal(said), ADDRESS)
    assert other is not None
    assert {name: getattr(other, name) for name in changed} == changed
    unchanged = set(Dialect.__slots__) - set(changed)
    assert all(getattr(other, name) == getattr(Dialect(), name) for name in unchanged)


@given(st.text(), st.sampled_from([400, 404, 405, 422, 500, 503, 401, 429]))
def test_every_row_of_refusals_ends(said: str, status: int) -> None:
    dialect: Dialect | None = Dialect()
    for _ in range(6):
        if dialect := dialect.adapted(refusal(f"{said} max_tokens temperature role stream_options", status), ADDRESS):
            continue
        return
    pytest.fail("it goes on for ever")


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("http://a.test", True),
        ("http://a.test/api", True),
        ("http://a.test/v1", False),
        ("http://a.test/v1beta", False),
    ],
)
def test_v1_is_tried_where_the_address_lacks_a_version(address: str, asked: bool) -> None:
    assert (Dialect().adapted(refusal("404 page not found", 404), address) is not None) == asked
    assert Dialect(path="/v1").adapted(refusal("", 404), address) is None
    assert Dialect().adapted(refusal("", 404), "") is None  # OpenAI's own address has it


def test_the_plainest_request_has_nothing_that_could_be_refused() -> None:
    body = PLAINEST.request("tiny", CHAT, 0.0, 600)
    assert body == {
        "model": "tiny",
        "messages": [{"role": "user", "content": "Rules.\n\nQuestion?"}],
        "max_completion_tokens": 600,
        "stream": True,
    }


@pytest.mark.parametrize(
    ("status", "said", "overflow", "quota", "transient"),
    [
        (400, "prompt is too long: 210000 tokens > 200000 maximum", True, False, False),
        (413, "Request too large for model", True, False, False),
        (400, "This model's maximum context length is 4096 tokens", True, False, False),
        (500, "Context size has been exceeded.", True, False, False),
        (400, "Input length (9000 tokens) exceeds the maximum allowed length", True, False, False),
        (500, "CUDA error", False, False, True),
        (429, "Rate limit reached: exceeded 10000 tokens per minute", False, False, True),
        (429, "You exceeded your current quota", False, True, False),
        (402, "Payment Required", False, True, False),
        (400, "max_tokens is too large: 9000", False, False, False),
        (501, "Not Implemented", False, False, False),
        (408, "", False, False, True),
    ],
)
def test_a_failure_is_told_by_its_status_and_words(
    status: int, said: str, overflow: bool, quota: bool, transient: bool
) -> None:
    failure = refusal(said, status)
    assert (failure.overflow, failure.quota, failure.transient) == (overflow, quota, transient)
    assert said not in repr(failure) or not said


@pytest.mark.parametrize(
    ("code", "status"), [(429, 429), ("429", 429), ("rate_limit_exceeded", 500), (None, 500), (7, 500), ("٤٢٩", 500)]
)
def test_an_error_in_a_stream_has_the_status_of_its_code(code: object, status: int) -> None:
    with pytest.raises(Failure) as raised:
        read({"error": {"message": "No.", "code": code}})
    assert raised.value.status == status


@pytest.mark.parametrize(
    ("status", "said", "about_the_key"),
    [
        (401, "", True),
        (400, "API key not valid. Please pass a valid API key.", True),
        (400, '{"error":{"message":"No connected db.","type":"no_db_connection"}}', True),
        (400, "Unsupported parameter: 'temperature' (keyword)", False),
        (500, "Incorrect API key at the server behind", False),
    ],
)
def test_a_refused_key_is_told_from_a_refused_request(status: int, said: str, about_the_key: bool) -> None:
    assert refuses_key(status, said) == about_the_key
    if about_the_key:
        assert Dialect().adapted(refusal(said, status), ADDRESS) is None


def test_attempts_come_later_and_later_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "FIRST_WAIT", 0.5)
    first, second, third = (_pause(Failure("status", 503), attempt) for attempt in (1, 2, 3))
    assert first is not None
    assert second is not None
    assert 0.25 <= first <= 0.75
    assert 0.5 <= second <= 1.5
    assert third is None
    assert len({_pause(Failure("status", 503), 1) for _ in range(20)}) > 10, "many at once must not come back at once"


def test_retry_after_is_kept_to_up_to_a_bound() -> None:
    assert 7 <= (_pause(Failure("status", 429, wait=7), 1) or 0) <= 7.7
    assert _pause(Failure("status", 429, wait=LONGEST_WAIT + 1), 1) is None
    assert _pause(Failure("status", 401, wait=1), 1) is None
    assert _pause(Failure("cut"), 1) is None
    assert _pause(Failure("refused"), 1) is not None
    assert _pause(Failure("refused"), 2) is None


@pytest.mark.parametrize(("header", "seconds"), [("3", 3), ("0.5", 0.5), ("-1", 0), ("", None), ("soon", None)])
def test_retry_after_is_a_number(header: str, seconds: float | None) -> None:
    assert seconds_asked(header) == seconds


def test_or_a_date() -> None:
    wait = seconds_asked(format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True))
    assert wait is not None
    assert 50 < wait <= 60


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (Report(Usage(1_700, 9), "stop", sent=1_800), ""),
        (Report(Usage(2_600, 9), "stop", sent=1_800), ""),
        (Report(Usage(0, 9), "stop", sent=1_800), ""),
        (Report(None, "stop", sent=0), ""),
        (Report(Usage(512, 9), "stop", sent=1_800), "counted 512 tokens in a prompt of about 1,800"),
    ],
)
def test_a_prompt_that_was_cut_is_told_by_the_counts(report: Report, said: str) -> None:
    assert said in report.notice("tiny")
    assert bool(said) == bool(report.notice("tiny"))


def test_passages_that_do_not_fit_are_said_to_be_left_out(seeds_index: Index) -> None:
    from fakes import FakeEndpoint

    question = "How many strikes had US aircraft carried out in Sirte?"
    for prompt_tokens, said in ((3_000, ""), (800, "Used 4 of 9 passages")):
        settings = RagSettings(
            data_dir=seeds_index.settings.data_dir,
            base_url=f"{ADDRESS}/v1",
            model="fake",
            prompt_tokens=prompt_tokens,
            chunk_tokens=seeds_index.settings.chunk_tokens,
        )
        endpoint = FakeEndpoint().enqueue(["US drones and fighter jets have carried out 36 strikes [11]."])
        *growing, answer = Assistant(seeds_index, settings, LanguageModelWriter(settings, endpoint)).stream(question)
        assert not any(one.notice for one in growing)
        assert answer.writer == "fake"
        assert said in answer.notice
        assert bool(said) == ("passages" in answer.notice)


def test_a_writer_keeps_how_long_a_prompt_may_be(seeds_index: Index) -> None:
    task = make_task("How many strikes?", seeds_index.search("strikes", limit=10))
    writer = LanguageModelWriter(RagSettings(prompt_tokens=100_000))
    writer.shorten(task)
    shorter = within_budget(task, writer.prompt_tokens)
    assert 0 < len(shorter.sentences) < len(task.sentences)
    before = writer.prompt_tokens
    writer.shorten(task)  # another question at the same time: what was too long is halved once
    assert writer.prompt_tokens == before // 2 or writer.prompt_tokens == before
