"""What the command line does to each result after the model: its zones, and the camera's correction."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uepnet.inference.camera import Camera
    from uepnet.inference.counter import Counter
    from uepnet.inference.result import CountResult
    from uepnet.inference.zones.zone_file import ZonePlan


@dataclass(frozen=True)
class Adjusted:
    """Zones and correction of a camera, each perhaps none; called with a result of `counter`."""

    counter: "Counter"
    plan: "ZonePlan | None"
    camera: "Camera | None"

    @property
    def fixed(self) -> bool:
        """Whether this belongs to one view of one place."""
        return self.plan is not None or self.camera is not None

    def __call__(self, result: "CountResult") -> "CountResult":
        """The result with zones, then corrected."""
        from uepnet.inference.camera import corrected
        from uepnet.inference.zones.count_zones import count_zones

        if self.plan is not None:
            result = count_zones(result, self.plan, calibration=self.counter.calibration)
        return result if self.camera is None else corrected(result, self.camera)


def adjusted_by(counter: "Counter", *, zones: Path | None, camera: Path | None, model: str) -> Adjusted:
    """What `--zones FILE` and `--camera FILE` say, read and checked."""
    from uepnet.cli.camera_option import camera_for
    from uepnet.inference.zones.zone_file import read_zones

    return Adjusted(
        counter,
        None if zones is None else read_zones(zones),
        None if camera is None else camera_for(camera, counter=counter, model=model),
    )
