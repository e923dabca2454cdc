"""Methods measured side by side."""

from pathlib import Path

import numpy as np
import pytest

from uepnet.annotations.catalog import open_data_set
from uepnet.counting.comparison import measure_method
from uepnet.counting.cost import discretisation_error
from uepnet.counting.local_counts import local_counts
from uepnet.counting.partition import METHODS, fit_partitions
from uepnet.counting.sigma import adaptive_sigma
from uepnet.errors import PartitionError


def pictures(seed: int, *, whole: bool = False) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    counts = [rng.exponential(size=(30, 40)) ** 3 for _ in range(8)]
    return [np.floor(picture) for picture in counts] if whole else counts


@pytest.mark.parametrize("method", METHODS)
def test_each_method_is_measured_with_both_kinds_of_proxies(method: str) -> None:
    whole = METHODS[method].of_points
    fitted, measured = pictures(0, whole=whole), pictures(1, whole=whole)
    costs = measure_method(method, fitted, measured, intervals=20, t0=0.001)
    assert costs.mean.classes == costs.midpoint.classes == len(costs.costs.samples)
    if method != "uep-paper":
        assert costs.mean.classes == (METHODS[method].intervals or 20)
    if METHODS[method].first_border is None:
        assert costs.mean.borders[0] == 0.001
    else:
        intervals = None if METHODS[method].intervals else 20
        assert (costs.mean,) == fit_partitions(np.stack(fitted), method=method, intervals=intervals, heads="single")
    assert costs.mean_error == discretisation_error(measured, costs.mean)
    assert costs.midpoint_error == discretisation_error(measured, costs.midpoint)
    assert costs.costs.samples.sum() == 8 * 30 * 40
    assert costs.largest == max(picture.max() for picture in fitted)


@pytest.mark.real_data
def test_uep_with_mean_proxies_leaves_the_least(shared_data: Path) -> None:
    """The order of the paper's Table 6, on the validation part of ShanghaiTech A."""
    data_set = open_data_set(f"shanghaitech-a:{shared_data / 'ShanghaiTech'}", split="val")
    points = [data_set.heads(entry) for entry in data_set.entries]
    counts = [local_counts(heads, adaptive_sigma(heads), patch=8) for heads in points]
    uep, *others = (
        measure_method(method, counts, counts)
        for method in ("uep", "uniform-len", "uniform-num", "two-linear", "one-linear", "log")
    )
    for costs in (uep, *others):
        assert costs.mean_error < costs.midpoint_error
    assert 4 * uep.mean_error < min(costs.mean_error for costs in others)


def test_what_cannot_be_fitted_is_an_error() -> None:
    with pytest.raises(PartitionError, match="background"):
        measure_method("uep", [np.zeros((3, 3))], pictures(1))
