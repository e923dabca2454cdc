"""The figures of a set of pictures, and of its groups."""

import numpy as np
import pytest

from uepnet.evaluation import metrics
from uepnet.evaluation.bootstrap import mae_interval
from uepnet.evaluation.figures import all_figures, group_figures
from uepnet.evaluation.strata import stratify

TRUTH = np.array([10, 20, 300, 4000])
COUNTS = np.array([12.0, 17.0, 280.0, 4100.0])


def test_all_figures_are_those_of_the_single_measures() -> None:
    figures = all_figures(TRUTH, COUNTS, generator=np.random.default_rng(4))
    interval = mae_interval(TRUTH, COUNTS, generator=np.random.default_rng(4))
    assert (figures.mae, figures.rmse) == (metrics.mae(TRUTH, COUNTS), metrics.rmse(TRUTH, COUNTS))
    assert (figures.nae, figures.bias) == (metrics.nae(TRUTH, COUNTS), metrics.bias(TRUTH, COUNTS))
    assert (figures.mae_low, figures.mae_high) == (interval.low, interval.high)
    assert figures.strata == stratify(TRUTH, COUNTS)
    assert {name: stratum["images"] for name, stratum in figures.as_json()["strata"].items()} == {
        "0": 0,
        "1-50": 2,
        "51-200": 0,
        "201-1000": 1,
        ">1000": 1,
    }


def test_groups_of_unequal_size_weigh_the_same_in_their_mean() -> None:
    grouping = group_figures(TRUTH, COUNTS, ["b", "a", "b", "b"], by="scene")
    assert [(group.name, group.images, group.mae) for group in grouping.groups] == [
        ("a", 1, 3.0),
        ("b", 3, pytest.approx(122 / 3)),
    ]
    assert grouping.mae == pytest.approx((3 + 122 / 3) / 2)
    assert grouping.rmse == pytest.approx((3 + ((4 + 400 + 10_000) / 3) ** 0.5) / 2)
    assert grouping.as_json()["by"] == "scene"
