"""A disagreement in one value is shown from both sides, a sentence printed twice only once"""

from pathlib import Path

import pytest

from index.engine import Index
from rag.assistant import Assistant
from rag.config import RagSettings

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
