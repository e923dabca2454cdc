"""Zones laid onto a picture: from the file's units to pixels, or refused where they were drawn for another picture."""

from dataclasses import dataclass

from uepnet.errors import ZoneError
from uepnet.inference.zones.ground import LARGEST_AREA, SMALLEST_AREA, GroundPlane
from uepnet.inference.zones.limits import limit_of
from uepnet.inference.zones.polygon import Polygon
from uepnet.inference.zones.region import Region, area_in_pixels, region_of
from uepnet.inference.zones.zone_file import Zone, ZonePlan

MOST_STRETCH = 0.01
"""Share by which the sides' ratio of a picture may differ from that of the picture that the zones were drawn on."""
SLIP = 1.0
"""Pixels that a corner may lie outside the picture."""
SMALLEST = 1.0
"""Square pixels of a zone below which there is nothing of it in the picture."""


@dataclass(frozen=True)
class PlacedZone:
    """One zone on one picture, in pixels; `limit` is in people."""

    zone: Zone
    include: tuple[Polygon, ...]
    exclude: tuple[Polygon, ...]
    region: Region
    area_m2: float | None
    limit: float | None


def place_zones(plan: ZonePlan, *, source: str, width: int, height: int) -> tuple[PlacedZone, ...]:
    """The zones on a picture of `width` x `height` pixels.

    Fractions fit every picture; pixels fit the picture that the file names, scaled where it has the same shape, and
    without a name any picture that they lie in. Raises `ZoneError` with `source` where they do not fit.
    """
    x, y = _scale(plan, source=source, width=width, height=height)
    plane = None if plan.ground is None else plan.ground.plane().scaled(x, y)
    everywhere = tuple(_scaled(outline, x, y) for outline in plan.exclude)
    placed = []
    for zone in plan.zones:
        include, exclude = (
            tuple(_scaled(outline, x, y) for outline in outlines) for outlines in (zone.include, zone.exclude)
        )
        exclude += everywhere
        if plan.units == "pixels":
            _refuse_beyond((*include, *exclude), f"{source}: zone {zone.name!r}", width=width, height=height)
        try:
            region = region_of(include, exclude, width=width, height=height)
        except ValueError as error:
            raise ZoneError(f"{source}: zone {zone.name!r}: {error}") from error
        if area_in_pixels(region) < SMALLEST:
            raise ZoneError(f"{source}: zone {zone.name!r} has nothing left of it in the picture")
        area = zone.area_m2 if zone.area_m2 is not None else _area(plane, region, f"{source}: zone {zone.name!r}")
        limit = limit_of(people_limit=zone.people_limit, density_limit=zone.density_limit, area_m2=area)
        placed.append(PlacedZone(zone, include, exclude, region, area, limit))
    return tuple(placed)


def _scale(plan: ZonePlan, *, source: str, width: int, height: int) -> tuple[float, float]:
    """What positions of the file are multiplied with to be pixels."""
    drawn = plan.picture
    if drawn is not None and abs(width * drawn.height / (height * drawn.width) - 1) > MOST_STRETCH:
        raise ZoneError(
            f"{source}: the zones were drawn on a picture of {drawn.width} x {drawn.height} pixels, this one is "
            f"{width} x {height}: another shape, so it shows something else; draw zones for it"
        )
    if plan.units == "fractions":
        return float(width), float(height)
    return (1.0, 1.0) if drawn is None else (width / drawn.width, height / drawn.height)


def _scaled(outline: Polygon, x: float, y: float) -> Polygon:
    return tuple((corner[0] * x, corner[1] * y) for corner in outline)


def _refuse_beyond(outlines: tuple[Polygon, ...], what: str, *, width: int, height: int) -> None:
    for x, y in (corner for outline in outlines for corner in outline):
        if not (-SLIP <= x <= width + SLIP and -SLIP <= y <= height + SLIP):
            raise ZoneError(
                f"{what} has a corner at ({x:g}, {y:g}), outside the picture of {width} x {height} pixels; if it was "
                'drawn on a larger copy, say so with "picture": {"width": ..., "height": ...}, or use fractions'
            )


def _area(plane: GroundPlane | None, region: Region, what: str) -> float | None:
    if plane is None:
        return None
    try:
        area = plane.area(region)
    except ValueError as error:
        raise ZoneError(f"{what}: {error}; end the zone before, or give its area_m2") from error
    if not SMALLEST_AREA <= area <= LARGEST_AREA:
        raise ZoneError(
            f"{what} has {area:.2g} square metres by the ground points, from {SMALLEST_AREA:g} to {LARGEST_AREA:g} can "
            "be; measure the points again, or give its area_m2"
        )
    return area
