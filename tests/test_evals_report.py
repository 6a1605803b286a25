"""The report is one file that asks nothing of anyone, and whatever the data holds comes out as text"""

import os
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from evals import plots
from evals.cli import evaluate
from evals.report import newest, over_and_under, page, worst_rows, write_report
from evals.results import Estimate, Result, make_run, write
from index.errors import ConfigError

HOSTILE = "<script>alert('x')</script><img src=//evil.example onerror=x> $\\frac{$ {{ 7*7 }} ]]>"
ADDRESSES = ("src", "href", "action", "poster", "data", "srcset", "xlink:href")


class Page(HTMLParser):
    """What a browser would make of it: its elements, their attributes and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def result(text: str = "Which?", **changes: Any) -> Result:
    rows = [{"id": f"{text}{number}", "text": text, "recall": number / 4, "ms": 10.0 * number} for number in range(5)]
    runs = [make_run(f"{text} {name}", text, ("recall", "ms"), rows) for name in ("footnote", "bm25")]
    return replace(Result("retrieval", "tiny", runs, {"passages": 10}, ("ms",), "abc", {"python": "3.11"}), **changes)


def test_hostile_text_stays_text_everywhere() -> None:
    hostile = result(HOSTILE, kind=HOSTILE, name=HOSTILE, commit=HOSTILE, settings={HOSTILE: HOSTILE})
    html = page([hostile])
    found = Page(html)
    assert not {"script", "img", "link", "iframe", "object"} & set(found.elements)
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    assert "<script>alert('x')</script>" in found.text
    assert "{{ 7*7 }}" in found.text


def test_the_page_needs_nothing_else() -> None:
    html = page([result()])
    found = Page(html)
    assert found.elements.count("svg") == 2
    assert all((value or "").startswith("#") for name, value in found.attributes if name in ADDRESSES)
    assert "http" not in html
    assert "url(" not in html.replace("url(#", "")
    assert "@import" not in html
    ids = [value for name, value in found.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for name, value in found.attributes if name in ADDRESSES and value} <= set(ids)


def test_the_page_says_what_was_measured_and_with_what() -> None:
    text = Page(page([result(), result(kind="judge", name="mine")])).text
    for words in ("retrieval · tiny", "judge · mine", "0.500", "0.200 – 0.800", "5 rows", "passages", "abc", "3.11"):
        assert words in text
    assert "part of none" in text  # of the measures, are the opinions of a model


def test_the_best_of_several_systems_is_told() -> None:
    good, bad = [{"id": 1, "recall": 0.9, "ms": 50.0}], [{"id": 1, "recall": 0.1, "ms": 5.0}]
    runs = [make_run("bad", "", ("recall", "ms"), bad), make_run("good", "", ("recall", "ms"), good)]
    html = page([result(runs=runs)])
    assert html.count("number best") == 2
    assert "<td>good</td>" in " ".join(html.split())


def test_the_worst_rows_come_first_and_perfect_ones_not_at_all() -> None:
    rows = [{"id": name, "errors": value} for name, value in zip("abcde", (0, 3, 1, None, 0), strict=True)]
    run = make_run("s", "c", ("errors",), rows)
    assert [row["id"] for row in worst_rows(run, ("errors",))] == ["b", "c"]
    assert [row["id"] for row in worst_rows(run, ())] == ["a", "e", "c"]
    assert worst_rows(make_run("s", "c", (), rows), ()) == []


def test_the_curve_counted_by_hand() -> None:
    rows = [
        {"id": 1, "score": 0.1, "label": False},
        {"id": 2, "score": 0.4, "label": True},
        {"id": 3, "score": 0.6, "answerable": False},
        {"id": 4, "score": 0.9, "answerable": True},
    ]
    assert over_and_under(rows) == [(0, 1), (0, 0.5), (0.5, 0.5), (0.5, 0), (1, 0)]
    assert over_and_under(rows[:1]) == []
    assert "answered although they do not" in page([result(runs=[make_run("s", "c", (), rows)])])


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=300))
def test_the_curve_falls_from_answering_all_to_refusing_all(scored: list[tuple[float, bool]]) -> None:
    points = over_and_under([{"id": n, "score": score, "label": label} for n, (score, label) in enumerate(scored)])
    assert bool(points) == (len({label for _, label in scored}) == 2)
    if points:
        assert (points[0], points[-1]) == ((0, 1), (1, 0))
        assert all(a[0] <= b[0] and a[1] >= b[1] for a, b in pairwise(points))


def test_a_plot_says_its_figures_to_who_cannot_see_it() -> None:
    drawn = plots.intervals(
        "recall $\\frac$", ["网络 <b>", "b"], [0, 1], [Estimate(0.5, 0.4, 0.6, 9), Estimate(0.1, 0, 0.2, 9)]
    )
    assert 'aria-label="recall $\\frac$: 网络 &lt;b&gt; 0.500 (0.400 to 0.600); b 0.100' in drawn
    assert "#0" not in drawn  # every colour is the page's


def test_the_newest_of_each_kind_and_name_and_a_line_for_what_is_broken(tmp_path: Path) -> None:
    write(result(commit="old", made="2026-01-01T00:00:00+00:00"), tmp_path)
    os.utime(write(result(commit="new", made="2026-02-01T00:00:00+00:00"), tmp_path), (0, 0))
    write(result(commit="other", name="large"), tmp_path)
    (tmp_path / "bench-search-1.json").write_text("{}")
    (tmp_path / "torn.json").write_text("{")
    found, lines = newest(tmp_path)
    assert sorted(one.commit for one in found) == ["new", "other"]
    assert len(lines) == 1
    assert "torn.json" in lines[0]


def test_the_command_writes_the_page_and_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    good, out = write(result(), tmp_path), tmp_path / "report.html"
    told = CliRunner().invoke(evaluate, ["report", str(good), "--out", str(out)])
    assert told.exit_code == 0
    assert "report.html" in told.output
    assert out.read_text("utf-8").startswith("<!doctype html>")
    (tmp_path / "torn.json").write_text("{")
    for wrong, words in (("torn.json", "is not a result"), ("none.json", "Cannot read")):
        caught = CliRunner().invoke(evaluate, ["report", str(tmp_path / wrong), "--out", str(out)]).exception
        assert isinstance(caught, ConfigError)
        assert words in str(caught)
    with pytest.raises(ConfigError, match="Cannot write"):
        write_report([good], tmp_path / "no" / "report.html")
    with pytest.raises(ConfigError, match="No results"):
        write_report([], out, tmp_path / "empty")
