"""The loss on blocks of patches against a plain loop."""

import math
from collections.abc import Callable

import pytest
import torch

from uepnet.training.config import CountError
from uepnet.training.objectives.block_count import block_count_loss, expected_counts


def _absolute(expected: float, true: float) -> float:
    return abs(expected - true) / math.sqrt(1.0 + true)


def _tweedie(expected: float, true: float) -> float:
    """Half the deviance of power 1.5 between 1 + true and 1 + expected, by its textbook form."""
    y, mean, power = 1.0 + true, 1.0 + expected, 1.5
    return (
        y ** (2 - power) / ((1 - power) * (2 - power))
        - y * mean ** (1 - power) / (1 - power)
        + mean ** (2 - power) / (2 - power)
    )


@pytest.mark.parametrize(("error", "measure"), [("absolute", _absolute), ("tweedie", _tweedie)])
def test_it_is_the_sum_over_blocks(error: CountError, measure: Callable[[float, float], float]) -> None:
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
                total += measure(expected, true)
    patches = (~beyond).sum().float()
    loss = block_count_loss(
        expected_counts(logits, proxies), counts, beyond=beyond, block=3, patches=patches, error=error
    )
    assert float(loss) == pytest.approx(total / float(patches), rel=1e-5)


@pytest.mark.parametrize(("error", "below"), [("absolute", True), ("tweedie", False)])
def test_where_it_is_unsure_the_best_answer_is_the_mean_or_below(error: CountError, below: bool) -> None:
    """A block that holds 0, 1 or 8 people, equally likely: 3 on average."""
    true = torch.tensor([0.0, 1.0, 8.0]).view(3, 1, 1)
    answers = torch.linspace(0.1, 9.9, 99)
    losses = [
        block_count_loss(
            answer.expand(3, 1, 1),
            true,
            beyond=torch.zeros(3, 1, 1, dtype=torch.bool),
            block=1,
            patches=torch.tensor(3.0),
            error=error,
        )
        for answer in answers
    ]
    best = float(answers[int(torch.stack(losses).argmin())])
    assert best == pytest.approx(1.0 if below else 3.0, abs=0.051)


@pytest.mark.parametrize("error", ["absolute", "tweedie"])
def test_it_pulls_a_wrong_count_and_leaves_a_right_one(error: CountError) -> None:
    """The gradient of a block that expects too many lowers the logits of the higher classes."""
    proxies = [torch.tensor([0.0, 1.0])]
    beyond = torch.zeros(1, 1, 1, dtype=torch.bool)
    logits = torch.zeros(1, 2, 1, 1, requires_grad=True)
    for true, sign in ((0.25, 1.0), (0.75, -1.0)):
        loss = block_count_loss(
            expected_counts([logits], proxies),
            torch.full((1, 1, 1), true),
            beyond=beyond,
            block=4,
            patches=torch.tensor(1.0),
            error=error,
        )
        (gradient,) = torch.autograd.grad(loss, logits)
        assert torch.sign(gradient[0, 1, 0, 0]) == sign
    exact = block_count_loss(
        expected_counts([logits], proxies),
        torch.full((1, 1, 1), 0.5),
        beyond=beyond,
        block=4,
        patches=torch.tensor(1.0),
        error=error,
    )
    assert float(exact.detach()) == 0.0
