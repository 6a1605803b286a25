"""The index as one object: open it, bring it in line with files, search it, read an article."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from filelock import FileLock, Timeout

from index.catalog import FORMAT, Catalog, CatalogError
from index.config import IndexSettings
from index.embed import Embedder, Matrix, make_embedder
from index.errors import FootnoteError, IndexBusy, IndexMissing, IndexStale
from index.fuse import convex_fusion
from index.records import Article, Chunk, Passage, Progress, SyncReport
from index.vectors import Vectors

CANDIDATES = 50  # of each half of the search, before fusion
HISTORY_WEIGHT = 0.5  # an earlier question counts half (measured on MTRAG's conversations)
CATALOG = "catalog.sqlite"


class Index:
    """A search engine over articles in `settings.data_dir`.

    Raises:
        IndexStale: the folder was built with another embedder, chunking or format.
    """

    def __init__(self, settings: IndexSettings, embedder: Embedder | None = None) -> None:
        self.settings = settings
        self.embedder = embedder or make_embedder(settings)
        self._folder = settings.data_dir
        self._seen_generation = -1
        self._syncing = False

    @cached_property
    def _catalog(self) -> Catalog:
        path = self._folder / CATALOG
        catalog = Catalog(path)
        try:
            if not path.exists() or not catalog.is_ready():
                raise IndexMissing("Nothing is indexed yet.", "Run: footnote index PATH")
            recorded = {name: catalog.meta(name) for name in self._recipe}
        except CatalogError as error:
            raise _unreadable(self._folder, error) from error
        for name, value in self._recipe.items():
            if (built := recorded[name]) != value:
                raise IndexStale(
                    f"The index in {self._folder} was built with {name} {built or 'unknown'}, now it is {value}.",
                    f"Restore the setting, or remove {self._folder} and run: footnote index PATH",
                )
        return catalog

    @cached_property
    def _vectors(self) -> Vectors:
        return Vectors(self._folder / "vectors")

    @property
    def _recipe(self) -> dict[str, str]:
        return {
            "format": FORMAT,
            "embedder": self.embedder.name,
            "chunk_tokens": str(self.settings.chunk_tokens),
        }

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of any texts, shape (len(texts), dimension)."""
        # A broken character (half of a surrogate pair) may come from a terminal; tokenizers refuse it.
        return self.embedder.embed([text.encode(errors="replace").decode() for text in texts])

    def chunk(self, article: Article) -> list[Chunk]:
        from index.chunk import chunk_article  # imports LlamaIndex, which only building needs

        return chunk_article(article, self.settings.chunk_tokens)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except CatalogError as error:
            raise _unreadable(self._folder, error) from error

    def article(self, article_id: str) -> Article | None:
        return self._catalog.article(article_id)

    def articles(self) -> list[Article]:
        """Every article, texts included."""
        return self._catalog.articles()

    def article_count(self) -> int:
        with self._reading():
            return self._catalog.article_count()

    def mentions(self, word: str) -> bool:
        """Whether any article has this word."""
        with self._reading():
            return bool(self._catalog.search_words(word, 1))

    def search(self, question: str, *, history: Sequence[str] = (), limit: int = 8) -> list[Passage]:
        """The passages nearest to a question, best first.

        Args:
            question: what is asked now.
            history: earlier questions of the same conversation; each counts half.
            limit: the most passages returned.

        Raises:
            IndexMissing: nothing has been indexed.
        """
        with self._reading():
            return self._search(question, history, limit)

    def _search(self, question: str, history: Sequence[str], limit: int) -> list[Passage]:
        self._refresh()
        if not self._catalog.chunk_count():
            raise IndexMissing("Nothing is indexed yet.", "Run: footnote index PATH")
        total: dict[str, float] = {}
        dense: dict[str, float] = {}
        lexical: dict[str, float] = {}
        weights = 1.0 + HISTORY_WEIGHT * len(history)
        chosen = self.settings.dense_weight
        dense_weight = self.embedder.dense_weight if chosen is None else chosen
        for text, weight in [(question, 1.0), *((text, HISTORY_WEIGHT) for text in history)]:
            vector = self.embed([text])
            nearest = self._vectors.search(vector, CANDIDATES)
            if not nearest:
                raise IndexStale(f"The vectors in {self._folder} are missing.", "Run: footnote index PATH")
            matching = self._catalog.search_words(text, CANDIDATES)
            # A chunk found by its words is compared by its meaning too, not taken for the farthest of all.
            nearest |= self._vectors.cosines([key for key in matching if key not in nearest], vector)
            for key, score in convex_fusion(nearest, matching, dense_weight).items():
                total[key] = total.get(key, 0.0) + weight * score
            if text == question:
                dense, lexical = nearest, matching
        ranked = sorted(total, key=lambda key: (-total[key], key))
        chunks = self._catalog.chunks(ranked)  # ids that only Chroma has are no chunks
        articles: dict[str, Article | None] = {}
        passages = []
        for key in [key for key in ranked if key in chunks][:limit]:
            chunk = chunks[key]
            if chunk.article_id not in articles:
                articles[chunk.article_id] = self._catalog.article(chunk.article_id)
            if article := articles[chunk.article_id]:
                scores = round(total[key] / weights, 6), dense.get(key, 0.0), lexical.get(key, 0.0)
                passages.append(Passage(chunk, article, *scores))
        return passages

    def _refresh(self) -> None:
        """Reopen the vectors when another process has finished a sync since the last look.

        Not while this object is writing: it sees its own writes, and two clients that write lose vectors.
        """
        generation = self._catalog.generation()
        if self._seen_generation not in (-1, generation) and not self._syncing:
            self._vectors.reopen()
        self._seen_generation = generation

    def sync(self, paths: Iterable[Path], progress: Progress = lambda *_: None) -> SyncReport:
        """Bring the index in line with the files below `paths`; files elsewhere in it are left alone.

        Raises:
            LoadError: a path does not exist, or nothing below it can be indexed.
            IndexBusy: another process is writing.
        """
        from index.sync import existing, sync

        roots = [path.resolve() for path in paths]
        path = self._folder / CATALOG
        if not path.exists():
            for root in roots:
                existing(root)  # raises before anything is made for nothing
        with writing(self._folder):
            new = Catalog(path)
            if not new.is_ready():
                new.create(self._recipe)
            self._refresh()
            self._syncing = True
            try:
                report = sync(self._catalog, self._vectors, self, roots, progress)
                self._seen_generation = self._catalog.generation()
            finally:
                self._syncing = False
        return report


def _unreadable(folder: Path, error: CatalogError) -> FootnoteError:
    hint = f"Remove {folder} and run: footnote index PATH"
    if "readonly" in str(error) or "unable to open" in str(error):
        hint = "Footnote needs to write to the folder even for reading: change its permissions, or copy it."
    return FootnoteError(f"The index in {folder} cannot be read: {error}.", hint)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """One writer at a time: two on one Chroma folder lose vectors without an error."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise IndexBusy(f"Another process is writing to {folder}.", "Wait for it, then try again.") from error
    except OSError as error:
        raise FootnoteError(f"Cannot write to {folder}: {error.strerror}.", "Set FOOTNOTE_DATA_DIR.") from error
    try:
        yield
    except CatalogError as error:
        raise FootnoteError(f"Cannot write to {folder}: {error}.", "Remove it, or set FOOTNOTE_DATA_DIR.") from error
    finally:
        lock.release()
