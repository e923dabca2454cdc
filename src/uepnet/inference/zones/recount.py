"""The same zone with another count, and what follows from it."""

from dataclasses import replace

from uepnet.inference.result import ZoneCount
from uepnet.inference.zones.density import level_of
from uepnet.inference.zones.limits import status_of


def recounted(zone: ZoneCount, *, count: float, low: float | None, high: float | None) -> ZoneCount:
    """The zone with this count and range, and with the density, the level and the status that they give it."""
    density = None if zone.area_m2 is None else count / zone.area_m2
    return replace(
        zone,
        count=count,
        low=low,
        high=high,
        density=density,
        level=None if density is None else level_of(max(0.0, density)),
        status=status_of(count, high=high, limit=zone.limit),
    )
