"""The width of the heads, against the definition written out as a loop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.counting.sigma import adaptive_sigma, fixed_sigma, sigma_of
from uepnet.points import HeadPoints


def heads(*xy: tuple[float, float], width: int = 640, height: int = 480) -> HeadPoints:
    return HeadPoints(np.array(xy, dtype=np.float64).reshape(-1, 2), width=width, height=height)


def by_definition(points: HeadPoints) -> list[float]:
    """0.3 times the mean distance to the 3 nearest heads elsewhere; alone, 0.1 of the shorter side."""
    sigma = []
    for here in points.xy:
        distances = sorted(d for d in np.hypot(*(points.xy - here).T) if d > 0)[:3]
        sigma.append(0.3 * np.mean(distances) if distances else 0.1 * min(points.width, points.height))
    return sigma


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30))
def test_it_is_the_mean_distance_to_the_nearest_heads_elsewhere_however_many_share_a_spot(
    spots: list[tuple[int, int]],
) -> None:
    points = heads(*spots)
    np.testing.assert_allclose(adaptive_sigma(points), by_definition(points), rtol=1e-12)


def test_scattered_heads() -> None:
    points = HeadPoints(np.random.default_rng(1).uniform(0, 400, (300, 2)), width=400, height=400)
    np.testing.assert_allclose(adaptive_sigma(points), by_definition(points), rtol=1e-12)


def test_two_and_three_heads_use_the_neighbours_there_are() -> None:
    assert adaptive_sigma(heads((0, 0), (0, 10))).tolist() == [3.0, 3.0]
    np.testing.assert_allclose(adaptive_sigma(heads((0, 0), (0, 10), (0, 30))), [6.0, 4.5, 7.5])


@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_single_spot_has_a_tenth_of_the_shorter_side(number: int) -> None:
    assert adaptive_sigma(heads(*[(7.0, 9.0)] * number)).tolist() == [48.0] * number


def test_points_whose_distance_rounds_to_nothing_share_a_spot() -> None:
    assert adaptive_sigma(heads((0.0, 0.0), (1e-200, 0.0))).tolist() == [48.0, 48.0]


def test_many_heads_on_one_spot_do_not_hide_the_others() -> None:
    sigma = adaptive_sigma(heads(*[(100.0, 100.0)] * 50, (110.0, 100.0)))
    np.testing.assert_allclose(sigma, 3.0)


def test_no_heads_have_no_sigma() -> None:
    assert adaptive_sigma(heads()).shape == (0,)


def test_factor_and_neighbours() -> None:
    points = heads((0, 0), (0, 10), (0, 30))
    assert adaptive_sigma(points, factor=0.5, neighbours=1).tolist() == [5.0, 5.0, 10.0]


def test_the_rule_of_a_data_set() -> None:
    points = heads((0, 0), (0, 10))
    assert sigma_of(points, fixed=15.0).tolist() == [15.0, 15.0]
    assert sigma_of(points, fixed=None).tolist() == [3.0, 3.0]


@pytest.mark.parametrize("pixels", [0.0, -1.0, float("nan"), float("inf")])
def test_an_impossible_fixed_sigma_is_refused(pixels: float) -> None:
    with pytest.raises(ValueError, match="sigma is a number of pixels above 0"):
        fixed_sigma(heads((0, 0)), pixels=pixels)


@pytest.mark.parametrize(("factor", "neighbours"), [(0.0, 3), (-1.0, 3), (0.3, 0)])
def test_an_impossible_rule_is_refused(factor: float, neighbours: int) -> None:
    with pytest.raises(ValueError, match="at least 1 neighbour"):
        adaptive_sigma(heads((0, 0)), factor=factor, neighbours=neighbours)
