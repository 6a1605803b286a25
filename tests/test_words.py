"""The words of questions and sentences: kinds, counts, values, times, groups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reading.lexicon import matches, tokenize
from rag.reading.quantities import quantities, times, value
from rag.reading.question import Kind, analyse, correct_typos


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many strikes were there?", Kind.NUMBER),
        ("How far is it from Paris?", Kind.NUMBER),
        ("How far into the city did they get?", Kind.OTHER),
        ("When did it begin?", Kind.TIME),
        ("What happened when the bridge fell?", Kind.OTHER),
        ("In what year did he die?", Kind.TIME),
        ("Where were they based?", Kind.PLACE),
        ("Who led them?", Kind.PERSON),
        ("Why did it stop?", Kind.REASON),
        ("What did they find?", Kind.OTHER),
    ],
)
def test_the_kind_of_answer_asked_for(question: str, kind: Kind) -> None:
    assert analyse(question).kind is kind


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("How many armoured vehicles were seized?", ["armoured", "vehicles"]),
        ("number of armoured vehicles ISIS says it took", ["armoured", "vehicles"]),
        ("How many people died?", ["people"]),
        ("How many US drones are there?", ["US", "drones"]),
        ("How many were wounded?", ["wounded"]),
    ],
)
def test_what_a_question_counts(question: str, counted: list[str]) -> None:
    found = [token.text for token in analyse(question).counted]
    assert found == counted or (counted == ["wounded"] and found == [])


def test_an_earlier_question_lends_its_words_and_its_kind() -> None:
    question = analyse("And the wounded?", ["How many fighters were killed?"])
    assert question.kind is Kind.NUMBER
    assert {term.token.text for term in question.terms if term.earlier} == {"fighters", "killed"}


def test_a_word_that_says_of_what_kind_a_named_thing_is_need_not_be_said() -> None:
    asked = {term.token.text: term.says for term in analyse('Who made the film "Tides" about the Orla strike?').terms}
    assert asked == {"made": False, "film": False, "Tides": False, "Orla": False, "strike": True}


def test_a_typo_becomes_the_word_that_the_articles_have() -> None:
    question = correct_typos(analyse("How many were woundd?"), tokenize("More than 70 wounded"))
    assert [term.token.text for term in question.terms] == ["wounded"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("US", "American", True),
        ("us", "American", False),
        ("Islamic State", "ISIL", True),
        ("Libyans", "Libya", True),
        ("Libyan", "Lebanese", False),
        ("director", "directed", True),
        ("composed", "composer", True),
        ("director", "directly", False),
        ("published", "public", False),
        ("killed", "dead", True),
        ("GNA", "pro-GNA", True),
        ("strikes", "airstrikes", True),
        ("father", "son of", True),
        ("mother", "father", False),
        ("started again", "resume", True),
        ("sold", "sold to", True),
        ("mother", "son of", False),
        ("turned down", "rejected", True),
        ("Peru", "Libya", False),
    ],
)
def test_words_for_one_thing(one: str, other: str, same: bool) -> None:
    assert matches(tokenize(one)[0], tokenize(other)[0]) is same


def test_numbers_stand_with_what_they_count() -> None:
    sentence = "The operation has left 145 fighters dead and 500 injured, and five of their guards hurt over 10 days."
    found = quantities(sentence)
    assert [quantity.counted[0].text for quantity in found] == ["fighters", "injured", "of", "days"]
    assert [quantity.value for quantity in found] == [145, 500, 5, 10]


@given(st.integers(min_value=0, max_value=10**9))
def test_a_number_is_the_same_with_and_without_thousands_separators(number: int) -> None:
    assert value(tokenize(f"{number:,}")[0]) == value(tokenize(str(number))[0]) == number


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("As of Wednesday, they had carried out 29 strikes.", ["As of Wednesday"]),
        ("They have fought since August 1.", ["since August 1"]),
        ("It fell in late 2014.", ["in late 2014"]),
        ("They entered the city last week.", ["last week"]),
        ("It may rain.", []),
        ("They came in May.", ["in May"]),
        ("It was set up more than two months ago.", ["more than two months ago"]),
    ],
)
def test_times_are_found_as_written(sentence: str, found: list[str]) -> None:
    assert times(sentence) == found


@given(st.text(max_size=200))
def test_tokens_point_into_their_text(text: str) -> None:
    for token in tokenize(text):
        assert text[token.start : token.end] == token.text


def test_threads_do_not_mix_their_words() -> None:
    from concurrent.futures import ThreadPoolExecutor

    words = [f"running{n} easily{n}" for n in range(400)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: [token.stem for token in tokenize(text)], words * 4))
    assert found == [[f"running{n}", f"easily{n}"] for n in range(400)] * 4


def test_names_that_stand_side_by_side_are_joined_and_a_comma_elsewhere_joins_nothing() -> None:
    assert analyse("What are the UN and the Red Cross doing?").names_joined
    assert not analyse("In Sirte, how many strikes did Russia carry out?").names_joined


def test_a_number_counts_nothing_past_its_sentence() -> None:
    assert quantities("It passed by 23 to 16. The quay is long.")[1].counted == ()


def test_a_number_and_its_scale_are_one() -> None:
    (quantity,) = quantities("It cost 4.2 million crowns.")
    assert quantity.value == pytest.approx(4_200_000)
    assert [token.text for token in quantity.counted] == ["crowns"]
