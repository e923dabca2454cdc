"""Learning on kept features is learning on pictures with an encoder that stays as it is."""

import errno
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import torch

from uepnet.annotations.catalog import open_data_set
from uepnet.errors import OutputError, TrainingError
from uepnet.laboratory.reproduce.catalogue import UEP
from uepnet.laboratory.reproduce.features import open_features
from uepnet.laboratory.reproduce.frozen import at_patch, batch_of_step, crop_sampler, learn_frozen
from uepnet.laboratory.reproduce.presets import frozen_config
from uepnet.laboratory.reproduce.trunk import MemoEncoder, Trunk, TrunkMemo
from uepnet.laboratory.reproduce.variant import Variant
from uepnet.training.loss import Loss
from uepnet.training.optimiser import set_learning_rate, update_average
from uepnet.training.progress import Progress
from uepnet.training.schedule import make_schedule
from uepnet.training.store import PictureStore, load_store


@pytest.fixture(scope="module")
def store(layouts: dict[str, str]) -> PictureStore:
    return load_store(
        (open_data_set(layouts["nwpu"], split="train"),),
        patch=8,
        shares={},
        device=torch.device("cpu"),
        on_picture=Progress().on_picture,
    )


def learnt(store: PictureStore, trunk: Trunk, tiny, folder: Path, variant: Variant = UEP, seed: int = 0):
    config = frozen_config(variant, tiny, seed=seed)
    sampler = crop_sampler(store, config.sampling, trunk=trunk)
    cache = open_features(trunk, sampler, crops=tiny.crops, folder=folder)
    return cache, sampler, *learn_frozen(config, store, cache, trunk=trunk)


def test_the_features_are_those_of_the_crops(store, trunk, tiny, tmp_path: Path) -> None:
    cache, sampler, _, _ = learnt(store, trunk, tiny, tmp_path)
    assert cache.batches == 2
    for number in range(2):
        expected = trunk.features(sampler.batch(number, patch=8).pixels)
        for kept, feature in zip(cache.features(number), expected, strict=True):
            assert kept.shape == feature.shape
            torch.testing.assert_close(kept.float(), feature.float(), rtol=0.02, atol=0.02)


def test_a_cache_that_was_cut_off_is_made_anew(store, trunk, tiny, tmp_path: Path) -> None:
    cache, sampler, _, _ = learnt(store, trunk, tiny, tmp_path)
    cut = cache.folder.rename(cache.folder.with_suffix(".part"))
    assert open_features(trunk, sampler, crops=tiny.crops, folder=tmp_path).batches == 2
    assert not cut.exists()


@pytest.mark.parametrize("damage", ["cut", "gone", "other"])
def test_a_damaged_cache_is_made_anew(store, trunk, tiny, tmp_path: Path, damage: str) -> None:
    cache, sampler, _, _ = learnt(store, trunk, tiny, tmp_path)
    expected = [feature.clone() for feature in cache.features(1)]
    first = cache.folder / "stride0.npy"
    if damage == "cut":
        first.write_bytes(first.read_bytes()[:1000])
    elif damage == "gone":
        first.unlink()
    else:
        np.save(first, np.zeros((2, 3), dtype=np.float16))
    again = open_features(trunk, sampler, crops=tiny.crops, folder=tmp_path)
    assert all(torch.equal(one, other) for one, other in zip(again.features(1), expected, strict=True))


def test_features_that_are_no_numbers_are_said_to_be_wrong(store, trunk, tiny, tmp_path: Path) -> None:
    cache, _, _, _ = learnt(store, trunk, tiny, tmp_path)
    for path in cache.folder.glob("*.npy"):
        np.save(path, np.full_like(np.load(path), np.nan))
    with pytest.raises(TrainingError, match=r"the loss is nan at step 0; kept features are no numbers: remove "):
        learnt(store, trunk, tiny, tmp_path)


def test_a_loss_that_is_no_number_is_told(store, trunk, tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Loss, "__call__", lambda *_, **__: torch.tensor(float("inf")))
    with pytest.raises(TrainingError, match=r"the loss is inf at step 0; the same row would end so again"):
        learnt(store, trunk, tiny, tmp_path)


def test_a_disk_without_room_is_told_before_anything_is_computed(
    store, trunk, tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.posix_fallocate", full)
    with pytest.raises(OutputError, match=r"no room for them \(No space left on device\); make room"):
        learnt(store, trunk, tiny, tmp_path)
    assert not list(tmp_path.iterdir()), "what was begun is removed"


def test_the_rate_follows_its_schedule_and_the_average_its_decay(
    store, trunk, tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what `docs/reproduction.md` says of a row: half a cosine after a warm-up, and averaged weights."""
    rates: list[float] = []
    decays: list[tuple[float, int]] = []

    def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
        rates.append(rate)
        set_learning_rate(optimiser, rate)

    def average(ours: torch.nn.Module, network: torch.nn.Module, *, decay: float, step: int) -> None:
        decays.append((decay, step))
        update_average(ours, network, decay=decay, step=step)

    monkeypatch.setattr("uepnet.laboratory.reproduce.frozen.set_learning_rate", set_rate)
    monkeypatch.setattr("uepnet.laboratory.reproduce.frozen.update_average", average)
    learnt(store, trunk, tiny, tmp_path)
    chosen = frozen_config(UEP, tiny, seed=0).optimiser
    schedule = make_schedule(chosen, steps=tiny.steps)
    assert rates == [chosen.learning_rate * schedule.factor(step) for step in range(tiny.steps)]
    assert len(set(rates)) > 1, "a rate that stays shows no schedule"
    assert decays == [(chosen.averaging, step) for step in range(tiny.steps)]


def test_other_crops_are_other_features(store, trunk, tiny, tmp_path: Path) -> None:
    sampler = crop_sampler(store, frozen_config(UEP, tiny, seed=0).sampling, trunk=trunk)
    few, many = (open_features(trunk, sampler, crops=crops, folder=tmp_path) for crops in (2, 4))
    assert few.folder != many.folder
    assert (few.batches, many.batches) == (1, 2)


def test_other_pixels_are_other_features(store, trunk, tiny, tmp_path: Path) -> None:
    cache, _, _, _ = learnt(store, trunk, tiny, tmp_path)
    other = learnt(replace(store, pixels_digest="other"), trunk, tiny, tmp_path)[0]
    assert other.folder != cache.folder


def test_the_trunk_stays_and_the_rest_learns(store, trunk, tiny, tmp_path: Path) -> None:
    _, _, network, description = learnt(store, trunk, tiny, tmp_path)
    own = network.encoder.state_dict()
    assert own.keys() == trunk.encoder.state_dict().keys()
    assert all(torch.equal(weight, own[name]) for name, weight in trunk.encoder.state_dict().items())
    other = learnt(store, trunk, tiny, tmp_path, seed=1)[2]
    assert not torch.equal(
        network.decoder.state_dict()["merges.0.merge1.weight"], other.decoder.state_dict()["merges.0.merge1.weight"]
    )
    assert description.steps == tiny.steps


def test_the_same_seed_gives_the_same_weights(store, trunk, tiny, tmp_path: Path) -> None:
    one, two = (learnt(store, trunk, tiny, tmp_path)[2].state_dict() for _ in range(2))
    assert all(torch.equal(one[name], two[name]) for name in one)


@pytest.mark.parametrize("stride", [8, 32])
def test_the_network_that_remembers_is_the_network(store, trunk, tiny, tmp_path: Path, stride: Literal[8, 32]) -> None:
    network = learnt(store, trunk, tiny, tmp_path, Variant(stride=stride))[2].eval()
    picture = torch.rand(1, 3, 64, 96)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        whole = network(picture)
        network.encoder = MemoEncoder(TrunkMemo(trunk), network.encoder)
        first, second = network(picture), network(picture)
    for a, b, c in zip(whole, first, second, strict=True):
        torch.testing.assert_close(a, b, rtol=0.05, atol=0.05)
        assert torch.equal(b, c)


def test_the_memo_asks_the_trunk_once(trunk, monkeypatch) -> None:
    asked = []
    features = trunk.features

    def asked_of(pictures: torch.Tensor) -> tuple[torch.Tensor, ...]:
        asked.append(pictures)
        return features(pictures)

    monkeypatch.setattr(trunk, "features", asked_of)
    memo = TrunkMemo(trunk)
    one, other = torch.zeros(1, 3, 32, 32), torch.ones(1, 3, 32, 32)
    for picture in (one, other, one, one):
        memo(picture)
    assert len(asked) == 2


def test_every_epoch_takes_every_batch_once_in_an_order_of_the_seed() -> None:
    epochs = [
        [batch_of_step(7 * epoch + step, batches=7, seed=seed) for step in range(7)]
        for seed in (0, 1)
        for epoch in (0, 1)
    ]
    assert all(sorted(epoch) == list(range(7)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 4


def test_counts_of_larger_patches_are_sums(store) -> None:
    small, large = at_patch(store, patch=8), at_patch(store, patch=32)
    assert small.counts.sum() == pytest.approx(large.counts.sum())
    np.testing.assert_allclose(small.counts, store.counts, atol=1e-6)
