"""Which pictures are told to be copies of each other, and which are not."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from jaxtyping import UInt8
from PIL import Image, ImageEnhance, ImageOps

from uepnet.annotations.check.copies import Copy, find_copies
from uepnet.annotations.check.fingerprint import Fingerprint, fingerprint
from uepnet.pictures import read_picture

Photograph = Callable[..., UInt8[np.ndarray, "height width 3"]]
WIDTH, HEIGHT = 600, 400


def as_fingerprint(picture: Image.Image) -> Fingerprint:
    return fingerprint(np.asarray(picture.convert("RGB")))


def stored(picture: Image.Image, *, quality: int) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, format="JPEG", quality=quality)
    return Image.open(file)


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "none": lambda picture: picture,
    "stored anew": lambda picture: stored(picture, quality=40),
    "a third of the size": lambda picture: picture.resize((WIDTH // 3, HEIGHT // 3)),
    "larger": lambda picture: picture.resize((2 * WIDTH, 2 * HEIGHT)),
    "stretched": lambda picture: picture.resize((WIDTH, WIDTH)),
    "grey": lambda picture: picture.convert("L"),
    "darker": lambda picture: ImageEnhance.Brightness(picture).enhance(0.7),
    "trimmed": lambda picture: picture.crop((6, 9, WIDTH - 11, HEIGHT - 4)),
    "trimmed by 3 percent all around": lambda picture: picture.crop((18, 12, WIDTH - 18, HEIGHT - 12)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_is_found_mirrored_or_not(photograph: Photograph, change: str) -> None:
    picture = Image.fromarray(photograph(11, width=WIDTH, height=HEIGHT))
    changed = CHANGES[change](picture)
    others = [as_fingerprint(Image.fromarray(photograph(seed))) for seed in (12, 13)]
    copies = find_copies([as_fingerprint(picture), *others, as_fingerprint(changed)])
    assert list(copies) == [Copy(0, 3, mirrored=False)]
    mirrored = find_copies([others[0], as_fingerprint(ImageOps.mirror(changed)), others[1], as_fingerprint(picture)])
    assert list(mirrored) == [Copy(1, 3, mirrored=True)]


def test_many_scenes_are_no_copies(photograph: Photograph) -> None:
    assert list(find_copies([as_fingerprint(Image.fromarray(photograph(seed))) for seed in range(60)])) == []


def test_more_pictures_than_are_looked_at_in_one_go(photograph: Photograph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uepnet.annotations.check.copies.ROWS", 3)
    monkeypatch.setattr("uepnet.annotations.check.copies.BATCH", 2)
    prints = [fingerprint(photograph(seed)) for seed in (1, 2, 3, 1, 4, 2, 1)]
    found = {(copy.first, copy.second) for copy in find_copies(prints)}
    assert found == {(0, 3), (0, 6), (3, 6), (1, 5)}


@pytest.mark.parametrize("shift", [0, 4])
def test_a_person_who_moved_makes_another_picture(photograph: Photograph, shift: int) -> None:
    """One camera, and at the second moment someone stands elsewhere; the camera may shake."""
    scene = photograph(21, width=WIDTH + shift, height=HEIGHT)
    first, second = scene[:, :WIDTH].copy(), scene[:, shift:].copy()
    second[200:280, 300:340] = photograph(99, width=WIDTH, height=HEIGHT)[200:280, 300:340]
    assert list(find_copies([fingerprint(first), fingerprint(second)])) == []


def test_frames_of_one_camera_are_not_laid_over_each_other(
    photograph: Photograph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands of frames make millions of pairs; what differs in them is no matter of the place."""

    def refuse(*_: object) -> None:
        raise AssertionError("these pictures lie as they should already")

    monkeypatch.setattr("uepnet.annotations.check.copies.align", refuse)
    frames = [photograph(22, width=WIDTH, height=HEIGHT) for _ in range(4)]
    for number, frame in enumerate(frames):
        place = (slice(150, 230), slice(100 * number, 100 * number + 80))
        frame[place] = 255 - frame[place]
    assert list(find_copies([fingerprint(frame) for frame in frames])) == []


def test_plain_pictures_are_never_copies() -> None:
    fog = np.random.default_rng(0).integers(118, 124, (80, 120, 3)).astype(np.uint8)
    assert list(find_copies([fingerprint(fog), fingerprint(fog), fingerprint(np.full_like(fog, 120))])) == []


def test_no_pictures_have_no_copies() -> None:
    assert list(find_copies([])) == []


A = "ShanghaiTech/part_A_final/train_data/images/IMG_{}.jpg"


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("first", "second", "copies"),
    [
        (A.format(21), "UCF_CC_50/16.jpg", True),  # trimmed and in grey
        (A.format(118), "UCF_CC_50/41.jpg", True),
        ("UCF_CC_50/41.jpg", "UCF_CC_50/46.jpg", True),
        ("SCUT-HEAD/JPEGImages/PartA_00900.jpg", "SCUT-HEAD/JPEGImages/PartA_01150.jpg", False),  # one empty room
        ("Beijing-BRT/train/frame/2-20170419100419.jpg", "Beijing-BRT/train/frame/2-20170419103611.jpg", False),
    ],
)
def test_copies_among_real_pictures(shared_data: Path, first: str, second: str, copies: bool) -> None:
    prints = [fingerprint(read_picture(shared_data / name)) for name in (first, second)]
    assert bool(list(find_copies(prints))) == copies
