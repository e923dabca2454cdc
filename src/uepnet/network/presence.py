"""Whether anybody is near: a wide look at a place, by which the heads' classes become those of a place with people or without.

A head sees a patch and what is close to it, and there a pebble may look like a face. What tells a beach from a crowd is further
around. So a small branch compares what the encoder's deepest features are like in a cell with what they are like on average in windows of
some 100 and 300 pixels, and gives the log odds z that nobody is near. What a head says then holds where somebody is:

    p'(c) = p(near) p(c)  for every class c with people,  p'(nobody) = 1 - p(near) + p(near) p(nobody),  p(near) = 1 / (1 + e^z).

In logits that adds softplus(z - log p(nobody)) to the class of nobody and changes no other, so that all that reads logits goes on as
it is. The features are taken as shares of their sum, and of these the roots: how strong a picture's contrast is matters little then,
as when looks are compared (`inference/familiarity.py`).
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from uepnet.network_shape import PRESENCE_CELL, PRESENCE_WINDOWS, NetworkShape

FAINT = 1.0
"""Sum of a place's features that is added to it, so that what is next to nothing does not become a noise of shares."""


class Presence(nn.Module):
    """The branch."""

    def __init__(self, incoming: int, *, shape: NetworkShape) -> None:
        super().__init__()
        self.pooled = PRESENCE_CELL // shape.deepest
        self.repeated = PRESENCE_CELL // shape.stride
        self.reduce = nn.Conv2d(incoming, shape.presence, 1)
        self.compare = nn.Conv2d((1 + len(PRESENCE_WINDOWS)) * shape.presence, shape.presence, 1)
        self.judge = nn.Conv2d(shape.presence, 1, 1)

    def forward(self, deepest: Float[Tensor, "n incoming rows columns"]) -> Float[Tensor, "n 1 rows2 columns2"]:
        """The log odds of every patch that nobody is near; `deepest` fills whole cells."""
        strength = functional.avg_pool2d(functional.relu(deepest), self.pooled)
        shares = strength / (strength.sum(dim=1, keepdim=True) + FAINT)
        own = functional.relu(self.reduce((shares * shares.shape[1] + 1e-4).sqrt()))
        around = [functional.avg_pool2d(own, side, 1, side // 2, count_include_pad=False) for side in PRESENCE_WINDOWS]
        nobody = self.judge(functional.relu(self.compare(torch.cat((own, *around), dim=1))))
        return functional.interpolate(nobody, scale_factor=float(self.repeated), mode="bilinear", align_corners=False)


def where_near(
    logits: Float[Tensor, "n classes rows columns"], nobody: Float[Tensor, "n 1 rows columns"]
) -> Float[Tensor, "n classes rows columns"]:
    """A head's logits, whose first class is nobody, with the log odds that nobody is near."""
    first = logits[:, :1]
    evidence = functional.softplus(nobody - (first - logits.logsumexp(dim=1, keepdim=True)))
    return torch.cat((first + evidence, logits[:, 1:]), dim=1)
