"""A disagreement in one value is shown from both sides, a sentence printed twice only once, a pronoun with its name"""

from dataclasses import replace
from pathlib import Path

import pytest

from index.engine import Index
from index.records import Article
from rag.assistant import Assistant
from rag.choosing.antecedent import with_antecedents
from rag.choosing.evidence import Evidence
from rag.choosing.scored import Scored
from rag.config import RagSettings
from rag.prompt import Sentence
from rag.reading.question import analyse
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


def chosen(text: str, *parts: str) -> list[Scored]:
    """Sentences of an article as if they carried no word of a question."""
    article, before, found = Article("a", "Whales", text, ("a.txt",)), "", []
    for number, part in enumerate(parts):
        start = text.index(part)
        found.append(Sentence(number, article, start, start + len(part), before, 1.0))
        before = part
    return [Scored(one, Evidence(1.0, 1.0, (), ()), None) for one in found]


FERRIES = "The ferry companies say that the ban is costly for Northline."


@pytest.mark.parametrize(
    ("question", "then", "led"),
    [
        ("What do companies want?", "They want it to end.", True),
        ("Who wants an end?", "They want it to end.", True),
        ("What do whales want?", "They want it to end.", True),
        ("What do whales want?", "It has to end.", False),
        ("Is it clear why companies left?", "It is not clear why they left.", False),
        ("What do companies want?", "Companies and towns want an end.", False),
        ("What did Northline pay?", "The owners paid 3 million for it.", True),
        ("What did companies pay?", "The owners paid 3 million for it.", False),
    ],
    ids=[
        "before it stands who",
        "who is asked for",
        "before it stands somebody",
        "nothing of it before",
        "It stands for nothing",
        "no pronoun",
        "a name and a pronoun later",
        "no name and a pronoun later",
    ],
)
def test_a_quote_that_opens_with_a_pronoun_begins_with_the_sentence_before(question: str, then: str, led: bool) -> None:
    _, second = chosen(f"{FERRIES} {then}", FERRIES, then)
    asked = analyse(question)
    ((was, shown),) = with_antecedents(asked, [with_terms(second, len(asked.terms))])
    assert was.sentence.text == then
    assert shown.sentence.text == (f"{FERRIES} {then}" if led else then)


def with_terms(scored: Scored, count: int) -> Scored:
    return replace(scored, evidence=replace(scored.evidence, own=(0.0,) * count))


@pytest.mark.parametrize(("order", "quoted"), [((0, 1), 2), ((1, 0), 1)])
def test_nothing_is_quoted_twice_for_a_pronoun(order: tuple[int, int], quoted: int) -> None:
    then, asked = "They want it to end.", analyse("What do companies want?")
    both = [with_terms(one, len(asked.terms)) for one in chosen(f"{FERRIES} {then}", FERRIES, then)]
    shown = [one.sentence.text for _, one in with_antecedents(asked, [both[place] for place in order])]
    assert len(shown) == quoted
    assert " ".join(shown).count(FERRIES) == 1


@pytest.mark.parametrize(("then", "quoted"), [("the true number was 71", True), ("the harbour would close", False)])
def test_what_corrects_a_sentence_is_quoted_with_it(tmp_path: Path, then: str, quoted: bool) -> None:
    told = "Harbour\n\nAn earlier report said that 64 inspections had been skipped."
    answer = ask(tmp_path, "How many inspections were skipped?", f"{told} The council said on Wednesday that {then}.")
    assert any(then in one.quote for one in answer.citations) == quoted


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("What is the profession of Ada Merk?", "Ada Merk (3 May 1902 – 2 June 1980) was a Norden clockmaker."),
        ("When was Ada Merk born?", "Ada Merk (3 May 1902 – 2 June 1980) was a Norden clockmaker."),
        ("Who is the artist of the album Tides?", "Tides is the third album by Lior Haan."),
        ("What is the population of Larn?", "In the year 2000 there were 533 people, in 240 households."),
        ("Where is the Sorrel located?", "The Sorrel is a small mill near Larn."),
    ],
)
def test_what_says_what_something_is_needs_no_word_for_its_kind(tmp_path: Path, question: str, quote: str) -> None:
    merk = "Ada Merk\n\nAda Merk (3 May 1902 – 2 June 1980) was a Norden clockmaker. She lived in Larn."
    tides = "Tides\n\nTides is the third album by Lior Haan. It sold well."
    larn = "Larn\n\nLarn is a town of the north. In the year 2000 there were 533 people, in 240 households."
    mill = "Mills\n\nThe Sorrel is a small mill near Larn. Its wheel turns."
    assert [one.quote for one in ask(tmp_path, question, merk, tides, mill, larn).citations][:1] == [quote]


@pytest.mark.parametrize("question", ["What's the turnout?", "What’s the turnout?", "What is the turnout?"])
def test_a_contraction_is_no_word_to_look_for(tmp_path: Path, question: str) -> None:
    answer = ask(tmp_path, question, "The vote\n\nTurnout was 61 percent.")
    assert [one.quote for one in answer.citations] == ["Turnout was 61 percent."]


def test_what_an_article_takes_back_is_quoted_with_what_is_so(tmp_path: Path) -> None:
    told = "An earlier version of this article said that the Anna Lund was built in 1989."
    answer = ask(tmp_path, "When was the Anna Lund built?", f"The Anna Lund\n\n{told} It was built in 1998.")
    assert [one.quote for one in answer.citations] == [told, "It was built in 1998."]
    assert answer.conflicts == ()


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "When was Judge Holm confirmed by the council?",
            "Judge Holm was confirmed by the council on 3 May 1966.",
            "A judge, Ida Reyl, was confirmed by the council on 8 June 1987.",
        ),
        (
            "Who is the mother of Jon Vint?",
            "The mother of Jon Vint is Maria Holm.",
            "Jon Vint is the son of Karl Vint.",
        ),
        ("When was the wreck located?", "The wreck was located in 1990.", "The wreck is of 1850."),
        ("When did the mayor resign?", "The mayor resigned on 3 May 2021.", "The mayor set off on 9 May 2021."),
        (
            "Who was the director of Tides?",
            "Tides was directed by Ida Brenner.",
            "Tides was Norden's first colour film.",
        ),
    ],
)
def test_what_is_told_of_something_else_is_no_other_side(tmp_path: Path, question: str, one: str, other: str) -> None:
    assert ask(tmp_path, question, f"News\n\n{one}", f"Lives\n\n{other}").conflicts == ()


def test_another_value_is_heard_from_an_article_that_leaves_out_the_first_word_of_a_name(tmp_path: Path) -> None:
    one = "Judge Holm\n\nJudge Holm was confirmed by the council on 3 May 1966."
    other = f"Lives\n\n{'The sea was grey. ' * 20} Holm was confirmed by the council on 8 June 1987. Holm left."
    answer = ask(tmp_path, "When was Judge Holm confirmed by the council?", one, other)
    assert [one.value for conflict in answer.conflicts for one in conflict.statements] == ["3 May 1966", "8 June 1987"]


def test_a_line_with_a_date_answers_nothing_and_tells_nobody_who_she_is(tmp_path: Path) -> None:
    text = "Quay at Larn\n\nTuesday 4 February 2003\n\nShe opened the new quay at Larn, the port said."
    answer = ask(tmp_path, "Who opened the new quay at Larn on 4 February 2003?", text)
    assert [one.quote for one in answer.citations] == ["She opened the new quay at Larn, the port said."]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("When did Jon Hill die?", "Jon Hill served in the long war (1939–1945) as a cook."),
        ("How many people died in the Marrow War?", "The Marrow War (1939–1945) cost 300 people their homes."),
        ("When did the occupation end?", "The strike at the mill ended on Monday."),
        ("What is the nationality of Jon Hill?", "Jon Hill held the door of the museum."),
        ("Who is the director of the Larn museum?", "Ida Holm walked directly to the Larn museum."),
        ("What is the population of Larn?", "Three people died in Larn, and 221 people were moved to schools."),
        ("Who is the vice President of Norden?", "The President of Norden, Ida Holm, spoke."),
    ],
)
def test_words_that_only_look_like_an_answer_are_none(tmp_path: Path, question: str, text: str) -> None:
    assert ask(tmp_path, question, f"News\n\n{text}").refused
