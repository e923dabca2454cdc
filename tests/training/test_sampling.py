"""Crops: the right pixels with the right heads, the same for the same step."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from uepnet.counting.local_counts import local_counts
from uepnet.description import TrainingData
from uepnet.points import HeadPoints
from uepnet.training.config import SamplingConfig
from uepnet.training.sampling import Sampler, SamplerAhead
from uepnet.training.store import PictureStore, StoredPicture

MEAN, STD = (0.5, 0.5, 0.5), (1.0, 1.0, 1.0)


def store_of(*pictures: StoredPicture) -> PictureStore:
    """A store with one data set."""
    data = TrainingData(data_set="test", split="train", pictures=len(pictures), heads=0, digest="")
    return PictureStore((pictures,), (1.0,), (data,), np.zeros(1))


def dotted(*, width: int, height: int, seed: int, heads: int) -> StoredPicture:
    """A black picture with a white 8x8 square around each head, the squares in whole patches of a grid."""
    random = np.random.default_rng(seed)
    cells = [(c, r) for c in range(1, width // 16 - 1) for r in range(1, height // 16 - 1)]
    chosen = [cells[i] for i in random.choice(len(cells), heads, replace=False)]
    pixels = torch.zeros(3, height, width, dtype=torch.uint8)
    for column, row in chosen:
        pixels[:, row * 16 : row * 16 + 16, column * 16 : column * 16 + 16] = 255
    xy = torch.tensor([(c * 16 + 8.0, r * 16 + 8.0) for c, r in chosen]).reshape(-1, 2)
    return StoredPicture(pixels=pixels, xy=xy, sigma=torch.full((heads,), 1.5))


PLAIN = SamplingConfig(crop=64, batch=4, scale=(1.0, 1.0), mirror=False, photometric=0.0, grey=0.0)


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("scale", [(1.0, 1.0), (0.5, 0.5), (1.5, 1.5), (0.3, 1.3)])
def test_heads_stay_on_their_pixels(mirror: bool, scale: tuple[float, float]) -> None:
    sampler = Sampler(
        store_of(dotted(width=320, height=256, seed=1, heads=40)),
        PLAIN.model_copy(update={"mirror": mirror, "scale": scale, "batch": 8}),
        mean=MEAN,
        std=STD,
        seed=3,
    )
    white = total = 0.0
    for step in range(6):
        batch = sampler.batch(step, patch=8)
        pixels = torch.nn.functional.avg_pool2d(batch.pixels.mean(1, keepdim=True) + 0.5, 8)[:, 0]
        white += float((batch.counts * pixels).sum())
        total += float(batch.counts.sum())
    assert total > 20
    assert white / total > 0.5, "most of the people lie on the white squares that were drawn around them"


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("scale", [0.5, 1.0, 1.5])
def test_targets_are_local_counts_of_the_resized_picture(mirror: bool, scale: float) -> None:
    """A crop of the whole resized picture, so that nothing about it is left to chance but the mirroring."""
    random = np.random.default_rng(0)
    xy, sigma = random.uniform(0, 128, (30, 2)), random.uniform(4, 16, 30)
    picture = StoredPicture(
        pixels=torch.zeros(3, 128, 128, dtype=torch.uint8),
        xy=torch.tensor(xy, dtype=torch.float32),
        sigma=torch.tensor(sigma, dtype=torch.float32),
    )
    side = int(128 * scale)
    config = PLAIN.model_copy(update={"crop": side, "scale": (scale, scale), "mirror": mirror, "batch": 8})
    counts = Sampler(store_of(picture), config, mean=MEAN, std=STD, seed=0).batch(0, patch=8).counts.numpy()
    points = HeadPoints(xy, width=128, height=128).scale(width=side, height=side)
    plain = local_counts(points, sigma * scale, patch=8)
    for crop in counts:
        error = min(abs(crop - plain).max(), abs(crop - plain[:, ::-1]).max() if mirror else np.inf)
        assert error < 1e-5


@pytest.mark.parametrize("scale", [0.3, 0.77, 1.0195, 1.02675, 1.33, 1.55])
def test_a_crop_inside_a_large_picture_is_filled(scale: float) -> None:
    picture = StoredPicture(torch.full((3, 1100, 1100), 255, dtype=torch.uint8), torch.zeros(0, 2), torch.zeros(0))
    config = PLAIN.model_copy(update={"crop": 288, "scale": (scale, scale)})
    batch = Sampler(store_of(picture), config, mean=MEAN, std=STD, seed=0).batch(0, patch=8)
    assert batch.pixels.min() == pytest.approx(0.5)


def test_counts_of_whole_picture_are_its_heads() -> None:
    picture = dotted(width=64, height=64, seed=0, heads=4)
    batch = Sampler(store_of(picture), PLAIN, mean=MEAN, std=STD, seed=0).batch(0, patch=8)
    assert batch.counts.sum(dim=(1, 2)).tolist() == pytest.approx([4.0] * 4, abs=1e-4)


def test_picture_smaller_than_crop_is_padded_and_marked() -> None:
    picture = dotted(width=64, height=48, seed=0, heads=2)
    config = PLAIN.model_copy(update={"crop": 96})
    batch = Sampler(store_of(picture), config, mean=MEAN, std=STD, seed=0).batch(0, patch=8)
    assert batch.beyond[0].sum().item() == 12 * 12 - 8 * 6
    assert batch.counts[batch.beyond].abs().max() == 0
    assert batch.pixels[:, :, 48:, :].abs().max() == 0, "padding has the mean colour, which is 0 after normalisation"


def test_same_step_gives_same_batch_and_another_another() -> None:
    store = store_of(dotted(width=320, height=256, seed=1, heads=40))
    config = SamplingConfig(crop=64, batch=2)
    first, again = (Sampler(store, config, mean=MEAN, std=STD, seed=5) for _ in range(2))
    first.batch(0, patch=8)
    assert torch.equal(first.batch(9, patch=8).pixels, again.batch(9, patch=8).pixels)
    assert not torch.equal(first.batch(9, patch=8).pixels, first.batch(10, patch=8).pixels)


def one_by_one(sampler: Sampler, step: int) -> tuple[torch.Tensor, list[tuple[torch.Tensor, torch.Tensor]]]:
    """The crops of a step as they read in the plainest way, each by itself: cut, resize, colour, mirror, pad."""
    settings, crops, heads = sampler.config, [], []
    for cut, change in sampler.choose(step):
        picture = cut.picture.pixels[None, :, cut.down.source, cut.across.source].float()
        size = (cut.down.length, cut.across.length)
        pixels = torch.nn.functional.interpolate(picture, size, mode="bilinear", antialias=True)[0] / 255.0
        if change.grey:
            red, green, blue = pixels
            pixels = (0.299 * red + 0.587 * green + 0.114 * blue).expand(3, -1, -1)
        if settings.photometric:
            pixels = pixels.clamp(1e-4, 1.0) ** change.gamma * torch.tensor(change.cast).view(3, 1, 1)
            middle = pixels.mean()
            pixels = ((pixels - middle) * change.contrast + middle + change.brightness).clamp(0.0, 1.0)
        factor = torch.tensor([cut.across.factor, cut.down.factor])
        xy, sigma = cut.picture.xy * factor, cut.picture.sigma * float(factor.prod().sqrt())
        corner = torch.tensor([cut.across.corner, cut.down.corner])
        if cut.mirrored:
            pixels = pixels.flip(2)
            xy[:, 0] = cut.across.extent - xy[:, 0]
            corner[0] = cut.across.extent - cut.across.corner - cut.across.length
        normal = (pixels - sampler.mean) / sampler.std
        crops.append(torch.nn.functional.pad(normal, (0, cut.across.side - size[1], 0, cut.down.side - size[0])))
        reach = 6 * sigma[:, None]
        sides = torch.tensor([cut.across.side, cut.down.side])
        near = ((xy > corner - reach) & (xy < corner + sides + reach)).all(dim=1)
        heads.append((xy[near], sigma[near]))
    return torch.stack(crops), heads


@pytest.mark.parametrize("changes", [{}, {"photometric": 0.0}, {"scale": (0.3, 0.6)}, {"scale": (1.5, 3.0)}])
def test_a_batch_is_its_crops_made_one_by_one(changes: dict[str, object]) -> None:
    random = np.random.default_rng(0)
    pictures = []
    for width, height in ((320, 256), (150, 200), (97, 131)):
        pixels = torch.from_numpy(random.integers(0, 256, (3, height, width), dtype=np.uint8))
        xy = torch.from_numpy(random.uniform(0, (width, height), (50, 2))).float()
        pictures.append(StoredPicture(pixels, xy, torch.from_numpy(random.uniform(1, 9, 50)).float()))
    config = SamplingConfig.model_validate({"crop": 96, "batch": 12, "photometric": 0.5, "grey": 0.3, **changes})
    sampler = Sampler(store_of(*pictures), config, mean=(0.5, 0.4, 0.3), std=(0.2, 0.3, 0.25), seed=7)
    for step in range(4):
        pixels, heads = one_by_one(sampler, step)
        assert (sampler.batch(step, patch=8).pixels - pixels).abs().max() < 1e-5
        crops = sampler.heads_of([cut for cut, _ in sampler.choose(step)])
        for number, (xy, sigma) in enumerate(heads):
            assert torch.equal(crops.xy[number, : len(xy)], xy)
            assert torch.allclose(crops.sigma[number, : len(xy)], sigma, rtol=1e-6)
            assert crops.weight[number].sum() == len(xy)


def test_making_batches_ahead_changes_none_of_them() -> None:
    config = SamplingConfig(crop=64, batch=3)
    plain = Sampler(store_of(dotted(width=320, height=256, seed=1, heads=40)), config, mean=MEAN, std=STD, seed=5)
    ahead = SamplerAhead(plain)
    for step in (0, 1, 2, 7, 7, 8, 3):
        mine, theirs = plain.batch(step, patch=8), ahead.batch(step, patch=8)
        assert torch.equal(mine.pixels, theirs.pixels)
        assert torch.equal(mine.counts, theirs.counts)
    assert torch.equal(plain.batch(4, patch=8, rank=1, size=2).pixels, ahead.batch(4, patch=8, rank=1, size=2).pixels)


def test_shares_decide_how_often_a_data_set_is_drawn() -> None:
    empty = dotted(width=64, height=64, seed=0, heads=0)
    full = dotted(width=64, height=64, seed=0, heads=4)
    store = replace(store_of(empty), groups=((empty,), (full,)), shares=(3.0, 1.0))
    sampler = Sampler(store, PLAIN.model_copy(update={"batch": 200}), mean=MEAN, std=STD, seed=0)
    share = float((sampler.batch(0, patch=8).counts.sum(dim=(1, 2)) > 1).float().mean())
    assert share == pytest.approx(0.25, abs=0.1)


def test_grey_and_photometric_changes_keep_pixels_in_range() -> None:
    picture = StoredPicture(torch.randint(0, 256, (3, 96, 96), dtype=torch.uint8), torch.zeros(0, 2), torch.zeros(0))
    config = SamplingConfig(crop=64, batch=16, photometric=1.0, grey=1.0)
    pixels = Sampler(store_of(picture), config, mean=MEAN, std=STD, seed=0).batch(0, patch=8).pixels
    assert pixels.min() >= -0.5
    assert pixels.max() <= 0.5
    assert torch.allclose(pixels[:, 0], pixels[:, 1]), "all crops are grey"


@pytest.mark.parametrize(("scale", "size"), [(1.0, (128, 128)), (0.5, (64, 64)), (1.5, (192, 192)), (3.0, (256, 256))])
def test_a_crop_of_a_share_of_the_picture_has_sides_in_steps_of_64(scale: float, size: tuple[int, int]) -> None:
    picture = dotted(width=320, height=256, seed=0, heads=9)
    config = PLAIN.model_copy(update={"crop": 256, "crop_share": 0.5, "batch": 1, "scale": (scale, scale)})
    width, height = size
    batch = Sampler(store_of(picture), config, mean=MEAN, std=STD, seed=0).batch(0, patch=8)
    assert batch.pixels.shape == (1, 3, height, width)
    assert batch.counts.shape == (1, height // 8, width // 8)


def test_scale_is_drawn_as_the_configuration_says() -> None:
    store = store_of(dotted(width=64, height=64, seed=0, heads=1))
    uniform, log_uniform = SamplingConfig(scale_drawn="uniform"), SamplingConfig(scale_drawn="log-uniform")
    for config, mean in ((uniform, 0.8), (log_uniform, 1.0 / np.log(1.3 / 0.3))):
        sampler = Sampler(store, config, mean=MEAN, std=STD, seed=0)
        scales = [sampler._scale(np.random.default_rng(seed)) for seed in range(4000)]
        assert np.mean(scales) == pytest.approx(mean, abs=0.02)
        assert min(scales) >= 0.3
        assert max(scales) <= 1.3


def test_a_share_keeps_its_size_and_its_finest_grain() -> None:
    noise = torch.randint(0, 256, (3, 96, 96), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
    picture = StoredPicture(pixels=noise, xy=torch.zeros(0, 2), sigma=torch.zeros(0))
    config = PLAIN.model_copy(update={"scale": (0.5, 0.7), "unscaled": 0.25, "batch": 400, "crop": 32})
    sampler = Sampler(store_of(picture), config, mean=MEAN, std=STD, seed=1)
    batch = sampler.batch(0, patch=8)
    grain = batch.pixels.std(dim=(1, 2, 3))
    plain = noise.float().div(255).std()
    unscaled = grain > 0.9 * plain
    assert 0.18 < float(unscaled.float().mean()) < 0.32
    values = (batch.pixels[unscaled] + 0.5) * 255
    torch.testing.assert_close(values, values.round(), rtol=0, atol=1e-3)
    assert float(grain[~unscaled].max()) < 0.85 * plain


def test_so_many_batches_come_in_turn() -> None:
    config = PLAIN.model_copy(update={"batches": 3})
    store = store_of(dotted(width=320, height=256, seed=1, heads=40))
    few, new = (Sampler(store, one, mean=MEAN, std=STD, seed=3) for one in (config, PLAIN))
    for step, number in ((0, 0), (2, 2), (3, 0), (7, 1)):
        assert torch.equal(few.batch(step, patch=8).pixels, new.batch(number, patch=8).pixels)
    assert not torch.equal(few.batch(3, patch=8).pixels, new.batch(3, patch=8).pixels)
