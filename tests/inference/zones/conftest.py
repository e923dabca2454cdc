"""A counted picture with people in every patch, whose last patches hang over its edges."""

import numpy as np
import pytest

from uepnet.inference.result import CountResult


@pytest.fixture
def crowd() -> CountResult:
    """100 x 60 pixels: 8 rows of 13 patches."""
    count_map = np.random.default_rng(5).uniform(0, 2, (8, 13)).astype(np.float32)
    return CountResult(
        source="x.jpg",
        count=float(count_map.sum(dtype=np.float64)),
        low=None,
        high=None,
        coverage=None,
        zones=(),
        model="tiny",
        width=100,
        height=60,
        seconds=0.1,
        warnings=(),
        count_map=count_map,
        variance_map=count_map / 4,
        patch=8,
    )
