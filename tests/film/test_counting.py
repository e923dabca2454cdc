"""From frames to moments: what is not worth counting is not counted, and no line goes through a cut."""

from collections.abc import Callable

import numpy as np
import pytest

from uepnet.description import RangeCalibration
from uepnet.film.counting import FilmCounter
from uepnet.film.film import Frame
from uepnet.inference.result import CountResult, ZoneCount

Frames = Callable[..., list[np.ndarray]]


class Scripted:
    """Counts that a test gives, with a zone of half as many; `asked` are the pictures that were counted."""

    def __init__(self, counts: list[float]) -> None:
        self.counts = iter(counts)
        self.asked = 0

    def __call__(self, pixels: np.ndarray, name: str) -> CountResult:
        self.asked += 1
        count, (height, width) = next(self.counts), pixels.shape[:2]
        maps = np.full((height // 8, width // 8), 0.01, dtype=np.float32)
        zone = ZoneCount("left", count / 2, None, None, variance=1.0)
        return CountResult(name, count, None, None, None, (zone,), "tiny", width, height, 0.0, (), maps, maps, 8)


def test_no_line_goes_through_a_cut(crowd_frames: Frames) -> None:
    script = Scripted([100.0] * 6 + [20.0] * 4)
    counter = FilmCounter(script, source="a.mp4", model="tiny", calibration=None, fixed=False)
    frames = [*crowd_frames([60] * 6), *crowd_frames([60] * 4, seed=23)]
    moments = [counter.moment(Frame(float(at), pixels)) for at, pixels in enumerate(frames)]
    assert [moment.view.scene for moment in moments] == [1] * 6 + [2] * 4
    assert [moment.smooth.count for moment in moments if moment.smooth] == pytest.approx([100.0] * 6 + [20.0] * 4)
    assert [moment.zones[0].count for moment in moments] == pytest.approx([50.0] * 6 + [10.0] * 4)


def test_darkness_is_neither_counted_nor_smoothed(crowd_frames: Frames) -> None:
    script = Scripted([100.0] * 4)
    counter = FilmCounter(script, source="a.mp4", model="tiny", calibration=None, fixed=False)
    frames = crowd_frames([60] * 6)
    frames[2:4] = [np.zeros_like(frame) for frame in frames[2:4]]
    moments = [counter.moment(Frame(float(at), pixels)) for at, pixels in enumerate(frames)]
    assert [moment.result is None for moment in moments] == [False, False, True, True, False, False]
    assert script.asked == 4
    assert moments[2].as_json()["smooth"] is None


@pytest.mark.parametrize(("patches", "floor"), [(50.0, 2.0), (1.0, 30.0)])
def test_the_part_of_the_variance_that_is_shared_is_left_out(
    crowd_frames: Frames, patches: float, floor: float
) -> None:
    """The filter takes what another frame has anew: `patches` times the model's variance, and the floor; a zone's from its own."""
    scores = tuple(float(score) for score in np.linspace(-2, 2, 19))
    calibration = RangeCalibration(decode="mean", coverage=0.8, patches=patches, shared=0.5, floor=floor, scores=scores)
    script = Scripted([100.0, 140.0])
    counter = FilmCounter(script, source="a", model="tiny", calibration=calibration, fixed=False)
    _, moment = (counter.moment(Frame(float(at), pixels)) for at, pixels in enumerate(crowd_frames([60] * 2)))
    assert moment.smooth is not None
    whole, zone = (moment.smooth, 100.0, 40.0, 24 * 18 * 0.01), (moment.zones[0], 50.0, 20.0, 1.0)
    for smooth, before, more, of_model in (whole, zone):
        variance = patches * of_model + floor**2
        unsure = variance + 2 * before / 300.0
        assert smooth.count == pytest.approx(before + more * unsure / (unsure + variance / 4), rel=1e-5)
