"""What a file of weights calls an encoder's convolutions, and how they are taken from it: strictly, and by name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor
from torch.nn.utils.fusion import fuse_conv_bn_weights

NORM_EPSILON = 1e-5
"""Of torchvision's batch normalisations."""
NORM_PARTS = ("weight", "bias", "running_mean", "running_var")
COUNTER = "num_batches_tracked"
"""Beside them in newer files; it says nothing about features."""
SHOWN = 5
"""Names in an error."""

Weights = Mapping[str, Tensor]


@dataclass(frozen=True)
class Layer:
    """One convolution: its name in our encoder and in the file, and there the normalisation after it, if any."""

    ours: str
    theirs: str
    norm: str | None = None
    our_norm: str | None = None
    """Our normalisation layer; without one, theirs is folded into the convolution."""


@dataclass(frozen=True)
class Form:
    """One way in which an encoder's weights are published."""

    title: str
    """Whose weights these are, such as "torchvision's ResNet-18"."""
    taken: str
    """Which of the file's parts are taken, such as "its blocks 1 and 2"."""
    layers: tuple[Layer, ...]
    biased: bool
    """Whether the file's convolutions have biases."""
    ignored: tuple[str, ...] = ()
    """Beginnings of names that an encoder has no place for, such as the classifier's."""
    bgr: str | None = None
    """Our convolution that sees the picture, where the file's takes blue before green before red."""

    def names(self, layer: Layer) -> tuple[str, ...]:
        """What the file must hold for a layer."""
        parts = ("weight", "bias") if self.biased else ("weight",)
        names = tuple(f"{layer.theirs}.{part}" for part in parts)
        return names + tuple(f"{layer.norm}.{part}" for part in NORM_PARTS if layer.norm)

    @cached_property
    def wanted(self) -> frozenset[str]:
        """What a file with all the layers holds."""
        return frozenset(name for layer in self.layers for name in self.names(layer))

    def unknown(self, names: Iterable[str]) -> list[str]:
        """Those of the names that such a file does not hold."""
        known = self.wanted | {f"{layer.norm}.{COUNTER}" for layer in self.layers}
        return [name for name in names if name not in known and not name.startswith(self.ignored)]


def problems(form: Form, weights: Weights, *, encoder: Weights) -> list[str]:
    """What keeps `encoder` (a state dict) from taking the weights: unknown and missing names, shapes, numbers.

    A file may hold more of the form's layers than the encoder has, which may end at a lower stride.
    """
    layers = _layers_of(form, encoder)
    missing = [name for layer in layers for name in form.names(layer) if name not in weights]
    found = [_listed("it does not hold", missing), _listed("it holds the unknown", form.unknown(weights))]
    found += [text for layer in layers for text in _wrong_tensors(form, layer, weights, encoder=encoder)]
    return [problem for problem in found if problem]


def take(form: Form, weights: Weights, *, encoder: Weights) -> dict[str, Tensor]:
    """The weights under our names, in fp32, after `problems` has found none."""
    taken: dict[str, Tensor] = {}
    for layer in _layers_of(form, encoder):
        taken |= _converted(form, layer, weights)
    return taken


def _layers_of(form: Form, encoder: Weights) -> list[Layer]:
    return [layer for layer in form.layers if f"{layer.ours}.weight" in encoder]


def _wrong_tensors(form: Form, layer: Layer, weights: Weights, *, encoder: Weights) -> Iterator[str]:
    shape = encoder[f"{layer.ours}.weight"].shape
    for name in form.names(layer):
        tensor = weights.get(name)
        expected = shape if name == f"{layer.theirs}.weight" else shape[:1]
        if tensor is None:
            continue
        if tensor.shape != expected:
            yield f"{name} has the shape {list(tensor.shape)}, not {list(expected)}"
        elif not tensor.is_floating_point():
            yield f"{name} holds {tensor.dtype}, no real numbers"
        elif not bool(tensor.isfinite().all()):
            yield f"{name} holds numbers that are not finite"
        elif name.endswith("running_var") and bool((tensor < 0).any()):
            yield f"{name} holds negative variances"


def _converted(form: Form, layer: Layer, weights: Weights) -> dict[str, Tensor]:
    """A layer's tensors under our names; the folding is done in fp64."""
    weight = weights[f"{layer.theirs}.weight"].double()
    bias = weights[f"{layer.theirs}.bias"].double() if form.biased else torch.zeros(len(weight), dtype=torch.float64)
    taken: dict[str, Tensor] = {}
    if layer.norm:
        norm = {part: weights[f"{layer.norm}.{part}"].double() for part in NORM_PARTS}
        if layer.our_norm:
            taken = {f"{layer.our_norm}.{part}": tensor for part, tensor in norm.items()}
        else:
            gain, shift, mean, variance = norm.values()
            weight, bias = fuse_conv_bn_weights(weight, bias, mean, variance, NORM_EPSILON, gain, shift)
    if layer.ours == form.bgr:
        weight = weight.flip(1)
    taken |= {f"{layer.ours}.weight": weight, f"{layer.ours}.bias": bias}
    return {name: tensor.detach().float() for name, tensor in taken.items()}


def _listed(what: str, names: list[str]) -> str:
    """`what` and the first few names; empty if there are none."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{what} {', '.join(names[:SHOWN])}{more}" if names else ""
