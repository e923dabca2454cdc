"""What is kept of the training pictures."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from uepnet.annotations.catalog import open_data_set
from uepnet.counting.local_counts import local_counts
from uepnet.counting.sigma import sigma_of
from uepnet.errors import ConfigError
from uepnet.training.store import PictureStore, load_store


def load(*folders: str, shares: dict[str, float] | None = None, roi: bool = False) -> PictureStore:
    """The store of some data sets, each restricted to its left half if `roi`."""
    data_sets = [open_data_set(folder, split="all") for folder in folders]
    if roi:
        half = np.array([[0.0, 0.0], [64.0, 0.0], [64.0, 96.0], [0.0, 96.0]])
        data_sets = [replace(data_set, read_roi=lambda entry: half) for data_set in data_sets]
    return load_store(
        data_sets, patch=8, shares=shares or {}, device=torch.device("cpu"), on_picture=lambda done, total: None
    )


def test_counts_are_those_of_all_pictures(drawn: Path) -> None:
    store = load(f"folder:{drawn}")
    data_set = open_data_set(f"folder:{drawn}", split="all")
    heads = [data_set.heads(entry) for entry in data_set.entries]
    expected = [local_counts(points, sigma_of(points, fixed=None), patch=8).ravel() for points in heads]
    assert store.counts == pytest.approx(np.concatenate(expected))
    assert (store.data[0].pictures, store.data[0].heads) == (20, sum(len(points) for points in heads))
    assert np.array_equal(store.groups[0][3].pixels.permute(1, 2, 0).numpy(), data_set.pixels(data_set.entries[3]))


def test_no_gaussian_is_wider_than_the_largest_sigma(drawn: Path) -> None:
    data_set = open_data_set(f"folder:{drawn}", split="all")
    capped, free = (
        load_store(
            [data_set],
            patch=8,
            shares={},
            largest_sigma=largest,
            device=torch.device("cpu"),
            on_picture=lambda done, total: None,
        )
        for largest in (4.0, None)
    )
    for low, high in zip(capped.groups[0], free.groups[0], strict=True):
        assert torch.equal(low.sigma, high.sigma.clamp_max(4.0))
    assert max(float(picture.sigma.max()) for picture in free.groups[0]) > 4.0
    assert capped.counts.sum() == pytest.approx(free.counts.sum())


def test_outside_a_region_there_are_no_heads_and_the_picture_is_blurred(drawn: Path) -> None:
    whole, half = load(f"folder:{drawn}"), load(f"folder:{drawn}", roi=True)
    for before, after in zip(whole.groups[0], half.groups[0], strict=True):
        assert len(after.xy) == int((before.xy[:, 0] < 64).sum())
        assert torch.equal(before.pixels[:, :, :64], after.pixels[:, :, :64])
        assert after.pixels[:, :, 64:].float().std() < before.pixels[:, :, 64:].float().std()


def test_shares_of_data_that_are_not_there_are_refused(drawn: Path) -> None:
    with pytest.raises(ConfigError, match="mall"):
        load(f"folder:{drawn}", shares={"mall": 1.0})


def test_without_shares_a_data_set_is_drawn_as_often_as_it_has_pictures(drawn: Path) -> None:
    assert load(f"folder:{drawn}", f"drawn:{drawn}", shares={"drawn": 7.0}).shares == (20.0, 7.0)
