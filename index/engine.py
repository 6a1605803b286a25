"""The index as one object: open it, bring it in line with files and pages, search it, read an article."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from index.config import IndexSettings
from index.embed import Embedder, Matrix
from index.errors import FootnoteError, IndexBusy, IndexMissing
from index.library import Library
from index.nearest import Current
from index.rank import WordVectors, weights_for
from index.records import NO_FILTERS, Article, Chunk, Entry, Failure, Filters, Passage, Progress, Status, SyncReport
from index.search import RANKED, Looked, Ranking, look, search, search_closely
from index.static import StaticEmbedder
from index.store import AGREED, note_of

Result = TypeVar("Result")


class Index:
    """A search engine over articles in `settings.data_dir`. Any thread may read.

    Raises:
        IndexMissing: nothing is indexed yet.
        IndexStale: the folder was built with another embedder, chunking or format.
    """

    def __init__(self, settings: IndexSettings, embedder: Embedder | None = None) -> None:
        self._library = Library(settings, embedder)
        self._current = Current(self._library)
        self._words = WordVectors(StaticEmbedder().embed)  # the bundled vectors, whatever finds the passages

    @property
    def settings(self) -> IndexSettings:
        return self._library.settings

    @property
    def embedder(self) -> Embedder:
        return self._library.embedder

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of any texts, shape (len(texts), dimension)."""
        return self._library.embed(texts)

    def chunk(self, article: Article) -> list[Chunk]:
        """The chunks of one article, in order."""
        return self._library.chunk(article)

    def article(self, article_id: str) -> Article | None:
        with self._library.reading() as catalog:
            return catalog.article(article_id)

    def newest(self, count: int) -> list[Article]:
        """The articles with the latest dates, newest first, those without one last."""
        with self._library.reading() as catalog:
            ids = catalog.newest(count)
            found = catalog.articles(ids)
        return [found[one] for one in ids if one in found]

    def generation(self) -> int:
        """Grows with every finished write: what was made from the articles may then be out of date."""
        with self._library.reading() as catalog:
            return catalog.generation()

    def entries(self, filters: Filters = NO_FILTERS, words: str = "") -> list[Entry]:
        """The articles that pass, in the order of their sources; with `words`, those that have all of them."""
        with self._library.reading() as catalog:
            return catalog.entries(filters, words)

    def article_count(self) -> int:
        with self._library.reading() as catalog:
            return catalog.article_count()

    def roots(self) -> list[str]:
        """The files, folders and addresses that the index was made from."""
        with self._library.reading() as catalog:
            return catalog.roots()

    def mentions(self, word: str) -> bool:
        """Whether any article has this word."""
        with self._library.reading() as catalog:
            return any(catalog.frequencies([word]).values())

    def status(self) -> Status:
        """What is in the index, where it is from, and what could not be read."""
        library = self._library
        with library.reading() as catalog:
            sources = catalog.sources()
            return Status(
                articles=catalog.article_count(),
                sources=sum(state.article_id is not None for state in sources.values()),
                chunks=catalog.chunk_count(),
                roots=tuple(catalog.roots()),
                failed=tuple(Failure(name, state.failure) for name, state in sources.items() if state.failure),
                recipe=library.recipe,
                vectors=str(library.place),
                agrees=catalog.meta(AGREED) == note_of(library.place),
                size=_size(library.folder),
            )

    def search(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        limit: int = 8,
        filters: Filters = NO_FILTERS,
        closely: bool = False,
    ) -> list[Passage]:
        """The passages nearest to a question, best first.

        Args:
            question: what is asked now.
            history: earlier questions of the same conversation; each counts for less than a third.
            limit: the most passages returned.
            filters: the articles to look in; passages of others are not found.
            closely: only what is near the question: fewer passages where few are, neighbours as one, far ends cut off.

        Raises:
            IndexMissing: nothing has been indexed.
        """
        return self._searched(search_closely if closely else search, question, history, filters, limit)

    def look(self, question: str) -> Looked:
        """What the search looks at before it chooses, for those who measure and train it."""
        return self._searched(look, question, (), NO_FILTERS, RANKED)

    def _searched(
        self, function: Callable[..., Result], question: str, history: Sequence[str], filters: Filters, count: int
    ) -> Result:
        with self._library.reading() as catalog:
            if catalog.is_empty():
                raise IndexMissing("Nothing is indexed yet.", "Run: footnote index PATH")
            # Capitals say nothing where everything is in capitals, but some embedders hear them.
            heard = {text: text.lower() if text.isupper() else text for text in (question, *history)}
            questions = [(text, self.embed([heard[text]])) for text in (question, *history)]
            chosen = self.settings.dense_weight
            dense_weight = self.embedder.dense_weight if chosen is None else chosen
            ranking = Ranking(dense_weight, self._words, weights_for(self.embedder.name))
            try:
                return function(catalog, self._current.get(catalog), questions, filters, ranking, count)
            except IndexBusy:
                raise
            except FootnoteError:
                if not self._current.failed(catalog):
                    raise
                return function(catalog, self._current.get(catalog), questions, filters, ranking, count)

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
        from index.write import sync

        try:
            return sync(self._library, roots, progress, dry_run=dry_run, allow_private=allow_private)
        finally:
            self._current.look_again()

    def rebuild(
        self, roots: Iterable[Path | str] = (), progress: Progress = lambda *_: None, *, allow_private: bool = False
    ) -> SyncReport:
        """Build the index anew as the settings say now, from `roots` or from all that it was made from."""
        from index.write import rebuild

        asked = list(roots)
        rebuild(self._library, asked)
        return self.sync(asked, progress, allow_private=allow_private)

    def remove(self, targets: Iterable[str]) -> list[str]:
        """Take files, folders, pages, feeds or article ids out of the index; the sources removed.

        Raises:
            LoadError: a target is not in the index.
        """
        from index.write import remove

        try:
            return remove(self._library, targets)
        finally:
            self._current.look_again()


def _size(folder: Path) -> int:
    """Bytes; a file that goes away meanwhile counts nothing."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size if file.is_file() else 0
        except FileNotFoundError:
            continue
    return total
