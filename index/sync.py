"""Files → index. Vectors are written first and the catalog commits last: a crash can cost work, never consistency."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from index.catalog import Catalog
from index.embed import Matrix
from index.errors import LoadError
from index.load import SUFFIXES, find_files, read_article
from index.records import Article, Chunk, Failure, Progress, SyncReport
from index.vectors import Vectors

BATCH_FILES = 64  # files whose chunks are embedded and committed together
FileState = tuple[str, int, int]  # article id, size in bytes, modification time in ns


class Recipe(Protocol):
    """What `Index` gives to build with: its embedder and its chunk size."""

    def embed(self, texts: Sequence[str]) -> Matrix: ...

    def chunk(self, article: Article) -> list[Chunk]: ...


@dataclass
class _Run:
    """One sync: where it writes, and what it has done so far."""

    catalog: Catalog
    vectors: Vectors
    recipe: Recipe
    known: dict[str, FileState]
    counts: Counter[str] = field(default_factory=Counter)
    failed: list[Failure] = field(default_factory=list)


def sync(catalog: Catalog, vectors: Vectors, recipe: Recipe, roots: list[Path], progress: Progress) -> SyncReport:
    """Bring the index in line with the files below `roots`; the caller holds the write lock.

    A file that cannot be read any more keeps its last good text in the index and is listed as failed.

    Raises:
        LoadError: a root does not exist or holds no file that could be an article.
    """
    known = catalog.files()
    files = list(dict.fromkeys(file for root in roots for file in existing(root, known)))
    run = _Run(catalog, vectors, recipe, known)
    _restore(run)
    for start in range(0, len(files), BATCH_FILES):
        batch = files[start : start + BATCH_FILES]
        _sync_batch(run, batch)
        progress(start + len(batch), len(files))
    present = {str(file) for file in files}
    gone = [path for path in known if path not in present and any(Path(path).is_relative_to(root) for root in roots)]
    if gone:
        with catalog.transaction():
            for path in gone:
                catalog.drop_file(path)
            catalog.drop_orphans()
    if vectors.count() != catalog.chunk_count():
        vectors.drop(sorted(vectors.ids() - set(catalog.chunk_ids())))
        catalog.touch()
    return SyncReport(
        added=run.counts["added"],
        changed=run.counts["changed"],
        unchanged=run.counts["unchanged"],
        removed=len(gone),
        embedded=run.counts["embedded"],
        failed=tuple(run.failed),
    )


def _restore(run: _Run) -> None:
    """Embed again the chunks whose vectors were lost, say with their folder."""
    if run.vectors.count() >= run.catalog.chunk_count():
        return
    missing = sorted(set(run.catalog.chunk_ids()) - run.vectors.ids())
    _embed(run, missing, run.catalog.chunk_texts(missing))
    run.catalog.touch()


def _sync_batch(run: _Run, files: list[Path]) -> None:
    states: dict[str, FileState] = {}
    new: dict[str, tuple[Article, list[Chunk]]] = {}
    for file in files:
        path = str(file)
        try:
            status = file.stat()
            if path in run.known and run.known[path][1:] == (status.st_size, status.st_mtime_ns):
                run.counts["unchanged"] += 1
                continue
            article = read_article(file)
        except (LoadError, OSError) as error:
            run.failed.append(Failure(path.encode(errors="backslashreplace").decode(), str(error)))
            continue
        states[path] = (article.id, status.st_size, status.st_mtime_ns)
        same_text = path in run.known and run.known[path][0] == article.id
        run.counts["unchanged" if same_text else "changed" if path in run.known else "added"] += 1
        if article.id not in new and not run.catalog.has_article(article.id):
            new[article.id] = (article, run.recipe.chunk(article))
    chunks = [(chunk, article) for article, chunked in new.values() for chunk in chunked]
    _embed(run, [chunk.id for chunk, _ in chunks], [a.text[c.start : c.end] for c, a in chunks])
    if states:
        _commit(run, list(new.values()), states)


def _embed(run: _Run, chunk_ids: list[str], texts: list[str]) -> None:
    run.vectors.put(chunk_ids, run.recipe.embed(texts))
    run.counts["embedded"] += len(chunk_ids)


def _commit(run: _Run, new: list[tuple[Article, list[Chunk]]], states: dict[str, FileState]) -> None:
    with run.catalog.transaction():
        for article, chunks in new:
            run.catalog.add_article(article, chunks)
        for path, (article_id, size, modified) in states.items():
            run.catalog.put_file(path, article_id, size, modified)
        if any(path in run.known for path in states):  # in here, so that a crash leaves no article without a file
            run.catalog.drop_orphans()


def existing(root: Path, known: Iterable[str] = ()) -> list[Path]:
    """The files below `root`; none is right only where some were `known` there, which are then gone.

    Raises:
        LoadError: there is no such path, or nothing in it that could be an article.
    """
    try:
        files = list(find_files(root)) if root.exists() else []
    except OSError as error:
        raise LoadError(f"{str(root)[:200]}: cannot be read ({error.strerror}).") from error
    if not files and not any(Path(path).is_relative_to(root) for path in known):
        if not root.exists():
            raise LoadError(f"No such file or folder: {root}")
        raise LoadError(f"No articles in {root}.", f"Footnote reads {', '.join(sorted(SUFFIXES))} files.")
    return files
