"""All that `uepnet bench speed` measures, by the part's name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from uepnet.laboratory.speed.cameras import measure_cameras
from uepnet.laboratory.speed.folder import measure_folder
from uepnet.laboratory.speed.growth import measure_growth
from uepnet.laboratory.speed.int8 import measure_int8
from uepnet.laboratory.speed.layers import measure_layers
from uepnet.laboratory.speed.partition import measure_partition
from uepnet.laboratory.speed.peaks import measure_peaks
from uepnet.laboratory.speed.sizes import measure_sizes
from uepnet.laboratory.speed.startup import measure_startup
from uepnet.laboratory.speed.targets import measure_targets
from uepnet.laboratory.speed.training import measure_training

Records = list[dict[str, JsonValue]]


@dataclass(frozen=True)
class Wanted:
    """What is asked of every part: data sets named NAME:ROOT, whether seconds must do, and who is told what is measured.

    With the safetensors file `weights` of the default model, the change of the counts by each int8 layer is measured too.
    """

    data: Sequence[str] = ()
    weights: Path | None = None
    quick: bool = False
    on_step: Callable[[str], None] = lambda _: None


PARTS: dict[str, Callable[[Wanted], Records]] = {
    "peaks": lambda wanted: measure_peaks(quick=wanted.quick),
    "targets": lambda wanted: measure_targets(data=wanted.data, quick=wanted.quick),
    "partition": lambda wanted: measure_partition(quick=wanted.quick),
    "training": lambda wanted: measure_training(quick=wanted.quick, on_network=wanted.on_step),
    "int8": lambda wanted: measure_int8(quick=wanted.quick),
    "layers": lambda wanted: measure_layers(
        quick=wanted.quick, weights=wanted.weights, data=wanted.data if wanted.weights else ()
    ),
    "sizes": lambda wanted: measure_sizes(quick=wanted.quick),
    "folder": lambda wanted: measure_folder(quick=wanted.quick),
    "cameras": lambda wanted: measure_cameras(quick=wanted.quick, on_step=wanted.on_step),
    "startup": lambda wanted: measure_startup(quick=wanted.quick),
    "growth": lambda wanted: measure_growth(quick=wanted.quick, on_point=wanted.on_step),
}
"""Each gives records that hold the name of their part."""


def choose_parts(names: Sequence[str]) -> tuple[str, ...]:
    """The parts asked for in the order of `PARTS`, all where none is named; `ValueError` for an unknown one."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise ValueError(f"there is no part {unknown[0]!r} to measure; there are {', '.join(PARTS)}")
    return tuple(name for name in PARTS if not names or name in names)
