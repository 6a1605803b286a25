"""Example questions read as if a person had asked them, come from what is indexed, and are answered by it"""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.engine import Index
from index.records import Article
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.offers.examples import MOST_OF_A_KIND, Heard, examples, follow_ups
from rag.offers.fit import is_fit
from rag.offers.offered import Offer, common_stems, is_english, offers
from rag.offers.people import what_said, who_is
from rag.records import Answer

CONTEXT = "The council and the people of the town have spoken about it for years, and so has the press of the region."
GERMAN = (
    "Der Hafen von Kiel wurde im Juni 2014 eröffnet. Die Stadt hat seit Mai 2015 einen neuen Bürgermeister, und er "
    "will das Rathaus in der Altstadt renovieren lassen. Minister Ada Lowe sagte am Montag, dass die Brücke alt ist."
)

AssistantOf = Callable[..., Assistant]


@pytest.fixture
def assistant_of(tmp_path: Path) -> AssistantOf:
    """An assistant over articles that are given by their texts."""

    def make(**texts: str) -> Assistant:
        settings = RagSettings(data_dir=tmp_path / "data", embedding="static")
        for name, text in texts.items():
            (tmp_path / f"{name}.txt").write_text(text, "utf-8")
        index = Index(settings)
        index.sync([tmp_path / f"{name}.txt" for name in texts])
        return Assistant(index, settings)

    return make


def article(text: str, title: str = "Title", id_: str = "1") -> Article:
    return Article(id_, title, text, ("a.txt",))


def questions(text: str, title: str = "Title") -> list[str]:
    return [offer.question for offer in offers(article(f"{text} {CONTEXT}", title))]


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Albert Einstein was a German-born theoretical physicist, who moved to Bern.", "Who was Albert Einstein?"),
        ("Basantapur is the largest town of the Makwanpur hills.", "What is Basantapur?"),
        ("The Delaware River is a major river on the coast.", "What is the Delaware River?"),
        ("Tomas Ritter, a former mayor of Ludvar, will take charge.", "Who is Tomas Ritter?"),
        ("They are loyal to a controversial general, Khalifa Haftar.", "Who is Khalifa Haftar?"),
        ("Unity government head Fayez al-Sarraj said “no” on Tuesday.", "Who is Fayez al-Sarraj?"),
    ],
)
def test_a_sentence_that_introduces_somebody_asks_who_they_are(sentence: str, question: str) -> None:
    assert who_is(sentence, frozenset()) == question


@pytest.mark.parametrize(
    "sentence",
    [
        "It was a large river in the north.",
        "Dilip Joshi is an Indian film and television figure.",
        "The Love Album The Love Album is the second album of Coalesce.",
        "The Australian Labor Party, the leader of the left, lost.",
        "The commander of Keesler Air Force Base said no.",
        "They met Mr Sandor, the mayor of Velm, at noon.",
        "Congress passed the Indian Removal Act of 1830.",
        "The harbour bridge was a wonder.",
    ],
)
def test_what_introduces_nobody_asks_nothing(sentence: str) -> None:
    assert who_is(sentence, frozenset()) is None


def test_what_somebody_said_is_asked_with_its_topic() -> None:
    said = "Minister Ada Lowe said on Monday that the harbour bridge was built with old cables."
    assert what_said(said, frozenset()) == "What did Minister Ada Lowe say about the harbour bridge?"
    for other in ("his bridge", "the bridge"):  # whose, and which one?
        assert what_said(said.replace("the harbour bridge", other), frozenset()) is None
    assert what_said(said.replace("Minister Ada Lowe", "The minister"), frozenset()) is None


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When did the game begin development in Osaka?", "The game began development in Osaka in May 2009."),
        ("When did Nixon name William Simon?", "Nixon named William Simon as his tsar in May 1973."),
        ("When was Johnston hired to direct?", "Johnston was hired to direct, and to write, in May 2001."),
        ("When is Mr Halvard the fourth minister to leave?", "Mr Halvard is the fourth minister to leave in May."),
        ("How many miles did Obama drive in Kenya?", "Obama drove 30 miles in Kenya."),
        ("How many people were hurt below the bridge?", "30 people were hurt below the bridge."),
        ("When did Ann Lee say the bridge of Leeds opened?", "Ann Lee said the bridge of Leeds opened in May 2001."),
        ("When did a teaser reveal Sonic in Japan?", "In May 2001 a teaser revealed Sonic in Japan."),
        ("Since when have the crews of Leeds brought in 2?", "Since May the crews of Leeds have brought in 2."),
        ("How many boys were driven to Ludvar, according to a nurse?", "A nurse said 3 boys were driven to Ludvar."),
        ("When were the Leeds Acts a series of laws passed?", "The Leeds Acts were a series of laws passed in 1767."),
        ("Where is the Panamanian branch located?", "The Panamanian branch is located in Colon."),
        ("When did Obama also visit Kenya?", "Obama also visited Kenya in May 2015."),
    ],
)
def test_a_question_that_leans_on_its_article_or_lost_a_part_is_not_shown(question: str, sentence: str) -> None:
    assert not is_fit(question, sentence)


def test_a_question_that_stands_alone_is_shown() -> None:
    assert is_fit("When did Obama visit Kenya for talks?", "Obama visited Kenya for talks in July 2015.")
    assert questions("The people wait. In July 2015 Barack Obama visited Kenya for talks in Nairobi.") == [
        "When did Barack Obama visit Kenya for talks in Nairobi?"
    ]


def test_a_first_word_keeps_its_capital_only_where_it_is_known_to_be_a_name() -> None:
    sentence = "Hotels entered the Velmouth register in July 2015."
    assert questions(sentence) == []
    assert questions(f"{sentence} Some hotels did not.") == ["When did hotels enter the Velmouth register?"]


def test_the_name_in_a_title_is_asked_about_as_the_text_has_it() -> None:
    told = "Nobody knows what the Harbour Party has done, said the press."
    assert "What do the articles say about the Harbour Party?" in questions(told, "Harbour Party wins in Velmouth")
    for title in ("Harbour Party of Velmouth wins", "Old Harbour Party wins"):  # another thing's name
        assert questions(told, title) == []


def test_no_question_is_made_of_another_language() -> None:
    assert is_english(CONTEXT)
    assert not is_english(GERMAN)
    assert not offers(article(GERMAN))
    assert not offers(article(""))


@settings(deadline=None, max_examples=60)
@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from("The Jets Ada Lowe have 36 of in June , by said was and that 2014 . (a) mayor".split())
    ).map(" ".join)
)
def test_any_text_makes_questions_of_one_line_from_its_own_sentences(text: str) -> None:
    given_ = article(f"{CONTEXT} {text}")
    for offer in offers(given_):
        assert offer.question.isprintable()
        assert offer.question.endswith("?")
        assert given_.text[offer.start : offer.end].strip()


def test_common_words_are_those_without_a_capital_of_their_own() -> None:
    assert {"jet", "hotel"} <= common_stems("Jets flew. The jets of Velm saw hotels.")
    assert "velm" not in common_stems("Jets flew. The jets of Velm saw hotels.")


# --- which are shown


def test_the_seeds_examples_are_answered_by_the_sentences_they_come_from(assistant: Assistant) -> None:
    found = assistant.examples()
    assert "When did jihadist groups take root in Libya?" in found
    assert 3 <= len(found) <= 4
    articles = {entry.id: assistant.index.article(entry.id) for entry in assistant.index.entries()}
    made = {offer.question: offer for one in articles.values() if one for offer in offers(one)}
    for question in found:
        answer = assistant.ask(question)
        assert not answer.refused
        assert (answer.citations[0].start, answer.citations[0].article_id) == (
            made[question].start,
            made[question].article_id,
        )
    assert {made[question].article_id for question in found} == set(articles)


def test_examples_are_made_once_for_each_state_of_the_index(
    assistant_of: AssistantOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = f"Kenya\n\n{CONTEXT} In July 2015 Barack Obama visited Kenya for talks in Nairobi."
    assistant = assistant_of(first=first)
    assert assistant.examples() == ("When did Barack Obama visit Kenya for talks in Nairobi?",)
    with monkeypatch.context() as patched:
        patched.setattr(assistant.index, "search", lambda *_, **__: pytest.fail("searched again"))
        assert assistant.examples()
    Path(assistant.index.entries()[0].sources[0]).write_text(
        f"Rome\n\n{CONTEXT} In May 2009 Ada Lowe entered Rome with a band of drummers.", "utf-8"
    )
    assistant.index.sync()
    assert assistant.examples() == ("When did Ada Lowe enter Rome with a band of drummers?",)


def test_nothing_fit_to_ask_gives_no_example(assistant_of: AssistantOf) -> None:
    assert assistant_of(german=GERMAN, bare="Nothing here.").examples() == ()


def test_the_newest_articles_are_asked_first_and_one_kind_does_not_fill_the_list() -> None:
    many = [
        article(f"{CONTEXT} {name}, the mayor of {town}, met the press.", id_=town)
        for name, town in (
            ("Ada Lowe", "Leeds"),
            ("Ruth Ansley", "Velm"),
            ("Tomas Reyl", "Kolm"),
            ("Ines Falk", "Rome"),
        )
    ]
    tried: list[Offer] = []

    def is_answered(offer: Offer) -> bool:
        tried.append(offer)
        return True

    found = examples(many, is_answered, limit=4, tries=8)
    assert found == ("Who is Ada Lowe?", "Who is Ruth Ansley?")[:MOST_OF_A_KIND]
    assert [offer.article_id for offer in tried] == ["Leeds", "Velm"]


def test_what_is_not_answered_is_not_shown_and_trying_has_an_end() -> None:
    many = [
        article(f"{CONTEXT} In July {2000 + n} Barack Obama visited {town} for talks.", id_=town)
        for n, town in enumerate("Leeds Velm Kolm Rome Oslo Bern".split())
    ]
    tried: list[Offer] = []

    def is_answered(offer: Offer) -> bool:
        tried.append(offer)
        return False

    assert examples(many, is_answered, limit=4, tries=3) == ()
    assert len(tried) == 3


# --- what to ask next


def test_follow_ups_are_answered_and_neither_asked_nor_told_before(assistant: Assistant) -> None:
    history: list[Answer] = []
    question = "Who leads the fighters in Sirte?"
    for _ in range(4):
        answer = assistant.ask(question, history)
        found = assistant.follow_ups(answer, history)
        told = [one.quote for turn in (*history, answer) for one in turn.citations]
        assert len(found) == len(set(found)) <= 3
        for one in found:
            assert one not in [turn.question for turn in (*history, answer)]
            offered = assistant.ask(one)
            assert not offered.refused
            assert offered.citations[0].quote not in told
        history.append(answer)
        if not found:
            break
        question = found[0]
    assert len(history) > 2


def test_a_refusal_is_followed_by_what_the_nearest_articles_say(assistant: Assistant) -> None:
    refused = assistant.ask("What is the capital of Peru?")
    assert refused.refused
    assert assistant.follow_ups(refused)


def test_the_nearest_sentences_are_asked_about_first() -> None:
    far, near = (
        "In July 2015 Barack Obama visited Kenya for talks.",
        "In May 2009 Ada Lowe entered Rome with a band of men.",
    )
    one = article(f"{far}\n\n{CONTEXT}\n\n{CONTEXT}\n\n{near}\n\n{CONTEXT}")
    found = follow_ups([(one, len(one.text))], Heard(), lambda _: True, limit=1, tries=1)
    assert found == ("When did Ada Lowe enter Rome with a band of men?",)
    told = Heard(told=(near.replace(" ", "\n"),))
    assert follow_ups([(one, len(one.text))], told, lambda _: True, limit=2, tries=2) == (
        "When did Barack Obama visit Kenya for talks?",
    )


def test_a_long_article_is_read_around_the_quote_alone() -> None:
    late = "In May 2009 Ada Lowe entered Rome with a band of men."
    text = "\n\n".join([CONTEXT] * 300 + [late])
    found = offers(article(text), near=text.index(late))
    assert [text[one.start : one.end] for one in found] == [late]
    assert not offers(article(text))
