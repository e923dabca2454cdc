"""What counting a picture gives: a number with its range, the map that it is the sum of, and how it came about."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32

from uepnet.whole_files import write_whole


@dataclass(frozen=True)
class ZoneCount:
    """The people in one named part of a picture."""

    name: str
    count: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class CountResult:
    """One counted picture.

    `count` is the sum of `count_map` (people per patch of `patch` pixels a side), unrounded. `low` to `high` holds the
    true number in a share `coverage` of pictures; the three are None while the model has no calibration. `seconds` is
    the model's time, without reading the picture. `warnings` are sentences on why the number may be off.
    """

    source: str
    count: float
    low: float | None
    high: float | None
    coverage: float | None
    zones: tuple[ZoneCount, ...]
    model: str
    width: int
    height: int
    seconds: float
    warnings: tuple[str, ...]
    count_map: Float32[np.ndarray, "rows columns"]
    patch: int

    def __post_init__(self) -> None:
        expected = (-(-self.height // self.patch), -(-self.width // self.patch))
        if self.count_map.shape != expected:
            raise ValueError(
                f"a picture of {self.width} x {self.height} has {expected[0]} x {expected[1]} patches of {self.patch} "
                f"pixels, but the count map has the shape {list(self.count_map.shape)}"
            )

    def __str__(self) -> str:
        return f"{self.source}: {self.people()}, {self.width} x {self.height}, {self.seconds:.2f} s, {self.model}"

    def people(self) -> str:
        """The rounded count in words, with its range if there is one: "312 people (280 to 351)"."""
        people = "1 person" if round(self.count) == 1 else f"{round(self.count):,} people"
        return people if self.low is None or self.high is None else f"{people} ({self.low:,.0f} to {self.high:,.0f})"

    def as_json(self) -> dict[str, Any]:
        """The result without its map, of plain types, in the order and with the keys of `uepnet count --json`."""
        return {
            "source": self.source,
            "count": self.count,
            "low": self.low,
            "high": self.high,
            "coverage": self.coverage,
            "zones": [{"name": z.name, "count": z.count, "low": z.low, "high": z.high} for z in self.zones],
            "model": self.model,
            "width": self.width,
            "height": self.height,
            "seconds": self.seconds,
            "warnings": list(self.warnings),
        }

    def save_json(self, path: Path) -> None:
        """Write `as_json` to a file, whole or not at all."""
        write_whole(path, (json.dumps(self.as_json()) + "\n").encode())
