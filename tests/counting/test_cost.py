"""What a partition costs, against loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.counting.codec import encode
from uepnet.counting.cost import class_costs, discretisation_error
from uepnet.counting.partition import Partition, fit_partitions

COUNTS = st.lists(st.floats(0, 20), min_size=1, max_size=80).map(np.array)
BORDERS = st.lists(st.floats(1e-4, 19), min_size=1, max_size=10, unique=True).map(sorted).map(tuple)


@given(COUNTS, BORDERS)
def test_samples_times_length_of_every_class(counts: np.ndarray, borders: tuple[float, ...]) -> None:
    edges = [0.0, *borders, max(counts.max(), borders[-1])]
    costs = class_costs(counts, borders)
    for index in range(len(borders) + 1):
        assert costs.samples[index] == (encode(counts, borders) == index).sum()
        assert costs.lengths[index] == edges[index + 1] - edges[index]
        assert costs.errors[index] == costs.samples[index] * costs.lengths[index]


def test_the_mean_over_pictures_of_the_absolute_difference_of_the_sums() -> None:
    partition = Partition(borders=(0.5, 2.0), proxies=(0.1, 1.0, 3.0))
    too_many, too_few = np.array([[0.0, 0.0], [0.0, 2.5]]), np.array([[1.9, 1.9, 1.9]])
    assert discretisation_error([too_many, too_few], partition) == pytest.approx((0.8 + 2.7) / 2)


def test_mean_proxies_leave_none_on_the_fitted_samples_as_one_picture() -> None:
    counts = np.random.default_rng(0).exponential(size=5000) ** 3
    (partition,) = fit_partitions(counts, heads="single")
    assert discretisation_error([counts], partition) == pytest.approx(0, abs=1e-8)


def test_no_pictures_have_no_mean() -> None:
    with pytest.raises(ValueError, match="at least one"):
        discretisation_error([], Partition(borders=(0.5,), proxies=(0.1, 1.0)))
