"""What a model is told, and what a question leans on."""

import re
from dataclasses import replace

import pytest
from fakes import PastTurn

from index.engine import Index
from index.tokens import count_tokens
from rag import prompt
from rag.citations import resolve
from rag.prompt import (
    FIRST_NUMBER,
    REFUSAL,
    Sentence,
    Task,
    make_task,
    messages,
    number_sentences,
    prompt_versions,
    rules,
    within_budget,
)
from rag.reading.followup import earlier_questions, stands_alone
from rag.reading.question import analyse
from rag.refusal import is_refusal


def task(index: Index, question: str = "How many strikes?", history: tuple[PastTurn, ...] = ()) -> Task:
    return Task(question, analyse(question), number_sentences(index.search(question, limit=10)), history)


def test_every_sentence_has_its_own_number_and_none_is_small(seeds_index: Index) -> None:
    sentences = task(seeds_index).sentences
    assert min(sentences) == FIRST_NUMBER
    assert all(number == sentence.number for number, sentence in sentences.items())
    assert len({(s.article.id, s.start) for s in sentences.values()}) == len(sentences)


def test_the_example_of_a_citation_cites_nothing_and_tells_nothing(seeds_index: Index) -> None:
    [example] = re.findall(r"The form is: (.*)", rules("instructions"))
    copied = resolve(example, task(seeds_index).sentences)
    assert copied.citations == ()
    assert copied.text == "One thing. Another thing."
    assert all(int(number) < FIRST_NUMBER for number in re.findall(r"\d+", example))


def test_the_prompts_are_short() -> None:
    chat = messages(Task("", analyse(""), {}))
    assert sum(count_tokens(message["content"]) for message in chat) <= 180
    assert all(count_tokens(rules(name)) <= 100 for name in ("rewrite", "opinion"))


def test_what_is_asked_for_is_said_once_more_after_the_articles(seeds_index: Index) -> None:
    told = messages(task(seeds_index))[-1]["content"].partition("</articles>")[2]
    assert "with their numbers, in the language of the question" in told
    assert REFUSAL in rules("instructions")


def test_braces_in_an_article_or_question_are_text(seeds_index: Index) -> None:
    odd = task(seeds_index, "What is {sentences} or {0}?")
    article = replace(next(iter(odd.sentences.values())).article, text="A {question} here.")
    told = messages(replace(odd, sentences={11: Sentence(11, article, 0, len(article.text), "", 1.0)}))[-1]["content"]
    assert "[11] A {question} here." in told
    assert told.endswith("Question: What is {sentences} or {0}?")


def test_a_prompts_version_is_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    before = prompt_versions()
    assert set(before) == {"rag/instructions", "rag/opinion", "rag/question", "rag/rewrite"}
    monkeypatch.setattr(prompt, "REFUSAL", "Nothing is known.")
    rules.cache_clear()
    changed = {name for name, version in prompt_versions().items() if version != before[name]}
    rules.cache_clear()
    assert changed == {"rag/instructions"}


@pytest.mark.parametrize(
    ("written", "cited", "refuses"),
    [
        (REFUSAL, False, True),
        (f"**{REFUSAL.lower()[:-1]}**", False, True),
        (REFUSAL, True, True),
        (f"{REFUSAL} They speak of Sirte.", False, True),
        (f"{REFUSAL} They speak of Sirte.", True, False),
        (f"{REFUSAL[:-1]}ing.", False, False),
        ("", False, False),
    ],
)
def test_a_refusal_is_known_by_its_words(written: str, cited: bool, refuses: bool) -> None:
    assert is_refusal(written, cited) is refuses


def test_the_prompt_holds_numbered_sentences_titles_dates_and_the_question(seeds_index: Index) -> None:
    chat = messages(task(seeds_index))
    assert [message["role"] for message in chat] == ["system", "user"]
    assert "36 strikes over Sirte since August 1." in chat[1]["content"]
    assert "# Libya forces face ISIS fightback in Sirte (2016-06-12)" in chat[1]["content"]
    assert chat[1]["content"].endswith("Question: How many strikes?")


def test_a_small_budget_leaves_out_the_least_useful_passages_and_their_numbers(seeds_index: Index) -> None:
    whole = task(seeds_index)
    small = within_budget(whole, 600)
    assert count_tokens(messages(small)[1]["content"]) < 450 < count_tokens(messages(whole)[1]["content"])
    assert list(small.sentences) == list(whole.sentences)[: len(small.sentences)]


def test_the_conversation_alternates_keeps_its_latest_turns_and_no_numbers(seeds_index: Index) -> None:
    history = tuple(PastTurn(f"Question {n}?", f"Answer {n}. [1][2]") for n in range(9))
    chat = messages(within_budget(task(seeds_index, history=history), 3_000))
    assert [message["role"] for message in chat[1:]] == ["user", "assistant"] * 3 + ["user"]
    assert chat[-2]["content"] == "Answer 8."


def test_long_earlier_answers_do_not_crowd_out_the_articles(seeds_index: Index) -> None:
    history = tuple(PastTurn("What?", "Many words. " * 500) for _ in range(3))
    assert within_budget(task(seeds_index, history=history), 3_000).history == ()


def test_a_question_that_refers_back_leans_on_the_last_two() -> None:
    history = [PastTurn("First?"), PastTurn("Second thing?"), PastTurn("Third thing?")]
    assert earlier_questions("And when was that?", history) == ("Second thing?", "Third thing?")
    assert earlier_questions("How many armed vehicles were seized in Sirte?", history) == ()
    assert earlier_questions("And when was that?", []) == ()


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("Who led the forces that entered Sirte?", True),
        ("Soldiers from which country were in Libya?", True),
        ("How many drones are there in Jordan?", True),
        ("Where did they go after that?", False),
        ("So who won the battle?", False),
        ("When was that?", False),
        ("How many vehicles did it seize?", False),
        ("In miles?", False),
        ("Why?", False),
    ],
)
def test_what_stands_alone(question: str, alone: bool) -> None:
    assert stands_alone(question) is alone


def test_a_task_reads_the_question_with_those_before_it_and_without_its_typos(seeds_index: Index) -> None:
    passages = seeds_index.search("strikes in Sirte")
    task = make_task("And in the convension center?", passages, ["How many strikes were there?"])
    words = {term.token.text: term.earlier for term in task.asked.terms}
    assert words["strikes"] is True
    assert words["convention"] is False
    assert "convension" not in words
