"""The loss by the name of its target: what is true of all of them."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
import torch

from uepnet.counting.partition import Partition
from uepnet.description import ModelDescription
from uepnet.network_shape import NetworkShape
from uepnet.training.config import IntervalConfig, ObjectiveConfig, Target, TrainingConfig
from uepnet.training.learnt import output_of
from uepnet.training.loss import Loss
from uepnet.training.objectives.bayesian import bayesian_loss
from uepnet.training.objectives.density import density_squared_error
from uepnet.training.objectives.distribution_matching import distribution_matching_loss
from uepnet.training.objectives.patch_error import patch_absolute_error
from uepnet.training.objectives.squared_error import squared_error
from uepnet.training.objectives.zero_inflated import zero_inflated_loss
from uepnet.training.sampling import Batch
from uepnet.training.targets import Crops, beyond_picture, local_counts, point_counts, points_inside

TARGETS: tuple[Target, ...] = get_args(Target)
PARTITION = Partition(borders=(1.0, 2.0), proxies=(0.0, 1.0, 2.5))
SIDE = 64


def made(target: Target, *, stride: int = 8, weight: float = 1.0, method: str = "uep") -> tuple[Loss, tuple[int, ...]]:
    """The loss of a target, and how many values each head gives."""
    config = TrainingConfig(
        name="a",
        steps=1,
        network=NetworkShape.model_validate({"stride": stride}),
        objective=ObjectiveConfig(target=target, weight=weight),
        intervals=IntervalConfig(method=method, heads="single"),
    )
    description = ModelDescription(
        name="a",
        network=config.network,
        output=output_of(config),
        partitions=(PARTITION,) if target == "classes" else (),
        mean=(0.5,) * 3,
        std=(0.2,) * 3,
    )
    return Loss(config.objective, description, device=torch.device("cpu")), description.channels


def batch_of(crops: Crops, *, patch: int) -> Batch:
    """Crops of 64 x 64 pixels."""
    size = {"patch": patch, "rows": SIDE // patch, "columns": SIDE // patch}
    pixels = torch.zeros(len(crops.xy), 3, SIDE, SIDE)
    return Batch(pixels, counts=local_counts(crops, **size), beyond=beyond_picture(crops, **size), crops=crops)


def crops_of(heads: tuple[int, ...], *, seed: int = 0) -> Crops:
    """Crops with so many heads each; the picture ends 40 pixels below the crops' upper edge and goes on elsewhere."""
    random = np.random.default_rng(seed)
    xy = random.uniform((0, 0), (160, 40), (len(heads), max(*heads, 1), 2))
    weight = np.arange(xy.shape[1]) < np.array(heads)[:, None]
    return Crops(
        xy=torch.tensor(xy, dtype=torch.float32),
        sigma=torch.tensor(random.uniform(1, 9, xy.shape[:2]), dtype=torch.float32),
        weight=torch.tensor(weight, dtype=torch.float32),
        extent=torch.tensor([[160.0, 40.0]] * len(heads)),
        corner=torch.tensor([[48.0, 0.0]] * len(heads)),
    )


def values_of(channels: tuple[int, ...], *, crops: int, patch: int) -> list[torch.Tensor]:
    random = torch.Generator().manual_seed(0)
    return [torch.randn(crops, count, SIDE // patch, SIDE // patch, generator=random) for count in channels]


@pytest.mark.parametrize("stride", [8, 16, 32])
@pytest.mark.parametrize("target", TARGETS)
def test_crowds_and_nobody_have_a_finite_loss_and_slope(target: Target, stride: int) -> None:
    loss, channels = made(target, stride=stride)
    for heads in ((20, 0), (0, 0), (3000, 1)):
        batch = batch_of(crops_of(heads), patch=stride)
        values = [value.requires_grad_() for value in values_of(channels, crops=2, patch=stride)]
        value = loss(values, batch, patches=(~batch.beyond).sum().float())
        gradients = torch.autograd.grad(value, values)
        assert torch.isfinite(value)
        assert all(torch.isfinite(gradient).all() for gradient in gradients)
        beyond = batch.beyond[:, None].expand_as(gradients[0])
        assert not gradients[0][beyond].any(), "what lies beyond the picture teaches nothing"


@pytest.mark.parametrize("target", TARGETS)
def test_a_mirrored_batch_costs_the_same(target: Target) -> None:
    loss, channels = made(target)
    crops = crops_of((30, 4))
    mirrored = replace(
        crops,
        xy=crops.xy * torch.tensor([-1.0, 1.0]) + torch.tensor([160.0, 0.0]),
        corner=torch.tensor([[160.0 - 48.0 - SIDE, 0.0]] * 2),
    )
    values = values_of(channels, crops=2, patch=8)
    flipped = [value.flip(3) for value in values]
    if target == "density-mse":
        flipped = [value.unflatten(1, (2, 2)).flip(2).flatten(1, 2) for value in flipped]
    patches = torch.tensor(80.0)
    expected = float(loss(values, batch_of(crops, patch=8), patches=patches))
    assert float(loss(flipped, batch_of(mirrored, patch=8), patches=patches)) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("target", TARGETS)
def test_the_loss_is_per_patch_and_by_its_weight(target: Target) -> None:
    batch = batch_of(crops_of((12,)), patch=8)
    (plain, channels), (heavy, _) = made(target), made(target, weight=5.0)
    values = values_of(channels, crops=1, patch=8)
    one = float(plain(values, batch, patches=torch.tensor(40.0)))
    assert float(heavy(values, batch, patches=torch.tensor(40.0))) == pytest.approx(5.0 * one, rel=1e-6)
    assert float(plain(values, batch, patches=torch.tensor(80.0))) == pytest.approx(one / 2.0, rel=1e-6)


@pytest.mark.parametrize("stride", [8, 16])
@pytest.mark.parametrize("target", [target for target in TARGETS if target != "classes"])
def test_a_target_is_its_objective_with_the_settings_of_its_paper(target: Target, stride: int) -> None:
    """The constants are those of docs/objectives.md, and each is given the counts that it is about."""
    loss, channels = made(target, stride=stride)
    batch = batch_of(crops_of((20, 3)), patch=stride)
    values = values_of(channels, crops=2, patch=stride)
    patches = (~batch.beyond).sum().float()
    size = {"patch": stride, "rows": SIDE // stride, "columns": SIDE // stride}
    points = points_inside(batch.crops, **size)
    whole = point_counts(points, **size)
    assert not torch.allclose(whole, batch.counts), "points and Gaussians differ, so that an exchange shows"
    inside = (~batch.beyond)[:, None].float()
    densities = values[0].relu() * inside
    people = densities.mean(dim=1)
    expected = {
        "mse": lambda: squared_error(people, batch.counts, patches=patches),
        "density-mse": lambda: density_squared_error(densities, batch.crops, patch=stride, patches=patches),
        "bayesian": lambda: bayesian_loss(people, points, patch=stride, sigma=8.0, background=0.15, patches=patches),
        "dm-count": lambda: distribution_matching_loss(
            people, points, patch=stride, transport_weight=0.1, variation_weight=0.01, patches=patches
        ),
        "zip": lambda: zero_inflated_loss(values[0], whole, beyond=batch.beyond, patches=patches),
        "patch-l1": lambda: patch_absolute_error(people, batch.counts, block=64 // stride, patches=patches),
    }[target]()
    assert float(loss(values, batch, patches=patches)) == pytest.approx(float(expected), rel=1e-5)
    if target == "density-mse":
        assert channels == ((stride // 4) ** 2,)


@pytest.mark.parametrize("stride", [8, 16])
def test_the_blocks_of_the_absolute_error_are_64_pixels_at_every_stride(stride: int) -> None:
    loss, _ = made("patch-l1", stride=stride)
    side = 128 // stride
    crops = replace(crops_of((0,)), extent=torch.tensor([[128.0, 128.0]]), corner=torch.zeros(1, 2))
    random = torch.Generator().manual_seed(0)
    people, counts = torch.rand(2, 1, side, side, generator=random)
    beyond = beyond_picture(crops, patch=stride, rows=side, columns=side)
    batch = Batch(torch.zeros(1, 3, 128, 128), counts=counts, beyond=beyond, crops=crops)
    patches = torch.tensor(1.0)
    found = float(loss([people[:, None]], batch, patches=patches))
    by_side = {
        pixels: float(patch_absolute_error(people, counts, block=pixels // stride, patches=patches))
        for pixels in (32, 64, 128)
    }
    assert found == pytest.approx(by_side.pop(64))
    assert all(found != pytest.approx(other) for other in by_side.values())


def test_integer_classes_are_of_points() -> None:
    """A head on the border of two patches is half in each as a Gaussian, and wholly in one as a point."""
    crops = crops_of((1,))
    crops = replace(crops, xy=torch.tensor([[[64.0, 20.0]]]), sigma=torch.ones(1, 1))
    batch = batch_of(crops, patch=8)
    sure = torch.full((1, 3, 8, 8), -50.0)
    sure[:, 0] = 50.0
    sure[0, :, 2, 2] = torch.tensor([-50.0, 50.0, -50.0])
    patches = torch.tensor(40.0)
    assert float(made("classes", method="integer")[0]([sure], batch, patches=patches)) < 1e-6
    assert float(made("classes")[0]([sure], batch, patches=patches)) > 1.0
