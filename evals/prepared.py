"""An index of given documents, kept beside the person's own and used again as long as it fits."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from evals.sets import Document
from index.engine import Index
from index.errors import FootnoteError, LoadError
from index.library import Library
from index.load.draft import Draft, finish, whole
from index.records import SourceState
from index.sources import Reading, Source, Sources
from index.write import fill
from rag.config import RagSettings


class Documents(Sources):
    """Documents as sources of an index: the name of each is its id."""

    def __init__(self, documents: Iterable[Document]) -> None:
        super().__init__()
        self._documents = {document.id: document for document in documents}

    def find(self, roots: Iterable[str], known: Mapping[str, SourceState]) -> list[Source | Reading]:  # noqa: ARG002
        """All of them, whatever the roots."""
        root = next(iter(roots))
        return [Source(one.id, root, _digest((one,)), len(one.text)) for one in self._documents.values()]

    def read(self, sources: Sequence[Source], known: Mapping[str, SourceState]) -> Iterator[Reading]:  # noqa: ARG002
        """Each as an article; one without words is a failure."""
        for source in sources:
            document = self._documents[source.name]
            try:
                article = finish(Draft(document.text, document.title), source.name, source.name)
                if article.text != whole(document.text):  # what is measured by offsets would be measured wrongly
                    raise FootnoteError(f"The text of {source.name} does not go into the index as it is.")
                yield Reading(source, source.stamp, article)
            except LoadError as error:
                yield Reading(source, source.stamp, failure=str(error))


def prepare(documents: Sequence[Document], settings: RagSettings) -> Index:
    """An index of the documents as the settings say, whose articles have the ids of the documents as sources.

    It lies in `data_dir/evals`, one folder for each set of documents, embedder and chunking.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    kept = _kept(_digest(documents), settings)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, transient=True, disable=not Console().is_terminal) as bar, Documents(documents) as sources:
        task = bar.add_task("Indexing")
        fill(Library(kept), sources, ["documents"], lambda done, of: bar.update(task, completed=int(done), total=of))
    return Index(kept)


def prepare_articles(articles: Path, settings: RagSettings) -> Index:
    """An index of a file or folder of articles as the settings say, kept as `prepare` keeps one and brought up to date.

    Raises:
        LoadError: the path does not exist, or nothing below it can be indexed.
    """
    place = hashlib.sha256(str(articles.resolve()).encode()).hexdigest()[:12]
    index = Index(_kept(place, settings))
    index.sync([articles])
    return index


def _kept(name: str, settings: RagSettings) -> RagSettings:
    """The settings with a folder of its own for one set of texts, embedder and chunking."""
    recipe = "".join(f"{key}{value}" for key, value in Library(settings).recipe.items())
    folder = settings.data_dir / "evals" / f"{name}-{hashlib.sha256(recipe.encode()).hexdigest()[:8]}"
    return settings.model_copy(update={"data_dir": folder, "chroma_url": ""})


def _digest(documents: Iterable[Document]) -> str:
    """Tells sets of documents apart."""
    found = hashlib.sha256()
    for document in documents:
        found.update(repr(document).encode())
    return found.hexdigest()[:12]
