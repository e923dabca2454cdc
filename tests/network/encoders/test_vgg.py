"""VGG's blocks, against the literal chain of layers."""

import torch
from torch.nn import functional

from uepnet.network.encoders import build_encoder


def test_a_vgg_feature_is_the_literal_chain_of_layers() -> None:
    torch.manual_seed(0)
    encoder = build_encoder("vgg16", deepest=8)
    pictures = torch.rand(1, 3, 32, 32)
    x = pictures
    weights = dict(encoder.named_parameters())
    for block, depth in enumerate((2, 2, 3)):
        for position in range(1, depth + 1):
            name = f"blocks.{block}.conv{position}"
            x = functional.conv2d(x, weights[f"{name}.weight"], weights[f"{name}.bias"], padding=1).relu()
        x = x.unfold(2, 2, 2).unfold(3, 2, 2).amax(dim=(4, 5))
    torch.testing.assert_close(encoder(pictures)[0], x)
