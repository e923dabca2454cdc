"""The scatter plot, for any set of counts that may come."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from uepnet.annotations.data_set import DataSet
from uepnet.evaluation.evaluate import Evaluation, evaluate
from uepnet.evaluation.scatter import draw_scatter
from uepnet.inference.counter import Counter

BLUE = (31, 119, 180)  # tab:blue


def blue_pixels(png: bytes) -> np.ndarray:
    """Row and column of every pixel in the colour of the dots."""
    with Image.open(io.BytesIO(png)) as picture:
        return np.argwhere((np.asarray(picture.convert("RGB")) == BLUE).all(axis=2))


@pytest.fixture
def with_counts(red_dots, three_pictures: DataSet):
    measured = evaluate(Counter(red_dots), three_pictures)

    def make(pairs: list[tuple[int, float]]) -> Evaluation:
        return replace(measured, rows=tuple(replace(measured.rows[0], truth=true, mean=mean) for true, mean in pairs))

    return make


@pytest.mark.parametrize(
    "pairs",
    [
        [(0, 0.0)],
        [(1, 0.2)],
        [(0, 3.0), (5, 0.0)],
        [(100, 110.0), (200, 170.0)],
        [(0, 1.5), (12_865, 9000.0), (40, 55.0)],
    ],
)
def test_every_set_of_counts_has_a_plot_with_dots(with_counts, pairs: list[tuple[int, float]]) -> None:
    assert len(blue_pixels(draw_scatter(with_counts(pairs)))) > 20


def test_higher_counts_are_higher_and_truer_to_the_right(with_counts) -> None:
    few, many = (blue_pixels(draw_scatter(with_counts([(100, count), (200, 200.0)]))) for count in (50.0, 190.0))
    assert few[:, 0].max() > many[:, 0].max() + 50
    left, right = (blue_pixels(draw_scatter(with_counts([(true, 100.0), (true, 110.0)]))) for true in (60, 110))
    assert left[:, 1].mean() < right[:, 1].mean()


def test_ranges_are_drawn(with_counts) -> None:
    evaluation = with_counts([(100, 100.0), (200, 190.0)])
    ranged = tuple(replace(row, low=row.mean - 60, high=row.mean + 60, coverage=0.9) for row in evaluation.rows)
    plain, with_ranges = draw_scatter(evaluation), draw_scatter(replace(evaluation, rows=ranged))
    assert plain != with_ranges
