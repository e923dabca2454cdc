"""The heads of one folder while they are marked: every change is on the disk before it is said to be saved.

Nothing of others is written over: before each save the files are compared with what was last read. What changed outside
is read anew, and only a change to a picture that was changed there too is refused (`ConflictError`).
"""

import hashlib
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from uepnet.annotations.folder import pictures_below
from uepnet.annotations.labelling.csv_points import fits_in_csv
from uepnet.errors import AnnotationError
from uepnet.serving.annotate.earlier import keep, remove
from uepnet.serving.annotate.heads import NOTHING, Found, Marked, digest_of, find_heads, write_heads
from uepnet.serving.annotate.refusals import ConflictError, UnknownPictureError


@dataclass(frozen=True)
class Row:
    """One picture in the list; `key` stands for its name in addresses, `refusal` says why no heads of it can be saved."""

    key: str
    name: str
    marked: Marked
    refusal: str = ""


class HeadStore:
    """The pictures and heads of a folder; safe to use from several threads."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.RLock()
        self._found = find_heads(root)
        self._take(self._found)

    @property
    def table(self) -> Path:
        """The CSV that is written."""
        return self._found.table(self.root)

    @property
    def continued(self) -> tuple[Path, ...]:
        """The files of other layouts, or with columns of their own, that the first save will put aside."""
        return () if self._found.plain else self._found.sources

    def rows(self) -> tuple[Row, ...]:
        """All pictures in their order, those that were added to the folder meanwhile too."""
        with self._lock:
            here = pictures_below(self.root)
            if set(here) - set(self._found.pictures):
                self._take(replace(self._found, pictures={**self._found.pictures, **here}))
            return tuple(self._row(key) for key in self._names)

    def row(self, key: str) -> Row:
        """One picture; `UnknownPictureError` for a key that is none of the folder's."""
        with self._lock:
            if key not in self._names:
                raise UnknownPictureError(f"there is no picture {key[:40]!r} in this folder; load the page anew")
            return self._row(key)

    def picture(self, key: str) -> Path:
        """The file of a picture; raises as `row` does, and `AnnotationError` for one whose heads could not be saved."""
        row = self.row(key)
        if row.refusal:
            raise AnnotationError(row.refusal)
        return self._found.pictures[row.name]

    def finished(self) -> dict[str, Marked]:
        """The pictures whose heads are all marked, by name."""
        return {row.name: row.marked for row in self.rows() if row.marked.done}

    def save(self, key: str, marked: Marked, *, before: Marked) -> None:
        """Put a picture's heads on the disk in place of those that the page had got (`before`).

        Raises `ConflictError` where the picture has others by now, and the errors of `find_heads` and `write_heads` where
        the files cannot be read or written; the disk is then as it was.
        """
        with self._lock:
            self.picture(key)
            name = self._names[key]
            self._read_what_changed()
            now = self._marked(name)
            if now.same(marked):
                return
            if not now.same(before):
                raise ConflictError(
                    f"{name}: its heads were changed elsewhere ({len(now.points)} there); take those, or save yours again"
                )
            self._write({**self._found.marked, name: marked})

    def _write(self, marked: dict[str, Marked]) -> None:
        """The table with every picture in it, so that none is taken for forgotten."""
        table, aside = self.table, self.continued
        keep(self.root, aside)
        whole = {name: marked.get(name, NOTHING) for name in self._found.pictures if not _refusal(name)}
        digest = write_heads(table, whole)
        remove(file for file in aside if file != table)
        self._found = Found(self._found.pictures, whole, (table,), True, {table: digest})

    def _read_what_changed(self) -> None:
        found = self._found
        changed = any(digest_of(path) != digest for path, digest in found.digests.items())
        if changed or (not found.sources and digest_of(self.table) != "missing"):
            self._take(find_heads(self.root))

    def _take(self, found: Found) -> None:
        self._found = found
        self._names = {key_of(name): name for name in found.pictures}

    def _row(self, key: str) -> Row:
        name = self._names[key]
        return Row(key, name, self._marked(name), _refusal(name))

    def _marked(self, name: str) -> Marked:
        return self._found.marked.get(name, NOTHING)


def _refusal(name: str) -> str:
    """Why a table cannot hold a picture's name, nothing where it can."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return f"{name}: the file's name is no text in UTF-8, so no table can hold it; rename the file"
    if not fits_in_csv(name):
        return f"{name}: the name begins or ends with a blank, or holds a carriage return, which no CSV keeps; rename the file"
    return ""


def key_of(name: str) -> str:
    """What stands for a picture's name in an address; no path can be made of it."""
    return hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()[:16]
