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
    """The people in one named part of a picture.

    `density` is in people per square metre, `level` its name (`zones/density.py`), `limit` in people, `status` how the
    count stands to it (`zones/limits.py`); each is None where the zone file gives no area or no limit. `include` and
    `exclude` are the outlines in pixels of the picture; without `include` the zone is all of it but what is excluded.
    """

    name: str
    count: float
    low: float | None
    high: float | None
    area_m2: float | None = None
    density: float | None = None
    level: str | None = None
    status: str | None = None
    limit: float | None = None
    include: tuple[tuple[tuple[float, float], ...], ...] = ()
    exclude: tuple[tuple[tuple[float, float], ...], ...] = ()
    colour: str | None = None
    variance: float = 0.0
    """The model's, in people squared; for what follows a zone through a film."""

    def limit_in_words(self) -> str:
        """The limit as it is shown everywhere, nothing without one.

        A limit from a density and an area is no whole number; it is rounded down, since people are whole.

        >>> ZoneCount("bar", 54.6, None, None, limit=1234.9).limit_in_words()
        '1,234'
        """
        return "" if self.limit is None else f"{int(self.limit):,}"

    def density_in_words(self) -> str:
        """People per square metre as they are shown everywhere, nothing without an area."""
        return "" if self.density is None else f"{self.density:.2f}"

    def as_json(self) -> dict[str, Any]:
        """The zone without its outlines, of plain types."""
        keys = ("name", "count", "low", "high", "area_m2", "density", "level", "status", "limit")
        return {key: getattr(self, key) for key in keys}


@dataclass(frozen=True)
class CountResult:
    """One counted picture.

    `count` is the sum of `count_map` (people per patch of `patch` pixels a side), unrounded. `low` to `high` holds the
    true number in a share `coverage` of pictures (docs/ranges.md); the three are None where the model has no calibration
    for this decode. `variance_map` is how unsure the model is of each patch, in people squared. `seconds` is the model's
    time, without reading the picture. `warnings` are sentences on why the number may be off.
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
    variance_map: Float32[np.ndarray, "rows columns"]
    patch: int

    def __post_init__(self) -> None:
        expected = (-(-self.height // self.patch), -(-self.width // self.patch))
        for name, values in (("count", self.count_map), ("variance", self.variance_map)):
            if values.shape != expected:
                raise ValueError(
                    f"a picture of {self.width} x {self.height} has {expected[0]} x {expected[1]} patches of "
                    f"{self.patch} pixels, but the {name} map has the shape {list(values.shape)}"
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
            "zones": [zone.as_json() for zone in self.zones],
            "model": self.model,
            "width": self.width,
            "height": self.height,
            "seconds": self.seconds,
            "warnings": list(self.warnings),
        }

    def save_json(self, path: Path) -> None:
        """Write `as_json` to a file, whole or not at all."""
        write_whole(path, (json.dumps(self.as_json()) + "\n").encode())
