"""A trained row measured: every reading's counts, and what its patches say."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from pydantic import JsonValue

from uepnet.annotations.data_set import DataSet
from uepnet.counting.local_counts import local_counts
from uepnet.counting.partition import ProxyRule
from uepnet.counting.point_counts import point_counts
from uepnet.counting.sigma import sigma_of
from uepnet.counting.uep import FIRST_BORDER
from uepnet.description import ModelDescription
from uepnet.evaluation.measure import measure
from uepnet.evaluation.metrics import bias, mae, rmse
from uepnet.evaluation.protocols import protocol_of
from uepnet.laboratory.reproduce.patches import (
    Patches,
    above_largest_share,
    accuracy_by_distance,
    background_share,
    error_by_class,
    gradient_by_error,
)
from uepnet.laboratory.reproduce.variant import Variant
from uepnet.laboratory.reproduce.witness import (
    OutputMemo,
    ReadingBackend,
    class_gradient,
    square_gradient,
    with_proxies,
)
from uepnet.network.uepnet import UEPNet
from uepnet.points import HeadPoints


@dataclass(frozen=True)
class Trained:
    """A trained row: network, description, and tMAX, the largest local count that was learnt from."""

    network: UEPNet
    description: ModelDescription
    largest: float


def measure_row(trained: Trained, variant: Variant, data_set: DataSet) -> dict[str, JsonValue]:
    """Counts of every picture by every reading and decode, and the patch statistics with mean proxies."""
    memo = OutputMemo(trained.network, trained.description)
    rules: tuple[ProxyRule, ...] = ("mean", "midpoint") if variant.classifies else ("mean",)
    readings: dict[str, JsonValue] = {}
    patches: dict[str, JsonValue] = {}
    names: list[str] = []
    truth: list[int] = []
    for rule in rules:
        described = with_proxies(trained.description, rule, method=variant.method, largest=trained.largest)
        seen = _see(ReadingBackend(memo, described), data_set, variant)
        names, truth = seen.names, seen.truth
        for decode in variant.decodes:
            readings[f"{rule} {decode}"] = _figures(truth, seen.counts[decode])
        if rule == "mean":
            patches = _patch_figures(seen, trained, variant)
    return {
        "protocol": protocol_of(data_set).name,
        "names": list(names),
        "truth": list(truth),
        "readings": readings,
        "patches": patches,
    }


@dataclass(frozen=True)
class Seen:
    """All pictures under one reading; maps are flattened, patch by patch."""

    names: list[str]
    truth: list[int]
    counts: dict[str, list[float]]
    true: Float[np.ndarray, " patches"]
    predicted: dict[str, Float[np.ndarray, " patches"]]
    gradient: Float[np.ndarray, " patches"]


def _see(backend: ReadingBackend, data_set: DataSet, variant: Variant) -> Seen:
    protocol = protocol_of(data_set)
    truth: list[int] = []
    counts: dict[str, list[float]] = {decode: [] for decode in variant.decodes}
    maps: dict[str, list[np.ndarray]] = {decode: [] for decode in variant.decodes}
    true: list[np.ndarray] = []
    gradient: list[np.ndarray] = []
    for entry in data_set.entries:
        measured = measure(backend, data_set, entry, protocol=protocol)
        heads = measured.shown.heads
        here = true_counts(heads, data_set, backend.description)
        truth.append(len(heads))
        true.append(here.ravel())
        for decode in variant.decodes:
            counts[decode].append(measured.results[decode].count)
            maps[decode].append(measured.results[decode].count_map.ravel().astype(np.float64))
        if variant.classifies:
            gradient.append(class_gradient(backend.last, here, backend.description.partitions))
        else:
            gradient.append(square_gradient(measured.results["mean"].count_map, here))
    return Seen(
        names=[entry.name for entry in data_set.entries],
        truth=truth,
        counts=counts,
        true=np.concatenate(true),
        predicted={decode: np.concatenate(maps[decode]) for decode in variant.decodes},
        gradient=np.concatenate(gradient),
    )


def true_counts(
    heads: HeadPoints, data_set: DataSet, description: ModelDescription
) -> Float[np.ndarray, "rows columns"]:
    """What patches are compared with: local counts, or whole points where the classes are of these."""
    if description.of_points:
        return point_counts(heads, patch=description.patch)
    return local_counts(heads, sigma_of(heads, fixed=data_set.fixed_sigma), patch=description.patch)


def _figures(truth: list[int], counts: list[float]) -> dict[str, JsonValue]:
    true, counted = np.array(truth, dtype=np.int64), np.array(counts, dtype=np.float64)
    return {
        "mae": mae(true, counted),
        "rmse": rmse(true, counted),
        "bias": bias(true, counted),
        "counts": [round(value, 3) for value in counts],
    }


def _patch_figures(seen: Seen, trained: Trained, variant: Variant) -> dict[str, JsonValue]:
    """By decode; what is about classes, only where there are some. A gradient is told of the paper's two losses."""
    result: dict[str, JsonValue] = {}
    for decode in variant.decodes:
        patches = Patches(
            true=seen.true,
            predicted=seen.predicted[decode],
            gradient=seen.gradient,
            largest=trained.largest,
            pictures=len(seen.names),
        )
        figures: dict[str, JsonValue] = {
            "background_share": background_share(patches, t0=FIRST_BORDER),
            "above_largest_share": above_largest_share(patches),
        }
        if variant.classifies:
            borders = trained.description.partitions[0].borders
            figures["classes"] = error_by_class(patches, borders)
            figures["distance"] = accuracy_by_distance(patches, borders)
        if variant.classifies or variant.target == "mse":
            figures["gradient"] = gradient_by_error(patches)
        result[decode] = figures
    return result
