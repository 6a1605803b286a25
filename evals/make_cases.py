"""Cases from a person's own articles: drafted here, accepted or rejected by them, and saved after each answer."""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from evals.cases import Case, load_cases
from evals.drafts import Draft, drafts
from evals.results import one_line
from index.errors import ConfigError, EndpointError, LoadError
from index.load.files import Reader
from index.records import Article
from index.sources import existing
from rag.config import RagSettings
from rag.endpoint.generate import LanguageModelWriter
from rag.prompt import rules, wording

MOST_ARTICLES = 300  # of a large library, evenly spread: more would take long and give no better cases
LONGEST_QUESTION = 300  # characters that a model may write
REJECTED = ".rejected"  # beside the file of cases: what a person did not want is not shown again


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word on a draft: the question as they want it, "" to reject it; `stop` leaves the rest for later."""

    question: str = ""
    stop: bool = False


Decide = Callable[[Draft, int], Decision]  # given the draft and how many cases there are


def accept_all(draft: Draft, _: int) -> Decision:
    return Decision(draft.question)


def make(paths: Sequence[Path], out: Path, count: int, decide: Decide, settings: RagSettings) -> int:
    """Offer drafts until the file has `count` cases, drafts run out or the person stops; how many it has then.

    Raises:
        ConfigError: the file holds something else than cases, or cannot be written.
        LoadError: there is nothing to read at the paths.
    """
    articles = read_articles(paths)
    kept = {case.id for case in load_cases(out)} if out.is_file() and out.stat().st_size else set()
    notes = out.with_name(out.name + REJECTED)
    rejected = set(notes.read_text("utf-8").split()) if notes.is_file() else set()
    writer = LanguageModelWriter(settings) if settings.has_endpoint else None
    offered = (draft for draft in drafts(articles) if identity(draft) not in kept | rejected)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        for draft in worded(offered, writer) if len(kept) < count else ():
            decision = decide(draft, len(kept))
            if decision.stop:
                break
            if decision.question:
                kept.add(identity(draft))
                _append(out, json.dumps(asdict(as_case(draft, decision.question)), ensure_ascii=False))
            else:
                _append(notes, identity(draft))
            if len(kept) >= count:
                break
    except OSError as error:
        raise ConfigError(f"Cannot write {out}: {error.strerror}.") from error
    return len(kept)


def read_articles(paths: Sequence[Path]) -> list[Article]:
    """The articles of files and folders; of very many some from everywhere. One that cannot be read is left out."""
    files = [Path(name) for path in paths for name in existing(path)]
    step = -(-len(files) // MOST_ARTICLES)
    with Reader() as reader:
        found = reader.read(files[::step])
    for problem in found:
        if isinstance(problem, LoadError):
            print(f"left out: {problem}", file=sys.stderr)
    articles = {one.id: one for one in found if isinstance(one, Article)}
    if not articles:
        raise ConfigError("None of the files could be read.", "Give a file or folder with articles.")
    return list(articles.values())


def worded(offered: Iterator[Draft], writer: LanguageModelWriter | None) -> Iterator[Draft]:
    """The drafts, their questions written by a model where there is one; a refusal is none of its business.

    Where the model fails, the template's question stands, and after an error of the endpoint so do all the others.
    """
    for draft in offered:
        if writer is None or not draft.sentence:
            yield draft
            continue
        try:
            question = ask(writer, draft)
        except EndpointError as error:
            print(f"{error} The questions are made from templates.", file=sys.stderr)
            writer, question = None, ""
        yield replace(draft, question=question or draft.question)


def ask(writer: LanguageModelWriter, draft: Draft) -> str:
    """The model's question for a sentence; "" where it wrote something else than one question."""
    material = f"<article>{one_line(draft.title)}</article>\n<sentence>\n{wording(draft.sentence)}\n</sentence>"
    chat = [{"role": "system", "content": rules("question", "evals")}, {"role": "user", "content": material}]
    reply = writer.complete(chat).strip()
    usable = reply.endswith("?") and "\n" not in reply and len(reply) <= LONGEST_QUESTION
    return one_line(reply) if usable else ""


def as_case(draft: Draft, question: str) -> Case:
    """The line of the file; a refusal expects no sentence."""
    gold = (draft.sentence,) if draft.sentence else ()
    return Case(identity(draft), draft.kind, question.strip(), (), gold, (), refuse=not draft.sentence)


def identity(draft: Draft) -> str:
    """The same for the same sentence, whatever becomes of its question."""
    digest = hashlib.sha256((draft.sentence or draft.question).encode()).hexdigest()
    return f"{draft.kind}-{digest[:10]}"


def next_step(out: Path, paths: Sequence[Path]) -> str:
    """The command that measures the cases."""
    folder = paths[0] if len(paths) == 1 else Path(os.path.commonpath([path.absolute() for path in paths]))
    return f"footnote eval answers {_quoted(out)} --articles {_quoted(folder)}"


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))


def _append(path: Path, line: str) -> None:
    """One more line, on the disk before the next question is asked."""
    begun = path.is_file() and path.stat().st_size and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{chr(10) if begun else ''}{line}\n")
