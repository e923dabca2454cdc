"""JSON files read strictly: no repeated name, no NaN, and the shape that a tool promises."""

from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from uepnet.annotations.text_files import read_text
from uepnet.errors import AnnotationError
from uepnet.strict_json import strict_json
from uepnet.wrong_values import WITHOUT_VALUE, problem_in_words

Pixels = Annotated[float, Field(strict=True, ge=-1e9, le=1e9)]
Point = Annotated[list[Pixels], Field(min_length=2, max_length=2)]
Side = Annotated[int, Field(strict=True, ge=1, le=10**6)]
Content = TypeVar("Content", bound=BaseModel)


class Record(BaseModel):
    """One object of a tool's file; what we do not use of it is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def load_json(path: Path) -> Any:
    """The content of a JSON file."""
    try:
        return strict_json(read_text(path))
    except (ValueError, RecursionError) as error:
        raise AnnotationError(f"{path}: this is no JSON ({error})") from error


def shaped(content: Any, form: type[Content], *, path: Path, tool: str) -> Content:
    """The content of a JSON file as the model of what `tool` writes; `AnnotationError` says where it differs."""
    try:
        return form.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = " -> ".join(map(str, first["loc"])) or "the whole file"
        found = "" if first["type"] in WITHOUT_VALUE else f", but found {str(first['input'])[:60]!r}"
        raise AnnotationError(
            f"{path}: this is not what {tool} holds: at {place}: {problem_in_words(first)}{found}"
        ) from error


def as_array(points: list[list[float]]) -> Float[np.ndarray, "heads 2"]:
    """A list of [x, y] as an array, of no rows where it is empty."""
    return np.array(points, dtype=np.float64).reshape(-1, 2)
