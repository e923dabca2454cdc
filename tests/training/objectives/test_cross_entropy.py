"""The loss against a plain loop over heads and patches."""

import math

import pytest
import torch

from uepnet.training.objectives.cross_entropy import interval_cross_entropy


def test_it_is_the_mean_over_patches_summed_over_heads() -> None:
    random = torch.Generator().manual_seed(0)
    counts = torch.rand(2, 3, 4, generator=random) * 3
    beyond = torch.zeros(2, 3, 4, dtype=torch.bool)
    beyond[0, 2] = True
    borders = [torch.tensor([0.1, 1.0]), torch.tensor([0.1, 0.5, 2.0])]
    logits = [torch.randn(2, len(b) + 1, 3, 4, generator=random) for b in borders]
    expected = 0.0
    for head, head_borders in zip(logits, borders, strict=True):
        losses = []
        for n, r, c in (~beyond).nonzero().tolist():
            values = head[n, :, r, c].tolist()
            target = sum(float(border) <= float(counts[n, r, c]) for border in head_borders)
            losses.append(math.log(sum(math.exp(value) for value in values)) - values[target])
        expected += sum(losses) / len(losses)
    loss = interval_cross_entropy(logits, counts, borders=borders, beyond=beyond, patches=(~beyond).sum().float())
    assert float(loss) == pytest.approx(expected, rel=1e-5)
