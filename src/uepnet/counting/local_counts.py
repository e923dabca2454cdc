"""Local counts: how many heads each patch of a picture holds, as one matrix product.

A head is a Gaussian, and a Gaussian is separable: the share of head i in patch (r, c) is `Ey[i, r] * Ex[i, c]`, where
`Ex` and `Ey` are differences of the Gaussian's distribution function at the patch edges. The counts of all patches are
then `Ey.T @ Ex`: exact for every window, scale and patch size, without drawing a density map (Wang et al. 2021,
section 3.2, sums a drawn one).

Each head counts for exactly 1 in its picture: what would fall outside is given back inside, each axis divided by its
total in the picture, and a head annotated outside is first moved to the nearest point of the border. So the map of a
whole picture sums to its number of annotated points.
"""

import numpy as np
from jaxtyping import Float

from uepnet.counting.window import Window, patch_edges
from uepnet.points import HeadPoints

__all__ = ["Window", "local_counts"]

HEADS_AT_ONCE = 2048
"""Heads whose shares are held at once: bounds the memory of pictures with ten thousand heads and more."""

THREADLESS = 2**18
"""Multiplications in one product, for most pictures: OpenBLAS starts threads above that, and on cores that are busy with
something else, such as a training, they wait for one another: 3,000 heads took 76 ms instead of 7 (measured)."""

WIDEST = 1e6
"""Sigmas are cut at this many picture widths (heights): a Gaussian as wide as that is flat to one part in 1e12."""


def local_counts(
    points: HeadPoints, sigma: Float[np.ndarray, " heads"], *, patch: int, window: Window | None = None
) -> Float[np.ndarray, "rows columns"]:
    """Heads in each patch of `patch` x `patch` pixels of the window (without one: of the whole picture).

    There are ceil(height / patch) rows and ceil(width / patch) columns. The last row and column end where the window
    ends, heads outside the window reach into it, and patches beyond the picture hold 0. `sigma`, `patch` and `window`
    are in the pixels of `points`; for another scale, scale the points (`HeadPoints.scale`) and sigma.

    >>> heads = HeadPoints(np.array([[4.0, 4.0], [12.0, 4.0]]), width=16, height=8)
    >>> local_counts(heads, np.array([1.0, 1.0]), patch=8).round(6).tolist()
    [[1.0, 1.0]]
    """
    if sigma.shape != (len(points),):
        raise ValueError(f"there are {len(points)} heads, but sigma has the shape {list(sigma.shape)}")
    if not (np.isfinite(sigma).all() and (sigma > 0).all()):
        raise ValueError("every sigma is a finite number of pixels above 0")
    view = window or Window(left=0.0, top=0.0, width=points.width, height=points.height)
    columns = patch_edges(view.left, length=view.width, patch=patch, inside=points.width)
    rows = patch_edges(view.top, length=view.height, patch=patch, inside=points.height)
    counts = np.zeros((len(rows) - 1, len(columns) - 1))
    for first in range(0, len(points), HEADS_AT_ONCE):
        some = slice(first, first + HEADS_AT_ONCE)
        across = axis_shares(points.xy[some, 0], sigma[some], edges=columns, length=points.width)
        down = axis_shares(points.xy[some, 1], sigma[some], edges=rows, length=points.height)
        _add_product(counts, down, across)
    return counts


def _add_product(
    counts: Float[np.ndarray, "rows columns"],
    down: Float[np.ndarray, "heads rows"],
    across: Float[np.ndarray, "heads columns"],
) -> None:
    """Adds `down.T @ across`, in small products where patches are few enough for these to be worth it."""
    heads = THREADLESS // counts.size
    step = heads if heads >= 16 else len(down)
    for first in range(0, len(down), step):
        counts += down[first : first + step].T @ across[first : first + step]


def axis_shares(
    position: Float[np.ndarray, " heads"],
    sigma: Float[np.ndarray, " heads"],
    *,
    edges: Float[np.ndarray, " edges"],
    length: int,
) -> Float[np.ndarray, "heads patches"]:
    """The share of each head between neighbouring edges along one axis, its total in [0, length] being 1."""
    from scipy.special import erf

    centre = np.clip(position, 0.0, length)[:, None]
    width = np.sqrt(2.0) * np.minimum(sigma, WIDEST * length)[:, None]
    with np.errstate(over="ignore"):  # a sigma near the smallest number: the edge is then infinitely far, and erf is 1
        mass = np.diff(erf((edges - centre) / width), axis=1)
        total = erf((length - centre) / width) - erf((0.0 - centre) / width)
    shares: Float[np.ndarray, "heads patches"] = np.maximum(mass, 0.0) / total
    return shares
