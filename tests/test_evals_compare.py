"""What changed between two results: found where it is, named a loss only where the interval says so"""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.cli import evaluate
from evals.compare import compare, differences, show
from evals.results import Result, Row, make_run, write
from index.errors import ConfigError

METRICS = ("recall", "errors", "milliseconds")
shares = st.floats(0, 1, allow_nan=False).map(lambda value: round(value, 3))
rows_strategy = st.lists(
    st.fixed_dictionaries({"recall": st.none() | shares, "errors": st.integers(0, 3), "milliseconds": shares}),
    min_size=1,
    max_size=12,
).filter(lambda rows: any(row["recall"] is not None for row in rows))


def result(*rows: Row, system: str = "footnote", **changes: Any) -> Result:
    plain = Result("retrieval", "tiny", [make_run(system, "last turn", METRICS, rows)], {}, ("errors", "milliseconds"))
    return replace(plain, **changes)


def numbered(values: Sequence[float], metric: str = "recall") -> list[Row]:
    return [{"id": f"q{number}", metric: value} for number, value in enumerate(values)]


@settings(deadline=None, max_examples=30)
@given(rows_strategy)
def test_a_result_compared_with_itself_has_no_difference_and_no_loss(rows: list[dict[str, Any]]) -> None:
    one = result(*({"id": number, **row} for number, row in enumerate(rows)))
    (comparison,) = compare(one, one)
    assert comparison.changes
    assert all(
        (c.difference.value, c.difference.low, c.difference.high, c.is_significant) == (0, 0, 0, False)
        for c in comparison.changes
    )
    assert comparison.cases == []
    assert show(one, one, 5) == 0


@settings(deadline=None, max_examples=30)
@given(rows_strategy, st.randoms(use_true_random=False))
def test_swapping_the_two_negates_every_difference(rows: list[dict[str, Any]], random: Any) -> None:
    olds = [{"id": number, **row} for number, row in enumerate(rows)]
    news = [{**row, "recall": random.random(), "errors": random.randint(0, 3)} for row in olds]
    (there,), (back,) = compare(result(*olds), result(*news)), compare(result(*news), result(*olds))
    for one, other in zip(there.changes, back.changes, strict=True):
        assert (one.old, one.new) == (other.new, other.old)
        assert one.difference.value == pytest.approx(-other.difference.value)
        assert one.difference.low == pytest.approx(-other.difference.high)
        assert one.is_significant == other.is_significant
        assert not (one.is_loss and other.is_loss)


def test_a_loss_needs_an_interval_without_zero() -> None:
    (sure,) = compare(result(*numbered([1] * 20)), result(*numbered([0] * 10 + [1] * 10)))
    assert sure.is_loss
    assert (sure.changes[0].old, sure.changes[0].new, sure.changes[0].difference.value) == (1, 0.5, -0.5)
    (unsure,) = compare(result(*numbered([1] * 20)), result(*numbered([0] + [1] * 19)))
    assert not unsure.is_loss
    (gain,) = compare(result(*numbered([0] * 20)), result(*numbered([1] * 20)))
    assert gain.changes[0].is_significant
    assert not gain.is_loss


def test_five_rows_prove_nothing_even_where_all_are_worse() -> None:
    (five,) = compare(result(*numbered([1] * 5)), result(*numbered([0] * 5)))
    (six,) = compare(result(*numbered([1] * 6)), result(*numbered([0] * 6)))
    assert not five.is_loss
    assert six.is_loss


def test_where_less_is_better_more_is_a_loss_and_time_alone_is_none() -> None:
    (worse,) = compare(result(*numbered([0] * 9, "errors")), result(*numbered([2] * 9, "errors")))
    assert worse.is_loss
    assert worse.cases[0].gains["errors"] == -2
    (slower,) = compare(result(*numbered([1] * 9, "milliseconds")), result(*numbered([99] * 9, "milliseconds")))
    assert slower.changes[0].difference.value == 98
    assert not slower.changes[0].is_significant
    assert slower.cases == []


def test_cases_come_worst_first_and_only_rows_of_both_count() -> None:
    old = [{"id": name, "text": f"about {name}", "recall": 1.0, "errors": 0} for name in "abcd"]
    new = [
        {"id": "a", "recall": 1.0, "errors": 3},
        {"id": "b", "recall": 0.5, "errors": 0},
        {"id": "c", "recall": 0.0, "errors": 0},
        {"id": "new", "recall": 0.0, "errors": 0},
    ]
    (comparison,) = compare(result(*old), result(*new))
    assert [case.id for case in comparison.cases] == ["c", "b", "a"]
    assert comparison.cases[0].text == "about c"
    assert comparison.cases[1].values == {"recall": (1.0, 0.5)}
    assert comparison.alone == 2
    assert comparison.changes[0].difference.count == 3


def test_runs_are_matched_by_name_unless_each_has_one() -> None:
    rows = numbered([1, 0, 1])
    assert len(compare(result(*rows), result(*rows, system="another"))) == 1
    two = replace(result(*rows), runs=[make_run(name, "", METRICS, rows) for name in ("bm25", "footnote")])
    other = replace(result(*rows), runs=[make_run(name, "", METRICS, rows) for name in ("footnote", "dense")])
    assert [one.old.system for one in compare(two, other)] == ["footnote"]


def test_what_they_were_made_with_is_told_where_it_differs() -> None:
    old = result(*numbered([1]), settings={"passages": 10, "model": ""}, versions={"python": "3.11"}, commit="a")
    new = result(*numbered([1]), settings={"passages": 20, "model": ""}, versions={"python": "3.11"}, commit="b")
    assert differences(old, new) == [("commit", "a", "b"), ("settings: passages", 10, 20)]
    told, retold = (replace(old, prompts={"rag/rewrite": version}) for version in ("1f", "2e"))
    assert differences(told, retold) == [("prompts: rag/rewrite", "1f", "2e")]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (result(*numbered([1]), kind="answers"), "cannot be compared"),
        (result(*numbered([1]), name="large"), "cannot be compared"),
        (result({"id": "z", "recall": 1.0}), "no rows in common"),
        (replace(result(*numbered([1])), runs=[]), "no run in common"),
    ],
)
def test_what_cannot_be_compared_is_one_line(other: Result, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as raised:
        compare(result(*numbered([1])), other)
    assert "\n" not in str(raised.value)


def test_the_command_exits_with_one_on_a_loss_and_steers_no_terminal(tmp_path: Path) -> None:
    rows = [{"id": f"\x1b[2J{number}", "text": "[red]which\x1b[1m?", "recall": 1.0} for number in range(8)]
    old = write(result(*rows), tmp_path / "old")
    new = write(result(*({**row, "recall": 0.0} for row in rows)), tmp_path / "new")
    lost = CliRunner().invoke(evaluate, ["compare", str(old), str(new), "--cases", "3"])
    assert lost.exit_code == 1
    assert "worse" in lost.output
    assert "[red]which" in lost.output
    assert "5 more" in lost.output
    assert "\x1b" not in lost.output
    assert CliRunner().invoke(evaluate, ["compare", str(new), str(old)]).exit_code == 0


@pytest.mark.parametrize("change", [{"rows": [1]}, {"rows": [{"no": "id"}]}, {"system": 3}, {"metrics": {"a": 1}}])
def test_a_file_that_is_no_result_is_one_line(tmp_path: Path, change: dict[str, Any]) -> None:
    path = write(result(*numbered([1])), tmp_path)
    fields = json.loads(path.read_text())
    fields["runs"][0] |= change
    path.write_text(json.dumps(fields))
    caught = CliRunner().invoke(evaluate, ["compare", str(path), str(path)]).exception
    assert isinstance(caught, ConfigError)
    assert "is not a result" in str(caught)
