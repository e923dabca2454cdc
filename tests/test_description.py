"""The description of a model survives its JSON, and a wrong one is refused with the place."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from uepnet.counting.partition import Partition
from uepnet.description import ModelDescription, RangeCalibration, TrainingData, ValidationFigure
from uepnet.errors import ModelFileError
from uepnet.network_shape import NetworkShape


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
        temperatures=(0.9, 1.25),
        calibration=RangeCalibration(
            decode="argmax",
            coverage=0.6,
            patches=2.5,
            shared=0.1,
            floor=0.3,
            scores=(-1.5, -0.5, 0.0, 0.25, 2.0),
            calibrated_on=(TrainingData(data_set="folder", split="val", pictures=5, heads=9, digest="cd"),),
        ),
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


def test_a_description_from_before_there_were_ranges_loads_as_one_without(description: ModelDescription) -> None:
    values = json.loads(description.to_json())
    del values["temperatures"], values["calibration"]
    old = ModelDescription.from_json(json.dumps(values), source="file")
    assert old.calibration is None
    assert old.head_temperatures == (1.0, 1.0)
    assert description.head_temperatures == (0.9, 1.25)


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
        ({"mean": [0.5, 0.5, 1e300]}, r"mean\.2"),
        ({"std": [0.2, 0.2, 1e-300]}, r"std\.2"),
        ({"name": ""}, "name"),
        ({"steps": -5}, "steps"),
        ({"seen": {"smallest": 2.0, "largest": 1.0, "most_heads": 9.0, "densest": 1.0}}, "seen: .*2 to 1 megapixels"),
        ({"temperatures": [1.0]}, "the whole: .*2 heads, but 1 temperatures"),
        ({"temperatures": [1.0, 0.0]}, r"temperatures\.1"),
        ({"temperatures": [1.0, -1.0]}, r"temperatures\.1"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(
    description: ModelDescription, change: dict[str, Any], place: str
) -> None:
    values = {**json.loads(description.to_json()), **change}
    with pytest.raises(ModelFileError, match=rf"crowd\.onnx: .* wrong at {place}"):
        ModelDescription.from_json(json.dumps(values), source="crowd.onnx")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"scores": [1.0, 0.5, 1.5, 2.0, 3.0]}, "calibration: .*ascend"),
        ({"scores": []}, r"calibration\.scores"),
        ({"scores": [0.0] * 10_001}, r"calibration\.scores"),
        ({"scores": [0.0, 1.0, 2.0, 1e7]}, r"calibration\.scores\.3"),
        ({"scores": [0.0, 1.0]}, r"calibration: .*2 scores reach a coverage of 0\.333, not 0\.6"),
        ({"coverage": 1.0}, r"calibration\.coverage"),
        ({"coverage": 0.0}, r"calibration\.coverage"),
        ({"patches": -1.0}, r"calibration\.patches"),
        ({"shared": 11.0}, r"calibration\.shared"),
        ({"floor": 0.0}, r"calibration\.floor"),
        ({"decode": "median"}, r"calibration\.decode"),
        ({"unknown": 1}, r"calibration\.unknown"),
    ],
)
def test_a_wrong_calibration_is_refused_with_its_place(
    description: ModelDescription, change: dict[str, Any], place: str
) -> None:
    values = json.loads(description.to_json())
    values["calibration"] |= change
    with pytest.raises(ModelFileError, match=rf"crowd\.onnx: .* wrong at {place}"):
        ModelDescription.from_json(json.dumps(values), source="crowd.onnx")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999"])
def test_numbers_of_a_calibration_are_finite(description: ModelDescription, value: str) -> None:
    text = description.to_json().replace('"patches":2.5', f'"patches":{value}')
    assert value in text
    with pytest.raises(ModelFileError, match="wrong at"):
        ModelDescription.from_json(text, source="file")


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_no_description_at_all(text: str) -> None:
    with pytest.raises(ModelFileError, match="wrong at the whole"):
        ModelDescription.from_json(text, source="file")


@pytest.mark.parametrize(("key", "most"), [("name", 200), ("start", 1000)])
def test_no_text_is_endless(description: ModelDescription, key: str, most: int) -> None:
    content = json.loads(description.to_json())
    ModelDescription.from_json(json.dumps({**content, key: "a" * most}), source="x.onnx")
    with pytest.raises(ModelFileError, match=f"wrong at {key}: .* at most {most:,} characters"):
        ModelDescription.from_json(json.dumps({**content, key: "a" * 1_000_000}), source="x.onnx")


@pytest.mark.parametrize(
    ("output", "channels"),
    [
        ({"kind": "count", "target": "mse"}, (1,)),
        ({"kind": "count", "target": "density-mse", "cells": 4}, (16,)),
        ({"kind": "zero-inflated"}, (2,)),
    ],
)
def test_an_output_without_classes(description: ModelDescription, output: dict[str, Any], channels: tuple[int]) -> None:
    values = json.loads(description.to_json()) | {"output": output, "decode": "mean"}
    values |= {"partitions": [], "temperatures": [], "calibration": None}
    found = ModelDescription.from_json(json.dumps(values), source="file")
    assert (found.channels, found.classes, found.decodes) == (channels, (), ("mean",))
    assert ModelDescription.from_json(found.to_json(), source="file") == found
    assert found.decode_for(None) == "mean"
    with pytest.raises(ValueError, match="the argmax decode needs classes of counts, but the model full has learnt"):
        found.decode_for("argmax")
    for wrong in ({"partitions": json.loads(description.to_json())["partitions"]}, {"decode": "argmax"}):
        with pytest.raises(ModelFileError, match="neither partitions nor the argmax decode"):
            ModelDescription.from_json(json.dumps(values | wrong), source="file")


def test_classes_are_the_output_of_files_that_say_nothing(description: ModelDescription) -> None:
    values = json.loads(description.to_json())
    del values["output"]
    assert ModelDescription.from_json(json.dumps(values), source="file") == description
    assert (description.channels, description.decodes) == ((3, 2), ("mean", "argmax"))
    with pytest.raises(ModelFileError, match="a partition a head, but there is none"):
        ModelDescription.from_json(json.dumps(values | {"partitions": [], "temperatures": []}), source="file")
