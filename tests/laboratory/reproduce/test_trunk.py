"""Where a trunk comes from, and what it may be measured on."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.data_set import DataSet
from uepnet.errors import ConfigError
from uepnet.laboratory.reproduce.row import TrunkUsed
from uepnet.laboratory.reproduce.trunk import open_trunk, refuse_seen
from uepnet.network.encoders.resnet import ResNet18


@pytest.fixture(scope="module")
def measured(layouts: dict[str, str]) -> DataSet:
    return open_data_set(layouts["nwpu"], split="val")


def used(*seen: tuple[str, str]) -> TrunkUsed:
    data = [{"data_set": name, "split": split, "pictures": 1, "heads": 1, "digest": "0"} for name, split in seen]
    return TrunkUsed.model_validate({"name": "t", "digest": "d", "trained_on": data})


@pytest.mark.parametrize("split", ["all", "val"])
def test_a_trunk_that_saw_the_measured_pictures_is_refused(measured: DataSet, split: str) -> None:
    with pytest.raises(ConfigError, match="cannot be measured"):
        refuse_seen(used(("nwpu", split)), measured)


@pytest.mark.parametrize("split", ["train", "val", "all"])
def test_a_trunk_that_saw_any_part_is_refused_where_all_pictures_are_measured(measured: DataSet, split: str) -> None:
    with pytest.raises(ConfigError, match="cannot be measured on 'all'"):
        refuse_seen(used(("nwpu", split)), replace(measured, split="all"))


def test_one_that_saw_the_training_part_is_named(measured: DataSet) -> None:
    (caution,) = refuse_seen(used(("nwpu", "train")), measured)
    assert "may favour" in caution
    assert refuse_seen(used(), measured) == ()


def test_photographs_that_two_data_sets_share_are_named(measured: DataSet) -> None:
    fifty = replace(measured, name="ucf-cc-50")
    assert "Seven photographs" in refuse_seen(used(("shanghaitech-a", "train")), fifty)[1]


def test_weights_without_a_description_are_those_of_an_encoder(tmp_path: Path) -> None:
    encoder = ResNet18(deepest=16)
    path = tmp_path / "imagenet.safetensors"
    save_file({name: weight.clone() for name, weight in encoder.state_dict().items()}, path)
    trunk = open_trunk(str(path))
    assert trunk.used.trained_on == ()
    picture = torch.rand(1, 3, 32, 32)
    for found, expected in zip(trunk.features(picture), encoder(picture), strict=True):
        torch.testing.assert_close(found.float(), expected, rtol=0.1, atol=0.1)


def test_the_bundled_model_is_a_trunk_for_shanghaitech_but_not_for_ucf(layouts: dict[str, str]) -> None:
    trunk = open_trunk("general")
    part = open_data_set(layouts["nwpu"], split="val")
    assert refuse_seen(trunk.used, replace(part, name="shanghaitech-b"))
    with pytest.raises(ConfigError, match="ucf-cc-50"):
        refuse_seen(trunk.used, replace(part, name="ucf-cc-50", split="all"))
