"""Drafted cases read well, quote the article as it is, wait for a person's word, and outlast a stop at any moment"""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from fakes import FakeEndpoint
from hypothesis import given, settings
from hypothesis import strategies as st

from evals import make_cases
from evals.cases import load_cases
from evals.cli import evaluate
from evals.drafts import Draft, drafts
from evals.make_cases import Decision, accept_all, identity, make
from index.errors import ConfigError
from index.load.files import read_article
from rag.config import RagSettings
from rag.endpoint.generate import LanguageModelWriter
from rag.offers.clauses import base
from rag.offers.templates import question_of

SEEDS = Path(__file__).parents[1] / "seeds"
COMMON = {"jet", "fighter", "forc", "power", "fire"}


@pytest.fixture
def plain_settings(tmp_path: Path) -> RagSettings:
    return RagSettings(data_dir=tmp_path / "data")


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEndpoint]:
    """What the commands' own writer talks to."""
    fake = FakeEndpoint()
    monkeypatch.setattr(make_cases, "LanguageModelWriter", lambda settings: LanguageModelWriter(settings, fake))
    yield fake
    fake.over.set()


@pytest.mark.parametrize(
    ("sentence", "kind", "question"),
    [
        (
            "Jets have carried out 36 strikes over Sirte since August 1.",
            "number",
            "How many strikes have jets carried out over Sirte since August 1?",
        ),
        (
            "The council closed at least four libraries in Leeds.",
            "number",
            "How many libraries did the council close in Leeds?",
        ),
        (
            "Khalifa said 16 pro-government fighters had been killed and more than 70 wounded.",
            "number",
            "How many pro-government fighters had been killed, according to Khalifa?",
        ),
        (
            "Pro-GNA forces entered Sirte in June, but their advance slowed as snipers hit back.",
            "time",
            "When did Pro-GNA forces enter Sirte?",
        ),
        ("In July 2015 Obama visited Kenya, as the first president in office.", "time", "When did Obama visit Kenya?"),
        ("Albert Einstein was born in Ulm and went to school in Munich.", "place", "Where was Albert Einstein born?"),
        (
            "Powers are backing the new GNA government in a bid to bring stability.",
            "reason",
            "Why are powers backing the new GNA government?",
        ),
        ("The Misrata fighters are led by brigades from the west.", "name", "By whom are the Misrata fighters led?"),
        (
            "Minister Ada Lowe said on Monday that the harbour bridge needs new cables.",
            "name",
            "Who said that the harbour bridge needs new cables?",
        ),
        (
            "Drones flown by the militias are based at an airfield near Amman.",
            "cloze",
            "According to the article, drones flown by the militias are based at an airfield near ____.",
        ),
    ],
)
def test_a_plain_sentence_becomes_a_question(sentence: str, kind: str, question: str) -> None:
    assert question_of(sentence, COMMON | {"drone"}) == (kind, question)


@pytest.mark.parametrize(
    "sentence",
    [
        "They have carried out 36 strikes over Sirte since August 1.",
        "In June, he entered Sirte with four hundred men from Misrata.",
        "But Pro-GNA forces entered Sirte in June after a long siege.",
        "“The bridge opened in June 2014”, said the mayor of Leeds.",
        "Did Pro-GNA forces enter the city of Sirte in June 2016?",
        "Pro-GNA forces entered Sirte in June and met snipers there",
        "Pro-GNA forces [sic] entered Sirte in June 2016 at last.",
        "Sirte fell in June.",
        "The harbour bridge needs new cables and a coat of paint.",
        "The following four tables of Leeds show the time scale.",
        "",
    ],
)
def test_what_cannot_stand_alone_becomes_none(sentence: str) -> None:
    assert question_of(sentence, COMMON) is None


@settings(deadline=None, max_examples=60)
@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from("The Jets have 36 of in June , by said was and that 2014 . (a)".split())).map(" ".join)
)
def test_any_text_becomes_a_question_of_one_line_or_none(text: str) -> None:
    made = question_of(text, COMMON)
    assert made is None or (made[1].isprintable() and made[1].endswith(("?", ".")))


def test_past_forms_lose_their_ending_rightly() -> None:
    pairs = "named:name arrived:arrive entered:enter stopped:stop carried:carry seized:seize killed:kill treated:treat \
        died:die controlled:control charged:charge examined:examine passed:pass won:win took:take captured:capture"
    for pair in pairs.split():
        past, infinitive = pair.split(":")
        assert base(past) == infinitive


def test_drafts_of_the_seeds_quote_them_and_ask_what_one_sentence_answers() -> None:
    articles = [read_article(path) for path in sorted(SEEDS.glob("*.txt"))]
    found = list(drafts(articles))
    assert "When did Pro-GNA forces enter Sirte?" in [one.question for one in found]
    assert len(found) >= 15
    assert len({one.sentence for one in found if one.sentence}) == sum(bool(one.sentence) for one in found)
    assert {one.title for one in found} == {article.title for article in articles}
    for one in found:
        assert not one.sentence or any(one.sentence in article.text for article in articles)
    refusals = [one for one in found if one.kind == "refusal"]
    assert refusals
    assert found == list(drafts(articles))  # the order is the same each time: a person can go on later


def test_a_question_that_two_sentences_could_answer_is_not_drafted(tmp_path: Path) -> None:
    once = "In July 2015 Obama visited Kenya for the first time."
    (tmp_path / "a.txt").write_text(f"Travels\n\n{once}")
    assert [one.kind for one in drafts([read_article(tmp_path / "a.txt")])] == ["time"]
    (tmp_path / "b.txt").write_text("Others\n\nIn May 2019 Obama visited Kenya for the first time in a while.")
    both = [read_article(tmp_path / name) for name in ("a.txt", "b.txt")]
    assert "When did Obama visit Kenya for the first time?" not in [one.question for one in drafts(both)]


def test_each_answer_is_on_the_disk_before_the_next_question(tmp_path: Path, plain_settings: RagSettings) -> None:
    out, seen = tmp_path / "new" / "cases.jsonl", list[Draft]()

    def decide(draft: Draft, number: int) -> Decision:
        assert number == len(seen)
        assert (load_cases(out) if seen else []) == [make_cases.as_case(one, one.question) for one in seen]
        if len(seen) == 3:
            raise KeyboardInterrupt
        seen.append(draft)
        return Decision(draft.question)

    with pytest.raises(KeyboardInterrupt):
        make([SEEDS], out, 10, decide, plain_settings)
    assert len(load_cases(out)) == 3


def test_it_goes_on_where_it_stopped_and_shows_nothing_twice(tmp_path: Path, plain_settings: RagSettings) -> None:
    out, shown = tmp_path / "cases.jsonl", list[str]()

    def first(draft: Draft, _: int) -> Decision:
        shown.append(identity(draft))
        return [Decision("Mine?"), Decision(), Decision(draft.question), Decision(stop=True)][len(shown) - 1]

    def second(draft: Draft, _: int) -> Decision:
        assert identity(draft) not in shown[:3]
        return Decision(draft.question)

    assert make([SEEDS], out, 5, first, plain_settings) == 2
    assert load_cases(out)[0].question == "Mine?"
    assert make([SEEDS], out, 5, second, plain_settings) == 5
    assert make([SEEDS], out, 5, lambda *_: pytest.fail("there are enough"), plain_settings) == 5
    ids = [case.id for case in load_cases(out)]
    assert len(set(ids)) == 5
    assert shown[1] not in ids


def test_a_refusal_expects_nothing_and_another_its_sentence() -> None:
    refusal = make_cases.as_case(Draft("refusal", "Who?", "", "T"), "Who? ")
    assert (refusal.refuse, refusal.gold_any, refusal.question) == (True, (), "Who?")
    other = make_cases.as_case(Draft("time", "When?", "In June.", "T"), "When then?")
    assert (other.refuse, other.gold_any, other.category) == (False, ("In June.",), "time")


def test_a_model_words_the_questions_and_a_template_where_it_fails(
    tmp_path: Path, endpoint: FakeEndpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    with_model = RagSettings(data_dir=tmp_path, base_url="http://model.test/v1", model="fake", api_key="secret-key")
    endpoint.enqueue(["How often ", "did jets strike?"], ["Here is a question:\nWho?"], ["None."], 401)
    make([SEEDS], tmp_path / "cases.jsonl", 6, accept_all, with_model)
    questions = [case.question for case in load_cases(tmp_path / "cases.jsonl")]
    plain = [one.question for one in drafts([read_article(path) for path in sorted(SEEDS.glob("*.txt"))])][:6]
    assert questions == ["How often did jets strike?", *plain[1:]]
    assert len(endpoint.requests) == 4  # none after the endpoint failed
    told = capsys.readouterr().err
    assert len(told.strip().splitlines()) == 1
    assert "made from templates" in told
    assert "secret" not in told
    assert endpoint.requests[0]["temperature"] == 0


def test_the_command_asks_a_person_and_refuses_to_ask_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "my cases.jsonl"
    command = ["make-cases", str(SEEDS), "--out", str(out), "--count", "3"]
    caught = CliRunner().invoke(evaluate, command).exception
    assert isinstance(caught, ConfigError)
    assert "--accept-all" in str(caught)
    told = CliRunner().invoke(evaluate, [*command, "--accept-all"])
    assert told.exit_code == 0
    assert f"footnote eval answers '{out}' --articles {SEEDS}" in told.output
    assert len(load_cases(out)) == 3
    out.unlink()
    monkeypatch.setattr("evals.cli.sys", type("Terminal", (), {"stdin": type("In", (), {"isatty": lambda: True})}))
    talked = CliRunner().invoke(evaluate, command, input="a\nr\ne\nWhose question?\nq\n")
    assert talked.exit_code == 0, talked.output
    assert load_cases(out)[1].question == "Whose question?"
    assert "2 cases" in talked.output
    assert "(3 were wanted)" in click.unstyle(talked.output)


def test_what_is_wrong_is_one_line(tmp_path: Path, plain_settings: RagSettings) -> None:
    wrong = tmp_path / "cases.jsonl"
    wrong.write_text(json.dumps({"no": "case"}))
    with pytest.raises(ConfigError, match=r"cases.jsonl, line 1: not an object with id, question"):
        make([SEEDS], wrong, 3, accept_all, plain_settings)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "binary.txt").write_bytes(b"\x00\x01\xff")
    with pytest.raises(ConfigError, match="could be read"):
        make([tmp_path / "articles"], tmp_path / "new.jsonl", 3, accept_all, plain_settings)
    with pytest.raises(ConfigError, match="Cannot write"):
        make([SEEDS], wrong / "below.jsonl", 3, accept_all, plain_settings)
