"""The plane found from points is the one that the points were made with, and areas on it are exact."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import least_squares

from uepnet.inference.zones.ground import HEAD_METRES, fit_ground
from uepnet.inference.zones.region import region_of
from uepnet.scenes.camera import Camera

WIDTH, HEIGHT = 1024, 768
CORNERS = np.array([[0.0, 0.0], [12.0, 0.0], [12.0, 20.0], [0.0, 20.0]])


def seen(metres: np.ndarray, *, height: float = 6.0, tilt: float = 0.5, focal: float = 900.0) -> np.ndarray:
    """Where a pinhole camera above the origin, looking along the second axis and down, sees points of the ground."""
    x, y = metres[:, 0] - 6.0, metres[:, 1] + 4.0
    depth = y * np.cos(tilt) + height * np.sin(tilt)
    down = height * np.cos(tilt) - y * np.sin(tilt)
    return np.column_stack((WIDTH / 2 + focal * x / depth, HEIGHT / 2 + focal * down / depth))


points = st.lists(st.tuples(st.floats(-3, 15), st.floats(0, 40)), min_size=1, max_size=9).map(np.array)


@given(points, st.floats(3, 20), st.floats(0.2, 1.0))
def test_four_points_give_back_every_other_point(others: np.ndarray, height: float, tilt: float) -> None:
    plane = fit_ground(seen(CORNERS, height=height, tilt=tilt), CORNERS)
    assert np.allclose(plane.metres(seen(others, height=height, tilt=tilt)), others, atol=1e-6)


def test_the_area_is_that_of_the_polygon_on_the_ground() -> None:
    """A quadrilateral with a rectangle cut out of it, both drawn on the ground and seen by the camera."""
    outline = np.array([[4.0, 3.0], [9.0, 4.0], [9.0, 18.0], [3.0, 15.0]])
    hole = np.array([[5.0, 5.0], [8.0, 5.0], [8.0, 9.0], [5.0, 9.0]])
    x, y = outline.T
    by_hand = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2 - 12.0
    include, exclude = (tuple(map(tuple, seen(corners))) for corners in (outline, hole))
    region = region_of([include], [exclude], width=WIDTH, height=HEIGHT)
    assert fit_ground(seen(CORNERS), CORNERS).area(region) == pytest.approx(by_hand, rel=1e-9)


def test_the_area_is_the_integral_of_the_jacobian() -> None:
    """Another way to the same area: square metres of each of many small squares of the picture."""
    plane = fit_ground(seen(CORNERS), CORNERS)
    region = region_of(
        [((300.0, 400.0), (700.0, 400.0), (900.0, 700.0), (200.0, 700.0))], [], width=WIDTH, height=HEIGHT
    )
    step = 2.0
    x, y = np.meshgrid(np.arange(0, WIDTH, step) + step / 2, np.arange(0, HEIGHT, step) + step / 2)
    inside = (y > 400) & (y < 700) & (x > 300 - (y - 400) / 3) & (x < 700 + (y - 400) * 2 / 3)
    at = np.column_stack((x[inside], y[inside]))
    across = (plane.metres(at + (0.5, 0)) - plane.metres(at - (0.5, 0))).T
    down = (plane.metres(at + (0, 0.5)) - plane.metres(at - (0, 0.5))).T
    integral = np.abs(across[0] * down[1] - across[1] * down[0]).sum() * step**2
    assert plane.area(region) == pytest.approx(integral, rel=2e-3)


def test_a_scaled_picture_shows_the_same_metres() -> None:
    plane = fit_ground(seen(CORNERS) / (WIDTH, HEIGHT), CORNERS).scaled(WIDTH, HEIGHT)
    assert np.allclose(plane.metres(seen(CORNERS)), CORNERS)


def test_more_points_give_the_least_squared_distances_in_metres() -> None:
    rng = np.random.default_rng(3)
    metres = np.vstack((CORNERS, rng.uniform((0, 0), (12, 20), (8, 2))))
    picture = seen(metres)
    measured = metres + rng.normal(0, 0.2, metres.shape)
    plane = fit_ground(picture, measured)

    def missing(numbers: np.ndarray) -> np.ndarray:
        matrix = np.append(numbers, 1.0).reshape(3, 3)
        mapped = np.column_stack((picture / 1000, np.ones(len(picture)))) @ matrix.T
        return (mapped[:, :2] / mapped[:, 2:] - measured).ravel()

    start = plane.scaled(1e-3, 1e-3).matrix
    found = least_squares(missing, (start / start[2, 2]).ravel()[:8], xtol=1e-14, ftol=1e-14, gtol=1e-14)
    ours = ((plane.metres(picture) - measured) ** 2).sum()
    assert ours == pytest.approx(2 * found.cost, rel=1e-6)
    assert ours < ((fit_ground(picture[:4], measured[:4]).metres(picture) - measured) ** 2).sum()


def test_at_the_height_of_heads_the_same_polygon_cuts_out_less() -> None:
    """Checked on heads themselves: the picture of a square at 1.6 m, taken for the ground by the plane."""
    outline = np.array([[2.0, 3.0], [8.0, 3.0], [8.0, 12.0], [2.0, 12.0]])
    height = 6.0
    include = tuple(map(tuple, seen(outline, height=height - HEAD_METRES)))
    region = region_of([include], [], width=WIDTH, height=HEIGHT)
    picture = seen(CORNERS, height=height)
    assert fit_ground(picture, CORNERS, camera_height=height).area(region) == pytest.approx(54.0)
    assert fit_ground(picture, CORNERS).area(region) > 90.0


def test_it_agrees_with_the_camera_of_the_drawn_scenes() -> None:
    """Which knows where on the plane of the heads somebody stands."""
    camera = Camera(width=1024, height=768, horizon=170.0, slope=0.058, top=335.0, bottom=768.0, foreshortening=0.9)
    columns, rows = np.array([100.0, 900.0, 700.0, 300.0, 512.0]), np.array([700.0, 720.0, 380.0, 400.0, 550.0])
    metres = np.column_stack(camera.ground(columns, rows))
    plane = fit_ground(np.column_stack((columns, rows))[:4], metres[:4])
    assert np.allclose(plane.metres(np.column_stack((columns, rows))), metres, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda picture, metres: (picture[:3], metres[:3]), "at least 4 points, these are 3"),
        (
            lambda picture, metres: (picture, np.vstack((metres[:2], [[6.0, 0.0]], metres[3:]))),
            "3 of the 4 ground points lie on one line in metres",
        ),
        (
            lambda picture, metres: (np.vstack((picture[:2], [picture[:2].mean(axis=0) + 1], picture[3:])), metres),
            "3 of the 4 ground points lie on one line in the picture",
        ),
        (lambda picture, metres: (picture[[0, 2, 1, 3]], metres), "two of them are exchanged"),
        (lambda picture, metres: (np.tile(picture[:1], (4, 1)), metres), "within 0 in the picture"),
    ],
)
def test_points_that_leave_the_plane_open_are_refused(change, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        fit_ground(*change(seen(CORNERS), CORNERS))


def test_a_mistaken_point_among_many_is_named() -> None:
    metres = np.vstack((CORNERS, [[6.0, 10.0], [3.0, 4.0], [9.0, 15.0]]))
    wrong = metres.copy()
    wrong[5] += (0.0, 9.0)
    with pytest.raises(ValueError, match=r"ground point \d is .* m away from where the others put it"):
        fit_ground(seen(metres), wrong)


def test_beyond_the_horizon_there_are_no_metres() -> None:
    plane = fit_ground(seen(CORNERS), CORNERS)
    sky = region_of([((0.0, 0.0), (1024.0, 0.0), (512.0, 700.0))], [], width=WIDTH, height=HEIGHT)
    lifted = fit_ground(seen(CORNERS, tilt=0.1), CORNERS)
    assert plane.area(region_of([], [((0.0, 0.0), (1024.0, 0.0), (1024.0, 400.0), (0.0, 400.0))],
                                width=WIDTH, height=HEIGHT)) > 0  # fmt: skip
    with pytest.raises(ValueError, match="beyond the horizon"):
        lifted.area(sky)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("size", [1e-200, 1e-3])
def test_points_of_no_extent_are_refused_without_a_warning(size: float) -> None:
    with pytest.raises(ValueError, match=r"in metres, at least 0\.1 is needed"):
        fit_ground(seen(CORNERS), CORNERS * size)
    with pytest.raises(ValueError, match=r"in the picture, at least 0\.001 is needed"):
        fit_ground(CORNERS * size / 100, CORNERS)
