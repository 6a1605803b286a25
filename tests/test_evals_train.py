"""The weights of the ranking are learnt from judged questions."""

import json
from math import log2

import click
import numpy as np
import pytest
from click.testing import CliRunner

from evals import train
from evals.cli import evaluate
from evals.train import Example, learn, score
from index.errors import ConfigError
from index.rank import FEATURES

ANIMALS = ("zebra", "walrus", "lynx", "okapi", "heron", "beaver", "otter", "badger")


def made(decisive, count=40, sign=1.0):
    """Questions with eight passages each; the one that has most (or least) of a feature is right."""
    random = np.random.default_rng(7)
    examples = []
    for _ in range(count):
        features = random.random((8, len(FEATURES))).astype(np.float32)
        best = int(np.argmax(sign * features[:, decisive]))
        examples.append(Example(features, [[f"d{place}"] for place in range(8)], {f"d{best}": 1, "elsewhere": 1}))
    return examples


@pytest.fixture(autouse=True)
def _fewer_steps(monkeypatch):
    monkeypatch.setattr(train, "STEPS", 150)


@pytest.mark.parametrize("decisive", range(len(FEATURES)))
def test_the_feature_that_decides_is_found(decisive):
    weights = learn([made(decisive)])
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    assert weights[decisive] > 0.7
    even = np.full(len(FEATURES), 1 / len(FEATURES))
    assert score(made(decisive), weights) > score(made(decisive), even)


def test_a_feature_that_speaks_against_a_passage_weighs_nothing():
    weights = learn([[*made(2, 30), *made(0, 30, sign=-1.0)]])
    assert weights[0] == 0
    assert weights[2] == weights.max()


def test_a_large_set_does_not_outweigh_a_small_one():
    weights = learn([made(0, 120), made(1, 12)])
    mixed = learn([[*made(0, 120), *made(1, 12)]])
    assert mixed[0] / mixed[1] > 2 * weights[0] / weights[1]


def test_the_score_is_counted_by_hand():
    """A document ranks by its best passage; what was not found is missed."""
    features = np.zeros((4, len(FEATURES)), dtype=np.float32)
    features[:, 0] = [0.9, 0.8, 0.7, 0.6]
    weights = np.eye(len(FEATURES))[0]
    one = Example(features, [["a"], ["a", "b"], ["a"], ["c"]], {"b": 1, "c": 2, "missed": 1})
    best = 2 + 1 / log2(3) + 1 / log2(4)
    expected = (1 / log2(3) + 2 / log2(4)) / best
    assert score([one], weights) == pytest.approx(expected)
    none = Example(features, [["a"]] * 4, {"missed": 1})
    assert score([one, none], weights) == pytest.approx(expected / 2)
    assert score([one], -weights) == pytest.approx((2 + 1 / log2(4)) / best)  # c, a, b


def test_a_document_after_the_tenth_is_worth_nothing():
    features = np.zeros((11, len(FEATURES)), dtype=np.float32)
    one = Example(features, [[str(place)] for place in range(11)], {"10": 1})
    assert score([one], np.ones(len(FEATURES))) == 0


def test_where_nothing_can_be_learnt_it_is_said():
    with pytest.raises(ConfigError, match="is anything found that is right"):
        learn([[Example(np.zeros((2, len(FEATURES)), dtype=np.float32), [["a"], ["b"]], {"c": 1})]])
    with pytest.raises(ConfigError, match="tells what is right"):
        learn([[Example(np.ones((2, len(FEATURES)), dtype=np.float32), [["a"], ["b"]], {"a": 1})]])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "tiny"
    folder.mkdir()
    corpus = [
        {"_id": f"d{n}", "title": animal, "text": f"The {animal} sleeps in place {n}. It eats plants."}
        for n, animal in enumerate(ANIMALS)
    ]
    asked = [{"_id": f"q{n}", "text": f"Where does the {animal} sleep?"} for n, animal in enumerate(ANIMALS)]
    for name, rows in (("corpus", corpus), ("queries", asked)):
        (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    # Of the last question nothing is right: it is left out.
    judged = "".join(f"q{n}\td{n}\t{int(n < 7)}\n" for n in range(8))
    (folder / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}", "utf-8")
    return folder


def test_the_command_prints_what_the_weights_give(folder):
    done = CliRunner().invoke(evaluate, ["train", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0
    shown = click.unstyle(done.output)
    for name in ("tiny", *FEATURES, "all of them", "as in index.rank", "fusion alone"):
        assert name in shown
    (row,) = [line for line in shown.splitlines() if "as in index.rank" in line]
    assert "1.000" in row  # each animal is found first


def test_questions_without_a_file_are_one_line(folder):
    (folder / "queries.jsonl").unlink()
    with pytest.raises(ConfigError, match="No such file"):
        CliRunner().invoke(evaluate, ["train", str(folder)], catch_exceptions=False)
