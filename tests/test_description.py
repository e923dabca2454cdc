"""The description of a model survives its JSON, and a wrong one is refused with the place."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from uepnet.counting.partition import Partition
from uepnet.description import ModelDescription, NetworkShape, TrainingData, ValidationFigure
from uepnet.errors import ModelFileError


@pytest.fixture
def description() -> ModelDescription:
    return ModelDescription(
        name="full",
        network=NetworkShape(stride=16),
        partitions=(
            Partition(borders=(1.6e-4, 0.1), proxies=(1e-5, 0.0123456789012345678, 1.2)),
            Partition(borders=(1.6e-4,), proxies=(0.0, 1.0)),
        ),
        mean=(0.4501, 0.4454, 0.4301),
        std=(1.0, 1.0, 1.0),
        decode="argmax",
        start="vgg19_blocks123, its blocks 1 and 2",
        steps=1000,
        trained_on=(TrainingData(data_set="folder", split="train", pictures=3, heads=9, digest="ab"),),
        validation=(
            ValidationFigure(
                data_set="folder", split="val", protocol="exact", decode="mean", pictures=1, mae=1.5, rmse=2.0
            ),
        ),
    )


def test_json_round_trip(description: ModelDescription) -> None:
    assert ModelDescription.from_json(description.to_json(), source="file") == description
    assert ModelDescription.from_json(description.to_json().encode(), source="file") == description


def test_patch_and_classes_follow_from_the_rest(description: ModelDescription) -> None:
    assert description.patch == 16
    assert description.classes == (3, 2)


def test_it_cannot_be_changed(description: ModelDescription) -> None:
    with pytest.raises(ValidationError):
        description.name = "other"  # type: ignore[misc]  # which is the point


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"format": 2}, "format"),
        ({"decode": "median"}, "decode"),
        ({"unknown": 1}, "unknown"),
        ({"network": {"stride": 12}}, "network.stride"),
        ({"partitions": [{"borders": [1.0], "proxies": [0.0]}]}, "partitions.0"),
        ({"mean": [0.5, 0.5]}, "mean"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(
    description: ModelDescription, change: dict[str, Any], place: str
) -> None:
    values = {**json.loads(description.to_json()), **change}
    with pytest.raises(ModelFileError, match=rf"crowd\.onnx: .* wrong at {place}"):
        ModelDescription.from_json(json.dumps(values), source="crowd.onnx")


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_no_description_at_all(text: str) -> None:
    with pytest.raises(ModelFileError, match="wrong at the whole"):
        ModelDescription.from_json(text, source="file")
