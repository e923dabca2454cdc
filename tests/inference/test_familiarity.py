"""The distance of a picture's features from what is familiar."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import mahalanobis

from uepnet.description import Familiar
from uepnet.errors import ModelFileError
from uepnet.inference.familiarity import strangeness

AXES = ((0.6, 0.8, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0))
FAMILIAR = Familiar(centre=(0.5, 0.5, 0.5, 0.5), axes=AXES, spreads=(0.2, 0.05), rest=0.1, limit=2.0)


@given(st.lists(st.floats(-100, 100, width=32), min_size=4, max_size=4))
def test_it_is_the_mahalanobis_distance_of_the_roots_direction(values: list[float]) -> None:
    features = np.array(values, dtype=np.float32)
    roots = np.sign(values) * np.sqrt(np.abs(np.array(values, dtype=np.float64)))
    unit = roots / max(float(np.linalg.norm(roots)), 1e-12)
    covariance = 0.1**2 * np.eye(4)
    for axis, spread in zip(np.array(AXES), (0.2, 0.05), strict=True):
        covariance += (spread**2 - 0.1**2) * np.outer(axis, axis)
    distance = mahalanobis(unit, np.array(FAMILIAR.centre), np.linalg.inv(covariance))
    assert strangeness(features, FAMILIAR) == pytest.approx(distance / np.sqrt(4) / 2.0, rel=1e-6, abs=1e-9)


def test_brightness_does_not_make_strange() -> None:
    features = np.array([1.0, 2.0, 0.5, 1.0], dtype=np.float32)
    assert strangeness(10 * features, FAMILIAR) == pytest.approx(strangeness(features, FAMILIAR), rel=1e-6)


@pytest.mark.parametrize(
    ("features", "told"),
    [([1.0, 2.0], "described by 4 features, but the model gives 2"), ([1.0, np.nan, 1.0, 1.0], "no finite numbers")],
)
def test_features_that_do_not_belong_to_it(features: list[float], told: str) -> None:
    with pytest.raises(ModelFileError, match=told):
        strangeness(np.array(features, dtype=np.float32), FAMILIAR)


@pytest.mark.parametrize(
    "wrong",
    [
        {"axes": ((1.0, 0.0),) * 2},
        {"axes": (AXES[0], AXES[0])},
        {"axes": ((0.5, 0.5, 0.0, 0.0), AXES[1])},
        {"spreads": (0.2,)},
        {"spreads": (0.2, 1e-200)},
        {"rest": 0.0},
        {"rest": 1e-200},
        {"rest": 1e200},
        {"limit": 1e-200},
        {"centre": (2.0, 0.0, 0.0, 0.0)},
    ],
)
def test_a_description_of_several_spaces_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Familiar.model_validate(FAMILIAR.model_dump() | wrong)
