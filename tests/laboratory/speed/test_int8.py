"""The int8 row, on a small picture."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper

from tests.material import unchecked
from tests.toys import toy_description, toy_shape
from uepnet.inference.onnx_backend import OnnxBackend
from uepnet.laboratory.speed.int8 import is_int8, measure_int8, quantised_file, random_graph


def test_the_default_model_in_its_own_precision() -> None:
    (record,) = measure_int8(quick=True)
    assert record["name"] == "int8, 256 x 192"
    assert record["limit"] == "int8 matrix product"
    assert record["aim"] == "4 x plain"


def test_what_is_int8(tmp_path: Path) -> None:
    node = helper.make_node("DequantizeLinear", ["x", "scale"], ["y"])
    for name, nodes in (("yes", [node]), ("no", [])):
        graph = helper.make_graph(nodes, name, [], [])
        onnx.save(helper.make_model(graph), tmp_path / f"{name}.onnx")
    assert is_int8(tmp_path / "yes.onnx")
    assert not is_int8(tmp_path / "no.onnx")


@pytest.mark.slow
def test_a_network_is_quantised_as_the_export_does_it(tmp_path: Path) -> None:
    description = toy_description(network=toy_shape())
    picture = np.random.default_rng(0).integers(0, 256, (64, 96, 3), dtype=np.uint8)
    with unchecked():
        path = quantised_file(tmp_path, random_graph(description), description, picture=picture)
    assert is_int8(path)
    assert OnnxBackend(path).run(picture).mean.shape == (8, 12)
