"""What a model is told, and what a question leans on."""

from fakes import PastTurn

from index.engine import Index
from index.tokens import count_tokens
from rag.followup import earlier_questions
from rag.prompt import FIRST_NUMBER, Task, messages, number_sentences, rules
from rag.question import analyse


def task(index: Index, question: str = "How many strikes?", history: tuple[PastTurn, ...] = ()) -> Task:
    return Task(question, analyse(question), number_sentences(index.search(question, limit=10)), history)


def test_every_sentence_has_its_own_number_and_none_is_small(seeds_index: Index) -> None:
    sentences = task(seeds_index).sentences
    assert min(sentences) == FIRST_NUMBER
    assert all(number == sentence.number for number, sentence in sentences.items())
    assert len({(s.article.id, s.start) for s in sentences.values()}) == len(sentences)


def test_the_rules_example_uses_numbers_that_no_sentence_has() -> None:
    import re

    assert all(int(number) < FIRST_NUMBER for number in re.findall(r"\[(\d+)\]", rules()))


def test_the_prompt_holds_numbered_sentences_titles_dates_and_the_question(seeds_index: Index) -> None:
    chat = messages(task(seeds_index), 3_000)
    assert [message["role"] for message in chat] == ["system", "user"]
    assert "36 strikes over Sirte since August 1." in chat[1]["content"]
    assert "# Libya forces face ISIS fightback in Sirte (2016-06-12)" in chat[1]["content"]
    assert chat[1]["content"].endswith("Question: How many strikes?")


def test_a_small_budget_leaves_out_the_least_useful_passages(seeds_index: Index) -> None:
    long, short = messages(task(seeds_index), 3_000), messages(task(seeds_index), 600)
    assert count_tokens(short[1]["content"]) < 450 < count_tokens(long[1]["content"])
    assert "[11]" in short[1]["content"]


def test_the_conversation_alternates_and_keeps_its_latest_turns(seeds_index: Index) -> None:
    history = tuple(PastTurn(f"Question {n}?", f"Answer {n}.") for n in range(9))
    chat = messages(task(seeds_index, history=history), 3_000)
    assert [message["role"] for message in chat[1:]] == ["user", "assistant"] * 3 + ["user"]
    assert chat[-2]["content"] == "Answer 8."


def test_a_question_that_refers_back_leans_on_the_last_two() -> None:
    history = [PastTurn("First?"), PastTurn("Second thing?"), PastTurn("Third thing?")]
    assert earlier_questions("And when was that?", history) == ("Second thing?", "Third thing?")
    assert earlier_questions("How many armed vehicles were seized in Sirte?", history) == ()
    assert earlier_questions("And when was that?", []) == ()
