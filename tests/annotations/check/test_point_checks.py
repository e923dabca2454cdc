"""Findings from the points of one picture, and the pairs against a loop over all of them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from jaxtyping import Float

from uepnet.annotations.check.finding import Finding
from uepnet.annotations.check.point_checks import check_points, close_pairs, distance_outside
from uepnet.annotations.check.subject import Reading, Subject
from uepnet.annotations.data_set import DataSet, Entry
from uepnet.points import HeadPoints

WIDTH, HEIGHT = 240, 160


def findings(points: Float[np.ndarray, "heads 2"]) -> list[Finding]:
    entry = Entry("gate.jpg", Path("gate.jpg"), Path("gate.txt"))
    data_set = DataSet("folder", Path(), "all", (entry,), None, lambda _: points)
    heads = HeadPoints(points, width=WIDTH, height=HEIGHT)
    return list(check_points(Reading(Subject(data_set, entry, "train"), heads)))


def test_heads_well_apart_are_in_order(heads: Float[np.ndarray, "heads 2"]) -> None:
    assert findings(heads) == []
    assert findings(heads[:1]) == []
    assert findings(heads[:0]) == []


def test_points_outside_are_named_with_the_farthest(heads: Float[np.ndarray, "heads 2"]) -> None:
    outside = np.array([[-3.0, 10.0], [250.0, 170.5]])
    (finding,) = findings(np.concatenate([heads, outside]))
    assert finding.kind == "points-outside"
    assert finding.points.tolist() == outside.tolist()
    assert finding.message.startswith("folder/gate.jpg: 2 of ")
    assert finding.message.endswith("outside 240 x 160 pixels, the farthest by 10.5")


@given(arrays.arrays(np.float64, (7, 2), elements=st.floats(-500, 500)))
def test_the_distance_outside_is_along_the_worse_axis(xy: Float[np.ndarray, "7 2"]) -> None:
    expected = [max(0, -x, x - WIDTH, -y, y - HEIGHT) for x, y in xy]
    assert distance_outside(HeadPoints(xy, width=WIDTH, height=HEIGHT)).tolist() == expected


def test_doubled_points_are_counted_beyond_the_first(heads: Float[np.ndarray, "heads 2"]) -> None:
    (finding,) = findings(np.concatenate([heads, heads[3:5], heads[3:4]]))
    assert finding.kind == "duplicate-points"
    assert sorted(finding.points.tolist()) == sorted(heads[3:5].tolist())
    assert f": 3 of {len(heads) + 3} points" in finding.message


@pytest.mark.parametrize(
    ("apart", "close"), [(0.9, True), (2.9, True), (3.1, False)], ids=["under a pixel", "under 3", "over 3"]
)
def test_points_close_for_their_surroundings_are_suspected(
    heads: Float[np.ndarray, "heads 2"], apart: float, close: bool
) -> None:
    found = findings(np.concatenate([heads, heads[:1] + (apart, 0.0)]))
    assert [finding.kind for finding in found] == ["near-duplicate-points"] * close
    if close:
        assert found[0].points.shape == (2, 2)
        assert f"1 pair among {len(heads) + 1} points" in found[0].message
        assert f"{apart:.2f} pixels apart" in found[0].message


def test_points_as_close_in_a_dense_crowd_are_not() -> None:
    columns, rows = np.meshgrid(np.arange(0.5, 60, 6), np.arange(0.5, 60, 6))
    crowd = np.stack([columns.ravel(), rows.ravel()], axis=1)
    assert findings(np.concatenate([crowd, crowd[:1] + (2.9, 0.0)])) == []
    assert [f.kind for f in findings(np.concatenate([crowd, crowd[:1] + (0.9, 0.0)]))] == ["near-duplicate-points"]


def close_pairs_by_hand(spots: np.ndarray) -> set[tuple[int, int]]:
    distances = np.linalg.norm(spots[:, None] - spots[None], axis=2)
    spacing = [np.median(np.sort(row)[2:6]) if len(spots) > 2 else 0.0 for row in distances]
    return {
        (a, b)
        for a in range(len(spots))
        for b in range(a + 1, len(spots))
        if distances[a, b] < 1 or (distances[a, b] <= 3 and distances[a, b] < 0.15 * min(spacing[a], spacing[b]))
    }


def test_the_denser_side_of_a_pair_counts() -> None:
    """Four heads 18.5 pixels from one point and 21.4 from the other: 2.9 pixels are 0.157 and 0.136 of that."""
    angles = np.pi + np.array([-0.3, -0.1, 0.1, 0.3])
    crowd = 18.5 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    pair = np.array([[0.0, 0.0], [2.9, 0.0]])
    assert len(close_pairs(np.concatenate([pair, crowd]))) == 0
    assert close_pairs(np.concatenate([pair, crowd - (3.0, 0.0)])).tolist() == [[0, 1]]


@given(st.integers(0, 10_000), st.integers(0, 40), st.floats(2, 300))
def test_close_pairs_are_those_of_a_loop(seed: int, number: int, extent: float) -> None:
    random = np.random.default_rng(seed)
    crowd = random.uniform(0, extent, (number, 2))
    spots = np.concatenate([crowd, crowd[::3] + random.normal(0, 1.5, crowd[::3].shape)])
    assert {tuple(sorted(pair)) for pair in close_pairs(spots).tolist()} == close_pairs_by_hand(spots)


def test_positions_in_parts_of_the_sides_are_implausible() -> None:
    """The usual mistake of another tool's export: everything lies within the first pixel."""
    found = findings(np.random.default_rng(0).uniform(0, 1, (30, 2)))
    assert "implausible-density" in {finding.kind for finding in found}
    assert "half of the 30 heads are within 0." in found[-1].message


def test_a_few_doubled_heads_do_not_condemn_the_rest(heads: Float[np.ndarray, "heads 2"]) -> None:
    assert [finding.kind for finding in findings(np.repeat(heads[:4], 2, axis=0))] == ["duplicate-points"]
    assert [f.kind for f in findings(np.repeat(heads[:5], 2, axis=0))] == ["duplicate-points", "implausible-density"]


def test_more_heads_than_the_picture_has_room_for() -> None:
    columns, rows = np.meshgrid(np.arange(0.5, WIDTH, 2), np.arange(0.5, HEIGHT, 2))
    (finding,) = findings(np.stack([columns.ravel(), rows.ravel()], axis=1))
    assert finding.kind == "implausible-density"
    assert "250,000 heads per megapixel, where 111,111 have 3 x 3 pixels each" in finding.message
