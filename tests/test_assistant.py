"""From a question to an Answer, on the seeds: quoting alone, and with a scripted model."""

from collections.abc import Iterator
from itertools import count
from types import SimpleNamespace

import httpx2
import pytest
from fakes import FakeEndpoint, PastTurn

from index.engine import Index
from index.errors import QuestionError
from index.records import Filters
from rag.assistant import EXTRACTIVE, NOTHING_CARRIED, Assistant
from rag.config import RagSettings
from rag.endpoint.generate import ATTEMPTS, LanguageModelWriter
from rag.prompt import REFUSAL
from rag.records import Answer, Usage
from rag.steps import clock

STRIKES = "How many strikes had US aircraft carried out in Sirte?"


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    fake = FakeEndpoint()
    yield fake
    fake.over.set()


@pytest.fixture
def with_model(seeds_index: Index, endpoint: FakeEndpoint) -> Assistant:
    return ask_model(seeds_index, endpoint, patience=20)


def ask_model(index: Index, endpoint: FakeEndpoint, patience: float) -> Assistant:
    settings = RagSettings(
        data_dir=index.settings.data_dir,
        base_url="http://model.test/v1",
        model="fake",
        api_key="secret-key",
        first_token_timeout=patience,
        token_timeout=patience,
    )
    return Assistant(index, settings, LanguageModelWriter(settings, transport=endpoint))


def number_of(assistant: Assistant, sentence_start: str) -> int:
    """The number under which the model sees the sentence that starts so, for the strikes question."""
    from rag.prompt import number_sentences

    passages = assistant.index.search(STRIKES, limit=assistant.settings.passages)
    return next(n for n, s in number_sentences(passages).items() if s.text.startswith(sentence_start))


def assert_verbatim(assistant: Assistant, answer: Answer) -> None:
    for citation in (*answer.citations, *answer.nearest):
        article = assistant.index.article(citation.article_id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote
        with open(citation.source, newline="", encoding="utf-8") as file:
            assert file.read()[citation.start : citation.end] == citation.quote


# --- quoting alone


def test_both_values_are_given_with_their_quotes_where_the_articles_differ(assistant: Assistant) -> None:
    answer = assistant.ask(STRIKES)
    assert "29 strikes" in answer.text
    assert "36 strikes" in answer.text
    assert {statement.value for statement in answer.conflicts[0].statements} == {"29 strikes", "36 strikes"}
    assert {statement.as_of for statement in answer.conflicts[0].statements} == {"As of Wednesday", "since August 1"}
    assert_verbatim(assistant, answer)


def test_times_in_quotes_are_read_from_their_articles_date_or_said_not_to_be_known(assistant: Assistant) -> None:
    undated = assistant.ask(STRIKES).times
    assert {(one.words, one.first, one.reason) for one in undated} >= {
        ("Wednesday", "", "the article has no date"),
        ("August 1", "", "the article has no date"),
    }
    dated = assistant.ask("What did the UN Security Council authorise on Tuesday?").times
    [tuesday] = [one for one in dated if one.citation == 1]
    assert (tuesday.words, tuesday.first) == ("Tuesday", "2016-06-07")
    assert tuesday.reason == "counted from the article's date line, Sunday, 12 June 2016"


@pytest.mark.parametrize(
    ("question", "missing"),
    [("What is the capital of Peru?", "Peru"), ("Who won the 2016 Libyan election?", "election")],
)
def test_what_the_articles_do_not_say_is_refused_with_what_is_missing(
    assistant: Assistant, question: str, missing: str
) -> None:
    answer = assistant.ask(question)
    assert answer.refused
    assert answer.text.startswith(REFUSAL)
    assert missing in answer.not_found
    assert answer.nearest
    assert not answer.citations
    assert_verbatim(assistant, answer)


def test_two_articles_that_give_different_times_are_both_heard(assistant: Assistant) -> None:
    (conflict,) = assistant.ask("When did pro-GNA forces enter Sirte?").conflicts
    assert [(one.value, one.date) for one in conflict.statements] == [
        ("last week (the week of 30 May - 5 June 2016)", "2016-06-12"),
        ("June", None),
    ]


def test_who_led_the_forces(assistant: Assistant) -> None:
    answer = assistant.ask("Who led the forces that entered Sirte?")
    assert answer.citations[0].quote.startswith("The fighters are led by brigades from nearby Misrata")


def test_every_claim_of_an_extract_is_its_quote_and_supported(assistant: Assistant) -> None:
    answer = assistant.ask(STRIKES)
    for claim, citation in zip(answer.claims, answer.citations, strict=True):
        assert claim.support == "supported"
        assert claim.citations == (citation.number,)
        assert answer.text[claim.start : claim.end] == f"{citation.quote} [{citation.number}]"


def test_a_follow_up_uses_the_conversation(assistant: Assistant) -> None:
    first = assistant.ask("How many pro-GNA fighters were killed on Tuesday?")
    second = assistant.ask("And the wounded?", [first])
    assert "37 wounded" in second.text
    assert first.question in second.searched


def test_a_question_that_stands_alone_is_searched_as_it_is(assistant: Assistant) -> None:
    first = assistant.ask(STRIKES)
    assert assistant.ask("Who is the head of the unity government?", [first]).searched == (
        "Who is the head of the unity government?"
    )


def test_streaming_ends_in_what_asking_returns(assistant: Assistant) -> None:
    *partial, last = assistant.stream(STRIKES)
    assert last.done
    assert not any(answer.done for answer in partial)
    assert all(last.text.startswith(answer.text) for answer in partial)
    assert last.text == assistant.ask(STRIKES).text


def test_the_stages_of_an_answer_take_its_whole_time(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = count(start=100, step=0.25)
    monkeypatch.setattr(clock, "time", SimpleNamespace(perf_counter=lambda: next(moments)))
    timings = assistant.ask(STRIKES).timings
    assert list(timings) == ["search", "select", "check"]
    assert sum(timings.values()) == (next(moments) - 0.25 - 100) * 1000
    assert list(assistant.ask("What is the capital of Peru?").timings) == ["search", "select", "check"]
    assert list(assistant.ask(STRIKES, filters=Filters(source="nowhere")).timings) == ["search"]


@pytest.mark.parametrize("question", ["", "  \n", "???", "x" * 100_000])
def test_a_question_that_is_none_is_one_line(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError) as raised:
        assistant.ask(question)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 120


# --- with a model


@pytest.mark.parametrize(
    ("replies", "stages"),
    [
        ([["Since when?"], ["It was ", "[{}]."]], ["rewrite", "search", "first token", "write", "check"]),
        ([["Since when?"], [REFUSAL]], ["rewrite", "search", "first token", "write", "select", "check"]),
        ([["Since when?"], ["No ", "idea."]], ["rewrite", "search", "first token", "write", "select", "check"]),
        ([401], ["rewrite", "search", "select", "check"]),
    ],
)
def test_every_stage_of_a_written_answer_is_timed(
    with_model: Assistant, endpoint: FakeEndpoint, replies: list[object], stages: list[str]
) -> None:
    number = number_of(with_model, "As of Wednesday")
    for reply in replies:
        endpoint.enqueue([piece.format(number) for piece in reply] if isinstance(reply, list) else reply)
    answer = with_model.ask("And when was it?", [PastTurn(STRIKES)])
    assert list(answer.timings) == stages
    assert all(milliseconds >= 0 for milliseconds in answer.timings.values())


def test_citations_are_resolved_while_the_text_streams(
    with_model: Assistant, endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.assistant.UPDATE_INTERVAL", 0)
    first, second = number_of(with_model, "As of Wednesday"), number_of(with_model, "US drones and fighter jets have")
    endpoint.enqueue(
        ["As of Wednes", "day, 29 strikes [", str(first), "]. Since ", f"August 1, 36 strikes [{second}]."]
    )
    *partial, answer = with_model.stream(STRIKES)
    assert answer.text == "As of Wednesday, 29 strikes [1]. Since August 1, 36 strikes [2]."
    assert [citation.quote[:15] for citation in answer.citations] == ["As of Wednesday", "US drones and f"]
    assert [(one.citation, one.words) for one in answer.times] == [(1, "Wednesday"), (2, "August 1")]
    assert [claim.support for claim in answer.claims] == ["supported", "supported"]
    assert answer.claims[0].reason == "according to statements by U.S. Africa Command"
    assert any(one.citations and not one.done for one in partial)
    assert not any(str(first) in one.text for one in partial)
    assert answer.writer == "fake"
    assert_verbatim(with_model, answer)


def test_words_in_quotation_marks_are_looked_up_as_they_stream(
    with_model: Assistant, endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.assistant.UPDATE_INTERVAL", 0)
    known = number_of(with_model, "US drones and fighter jets have")
    endpoint.enqueue(
        ["They “have carried", f" out 36 strikes” [{known}]. They “have car", f"ried out 37 strikes” [{known}]."]
    )
    *partial, answer = with_model.stream(STRIKES)
    assert answer.text == "They “have carried out 36 strikes” [1]. They have carried out 37 strikes [1]."
    assert [(answer.text[q.start : q.end], q.verdict, q.citation) for q in answer.quotations] == [
        ("have carried out 36 strikes", "exact", 1),
        ("have carried out 37 strikes", "not found", None),
    ]
    assert answer.claims[1].support == "unsupported"
    assert any(one.text.endswith("They “have car") for one in partial)
    for one in (*partial, answer):
        assert all(one.text[claim.end - 4 : claim.end].strip() for claim in one.claims)


def test_a_true_sentence_with_false_marks_is_only_partly_supported(
    with_model: Assistant, endpoint: FakeEndpoint
) -> None:
    known = number_of(with_model, "US drones and fighter jets have")
    endpoint.enqueue([f"“US drones and fighter jets have carried out 36” strikes [{known}]."])
    (claim,) = with_model.ask(STRIKES).claims
    assert claim.support == "supported"
    endpoint.enqueue([f"US drones and fighter jets have carried out “36 strikes … since August 1” [{known}]."])
    (claim,) = with_model.ask(STRIKES).claims
    assert claim.support == "partial"
    assert claim.reason == "the words in quotation marks do not stand together in the articles"


def test_a_number_that_was_not_shown_never_reaches_the_screen(with_model: Assistant, endpoint: FakeEndpoint) -> None:
    known = number_of(with_model, "US drones and fighter jets have")
    endpoint.enqueue([f"US jets carried out 36 strikes since August 1 [{known}][1][2]. And more [999]."])
    answer = with_model.ask(STRIKES)
    assert len(answer.citations) == 1
    assert "999" not in answer.text
    assert answer.claims[1].support == "unsupported"


def test_a_sentence_without_a_citation_is_marked(with_model: Assistant, endpoint: FakeEndpoint) -> None:
    known = number_of(with_model, "US drones and fighter jets have")
    endpoint.enqueue([f"US drones and fighter jets have carried out 36 strikes [{known}]. The war is nearly won."])
    claims = with_model.ask(STRIKES).claims
    assert [claim.support for claim in claims] == ["supported", "unsupported"]
    assert claims[1].reason == "cites no sentence of the articles"


def test_a_wrong_number_is_marked_with_the_reason(with_model: Assistant, endpoint: FakeEndpoint) -> None:
    known = number_of(with_model, "As of Wednesday")
    endpoint.enqueue([f"As of Wednesday, there had been 36 strikes in Sirte [{known}]."])
    claim = with_model.ask(STRIKES).claims[0]
    assert claim.support == "unsupported"
    assert "36" in claim.reason


@pytest.mark.parametrize(
    "reply",
    [
        500,
        401,
        404,
        429,
        "silence",
        [],
        ["Hm ", "silence"],
        ["The answer is ", httpx2.ReadError("cut")],
        httpx2.ConnectError("refused"),
        ["I don't know."],
        ["\ufffd\x00 zzz"],
        ["<think>endless"],
        ["Twenty-nine [1], thirty-six [2]."],
        [b"[]", b'"hi"', b"5", b"null"],
        [b'{"choices": "abc"}', b'{"choices": [5]}', b'{"choices": [{"delta": "hi"}]}', b'{"choices": [], "usage": 5}'],
        [b'{"choices": [{"index": 0, "delta": {"content": 5}}]}', b'{"choices": [{"delta": {"content": ["a"]}}]}'],
        [b'{"choices": [{"index": 0, "delta": {"content": "\\ud800"}}]}'],
        [b"not json"],
    ],
    ids=str,
)
def test_whatever_the_endpoint_does_the_quotes_are_shown_with_one_line(
    seeds_index: Index, endpoint: FakeEndpoint, reply: object
) -> None:
    attempts = ATTEMPTS if reply in (429, 500) else 1
    endpoint.enqueue(*[reply] * attempts)
    silent = reply == "silence" or (isinstance(reply, list) and "silence" in reply)
    answer = ask_model(seeds_index, endpoint, patience=0.3 if silent else 20).ask(STRIKES)
    assert answer.writer == EXTRACTIVE
    assert "29 strikes" in answer.text
    assert "36 strikes" in answer.text
    assert answer.notice
    assert "\n" not in answer.notice
    assert "secret-key" not in answer.notice
    assert len(endpoint.requests) == attempts


@pytest.mark.parametrize(("reason", "said"), [("stop", ""), ("length", "cut off"), ("", "may be incomplete")])
def test_an_answer_that_is_not_whole_says_so(
    with_model: Assistant, endpoint: FakeEndpoint, reason: str, said: str
) -> None:
    endpoint.finish_reason = reason
    endpoint.enqueue([f"29 strikes [{number_of(with_model, 'As of Wednesday')}]. And [1"])
    answer = with_model.ask(STRIKES)
    assert said in answer.notice
    assert bool(answer.notice) == bool(said)
    assert answer.cut_off == (reason == "length")
    assert answer.text == "29 strikes [1]. And"


def test_a_silent_model_can_be_stopped_at_once(with_model: Assistant, endpoint: FakeEndpoint) -> None:
    endpoint.enqueue("silence")
    stream = with_model.stream(STRIKES)
    assert next(stream).text == ""  # long before the patience of 20 s ends
    stream.close()


def test_a_refusal_that_cites_is_still_one_and_shows_no_citation(with_model: Assistant, endpoint: FakeEndpoint) -> None:
    endpoint.enqueue([f"{REFUSAL[:-1]} [{number_of(with_model, 'As of Wednesday')}]."])
    answer = with_model.ask(STRIKES)
    assert (answer.refused, answer.citations, answer.claims) == (True, (), ())


@pytest.mark.parametrize(("said", "doubted"), [("42 strikes", True), ("36 strikes", False)])
def test_an_answer_of_which_nothing_is_carried_says_so(
    with_model: Assistant, endpoint: FakeEndpoint, said: str, doubted: bool
) -> None:
    number = number_of(with_model, "US drones and fighter jets have")
    endpoint.enqueue([f"There were {said} [{number}]. They were popular."])
    answer = with_model.ask(STRIKES)
    assert (answer.notice == NOTHING_CARRIED) is doubted
    assert answer.writer == "fake"
    assert said in answer.text


def test_a_models_refusal_names_the_nearest_articles(with_model: Assistant, endpoint: FakeEndpoint) -> None:
    endpoint.enqueue([REFUSAL])
    answer = with_model.ask("What is the capital of Peru?")
    assert answer.refused
    assert answer.nearest
    assert "Peru" in answer.text


def test_token_counts_are_kept_where_the_endpoint_gives_them(with_model: Assistant, endpoint: FakeEndpoint) -> None:
    endpoint.usage = Usage(812, 20)
    endpoint.enqueue([f"29 strikes [{number_of(with_model, 'As of Wednesday')}]."])
    assert with_model.ask(STRIKES).usage == Usage(812, 20)


def test_the_first_listed_model_is_used_where_none_is_named(seeds_index: Index, endpoint: FakeEndpoint) -> None:
    settings = RagSettings(data_dir=seeds_index.settings.data_dir, base_url="http://model.test/v1")
    assistant = Assistant(seeds_index, settings, LanguageModelWriter(settings, transport=endpoint))
    endpoint.enqueue(["x"])
    assistant.ask(STRIKES)
    assert endpoint.requests[0]["model"] == "first-listed"


def test_a_stopped_stream_stops_reading(with_model: Assistant, endpoint: FakeEndpoint) -> None:
    endpoint.enqueue(["word ", "word ", "word "])
    stream = with_model.stream(STRIKES)
    next(stream)
    stream.close()
    assert len(endpoint.requests) == 1
