"""The temperatures of the heads, fitted on pictures that were not trained on, and what they do to the decodes' bias."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float16, Int, UInt8

from uepnet.annotations.data_set import DataSet
from uepnet.counting.codec import encode
from uepnet.counting.local_counts import local_counts
from uepnet.counting.point_counts import point_counts
from uepnet.counting.sigma import sigma_of
from uepnet.description import Decode, ModelDescription
from uepnet.evaluation.metrics import Counts, Truth, bias, mae, rmse
from uepnet.evaluation.temperatures import fit_temperature, surprise
from uepnet.network.arithmetic import Precision, autocast
from uepnet.network.counting_graph import CountingGraph
from uepnet.network.uepnet import UEPNet
from uepnet.points import HeadPoints

COUNTING_TEMPERATURES = tuple(round(0.3 + 0.05 * step, 2) for step in range(21))
"""What `fit_temperature_to_counts` tries: 0.3 to 1.3."""

PATCHES = 2000
"""Patches of a picture that a temperature is fitted on, at most: every picture weighs about the same."""


@dataclass(frozen=True)
class PictureLogits:
    """One picture: its heads, the width of their Gaussians, and each head of the network's logits (in fp16, to be kept)."""

    data_set: str
    heads: HeadPoints
    sigma: np.ndarray
    logits: tuple[Float16[np.ndarray, "_ _ _"], ...]


@dataclass(frozen=True)
class HeadFit:
    """The temperature of one head, and the surprise (nats per patch) without it and with it."""

    temperature: float
    before: float
    after: float


@dataclass(frozen=True)
class DecodeError:
    """Mean signed and absolute error and RMSE, in people, of a decode on the pictures of one data set."""

    data_set: str
    decode: Decode
    pictures: int
    bias: float
    mae: float
    rmse: float


class LogitReader:
    """A network that gives the logits of pictures. It is moved to `device` and laid out channels-last in place.

    `ValueError` for a model without classes.
    """

    def __init__(self, network: UEPNet, description: ModelDescription, *, device: str, precision: Precision) -> None:
        self._device = torch.device(device)
        self._precision = precision
        description.need_classes("a temperature")
        self._graph = CountingGraph(network, description).eval().to(self._device)
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's overloads leave out a memory format alone

    @torch.inference_mode()
    def logits(self, picture: UInt8[np.ndarray, "height width 3"]) -> tuple[Float16[np.ndarray, "_ _ _"], ...]:
        """Each head's logits [classes, rows, columns]."""
        pixels = torch.tensor(picture, device=self._device)[None]
        with autocast(self._device, self._precision):
            return tuple(head[0].half().cpu().numpy() for head in self._graph.logits(pixels))


def read_logits(
    reader: LogitReader,
    data_sets: Sequence[DataSet],
    *,
    largest_sigma: float | None,
    on_picture: Callable[[PictureLogits], None] | None = None,
) -> tuple[PictureLogits, ...]:
    """Run the network once on every picture; `largest_sigma` is that of the training (`SamplingConfig`)."""
    pictures = []
    for data_set in data_sets:
        for entry in data_set.entries:
            heads = data_set.heads(entry)
            sigma = np.minimum(sigma_of(heads, fixed=data_set.fixed_sigma), largest_sigma or np.inf)
            pictures.append(PictureLogits(data_set.name, heads, sigma, reader.logits(data_set.pixels(entry))))
            if on_picture is not None:
                on_picture(pictures[-1])
    return tuple(pictures)


def fit_temperatures(
    pictures: Sequence[PictureLogits], description: ModelDescription, *, seed: int = 0
) -> tuple[HeadFit, ...]:
    """The temperature of each head; `seed` chooses the patches."""
    fits = []
    for of_head, truth in _samples(pictures, description, seed=seed):
        temperature = fit_temperature(of_head, truth)
        fits.append(HeadFit(temperature, surprise(of_head, truth), surprise(of_head, truth, temperature=temperature)))
    return tuple(fits)


def _samples(
    pictures: Sequence[PictureLogits], description: ModelDescription, *, seed: int
) -> Iterator[tuple[Float[np.ndarray, "_ _"], Int[np.ndarray, " _"]]]:
    """For each head the logits of chosen patches of all pictures, and the classes of their true counts."""
    generator = np.random.default_rng(seed)
    logits: list[list[np.ndarray]] = [[] for _ in description.partitions]
    classes: list[list[np.ndarray]] = [[] for _ in description.partitions]
    for picture in pictures:
        counts = _true_counts(picture, description).ravel()
        chosen = generator.permutation(counts.size)[:PATCHES]
        for number, (head, partition) in enumerate(zip(picture.logits, description.partitions, strict=True)):
            logits[number].append(head.reshape(len(head), -1).T[chosen].astype(np.float64))
            classes[number].append(encode(counts[chosen], partition.borders))
    yield from zip(map(np.concatenate, logits), map(np.concatenate, classes), strict=True)


def _true_counts(picture: PictureLogits, description: ModelDescription) -> Float[np.ndarray, "rows columns"]:
    """What the model's classes are of: local counts, or whole numbers of points."""
    if description.of_points:
        return point_counts(picture.heads, patch=description.patch)
    return local_counts(picture.heads, picture.sigma, patch=description.patch)


def fit_temperature_to_counts(
    pictures: Sequence[PictureLogits], network: UEPNet, description: ModelDescription
) -> tuple[HeadFit, ...]:
    """The one temperature of all heads with which the mean decode counts best; its surprise is not looked at.

    Best is the lowest sum over the data sets of the MAE per mean number of heads, which weights are chosen by too.
    The likeliest temperature can leave a bias: a little probability too much in the full classes of thousands of empty
    patches says next to nothing about each of them, and adds up to people.
    """
    heads = {
        name: max(1.0, float(np.mean([len(picture.heads) for picture in pictures if picture.data_set == name])))
        for name in {picture.data_set for picture in pictures}
    }

    def score(temperature: float) -> float:
        tempered = description.model_copy(update={"temperatures": (temperature,) * len(description.partitions)})
        errors = decode_errors(pictures, network, tempered)
        return sum(error.mae / heads[error.data_set] for error in errors if error.decode == "mean")

    best = min(COUNTING_TEMPERATURES, key=score)
    fits = []
    for of_head, truth in _samples(pictures, description, seed=0):
        fits.append(HeadFit(best, surprise(of_head, truth), surprise(of_head, truth, temperature=best)))
    return tuple(fits)


@torch.inference_mode()
def decode_errors(
    pictures: Sequence[PictureLogits], network: UEPNet, description: ModelDescription
) -> tuple[DecodeError, ...]:
    """How far off both decodes are on each data set, with the temperatures of the description."""
    graph = CountingGraph(network, description).cpu()
    truth: dict[str, list[int]] = {}
    counted: dict[tuple[str, Decode], list[float]] = {}
    for picture in pictures:
        mean, argmax, _ = graph.decode(tuple(torch.from_numpy(head).float()[None] for head in picture.logits))
        truth.setdefault(picture.data_set, []).append(len(picture.heads))
        maps: dict[Decode, torch.Tensor] = {"mean": mean, "argmax": argmax}
        for decode, values in maps.items():
            counted.setdefault((picture.data_set, decode), []).append(float(values.sum(dtype=torch.float64)))
    return tuple(
        _decode_error(data_set, decode, np.array(truth[data_set]), np.array(counts))
        for (data_set, decode), counts in counted.items()
    )


def _decode_error(data_set: str, decode: Decode, truth: Truth, counts: Counts) -> DecodeError:
    return DecodeError(
        data_set,
        decode,
        len(truth),
        bias=bias(truth, counts),
        mae=mae(truth, counts),
        rmse=rmse(truth, counts),
    )
