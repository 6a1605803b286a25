"""The index as one object: open it, bring it in line with files and pages, search it, read an article."""

import os
import re
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path

from index.catalog import Catalog, CatalogError
from index.chunk import chunk_article
from index.config import IndexSettings
from index.embed import Embedder, Matrix, make_embedder
from index.errors import FootnoteError, IndexBusy, IndexMissing, IndexStale, LoadError, disk_hint
from index.exact import Exact
from index.lock import writing
from index.records import NO_FILTERS, Article, Chunk, Entry, Failure, Filters, Passage, Progress, Status, SyncReport
from index.schema import FORMAT
from index.search import Nearest, search
from index.store import AGREED, SECOND, Store, current_name, note_of
from index.vectors import PATIENCE, Vectors, discard
from index.web.addresses import shown
from index.web.site import is_url

CATALOG = "catalog.sqlite"
# Up to here every vector is compared: 10 ms at most, 50 MB, and nothing is missed. Chroma's graph is for more: among
# thousands of near-equal chunks (a long repetitive article) it can miss all others, whatever its settings.
EXACT_UP_TO = 30_000  # chunks
RESPITE = 3.0  # while another process writes, a reader opens the vectors anew for a quarter of its time at most


class Index:
    """A search engine over articles in `settings.data_dir`. Any thread may read.

    Raises:
        IndexMissing: nothing is indexed yet.
        IndexStale: the folder was built with another embedder, chunking or format.
    """

    def __init__(self, settings: IndexSettings, embedder: Embedder | None = None) -> None:
        self.settings = settings
        self.embedder = embedder or make_embedder(settings)
        self._folder = settings.data_dir
        self._opening = threading.Lock()
        self._nearest: Nearest | None = None
        self._nearest_of = -1  # the generation that it shows
        self._look_again = 0.0
        self._checked = -1  # the generation whose recipe was last compared

    @cached_property
    def _file(self) -> Catalog:
        return Catalog(self._folder / CATALOG)

    @property
    def _catalog(self) -> Catalog:
        """The catalog, where there is one that was built as the settings say."""
        if not self._exists():
            raise IndexMissing("Nothing is indexed yet.", "Run: footnote index PATH")
        generation = self._file.generation()
        if generation != self._checked:
            self._compare_recipes()
            self._checked = generation
        return self._file

    def _compare_recipes(self) -> None:
        for name, value in self._recipe.items():
            if (built := self._file.meta(name)) != value:
                raise IndexStale(
                    f"The index in {self._folder} was built with {name} {built or 'unknown'}, now it is {value}.",
                    "Restore the setting, or run: footnote index --rebuild",
                )

    def _exists(self) -> bool:
        try:
            return (self._folder / CATALOG).exists() and self._file.is_ready()
        except CatalogError as error:
            raise _unreadable(self._folder, error) from error

    @property
    def _recipe(self) -> dict[str, str]:
        return {"format": FORMAT, "embedder": self.embedder.name, "chunk_tokens": str(self.settings.chunk_tokens)}

    @property
    def _place(self) -> Path | str:
        return self.settings.chroma_url or self._folder / "vectors"

    @property
    def _graph(self) -> str:
        """The name of the vectors, which share a server with those of others."""
        return _served_name(self._file.meta("library")) if self.settings.chroma_url else "chunks"

    def _open_vectors(self, patience: float = PATIENCE) -> Vectors:
        return Vectors(self._place, current_name(self._file, self._graph), patience)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of any texts, shape (len(texts), dimension)."""
        # A broken character (half of a surrogate pair) may come from a terminal; tokenizers refuse it.
        return self.embedder.embed([text.encode(errors="replace").decode() for text in texts])

    def chunk(self, article: Article) -> list[Chunk]:
        """The chunks of one article, in order."""
        return chunk_article(article, self.settings.chunk_tokens)

    @contextmanager
    def _reading(self) -> Iterator[Catalog]:
        try:
            yield self._catalog
        except CatalogError as error:
            raise _unreadable(self._folder, error) from error

    def article(self, article_id: str) -> Article | None:
        with self._reading() as catalog:
            return catalog.article(article_id)

    def entries(self, filters: Filters = NO_FILTERS, words: str = "") -> list[Entry]:
        """The articles that pass, in the order of their sources; with `words`, those that have all of them."""
        with self._reading() as catalog:
            return catalog.entries(filters, words)

    def article_count(self) -> int:
        with self._reading() as catalog:
            return catalog.article_count()

    def mentions(self, word: str) -> bool:
        """Whether any article has this word."""
        with self._reading() as catalog:
            return bool(catalog.search_words(word, 1))

    def status(self) -> Status:
        """What is in the index, where it is from, and what could not be read."""
        with self._reading() as catalog:
            sources = catalog.sources()
            return Status(
                articles=catalog.article_count(),
                sources=sum(state.article_id is not None for state in sources.values()),
                chunks=catalog.chunk_count(),
                roots=tuple(catalog.roots()),
                failed=tuple(Failure(name, state.failure) for name, state in sources.items() if state.failure),
                recipe=self._recipe,
                vectors=str(self._place),
                agrees=catalog.meta(AGREED) == note_of(self._place),
                size=sum(file.stat().st_size for file in self._folder.rglob("*") if file.is_file()),
            )

    def search(
        self, question: str, *, history: Sequence[str] = (), limit: int = 8, filters: Filters = NO_FILTERS
    ) -> list[Passage]:
        """The passages nearest to a question, best first.

        Args:
            question: what is asked now.
            history: earlier questions of the same conversation; each counts half.
            limit: the most passages returned.
            filters: the articles to look in; passages of others are not found.

        Raises:
            IndexMissing: nothing has been indexed.
        """
        with self._reading() as catalog:
            if not catalog.article_count():
                raise IndexMissing("Nothing is indexed yet.", "Run: footnote index PATH")
            questions = [(text, self.embed([text])) for text in (question, *history)]
            chosen = self.settings.dense_weight
            weight = self.embedder.dense_weight if chosen is None else chosen
            try:
                return search(catalog, self._current(catalog), questions, filters, weight, limit)
            except IndexBusy:
                raise
            except FootnoteError:
                if catalog.generation() == self._nearest_of or self._nearest is None:
                    with suppress(CatalogError):
                        catalog.set_meta(AGREED, "")  # so that the next sync looks at what is wrong
                    raise
                with self._opening:  # a writer has put others in the place of those that were open
                    self._nearest, self._look_again = None, 0.0
                return search(catalog, self._current(catalog), questions, filters, weight, limit)

    def _current(self, catalog: Catalog) -> Nearest:
        """The vectors as the last finished write left them."""
        with self._opening:
            generation = catalog.generation()
            started = time.monotonic()
            stale = generation != self._nearest_of and started > self._look_again
            if self._nearest is None or stale:
                try:
                    # Those who still search with the old ones keep them: an open client never sees what others write.
                    self._nearest = self._open_nearest(catalog, PATIENCE if self._nearest is None else 0)
                    self._nearest_of = generation
                except IndexBusy:
                    if self._nearest is None:
                        raise
                self._look_again = time.monotonic() + RESPITE * (time.monotonic() - started)
            return self._nearest

    def _open_nearest(self, catalog: Catalog, patience: float) -> Nearest:
        # While a sync runs, and after one that was killed, the graph may be torn; one that is can end this process.
        in_doubt = not catalog.meta(AGREED)
        if isinstance(self._place, Path) and (in_doubt or catalog.chunk_count() <= EXACT_UP_TO):
            return Exact(*catalog.all_vectors())
        self._find_vectors(catalog)
        return self._open_vectors(patience)

    def _find_vectors(self, catalog: Catalog) -> None:
        """Nothing is made for somebody who only reads."""
        if isinstance(self._place, Path) and not self._place.exists():
            raise IndexStale(f"The vectors in {self._place} are missing.", "Run: footnote index")
        if catalog.meta(AGREED) not in ("", note_of(self._place)):
            raise IndexStale(f"The vectors are not yet in {self._place}.", "Run: footnote index")

    def sync(
        self,
        roots: Iterable[Path | str] = (),
        progress: Progress = lambda *_: None,
        *,
        dry_run: bool = False,
        allow_private: bool = False,
    ) -> SyncReport:
        """Bring the index in line with files, folders, pages, feeds and sitemaps; what came from elsewhere stays.

        Args:
            roots: paths and http(s) addresses; none stands for all that were given before.
            progress: told how many of how many files are done.
            dry_run: change nothing, only say what would be done.
            allow_private: fetch from addresses of this machine and its network too.

        Raises:
            LoadError: a path does not exist, or nothing below it can be indexed.
            IndexBusy: another process is writing.
        """
        from index.sources import Sources
        from index.sync import Sync

        names = asked = [_name(root) for root in roots]
        exists = self._exists()
        names = names or (self._catalog.roots() if exists else [])
        with Sources(allow_private=allow_private, lenient=not asked) as sources:
            if dry_run:
                return Sync(self._catalog if exists else None, None, self, progress).run(sources, names)
            if not exists:
                _look_for(names)
            with self._writing():
                if not self._exists():
                    self._file.create({**self._recipe, "library": uuid.uuid4().hex})
                return Sync(self._catalog, self._store(), self, progress).run(sources, names)

    def rebuild(
        self, roots: Iterable[Path | str] = (), progress: Progress = lambda *_: None, *, allow_private: bool = False
    ) -> SyncReport:
        """Build the index anew as the settings say now, from `roots` or from all that it was made from."""
        with self._writing():
            asked = [_name(root) for root in roots]
            _look_for(asked)
            names, library = self._forget()
            names = asked or names
            if not names:
                raise IndexMissing("What the index was made from is not known.", "Run: footnote index --rebuild PATH")
            self._file.create({**self._recipe, "library": library or uuid.uuid4().hex}, names)
        return self.sync(asked, progress, allow_private=allow_private)

    def _forget(self) -> tuple[list[str], str]:
        """Empty the vectors, whatever state the catalog is in; its roots and its name, where they can be read."""
        names, library = [], ""
        try:
            if self._file.is_ready():
                self._file.set_meta(AGREED, "")  # until the new catalog is there, the old one must not trust them
                library, names = self._file.meta("library"), self._file.roots()
        except CatalogError as error:
            if "not a database" in str(error) or "malformed" in str(error):
                self._file.discard()
            elif "no such" not in str(error):  # a table, of an older format, which kept no roots
                raise
        if isinstance(self._place, Path):
            discard(self._place)  # unopened, as it may be torn
        elif library:
            for name in (_served_name(library), _served_name(library) + SECOND):
                Vectors(self._place, name, empty=True).delete(name)
        return names, library

    def remove(self, targets: Iterable[str]) -> list[str]:
        """Take files, folders, pages, feeds or article ids out of the index; the sources removed.

        Raises:
            LoadError: a target is not in the index.
        """
        from index.sources import is_below

        with self._writing():
            catalog = self._catalog
            known = catalog.sources()
            removed: set[str] = set()
            roots: list[str] = []
            for target in targets:
                name = _name(target)
                found = catalog.sources_of(name)
                found += [one for one, state in known.items() if target == state.article_id or is_below(one, [name])]
                if not found and name not in catalog.roots():
                    raise LoadError(f"{shown(target)} is not in the index.", "See: footnote articles")
                removed.update(found)
                roots += [root for root in catalog.roots() if root == name or is_below(root, [name])]
            catalog.drop_roots(roots)
            store = self._store()
            store.delete(sorted(removed), {id_ for name in removed if (id_ := known[name].article_id)})
            store.finish()
        return sorted(removed)

    def _store(self) -> Store:
        return Store(self._file, self._place, self._graph)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with writing(self._folder):
            try:
                yield
            except CatalogError as error:
                hint = disk_hint(error, "Set FOOTNOTE_DATA_DIR.")
                raise FootnoteError(f"Cannot write to {self._folder}: {error}.", hint) from error
            finally:
                self._look_again = 0.0  # what this object wrote is seen at once


def _served_name(library: str) -> str:
    """The name of an index's vectors on a server, which it shares with others."""
    return f"footnote-{library}"


def _name(root: Path | str) -> str:
    """A root as it is recorded.

    Raises:
        LoadError: an address with a password, which must not be.
    """
    if not is_url(str(root).strip()):
        return os.path.realpath(os.path.expanduser(root))
    url = str(root).strip()
    if re.search(r"//[^/?#]*@", url):
        raise LoadError(f"{shown(url)}: addresses with a user or password are not read.", "Leave that out.")
    return url


def _look_for(names: Iterable[str]) -> None:
    """Raises LoadError where a path is not there, before anything is made or lost for it."""
    from index.sources import existing

    for name in names:
        if not is_url(name):
            existing(Path(name))


def _unreadable(folder: Path, error: CatalogError) -> FootnoteError:
    hint = disk_hint(error, "Run: footnote index --rebuild")
    return FootnoteError(f"The index in {folder} cannot be read: {error}.", hint)
