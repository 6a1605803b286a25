"""Does the quote carry the claim? Each verdict has its reason in words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.records import Citation
from rag.support import check


def quote(text: str, title: str = "Harbour news", date: str | None = None) -> Citation:
    return Citation(1, "a", title, date, "a.txt", 0, len(text), text)


FERRY = "The ferry Aurora carried 212 passengers and seven crew to Brannoc on Tuesday, and the harbour closed at noon."
STRIKES = "More than 70 people were killed and 1,200 wounded in the strikes on 1 August 2016, officials in Torsk said."
PRICES = "Sales rose by 4.2 million euros, or 5.5 percent, but most analysts expected a loss."
TALKS = "Haftar did not accept the plan, which may be voted on in May, because Khalifa rejected it first."


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        (FERRY, FERRY),
        ("The Aurora carried 212 passengers and 7 crew to Brannoc on Tuesday", FERRY),
        ("The ferry Aurora carried 212 passengers and seven crew.", FERRY),
        ("The harbour closed at noon.", FERRY),
        (
            "According to officials in Torsk, more than 70 people were killed and 1200 wounded in the strikes on"
            " August 1, 2016.",
            STRIKES,
        ),
        (
            "Officials in Torsk said over seventy people were killed in the strikes on 2016-08-01.",
            STRIKES.replace(" and 1,200 wounded", ""),
        ),
        ("Sales rose by €4.2 million, or 5.5%.", PRICES),
        ("Haftar didn’t accept the plan.", TALKS),
        ("On 3 March the bridge fell.", "The bridge fell on March 3."),
        ("The bridge fell on 3 March.", "On 3 March, the bridge fell."),
        ("The bridge fell in March 2020.", "The bridge fell on March 3, 2020."),
        ("The mayor resigned.", "The mayor, who had been ill, resigned on Friday (after ten years)."),
        ("A train left at 5:30 pm.", "A train left at 17:30."),
        ("The US and the UN agreed.", "The United States and the U.N. agreed."),
        ("The twenty-first bridge is 3,000 metres long.", "The 21st bridge is three thousand meters long."),
        ("One guard was hurt in Brannoc.", "A guard was hurt in Brannoc."),
        ("29 strikes, as of Wednesday", "As of Wednesday, jets had carried out 29 strikes in Sirte."),
        ("It took 10 to 12 days and 3.5bn euros.", "It took 10–12 days and €3.5 billion."),
        ("The bridge cannot reopen.", "The bridge can’t reopen."),
        # in a model's own wording
        ("The bridge was closed by the council.", "The council closed the bridge on Monday."),
        ("The council closed the bridge.", "The bridge was closed by the council on Monday."),
        ("The bridge has been closed.", "The council closed the bridge on Monday, after an inspection."),
        ("Seven people were killed.", "Rebels overran the post, killing seven people."),
        ("The rebels killed seven people.", "The rebels overran the post in the attack, killing seven people."),
        ("The fire destroyed two houses.", "The fire killed three people and destroyed two houses."),
        ("The trawlers are based in Brannoc.", "The fleet was searched for by trawlers based in Brannoc."),
        ("Torsk is 280 miles east of Vell.", "It fled Torsk, 450 kilometres (280 miles) east of the town of Vell."),
        ("Torsk is 450 km east of Vell.", "It fled Torsk, 450 kilometres (280 miles) east of the town of Vell."),
        ("Rebel aircraft hit 12 targets.", "Rebel drones and helicopters hit 12 targets."),
        ("The harbour has 48 berths.", "The harbour of Vell has 48 berths."),
        ("It carried 212 passengers to Brannoc.", "The Aurora carried 212 passengers to Brannoc."),
        ("The group hired 40 people.", "Northline hired 40 people in March."),
        ("Haftar does not recognise the court.", "Haftar refuses to recognise the court."),
        ("It might open on Sundays.", "It may open on Sundays."),
        ("48 berths in 2021", "The harbour of Vell had 48 berths in 2021."),
        ("There were 48 berths in 2021.", "The harbour of Vell had 48 berths in 2021."),
        ("| In 2021 | 48 berths |", "In 2021, the harbour of Vell had 48 berths."),
        ("The tunnel cost €3 million.", "The tunnel, opened in 2019, cost 3 million euros."),
        ("The guard said its men had left.", "“Our men had left,” the army's coast guard said on Facebook."),
        ("The coast guard said 12 men drowned.", "The coast guard, which had no boat, said 12 men drowned."),
    ],
)
def test_what_the_quote_says_in_the_same_or_in_other_words_is_supported(claim: str, text: str) -> None:
    assert check(f"{claim} [1]", [quote(text)]) == ("supported", "")


@pytest.mark.parametrize(
    ("claim", "text", "reason"),
    [
        # numbers, with what they count, how exactly, and in what
        ("The ferry Aurora carried 213 passengers.", FERRY, "the quote says 212, the claim 213"),
        ("The ferry Aurora carried 212 crew.", FERRY, "in the quote 212 counts something else"),
        ("The ferry Aurora carried seven passengers.", FERRY, "in the quote seven counts something else"),
        ("70 people were killed.", STRIKES, "the quote says “more than 70”, the claim “70”"),
        ("Fewer than 70 people were killed.", STRIKES, "the quote says “more than 70”, the claim “fewer than 70”"),
        ("Seven men fell.", "At least seven men fell.", "the quote says “at least seven”, the claim “seven”"),
        ("Sales rose by 4.2 billion euros.", PRICES, "4.2 billion euros"),
        ("Sales rose by 4.2 million dollars.", PRICES, "4.2 million dollars"),
        ("Sales rose by 5.5 percentage points.", PRICES, "5.5 percentage points"),
        ("The third bridge fell.", "The second bridge fell.", "the quote says second, the claim third"),
        ("It was -5 degrees.", "It was 5 degrees.", "the quote says 5, the claim -5"),
        # dates and times
        ("The bridge fell on 4 March.", "The bridge fell on March 3.", "the quote says March 3, the claim 4 March"),
        ("The bridge fell on 3 March.", "The bridge fell in March 2020.", "the claim 3 March"),
        ("The ferry carried 212 passengers on Monday.", FERRY, "the quote says Tuesday, the claim Monday"),
        ("The bridge fell in 1871.", "The bridge fell in 1817.", "1871"),
        ("A train left at 5:30 am.", "A train left at 17:30.", "the quote says 17:30, the claim 5:30 am"),
        # names and roles
        ("The ferry Borealis carried 212 passengers.", FERRY, "“Borealis” is not in the quote"),
        ("Khalifa beat Haftar.", "Haftar beat Khalifa.", "have changed places"),
        # denial
        ("The harbour did not close at noon.", FERRY, "the claim denies what the quote says"),
        ("Haftar did accept the plan.", TALKS, "the quote denies it"),
        ("The Aurora sank.", "Officials denied that the Aurora sank.", "the quote denies it"),
        ("The Aurora sank.", "It is false that the Aurora sank.", "the quote denies it"),
        ("The team reached the summit.", "The team failed to reach the summit.", "the quote denies it"),
        ("The team left with food.", "The team left without food.", "“with” in the claim, “without” in the quote"),
        # what may be
        ("The plan is voted on in May.", TALKS, "the quote says “may”"),
        ("The harbour closed.", "The harbour is expected to close.", "the quote says “expected”"),
        ("The mayor resigned.", "If the mayor resigned, the council would fall.", "the quote says “if”"),
        # direction, order, opposites
        ("Sales fell by 4.2 million euros.", PRICES, "“fell” in the claim, “rose” in the quote"),
        ("The north gate is open.", "The south gate is open.", "“north” in the claim, “south” in the quote"),
        ("The council was elected after the war.", "The council was elected before the war.", "“after” in the claim"),
        ("The plan was unpopular.", "The plan was popular.", "“unpopular” in the claim, “popular” in the quote"),
        # how many of them
        ("All analysts expected a loss.", PRICES, "the quote says “most”, the claim “all”"),
        ("Both bridges are closed.", "Some bridges are closed.", "the quote says “some”, the claim “both”"),
        # who said it
        ("According to Haftar, the plan is dead.", "The plan is dead, Khalifa said.", "Khalifa said it, not Haftar"),
        # nothing of it
        ("A storm destroyed the whole lighthouse overnight.", FERRY, "the quote says something else"),
    ],
)
def test_what_the_quote_contradicts_is_unsupported_with_the_reason(claim: str, text: str, reason: str) -> None:
    support, why = check(f"{claim} [1]", [quote(text)])
    assert support == "unsupported"
    assert reason in why


@pytest.mark.parametrize(
    ("claim", "text", "reason"),
    [
        ("The ferry Aurora transported 212 passengers.", FERRY, "“transported” is not in the quote"),
        ("The harbour tunnel closed at noon.", FERRY, "“tunnel” is not in the quote"),
        ("The plan is dead.", "The plan is dead, Khalifa claimed.", "“claimed”"),
        ("The army shelled it.", "The rebels accused the army, which shelled it.", "“accused”"),
        ("The plan is dead, Khalifa said.", "The plan is dead.", "the quote does not say whose word it is"),
        ("The ferry Aurora closed at noon.", FERRY, "not as one statement"),
        ("Mary died.", "The mother of Mary died.", "not as one statement"),
        ("He is the tallest man.", "He is the tallest man in the village.", "not as one statement"),
        ("They did not sleep.", "They did not sleep in the tower.", "not as one statement"),
        ("Eve met two.", "Eve met two or three of them.", "“or”"),
        ("It is, they say, a story told.", "It is, they say, a story never told.", "the quote denies it"),
        ("The bell (“safe”) rang.", "The bell (not “safe”) rang.", "the quote denies it"),
        ("The bell rang.", "The bell (not a real one) rang.", "the quote denies it"),
        ("The harbour closed.", "The harbour closed, or nearly so.", "“or”"),
        ("The harbour was closed.", "Unless it rained, the harbour was closed.", "“unless”"),
        ("It took 12 to 10 days.", "It took 10–12 days.", "counts something else"),
        ("The harbour closed.", "The harbour closed unless a ship came.", "“unless”"),
        # words of the quote in another order or with another one's deed
        ("The council was closed by the bridge.", "The council closed the bridge on Monday.", ""),
        ("The ferry was struck.", "The ferry struck a yacht.", ""),
        ("Ali was killed.", "Ali killed seven guards in Torsk.", ""),
        ("Haftar shelled the port.", "Troops loyal to Haftar shelled the port.", "not as one statement"),
        ("Omar killed seven people.", "Ali met Omar, killing seven people.", ""),
        ("Omar killed seven people.", "Ali arrived while Omar waited, and killed seven people.", ""),
        ("The mayor resigned.", "The former mayor resigned.", "not as one statement"),
        ("The mayor is 56 years old.", "The brother of the mayor, 56 years old, resigned.", ""),
        ("The minister was arrested.", "The minister's aide was arrested.", ""),
        ("The city was taken by rebels.", "The army took the city from rebels.", ""),
        ("Ships were in the harbour.", "Officials denied that there were ships in the harbour.", ""),
        ("Ali attacked in Torsk.", "Ali was attacked in Torsk on Monday, a guard saw.", ""),
        ("They marched with Haftar troops.", "They marched with anti-Haftar troops.", ""),
        ("The tunnel opened for cars in 2018.", "The tunnel opened for cars, planned in 2018, in 2019.", ""),
        ("The harbour of Vell closed in May.", "The harbour of Vell, built in May, closed in June.", ""),
        ("No people were hurt.", "No passengers were hurt.", ""),
        ("29 strikes since Monday", "By Wednesday, jets had flown 29 strikes, and 12 since Monday.", ""),
        ("Drones hit 12 targets.", "Aircraft hit 12 targets.", "“Drones”"),
        ("The film came out in 2018.", "The film, a copy of the 2018 one, came out in 2019.", ""),
    ],
)
def test_what_only_shares_its_words_is_never_supported(claim: str, text: str, reason: str) -> None:
    support, why = check(f"{claim} [1]", [quote(text)])
    assert support != "supported"
    assert reason in why


@pytest.mark.parametrize(
    ("claim", "text", "reason"),
    [
        (
            "More than 70 people were killed and 1,200 wounded in the strikes.",
            STRIKES,
            "according to officials in Torsk",
        ),
        ("The plan is dead.", "The plan is dead, the council said on Monday.", "according to the council on Monday"),
        ("48 berths", "The harbour has 48 berths, according to the harbour master.", "according to the harbour master"),
    ],
)
def test_a_claim_that_leaves_out_who_says_it_is_supported_and_names_him(claim: str, text: str, reason: str) -> None:
    assert check(claim, [quote(text)]) == ("supported", reason)


def test_parts_joined_by_commas_are_each_told_by_one_quote() -> None:
    fell, hired = quote("The bridge fell on Monday."), quote("Northline hired 40 people in March, its report says.")
    assert (
        check("The bridge fell on Monday, and 40 people were hired in March [1][2].", [fell, hired])[0] == "supported"
    )
    assert check("The bridge fell on Monday, and 40 people fell in March [1][2].", [fell, hired])[0] != "supported"


def test_no_citation_is_no_support() -> None:
    assert check("The ferry carried 212 passengers.", []) == ("unsupported", "cites no sentence of the articles")


def test_a_verbatim_quote_is_supported_whatever_it_says() -> None:
    denial = quote("The operator denied that nobody “had been told” — not even at 5 a.m. — of it.")
    assert check('The operator denied that nobody "had been told" - not even at 5 a.m. - of it. [1]', [denial]) == (
        "supported",
        "",
    )


def test_two_quotes_carry_a_claim_together_where_each_part_has_its_subject() -> None:
    fell, opened = quote("The bridge fell on Monday."), quote("The mayor opened a tunnel in 2019.")
    assert check("The bridge fell on Monday and the mayor opened a tunnel [1][2].", [fell, opened])[0] == "supported"
    for joined in ("The bridge fell on Monday and opened a tunnel.", "The bridge opened a tunnel in 2019."):
        assert check(joined, [fell, opened])[0] == "partial"
    tower = quote("The church was old, and had a tower.")
    assert check("The bridge fell on Monday and had a tower.", [fell, tower])[0] == "partial"
    assert check("The mayor opened a tunnel and he fell.", [opened, quote("He fell.")])[0] == "partial"


def test_a_number_is_carried_by_one_quote_with_what_it_counts() -> None:
    quotes = [quote("There were 40 boats."), quote("There were 15 nets.")]
    assert check("There were 40 nets [1][2].", quotes)[0] == "unsupported"


@pytest.mark.parametrize(
    ("date", "claim", "verdict"),
    [
        ("2016-09-02", "The bridge fell on 1 August 2016.", "supported"),
        ("2016-09-02", "The bridge fell on 1 August 2015.", "unsupported"),
        ("2016-03-02", "The bridge fell on 1 August 2016.", "unsupported"),  # it was last year's August
        (None, "The bridge fell on 1 August 2016.", "unsupported"),
    ],
)
def test_the_articles_date_may_carry_the_year(date: str | None, claim: str, verdict: str) -> None:
    assert check(claim, [quote("The bridge fell on August 1.", date=date)])[0] == verdict


def test_a_name_may_be_in_the_title_but_then_the_quote_alone_does_not_say_it() -> None:
    he = quote("He was born in a village.", title="Nikola Tesla")
    assert check("Tesla was born in a village.", [he])[0] == "partial"
    assert check("Thomas Edison was born in a village.", [he]) == ("unsupported", "“Edison” is not in the quote")


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_has_a_verdict_and_a_copy_is_supported(claim: str, text: str) -> None:
    support, reason = check(claim, [quote(text)])
    assert support == "supported" or reason
    assert check(text, [quote(text)])[0] == "supported"
