"""What a presence branch learns alone: whether anybody is near a patch."""

from dataclasses import replace

import torch
from jaxtyping import Bool, Float, Float16
from torch import Tensor, nn
from torch.nn import functional

from uepnet.network.arithmetic import Precision, autocast
from uepnet.network.uepnet import UEPNet
from uepnet.training.sampling import Batch, Sampler

NEAR = 64
"""Pixels, along either axis, within which a person is near a patch."""


class DeepestFeatures:
    """A sampler's batches with the encoder's deepest features in place of the pixels, which is what the branch sees.

    Where there are so many `batches` and no more, each is made once and kept, as fp16.
    """

    def __init__(self, sampler: Sampler, network: UEPNet, *, precision: Precision) -> None:
        self.sampler = sampler
        self._encoder = network.encoder
        self._precision = precision
        self._batches = sampler.config.batches
        self._kept: dict[int, Batch] = {}

    def batch(self, step: int, *, patch: int, rank: int = 0, size: int = 1) -> Batch:
        """The batch of one step, or a process's part of it; see `Sampler.batch`."""
        if self._batches is None:
            return self._made(self.sampler.batch(step, patch=patch, rank=rank, size=size))
        number = step % self._batches
        if number not in self._kept:
            self._kept[number] = self._made(self.sampler.batch(number, patch=patch, rank=rank, size=size))
        return self._kept[number]

    @torch.no_grad()
    def _made(self, batch: Batch) -> Batch:
        with autocast(batch.pixels.device, self._precision):
            return replace(batch, pixels=self._encoder(batch.pixels)[-1].half())


class PresenceAlone(nn.Module):
    """A network as it is called while its presence branch learns alone: from the encoder's deepest features on, without decoder
    and heads, whose time is saved.
    """

    def __init__(self, network: UEPNet) -> None:
        super().__init__()
        if network.presence is None:
            raise ValueError("the network has no presence branch")
        self.presence = network.presence

    def forward(
        self, deepest: Float16[Tensor, "n channels rows2 columns2"]
    ) -> tuple[Float[Tensor, "n 1 rows columns"]]:
        """The log odds of every patch that nobody is near."""
        return (self.presence(deepest.float()),)


class PresenceLoss:
    """Binary cross entropy of the branch's log odds, in nats per patch.

    `least` is the local count from which a patch holds a part of somebody. Beyond a crop's border may be somebody, so patches there are
    left out if nobody is near them inside, but for pictures of nobody: these are judged to the border, as whole pictures will be.
    """

    def __init__(self, *, patch: int, least: float) -> None:
        self.near = NEAR // patch
        self.least = least

    def __call__(
        self,
        values: tuple[Float[Tensor, "n 1 rows columns"]],
        batch: Batch,
        *,
        patches: Float[Tensor, ""],
    ) -> Float[Tensor, ""]:
        """Divided by `patches`, as every loss: their number here, or, if processes share a batch, the mean of their numbers."""
        somebody = somebody_near(batch.counts >= self.least, near=self.near)
        wanted = (~somebody).float()
        told = somebody | inside(batch.beyond, near=self.near)
        if batch.of_nobody is not None:
            told = told | batch.of_nobody[:, None, None]
        judged = told & ~batch.beyond
        errors = functional.binary_cross_entropy_with_logits(values[0][:, 0].float(), wanted, reduction="none")
        return (errors * judged).sum() / patches


def somebody_near(occupied: Bool[Tensor, "n rows columns"], *, near: int) -> Bool[Tensor, "n rows columns"]:
    """Whether a patch that is at most `near` patches away along either axis is occupied."""
    side = 2 * near + 1
    return functional.max_pool2d(occupied[:, None].float(), side, 1, near)[:, 0] > 0


def inside(crops: Bool[Tensor, "n rows columns"], *, near: int) -> Bool[Tensor, "n rows columns"]:
    """Which patches are further than `near` from the crop's border, beyond which somebody may be whom nobody tells of."""
    found = torch.zeros_like(crops, dtype=torch.bool)
    found[:, near : crops.shape[1] - near, near : crops.shape[2] - near] = True
    return found
