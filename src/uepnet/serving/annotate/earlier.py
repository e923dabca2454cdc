"""What a folder said of its heads before `uepnet annotate` wrote there is kept as it was, out of the layout's sight."""

from collections.abc import Iterable
from pathlib import Path

from uepnet.errors import OutputError
from uepnet.whole_files import write_whole

KEPT = ".before-annotate"
"""A hidden folder, which the layout `folder` does not look into."""


def keep(root: Path, files: Iterable[Path]) -> None:
    """Copy files to the hidden folder, each under its path from the root; a copy that is there already stays beside."""
    for file in files:
        try:
            write_whole(_free_name(root / KEPT / file.relative_to(root)), file.read_bytes())
        except OSError as error:
            raise OutputError(f"{file}: no copy of it can be kept ({error.strerror}), so nothing is written") from error


def remove(files: Iterable[Path]) -> None:
    """Remove files that were kept and whose content stands in the new table, so that a folder says it once."""
    for file in files:
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(
                f"{file}: it cannot be removed ({error.strerror}); its heads are in the new table too, so move it away"
            ) from error


def _free_name(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
