"""What a language model thinks of the answers: is each claim carried by its quote, is the answer right?

Its opinions are a result of their own kind, beside the measures that need no model, and part of none of them.
"""

import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.cases import Case, load_cases
from evals.results import RESULTS, Result, make_result, make_run, one_line, short, write
from index.engine import Index
from index.errors import ConfigError, EndpointError
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.endpoint.generate import LanguageModelWriter
from rag.prompt import rules, wording
from rag.records import Answer, Claim

WORTH = {"yes": 1.0, "partly": 0.5, "no": 0.0}
METRICS = ("faithful", "correct", "judged")
# A word in other signs ("**Yes.**") is that word; a sentence that holds it is no verdict.
VERDICT = re.compile(r"[\W_]*(yes|partly|no)[\W_]*", re.IGNORECASE)
MOST_FAILURES = 3  # in a row: then the endpoint is down, and asking on would only cost time


@dataclass(slots=True)
class Judge:
    """Asks a model for verdicts; `failures` counts those in a row that did not come at all."""

    model: LanguageModelWriter
    failures: int = field(default=0)

    def faithful(self, claim: str, quotes: Sequence[str]) -> float | None:
        """Whether the quotes carry the claim: 1, 0.5, 0, or None where the model gave no verdict."""
        return self._ask("claim", {"quote": "\n".join(map(wording, quotes)), "claim": wording(claim)})

    def correct(self, case: Case, answer: str) -> float | None:
        """Whether the answer says what the case expects."""
        expected = [f"one of: {one}" for one in (*case.answers, *case.gold_any)]
        expected += [f"all needed: {one}" for one in case.gold_all]
        parts = {"question": case.question, "expected": "\n".join(expected), "answer": wording(answer)}
        return self._ask("answer", parts)

    def _ask(self, prompt: str, parts: dict[str, str]) -> float | None:
        """The verdict; an EndpointError where the model has failed too often in a row."""
        material = "\n".join(f"<{name}>\n{text}\n</{name}>" for name, text in parts.items())
        chat = [{"role": "system", "content": rules(prompt, "evals")}, {"role": "user", "content": material}]
        try:
            reply = self.model.complete(chat)
        except EndpointError:
            self.failures += 1
            if self.failures >= MOST_FAILURES:
                raise
            return None
        self.failures = 0
        return verdict(reply)


def verdict(reply: str) -> float | None:
    """What "yes", "partly" or "no" is worth; any other reply is no verdict."""
    found = VERDICT.fullmatch(reply)
    return WORTH[found.group(1).lower()] if found else None


def judge_cases(cases: Iterable[Case], assistant: Assistant, judge: Judge) -> list[dict[str, Any]]:
    """A row for each case: what was answered, and the verdicts."""
    rows = []
    for case in cases:
        history: list[Answer] = []
        for earlier in case.history:
            history.append(assistant.ask(earlier, history))
        rows.append(row(case, assistant.ask(case.question, history), judge))
    return rows


def row(case: Case, answer: Answer, judge: Judge) -> dict[str, Any]:
    """The verdicts on one answer.

    `faithful` is the mean over its claims that were judged; `judged` the share of verdicts asked for that came. A
    refusal needs no model: it claims nothing, and is wrong where the articles say. A case to refuse has no `correct`,
    and a claim without a quote is carried by none.
    """
    claims: list[dict[str, Any]] = [
        {
            "claim": answer.text[claim.start : claim.end],
            "quotes": (quotes := _quotes(answer, claim)),
            "verdict": judge.faithful(answer.text[claim.start : claim.end], quotes) if quotes else 0.0,
        }
        for claim in answer.claims
    ]
    asked = [one["verdict"] for one in claims]
    correct: float | None = None
    if not case.refuse:
        correct = 0.0 if answer.refused else judge.correct(case, answer.text)
        asked += [] if answer.refused else [correct]
    heard = [one["verdict"] for one in claims if one["verdict"] is not None]
    return {
        "id": case.id,
        "text": case.question,
        "answer": answer.text,
        "notice": answer.notice,
        "faithful": sum(heard) / len(heard) if heard else None,
        "correct": correct,
        "judged": sum(one is not None for one in asked) / len(asked) if asked else None,
        "claims": claims,
    }


def evaluate(
    cases_file: Path,
    articles: Path,
    settings: RagSettings,
    model: LanguageModelWriter | None = None,
    folder: Path = RESULTS,
) -> Path:
    """Answer every case over a fresh index of `articles`, have the answers judged, print and write it.

    Raises:
        ConfigError: no model is set, or there are no cases.
        EndpointError: the model failed several times in a row.
    """
    from rich.progress import track

    if not settings.has_endpoint:
        raise ConfigError("Judging needs a language model.", "Set FOOTNOTE_MODEL or OPENAI_BASE_URL.")
    cases = load_cases(cases_file)
    model = model or LanguageModelWriter(settings)
    with tempfile.TemporaryDirectory() as place:
        fresh = settings.model_copy(update={"data_dir": Path(place), "chroma_url": ""})
        index = Index(fresh)
        index.sync([articles])
        assistant = Assistant(index, fresh, model)
        rows = judge_cases(track(cases, "Judging", transient=True), assistant, Judge(model))
    run = make_run(
        f"footnote ({index.embedder.name.split(':')[0]})", f"written and judged by {model.name}", METRICS, rows
    )
    result = make_result("judge", cases_file.stem, [run], settings)
    path = write(result, folder)
    show(result)
    print(f"Written to {short(path)}")
    return path


def show(result: Result) -> None:
    """Print the verdicts, the unfaithful claims, and how many verdicts did not come."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    console = Console(markup=False, highlight=False)
    for run in result.runs:
        console.print(f"\n{one_line(run.system)} · {one_line(run.condition)}", style="bold")
        table = Table("opinion of the model", "mean", "95%", "cases", box=SIMPLE, padding=(0, 1))
        for name, one in run.metrics.items():
            table.add_row(name, f"{one.value:.3f}", f"[{one.low:.3f}, {one.high:.3f}]", str(one.count))
        console.print(table)
        for found in run.rows:
            for claim in found["claims"]:
                if claim["verdict"] == 0:
                    console.print(f"  not carried ({one_line(found['id'])}): {one_line(claim['claim'])}")
        silent = [found["id"] for found in run.rows if found["judged"] is not None and found["judged"] < 1]
        if silent:
            console.print(f"Not judged, in whole or in part: {one_line(', '.join(silent))}", style="dim")


def _quotes(answer: Answer, claim: Claim) -> list[str]:
    return [citation.quote for citation in answer.citations if citation.number in claim.citations]
