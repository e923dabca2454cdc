"""Findings as pictures: what is ringed where, and what stands side by side."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from jaxtyping import Bool, Float, UInt8
from PIL import Image, ImageColor

from uepnet.annotations.check.drawings import DOT, LONGEST_SIDE, RING, draw_finding
from uepnet.annotations.check.finding import Finding
from uepnet.annotations.check.subject import Reading, Subject
from uepnet.annotations.data_set import DataSet, Entry
from uepnet.points import HeadPoints

Read = Callable[[np.ndarray | None], Reading]
WIDTH, HEIGHT = 280, 140
SCALE = LONGEST_SIDE / WIDTH


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A grey picture with the given heads, or one that cannot be read."""

    def make(points: np.ndarray | None) -> Reading:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.png"
        if points is None:
            path.write_bytes(b"broken")
        else:
            Image.new("RGB", (WIDTH, HEIGHT), "gray").save(path)
        entry = Entry(path.name, path, None)
        data_set = DataSet("folder", tmp_path, "all", (entry,), None, lambda _: np.zeros((0, 2)))
        heads = None if points is None else HeadPoints(points, width=WIDTH, height=HEIGHT)
        return Reading(Subject(data_set, entry, "train"), heads)

    return make


def drawn(finding: Finding) -> UInt8[np.ndarray, "height width 3"]:
    picture = draw_finding(finding)
    assert picture is not None
    return np.asarray(picture)


def of_colour(picture: UInt8[np.ndarray, "height width 3"], colour: str) -> Bool[np.ndarray, "height width"]:
    found: Bool[np.ndarray, "height width"] = (picture == ImageColor.getrgb(colour)).all(axis=-1)
    return found


def middle(mask: Bool[np.ndarray, "height width"]) -> Float[np.ndarray, " xy"]:
    rows, columns = np.nonzero(mask)
    return np.array([(columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2])


def title_height(picture: UInt8[np.ndarray, "height width 3"]) -> int:
    """The first row of the grey picture."""
    return int(np.flatnonzero((picture == 128).all(axis=-1).sum(axis=1) > WIDTH)[0])


def test_every_point_has_a_dot_and_the_suspicious_one_a_ring(read: Read) -> None:
    points = np.array([[60.0, 50.0], [200.0, 90.0]])
    picture = drawn(Finding("duplicate-points", "two", (read(points),), points[1:]))
    below = picture[title_height(picture) :][: round(HEIGHT * SCALE)]
    assert middle(of_colour(below, RING)) == pytest.approx(points[1] * SCALE, abs=1.5)
    left = of_colour(below, DOT)[:, : WIDTH * round(SCALE) // 2]
    assert middle(left) == pytest.approx(points[0] * SCALE, abs=1.5)


def test_the_suspicious_point_is_shown_enlarged_below(read: Read) -> None:
    points = np.array([[60.0, 50.0], [200.0, 90.0], [201.0, 90.0]])
    with_view = drawn(Finding("near-duplicate-points", "two", (read(points),), points[1:]))
    without = drawn(Finding("unusual-count", "two", (read(points),)))
    assert with_view.shape[0] > without.shape[0] + 200
    assert of_colour(with_view[without.shape[0] :], RING).any()
    assert not of_colour(without, RING).any()


def test_a_point_far_outside_is_ringed_on_the_rim(read: Read) -> None:
    points = np.array([[60.0, 50.0], [9000.0, 70.0]])
    picture = drawn(Finding("points-outside", "one outside", (read(points),), points[1:]))
    assert picture.shape[1] > LONGEST_SIDE
    rows, columns = np.nonzero(of_colour(picture, RING))
    assert columns.min() > picture.shape[1] - 30
    assert abs(np.median(rows) - picture.shape[0] / 2) < 60


def test_repeated_pictures_stand_side_by_side_in_rows_of_two(read: Read) -> None:
    points = np.array([[60.0, 50.0]])
    pair = drawn(Finding("repeated-picture", "pair", (read(points), read(points))))
    four = drawn(Finding("repeated-picture", "four", tuple(read(points) for _ in range(6))))
    assert pair.shape[1] == four.shape[1] == LONGEST_SIDE + 6
    assert four.shape[0] - pair.shape[0] == pair.shape[0] - title_height(pair)
    assert of_colour(pair[:, : LONGEST_SIDE // 2], DOT).any()
    assert of_colour(pair[:, LONGEST_SIDE // 2 :], DOT).any()


def test_a_picture_that_cannot_be_read_is_left_out(read: Read) -> None:
    assert draw_finding(Finding("unreadable-picture", "broken", (read(None),))) is None
    assert draw_finding(Finding("unopened-data-set", "none")) is None
    assert draw_finding(Finding("repeated-picture", "one of two", (read(None), read(np.zeros((0, 2)))))) is not None


def test_a_long_message_is_wrapped(read: Read) -> None:
    heads = np.zeros((0, 2))
    short, long = (drawn(Finding("unusual-count", text, (read(heads),))) for text in ("word", "word " * 200))
    assert long.shape[0] > short.shape[0] + 60
    assert long.shape[1] == short.shape[1]
