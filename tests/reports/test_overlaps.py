"""Copies and overlapping views are found, pictures of other places are not, and the work stays bounded."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.material import unchecked
from uepnet.inference.likeness import CANVAS, LEAST_SHARED, best_fit, sketch, spectra
from uepnet.reports.overlaps import BEFORE, SAME_PLACE, SeenPictures, sentences
from uepnet.scenes.render import draw_scene


@pytest.fixture(scope="module")
def scenes() -> list[np.ndarray]:
    """Five drawn crowds of different places."""
    with unchecked():
        return [draw_scene(seed=seed, width=320, height=240, heads=40).pixels for seed in range(5)]


def views(
    pixels: np.ndarray, *, shared: float, turned: float = 0.0, light: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """The left and the right part of a picture; `shared` is what they have in common, the second turned and brighter."""
    width = pixels.shape[1]
    view = round(width / (2 - shared))
    right = (
        Image.fromarray(pixels)
        .rotate(turned, Image.Resampling.BILINEAR)
        .crop((width - view, 0, width, pixels.shape[0]))
    )
    return pixels[:, :view], np.clip(np.asarray(right, dtype=np.float32) * light, 0, 255).astype(np.uint8)


def likeness(first: np.ndarray, second: np.ndarray) -> float:
    return best_fit(spectra(sketch(first)), spectra(sketch(second))).likeness


def test_the_best_fit_is_that_of_the_literal_search() -> None:
    rng = np.random.default_rng(0)
    first, second = (rng.integers(-127, 128, shape, dtype=np.int8) for shape in ((20, 30), (24, 18)))
    second[2:18, :15] = first[4:20, 12:27]
    found = best_fit(spectra(first), spectra(second))
    best = (-1.0, 0.0)
    for down, right in itertools.product(range(-23, 20), range(-17, 30)):
        rows = slice(max(0, down), min(20, 24 + down)), slice(max(0, -down), min(24, 20 - down))
        columns = slice(max(0, right), min(30, 18 + right)), slice(max(0, -right), min(18, 30 - right))
        a = first[rows[0], columns[0]].astype(float)
        b = second[rows[1], columns[1]].astype(float)
        if a.size >= LEAST_SHARED * min(first.size, second.size):
            best = max(
                best, ((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()), a.size / min(first.size, second.size))
            )
    assert (found.likeness, found.shared) == pytest.approx(best, abs=1e-4)
    assert max(first.shape + second.shape) <= CANVAS // 2


@pytest.mark.parametrize("shared", [0.9, 0.7, 0.5])
def test_overlapping_views_are_found_in_other_light_and_slightly_turned(
    scenes: list[np.ndarray], shared: float
) -> None:
    for scene in scenes[:3]:
        assert likeness(*views(scene, shared=shared, turned=1.5, light=0.7)) > SAME_PLACE + 0.05


def test_other_places_are_not(scenes: list[np.ndarray]) -> None:
    for first, second in itertools.combinations(scenes, 2):
        assert likeness(first, second) < SAME_PLACE


def test_nothing_is_seen_in_plain_pictures() -> None:
    plain = [np.full((80, 120, 3), level, dtype=np.uint8) for level in (0, 128, 129, 255)]
    seen = SeenPictures()
    for place, pixels in enumerate(plain):
        seen.add(str(place), pixels)
    assert seen.overlaps() == ()


def test_groups_are_named_once_and_copies_are_told_from_views(scenes: list[np.ndarray]) -> None:
    seen = SeenPictures()
    left, right = views(scenes[0], shared=0.8)
    for name, pixels in (("a", left), ("b", scenes[1]), ("c", right), ("d\n", scenes[2]), ("e", scenes[2])):
        seen.add(name, pixels)
    said = sentences(seen)
    assert [sentence.partition(":")[0] for sentence in said] == ["a, c", "d\\n, e"]
    assert "overlap" in said[0]
    assert "the same picture several times" in said[1]


def test_a_copy_far_apart_in_the_list_is_found(scenes: list[np.ndarray]) -> None:
    seen = SeenPictures()
    for place, pixels in enumerate([*scenes, scenes[0]]):
        seen.add(f"{place}.jpg", pixels)
    assert len(scenes) > BEFORE
    assert [(overlap.first, overlap.second, overlap.copy) for overlap in seen.overlaps()] == [(0, 5, True)]


def test_one_or_no_picture_overlaps_with_none(scenes: list[np.ndarray]) -> None:
    seen = SeenPictures()
    assert sentences(seen) == ()
    seen.add("a", scenes[0])
    assert sentences(seen) == ()


@pytest.mark.real_data
def test_street_scenes_of_other_places_do_not_overlap_and_one_place_does(shared_data: Path) -> None:
    folder = next(shared_data.glob("ShanghaiTech/part_B*")) / "train_data" / "images"
    numbers = [*range(200, 231, 10), 320]
    made = [spectra(sketch(np.asarray(Image.open(folder / f"IMG_{number}.jpg").convert("RGB")))) for number in numbers]
    found = {
        (numbers[one], numbers[other])
        for one, other in itertools.combinations(range(len(numbers)), 2)
        if best_fit(made[one], made[other]).likeness >= SAME_PLACE
    }
    assert found == {(210, 320)}  # one square, minutes apart
