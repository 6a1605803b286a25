"""An answer kept and restored is the same; whatever else comes back is one error or an answer that can be shown."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evals.cases import SEEDS
from evals.scenes import SCENES, load_scenes
from evals.stage import make_index, play
from index.engine import Index
from index.errors import FootnoteError
from index.records import Article
from rag import restore
from rag.assistant import Assistant
from rag.records import Answer
from rag.restore import kept, restored
from ui.render import article, html, terminal
from ui.render.lines import gone

QUESTIONS = (
    "How many strikes had US aircraft carried out in Sirte?",
    "When did pro-GNA forces enter Sirte?",
    "What is the capital of Peru?",
)


@pytest.fixture(scope="module")
def answers(assistant: Assistant) -> list[Answer]:
    return [assistant.ask(question) for question in QUESTIONS]


@pytest.fixture(scope="module")
def find(seeds_index: Index) -> Callable[[str], Article | None]:
    return cache(seeds_index.article)


def through_a_browser(answer: Answer) -> Any:
    return json.loads(json.dumps(kept(answer)))


def without_sentences(answer: Answer) -> Answer:
    """A chunk's sentences are of no use once the answer is written, and are not kept."""
    chunks = [replace(passage, chunk=replace(passage.chunk, sentences=())) for passage in answer.passages]
    return replace(answer, passages=tuple(chunks))


def test_what_is_kept_of_the_seeds_answers_comes_back_the_same(answers, find) -> None:  # type: ignore[no-untyped-def]
    for answer in answers:
        assert restored(through_a_browser(answer), find) == without_sentences(answer)
        assert gone(restored(through_a_browser(answer), find)) == ""


def test_what_a_model_wrote_comes_back_the_same(tmp_path_factory: pytest.TempPathFactory) -> None:
    index = make_index(SCENES, SEEDS, tmp_path_factory.mktemp("scenes"))
    for scene in load_scenes(SCENES)[::6]:
        answer = play(scene, index)
        assert restored(through_a_browser(answer), index.article) == without_sentences(answer), scene.id


def test_an_answer_that_was_stopped_comes_back_as_such(assistant: Assistant, find) -> None:  # type: ignore[no-untyped-def]
    first = next(iter(assistant.stream(QUESTIONS[0])))
    stopped = replace(first, notice="Stopped.")
    assert not stopped.done
    assert restored(through_a_browser(stopped), find) == without_sentences(stopped)


def test_no_text_of_a_passage_is_kept_and_little_else(answers: list[Answer]) -> None:
    for answer in answers:
        data = json.dumps(kept(answer))
        assert len(data) < 7_000
        quotes = [one.quote for one in (*answer.citations, *answer.nearest)]
        assert not [one for one in answer.passages if one.text in data and one.text not in quotes]


def test_a_quote_whose_article_is_gone_stays_and_is_named(answers: list[Answer], find) -> None:  # type: ignore[no-untyped-def]
    _, answer, refusal = answers
    other = answer.citations[1].article_id
    assert other != answer.citations[0].article_id
    back = restored(through_a_browser(answer), lambda key: None if key == other else find(key))
    assert back.citations == answer.citations
    assert {passage.article.id for passage in back.passages} == {answer.citations[0].article_id}
    assert gone(back) == "Quote [2]: the article has changed or is no longer indexed."
    nothing = restored(through_a_browser(refusal), lambda _: None)
    assert nothing.nearest == refusal.nearest
    assert gone(nothing).startswith("Quotes [1], [2]")
    # kept again, it comes back whole once the article does
    assert restored(through_a_browser(back), find).citations == answer.citations


def test_an_article_in_which_a_quote_does_not_stand_is_not_shown_with_it(answers: list[Answer], find) -> None:  # type: ignore[no-untyped-def]
    data = through_a_browser(answers[0])
    quote = data["citations"][0]["quote"]
    data["citations"][0]["quote"] = "A" + quote[1:]
    back = restored(data, find)
    assert back.citations[0].quote == "A" + quote[1:]
    assert "[1]" in gone(back)
    assert back.citations[0].article_id not in {passage.article.id for passage in back.passages}


def test_title_date_and_source_are_the_index_s_not_the_browser_s(answers: list[Answer], find) -> None:  # type: ignore[no-untyped-def]
    data = through_a_browser(answers[0])
    data["citations"][0] |= {"title": "Forged", "date": "1999-01-01", "source": "https://evil.example", "page": 3}
    assert restored(data, find).citations == answers[0].citations


# --- rubbish


def nested(depth: int) -> Any:
    data: Any = []
    for _ in range(depth):
        data = [data]
    return data


RUBBISH: list[Any] = [
    None, 3, "x", [], {}, {"question": "q"}, {"question": "", "searched": "q"}, {"question": "\ud800", "searched": "q"},
    {"question": "q", "searched": "q", "text": "x" * restore.LONGEST},
    {"question": "q", "searched": "q", "timings": {"a\nb<script>": "x"}},
    {"question": "q", "searched": "q", "timings": {"search": float("nan")}},
    {"question": "q", "searched": "q", "timings": {"search": 10**400}},
    {"question": "q", "searched": "q", "usage": {"prompt_tokens": 10**30, "completion_tokens": 1}},
    {"question": "q", "searched": "q", "claims": [{"start": 0, "end": 9, "citations": [], "support": "supported"}]},
    {"question": "q", "searched": "q", "passages": {"__proto__": {}}},
    {"question": "q", "searched": "q", "done": 1},
    {"question": "q", "searched": object()}, {"question": "q", "searched": "q", "text": nested(100_000)},
]  # fmt: skip


@pytest.mark.parametrize("data", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_is_one_line(data: Any) -> None:
    with pytest.raises(FootnoteError) as raised:
        restored(data, lambda _: None)
    message = str(raised.value)
    assert message.startswith("A kept answer cannot be read (")
    assert len(message.splitlines()) == 1
    assert "<script>" not in message


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("claims", {"end": 10**6}),
        ("claims", {"start": -1}),
        ("claims", {"support": "certain"}),
        ("claims", {"citations": [9]}),
        ("citations", {"number": 0}),
        ("citations", {"number": 2}),
        ("citations", {"number": "1"}),
        ("citations", {"start": 10}),
        ("citations", {"page": -4}),
        ("passages", {"end": 0}),
        ("passages", {"score": "1"}),
        ("passages", {"score": 1e300}),
        ("weighed", {"end": 0}),
        ("weighed", {"score": 1e300}),
    ],
)
def test_what_is_out_of_bounds_is_refused(name: str, change: dict[str, Any], answers: list[Answer], find) -> None:  # type: ignore[no-untyped-def]
    data = through_a_browser(answers[0])
    data[name][0] |= change
    with pytest.raises(FootnoteError, match="cannot be read"):
        restored(data, find)


def test_too_many_passages_are_refused(answers: list[Answer], find) -> None:  # type: ignore[no-untyped-def]
    data = through_a_browser(answers[0])
    data["passages"] = data["passages"][:1] * 101
    with pytest.raises(FootnoteError, match="passages"):
        restored(data, find)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to everything in nested data, but for itself."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place for key, value in inside for place in ((*path, key), *places(value, (*path, key)))]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 400) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.data())
def test_whatever_is_changed_it_is_one_error_or_can_be_shown(drawn: st.DataObject, answers, find) -> None:  # type: ignore[no-untyped-def]
    data = copy.deepcopy(through_a_browser(drawn.draw(st.sampled_from(answers))))
    for _ in range(drawn.draw(st.integers(1, 3))):
        *path, last = drawn.draw(st.sampled_from(places(data)))
        holder = data
        for key in path:
            holder = holder[key]
        siblings = st.sampled_from(list(holder.values() if isinstance(holder, dict) else holder))
        holder[last] = drawn.draw(siblings | JSON)
    try:
        answer = restored(data, find)
    except FootnoteError:
        return
    for citation in (*answer.citations, *answer.nearest):
        found = next((one.article for one in answer.passages if one.article.id == citation.article_id), None)
        assert found is None or found.text[citation.start : citation.end] == citation.quote
        assert found is not None or f"[{citation.number}]" in gone(answer) or citation in answer.nearest
    assert html.message(answer, 1)
    for anchor in article.anchors(answer):
        found = {one.article.id: one.article for one in answer.passages}.get(anchor[1].article_id)
        assert article.source(found, answer, anchor, 1)
    assert terminal.render(answer)
    assert kept(restored(json.loads(json.dumps(kept(answer))), find)) == kept(answer)
