"""A camera's own correction: what a few hand counts of one place say about the model's bias there.

The method, in logarithms so that a factor of 2 and of 1/2 are equally far from none. Picture i was counted as h_i by hand
and as m_i by the model:

    r_i = log((h_i + 1/2) / (m_i + 1/2)),   r_i ~ Normal(theta, phi / w_i),   1 / w_i = NOISE^2 + 1 / (k_i + 1)

with k_i the mean of h_i and m_i: pictures of one place scatter by NOISE, and few people by chance besides. phi says how
much more or less they scatter at this camera than that; it starts as SCATTER_WORTH pictures' worth of 1:

    phi = (SCATTER_WORTH + sum_i w_i (r_i - r)^2) / (SCATTER_WORTH + n - 1),   r = sum_i w_i r_i / sum_i w_i

The prior of theta is a mixture: with probability UNBIASED the camera needs no correction, else theta ~ Normal(0, BIAS^2).
The correction is exp of the posterior median (Johnstone and Silverman 2004, "Needles and straw in haystacks: empirical
Bayes estimates of possibly sparse sequences"): exactly 1 until the hand counts say clearly more than their own noise, and
shrunk towards it beyond. The numbers of the prior are our choice; tests/inference/test_camera.py simulates what they do.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field, ValidationError

from uepnet.description import Decode
from uepnet.errors import UepnetError
from uepnet.frozen import Frozen
from uepnet.inference.result import CountResult, ZoneCount
from uepnet.inference.zones.recount import recounted
from uepnet.whole_files import write_whole
from uepnet.wrong_values import first_problem

NOISE = 0.25
"""Standard deviation of log(hand count / model's count) between pictures of one place, before any is seen."""
SCATTER_WORTH = 4.0
"""How many pictures that assumption is worth."""
BIAS = 0.4
"""Standard deviation of the log factor among cameras that need a correction: two thirds lie between 0.67 and 1.49."""
UNBIASED = 0.5
"""The share of cameras that need none."""
LARGEST_FACTOR = 100.0
"""A model that is further off at a place, up or down, is no model for it."""
LARGEST_FILE = 10_000_000
"""Bytes of a camera file; a real one has some kilobytes."""


class CameraError(UepnetError):
    """A camera's file, or the hand counts for one, that cannot be read or used."""

    kind: ClassVar[str] = "camera"


class HandCount(Frozen):
    """One picture of the place: what a person counted, and what the model did."""

    picture: str
    hand: int = Field(ge=0)
    counted: float = Field(ge=0)


class Camera(Frozen):
    """The correction of one model's counts at one place; `factor` multiplies them, `log_sd` is its uncertainty."""

    format: Literal[1] = 1
    name: str = Field(max_length=200)
    model: str = Field(max_length=200)
    model_digest: str
    """SHA-256 of the model's file."""
    decode: Decode
    factor: float = Field(ge=1 / LARGEST_FACTOR, le=LARGEST_FACTOR)
    log_sd: float = Field(ge=0, le=5)
    """Standard deviation of the logarithm of the factor, after the hand counts."""
    hand_counts: tuple[HandCount, ...] = Field(min_length=1)

    def factor_range(self, coverage: float = 0.9) -> tuple[float, float]:
        """The interval that holds the true factor with this probability (normal in logarithms)."""
        width = NormalDist().inv_cdf((1 + coverage) / 2) * self.log_sd
        return self.factor * math.exp(-width), self.factor * math.exp(width)

    def check_fits(self, *, model: str, digest: str, decode: Decode) -> None:
        """Raise `CameraError` where another model counts than the one that was corrected."""
        if digest != self.model_digest:
            raise CameraError(
                f"{self.name}: the correction is of the model {self.model} (SHA-256 {self.model_digest[:12]}...), but "
                f"{model} ({digest[:12]}...) counts; calibrate the camera for it with `uepnet calibrate`"
            )
        if decode != self.decode:
            raise CameraError(
                f"{self.name}: the correction is of the decode {self.decode}, but {decode} is asked for; take "
                f"--decode {self.decode}, or calibrate the camera for the other"
            )

    def save(self, path: Path) -> None:
        """Write the camera's file, whole or not at all."""
        write_whole(path, (self.model_dump_json(indent=2) + "\n").encode())


def read_camera(path: Path) -> Camera:
    """Read and check a camera's file; `CameraError` says what is wrong with it."""
    try:
        if not path.is_file():
            raise CameraError(f"{path}: there is no such file; `uepnet calibrate` makes one")
        if path.stat().st_size > LARGEST_FILE:
            raise CameraError(f"{path}: the file is larger than {LARGEST_FILE / 1e6:.0f} MB; a camera's file is not")
        return Camera.model_validate_json(path.read_bytes())
    except OSError as error:
        raise CameraError(f"{path}: the camera's file cannot be read ({error.strerror})") from error
    except ValidationError as error:
        wrong = first_problem(error, whole="the whole")
        raise CameraError(f"{path}: the camera's file is wrong at {wrong}; write it with `uepnet calibrate`") from error


def log_factor(hand: Sequence[float], counted: Sequence[float]) -> tuple[float, float]:
    """Posterior median of the log factor theta and the root mean square around it, as this module's docstring has it.

    >>> log_factor([105, 110], [100.0, 104.0])[0]  # no more than noise
    0.0
    >>> round(math.exp(log_factor([210, 190, 230], [100.0, 104.0, 99.0])[0]), 2)  # about half of them are missed
    1.93
    """
    if len(hand) != len(counted) or not len(hand):
        raise ValueError(
            f"{len(hand)} hand counts and {len(counted)} of the model; give one of each per picture, 1 or more"
        )
    by_hand, by_model = np.asarray(hand, dtype=np.float64), np.asarray(counted, dtype=np.float64)
    ratio = np.log((by_hand + 0.5) / (by_model + 0.5))
    weight = 1.0 / (NOISE**2 + 1.0 / ((by_hand + by_model) / 2 + 1.0))
    mean = float((weight * ratio).sum() / weight.sum())
    scatter = (SCATTER_WORTH + float((weight * (ratio - mean) ** 2).sum())) / (SCATTER_WORTH + len(ratio) - 1)
    variance = scatter / float(weight.sum())
    slab = BIAS**2 / (BIAS**2 + variance)
    log_odds = 0.5 * (
        math.log1p(BIAS**2 / variance) - mean**2 / variance * slab
    )  # of no bias, from the densities' ratio
    biased = 1.0 / (1.0 + UNBIASED / (1 - UNBIASED) * math.exp(log_odds))
    within, sd = slab * mean, math.sqrt(slab * variance)
    median = math.copysign(_median(biased, abs(within), sd), within)
    spread = biased * (sd**2 + (within - median) ** 2) + (1 - biased) * median**2
    return median, math.sqrt(spread)


def camera_of(hand_counts: Sequence[HandCount], *, name: str, model: str, model_digest: str, decode: Decode) -> Camera:
    """The correction that hand counts of one place make; each picture once."""
    median, sd = log_factor([count.hand for count in hand_counts], [count.counted for count in hand_counts])
    if abs(median) > math.log(LARGEST_FACTOR):
        raise CameraError(
            f"{name}: the hand counts are {math.exp(median):,.3g} times the model's; look whether each count stands beside its "
            "own picture, or take another model"
        )
    return Camera(
        name=name,
        model=model,
        model_digest=model_digest,
        decode=decode,
        factor=math.exp(median),
        log_sd=sd,
        hand_counts=tuple(hand_counts),
    )


def corrected(result: CountResult, camera: Camera) -> CountResult:
    """The result times the camera's factor: count, maps, range and zones; a warning says so.

    Ranges are widened by the factor's uncertainty: the distances of their ends from the count and the factor's own, all
    in logarithms, add up as squares do. Densities, levels and limits of zones are judged anew.
    """
    factor = camera.factor
    sd = 0.0 if result.coverage is None else NormalDist().inv_cdf((1 + result.coverage) / 2) * camera.log_sd
    low, high = _widened(result.count, result.low, result.high, factor=factor, sd=sd)
    return replace(
        result,
        count=result.count * factor,
        low=low,
        high=high,
        zones=tuple(_corrected_zone(zone, factor=factor, sd=sd) for zone in result.zones),
        warnings=result.warnings if factor == 1.0 else (*result.warnings, in_words(camera)),
        count_map=result.count_map * np.float32(factor),
        variance_map=result.variance_map * np.float32(factor**2),
    )


def left_out_errors(hand_counts: Sequence[HandCount]) -> tuple[float, float]:
    """Mean absolute errors in people without a correction, and with the one that all other pictures make."""
    if len(hand_counts) < 2:
        raise ValueError("with one hand count there are no others; give 2 or more")
    without, with_it = [], []
    for place, left_out in enumerate(hand_counts):
        others = [count for at, count in enumerate(hand_counts) if at != place]
        median, _ = log_factor([count.hand for count in others], [count.counted for count in others])
        without.append(abs(left_out.counted - left_out.hand))
        with_it.append(abs(left_out.counted * math.exp(median) - left_out.hand))
    return float(np.mean(without)), float(np.mean(with_it))


def in_words(camera: Camera) -> str:
    """What the correction does, in a sentence."""
    lowest, highest = camera.factor_range()
    counts = "1 hand count" if len(camera.hand_counts) == 1 else f"{len(camera.hand_counts)} hand counts"
    if camera.factor == 1.0:
        agree = "agrees" if len(camera.hand_counts) == 1 else "agree"
        return (
            f"Not corrected: {counts} of {camera.name} {agree} with the model within the noise; ranges are wider all the same, "
            f"for the factor may lie between {lowest:.2f} and {highest:.2f}."
        )
    return f"Multiplied by {camera.factor:.2f} ({lowest:.2f} to {highest:.2f}) after {counts} of {camera.name}."


def _corrected_zone(zone: ZoneCount, *, factor: float, sd: float) -> ZoneCount:
    low, high = _widened(zone.count, zone.low, zone.high, factor=factor, sd=sd)
    corrected = recounted(zone, count=zone.count * factor, low=low, high=high)
    return replace(corrected, variance=zone.variance * factor**2)


def _widened(
    count: float, low: float | None, high: float | None, *, factor: float, sd: float
) -> tuple[float | None, float | None]:
    """The ends times the factor, moved away from the count: the new distance is the root of the sum of both squares."""
    if low is None or high is None:
        return None, None
    below = math.log(count) - math.log(low) if 0 < low < count else 0.0
    above = math.log(high) - math.log(count) if 0 < count < high else 0.0
    return (
        factor * low * math.exp(below - math.hypot(below, sd)),
        factor * high * math.exp(math.hypot(above, sd) - above),
    )


def _median(biased: float, mean: float, sd: float) -> float:
    """Median of 0 with probability 1 - `biased`, else Normal(mean, sd^2); mean >= 0, and so is the median."""
    if biased * NormalDist().cdf(mean / sd) <= 0.5:
        return 0.0
    return mean - sd * NormalDist().inv_cdf(0.5 / biased)
