"""The folder of an index: its catalog, where its vectors are, and what both were built with."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from index.catalog import Catalog
from index.chunk import chunk_article
from index.config import IndexSettings
from index.database import CatalogError
from index.embed import Embedder, Matrix, make_embedder
from index.errors import FootnoteError, IndexMissing, IndexStale, LoadError, disk_hint
from index.records import Article, Chunk
from index.schema import FORMAT
from index.store import Store, current_name
from index.vectors import PATIENCE, Vectors
from index.web.addresses import shown
from index.web.site import is_url

CATALOG = "catalog.sqlite"


class Library:
    """What readers and the writer share. Any thread may use it.

    Raises:
        IndexMissing: nothing is indexed yet.
        IndexStale: the folder was built with another embedder, chunking or format.
    """

    def __init__(self, settings: IndexSettings, embedder: Embedder | None = None) -> None:
        self.settings = settings
        self.embedder = embedder or make_embedder(settings)
        self.folder = settings.data_dir
        self._checked = -1  # the generation whose recipe was last compared

    @cached_property
    def file(self) -> Catalog:
        """The catalog, whatever state it is in."""
        return Catalog(self.folder / CATALOG)

    @property
    def catalog(self) -> Catalog:
        """The catalog, where there is one that was built as the settings say."""
        if not self.exists():
            raise IndexMissing("Nothing is indexed yet.", "Run: footnote index PATH")
        generation = self.file.generation()
        if generation != self._checked:
            self._compare_recipes()
            self._checked = generation
        return self.file

    def _compare_recipes(self) -> None:
        for name, value in self.recipe.items():
            if (built := self.file.meta(name)) != value:
                raise IndexStale(
                    f"The index in {self.folder} was built with {name} {built or 'unknown'}, now it is {value}.",
                    "Restore the setting, or run: footnote index --rebuild",
                )

    def exists(self) -> bool:
        try:
            return (self.folder / CATALOG).exists() and self.file.is_ready()
        except CatalogError as error:
            raise self._unreadable(error) from error

    @contextmanager
    def reading(self) -> Iterator[Catalog]:
        try:
            yield self.catalog
        except CatalogError as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: CatalogError) -> FootnoteError:
        if "locked" in str(error):
            return FootnoteError(f"The index in {self.folder} is held by another program.", "Wait for it, or close it.")
        hint = disk_hint(error, "Run: footnote index --rebuild")
        return FootnoteError(f"The index in {self.folder} cannot be read: {error}.", hint)

    @property
    def recipe(self) -> dict[str, str]:
        return {"format": FORMAT, "embedder": self.embedder.name, "chunk_tokens": str(self.settings.chunk_tokens)}

    @property
    def place(self) -> Path | str:
        """Where the vectors are: a folder, or a server's address."""
        return self.settings.chroma_url or self.folder / "vectors"

    @property
    def graph(self) -> str:
        """The name of the vectors, which share a server with those of others."""
        return served_name(self.file.meta("library")) if self.settings.chroma_url else "chunks"

    def open_vectors(self, patience: float = PATIENCE) -> Vectors:
        return Vectors(self.place, current_name(self.file, self.graph), patience)

    def store(self) -> Store:
        """The caller holds the write lock."""
        return Store(self.file, self.place, self.graph)

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of any texts, shape (len(texts), dimension)."""
        # A broken character (half of a surrogate pair) may come from a terminal; tokenizers refuse it.
        return self.embedder.embed([text.encode(errors="replace").decode() for text in texts])

    def chunk(self, article: Article) -> list[Chunk]:
        """The chunks of one article, in order."""
        return chunk_article(article, self.settings.chunk_tokens)


def served_name(library: str) -> str:
    """The name of an index's vectors on a server, which it shares with others."""
    return f"footnote-{library}"


def root_name(root: Path | str) -> str:
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
