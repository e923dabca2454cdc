"""A camera's correction: the literal formula, what it does to a result, and a simulation of what it is worth."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import integrate, stats

from uepnet.inference.camera import (
    BIAS,
    NOISE,
    SCATTER_WORTH,
    UNBIASED,
    Camera,
    CameraError,
    HandCount,
    camera_of,
    corrected,
    in_words,
    left_out_errors,
    log_factor,
    read_camera,
)
from uepnet.inference.result import CountResult, ZoneCount

DIGEST = "ab" * 32


def camera(factor: float = 2.0, log_sd: float = 0.1, **more: Any) -> Camera:
    known: dict[str, Any] = {
        "name": "gate",
        "model": "tiny",
        "model_digest": DIGEST,
        "decode": "mean",
        "factor": factor,
        "log_sd": log_sd,
        "hand_counts": (HandCount(picture="a.jpg", hand=20, counted=10.0),),
    }
    return Camera(**{**known, **more})


def counted(count: float = 6.5, low: float | None = 4.0, high: float | None = 10.0, **more: Any) -> CountResult:
    count_map = np.zeros((3, 4), dtype=np.float32)
    count_map[1, 1] = count
    known: dict[str, Any] = {
        "source": "a.jpg",
        "count": count,
        "low": low,
        "high": high,
        "coverage": None if low is None else 0.9,
        "zones": (),
        "model": "tiny",
        "width": 32,
        "height": 24,
        "seconds": 0.1,
        "warnings": ("Dark.",),
        "count_map": count_map,
        "variance_map": count_map / 2,
        "patch": 8,
    }
    return CountResult(**{**known, **more})


def literal(hand: list[int], model: list[float]) -> tuple[float, float]:
    """Median and root mean square deviation of the posterior by numerical integration of prior times likelihood."""
    r = [math.log((h + 0.5) / (m + 0.5)) for h, m in zip(hand, model, strict=True)]
    w = [1 / (NOISE**2 + 1 / ((h + m) / 2 + 1)) for h, m in zip(hand, model, strict=True)]
    mean = sum(a * b for a, b in zip(w, r, strict=True)) / sum(w)
    phi = (SCATTER_WORTH + sum(a * (b - mean) ** 2 for a, b in zip(w, r, strict=True))) / (SCATTER_WORTH + len(r) - 1)
    theta = np.linspace(-6, 6, 480_001)
    likelihood = stats.norm.pdf(mean, theta, math.sqrt(phi / sum(w)))
    slab = (1 - UNBIASED) * stats.norm.pdf(theta, 0, BIAS) * likelihood
    spike = UNBIASED * float(stats.norm.pdf(mean, 0, math.sqrt(phi / sum(w))))
    step = theta[1] - theta[0]
    below = np.cumsum(slab) * step + spike * (theta >= 0)
    median = float(theta[np.searchsorted(below, below[-1] / 2)])
    square = float(integrate.trapezoid(slab * (theta - median) ** 2, theta)) + spike * median**2
    return median, math.sqrt(square / below[-1])


@pytest.mark.parametrize(
    ("hand", "model"),
    [
        ([100], [100.0]),
        ([300], [100.0]),
        ([120, 130, 118, 140], [80.0, 84.0, 79.0, 101.0]),
        ([3, 0, 5], [9.0, 4.5, 11.0]),
        ([0], [0.0]),
        ([10, 90, 40, 35, 60], [22.0, 160.0, 95.0, 70.0, 110.0]),
    ],
)
def test_the_correction_is_the_posterior_median(hand: list[int], model: list[float]) -> None:
    assert log_factor(hand, model) == pytest.approx(literal(hand, model), abs=1e-4)


@given(st.lists(st.tuples(st.integers(0, 3000), st.floats(0, 3000)), min_size=1, max_size=12))
def test_it_lies_between_none_and_what_the_counts_say(pairs: list[tuple[int, float]]) -> None:
    hand, model = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    median, sd = log_factor(hand, model)
    ratios = [math.log((h + 0.5) / (m + 0.5)) for h, m in pairs]
    assert min(0.0, *ratios) - 1e-9 <= median <= max(0.0, *ratios) + 1e-9
    assert 0 < sd < 10


def test_more_agreeing_counts_are_believed_more() -> None:
    found = [log_factor([150] * n, [100.0] * n) for n in (1, 2, 5, 20)]
    medians, sds = [median for median, _ in found], [sd for _, sd in found]
    assert medians == sorted(medians)
    assert sds[1:] == sorted(sds[1:], reverse=True)
    assert medians[-1] == pytest.approx(math.log(1.5), rel=0.05)


def test_count_maps_and_range_are_multiplied_and_the_range_is_widened() -> None:
    before = counted()
    after = corrected(before, camera(2.0, 0.1))
    assert after.count == 13.0
    assert float(after.count_map.sum()) == pytest.approx(13.0)
    assert after.variance_map.dtype == np.float32
    assert np.allclose(after.variance_map, 4 * before.variance_map)
    assert after.warnings == ("Dark.", in_words(camera(2.0, 0.1)))
    assert after.low is not None
    assert after.high is not None
    sd = 1.6448536 * 0.1
    assert math.log(13 / after.low) ** 2 == pytest.approx(math.log(6.5 / 4) ** 2 + sd**2)
    assert math.log(after.high / 13) ** 2 == pytest.approx(math.log(10 / 6.5) ** 2 + sd**2)


def test_a_result_without_a_range_gets_none() -> None:
    after = corrected(counted(low=None, high=None), camera())
    assert (after.low, after.high, after.coverage) == (None, None, None)


@given(st.floats(0, 5000), st.floats(0, 1), st.floats(0, 500), st.floats(0.1, 10), st.floats(0, 2))
@example(count=1e-307, share=0.0, more=14.0, factor=1.0, sd=0.0)
def test_a_corrected_range_is_never_narrower(count: float, share: float, more: float, factor: float, sd: float) -> None:
    before = counted(count, low=count * share, high=count + more)
    after = corrected(before, camera(factor, sd))
    assert after.low is not None
    assert after.high is not None
    assert 0 <= after.low <= count * share * factor * (1 + 1e-9)
    assert after.high >= (count + more) * factor * (1 - 1e-9)


def test_zones_are_judged_anew() -> None:
    zone = ZoneCount(
        "stage", 90.0, 80.0, 99.0, area_m2=50.0, density=1.8, level="constrained", status="ok", limit=100.0
    )
    (after,) = corrected(counted(zones=(zone,)), camera(2.5)).zones
    assert (after.count, after.density, after.level, after.status) == (225.0, 4.5, "involuntary contact", "over")
    assert after.low is not None
    assert after.low < 200.0
    bare = corrected(counted(zones=(ZoneCount("gate", 4.0, None, None),)), camera(2.5)).zones[0]
    assert (bare.count, bare.low, bare.density, bare.level, bare.status) == (10.0, None, None, None, None)


def test_another_model_or_decode_is_refused() -> None:
    camera().check_fits(model="tiny", digest=DIGEST, decode="mean")
    with pytest.raises(CameraError, match="is of the model tiny"):
        camera().check_fits(model="tiny", digest="cd" * 32, decode="mean")
    with pytest.raises(CameraError, match="--decode mean"):
        camera().check_fits(model="tiny", digest=DIGEST, decode="argmax")


def test_a_camera_comes_back_from_its_file(tmp_path: Path) -> None:
    pairs = [HandCount(picture="a.jpg", hand=210, counted=100.0), HandCount(picture="b.jpg", hand=190, counted=104.0)]
    made = camera_of(pairs, name="gate", model="tiny", model_digest=DIGEST, decode="mean")
    made.save(tmp_path / "camera.json")
    assert read_camera(tmp_path / "camera.json") == made
    assert 1.5 < made.factor < 2.1


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", "the whole"),
        ("[]", "the whole"),
        ('{"format": 1}', "name: it is missing"),
        (camera().model_dump_json().replace("2.0", "-2.0"), "factor"),
        (camera().model_dump_json().replace("2.0", "NaN"), "factor"),
        (camera().model_dump_json().replace('"name"', '"x":1,"name"'), "x: nothing is known by this name"),
    ],
)
def test_a_broken_camera_file_says_what_is_wrong(tmp_path: Path, content: str, found: str) -> None:
    path = tmp_path / "camera.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CameraError, match=found):
        read_camera(path)


def test_a_missing_camera_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="there is no such file"):
        read_camera(tmp_path / "camera.json")


def simulate(rng: np.random.Generator, theta: float, *, noise: float, hand_counts: int) -> tuple[float, float]:
    """Mean absolute errors on ten held-out pictures of one camera, without and with the correction, per typical crowd.

    The model sees exp(-theta) of the people, times log-normal noise of mean 1.
    """
    crowd = float(rng.choice([15, 60, 250]))
    true = rng.poisson(crowd * np.exp(0.5 * rng.standard_normal(hand_counts + 10)))
    seen = np.exp(noise * rng.standard_normal(len(true)) - noise**2 / 2 - theta)
    model = np.maximum(true, 0.3) * seen
    median, _ = log_factor(true[:hand_counts].tolist(), model[:hand_counts].tolist())
    held, off = true[hand_counts:], model[hand_counts:]
    return float(np.abs(off - held).mean()) / crowd, float(np.abs(off * math.exp(median) - held).mean()) / crowd


def gain(theta: float | None, *, noise: float, hand_counts: int, cameras: int = 300) -> tuple[float, float]:
    """Share of the error that the correction takes away on average over cameras (paired), and its standard error.

    `theta` None draws half of the cameras without and half with a bias, as the prior has it.
    """
    rng = np.random.default_rng([hand_counts, round(100 * noise), 0 if theta is None else round(1000 + 100 * theta)])
    errors = np.array(
        [
            simulate(rng, _drawn(rng) if theta is None else theta, noise=noise, hand_counts=hand_counts)
            for _ in range(cameras)
        ]
    )
    saved = errors[:, 0] - errors[:, 1]
    return float(saved.mean() / errors[:, 0].mean()), float(saved.std() / math.sqrt(cameras) / errors[:, 0].mean())


def _drawn(rng: np.random.Generator) -> float:
    return 0.0 if rng.random() < UNBIASED else float(BIAS * rng.standard_normal())


@pytest.mark.parametrize("hand_counts", [1, 2, 3, 5, 10, 20])
@pytest.mark.parametrize("noise", [0.1, 0.2])
def test_held_out_pictures_are_never_worse_on_average(noise: float, hand_counts: int) -> None:
    share, error = gain(None, noise=noise, hand_counts=hand_counts)
    assert share > 2 * error


@pytest.mark.parametrize("hand_counts", [1, 2, 3, 5, 10, 20])
@pytest.mark.parametrize("noise", [0.1, 0.2])
def test_a_camera_without_bias_loses_nothing_beyond_noise(noise: float, hand_counts: int) -> None:
    share, error = gain(0.0, noise=noise, hand_counts=hand_counts)
    assert share > -0.005 - 2 * error


@pytest.mark.parametrize(("hand_counts", "least"), [(1, 0.15), (3, 0.4), (10, 0.6)])
@pytest.mark.parametrize("theta", [-0.5, 0.5])
def test_a_biased_camera_gains_clearly(theta: float, hand_counts: int, least: float) -> None:
    share, _ = gain(theta, noise=0.15, hand_counts=hand_counts)
    assert share > least


def test_errors_of_pictures_left_out() -> None:
    pairs = [HandCount(picture=f"{n}.jpg", hand=200, counted=100.0) for n in range(5)]
    without, with_it = left_out_errors(pairs)
    assert without == 100.0
    assert with_it < 20.0
    with pytest.raises(ValueError, match="2 or more"):
        left_out_errors(pairs[:1])


def test_pairs_must_be_pairs() -> None:
    with pytest.raises(ValueError, match="one of each"):
        log_factor([], [])
    with pytest.raises(ValueError, match="one of each"):
        log_factor([1, 2], [1.0])


def test_a_count_beyond_all_measure_is_no_crash() -> None:
    median, sd = log_factor([5e7], [0.0])
    assert math.isfinite(median)
    assert math.isfinite(sd)
    with pytest.raises(CameraError, match="times the model's"):
        camera_of(
            [HandCount(picture="a.jpg", hand=50_000_000, counted=0.0)] * 5,
            name="gate",
            model="tiny",
            model_digest="0" * 64,
            decode="mean",
        )
