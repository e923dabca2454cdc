"""Names for the files written beside each other for pictures that may come from many folders."""

import re
from collections import Counter as Tally
from collections.abc import Sequence
from pathlib import PurePath

LONGEST = 180
"""Bytes of a name; file systems take 255, with what is appended to it."""

NOT_IN_NAMES = re.compile(r"[^\w.+ -]|^\.+")


def output_names(sources: Sequence[str]) -> tuple[str, ...]:
    """A name without suffix for each source, all different even where capitals are not told apart.

    The picture's own name if it is the only one of that name, else with its suffix, else with as many of its folders as
    needed, and a number where the same source is given twice.

    >>> output_names(["a/x.jpg", "b/x.jpg", "b/y.jpg", "b/y.png", "-"])
    ('a_x.jpg', 'b_x.jpg', 'y.jpg', 'y.png', 'stdin')
    """
    paths = [PurePath("stdin") if source == "-" else PurePath(source) for source in sources]
    names = [_cleaned(path.stem) for path in paths]
    deepest = max((len(path.parts) for path in paths), default=0)
    for depth in range(1, deepest + 1):
        times = Tally(name.lower() for name in names)
        names = [
            name if times[name.lower()] == 1 else _cleaned("_".join(path.parts[-depth:]))
            for name, path in zip(names, paths, strict=True)
        ]
    return _numbered(names)


def _numbered(names: Sequence[str]) -> tuple[str, ...]:
    taken: set[str] = set()
    result = []
    for name in names:
        number, free = 2, name
        while free.lower() in taken:
            free, number = f"{name}-{number}", number + 1
        taken.add(free.lower())
        result.append(free)
    return tuple(result)


def _cleaned(name: str) -> str:
    """Letters, digits and a few signs; anything else, such as a slash or a leading dot, becomes an underscore."""
    return NOT_IN_NAMES.sub("_", name).encode()[-LONGEST:].decode(errors="ignore")
