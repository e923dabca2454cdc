"""The spread model finds the parameters that errors were drawn with."""

import numpy as np
import pytest

from uepnet.evaluation.readings import Parts
from uepnet.evaluation.spread import Spread, fit_spread
from uepnet.inference.ranges import spread_of


def drawn(spread: Spread, *, pictures: int, seed: int) -> list[list[Parts]]:
    """Pictures in one and in four parts, with errors as the model has them."""
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(pictures):
        grids = []
        for parts in (1, 4):
            count = np.exp(generator.uniform(0, 7, size=parts))
            variance = count * generator.uniform(0.1, 1.0, size=parts)
            error = generator.laplace(scale=spread_of(count, variance, spread))
            grids.append(Parts(count=count, variance=variance, truth=count + error))
        found.append(grids)
    return found


def test_it_finds_what_the_errors_were_drawn_with() -> None:
    true = Spread(patches=4.0, shared=0.15, floor=1.0)
    found = fit_spread(drawn(true, pictures=1500, seed=0))
    assert found.patches == pytest.approx(true.patches, rel=0.25)
    assert found.shared == pytest.approx(true.shared, rel=0.25)
    count = np.geomspace(1, 2000, 30)
    np.testing.assert_allclose(spread_of(count, count / 2, found), spread_of(count, count / 2, true), rtol=0.2)


def test_the_spread_is_its_equation() -> None:
    assert spread_of(np.array([8.0]), np.array([10.0]), Spread(2.0, 0.5, 3.0))[0] == pytest.approx((20 + 16 + 9) ** 0.5)


def test_every_grid_of_a_picture_weighs_the_same_however_many_parts_it_has() -> None:
    pictures = drawn(Spread(patches=4.0, shared=0.15, floor=1.0), pictures=100, seed=1)
    finer = [[whole, _twice(parts)] for whole, parts in pictures]
    assert fit_spread(finer).shared == pytest.approx(fit_spread(pictures).shared, rel=1e-3)
    assert fit_spread(finer).patches == pytest.approx(fit_spread(pictures).patches, rel=1e-3)


def _twice(parts: Parts) -> Parts:
    return Parts(*(np.tile(values, 2) for values in (parts.count, parts.variance, parts.truth)))


def test_errors_that_are_all_0_still_leave_the_rounding_to_whole_people() -> None:
    exact = [[Parts(count=np.array([5.0]), variance=np.array([0.0]), truth=np.array([5.0]))]]
    assert fit_spread(exact * 3).floor == pytest.approx(12**-0.5)


def test_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="there are none"):
        fit_spread([])
