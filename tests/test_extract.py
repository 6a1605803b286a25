"""A disagreement in one value is shown from both sides, a sentence printed twice only once, a pronoun with its name"""

from pathlib import Path

import pytest

from index.engine import Index
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.records import Answer

BRIDGE = "The old stone bridge over the river at Milltown was built by local masons in {}."


@pytest.mark.parametrize(
    ("years", "quoted"), [((1731, 1840), 2), ((1731, 1731), 1)], ids=["two values", "the same sentence"]
)
def test_sentences_that_differ_in_a_value_are_two(tmp_path: Path, years: tuple[int, int], quoted: int) -> None:
    for number, year in enumerate(years):
        (tmp_path / f"{number}.txt").write_text(f"Report {number}\n\n{BRIDGE.format(year)} It is report {number}.")
    settings = RagSettings(data_dir=tmp_path / "index")
    index = Index(settings)
    index.sync([tmp_path])
    answer = Assistant(index, settings).ask("When was the old stone bridge at Milltown built?")
    assert len(answer.citations) == quoted
    assert {year for year in years if any(str(year) in one.quote for one in answer.citations)} == {*years}
    assert bool(answer.conflicts) == (quoted == 2)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How many people has the flood at Milltown killed so far?", "31"),
        ("How many people had the flood at Milltown killed as of 3 May 2021?", "12"),
        ("How many people had the flood at Milltown killed by 2 May?", "4"),
    ],
)
def test_the_latest_and_a_day_that_the_question_sets_are_honoured(tmp_path: Path, question: str, first: str) -> None:
    for day, dead in ((1, "so far 4"), (3, "12"), (9, "31")):
        (tmp_path / f"{day}.txt").write_text(
            f"Flood, day {day}\n\n{day} May 2021\n\nThe flood at Milltown has killed {dead} people, the mayor said."
        )
    settings = RagSettings(data_dir=tmp_path / "index")
    index = Index(settings)
    index.sync([tmp_path])
    answer = Assistant(index, settings).ask(question)
    assert f"{first} people" in answer.citations[0].quote


def ask(folder: Path, question: str, *articles: str) -> Answer:
    for number, text in enumerate(articles):
        (folder / f"{number}.txt").write_text(text)
    settings = RagSettings(data_dir=folder / "index")
    index = Index(settings)
    index.sync([folder])
    return Assistant(index, settings).ask(question)


def test_two_reports_of_one_story_are_heard_in_their_own_words(tmp_path: Path) -> None:
    taken = "Burglars took a compass from the museum.\n\n"
    articles = (
        f"Thieves at museum\n\n{taken}The haul is worth 3 million crowns, said Ida Brenner, the museum's director.",
        f"Museum robbed\n\n{taken}Police put the value of the stolen objects at up to 900,000 crowns.",
        "New bridge\n\nA bridge is to be built at Alston.\n\nThe contract is worth 76 million crowns.",
    )
    answer = ask(tmp_path, "What is the loot from the museum worth?", *articles)
    assert {one.value for one in answer.conflicts[0].statements} == {"3 million crowns", "up to 900,000 crowns"}


@pytest.mark.parametrize(
    ("denial", "conflict"), [("The firm rejected the charge.", True), ("The firm rejected a pay deal.", False)]
)
def test_a_denial_is_shown_with_what_it_denies(tmp_path: Path, denial: str, conflict: bool) -> None:
    charge = "Green groups said the cannery at Milltown lets waste into the bay."
    article = f"Cannery at Milltown\n\n{charge}\n\n{denial}\n\nThe bay is two miles wide."
    answer = ask(tmp_path, "What did green groups say about the cannery at Milltown?", article)
    assert answer.citations[0].quote == charge
    assert bool(answer.conflicts) == (denial in [one.quote for one in answer.citations]) == conflict


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Who is the mayor of Ellerby?", "mayor Greta Sund"),
        ("How much money is set aside for roads in Ellerby?", "25 million for roads"),
        ("What did the opposition in Ellerby call the plan?", "reckless"),
    ],
)
def test_a_name_in_the_title_tells_the_article_and_not_the_sentence(tmp_path: Path, question: str, quote: str) -> None:
    budget = (
        "{0} council passes its budget\n\nThe council of {0} approved a budget of {1} million crowns.\n\n"
        "The budget sets aside {2} million for roads and 8 million for schools, mayor {3} said. "
        "The opposition called the plan {4}."
    )
    towns = (
        ("Ellerby", 23, 25, "Greta Sund", "reckless"),
        ("Harwick", 26, 21, "Ann Farrow", "timid"),
        ("Dunmore", 31, 5, "Piet Loos", "unfair"),
    )
    answer = ask(tmp_path, question, *(budget.format(*town) for town in towns))
    assert [quote in one.quote for one in answer.citations] == [True]
    assert not answer.conflicts


WHALES = "Whales return\n\nScientists counted 38 whales in the strait. {}"
FERRIES = "The ferry companies say that the ban is costly."


@pytest.mark.parametrize(
    ("question", "text", "quote"),
    [
        ("Who asked for an end of the fast boat rule?", f"{FERRIES} They asked for an end of it.", FERRIES),
        ("What do whales eat?", "The whales pass in May. They feed on shrimps.", "The whales pass in May."),
        ("Is it clear why whales come back?", f"{FERRIES} It is not clear why whales come back.", "It is not clear"),
        (
            "Did the companies ask for an end of the ban?",
            f"{FERRIES} Companies asked to end the ban.",
            "Companies asked",
        ),
    ],
    ids=["who is asked for", "named before", "It stands for nothing", "no pronoun"],
)
def test_a_quote_that_opens_with_a_pronoun_begins_with_the_sentence_before(
    tmp_path: Path, question: str, text: str, quote: str
) -> None:
    first = ask(tmp_path, question, WHALES.format(text)).citations[0].quote
    assert first.startswith(quote)
    assert first in text


def test_nothing_is_quoted_twice_for_a_pronoun(tmp_path: Path) -> None:
    answer = ask(tmp_path, "What do whales eat?", WHALES.format("The whales pass in May. They feed on shrimps."))
    assert sum("The whales pass in May." in one.quote for one in answer.citations) == 1


@pytest.mark.parametrize(("then", "quoted"), [("the true number was 71", True), ("the harbour would close", False)])
def test_what_corrects_a_sentence_is_quoted_with_it(tmp_path: Path, then: str, quoted: bool) -> None:
    told = "Harbour\n\nAn earlier report said that 64 inspections had been skipped."
    answer = ask(tmp_path, "How many inspections were skipped?", f"{told} The council said on Wednesday that {then}.")
    assert any(then in one.quote for one in answer.citations) == quoted
