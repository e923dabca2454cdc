"""What is wrong with the values of a record, in words for whoever wrote them."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

Limits = Mapping[str, Any]
"""What was asked for: the keys that pydantic gives with a kind of problem."""

WORDS: dict[str, Callable[[Limits], str]] = {
    "missing": lambda limits: "it is missing",  # noqa: ARG005 - one form for all
    "extra_forbidden": lambda limits: "nothing is known by this name",  # noqa: ARG005
    "too_short": lambda limits: f"it should have at least {_many(limits['min_length'], 'entry', 'entries')}",
    "too_long": lambda limits: f"it should have at most {_many(limits['max_length'], 'entry', 'entries')}",
    "string_too_short": lambda limits: (
        f"it should have at least {_many(limits['min_length'], 'character', 'characters')}"
    ),
    "string_too_long": lambda limits: (
        f"it should have at most {_many(limits['max_length'], 'character', 'characters')}"
    ),
}
"""By pydantic's kind of problem; where its own words do for a reader, they are taken."""


WITHOUT_VALUE = frozenset({"missing", "extra_forbidden", "value_error"})
"""Kinds of problems of which the value that was found says nothing more."""


def problem_in_words(problem: Mapping[str, Any]) -> str:
    """What one of `ValidationError.errors()` says.

    >>> problem_in_words({"type": "too_short", "msg": "Tuple should ...", "ctx": {"min_length": 1, "actual_length": 0}})
    'it should have at least 1 entry'
    >>> problem_in_words({"type": "greater_than", "msg": "Input should be greater than 0"})
    'it should be greater than 0'
    """
    words = WORDS.get(problem["type"])
    if words is not None:
        return words(problem.get("ctx", {}))
    said = str(problem["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return re.sub(r"^[A-Z][a-z]+ should", "it should", said)


def first_problem(error: ValidationError, *, whole: str, first: int = 0) -> str:
    """The first thing that is wrong, and where: the dotted place, `whole` for all of the record.

    Entries of lists are numbered from `first`. The value is not told, which may be a password.
    """
    problem = error.errors(include_url=False, include_input=False)[0]
    return f"{dotted(problem['loc'], first=first) or whole}: {problem_in_words(problem)}"


def dotted(place: Sequence[str | int], *, first: int = 0) -> str:
    """A place in a record.

    >>> dotted(("camera", 0, "every"), first=1)
    'camera.1.every'
    """
    return ".".join(str(part + first) if isinstance(part, int) else part for part in place)


def _many(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
