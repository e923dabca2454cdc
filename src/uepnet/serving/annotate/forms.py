"""What the page and the server tell each other, as checked JSON."""

from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from uepnet.serving.annotate.heads import Marked

MOST_HEADS = 200_000
"""In one picture."""

Coordinate = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)]


class Form(BaseModel):
    """What is not named is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Token(Form):
    """What the address held."""

    token: str = Field(max_length=200)


class Heads(Form):
    """The heads of a picture in pixels of the upright picture, and whether all are marked."""

    points: list[tuple[Coordinate, Coordinate]] = Field(max_length=MOST_HEADS)
    done: bool

    def as_marked(self) -> Marked:
        """The same as an array."""
        return Marked(np.array(self.points, dtype=np.float64).reshape(-1, 2), self.done)


class Change(Form):
    """A picture's heads, and those that the page had got before they were changed."""

    heads: Heads
    before: Heads


def heads_of(marked: Marked) -> dict[str, object]:
    """The heads as the page gets them."""
    return {"points": marked.points.tolist(), "done": marked.done}
