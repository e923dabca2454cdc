"""What a model has seen travels with it."""

from pathlib import Path

import numpy as np
import pytest
import torch

from uepnet.annotations.catalog import open_data_set
from uepnet.counting.local_counts import local_counts
from uepnet.counting.sigma import sigma_of
from uepnet.description import Seen
from uepnet.inference.cautions import crowding
from uepnet.training.seen import joined, seen_among, seen_of
from uepnet.training.store import load_store


def test_facts_of_a_store_are_those_of_its_pictures(drawn: Path) -> None:
    data_set = open_data_set(f"folder:{drawn}", split="all")
    store = load_store([data_set], patch=8, shares={}, device=torch.device("cpu"), on_picture=lambda done, total: None)
    points = [data_set.heads(entry) for entry in data_set.entries]
    maps = [local_counts(heads, sigma_of(heads, fixed=None), patch=8) for heads in points]
    expected = seen_among(
        [heads.width * heads.height / 1e6 for heads in points],
        [len(heads.xy) for heads in points],
        [crowding(counts) for counts in maps],
    )
    assert seen_of(store, patch=8).model_dump() == pytest.approx(expected.model_dump())


def test_one_picture_in_a_hundred_lies_beyond() -> None:
    values = np.arange(1, 1002)
    seen = seen_among((values / 100).tolist(), values.tolist(), (values * 2.0).tolist())
    assert seen.model_dump() == pytest.approx(
        {"smallest": 0.11, "largest": 9.91, "most_heads": 991, "densest": 2 * 991}
    )


def test_two_trainings_have_seen_what_either_has() -> None:
    first = Seen(smallest=0.1, largest=1.0, most_heads=50, densest=2.0)
    second = Seen(smallest=0.2, largest=2.0, most_heads=20, densest=3.0)
    assert joined(first, second) == Seen(smallest=0.1, largest=2.0, most_heads=50, densest=3.0)
    assert joined(None, second) == second
