"""What a presence branch learns alone, against a slow reference."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.toys import FOUR_AND_FIVE, toy_description, toy_network, toy_shape
from uepnet.training.config import SamplingConfig
from uepnet.training.objectives.presence import DeepestFeatures, PresenceAlone, PresenceLoss, inside, somebody_near
from uepnet.training.sampling import Batch, Sampler
from uepnet.training.targets import Crops


def test_near_is_within_so_many_patches_along_either_axis() -> None:
    occupied = torch.zeros(1, 9, 12, dtype=torch.bool)
    occupied[0, 4, 2] = True
    found = somebody_near(occupied, near=3)[0]
    assert found.nonzero().min(dim=0).values.tolist() == [1, 0]
    assert found.nonzero().max(dim=0).values.tolist() == [7, 5]
    assert int(found.sum()) == 7 * 6


def test_the_margin_of_a_crop_is_not_inside() -> None:
    crops = torch.zeros(2, 8, 10, dtype=torch.bool)
    assert inside(crops, near=2).sum(dim=(1, 2)).tolist() == [4 * 6, 4 * 6]
    assert not inside(crops, near=4).any()


def batch_of(counts: torch.Tensor, beyond: torch.Tensor) -> Batch:
    n = len(counts)
    crops = Crops(torch.zeros(n, 0, 2), torch.zeros(n, 0), torch.zeros(n, 0), torch.zeros(n, 2), torch.zeros(n, 2))
    return Batch(torch.zeros(n, 3, 8, 8), counts, beyond, crops)


def test_the_loss_by_a_slow_reference() -> None:
    random = torch.Generator().manual_seed(2)
    counts = torch.rand(3, 24, 30, generator=random) * (torch.rand(3, 24, 30, generator=random) < 0.003)
    counts[1], counts[2, 3, 25] = 0.01, 0.4
    beyond = torch.zeros(3, 24, 30, dtype=torch.bool)
    beyond[1, :, 26:] = True
    odds = torch.randn(3, 1, 24, 30, generator=random) * 3
    batch = replace(batch_of(counts, beyond), of_nobody=torch.tensor([False, True, False]))
    found = PresenceLoss(patch=8, least=0.05)((odds,), batch, patches=torch.tensor(500.0))
    errors = []
    for crop, row, column in np.ndindex(3, 24, 30):
        near = counts[crop, max(0, row - 8) : row + 9, max(0, column - 8) : column + 9]
        somebody = bool((near > 0.05).any())
        told = somebody or crop == 1 or (8 <= row < 16 and 8 <= column < 22)
        if told and not beyond[crop, row, column]:
            nobody = 1 / (1 + np.exp(-float(odds[crop, 0, row, column])))
            errors.append(-np.log(1 - nobody if somebody else nobody))
    assert 100 < len(errors) < 3 * 24 * 30
    assert float(found) == pytest.approx(np.sum(errors) / 500, rel=1e-5)


def test_nothing_to_judge_is_no_error() -> None:
    counts = torch.zeros(1, 8, 8)
    odds = torch.ones(1, 1, 8, 8, requires_grad=True)
    loss = PresenceLoss(patch=8, least=0.05)((odds,), batch_of(counts, counts == 0), patches=torch.tensor(1.0))
    loss.backward()
    assert float(loss.detach()) == 0.0
    assert odds.grad is not None
    assert not odds.grad.any()


def test_alone_it_gives_what_the_network_s_own_branch_gives() -> None:
    shape = toy_shape().model_copy(update={"presence": 3})
    network = toy_network(toy_description(network=shape, partitions=FOUR_AND_FIVE))
    assert network.presence is not None
    torch.nn.init.normal_(network.presence.judge.weight, generator=torch.Generator().manual_seed(1))
    deepest = torch.rand(1, 256, 4, 6).half()
    with torch.inference_mode():
        (found,) = PresenceAlone(network)(deepest)
        torch.testing.assert_close(found, network.presence(deepest.float()))
    network.presence = None
    with pytest.raises(ValueError, match="no presence branch"):
        PresenceAlone(network)


class Asked(Sampler):
    """Plain batches of noise, of which so many are different; notes which were made."""

    def __init__(self, batches: int | None) -> None:
        self.config = SamplingConfig(batches=batches)
        self.made: list[int] = []

    def batch(self, step: int, *, patch: int, rank: int = 0, size: int = 1) -> Batch:
        self.made.append(step)
        noise = torch.rand(2, 3, 32, 64, generator=torch.Generator().manual_seed(step))
        made = batch_of(torch.zeros(2, 4, 8), torch.zeros(2, 4, 8, dtype=torch.bool))
        return replace(made, pixels=noise)


@pytest.mark.parametrize(("batches", "made"), [(2, [0, 1]), (None, [0, 1, 2, 3])])
def test_the_encoder_answers_once_to_batches_that_come_again(batches: int | None, made: list[int]) -> None:
    network = toy_network(toy_description(network=toy_shape(), partitions=FOUR_AND_FIVE))
    sampler = Asked(batches)
    lessons = DeepestFeatures(sampler, network, precision="fp32")
    found = [lessons.batch(step, patch=8) for step in range(4)]
    assert sampler.made == made
    for step, batch in enumerate(found):
        with torch.inference_mode():
            expected = network.encoder(sampler.batch(step % (batches or 4), patch=8).pixels)[-1]
        assert not batch.pixels.requires_grad
        torch.testing.assert_close(batch.pixels, expected.half())
