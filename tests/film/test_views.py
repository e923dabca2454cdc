"""What a camera shows: people who come and go are the same view; another place, darkness, a cloth and a still are not."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PIL import Image, ImageFilter

from uepnet.film.views import FROZEN_SECONDS, View, ViewWatch

Frames = Callable[..., list[np.ndarray]]
Pixels = np.ndarray


def states(frames: Sequence[Pixels], *, fixed: bool = False) -> list[View]:
    watch = ViewWatch(fixed=fixed)
    return [watch.look(frame, float(at)) for at, frame in enumerate(frames)]


def names(views: Sequence[View]) -> list[str]:
    return [view.state for view in views]


@pytest.mark.parametrize("seed", [5, 23])
def test_people_who_come_and_go_are_the_same_view(crowd_frames: Frames, seed: int) -> None:
    frames = crowd_frames([40, 40, 60, 60, 80, 80, 40, 20], seed=seed)
    assert names(states(frames)) == ["ok"] * 8


@pytest.mark.parametrize("light", [0.6, 1.5])
def test_other_light_is_the_same_view(crowd_frames: Frames, light: float) -> None:
    frames = crowd_frames([60] * 6)
    changed = [np.clip(frame * light, 0, 255).astype(np.uint8) for frame in frames[3:]]
    assert names(states([*frames[:3], *changed])) == ["ok"] * 6


@pytest.mark.parametrize("seed", [9, 23])
def test_a_cut_begins_a_scene(crowd_frames: Frames, seed: int) -> None:
    first = crowd_frames([60] * 4, seed=seed)
    second = crowd_frames([60] * 4, seed=seed + 1)
    views = states([*first, *second])
    assert names(views) == ["ok"] * 4 + ["moved"] + ["ok"] * 3
    assert [view.scene for view in views] == [1] * 4 + [2] * 4
    assert all(view.counted for view in views)


@pytest.mark.parametrize("shift", [(0, 24), (18, 0), (-24, 36)])
def test_a_camera_that_was_turned_has_moved(crowd_frames: Frames, shift: tuple[int, int]) -> None:
    """Of 192 x 144 pixels: an eighth of the picture is enough. With zones, nothing is counted until it is back."""
    frames = crowd_frames([60] * 12)
    turned = [np.roll(frame, shift, axis=(0, 1)) for frame in frames[6:9]]
    views = states([*frames[:6], *turned, *frames[9:]], fixed=True)
    assert names(views) == ["ok"] * 6 + ["moved"] * 3 + ["ok"] * 3
    assert [view.counted for view in views] == [True] * 6 + [False] * 3 + [True] * 3
    assert {view.scene for view in views} == {1}


def test_a_broken_first_picture_is_not_what_a_fixed_camera_shows(crowd_frames: Frames) -> None:
    broken = np.random.default_rng(0).integers(0, 256, (144, 192, 3), dtype=np.uint8)
    assert names(states([broken, *crowd_frames([60] * 4)], fixed=True)) == ["ok", "moved", "ok", "ok", "ok"]


def test_another_size_is_another_view(crowd_frames: Frames) -> None:
    small, large = (crowd_frames([60] * 3, height=height) for height in (144, 80))
    assert names(states([*small, *large])) == ["ok"] * 3 + ["moved"] + ["ok"] * 2


def test_darkness_is_told_and_the_view_known_afterwards(crowd_frames: Frames) -> None:
    frames = crowd_frames([60] * 9)
    dark = [(frame * 0.04).astype(np.uint8) for frame in frames[3:6]]
    views = states([*frames[:3], *dark, *frames[6:]])
    assert names(views) == ["ok"] * 3 + ["dark"] * 3 + ["ok"] * 3
    assert {view.scene for view in views} == {1}


@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_a_cloth_over_the_lens(crowd_frames: Frames, noise: float) -> None:
    frames = crowd_frames([60] * 4)
    cloth = np.tile(np.linspace(40, 150, 192)[None, :, None], (144, 1, 3))
    cloth = np.clip(cloth + np.random.default_rng(0).normal(0, noise, cloth.shape), 0, 255).astype(np.uint8)
    views = states([*frames[:2], cloth, *frames[2:]])
    assert names(views) == ["ok", "ok", "covered", "ok", "ok"]
    assert not views[2].counted


def test_a_blurred_picture_is_not_covered(crowd_frames: Frames) -> None:
    (frame,) = crowd_frames([60])
    blurred = np.asarray(Image.fromarray(frame).filter(ImageFilter.GaussianBlur(3)))
    assert names(states([blurred])) == ["ok"]


def test_a_picture_that_stands_is_frozen_even_with_a_clock_in_it(crowd_frames: Frames) -> None:
    (frame,) = crowd_frames([60])
    stills = []
    for second in range(30):
        stills.append(frame.copy())
        stills[-1][4:10, 4:24] = 8 * second
    found = names(states(stills))
    assert found[: int(FROZEN_SECONDS)] == ["ok"] * int(FROZEN_SECONDS)
    assert set(found[int(FROZEN_SECONDS) :]) == {"frozen"}
    alive = crowd_frames([60] * 30)
    assert names(states(alive)) == ["ok"] * 30
