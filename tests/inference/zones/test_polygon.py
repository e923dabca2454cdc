"""A polygon has an inside, or is refused with what is wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.inference.zones.polygon import checked, edges_of, first_crossing

SQUARE = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0))


def test_a_good_polygon_stays_as_it_is_without_a_repeated_last_corner() -> None:
    assert checked(SQUARE) == SQUARE
    assert checked((*SQUARE, SQUARE[0])) == SQUARE


@pytest.mark.parametrize(
    ("corners", "said"),
    [
        ((), "at least 3 different corners, this one has 0"),
        (((0.0, 0.0), (1.0, 1.0), (0.0, 0.0)), "at least 3 different corners, this one has 2"),
        (((0.0, 0.0), (1.0, 2.0), (2.0, 4.0)), "on one line"),
        (((1e5, 1e5), (1e5 + 3, 1e5 + 2), (1e5 + 6, 1e5 + 4), (1e5 + 9, 1e5 + 6)), "on one line"),
        (
            ((0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)),
            r"side from \(0, 0\) to \(4, 4\) crosses its side from \(4, 0\) to \(0, 4\)",
        ),
    ],
)
def test_what_has_no_clear_inside_is_refused(corners: tuple[tuple[float, float], ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        checked(corners)


@pytest.mark.parametrize(
    "corners",
    [
        (*SQUARE, *SQUARE[:3]),
        SQUARE * 2,
        SQUARE[::-1] * 2,
        (*SQUARE, SQUARE[0], (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)),
        (*SQUARE, SQUARE[0], (2.0, 1.0), (2.0, 2.0), (1.0, 2.0)),
    ],
)
def test_what_goes_around_twice_is_refused(corners: tuple[tuple[float, float], ...]) -> None:
    """Its inside by an odd number of sides would leave out what it goes around twice."""
    assert first_crossing(edges_of(corners)) is None
    with pytest.raises(ValueError, match="more than once around"):
        checked(corners)


def test_outlines_may_touch_themselves() -> None:
    """Two squares that share a corner, and a ring cut open: drawn by many tools so."""
    two = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0), (2.0, 2.0), (0.0, 2.0))
    ring = (*SQUARE, SQUARE[0], (1.0, 1.0), (1.0, 3.0), (3.0, 3.0), (3.0, 1.0), (1.0, 1.0))
    assert checked(two) == two
    assert checked(ring) == ring


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=4, max_size=7, unique=True))
def test_crossings_are_those_of_a_plain_loop(corners: list[tuple[int, int]]) -> None:
    def turn(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    sides = list(zip(corners, corners[1:] + corners[:1], strict=True))
    crossing = [
        (i, j)
        for i, (a, b) in enumerate(sides)
        for j, (c, d) in enumerate(sides[:])
        if i < j and turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0
    ]
    found = first_crossing(edges_of(tuple((float(x), float(y)) for x, y in corners)))
    assert found == (min(crossing) if crossing else None)


def test_the_last_side_leads_back() -> None:
    assert np.array_equal(edges_of(SQUARE)[-1], [0.0, 4.0, 0.0, 0.0])
