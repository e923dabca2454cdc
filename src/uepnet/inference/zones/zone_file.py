"""The file that says where the zones are and how many people each may hold (docs/zones.md): reading and refusing."""

from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator

from uepnet.errors import ZoneError
from uepnet.frozen import Frozen
from uepnet.inference.zones.ground import LARGEST_AREA, SMALLEST_AREA, GroundPlane, fit_ground
from uepnet.inference.zones.polygon import Polygon, checked
from uepnet.strict_json import strict_json
from uepnet.wrong_values import WITHOUT_VALUE, problem_in_words

MOST_CORNERS = 1000
"""Of one zone with all its polygons and those excluded everywhere; more would make a stranger's file slow."""
MOST_CORNERS_OF_ALL = 20_000
"""Of all zones, each with the polygons excluded everywhere: 200 zones of 100 corners, counted in seconds."""
LARGEST_FILE = 10_000_000
"""Bytes."""

Number = Annotated[float, Field(strict=True, ge=-1e6, le=1e6)]
Position = tuple[Number, Number]
Outline = Annotated[tuple[Position, ...], Field(max_length=MOST_CORNERS + 1), AfterValidator(checked)]
Outlines = Annotated[tuple[Outline, ...], Field(max_length=MOST_CORNERS // 3)]
Side = Annotated[int, Field(strict=True, ge=1, le=10**6)]


class PictureSize(Frozen):
    """The picture that the zones were drawn on, upright."""

    width: Side
    height: Side


class GroundPoint(Frozen):
    """One point of the ground: where it is seen, and where it is in metres from any origin along any two axes."""

    picture: Position
    metres: Position


class Ground(Frozen):
    """How the ground lies under the camera."""

    points: tuple[GroundPoint, ...] = Field(min_length=4, max_length=1000)
    camera_height_m: float | None = Field(None, ge=2.5, le=1e5)
    """Metres above the ground; areas are then those at the height of the heads."""

    @model_validator(mode="after")
    def _refuse_impossible_ground(self) -> "Ground":
        self.plane()
        return self

    def plane(self) -> GroundPlane:
        """The plane, for positions in the file's units."""
        picture, metres = (
            np.array([getattr(point, where) for point in self.points], dtype=np.float64)
            for where in ("picture", "metres")
        )
        return fit_ground(picture, metres, camera_height=self.camera_height_m)


class Zone(Frozen):
    """One named part of the picture: what is in any polygon of `include` (without any: everywhere) and in none of
    `exclude`.
    """

    name: str = Field(min_length=1, max_length=100)
    include: Outlines = ()
    exclude: Outlines = ()
    area_m2: float | None = Field(None, ge=SMALLEST_AREA, le=LARGEST_AREA)
    """Instead of what the ground points say."""
    people_limit: int | None = Field(None, strict=True, ge=0, le=10**9)
    density_limit: float | None = Field(None, gt=0, le=1000)
    """People per square metre."""
    colour: str | None = Field(None, pattern=r"^#[0-9A-Fa-f]{6}$")

    @field_validator("name")
    @classmethod
    def _refuse_what_cannot_be_shown(cls, name: str) -> str:
        if not name.isprintable() or not name.strip():
            raise ValueError(f"a name is letters, digits and signs on one line, not {name!a}")
        return name

    @field_validator("include", "exclude", mode="before")
    @classmethod
    def _refuse_a_single_polygon(cls, outlines: object) -> object:
        return _of_polygons(outlines)

    @property
    def corners(self) -> int:
        """Of all polygons."""
        return sum(len(outline) for outline in (*self.include, *self.exclude))


class ZonePlan(Frozen):
    """All that a zone file says, in its own units."""

    units: Literal["pixels", "fractions"]
    picture: PictureSize | None = None
    ground: Ground | None = None
    exclude: Outlines = ()
    """What belongs to no zone."""
    zones: tuple[Zone, ...] = Field(min_length=1, max_length=200)

    @field_validator("exclude", mode="before")
    @classmethod
    def _refuse_a_single_polygon(cls, outlines: object) -> object:
        return _of_polygons(outlines)

    @model_validator(mode="before")
    @classmethod
    def _refuse_too_many_corners(cls, content: object) -> object:
        """Before each polygon is looked at, which takes its time."""
        zones = content.get("zones") if isinstance(content, dict) else None
        if isinstance(content, dict) and isinstance(zones, list | tuple):
            corners = max(1, len(zones)) * _corners_of(content) + sum(_corners_of(zone) for zone in zones)
            if corners > MOST_CORNERS_OF_ALL:
                raise ValueError(
                    f"the {len(zones)} zones have {corners:,} corners together, each with those excluded everywhere; the "
                    f"most is {MOST_CORNERS_OF_ALL:,}: draw them more simply, or divide them among several files"
                )
        return content

    @model_validator(mode="after")
    def _refuse_contradictions(self) -> "ZonePlan":
        names = [zone.name for zone in self.zones]
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated is not None:
            raise ValueError(f"two zones are called {repeated!r}; give each a name of its own")
        outside = sum(len(outline) for outline in self.exclude)
        for zone in self.zones:
            if zone.corners + outside > MOST_CORNERS:
                raise ValueError(
                    f"zone {zone.name!r} has {zone.corners + outside} corners with those excluded everywhere, the most "
                    f"is {MOST_CORNERS}; draw it more simply"
                )
            if zone.density_limit is not None and zone.area_m2 is None and self.ground is None:
                raise ValueError(
                    f"zone {zone.name!r} has a density_limit but no area; give its area_m2, or the ground's points"
                )
            for name, outlines in (("include", zone.include), ("exclude", zone.exclude)):
                self._refuse_no_fractions(outlines, f"zone {zone.name!r}, {name}")
        self._refuse_no_fractions(self.exclude, "exclude")
        return self

    def _refuse_no_fractions(self, outlines: tuple[Polygon, ...], where: str) -> None:
        """Fractions of the picture's sides are from 0 to 1."""
        if self.units == "pixels":
            return
        beyond = next(
            (corner for line in outlines for corner in line if not 0 <= min(corner) <= max(corner) <= 1), None
        )
        if beyond is not None:
            raise ValueError(f"{where}: the corner {list(beyond)} is no fraction from 0 to 1; are these pixels?")


def read_zones(path: str | Path) -> ZonePlan:
    """The zones of a JSON file. Raises `ZoneError` for a file that cannot be read or that says something impossible."""
    path = Path(path)
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for, a device read without end
            raise ZoneError(f"{path}: the zone file cannot be read (this is a folder, pipe or device, no file)")
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ZoneError(f"{path}: the zone file cannot be read ({error.strerror})") from error
    return zones_from_json(raw, source=str(path))


def zones_from_json(raw: bytes, *, source: str) -> ZonePlan:
    """The zones of a zone file's bytes; `source` names them in the `ZoneError`."""
    if len(raw) > LARGEST_FILE:
        raise ZoneError(f"{source}: a zone file has at most {LARGEST_FILE:,} bytes, this one has more")
    try:
        content = strict_json(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ZoneError(f"{source}: this is no text in UTF-8 ({error}); a zone file is JSON") from error
    except (ValueError, RecursionError) as error:
        raise ZoneError(f"{source}: this is no JSON ({error}); docs/zones.md shows a zone file") from error
    return zones_from_content(content, source=source)


def zones_from_content(content: object, *, source: str) -> ZonePlan:
    """The zones of a zone file's content after JSON; `source` names it in the `ZoneError`."""
    try:
        return ZonePlan.model_validate(content)
    except ValidationError as error:
        raise ZoneError(f"{source}: {_told(error, content)}") from error


def _corners_of(content: object) -> int:
    """The corners of the polygons that a zone has, or a plan excludes, whatever else may be wrong with it."""
    if not isinstance(content, dict):
        return 0
    outlines = [content.get(key) for key in ("include", "exclude")]
    polygons = [polygon for several in outlines if isinstance(several, list | tuple) for polygon in several]
    return sum(len(polygon) for polygon in polygons if isinstance(polygon, list | tuple))


def _of_polygons(outlines: object) -> object:
    """The value as it is, unless it is one polygon where a list of polygons is wanted."""
    with_number = outlines
    for _ in range(2):
        with_number = with_number[0] if isinstance(with_number, list) and with_number else None
    if isinstance(with_number, int | float):
        raise ValueError("a list of polygons is wanted, but this is a single one; put it in a further pair of [ ]")
    return outlines


def _told(error: ValidationError, content: Any) -> str:
    """The first thing that is wrong: the zone's name, the place in it, what is wanted and what was found."""
    first = error.errors(include_url=False)[0]
    place = [str(part + 1) if isinstance(part, int) else part for part in first["loc"]]
    if len(place) > 1 and place[0] == "zones":
        zone = content["zones"][first["loc"][1]]
        name = zone.get("name") if isinstance(zone, dict) else None
        place = [f"zone {name!r}" if isinstance(name, str) else f"zone {place[1]}", *place[2:]]
    said = problem_in_words(first)
    found = "" if first["type"] in WITHOUT_VALUE else f", but found {_short(first['input'])}"
    return f"{', '.join(place)}: {said}{found}" if place else f"{said}{found}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
