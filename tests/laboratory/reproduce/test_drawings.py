"""The drawings of the method."""

from pathlib import Path

import numpy as np
from PIL import Image

from uepnet.counting.local_counts import local_counts
from uepnet.counting.sigma import sigma_of
from uepnet.laboratory.reproduce.drawings import draw_all
from uepnet.laboratory.reproduce.inconsistencies import PATCH, moved_counts, same_count
from uepnet.scenes.example import draw_example


def test_every_drawing_has_something_on_it(tmp_path: Path) -> None:
    for path in draw_all(tmp_path):
        with Image.open(path) as picture:
            assert np.asarray(picture.convert("L")).std() > 10


def test_the_two_patches_hold_the_same_people_at_different_distances() -> None:
    heads = draw_example().heads
    counts = local_counts(heads, sigma_of(heads, fixed=None), patch=PATCH)
    far, near = same_count(counts)
    assert far[0] < near[0]
    assert abs(counts[far] - counts[near]) < 0.05


def test_labels_that_move_leave_the_total() -> None:
    heads = draw_example().heads
    assert np.isclose(moved_counts(heads, by=4.0, seed=0).sum(), len(heads))
