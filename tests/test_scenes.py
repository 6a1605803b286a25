"""What a scripted model writes, rightly or wrongly, has the verdict that it must have: each scene is a test."""

import json
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from evals import stage
from evals.cases import SEEDS
from evals.cli import evaluate
from evals.results import read, write
from evals.scenes import SCENES, Expected, Scene, load_scenes
from evals.scripted import ScriptedEndpoint
from evals.stage import make_index, misses, play
from index.engine import Index
from index.errors import ConfigError
from rag.config import RagSettings
from rag.endpoint.generate import LanguageModelWriter, Report
from rag.prompt import make_task
from rag.records import Answer, Citation, Claim, Quotation

ALL = load_scenes(SCENES)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return make_index(SCENES, SEEDS, tmp_path_factory.mktemp("scenes"))


@pytest.mark.parametrize("scene", ALL, ids=lambda scene: scene.id)
def test_each_scene_has_the_verdict_that_it_must_have(scene: Scene, index: Index) -> None:
    assert misses(scene.expected, play(scene, index)) == []


def test_ids_tell_the_scenes_apart() -> None:
    names = [scene.id for scene in ALL]
    assert len(set(names)) == len(names) >= 40


def test_quotes_are_verbatim_and_claims_lie_in_the_text_whatever_a_model_sends(index: Index) -> None:
    for scene in ALL[::8]:
        answer = play(scene, index)
        assert answer.done
        for citation in (*answer.citations, *answer.nearest):
            article = index.article(citation.article_id)
            assert article is not None
            assert article.text[citation.start : citation.end] == citation.quote
        ends = [0, *(end for claim in answer.claims for end in (claim.start, claim.end)), len(answer.text)]
        assert ends == sorted(ends)


def test_a_model_that_never_ends_is_ended(index: Index) -> None:
    endless = next(scene for scene in ALL if scene.finish == "never")
    started = time.monotonic()
    assert play(endless, index).claims
    assert time.monotonic() - started < 10 * stage.ENDLESS_SECONDS


def test_the_endpoint_sends_its_reply_in_the_pieces_of_the_script_and_says_how_it_ended(index: Index) -> None:
    settings = RagSettings(base_url="http://scripted.invalid/v1", model="scripted")
    writer = LanguageModelWriter(settings, ScriptedEndpoint("A [{quote: The quay}], b", (3, 1), "length", "And where?"))
    task = make_task("How long is the quay?", index.search("How long is the quay?"))
    number = next(number for number, sentence in task.sentences.items() if sentence.text.startswith("The quay"))
    report = Report()
    pieces = [piece for piece in writer.write(task, report) if piece]
    assert "".join(pieces) == f"A [{number}], b"
    assert [len(piece) for piece in pieces[:3]] == [3, 1, 3]
    assert report.finish_reason == "length"
    assert writer.complete([{"role": "user", "content": "Last question: And there?"}]) == "And where?"


# --- what is found wrong

QUOTE = "The pool opened in 1931."
ANSWER = Answer(
    "When?",
    "When?",
    text="It opened “in 1931” [1]. It is big.",
    claims=(Claim(0, 24, (1,), "supported"), Claim(25, 35, (), "unsupported", "cites no sentence")),
    citations=(Citation(1, "a", "Pool", None, "a.txt", 0, len(QUOTE), QUOTE),),
    quotations=(Quotation(11, 18, "exact", 1),),
    writer="scripted",
    done=True,
)
RIGHT = Expected(
    {"opened": ("supported",), "big": ("partial", "unsupported")},
    {"big": "cites no"},
    {"1931": ("exact",)},
    citations=1,
    present=("It is",),
    absent=("<",),
)


def test_an_answer_that_is_as_it_must_be_has_no_misses() -> None:
    assert misses(RIGHT, ANSWER) == []
    assert misses(replace(RIGHT, claims={**RIGHT.claims, "heading": ("none", "unsupported")}), ANSWER) == []


@pytest.mark.parametrize(
    ("expected", "miss"),
    [
        (replace(RIGHT, claims={**RIGHT.claims, "opened": ("partial",)}), "“opened” is supported, not partial"),
        (replace(RIGHT, claims={"opened": ("supported",)}), "claim “It is big.” (unsupported) is not expected"),
        (replace(RIGHT, claims={**RIGHT.claims, "small": ("supported",)}), "no claim “small”"),
        (replace(RIGHT, reasons={"big": "number"}), "“big” because “cites no sentence”, without “number”"),
        (replace(RIGHT, quotations={"1931": ("not found",)}), "quotation “1931” is exact, not not found"),
        (replace(RIGHT, quotations={"big": ("exact",)}), "quotation “big” is not seen, not exact"),
        (replace(RIGHT, citations=2), "1 citations, not 2"),
        (replace(RIGHT, present=("blue",)), "lacks “blue”"),
        (replace(RIGHT, absent=("big",)), "shows “big”"),
        (replace(RIGHT, refused=True), "not refused"),
        (replace(RIGHT, writer="extractive"), "written by model, not extractive"),
        (replace(RIGHT, notice=("limit",)), "does not say “limit”"),
    ],
)
def test_each_thing_that_is_otherwise_is_a_miss(expected: Expected, miss: str) -> None:
    assert any(one.startswith(miss) for one in misses(expected, ANSWER))


def test_a_notice_that_nobody_expected_is_a_miss() -> None:
    assert misses(RIGHT, replace(ANSWER, notice="It broke off.")) == ["says “It broke off.”"]


# --- files of scenes

ROW = {"id": "a", "plays": "right", "question": "When did it open?", "reply": "In 1931.", "expected": {}}


@pytest.mark.parametrize(
    "changed",
    [
        {"expected": {"claims": {"1931": "true"}}},
        {"expected": {"claims": {"1931": []}}},
        {"expected": {"quotations": {"1931": "supported"}}},
        {"expected": {"refused": "no"}},
        {"expected": {"writer": "gpt"}},
        {"expected": {"absent": "1931"}},
        {"expected": {"colour": "red"}},
        {"chunks": "words"},
        {"chunks": [0]},
        {"history": ["When?"]},
        {"reply": 7},
        {"colour": "red"},
    ],
)
def test_a_line_that_is_no_scene_is_named(tmp_path: Path, changed: dict[str, object]) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(f"{json.dumps(ROW)}\n{json.dumps({**ROW, **changed})}\n", "utf-8")
    with pytest.raises(ConfigError, match="line 2: not a scene"):
        load_scenes(path)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a file of scenes goes that has an article of its own; the results go beside it."""
    monkeypatch.setattr(stage, "write", partial(write, folder=tmp_path / "results"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "pool.txt").write_text("The pool of Vell\n\nThe pool of Vell opened in 1931.\n", "utf-8")
    (tmp_path / "other.txt").write_text("The harbour\n\nThe harbour has 48 berths.\n", "utf-8")
    return tmp_path / "mine.jsonl"


def run(file: Path, *rows: dict[str, object]) -> tuple[int, str]:
    file.write_text("".join(f"{json.dumps({**ROW, **row})}\n" for row in rows), "utf-8")
    result = CliRunner().invoke(evaluate, ["scenes", str(file), "--articles", str(file.parent / "other.txt")])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_the_command_prints_and_writes_what_came_and_fails_where_a_scene_does(mine: Path) -> None:
    reply = "The pool of Vell opened in 1931 [{quote: The pool of Vell opened}]."
    good = {"reply": reply, "chunks": "characters", "expected": {"claims": {"1931": "supported"}, "citations": 1}}
    bad = {**good, "id": "b", "reply": reply.replace("1931", "1932", 1), "expected": {"claims": {"1932": "supported"}}}
    code, output = run(mine, good)
    assert (code, "1 of 1 scenes go as they must" in output) == (0, True)
    code, output = run(mine, good, bad)
    assert code == 1
    assert "missed: b · “1932” is unsupported, not supported" in output
    (path,) = (mine.parent / "results").glob("scenes-mine-*.json")
    [one, two] = read(path).runs[0].rows
    assert (one["ok"], one["misses"], two["ok"], two["got"]) == (True, [], False, "unsupported")
    assert read(path).runs[0].metrics["ok"].value == 0.5


def test_a_scene_about_a_sentence_that_is_not_there_is_an_error(mine: Path) -> None:
    with pytest.raises(ConfigError, match="Scene a: no sentence in the prompt begins “The town”"):
        run(mine, {"reply": "It opened [{quote: The town}]."})
