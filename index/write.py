"""All that changes an index, by one writer at a time."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.database import CatalogError
from index.errors import FootnoteError, IndexMissing, LoadError, disk_hint
from index.library import Library, root_name, served_name
from index.lock import writing
from index.records import Progress, SyncReport
from index.sources import Sources, existing, is_below
from index.store import AGREED, SECOND
from index.sync import Sync
from index.vectors import Vectors, discard
from index.web.addresses import shown
from index.web.site import is_url


def sync(
    library: Library, roots: Iterable[Path | str], progress: Progress, *, dry_run: bool, allow_private: bool
) -> SyncReport:
    """Bring the index in line with `roots`, or with all that were given before."""
    names = asked = [root_name(root) for root in roots]
    exists = library.exists()
    names = names or (library.catalog.roots() if exists else [])
    with Sources(allow_private=allow_private, lenient=not asked) as sources:
        if dry_run:
            return Sync(library.catalog if exists else None, None, library, progress).run(sources, names)
        if not exists:
            _look_for(names)
        return fill(library, sources, names, progress)


def fill(library: Library, sources: Sources, roots: Sequence[str], progress: Progress) -> SyncReport:
    """Bring the index in line with what `sources` finds below `roots`."""
    with _writing(library):
        if not library.exists():
            library.file.create({**library.recipe, "library": uuid.uuid4().hex})
        return Sync(library.catalog, library.store(), library, progress).run(sources, roots)


def rebuild(library: Library, roots: Sequence[Path | str]) -> None:
    """Leave an empty index, of `roots` or of all that it was made from, for the next sync to fill."""
    with _writing(library):
        asked = [root_name(root) for root in roots]
        _look_for(asked)
        names, name = _forget(library)
        names = asked or names
        if not names:
            raise IndexMissing("What the index was made from is not known.", "Run: footnote index --rebuild PATH")
        library.file.create({**library.recipe, "library": name or uuid.uuid4().hex}, names)


def _forget(library: Library) -> tuple[list[str], str]:
    """Empty the vectors, whatever state the catalog is in; its roots and its name, where they can be read."""
    names, name = [], ""
    try:
        if library.file.is_ready():
            library.file.set_meta(AGREED, "")  # until the new catalog is there, the old one must not trust them
            name, names = library.file.meta("library"), library.file.roots()
    except CatalogError as error:
        if "not a database" in str(error) or "malformed" in str(error):
            library.file.discard()
        elif "no such" not in str(error):  # a table, of an older format, which kept no roots
            raise
    if isinstance(library.place, Path):
        discard(library.place)  # unopened, as it may be torn
    elif name:
        for one in (served_name(name), served_name(name) + SECOND):
            Vectors(library.place, one, empty=True).delete(one)
    return names, name


def remove(library: Library, targets: Iterable[str]) -> list[str]:
    """Take files, folders, pages, feeds or article ids out of the index; the sources removed."""
    with _writing(library):
        catalog = library.catalog
        known = catalog.sources()
        removed: set[str] = set()
        roots: list[str] = []
        for target in targets:
            name = root_name(target)
            found = catalog.sources_of(name)
            found += [one for one, state in known.items() if target == state.article_id or is_below(one, [name])]
            if not found and name not in catalog.roots():
                raise LoadError(f"{shown(target)} is not in the index.", "See: footnote articles")
            removed.update(found)
            roots += [root for root in catalog.roots() if root == name or is_below(root, [name])]
        catalog.drop_roots(roots)
        store = library.store()
        store.delete(sorted(removed), {id_ for name in removed if (id_ := known[name].article_id)})
        store.finish()
    return sorted(removed)


@contextmanager
def _writing(library: Library) -> Iterator[None]:
    with writing(library.folder):
        try:
            yield
        except CatalogError as error:
            hint = disk_hint(error, "Set FOOTNOTE_DATA_DIR.")
            raise FootnoteError(f"Cannot write to {library.folder}: {error}.", hint) from error


def _look_for(names: Iterable[str]) -> None:
    """Raises LoadError where a path is not there, before anything is made or lost for it."""
    for name in names:
        if not is_url(name):
            existing(Path(name))
