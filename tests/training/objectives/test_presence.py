"""What a presence branch learns alone, against a slow reference."""

import numpy as np
import pytest
import torch

from tests.toys import FOUR_AND_FIVE, toy_description, toy_network, toy_shape
from uepnet.training.objectives.presence import PresenceAlone, PresenceLoss, inside, somebody_near
from uepnet.training.sampling import Batch
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
    beyond = torch.zeros(3, 24, 30, dtype=torch.bool)
    beyond[1, :, 26:] = True
    odds = torch.randn(3, 1, 24, 30, generator=random) * 3
    found = PresenceLoss(patch=8, least=0.05)((odds,), batch_of(counts, beyond), patches=torch.tensor(1.0))
    errors = []
    for crop, row, column in np.ndindex(3, 24, 30):
        near = counts[crop, max(0, row - 8) : row + 9, max(0, column - 8) : column + 9]
        somebody = bool((near > 0.05).any())
        told = somebody or (8 <= row < 16 and 8 <= column < 22)
        if told and not beyond[crop, row, column]:
            nobody = 1 / (1 + np.exp(-float(odds[crop, 0, row, column])))
            errors.append(-np.log(1 - nobody if somebody else nobody))
    assert 100 < len(errors) < 3 * 24 * 30
    assert float(found) == pytest.approx(np.mean(errors), rel=1e-5)


def test_nothing_to_judge_is_no_error() -> None:
    counts = torch.zeros(1, 8, 8)
    odds = torch.ones(1, 1, 8, 8, requires_grad=True)
    loss = PresenceLoss(patch=8, least=0.05)((odds,), batch_of(counts, counts > 0), patches=torch.tensor(1.0))
    loss.backward()  # type: ignore[no-untyped-call]
    assert float(loss.detach()) == 0.0
    assert odds.grad is not None and not odds.grad.any()


def test_alone_it_gives_what_the_network_s_own_branch_gives() -> None:
    shape = toy_shape().model_copy(update={"presence": 3})
    network = toy_network(toy_description(network=shape, partitions=FOUR_AND_FIVE))
    assert network.presence is not None
    torch.nn.init.normal_(network.presence.judge.weight, generator=torch.Generator().manual_seed(1))
    pictures = torch.rand(1, 3, 64, 96)
    with torch.inference_mode():
        (found,) = PresenceAlone(network)(pictures)
        torch.testing.assert_close(found, network.presence(network.encoder(pictures)[-1]))
    network.presence = None
    with pytest.raises(ValueError, match="no presence branch"):
        PresenceAlone(network)
