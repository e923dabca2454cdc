"""One run of a network on every picture, read in several ways: other proxies and decodes are no other training."""

import hashlib

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from uepnet.counting.codec import encode
from uepnet.counting.partition import Partition, ProxyRule, method_named
from uepnet.counting.proxies import midpoint_proxies
from uepnet.description import ModelDescription
from uepnet.inference.backends import PatchMaps
from uepnet.network.arithmetic import autocast
from uepnet.network.counting_graph import CountingGraph
from uepnet.network.uepnet import UEPNet

Outputs = tuple[Float[Tensor, "1 _ rows columns"], ...]


MOST_REMEMBERED = 2 * 2**30
"""Bytes of outputs; a network is asked again about pictures beyond these."""


class OutputMemo:
    """A network that is asked about a picture once."""

    def __init__(self, network: UEPNet, description: ModelDescription) -> None:
        self.network = network
        self.description = description
        self._graph = CountingGraph(network, description).eval()
        self._device = next(network.parameters()).device
        self._graph.to(self._device)
        self._known: dict[bytes, Outputs] = {}
        self._bytes = 0

    @torch.inference_mode()
    def outputs(self, picture: UInt8[np.ndarray, "height width 3"]) -> Outputs:
        """What the heads say of every patch, before it is decoded."""
        key = hashlib.blake2b(picture.tobytes(), digest_size=16).digest()
        if key in self._known:
            return self._known[key]
        pixels = torch.tensor(picture, device=self._device)[None]
        with autocast(self._device, "bf16"):
            outputs = tuple(head.cpu() for head in self._graph.logits(pixels))
        size = sum(head.nbytes for head in outputs)
        if self._bytes + size <= MOST_REMEMBERED:
            self._known[key] = outputs
            self._bytes += size
        return outputs


class ReadingBackend:
    """The memo's network with another description, behind `Backend`; `last` is what it said of the last picture."""

    def __init__(self, memo: OutputMemo, description: ModelDescription) -> None:
        self._memo = memo
        self._description = description
        self._decoder = CountingGraph(memo.network, description).cpu()
        self.last: Outputs = ()

    @property
    def description(self) -> ModelDescription:
        """What the outputs are taken to mean."""
        return self._description

    @torch.inference_mode()
    def run(self, picture: UInt8[np.ndarray, "height width 3"]) -> PatchMaps:
        """The maps of one RGB picture."""
        self.last = self._memo.outputs(picture)
        mean, argmax, variance = self._decoder.decode(self.last)
        return PatchMaps(mean=mean[0].numpy(), argmax=argmax[0].numpy(), variance=variance[0].numpy())


def with_proxies(description: ModelDescription, rule: ProxyRule, *, method: str, largest: float) -> ModelDescription:
    """The description with the other proxies for the same borders. It is learnt with mean proxies, whose own it keeps."""
    if rule == "mean":
        return description
    own = method_named(method).midpoints
    partitions = []
    for number, partition in enumerate(description.partitions):
        special = own(partition.borders) if own is not None and number == 0 else None
        proxies = special or midpoint_proxies(np.array([largest]), partition.borders)
        partitions.append(Partition(borders=partition.borders, proxies=proxies))
    return description.model_copy(update={"partitions": tuple(partitions)})


def class_gradient(
    outputs: Outputs, true: Float[np.ndarray, "rows columns"], partitions: tuple[Partition, ...]
) -> Float[np.ndarray, " patches"]:
    """Of each patch, the L1 norm of the cross entropy's derivative by the logits: |p - 1_c|_1 = 2 (1 - p_c).

    c is the class of the true count and p the softmax; the mean over the heads.
    """
    norms = []
    for head, partition in zip(outputs, partitions, strict=True):
        classes = torch.from_numpy(encode(true, partition.borders))[None, None]
        own = head.float().softmax(dim=1).gather(1, classes)
        norms.append((2.0 * (1.0 - own)).flatten().double().numpy())
    result: Float[np.ndarray, " patches"] = np.mean(norms, axis=0)
    return result


def square_gradient(
    predicted: Float[np.ndarray, "rows columns"], true: Float[np.ndarray, "rows columns"]
) -> Float[np.ndarray, " patches"]:
    """Of each patch, the derivative of the squared error by the predicted count: 2 |p - d|."""
    result: Float[np.ndarray, " patches"] = 2.0 * np.abs(predicted - true).ravel().astype(np.float64)
    return result
