"""The measures of answers against examples counted by hand, and against assistants that are broken on purpose."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from evals import answers
from evals.cases import SEED_CASES, Case, days_of, load_cases
from evals.cli import evaluate
from evals.everything import commands, measure
from evals.metrics import Score, holds_any, is_read, is_verbatim, normalise, read_plain, same, score
from evals.results import read, write
from evals.shapes import load_set
from index.engine import Index
from index.errors import ConfigError
from index.records import NO_FILTERS, Article, Filters
from rag.assistant import Assistant
from rag.records import Answer, Citation, Conflict, TimeReading, Turn

TEXT = "One sentence. Another one. A third. The 36th strike."
ONE, ANOTHER, THIRD = (0, 13), (14, 26), (27, 35)
ARTICLE = Article("a", "T", TEXT, ("a.txt",))
SEEDS = Path(__file__).parents[1] / "seeds"


def citation(start: int, end: int, quote: str | None = None) -> Citation:
    return Citation(1, "a", "T", None, "a.txt", start, end, quote if quote is not None else TEXT[start:end])


def case(**changes: object) -> Case:
    plain = Case("c", "number", "How?", gold_any=("Another one.",))
    return replace(plain, **changes)  # type: ignore[arg-type]


def answer(*citations: Citation, refused: bool = False, conflicts: int = 0) -> Answer:
    found = (Conflict("strikes", ()),) * conflicts
    return Answer("How?", "How?", "Text.", citations=citations, refused=refused, conflicts=found, done=True)


def scored(one: Case, given: Answer, file: str | None = TEXT) -> Score:
    return score(one, given, lambda _: ARTICLE, lambda _: file, 10)


def reading(words: str, first: str = "", last: str = "") -> TimeReading:
    return TimeReading(1, words, "", first, last or first, "")


def test_times_right_is_the_share_of_the_times_with_exactly_their_days() -> None:
    times = (
        reading("Tuesday", "2023-02-28"),
        reading("last week", "2023-02-20", "2023-02-26"),
        reading("early May", "2016-05-01", "2016-05-31"),
        reading("today"),
    )
    entries = "Tuesday = 2023-02-28", "last week = 2023-02-20/2023-02-26", "since early May = 2016-05", "today = ?"
    wrong = "Tuesday = 2023-03-07", "Tuesday = ?", "last week = 2023-02-20", "today = 2023-03-03", "Monday = ?"
    assert all(is_read(one, times) for one in entries)
    assert not any(is_read(one, times) for one in wrong)
    quote = "On Tuesday, last week and since early May."
    given = replace(answer(replace(citation(*ONE), quote=quote)), times=times)
    assert scored(case(gold_any=(quote,), times=(*entries[:3], wrong[0])), given).times_right == 0.75
    assert scored(case(gold_any=(quote,)), given).times_right is None


def test_times_of_sentences_that_are_not_quoted_or_not_gold_do_not_count() -> None:
    given = replace(answer(citation(*ONE)), times=(reading("Tuesday", "2023-02-28"),))
    assert scored(case(times=("Tuesday = 2023-02-28",)), given).times_right is None
    tuesday = replace(citation(*ONE), quote="On Tuesday it rained.")
    other = replace(answer(tuesday), times=given.times)
    assert scored(case(gold_any=("It snowed.",), times=("Tuesday = 2023-02-28",)), other).times_right is None


def test_the_reading_of_the_same_words_counts_before_a_longer_one() -> None:
    times = reading("last Tuesday", "2023-02-21"), reading("Tuesday", "2023-02-28")
    assert not is_read("Tuesday = 2023-02-21", times)
    assert is_read("on Tuesday = 2023-02-28", times)
    assert is_read("Tuesday = 2023-02-21", times[:1])


@pytest.mark.parametrize(
    ("time", "days"), [("2023", 365), ("2024-02", 29), ("2023-02-28", 1), ("2023-01-01/2023-01-03", 3)]
)
def test_the_days_of_a_case(time: str, days: int) -> None:
    first, last = map(date.fromisoformat, days_of(time))
    assert (last - first).days + 1 == days


@pytest.mark.parametrize("times", ['["Tuesday"]', '["Tuesday = soon"]', '["May = 2016-13"]'])
def test_a_time_that_is_none_is_no_case(times: str, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(f'{{"id": "c", "question": "?", "answers": ["x"], "times": {times}}}', "utf-8")
    with pytest.raises(ConfigError):
        load_cases(file)


def test_scores_counted_by_hand() -> None:
    scores = [
        scored(case(), answer(citation(*ANOTHER), citation(*ONE))),
        scored(case(gold_any=(), gold_all=("One sentence.", "A third.")), answer(citation(*ONE))),
        scored(case(), answer(refused=True)),
        scored(case(refuse=True, gold_any=()), answer(refused=True)),
        scored(case(refuse=True, gold_any=()), answer(citation(0, 13, "One sentence!"))),
    ]
    values = {name: (one.value, one.count) for name, one in answers.summarise(scores).metrics.items()}
    assert values == {
        "gold_first": (pytest.approx(2 / 3), 3),
        "gold_in_three": (pytest.approx(2 / 3), 3),
        "all_sides": (0, 1),
        "false_conflict": (0, 3),
        "precision": (0.75, 2),  # one of two, and one of one
        "recall": (0.5, 3),  # one of one, one of two, none of one
        "verbatim": (pytest.approx(2 / 3), 3),
        "in_file": (pytest.approx(2 / 3), 3),
        "rightly_refused": (0.5, 2),
        "wrongly_refused": (pytest.approx(1 / 3), 3),
        "refusal_precision": (0.5, 2),
        "characters": (5, 3),
        "quotes": (pytest.approx(4 / 3), 3),
        "milliseconds": (10, 5),
    }


def test_only_the_first_three_quotes_count_as_first() -> None:
    late = answer(citation(*ONE), citation(*ONE), citation(*THIRD), citation(*ANOTHER))
    third = answer(citation(*ONE), citation(*ONE), citation(*ANOTHER))
    one = case(answers=("another one",))
    assert (scored(one, late).gold_in_three, scored(one, late).answer_in_three) == (False, False)
    assert (scored(one, third).gold_in_three, scored(one, third).answer_in_three) == (True, True)
    assert (scored(one, third).gold_first, scored(one, third).answer_first) == (False, False)
    assert scored(one, late).recall == 1


def test_a_quote_is_right_if_it_is_gold_or_holds_words_that_answer() -> None:
    both = case(answers=("third",))
    assert scored(both, answer(citation(*ANOTHER), citation(*THIRD), citation(*ONE))).precision == pytest.approx(2 / 3)
    assert scored(both, answer(refused=True)).precision is None
    assert scored(both, answer(refused=True)).answer_in_three is False


def test_words_that_answer_are_compared_as_in_squad_and_whole() -> None:
    assert normalise("The U.S. —  an “Army”") == "u s army"
    assert holds_any("Then (the) Second  World-War began.", [normalise("second world war")])
    assert not holds_any("It was 1924.", [normalise("24")])
    assert not holds_any("An…", [normalise("the")])


def test_a_date_line_may_or_may_not_be_part_of_a_gold_sentence() -> None:
    assert same("Forces entered Sirte.", "TRIPOLI - Forces  entered\nSirte.")
    assert same("TRIPOLI - Forces entered Sirte.", "Forces entered Sirte.")
    assert not same("Forces entered Sirte.", "Forces left Sirte.")
    assert not same("Forces entered Sirte.", "")


def test_where_articles_disagree_all_sides_and_the_disagreement_must_be_shown() -> None:
    sides = case(gold_any=(), answers=("one", "third"), conflict=True)
    whole = scored(sides, answer(citation(*ONE), citation(*THIRD), conflicts=1))
    half = scored(sides, answer(citation(*ONE)))
    assert (whole.all_sides, whole.conflict_shown, whole.false_conflict) == (True, True, None)
    assert (half.all_sides, half.conflict_shown, half.answer_first) == (False, False, True)
    assert scored(case(answers=("one", "third")), answer(citation(*ONE))).all_sides is None
    assert scored(case(), answer(citation(*ONE), conflicts=1)).false_conflict is True


def test_a_quote_is_verbatim_only_at_its_offsets() -> None:
    assert is_verbatim(citation(*ANOTHER), lambda _: ARTICLE)
    assert not is_verbatim(citation(0, 12, "Another one."), lambda _: ARTICLE)
    assert not is_verbatim(citation(5, 5), lambda _: ARTICLE)
    assert not is_verbatim(citation(*ANOTHER), lambda _: None)


def test_a_quote_is_looked_for_in_the_file_where_that_is_plain_text(tmp_path: Path) -> None:
    assert scored(case(), answer(citation(*ONE)), "Another text.").in_file == 0
    assert scored(case(), answer(citation(*ONE)), None).in_file is None
    (tmp_path / "a.txt").write_bytes("Zwölf.\r\n".encode())
    (tmp_path / "b.txt").write_bytes("Zwölf.".encode("utf-16"))
    (tmp_path / "c.html").write_text("Twelve.")
    assert read_plain(str(tmp_path / "a.txt")) == "Zwölf.\r\n"
    assert [read_plain(str(tmp_path / name)) for name in ("b.txt", "c.html", "none.txt")] == [None] * 3


def test_the_shipped_cases_are_whole_and_their_gold_stands_in_the_articles() -> None:
    texts = [path.read_bytes().decode() for path in SEEDS.glob("*.txt")]
    for path in SEED_CASES.parent.glob("seeds*.jsonl"):
        cases = load_cases(path)
        assert len(cases) >= 50
        assert sum(one.refuse for one in cases) >= 15
        assert sum(one.conflict for one in cases) >= 10
        assert len({one.id for one in cases}) == len(cases)
        for one in cases:
            assert one.refuse or one.golds
            for gold in one.golds:
                assert any(gold in text for text in texts), gold


class Broken(Assistant):
    """Answers every question the same way."""

    def __init__(self, index: Index, reply: Answer) -> None:
        self.index = index
        self.reply = reply
        self.asked: list[tuple[str, int, Filters]] = []

    def stream(
        self, question: str, history: Sequence[Turn] = (), filters: Filters = NO_FILTERS, **_: object
    ) -> Iterator[Answer]:
        self.asked.append((question, len(history), filters))
        yield self.reply


def test_an_assistant_that_always_refuses_fails(seeds_index: Index) -> None:
    run = answers.summarise(answers.run_cases(load_cases(SEED_CASES), Broken(seeds_index, answer(refused=True))))
    assert run.metrics["gold_in_three"].value == 0
    assert run.metrics["wrongly_refused"].value == 1
    assert run.metrics["rightly_refused"].value == 1
    assert run.metrics["refusal_precision"].value < 0.4
    assert [line.split(" 0")[0].split(" 1")[0] for line in answers.shortfalls(run)] == [
        "gold in three",
        "wrongly refused",
    ]


def test_an_assistant_that_makes_quotes_up_fails(seeds_index: Index) -> None:
    source = SEEDS / next(SEEDS.glob("000*")).name
    (article,) = [one.id for one in seeds_index.entries() if one.sources == (str(source.resolve()),)]
    made_up = answer(replace(citation(0, 13, "Sirte was free."), source=str(source.resolve()), article_id=article))
    run = answers.summarise(answers.run_cases(load_cases(SEED_CASES)[:20], Broken(seeds_index, made_up)))
    assert run.metrics["verbatim"].value == 0
    assert run.metrics["in_file"].value == 0
    assert {"verbatim 0.000 is under 1.00", "in file 0.000 is under 1.00"} <= set(answers.shortfalls(run))


def test_earlier_questions_are_asked_first_and_of_the_same_articles(seeds_index: Index) -> None:
    broken = Broken(seeds_index, answer())
    answers.run_cases([case(history=("Who?", "When?"), source="000_")], broken)
    only = Filters(source="000_")
    assert broken.asked == [("Who?", 0, only), ("When?", 1, only), ("How?", 2, only)]


def lines(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", "utf-8")
    return path


@pytest.fixture
def _written_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(answers, "write", partial(write, folder=tmp_path / "results"))


@pytest.mark.usefixtures("_written_here")
def test_the_command_writes_a_result_and_fails_under_a_threshold(tmp_path: Path) -> None:
    easy = load_cases(SEED_CASES)[0]
    cases = lines(
        tmp_path / "mine.jsonl",
        {"id": "right", "question": "What is the capital of Peru?", "refuse": True},
        {"id": "wrong", "question": easy.question, "refuse": True},
        {"id": "elsewhere", "question": easy.question, "gold_any": ["Nothing of the kind."]},
    )
    for arguments in ([str(cases)], ["answers", str(cases), "--embedding", "static"]):
        ran = CliRunner().invoke(evaluate, arguments)
        assert ran.exit_code == 1
        assert "rightly refused 0.500 is under 0.90" in ran.output
        assert "missed: wrong · " in ran.output
        assert "missed: elsewhere · " in ran.output
        assert "missed: right" not in ran.output
    (path,) = (tmp_path / "results").glob("answers-mine-static-*.json")
    result = read(path)
    assert result.commit in path.name
    assert [row["refused"] for row in result.runs[0].rows] == [True, False, False]
    assert "api_key" not in result.settings
    assert CliRunner().invoke(evaluate, [str(cases), "--limit", "1"]).exit_code == 0


TOWNS = {
    "north": "Aldery lies on the river Wene. The mill of Aldery was built in 1731 by Tom Hask.",
    "south": "Brannoc is a harbour. Its lighthouse was lit in 1802.",
}


def xquad(folder: Path, **changes: object) -> Path:
    folder.mkdir(exist_ok=True)
    start = TOWNS["north"].index("1731")
    question = {"_id": "q", "text": "When was the mill of Aldery built?", "answers": ["1731"], "article": "north"}
    lines(folder / "corpus_articles.jsonl", *({"_id": name, "title": "", "text": TOWNS[name]} for name in TOWNS))
    lines(folder / "queries.jsonl", {**question, "start_in_article": start, "end_in_article": start + 4, **changes})
    return folder


def test_a_folder_like_xquads_gives_the_sentence_that_holds_the_span(tmp_path: Path) -> None:
    found = load_set(xquad(tmp_path / "squad"))
    gold = "The mill of Aldery was built in 1731 by Tom Hask."
    assert found.cases == [Case("q", "when", "When was the mill of Aldery built?", gold_any=(gold,), answers=("1731",))]
    assert found.documents is not None
    assert [one.text for one in found.documents] == list(TOWNS.values())


@pytest.mark.parametrize(
    ("question", "category"),
    [
        ("To whom was it sold?", "who"),
        ("In how many years?", "how many"),
        ("How did it end?", "how"),
        ("Name it.", "other"),
    ],
)
def test_questions_of_xquad_are_told_apart_by_their_word(tmp_path: Path, question: str, category: str) -> None:
    assert load_set(xquad(tmp_path / "squad", text=question)).cases[0].category == category


def test_a_folder_like_clapnqs_gives_what_any_annotator_marked(tmp_path: Path) -> None:
    lines(tmp_path / "corpus.jsonl", {"_id": "north", "title": "Aldery", "text": TOWNS["north"]})
    lines(
        tmp_path / "queries.jsonl",
        {"_id": 1, "text": "mill", "answerable": True, "gold_sentences": [["A .", "B ."], ["B ."]]},
        {"_id": 2, "text": "sea", "answerable": False},
    )
    assert load_set(tmp_path).cases == [
        Case("1", "answerable", "mill", gold_any=("A .", "B .")),
        Case("2", "unanswerable", "sea", refuse=True),
    ]
    assert len(load_set(tmp_path, limit=1).cases) == 1


def ramdocs(path: Path) -> Path:
    return lines(
        path,
        {
            "question": "When was the mill of Aldery built?",
            "documents": [{"text": TOWNS["north"]}, {"text": "In 1840 a mill was built in Aldery, by the river."}],
            "gold_answers": ["1731"],
            "wrong_answers": ["1840"],
        },
        {
            "question": "When was the lighthouse lit?",
            "documents": [{"text": TOWNS["south"]}],
            "gold_answers": ["1802"],
            "wrong_answers": [],
        },
        {
            "question": "What is the capital of Peru?",
            "documents": [{"text": "Lighthouses are tall."}],
            "gold_answers": ["Lima"],
            "wrong_answers": [],
        },
    )


def test_a_file_like_ramdocs_puts_each_question_to_its_own_documents(tmp_path: Path) -> None:
    found = load_set(ramdocs(tmp_path / "docs.jsonl"))
    first, second, _ = found.cases
    assert (first.category, first.conflict, first.answers) == ("one answer, misled", True, ("1731",))
    assert (second.category, second.conflict) == ("one answer", False)
    assert found.documents is not None
    assert [one.id.startswith(first.source) for one in found.documents] == [True, True, False, False]


@pytest.mark.usefixtures("_written_here")
def test_public_shapes_are_answered_without_thresholds(tmp_path: Path) -> None:
    for path, right in ((xquad(tmp_path / "squad"), 1), (ramdocs(tmp_path / "docs.jsonl"), 2 / 3)):
        ran = CliRunner().invoke(evaluate, ["answers", str(path)])
        assert ran.exit_code == 0, ran.output
        (written,) = (tmp_path / "results").glob(f"answers-{path.stem}-*.json")
        metrics = read(written).runs[0].metrics
        assert metrics["answer_in_three"].value == pytest.approx(right)
        assert metrics["wrongly_refused"].value == pytest.approx(1 - right)  # far more than is allowed on our cases
        assert metrics["verbatim"].value == 1
        assert not {"in_file", "refusal_precision"} & metrics.keys()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not json",
        "[1]",
        '{"id": "x"}',
        '{"id": "x", "question": "Why?"}',
        '{"id": "x", "question": "Why?", "refuse": 1}',
        '{"id": "x", "question": "Why?", "refuse": true, "colour": "red"}',
        '{"id": "x", "question": "Why?", "gold_any": "One sentence."}',
    ],
)
def test_a_file_that_holds_no_cases_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(f"{content}\n")
    with pytest.raises(ConfigError, match=r"cases.jsonl( is empty|, line 1: not (a case|JSON|an object))"):
        load_set(path)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"start_in_article": 0}, "at its offsets stands 'Aldery lies"),
        ({"article": "west"}, "there is no article west"),
        ({"answers": "1731"}, "a list of strings is wanted"),
        ({"end_in_article": None}, "NoneType"),
    ],
)
def test_a_question_that_does_not_fit_its_article_is_named(
    tmp_path: Path, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(ConfigError, match=rf"queries.jsonl, line 1: not a question \(.*{reason}"):
        load_set(xquad(tmp_path / "squad", **changes))


def test_what_is_no_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none.jsonl"):
        load_set(tmp_path / "none.jsonl")
    with pytest.raises(ConfigError, match=r"No queries.jsonl"):
        load_set(tmp_path)


def test_all_measures_are_those_of_our_cases_and_of_each_folder_by_its_shape(tmp_path: Path) -> None:
    for name in ("texts/corpora", "news/corpus_articles.jsonl", "search/queries.jsonl", "talk/queries_lastturn.jsonl"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).mkdir()
    (tmp_path / "sides").mkdir()
    (tmp_path / "sides" / "some.jsonl").touch()
    found = [(one[0], Path(one[1]).relative_to(tmp_path)) for one in commands(tmp_path) if str(tmp_path) in str(one)]
    assert {(name, str(place)) for name, place in found} == {
        ("chunks", "texts"),
        ("answers", "news"),
        ("retrieval", "search"),
        ("answerable", "search"),
        ("retrieval", "talk"),
        ("conversation", "talk"),
        ("answers", "sides/some.jsonl"),
    }
    own = commands(None)
    assert {one[0] for one in own} == {"answers", "answerable", "scenes", "checks"}
    assert all(Path(part).exists() for one in own for part in one[1:] if not part.startswith("-"))


def test_all_measures_say_which_of_them_failed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("evals.everything.OWN", (("scenes", "nowhere.jsonl"), ("checks", "--help")))
    assert measure(None, "static") == 1
    lines = capfd.readouterr().out.splitlines()
    assert [line.split()[-2] for line in lines if "nowhere" in line] == ["1"]
    assert [line.split()[-2] for line in lines if "checks --help" in line] == ["0"]
