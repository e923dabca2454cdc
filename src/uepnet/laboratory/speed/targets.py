"""Local counts of a picture, against the usual way: a Gaussian filter over the whole picture for every head."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from pydantic import JsonValue

from uepnet.annotations.catalog import open_data_set
from uepnet.counting.local_counts import local_counts
from uepnet.counting.sigma import sigma_of
from uepnet.laboratory.speed.clock import interleaved
from uepnet.laboratory.speed.peaks import Limit, matrix_product
from uepnet.laboratory.speed.rows import Aim, Speed
from uepnet.points import HeadPoints

PATCH = 8
AIM = Aim(1000)
SAMPLE = 12
"""Heads whose filters are timed; the time of all follows in proportion."""


def measure_targets(*, data: Sequence[str], quick: bool) -> list[dict[str, JsonValue]]:
    """A record a picture: a usual and a dense one of 1024 x 768, with heads drawn from a seed, and two of each data set.

    Of a data set named NAME:ROOT these are, in its training part, the one with the median number of heads and the one
    with most.
    """
    width, height = (128, 96) if quick else (1024, 768)
    pictures: list[tuple[str, HeadPoints, float | None]] = [
        (f"{number:,} drawn heads", drawn_heads(number, width=width, height=height), None)
        for number in ((20, 60) if quick else (500, 3000))
    ]
    for text in data:
        data_set = open_data_set(text, split="train")
        by_heads = sorted((data_set.heads(entry) for entry in data_set.entries), key=len)
        pictures += [
            (f"{len(heads):,} heads of {data_set.name}", heads, data_set.fixed_sigma)
            for heads in (by_heads[len(by_heads) // 2], by_heads[-1])
        ]
    peak = matrix_product("fp64", side=128 if quick else 1024)
    return [
        _speed(name, heads, fixed_sigma=fixed, peak=peak, repetitions=3 if quick else 5).as_json()
        for name, heads, fixed in pictures
    ]


def drawn_heads(number: int, *, width: int, height: int, seed: int = 0) -> HeadPoints:
    """Heads that stand closer towards the top of the picture, as in a photograph of a crowd."""
    random = np.random.default_rng(seed)
    across, down = random.random(number), random.random(number) ** 2
    return HeadPoints(np.stack([across * width, down * height], axis=1), width=width, height=height)


def filtered_head(
    points: HeadPoints, sigma: Float[np.ndarray, " heads"], head: int
) -> Float[np.ndarray, "height width"]:
    """The density map of one head: a picture with a single 1, filtered."""
    from scipy.ndimage import gaussian_filter

    dot = np.zeros((points.height, points.width))
    column, row = np.clip(points.xy[head], 0, (points.width - 1, points.height - 1)).astype(int)
    dot[row, column] = 1.0
    result: Float[np.ndarray, "height width"] = gaussian_filter(dot, float(sigma[head]), mode="constant")
    return result


def _speed(name: str, points: HeadPoints, *, fixed_sigma: float | None, peak: Limit, repetitions: int) -> Speed:
    sigma = sigma_of(points, fixed=fixed_sigma)
    sample = np.linspace(0, len(points) - 1, min(SAMPLE, len(points))).astype(int)
    density = np.zeros((points.height, points.width))

    def ours() -> None:
        local_counts(points, sigma_of(points, fixed=fixed_sigma), patch=PATCH)

    def plain() -> None:
        for head in sample:
            np.add(density, filtered_head(points, sigma, int(head)), out=density)

    seconds = interleaved({"ours": ours, "plain": plain, peak.name: peak.run}, repetitions=repetitions)
    patches = -(-points.height // PATCH) * -(-points.width // PATCH)
    return Speed(
        part="targets",
        name=f"local counts, {name}",
        seconds=seconds["ours"],
        plain_seconds=seconds["plain"] * len(points) / len(sample),
        aim=AIM,
        use=peak.use(2.0 * len(points) * patches, seconds),
        note=f"{points.width} x {points.height}, sigma included; plain: {len(sample)} heads timed, scaled to all",
    )
