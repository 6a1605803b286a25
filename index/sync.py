"""Files → index. Vectors are written first and the catalog commits last: a crash can cost work, never consistency."""

from collections import Counter
from collections.abc import Sequence
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


def sync(catalog: Catalog, vectors: Vectors, recipe: Recipe, roots: list[Path], progress: Progress) -> SyncReport:
    """Bring the index in line with the files below `roots`; the caller holds the write lock.

    A file that cannot be read any more keeps its last good text in the index and is listed as failed.

    Raises:
        LoadError: a root does not exist or holds no file that could be an article.
    """
    files = list(dict.fromkeys(file for root in roots for file in _existing(root)))
    known = catalog.files()
    counts: Counter[str] = Counter()
    failed: list[Failure] = []
    for start in range(0, len(files), BATCH_FILES):
        batch = files[start : start + BATCH_FILES]
        _sync_batch(catalog, vectors, recipe, batch, known, counts, failed)
        progress(start + len(batch), len(files))
    present = {str(file) for file in files}
    gone = [path for path in known if path not in present and any(Path(path).is_relative_to(root) for root in roots)]
    if gone or counts["changed"]:
        with catalog.transaction():
            for path in gone:
                catalog.drop_file(path)
            catalog.drop_orphans()
    if gone or counts["changed"] or counts["added"]:
        vectors.drop(sorted(vectors.ids() - set(catalog.chunk_ids())))
    return SyncReport(
        added=counts["added"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        removed=len(gone),
        embedded=counts["embedded"],
        failed=tuple(failed),
    )


def _sync_batch(
    catalog: Catalog,
    vectors: Vectors,
    recipe: Recipe,
    files: list[Path],
    known: dict[str, FileState],
    counts: Counter[str],
    failed: list[Failure],
) -> None:
    states: dict[str, FileState] = {}
    new: dict[str, tuple[Article, list[Chunk]]] = {}
    for file in files:
        path = str(file)
        try:
            status = file.stat()
            if path in known and known[path][1:] == (status.st_size, status.st_mtime_ns):
                counts["unchanged"] += 1
                continue
            article = read_article(file)
        except (LoadError, OSError) as error:
            failed.append(Failure(path, str(error)))
            continue
        states[path] = (article.id, status.st_size, status.st_mtime_ns)
        same_text = path in known and known[path][0] == article.id
        counts["unchanged" if same_text else "changed" if path in known else "added"] += 1
        if article.id not in new and not catalog.has_article(article.id):
            new[article.id] = (article, recipe.chunk(article))
    chunks = [(chunk, article) for article, chunked in new.values() for chunk in chunked]
    vectors.put([chunk.id for chunk, _ in chunks], recipe.embed([a.text[c.start : c.end] for c, a in chunks]))
    counts["embedded"] += len(chunks)
    if states:
        with catalog.transaction():
            for article, chunked in new.values():
                catalog.add_article(article, chunked)
            for path, (article_id, size, modified) in states.items():
                catalog.put_file(path, article_id, size, modified)


def _existing(root: Path) -> list[Path]:
    if not root.exists():
        raise LoadError(f"No such file or folder: {root}")
    files = list(find_files(root))
    if not files:
        raise LoadError(f"No articles in {root}.", f"Footnote reads {', '.join(sorted(SUFFIXES))} files.")
    return files
