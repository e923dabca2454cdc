"""JSON from strangers: no name twice in an object, where one of the values would be lost in silence, and no NaN."""

import json
from collections import Counter
from typing import Any


def strict_json(text: str) -> Any:
    """The content of a JSON text; `ValueError`, or `RecursionError` for one too deep, says what is wrong with it.

    >>> strict_json('{"people": 3}')
    {'people': 3}
    """
    return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        times = Counter(name for name, _ in pairs)
        raise ValueError(f"'{next(name for name in content if times[name] > 1)}' occurs twice in one object")
    return content


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number")
