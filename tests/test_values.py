"""The short answer that a sentence gives to a question, and when two of them are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reading.question import analyse
from rag.values.given import given_values
from rag.values.numbers import Range
from rag.values.short import agree, short_answers
from rag.values.wanted import Value, Wanted, wanted


def answers(question: str, sentence: str, published: str | None = None) -> list[str]:
    return [value.text for value in short_answers(analyse(question), sentence, published)]


def are_one(question: str, one: str, other: str, *, dates: tuple[str | None, str | None] = (None, None)) -> bool:
    asked = analyse(question)
    first, second = (short_answers(asked, text, date)[0] for text, date in zip((one, other), dates, strict=True))
    return agree(first, second)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many boats sank?", Wanted.NUMBER),
        ("What is the population of Osgood?", Wanted.NUMBER),
        ("In which year was the mill built?", Wanted.TIME),
        ("Who is the director of the film?", Wanted.NAME),
        ("Where is the bridge?", Wanted.NAME),
        ("What sport is Tim Martin associated with?", Wanted.PHRASE),
        ("Was the beach closed?", Wanted.POLAR),
        ("How did they get in?", Wanted.NOTHING),
    ],
)
def test_a_question_asks_for_one_kind_of_value(question: str, kind: Wanted) -> None:
    assert wanted(analyse(question)) is kind


@pytest.mark.parametrize(
    ("question", "sentence", "first"),
    [
        ("What is the population of Osgood?", "In 2010 there were 1,624 people in 640 households.", "1,624 people"),
        ("When was the mill built?", "The mill was built in 1902 and sold in 1951.", "1902"),
        ("When was Lee born?", "Ann Lee (3 May 1910 – 2 June 1980) was a painter.", "3 May 1910"),
        ("When did the bridge open?", "The bridge opened on 3 May 2016, the mayor said on Friday.", "3 May 2016"),
        ("Who directed the film?", "The film was directed by Ida Holm and shot in Norway.", "Ida Holm"),
        ("Where is Larkin School located?", "Larkin School is located in Dunmore, near Velmouth.", "Dunmore"),
        ("What is the profession of Jon Hill?", "Jon Hill is an English chef who owns a bar.", "English chef"),
        ("What position does Ivo Lenz play in?", "Ivo Lenz is a Swiss footballer who plays as a winger.", "winger"),
        ("What is the language of Merrow?", "Merrow, a Welsh-language series by Ida Holm", "Welsh-language series"),
        ("What is the medium of Merrow?", "Merrow is a Welsh film produced in 1952.", "Welsh film"),
        ("Which band made the album Tides?", "Tides is an album by English rock duo Show of Hands.", "Show of Hands"),
        ("Which band made the album Tides?", "Tides is an album by the American rock band Korrel.", "Korrel"),
        ("What does Hollin mean?", "Hollin is an old word and means 'Holly hill'.", "Holly hill"),
        ("What is the population of Osgood?", "It had a population of 3,046, and 870 people lived alone.", "3,046"),
        ("Who directed Tides?", "Tides was directed by La Korrel.", "La Korrel"),
        ("What is the population of Osgood?", "After a split in 2017 it had a population of 963,022.", "963,022"),
        ("When was Ann Lee born?", "Ann Lee (3 May 1910 – 2 June 1980) was born in Larn.", "3 May 1910"),
        ("When did Ann Lee die?", "She was not to die young: Ann Lee (3 May 1910 – 2 June 1980).", "2 June 1980"),
        ("Who is the artist of Tides?", "Tides is, in a way, Lior Haan's third record.", "Lior Haan"),
    ],
)
def test_the_likeliest_value_comes_first(question: str, sentence: str, first: str) -> None:
    assert answers(question, sentence)[0] == first


def test_the_day_of_saying_is_not_the_day_of_what_is_said() -> None:
    asked = "When did the bridge open?"
    assert answers(asked, "The bridge opened without a ribbon, the mayor said on Friday.") == []
    assert answers("When did the mayor say it?", "It would open, the mayor said on Friday.") == ["Friday"]


@pytest.mark.parametrize(
    ("question", "sentence", "value"),
    [
        ("How many people died?", "Three passengers died and 27 people were hurt.", ["Three passengers died"]),
        ("How many people were hurt?", "Three passengers died and 27 people were hurt.", ["27 people were hurt"]),
        (
            "How many people died when the Orla hit the pier?",
            "The Orla had 112 people on board when it hit the pier.",
            [],
        ),
        ("How many people were killed?", "The crash killed 16 people and left 70 wounded.", ["16 people"]),
        ("How many people were killed?", "It killed a guard, and 70 people fled.", []),
    ],
)
def test_a_number_of_people_is_that_of_those_it_befell(question: str, sentence: str, value: list[str]) -> None:
    assert answers(question, sentence) == value


@pytest.mark.parametrize(
    ("question", "sentence", "value"),
    [
        (
            "How many seats did the Harbour Party win?",
            "The Harbour Party won 17 of the 39 seats.",
            "17 of the 39 seats",
        ),
        (
            "How many workers walked out?",
            "Some 480 out of its 520 workers walked out.",
            "Some 480 out of its 520 workers",
        ),
        ("How many members left?", "They said 17 members of the 39 left.", "17 members of the 39 left"),
        ("What is the population of Osgood?", "The population of Osgood was 2,051 at the 2000 census.", "2,051"),
        ("What is the population of Osgood?", "As of the 2010 census the population was 459.", "459"),
        ("How many guards have been hurt in the raid?", "16 guards had been killed and 70 hurt.", "70 hurt"),
    ],
)
def test_a_part_counts_and_a_whole_and_a_census_do_not(question: str, sentence: str, value: str) -> None:
    assert value in answers(question, sentence)
    assert not {"39 seats", "520 workers", "39", "2000", "2010 census the population"} & {*answers(question, sentence)}


@pytest.mark.parametrize(
    "sentence",
    [
        "The population density was 20.1 people per square mile.",
        "The median age of men was 34.4 and the female population is older.",
        "Of the 20 years old and younger population in Osgood, 255 are male.",
    ],
)
def test_a_density_an_age_and_a_part_are_no_population(sentence: str) -> None:
    assert not {"20.1 people", "34.4", "34.4 and the female population", "20 years old and younger population"} & {
        *answers("What is the population of Osgood?", sentence)
    }


def test_a_density_that_is_asked_for_is_given() -> None:
    asked = "What is the population density of Osgood?"
    assert answers(asked, "The population density was 20.1 people per square mile.") == ["20.1 people"]


@pytest.mark.parametrize(
    ("question", "sentence", "value"),
    [
        ("When was Loud Friday first shown?", "It was first shown on 7 July 1965.", "7 July 1965"),
        ("When was Tomorrow's Boats first shown?", "It was first shown on 7 July 1965.", "7 July 1965"),
        ("When was the People's Harbour Movement founded?", "The PHM was founded in 1973.", "1973"),
        ("What is the mascot of Larn High School?", "The school's mascot is the eagle.", "eagle"),
        ("What is the population of Osgood?", "The population of the parish in that year was 174.", "174"),
        ("Who is the artist of Tides?", "Tides is the third and last record by Irish boy band Korrel.", "Korrel"),
    ],
)
def test_what_is_told_of_the_thing_asked_is_a_value_of_it(question: str, sentence: str, value: str) -> None:
    assert given_values(analyse(question), sentence, None)[0].text == value


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many boats were lost on Friday?", "On Monday 12 boats were lost."),
        ("How many boats were lost on Friday 3 March?", "On Monday 12 boats were lost."),
        ("How many boats were lost in Friday's Larn race?", "On Monday 12 boats were lost."),
        ("How many boats were lost at Larn Friday 3 March?", "On Monday 12 boats were lost at Larn."),
        ("How many medals did Norden win at the Larn Games 2016?", "At Larn in 2020 Norden won 30 medals."),
        ("When was the Anna Lund built?", "An earlier version said that the Anna Lund was built in 1989."),
        ("When was the People's Harbour Movement founded?", "The KLM was founded in 1973."),
        ("What is the mascot of Larn High School?", "The school's oldest hall is the library."),
    ],
)
def test_what_is_told_of_another_day_or_thing_is_none(question: str, sentence: str) -> None:
    assert given_values(analyse(question), sentence, None) == ()


@pytest.mark.parametrize(
    ("question", "sentence", "value"),
    [
        ("How many soldiers died?", "In Larn 40 British and French soldiers died.", "40 British and French soldiers"),
        ("How many people per square mile live in Osgood?", "Osgood has a density of 20.1 people.", "20.1 people"),
        ("When did Ann Lee, born in Larn, die?", "Ann Lee (3 May 1910 – 2 June 1980) was a painter.", "2 June 1980"),
        ("Who painted the hall?", "Ida Brenner painted the hall by the old mill in Larn.", "Ida Brenner"),
        ("Who is the singer of Tides?", "Tides is the song of Norden's day, sung by Lior Haan.", "Lior Haan"),
    ],
)
def test_what_only_looks_like_another_thing_counts(question: str, sentence: str, value: str) -> None:
    assert value in answers(question, sentence)
    assert answers(question, sentence)[0] in (value, "3 May 1910")


def test_an_average_may_be_what_is_counted() -> None:
    asked = "How many boats come each day?"
    assert answers(asked, "An average of 12 boats come each day.") == ["12 boats"]


def test_values_of_two_units_are_of_two_things() -> None:
    asked = "What did the delay cost?"
    assert are_one(asked, "The delay cost 40,000 crowns a week.", "The delay cost 3 million crowns.")
    assert are_one("How long is the quay?", "The quay is 400 metres long.", "The quay took 300 days long.")
    assert not are_one(asked, "The delay cost 2 million crowns.", "The delay cost 3 million crowns.")


def test_a_cost_is_no_percentage() -> None:
    assert answers("What has the strike cost the firm?", "The strike ended with a rise of 6.5 per cent.") == []


def test_years_and_numbers_of_the_question_are_no_counts() -> None:
    assert answers("How many people were hurt in the 2019 fire?", "The 2019 fire left nobody hurt.") == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1,200 people were hurt.", "About 1,200 people were hurt.", True),
        ("1,250 people were hurt.", "About 1,200 people were hurt.", True),
        ("1,350 people were hurt.", "About 1,200 people were hurt.", False),
        ("Nearly 80 people were hurt.", "78 people were hurt.", True),
        ("More than 70 people were hurt.", "74 people were hurt.", True),
        ("More than 70 people were hurt.", "60 people were hurt.", False),
        ("Seven people were hurt.", "7 people were hurt.", True),
        ("Seven people were hurt.", "Eight people were hurt.", False),
    ],
)
def test_numbers_agree_as_far_as_they_are_exact(one: str, other: str, same: bool) -> None:
    assert are_one("How many people were hurt?", one, other) is same


def test_days_are_compared_as_they_are_meant() -> None:
    asked, one = "When did the ferry sink?", "The ferry sank on Monday."
    dates = "2031-01-15", "2031-02-01"
    assert are_one(asked, one, "The ferry sank on 13 January 2031.", dates=dates)
    assert not are_one(asked, one, "The ferry sank on 14 January 2031.", dates=dates)
    assert are_one(asked, one, "The ferry sank two days earlier.", dates=dates)  # than what, the sentence does not say


def test_a_plan_does_not_contradict_what_came() -> None:
    asked = "When did the beach open?"
    plan, done = "The beach will open on 3 May 2031.", "The beach opened on 9 May 2031."
    assert are_one(asked, plan, done)
    assert not are_one(asked, plan.replace("will open", "opened"), done)


def test_a_title_is_no_part_of_a_name() -> None:
    asked = "Who commanded the ship?"
    assert are_one(asked, "Captain Reyl commanded the ship.", "Tomas Reyl commanded the ship.")
    assert not are_one(asked, "Captain Reyl commanded the ship.", "Captain Holm commanded the ship.")


NUMBERS = st.floats(0, 1e6, allow_nan=False)
RANGES = st.tuples(NUMBERS, NUMBERS).map(lambda ends: Range(min(ends), max(ends)))


@given(RANGES, RANGES)
def test_agreeing_is_mutual_and_a_value_agrees_with_itself(one: Range, other: Range) -> None:
    first, second = Value("a", 0, 1, range=one), Value("b", 0, 1, range=other)
    assert agree(first, second) is agree(second, first)
    assert agree(first, first)


@given(
    st.text(max_size=80), st.sampled_from(["How many?", "When was Ann born?", "Who won?", "What is the sport of X?"])
)
def test_a_value_stands_in_its_sentence(sentence: str, question: str) -> None:
    for value in short_answers(analyse(question), sentence):
        assert value.text == " ".join(sentence[value.start : value.end].split())
