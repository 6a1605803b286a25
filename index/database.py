"""SQLite's door: one file, read from any thread, written in transactions."""

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from index.schema import QUESTION, SCHEMA

CatalogError = sqlite3.Error  # what the file itself may raise: full disk, no database


def sqlite() -> tuple[str, bool]:
    """SQLite's version, and whether it has the full-text index that the search needs."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5 (word)")
    except sqlite3.OperationalError:
        return sqlite3.sqlite_version, False
    finally:
        connection.close()
    return sqlite3.sqlite_version, True


class Database:
    """The file of a catalog. Reads are safe from any thread; writes happen inside `transaction`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None or (self._local.frozen and self._local.frozen != self._state()):
            frozen = self._state() if self._is_frozen() else None
            connection = self._connect(frozen=frozen is not None)
            self._local.frozen = frozen
            connection.executescript(QUESTION)
            connection.create_function("folded", 1, lambda text: text and text.casefold(), deterministic=True)
            self._local.connection = connection
        return connection

    def _is_frozen(self) -> bool:
        """Whether this user cannot write there; SQLite would want to make files beside the catalog."""
        return not os.access(self._path.parent, os.W_OK) and not self._path.with_name(f"{self._path.name}-wal").exists()

    def _state(self) -> tuple[int, int, bool]:
        status = self._path.stat()
        return status.st_mtime_ns, status.st_size, self._is_frozen()

    def _connect(self, *, frozen: bool) -> sqlite3.Connection:
        if frozen:  # read as it stands, until somebody else changes it
            return sqlite3.connect(f"{self._path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None)
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=30)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -16384")
        return connection

    def is_ready(self) -> bool:
        """Whether the tables are there: a file alone may be a `create` that was cut short."""
        return bool(self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone())

    def create(self, recipe: Mapping[str, str], roots: Iterable[str] = ()) -> None:
        """Make the tables and record what the index is built with, all or nothing; what was there before is gone."""
        with self.transaction():
            generation = self.generation()
            for kind in ("CREATE VIEW%", "CREATE VIRTUAL%", "CREATE TABLE%"):  # tables under a virtual one go with it
                rows = self._connection.execute("SELECT type, name FROM sqlite_master WHERE sql LIKE ?", (kind,))
                for type_, name in rows.fetchall():
                    self._connection.execute(f'DROP {type_} "{name}"')
            for statement in filter(str.strip, SCHEMA.split(";")):
                self._connection.execute(statement)
            for key, value in {**recipe, "generation": str(generation)}.items():
                self.set_meta(key, value)
            self.add_roots(roots)

    def discard(self) -> None:
        """Delete a file that is no database, and what SQLite left beside it."""
        self._local = threading.local()
        for end in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside happen together or not at all; readers see the generation grow by one."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.set_meta("generation", str(self.generation() + 1))
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk has ended it already
                self._connection.execute("ROLLBACK")
            raise

    def meta(self, key: str) -> str:
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, key: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def generation(self) -> int:
        """Grows with every finished write, so that a reader knows when to look again."""
        return int(self.meta("generation") or 0) if self.is_ready() else 0

    def _count(self, table: str) -> int:
        return int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def roots(self) -> list[str]:
        """The files, folders and addresses that the index was made from."""
        return [row[0] for row in self._connection.execute("SELECT root FROM roots ORDER BY rowid")]

    def add_roots(self, roots: Iterable[str]) -> None:
        self._connection.executemany("INSERT OR IGNORE INTO roots VALUES (?)", [(root,) for root in roots])

    def drop_roots(self, roots: Iterable[str]) -> None:
        self._connection.executemany("DELETE FROM roots WHERE root = ?", [(root,) for root in roots])
