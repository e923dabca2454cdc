"""Changes that leave everybody in the picture."""

import numpy as np
import pytest

from uepnet.laboratory.robustness.changes import CHANGES, median_spacing, relative_change
from uepnet.points import HeadPoints

BY_NAME = {change.name: change for change in CHANGES}
PICTURE = np.random.default_rng(0).integers(0, 256, (40, 60, 3)).astype(np.uint8)


def test_the_limits_are_the_projects() -> None:
    limits = {name: change.limit for name, change in BY_NAME.items()}
    tenth = dict.fromkeys(("jpeg-30", "gamma-0.5", "gamma-2", "greyscale", "blur-1"), 0.10)
    sizes = {"size-0.75": 0.15, "size-1.5": 0.15, "size-0.5": 0.25, "size-2": 0.25}
    assert limits == {**tenth, **sizes, "mirror": 0.03}


@pytest.mark.parametrize("name", BY_NAME)
def test_every_change_changes_the_pixels_and_keeps_the_size_it_should(name: str) -> None:
    changed = BY_NAME[name](PICTURE)
    factor = float(name.removeprefix("size-")) if name.startswith("size-") else 1.0
    assert changed.shape == (round(40 * factor), round(60 * factor), 3)
    assert changed.dtype == np.uint8
    assert changed.shape != PICTURE.shape or (changed != PICTURE).any()


def test_simple_changes_are_what_they_say() -> None:
    np.testing.assert_array_equal(BY_NAME["mirror"](PICTURE), PICTURE[:, ::-1])
    np.testing.assert_array_equal(BY_NAME["gamma-2"](PICTURE), np.rint(255 * (PICTURE / 255.0) ** 2))
    grey = BY_NAME["greyscale"](PICTURE).astype(int)
    assert (np.ptp(grey, axis=2) == 0).all()
    assert np.abs(grey[..., 0] - PICTURE @ np.array([0.299, 0.587, 0.114])).max() <= 1
    dot = np.zeros((21, 21, 3), dtype=np.uint8)
    dot[10, 10] = 255
    ring = BY_NAME["blur-1"](dot)[..., 0].astype(float)
    assert ring[10, 10] == pytest.approx(255 / (2 * np.pi), rel=0.15)


def heads(spacing: float, number: int = 5) -> HeadPoints:
    return HeadPoints(np.array([[10 + spacing * n, 20.0] for n in range(number)]), width=200, height=100)


@pytest.mark.parametrize(("spacing", "half", "twice"), [(3.0, False, False), (5.0, False, True), (17.0, True, True)])
def test_sizes_far_off_are_measured_where_heads_stay_apart(spacing: float, half: bool, twice: bool) -> None:
    assert median_spacing(heads(spacing)) == pytest.approx(spacing)
    assert BY_NAME["size-0.5"].applies_to(heads(spacing)) == half
    assert BY_NAME["size-2"].applies_to(heads(spacing)) == twice
    assert BY_NAME["size-0.75"].applies_to(heads(spacing))


def test_one_person_is_far_from_everybody() -> None:
    assert median_spacing(heads(3.0, number=1)) == np.inf


def test_small_counts_are_measured_against_five_people() -> None:
    assert relative_change(200.0, 150.0) == 0.25
    assert relative_change(0.1, 0.6) == pytest.approx(0.1)
