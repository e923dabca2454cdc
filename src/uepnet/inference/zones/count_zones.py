"""From a count map and a plan of zones to the people in each."""

from dataclasses import replace

from uepnet.description import RangeCalibration
from uepnet.inference.ranges import count_range, region_sums
from uepnet.inference.result import CountResult, ZoneCount
from uepnet.inference.zones.coverage import patch_shares
from uepnet.inference.zones.placing import PlacedZone, place_zones
from uepnet.inference.zones.recount import recounted
from uepnet.inference.zones.zone_file import ZonePlan


def count_zones(result: CountResult, plan: ZonePlan, *, calibration: RangeCalibration | None = None) -> CountResult:
    """The result with the zones of a plan counted.

    A zone's count is the sum of the patches' counts times the shares of the patches that lie in it, so a zone that is
    the whole picture has the whole count, and zones that divide it add up. With the counter's `calibration` each zone of
    a result that has a range has one of its own. Raises `ZoneError` for zones that do not fit the picture.
    """
    ranges = None if result.low is None else calibration
    placed = place_zones(plan, source=result.source, width=result.width, height=result.height)
    return replace(result, zones=tuple(_counted(result, zone, ranges) for zone in placed))


def _counted(result: CountResult, placed: PlacedZone, calibration: RangeCalibration | None) -> ZoneCount:
    shares = patch_shares(placed.region, width=result.width, height=result.height, patch=result.patch)
    counts, variances = result.count_map[shares.window], result.variance_map[shares.window]
    count, variance = region_sums(counts, variances, weights=shares.shares)
    low, high = (
        (None, None) if calibration is None else count_range(counts, variances, calibration, weights=shares.shares)
    )
    zone = ZoneCount(
        name=placed.zone.name,
        count=count,
        low=low,
        high=high,
        area_m2=placed.area_m2,
        limit=placed.limit,
        include=placed.include,
        exclude=placed.exclude,
        colour=placed.zone.colour,
        variance=variance,
    )
    return recounted(zone, count=count, low=low, high=high)
