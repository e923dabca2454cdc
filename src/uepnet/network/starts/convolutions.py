"""The names of an encoder's convolutions."""

import torch
from torch import nn

from uepnet.network.encoders import build_encoder


def convolutions(encoder: str) -> list[str]:
    """To stride 32, in the order in which a picture meets them.

    >>> convolutions("shufflenet-v2")[:3]
    ['stem', 'stage2.0.b1dw', 'stage2.0.b1pw']
    """
    with torch.device("meta"):
        whole = build_encoder(encoder, deepest=32)
    return [name for name, module in whole.named_modules() if isinstance(module, nn.Conv2d)]
