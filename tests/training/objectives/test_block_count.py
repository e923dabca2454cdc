"""The loss on blocks of patches against a plain loop."""

import math

import pytest
import torch

from uepnet.training.objectives.block_count import block_count_loss


def test_it_is_the_sum_over_blocks() -> None:
    random = torch.Generator().manual_seed(0)
    counts = torch.rand(2, 5, 7, generator=random) * 3
    beyond = torch.zeros(2, 5, 7, dtype=torch.bool)
    beyond[0, 3:] = True
    proxies = [torch.tensor([0.0, 0.4, 2.0]), torch.tensor([0.0, 0.2, 0.9, 3.0])]
    logits = [torch.randn(2, len(p), 5, 7, generator=random) for p in proxies]
    total = 0.0
    for n in range(2):
        for top in range(0, 5, 3):
            for left in range(0, 7, 3):
                expected = true = 0.0
                for r in range(top, min(top + 3, 5)):
                    for c in range(left, min(left + 3, 7)):
                        if beyond[n, r, c]:
                            continue
                        true += float(counts[n, r, c])
                        for head, head_proxies in zip(logits, proxies, strict=True):
                            weights = [math.exp(value) for value in head[n, :, r, c].tolist()]
                            mean = sum(w * p for w, p in zip(weights, head_proxies.tolist(), strict=True)) / sum(
                                weights
                            )
                            expected += mean / 2
                total += abs(expected - true) / math.sqrt(1.0 + true)
    patches = (~beyond).sum().float()
    loss = block_count_loss(logits, counts, proxies=proxies, beyond=beyond, block=3, patches=patches)
    assert float(loss) == pytest.approx(total / float(patches), rel=1e-5)


def test_it_pulls_a_wrong_count_and_leaves_a_right_one() -> None:
    """The gradient of a block that expects too many lowers the logits of the higher classes."""
    proxies = [torch.tensor([0.0, 1.0])]
    beyond = torch.zeros(1, 1, 1, dtype=torch.bool)
    logits = torch.zeros(1, 2, 1, 1, requires_grad=True)
    for true, sign in ((0.25, 1.0), (0.75, -1.0)):
        loss = block_count_loss(
            [logits], torch.full((1, 1, 1), true), proxies=proxies, beyond=beyond, block=4, patches=torch.tensor(1.0)
        )
        (gradient,) = torch.autograd.grad(loss, logits)
        assert torch.sign(gradient[0, 1, 0, 0]) == sign
    exact = block_count_loss(
        [logits], torch.full((1, 1, 1), 0.5), proxies=proxies, beyond=beyond, block=4, patches=torch.tensor(1.0)
    )
    assert float(exact.detach()) == 0.0
