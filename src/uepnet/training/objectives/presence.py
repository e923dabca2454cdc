"""What a presence branch learns alone: whether anybody is near a patch."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from uepnet.network.uepnet import UEPNet
from uepnet.training.sampling import Batch

NEAR = 64
"""Pixels, along either axis, within which a person is near a patch."""


class PresenceAlone(nn.Module):
    """A network as it is called while its presence branch learns alone: without decoder and heads, whose time is saved."""

    def __init__(self, network: UEPNet) -> None:
        super().__init__()
        if network.presence is None:
            raise ValueError("the network has no presence branch")
        self.encoder = network.encoder
        self.presence = network.presence

    def forward(self, pictures: Float[Tensor, "n 3 height width"]) -> tuple[Float[Tensor, "n 1 rows columns"]]:
        """The log odds of every patch that nobody is near."""
        return (self.presence(self.encoder(pictures)[-1]),)


class PresenceLoss:
    """Binary cross entropy of the branch's log odds, in nats per patch that can be judged.

    `least` is the local count from which a patch holds a part of somebody.
    """

    def __init__(self, *, patch: int, least: float) -> None:
        self.near = NEAR // patch
        self.least = least

    def __call__(
        self, values: tuple[Float[Tensor, "n 1 rows columns"]], batch: Batch, *, patches: Float[Tensor, ""]
    ) -> Float[Tensor, ""]:
        """`patches` is not used: of how many are judged every process has its own number."""
        somebody = somebody_near(batch.counts > self.least, near=self.near)
        wanted = (~somebody).float()
        judged = (~batch.beyond) & (somebody | inside(batch.beyond, near=self.near))
        errors = functional.binary_cross_entropy_with_logits(values[0][:, 0].float(), wanted, reduction="none")
        return (errors * judged).sum() / judged.sum().clamp_min(1)


def somebody_near(
    occupied: Bool[Tensor, "n rows columns"], *, near: int
) -> Bool[Tensor, "n rows columns"]:
    """Whether a patch that is at most `near` patches away along either axis is occupied."""
    side = 2 * near + 1
    return functional.max_pool2d(occupied[:, None].float(), side, 1, near)[:, 0] > 0


def inside(crops: Bool[Tensor, "n rows columns"], *, near: int) -> Bool[Tensor, "n rows columns"]:
    """Which patches are further than `near` from the crop's border, beyond which somebody may be whom nobody tells of."""
    found = torch.zeros_like(crops, dtype=torch.bool)
    found[:, near : crops.shape[1] - near, near : crops.shape[2] - near] = True
    return found
