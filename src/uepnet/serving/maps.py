"""Count maps to the client and back, so that zones are counted anew without the picture, and nothing is kept here."""

import base64
import binascii

import numpy as np
from jaxtyping import Float32
from pydantic import BaseModel, ConfigDict, Field

from uepnet.inference.counter import Counter
from uepnet.inference.result import CountResult
from uepnet.pictures import LARGEST_MEGAPIXELS, LONGEST_SIDE
from uepnet.serving.refusals import RefusedError

MOST_PEOPLE_IN_A_PATCH = 1e6
"""No model says so; sums stay finite."""


class Maps(BaseModel):
    """The people of every patch of a picture and how unsure the model is of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    width: int = Field(ge=1, le=LONGEST_SIDE, description="of the upright picture in pixels")
    height: int = Field(ge=1, le=LONGEST_SIDE, description="of the upright picture in pixels")
    patch: int = Field(ge=1, le=1024, description="side of a patch in pixels")
    count: str = Field(description="people per patch, row by row: base64 of 32-bit floats, little-endian")
    variance: str = Field(description="their variance, in the same form")


def to_maps(result: CountResult) -> Maps:
    """The maps of a result."""
    count, variance = (
        base64.b64encode(values.astype("<f4").tobytes()).decode() for values in (result.count_map, result.variance_map)
    )
    return Maps(width=result.width, height=result.height, patch=result.patch, count=count, variance=variance)


def from_maps(maps: Maps, counter: Counter, *, name: str) -> CountResult:
    """The result that the maps came from, but for its warnings and its time; `RefusedError` for what are no such maps."""
    if maps.patch != counter.description.patch or maps.width * maps.height > LARGEST_MEGAPIXELS * 1e6:
        raise RefusedError(
            f"maps: a picture of {maps.width} x {maps.height} with patches of {maps.patch} is none that the model "
            f"{counter.description.name} has counted; count the picture again"
        )
    count_map, variance_map = (_values(maps, which) for which in ("count", "variance"))
    result = CountResult(
        source=name,
        count=float(count_map.sum(dtype=np.float64)),
        low=None,
        high=None,
        coverage=None,
        zones=(),
        model=counter.description.name,
        width=maps.width,
        height=maps.height,
        seconds=0.0,
        warnings=(),
        count_map=count_map,
        variance_map=variance_map,
        patch=maps.patch,
    )
    return counter.ranged(result, counter.decode)


def _values(maps: Maps, which: str) -> Float32[np.ndarray, "rows columns"]:
    rows, columns = -(-maps.height // maps.patch), -(-maps.width // maps.patch)
    try:
        raw = base64.b64decode(getattr(maps, which), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusedError(f"maps: {which} is no base64 ({error}); send what /v1/count gave") from error
    if len(raw) != 4 * rows * columns:
        raise RefusedError(
            f"maps: {which} has {len(raw):,} bytes, a picture of {maps.width} x {maps.height} has {4 * rows * columns:,}; "
            "send what /v1/count gave"
        )
    values = np.frombuffer(raw, dtype="<f4").astype(np.float32).reshape(rows, columns)
    if not (np.abs(values) <= MOST_PEOPLE_IN_A_PATCH).all() or (which == "variance" and (values < 0).any()):
        raise RefusedError(f"maps: {which} holds values that are no people in a patch; send what /v1/count gave")
    return values
