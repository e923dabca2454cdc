"""First-seen sizes against repeated ones, with a clock that is known."""

from itertools import chain, repeat

import numpy as np
import pytest

from tests.toys import toy_description
from uepnet.inference.backends import PatchMaps
from uepnet.laboratory.speed.sizes import added_share, drawn_sizes, first_against_repeated, measure_sizes
from uepnet.network.arithmetic import gains_from_bf16


class Planner:
    """A backend whose clock stands still but for 3 seconds at a size that it has not seen and 2 at others."""

    description = toy_description("planner")

    def __init__(self) -> None:
        self.now = 0.0
        self.seen: list[tuple[int, ...]] = []

    def run(self, picture: np.ndarray) -> PatchMaps:
        self.now += 2.0 if picture.shape in self.seen else 3.0
        self.seen.append(picture.shape)
        nothing = np.zeros((1, 1), dtype=np.float32)
        return PatchMaps(mean=nothing, argmax=nothing, variance=nothing)


def test_the_first_time_is_set_against_the_median_of_the_others() -> None:
    planner = Planner()
    record = first_against_repeated("planner", planner, [(10, 20), (20, 10)], clock=lambda: planner.now)
    assert planner.seen == list(chain([(21, 21, 3)], repeat((10, 20, 3), 4), repeat((20, 10, 3), 4)))
    assert (record["first_seconds"], record["repeated_seconds"], record["first_over_repeated"]) == (3.0, 2.0, 1.5)
    assert (record["part"], record["name"], record["sizes"]) == ("sizes", "planner", 2)
    assert record["megapixels"] == pytest.approx(2e-4)


def test_padding_is_counted_beyond_what_the_network_needs() -> None:
    assert added_share([(60, 60), (64, 64)], to=64, step=16) == 0.0
    assert added_share([(65, 64)], to=64, step=16) == pytest.approx(128 / 80 - 1)


def test_sizes_differ_and_are_as_large_as_asked() -> None:
    sizes = drawn_sizes(50, megapixels=0.5)
    assert len(set(sizes)) == 50
    assert all(0.24e6 < height * width < 0.76e6 and height <= width <= 1.8 * height for height, width in sizes)
    assert sizes == drawn_sizes(50, megapixels=0.5)


def test_the_default_model_and_torch() -> None:
    records = measure_sizes(quick=True)
    backends = ["ONNX Runtime", "torch", *(["torch"] if gains_from_bf16("cpu") else [])]
    first, rest = records[: len(backends)], records[len(backends) :]
    assert [str(record["name"]).partition(",")[0] for record in first] == backends
    assert all(float(str(record["first_over_repeated"])) > 0 for record in first)
    assert [record["name"] for record in rest] == ["padding to multiples of 64", "padding to multiples of 128"]
