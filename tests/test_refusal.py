"""A refusal offers what the articles do answer; an answer says which of the question's names it leaves open."""

from rag.reading.question import analyse
from rag.records import Citation
from rag.refusal import suggest, uncovered


def citation(quote: str, title: str = "News", date: str | None = None) -> Citation:
    return Citation(1, "a", title, date, "a.txt", 0, len(quote), quote)


def test_suggestions_are_names_of_the_nearest_that_are_answered_and_not_asked_already() -> None:
    nearest = [citation("The pilot met Ada Brenn of the Harbour Union in Velm on Monday, said Ida Oss.")]
    asked = analyse("What did the pilot of Velm earn?")
    offered = suggest(asked, nearest, lambda question: "Oss" not in question)
    assert offered == (
        "What do the articles say about the Harbour Union?",
        "What do the articles say about Ada Brenn?",
    )
    assert suggest(asked, nearest, lambda _: False) == ()


def test_uncovered_are_names_and_numbers_that_no_quote_title_or_date_has() -> None:
    asked = analyse("Who led Arle and Brin in 2016 and 2017?")
    assert uncovered(asked, [citation("Brin was led by Oss.", date="2016-05-01")]) == ("Arle", "2017")
    assert uncovered(asked, [citation("Brin was led by Oss in 2017.", "Arle", "2016-05-01")]) == ()
    dated = analyse("As of May 1 2016, who led Brin?")
    assert uncovered(dated, [citation("Brin was led by Oss.", date="2016-05-01")]) == ()
    assert uncovered(dated, [citation("Brin was led by Oss.", date="2016-06-02")]) == ("May", "1")
