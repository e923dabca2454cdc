"""The decoder stops at the output stride, and merges as the paper describes."""

import pytest
import torch
from torch.nn import functional

from uepnet.network.decoder import Decoder, Merge

CHANNELS = {8: 6, 16: 10, 32: 12}


def features(side: int = 64) -> tuple[torch.Tensor, ...]:
    torch.manual_seed(0)
    return tuple(torch.randn(2, channels, side // stride, side // stride) for stride, channels in CHANNELS.items())


@pytest.mark.parametrize(("stride", "merges", "channels"), [(8, 2, 7), (16, 1, 7), (32, 0, 12)])
def test_the_output_has_the_stride_asked_for(stride: int, merges: int, channels: int) -> None:
    decoder = Decoder(CHANNELS, stride=stride, decoder_channels=5, merge_channels=7)
    assert len(decoder.merges) == merges
    assert decoder.out_channels == channels
    assert tuple(decoder(features()).shape) == (2, channels, 64 // stride, 64 // stride)


def test_without_merges_the_deepest_features_come_out_unchanged() -> None:
    decoder = Decoder(CHANNELS, stride=32, decoder_channels=5, merge_channels=7)
    torch.testing.assert_close(decoder(features()), features()[-1], rtol=0, atol=0)


def test_a_merge_is_its_equation() -> None:
    """Bilinear x2 -> conv, ReLU -> concatenate -> twice conv, ReLU; the enlargement written out as sums of neighbours."""
    merge = Merge(12, 10, channels=5, merged=7)
    deep, skip = features()[2], features()[1]
    enlarged = _doubled(_doubled(deep, dim=2), dim=3)
    x = functional.conv2d(enlarged, merge.reduce.weight, merge.reduce.bias, padding=1).relu()
    x = torch.cat((x, skip), dim=1)
    for layer in (merge.merge1, merge.merge2):
        x = functional.conv2d(x, layer.weight, layer.bias, padding=1).relu()
    torch.testing.assert_close(merge(deep, skip), x)


def _doubled(values: torch.Tensor, *, dim: int) -> torch.Tensor:
    """Each value twice, three quarters of it and one quarter of the neighbour on that side (itself at the edge)."""
    last = values.shape[dim] - 1
    index = torch.arange(last + 1)
    before = values.index_select(dim, (index - 1).clamp_min(0))
    after = values.index_select(dim, (index + 1).clamp_max(last))
    pairs = torch.stack((0.75 * values + 0.25 * before, 0.75 * values + 0.25 * after), dim=dim + 1)
    return pairs.flatten(dim, dim + 1)


def test_a_stride_that_the_encoder_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\[32, 16, 8\].*stride 4"):
        Decoder(CHANNELS, stride=4, decoder_channels=5, merge_channels=7)
