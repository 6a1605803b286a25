"""The threshold and the weights of the sentences are learnt from what is right, whichever set is the larger."""

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from evals.calibrate import fit, signs
from evals.cases import SEED_CASES, SEEDS
from evals.cli import evaluate
from evals.train_answers import examples, hits
from rag.choosing.evidence import FEATURES, WEIGHTS
from rag.config import RagSettings


def made(decisive: int, count: int = 200, noise: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Questions that can be answered where one sign is high; the last sign, "unopposed", says nothing."""
    random = np.random.default_rng(3)
    rows = random.random((count, 5))
    rows[:, 4] = random.random(count) > 0.5
    return rows, (rows[:, decisive] + noise * random.standard_normal(count) > 0.5).astype(float)


def wrong(found: tuple[np.ndarray, np.ndarray], weights: np.ndarray) -> float:
    rows, labels = found
    return float(((rows @ weights[:-1] + weights[-1] >= 0) != (labels > 0)).mean())


@pytest.mark.parametrize("decisive", range(4))
def test_the_sign_that_decides_is_found_and_the_threshold_parts_the_kinds(decisive: int) -> None:
    weights = fit([made(decisive)])
    assert int(np.argmax(weights[:4])) == decisive
    assert wrong(made(decisive), weights) < 0.12


def test_what_unopposed_adds_is_found() -> None:
    rows, _ = made(0)
    assert wrong((rows, rows[:, 4]), fit([(rows, rows[:, 4])])) < 0.12
    assert fit([made(1)])[4] < fit([(rows, rows[:, 4])])[4]


def test_a_large_set_does_not_outweigh_a_small_one() -> None:
    small, large = made(0, 60), made(1, 1_000)
    assert abs(wrong(small, fit([small, large])) - wrong(large, fit([small, large]))) < 0.15


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Some cases about the seeds, of both kinds."""
    lines = SEED_CASES.read_text("utf-8").splitlines()
    cases = tmp_path / "few.jsonl"
    cases.write_text("\n".join(lines[:24] + [line for line in lines if '"refuse": true' in line][:6]), "utf-8")
    return cases


def test_signs_are_read_for_every_case(few: Path, tmp_path: Path) -> None:
    rows, labels = signs(few, SEEDS, RagSettings(data_dir=tmp_path, embedding="static"))
    assert rows.shape == (len(labels), 5)
    assert ((rows >= 0) & (rows <= 1.2)).all()
    assert 0 < labels.sum() < len(labels)


def test_the_weights_in_use_rank_the_seeds_better_than_the_passages_alone(few: Path, tmp_path: Path) -> None:
    found = examples(few, SEEDS, RagSettings(data_dir=tmp_path, embedding="static"))
    passages = np.array([float(name == "passage") for name in FEATURES])
    assert hits(found, np.array(WEIGHTS), 1) > hits(found, passages, 1) + 0.2


@pytest.mark.parametrize("command", ["calibrate", "train-answers"])
def test_the_commands_print_what_was_learnt_and_what_is_in_use(
    command: str, few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path))
    shown = CliRunner().invoke(evaluate, [command, str(few), "--articles", str(SEEDS)])
    assert shown.exit_code == 0, shown.output
    assert "few" in shown.output
    assert "as in rag." in shown.output
