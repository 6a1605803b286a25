"""Pairs to measure the checks by: the true ones say what their text says, and the false ones do not"""

import json
import unicodedata
from collections import Counter
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from evals import checks, results
from evals.checks import Outcome, Told, check, figures, runs, worst
from evals.cli import evaluate
from evals.contraries import hedge_removed, quantifier, unit
from evals.corpus import Corpus, Subject, Text, bare, holds, make_texts, meaning, read_corpus
from evals.falsehoods import FALSE, name, negation_added, negation_removed, roles_exchanged, stitched
from evals.pairs import GROUPS, Pair, make_pairs
from evals.rewordings import TRUE
from evals.typography import HELD, WRITTEN, several
from evals.wrong_numbers import digit, year
from index.errors import ConfigError, LoadError

SEEDS = Path(__file__).parents[1] / "seeds"
MADE_UP = (
    "According to Delia Marsh, the old harbour won’t close before 12 June 2016. The harbour office cost"
    " $1,200 in May 2011. Prices rose by 5% to 3.5 million euros… and they may fall again. The ferry never"
    " waits for the first of the trams. In 1998, the town was rebuilt by its people. The Rovers defeated the"
    " Pittsford Pilots in Ostend. Most of the old boats were sold, and the museum has bought the others."
    " Ostend was founded by Umberto Falk in 1203. Delia Marsh said it was about 40 metres wide. It is the third"
    " café of its kind, because of “Anton’s” 12 brothers – more than 30 others failed to open one on Tuesday. The"
    " office did not reply to Anton Falk, the boats were likely to leave, and 2 trains left without 7"
    " sailors & their dogs.\n\nThe bridge (built in 1871) was opened by Anton Falk. The town has 12 bridges"
    " and 340 boats in all. The bridge probably lost six of its lamps on 3 March 1999. The museum has not"
    " opened since."
)
OTHER = (
    "The Vale Society wrote to Cornelia Brandt about the lake. The lake is deep, and few people swim"
    " there in winter. Cornelia Brandt said the water was cold. Nobody visited the mill of Casimir Oakes,"
    " the miller of Lower Vale, then. People of Lower Vale argued with Hugo Stern and Casimir Oakes about"
    " the old road."
)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    made_up = make_texts([("made-up", "The harbour", MADE_UP), ("other", "The lake", OTHER)])
    return Corpus([*read_corpus([SEEDS]).texts, *made_up])


@pytest.fixture(scope="module")
def pairs(corpus: Corpus) -> list[Pair]:
    return list(make_pairs(corpus, 20_000))


def subject(words: str, corpus: Corpus | None = None) -> Subject:
    return Subject(words, Text("a", "A", words, ((0, len(words)),)), corpus or Corpus([]))


def folded(text: str) -> str:
    """Letters and digits in one form and case, written here anew: what a true quotation must share with its text."""
    plain = unicodedata.normalize("NFKC", unescape(text)).casefold()
    return "".join(letter for letter in unicodedata.normalize("NFKC", plain) if letter.isalnum())


def test_every_kind_is_made(pairs: list[Pair]) -> None:
    made = {(pair.group, pair.kind) for pair in pairs}
    assert {(group, kind) for group, kinds in GROUPS.items() for kind in kinds} - made == set()


def test_true_quotations_stand_in_their_text_but_for_typography(pairs: list[Pair]) -> None:
    found = [pair for pair in pairs if pair.group == "true quotes"]
    assert found
    for pair in found:
        assert pair.home in pair.cited
        if pair.kind != "held: footnote marks":
            assert folded(pair.words) in folded(pair.texts[pair.home]), pair.kind
        assert bare(pair.words) in bare(pair.texts[pair.home]), pair.kind
        changed = pair.words if pair.kind not in HELD else pair.texts[pair.home]
        assert pair.kind in ("itself", "several", "stretch") or changed != pair.original


def test_false_quotations_stand_in_no_text_that_is_cited(pairs: list[Pair]) -> None:
    found = [pair for pair in pairs if pair.group == "false quotes"]
    assert found
    for pair in found:
        assert not any(holds(pair.texts[id], pair.words) for id in pair.cited), pair
        assert pair.cited
        assert set(pair.cited) <= set(pair.texts)


def test_what_the_text_says_too_is_no_falsehood() -> None:
    text = "The old bridge was opened in the small town. The old bridge was not opened in the small town."
    made = list(make_pairs(Corpus(list(make_texts([("a", "", text)]))), 2_000))
    assert {"itself", "word added"} <= {pair.kind for pair in made}
    assert not [pair for pair in made if pair.group == "false quotes" and pair.kind.startswith("negation")]
    claims = [pair for pair in made if pair.group == "false claims" and pair.kind.startswith("negation")]
    assert all(len(pair.quotes) == 1 for pair in claims)


def test_words_of_another_text_are_sent_or_not_as_their_kind_says(pairs: list[Pair]) -> None:
    for pair in pairs:
        if pair.kind == "text not cited":
            assert pair.words in pair.texts[pair.home]
            assert pair.home not in pair.cited
            assert pair.wanted == {"misattributed"}
        if pair.kind == "text not sent":
            assert not any(pair.words in text for text in pair.texts.values())
            assert pair.wanted == {"not found"}


def test_false_claims_differ_in_what_they_mean_and_true_ones_cite_their_sentence(pairs: list[Pair]) -> None:
    for pair in pairs:
        quotes = [one.quote for one in pair.quotes]
        if pair.group == "true claims":
            assert pair.original in quotes
        if pair.group == "false claims":
            assert not any(holds(quote, pair.words) for quote in quotes)
            assert (pair.original in quotes) == (pair.kind in FALSE)
            assert pair.kind not in FALSE or meaning(pair.words) != meaning(pair.original)


def test_the_same_seed_makes_the_same_pairs_and_another_one_others(corpus: Corpus) -> None:
    first, again, other = (list(make_pairs(corpus, 400, seed)) for seed in (0, 0, 1))
    assert first == again
    assert [pair.words for pair in first] != [pair.words for pair in other]
    assert len({pair.id for pair in first}) == len(first)


def test_each_group_has_its_quarter_and_its_kinds_come_in_turn(corpus: Corpus) -> None:
    found = list(make_pairs(corpus, 400))
    assert Counter(pair.group for pair in found) == dict.fromkeys(GROUPS, 100)
    assert max(Counter((pair.group, pair.kind) for pair in found if pair.check == "quotes").values()) <= 7


@given(st.sampled_from(sorted(WRITTEN)), st.text(max_size=60), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_typography_keeps_the_letters(kind: str, text: str, random: Random) -> None:
    assert bare(WRITTEN[kind](text, random)) in bare(text)
    assert bare(several(text, random)) == bare(text)


@given(st.sampled_from(sorted(HELD)), st.randoms(use_true_random=False))
def test_what_a_text_holds_otherwise_is_still_the_sentence(kind: str, random: Random) -> None:
    assert bare(HELD[kind](MADE_UP, random)) == bare(MADE_UP)


@pytest.mark.parametrize("kind", sorted({*FALSE, *TRUE}))
def test_nothing_comes_of_words_that_a_change_does_not_fit(kind: str, corpus: Corpus) -> None:
    change = FALSE.get(kind) or TRUE[kind]
    if kind not in ("itself", "typeset"):
        assert change(subject("Dogs bark.", corpus), Random(0)) == ""


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (negation_added, "Nobody knows whether it was not there."),
        (negation_added, "Men are taller than they were."),
        (negation_removed, "The ship did not only sink."),
        (negation_removed, "It was not the captain but the mate."),
        (digit, "Super Bowl 50 was seen by many."),
        (digit, "It killed more than 70 of them [12]."),
        (digit, "It happened on 12 June 2016."),
        (year, "They found 1990 shells."),
        (quantifier, "Some 70 men were at all the most dangerous places."),
        (unit, "It took two of the days."),
        (hedge_removed, "He left as soon as possible and may not return."),
        (roles_exchanged, "The Rovers met the Pilots."),
        (roles_exchanged, "They said Ann married Ben."),
    ],
)
def test_what_would_still_be_true_or_no_sentence_is_not_made(change: object, sentence: str) -> None:
    assert callable(change)
    assert {change(subject(sentence), Random(seed)) for seed in range(20)} == {""}


def test_some_changes_as_they_read(corpus: Corpus) -> None:
    random = Random(0)
    assert negation_added(subject("The bridge was opened."), random) == "The bridge was not opened."
    assert negation_removed(subject("They did not reply."), random) == "They did reply."
    assert roles_exchanged(subject("The Rovers beat the Pilots."), random) == "The Pilots beat the Rovers."
    assert hedge_removed(subject("It may have been lost."), random) == "It had been lost."
    assert TRUE["active"](subject("Ostend was founded by Umberto Falk in 1203."), random) == (
        "Umberto Falk founded Ostend in 1203."
    )
    assert TRUE["lead moved"](subject("In 1998, the town was rebuilt."), random) == "The town was rebuilt in 1998."
    assert TRUE["other digits"](subject("It cost 1.5 million euros."), random) == "It cost 1,500,000 euros."
    new = name(Subject("They wrote to Ostend.", corpus.texts[-2], corpus), random)
    assert new.startswith("They wrote to ")
    assert "Ostend" not in new


def test_a_stitched_quotation_joins_what_does_not_follow(corpus: Corpus) -> None:
    home = next(text for text in corpus.texts if text.id == "made-up")
    made = {stitched(Subject(home.sentence(0), home, corpus), Random(seed)) for seed in range(400)} - {""}
    assert made
    assert not any(holds(home.text, words) for words in made)


def outcomes(pairs: list[Pair], verdicts: Mapping[str, str]) -> list[Outcome]:
    return check(pairs, {kind: lambda _, said=said: Told(said) for kind, said in verdicts.items()})


def test_a_check_that_accepts_all_and_one_that_refuses_all(pairs: list[Pair]) -> None:
    accepting = outcomes(pairs, {"quotes": "exact", "claims": "supported"})
    refusing = outcomes(pairs, {"quotes": "not found", "claims": "unsupported"})
    assert [is_met for _, is_met in figures(accepting)[:3]] == [True, False, False]
    assert [is_met for _, is_met in figures(refusing)[:3]] == [False, True, True]
    rates = [next(iter(run.metrics.values())).value for run in runs(accepting)]
    assert rates == [1, 1, 1, 1]
    assert [next(iter(run.metrics.values())).value for run in runs(refusing)] == [0, 0, 0, 0]
    assert all(one.slips != one.pair.is_true for one in accepting)
    assert all(one.slips for one in refusing if one.pair.is_true)
    assert not any(one.matters for one in refusing if not one.pair.is_true)
    assert "false" in worst(accepting)[0]
    assert "true" in worst(refusing)[0]


def test_words_shown_at_the_wrong_place_are_not_accepted(pairs: list[Pair]) -> None:
    one = check(pairs[:1], {"quotes": lambda _: Told("exact", is_sound=False)})[0]
    assert one.slips
    assert not one.accepted


def test_the_command_writes_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    monkeypatch.setattr(checks, "write", lambda result: results.write(result, tmp_path))
    refuse = {"quotes": lambda _: Told("not found"), "claims": lambda _: Told("unsupported", "no")}
    monkeypatch.setattr(checks, "the_checks", lambda: refuse)
    ran = CliRunner().invoke(evaluate, ["checks", str(SEEDS), "--pairs", "200"])
    assert ran.exit_code == 1, ran.output
    assert "true quotes accepted: 0.0000 (wanted ≥ 0.999)  MISSED" in ran.output
    assert "false claims supported: 0.0000 (wanted ≤ 0.005)\n" in ran.output
    (path,) = tmp_path.glob("checks-seeds-*.json")
    rows = [row for run in json.loads(path.read_text("utf-8"))["runs"] for row in run["rows"]]
    assert len(rows) == 200
    assert all(row["text"] for row in rows if row["id"].startswith("true"))  # each of them slipped
    assert not any(row.get("slip") for row in rows if row["id"].startswith("false claims"))
    assert results.read(path).kind == "checks"


def test_the_command_shows_a_kind_to_be_read() -> None:
    ran = CliRunner().invoke(evaluate, ["checks", str(SEEDS), "--pairs", "400", "--show", "weekday"])
    assert ran.exit_code == 0
    assert "false claims, weekday" in ran.output
    assert "from:" in ran.output


def test_a_folder_without_articles_is_told(tmp_path: Path) -> None:
    with pytest.raises(LoadError):
        read_corpus([tmp_path])
    (tmp_path / "corpus.jsonl").write_text('{"_id": "1", "text": ""}\n', "utf-8")
    with pytest.raises(ConfigError):
        read_corpus([tmp_path])
