"""What was considered for an answer is told with what became of it"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import FakeEndpoint

from index.engine import Index
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.endpoint.generate import LanguageModelWriter
from rag.prompt import REFUSAL
from rag.steps.weighed import MOST

STRIKES = "How many strikes had US aircraft carried out in Sirte?"


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    fake = FakeEndpoint()
    yield fake
    fake.over.set()


def with_model(index: Index, endpoint: FakeEndpoint, prompt_tokens: int = 3_000) -> Assistant:
    settings = RagSettings(
        data_dir=index.settings.data_dir, base_url="http://model.test/v1", model="fake", prompt_tokens=prompt_tokens
    )
    return Assistant(index, settings, LanguageModelWriter(settings, transport=endpoint))


def fates(tmp_path: Path, question: str, *texts: str) -> list[tuple[str, str]]:
    """Each sentence and what became of it, where the articles have these texts."""
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_text(text, "utf-8")
    settings = RagSettings(data_dir=tmp_path / "data", embedding="static")
    index = Index(settings)
    index.sync([tmp_path / f"{number}.txt" for number in range(len(texts))])
    weighed = Assistant(index, settings).ask(question).weighed
    articles = [(one, index.article(one.article_id)) for one in weighed]
    return [(article.text[one.start : one.end], one.fate) for one, article in articles if article]


def test_every_quote_and_the_best_of_the_others_are_told(assistant: Assistant) -> None:
    answer = assistant.ask(STRIKES)
    assert len(answer.weighed) == MOST
    quoted = {(one.article_id, one.start, one.end): one.fate for one in answer.weighed if "quoted as" in one.fate}
    assert quoted == {(c.article_id, c.start, c.end): f"quoted as [{c.number}]" for c in answer.citations}
    assert "gives no number of strikes" in {one.fate for one in answer.weighed}
    scores = [one.score for one in answer.weighed]
    assert scores == sorted(scores, reverse=True)


def test_a_refusal_tells_what_was_missing_in_each(assistant: Assistant) -> None:
    answer = assistant.ask("What is the capital of Peru?")
    assert {one.fate for one in answer.weighed} == {"does not mention Peru"}


def test_the_whole_answer_as_data_has_them(assistant: Assistant) -> None:
    first = assistant.ask(STRIKES).to_dict()["weighed"][0]
    assert first.keys() == {"article_id", "start", "end", "score", "fate"}


def test_a_sentence_printed_twice_is_told_to_say_the_same(tmp_path: Path) -> None:
    once = "The council closed four libraries in Leeds on Monday."
    found = fates(
        tmp_path, "How many libraries did the council close?", f"Leeds\n\n{once}", f"News\n\n{once} It rained."
    )
    assert [fate for sentence, fate in found if sentence == once] == ["quoted as [1]", "says nearly the same as [1]"]


def test_what_was_written_too_late_says_so(tmp_path: Path) -> None:
    old = "Leeds libraries\n2 March 2021\n\nThe council runs nine libraries in Leeds."
    new = "Libraries of Leeds\n5 May 2023\n\nThe council runs five libraries in Leeds."
    found = dict(fates(tmp_path, "How many libraries did the council run in Leeds as of April 2022?", old, new))
    assert found["The council runs five libraries in Leeds."] == "is from after the time that is asked about"
    assert "after the time" not in found["The council runs nine libraries in Leeds."]


def test_a_model_quotes_and_what_did_not_fit_is_told(seeds_index: Index, endpoint: FakeEndpoint) -> None:
    assistant = with_model(seeds_index, endpoint, prompt_tokens=900)
    endpoint.enqueue(["There were 36 strikes [11]."])
    answer = assistant.ask(STRIKES)
    first = answer.weighed[0]
    assert (first.start, first.fate) == (answer.citations[0].start, "quoted as [1]")
    dropped = [one for one in answer.weighed if one.fate == "did not fit into the prompt"]
    assert len(dropped) == len(answer.weighed) - 1 > 0
    used = len(answer.passages) - len(dropped)
    assert f"Used {used} of {len(answer.passages)} passages" in answer.notice


def test_where_a_model_refuses_what_could_have_been_quoted_is_told(seeds_index: Index, endpoint: FakeEndpoint) -> None:
    endpoint.enqueue([REFUSAL])
    answer = with_model(seeds_index, endpoint).ask(STRIKES)
    assert answer.refused
    assert "was not used by the model" in {one.fate for one in answer.weighed}
    assert not any("quoted" in one.fate for one in answer.weighed)
