"""The ground as the camera sees it: from points whose place in metres is known to the area of what a zone shows.

A plane seen by a camera without lens distortion is a homography of the picture (Hartley and Zisserman 2004, chapter 4).
Straight lines stay straight under it, so a trapezoid of the picture is a quadrilateral on the ground: areas are exact.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from uepnet.inference.zones.region import Region

HEAD_METRES = 1.6
"""Height of a head above the ground."""
NEAREST_HORIZON = 1e-3
"""Ground this many times farther (its inverse) than the points measured is too near the horizon to be measured."""
FLATTEST = 0.005
"""Width to length of a set of points below which it is a line: 5 pixels of 1000, as well as one can point."""
UNDECIDED = 1e-6
"""Second smallest to largest singular value of the equations for the plane, below which they have more solutions."""
SMALLEST_EXTENT = 0.1
"""Metres along the longer axis that points must at least be apart; less is a mistake of units."""
SMALLEST_EXTENT_SEEN = 1e-3
"""In the picture, in its own units: a pixel of a thousand where they are fractions."""
SMALLEST_AREA, LARGEST_AREA = 0.01, 1e9
"""Square metres of a zone: a hand, and more than any crowd has ever filled."""
LARGEST_MISS = 0.1
"""Share of the distance between the outermost points that one point may be off from where the others put it."""
ROUNDS = 20
"""Steps of Gauss and Newton at most; a handful do."""

Points = Float[np.ndarray, "points 2"]
Matrix = Float[np.ndarray, "3 3"]


@dataclass(frozen=True)
class GroundPlane:
    """`matrix` takes (x, y, 1) of the picture to metres times a factor, and that factor; on the ground it is positive.

    `area_share` is what an area of the ground is multiplied with to get the area at the height of the heads.
    """

    matrix: Matrix
    area_share: float = 1.0

    def scaled(self, x: float, y: float) -> "GroundPlane":
        """The plane for a picture whose positions are `x` and `y` times those that this one takes."""
        return GroundPlane(self.matrix / np.array([x, y, 1.0]), self.area_share)

    def metres(self, picture: Points) -> Points:
        """Where on the ground points of the picture lie; `ValueError` for points at or beyond the horizon."""
        metres, factor = _projected(self.matrix, picture)
        if (factor < NEAREST_HORIZON).any():
            x, y = picture[np.argmin(factor)]
            raise ValueError(f"({x:g}, {y:g}) lies at or beyond the horizon of the ground, where no metres can be told")
        return metres

    def area(self, region: Region) -> float:
        """Square metres that a region of the picture shows, where the heads are."""
        x, y = region[:, [0, 0, 1, 1], [1, 2, 2, 1]], region[:, [0, 0, 1, 1], 0]
        metres = self.metres(np.column_stack((x.ravel(), y.ravel()))).reshape(-1, 4, 2)
        following = np.roll(metres, -1, axis=1)
        turned = metres[:, :, 0] * following[:, :, 1] - metres[:, :, 1] * following[:, :, 0]
        return float(np.abs(turned.sum(axis=1)).sum()) / 2 * self.area_share


def fit_ground(picture: Points, metres: Points, *, camera_height: float | None = None) -> GroundPlane:
    """The plane through four points of the ground, or the one with the least squared distances in metres to more.

    With `camera_height` (metres above the ground), areas are those at the height of the heads: what a polygon of the
    picture cuts out of the plane 1.6 m above the ground is smaller than on the ground by the square of the distances
    below the camera. `ValueError` for points that leave the plane open or contradict each other.
    """
    if len(picture) < 4:
        raise ValueError(f"the ground needs at least 4 points, these are {len(picture)}")
    for points, where, smallest in (
        (picture, "in the picture", SMALLEST_EXTENT_SEEN),
        (metres, "in metres", SMALLEST_EXTENT),
    ):
        extent = float(np.ptp(points, axis=0).max())
        if extent < smallest:
            raise ValueError(
                f"the ground points lie within {extent:.2g} {where}, at least {smallest:g} is needed; "
                "look at the units, and take points far apart"
            )
        _refuse_lines(points, where)
    matrix = _least_squares(_by_equations(picture, metres), picture, metres)
    factor = _projected(matrix, picture)[1]
    if not (factor > 0).all() and not (factor < 0).all():
        raise ValueError(
            "no camera sees these ground points so: going around them in the picture, the order in metres is another; "
            "look whether two of them are exchanged"
        )
    plane = GroundPlane(
        matrix / factor.mean(), 1.0 if camera_height is None else (1 - HEAD_METRES / camera_height) ** 2
    )
    off = np.linalg.norm(plane.metres(picture) - metres, axis=1)
    extent = float(np.linalg.norm(metres[:, None] - metres[None], axis=2).max())
    if off.max() > LARGEST_MISS * extent:
        raise ValueError(
            f"ground point {int(off.argmax()) + 1} is {off.max():.2g} m away from where the others put it; "
            "measure or mark it again"
        )
    return plane


def _projected(matrix: Matrix, picture: Points) -> tuple[Points, Float[np.ndarray, " points"]]:
    """Where the matrix puts points, and the factor of each."""
    mapped = picture @ matrix[:, :2].T + matrix[:, 2]
    with np.errstate(divide="ignore", invalid="ignore"):  # the horizon lies infinitely far
        return mapped[:, :2] / mapped[:, 2:], mapped[:, 2]


def _refuse_lines(points: Points, where: str) -> None:
    """Whichever point is left out, the others must span an area: of four, no three are on one line."""
    for left_out in range(len(points)):
        others = np.delete(points, left_out, axis=0)
        spread = np.linalg.svd(others - others.mean(axis=0), compute_uv=False)
        if spread[1] <= FLATTEST * spread[0]:
            raise ValueError(
                f"{len(others)} of the {len(points)} ground points lie on one line {where}; take corners of an area"
            )


def _normaliser(points: Points) -> Matrix:
    """Moves points around 0 with a mean distance of the square root of 2, for numbers of one size."""
    middle = points.mean(axis=0)
    scale = np.sqrt(2.0) / float(np.linalg.norm(points - middle, axis=1).mean())
    return np.array([[scale, 0.0, -scale * middle[0]], [0.0, scale, -scale * middle[1]], [0.0, 0.0, 1.0]])


def _by_equations(picture: Points, metres: Points) -> Matrix:
    """The direct linear transform: two linear equations a point, solved up to the scale of the matrix."""
    of_picture, of_metres = _normaliser(picture), _normaliser(metres)
    ones = np.ones((len(picture), 1))
    from_here = np.hstack((picture, ones)) @ of_picture.T
    x, y = (metres @ of_metres[:2, :2].T + of_metres[:2, 2]).T
    none = np.zeros_like(from_here)
    equations = np.vstack(
        (np.hstack((from_here, none, -x[:, None] * from_here)), np.hstack((none, from_here, -y[:, None] * from_here)))
    )
    _, sizes, directions = np.linalg.svd(equations)
    if sizes[7] <= UNDECIDED * sizes[0]:
        raise ValueError("the ground points leave open how the ground lies; spread them over the area")
    matrix: Matrix = np.linalg.inv(of_metres) @ directions[8].reshape(3, 3) @ of_picture
    return matrix


def _least_squares(matrix: Matrix, picture: Points, metres: Points) -> Matrix:
    """The matrix near the given one with the smallest sum of squared distances in metres (Gauss-Newton)."""
    unit = _normaliser(picture)
    here = picture @ unit[:2, :2].T + unit[:2, 2]
    matrix = matrix @ np.linalg.inv(unit)
    matrix = matrix / np.linalg.norm(matrix)
    homogeneous = np.column_stack((here, np.ones(len(here))))
    for _ in range(ROUNDS):
        there, factor = _projected(matrix, here)
        missing = metres - there
        by_factor = homogeneous / factor[:, None]
        none = np.zeros_like(by_factor)
        slopes = np.vstack(
            (
                np.hstack((by_factor, none, -there[:, :1] * by_factor)),
                np.hstack((none, by_factor, -there[:, 1:] * by_factor)),
            )
        )
        step = np.linalg.lstsq(slopes, missing.T.ravel(), rcond=None)[0].reshape(3, 3)
        better = _projected(matrix + step, here)[0] - metres
        if not (better**2).sum() < (missing**2).sum():
            break
        matrix = (matrix + step) / np.linalg.norm(matrix + step)
    fitted: Matrix = matrix @ unit
    return fitted
