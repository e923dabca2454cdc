"""A measured picture beside its truth and its count."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from uepnet.annotations.data_set import DataSet
from uepnet.evaluation.case_picture import draw_case
from uepnet.evaluation.measure import Measured, measure
from uepnet.evaluation.protocols import EXACT
from uepnet.points import HeadPoints


def drawn(measured: Measured) -> np.ndarray:
    with Image.open(io.BytesIO(draw_case("a", measured, decode="mean", fixed_sigma=4.0))) as picture:
        return np.asarray(picture.convert("RGB"))


def measured_of(data_set: DataSet, red_dots) -> Measured:
    return measure(red_dots, data_set, data_set.entries[0], protocol=EXACT)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (64, 64), (400, 90), (90, 400), (2400, 1600)])
def test_pictures_of_all_shapes(red_dots, write_data_set, width: int, height: int) -> None:
    picture = drawn(measured_of(write_data_set({"a": (width, height, [(0.5, 0.5)])}), red_dots))
    assert 300 < picture.shape[1] < 2200
    assert picture.std() > 10


def where(picture: np.ndarray, colour: tuple[int, int, int], *, left: float, right: float) -> np.ndarray:
    """The mean row and column, as shares, of the pixels near a colour between two shares of the width."""
    width = picture.shape[1]
    part = picture[:, int(left * width) : int(right * width)].astype(int)
    found = np.argwhere(np.abs(part - colour).max(axis=2) < 40)
    assert len(found) > 0
    return found.mean(axis=0) / part.shape[:2]


def test_people_are_where_they_are_in_both_maps(red_dots, write_data_set) -> None:
    heads = [(240.0 + step, 30.0) for step in range(0, 20, 2)]
    picture = drawn(measured_of(write_data_set({"a": (320, 240, heads)}), red_dots))
    dots = where(picture, (64, 224, 208), left=0.32, right=0.62)
    glow = where(picture, (252, 253, 191), left=0.64, right=0.92)
    for row, column in (dots, glow):
        assert row < 0.4
        assert column > 0.6


def test_an_empty_place_has_a_picture_too(red_dots, write_data_set) -> None:
    assert drawn(measured_of(write_data_set({"a": (64, 48, [])}), red_dots)).size > 0


def test_the_worst_sixteenth_has_a_red_frame(red_dots, write_data_set) -> None:
    """The counter sees nobody in the lower right sixteenth, where five people are said to be outside its sight."""
    data_set = write_data_set({"a": (320, 320, [(10.5, 10.5)])})
    measured = measured_of(data_set, red_dots)
    lost = replace(measured.shown, heads=HeadPoints(np.array([[300.0, 300.0]] * 5), width=320, height=320))
    png = draw_case("a", replace(measured, shown=lost), decode="mean", fixed_sigma=4.0, mark_worst=True)
    with Image.open(io.BytesIO(png)) as picture:
        row, column = where(np.asarray(picture.convert("RGB")), (255, 0, 0), left=0.33, right=0.62)
    assert row > 0.6
    assert column > 0.6
