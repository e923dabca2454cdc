"""Errors by how crowded a picture is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.evaluation.metrics import mae
from uepnet.evaluation.strata import stratify


def test_the_names_and_bounds() -> None:
    strata = stratify(np.array([0, 1, 50, 51, 200, 201, 1000, 1001, 20_000]), np.zeros(9))
    assert [(stratum.name, stratum.images) for stratum in strata] == [
        ("0", 1),
        ("1-50", 2),
        ("51-200", 2),
        ("201-1000", 2),
        (">1000", 2),
    ]


def test_figures_of_one_stratum_by_hand() -> None:
    strata = stratify(np.array([100, 200, 300]), np.array([110.0, 180.0, 0.0]))
    street = strata[2]
    assert (street.images, street.mae, street.bias) == (2, 15.0, -5.0)
    assert street.rmse == pytest.approx(250**0.5)
    assert street.nae == pytest.approx(0.1)


def test_a_stratum_without_pictures_has_no_figures() -> None:
    empty = stratify(np.array([7]), np.array([7.0]))[-1]
    assert (empty.images, empty.mae, empty.rmse, empty.nae, empty.bias) == (0, None, None, None, None)


def test_empty_places_have_errors_but_no_relative_one() -> None:
    places = stratify(np.array([0, 0]), np.array([1.0, 3.0]))[0]
    assert (places.mae, places.bias, places.nae) == (2.0, 2.0, None)


@given(st.lists(st.tuples(st.integers(0, 3000), st.floats(0, 3000)), min_size=1, max_size=40))
def test_the_strata_share_the_pictures_and_average_to_the_whole(pairs: list[tuple[int, float]]) -> None:
    truth, counts = np.array([true for true, _ in pairs]), np.array([float(count) for _, count in pairs])
    strata = stratify(truth, counts)
    assert sum(stratum.images for stratum in strata) == len(pairs)
    total = sum(stratum.images * stratum.mae for stratum in strata if stratum.mae is not None)
    assert total / len(pairs) == pytest.approx(mae(truth, counts))
