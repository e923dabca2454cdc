"""A server in this process, with a model that counts red pixels: one person a pixel by the mean decode, two by argmax."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from starlette.testclient import TestClient

from uepnet.counting.partition import Partition
from uepnet.description import METADATA_KEY, ModelDescription, NetworkShape, RangeCalibration
from uepnet.serving.application import application
from uepnet.serving.service import Service
from uepnet.serving.settings import Settings

SCORES = tuple(np.linspace(-2.0, 2.0, 41).tolist())


@pytest.fixture(scope="session")
def red_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model's file; for pictures whose sides are multiples of 8."""
    path = tmp_path_factory.mktemp("served") / "red.onnx"
    constants: dict[str, np.ndarray] = {
        "red": np.array([255, 0, 0], dtype=np.uint8),
        "last": np.array([3], dtype=np.int64),
        "first": np.array([1], dtype=np.int64),
        "patch": np.ones((1, 1, 8, 8), dtype=np.float32),
        "two": np.array(2, dtype=np.float32),
    }
    nodes = [
        helper.make_node("Equal", ["picture", "red"], ["equal"]),
        helper.make_node("Cast", ["equal"], ["channels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMin", ["channels", "last"], ["dots"], keepdims=0),
        helper.make_node("Unsqueeze", ["dots", "first"], ["image"]),
        helper.make_node("Conv", ["image", "patch"], ["sums"], strides=[8, 8], kernel_shape=[8, 8]),
        helper.make_node("Squeeze", ["sums", "first"], ["mean"]),
        helper.make_node("Mul", ["mean", "two"], ["argmax"]),
        helper.make_node("Identity", ["mean"], ["variance"]),
    ]
    maps = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "r", "c"]) for name in ("mean", "argmax", "variance")
    ]
    picture = helper.make_tensor_value_info("picture", TensorProto.UINT8, [1, "h", "w", 3])
    initial = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "red", [picture], maps, initial)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    description = ModelDescription(
        name="red",
        network=NetworkShape(),
        partitions=(Partition(borders=(0.5,), proxies=(0.0, 1.0)),),
        mean=(0.5, 0.5, 0.5),
        std=(0.2, 0.2, 0.2),
        calibration=RangeCalibration(decode="mean", coverage=0.9, patches=1.0, shared=0.1, floor=1.0, scores=SCORES),
    )
    helper.set_model_props(made, {METADATA_KEY: description.to_json()})
    onnx.save(made, path)
    return path


@pytest.fixture(scope="session")
def crowd_png() -> bytes:
    """96 x 80 pixels: 12 people on the left, 5 on the right."""
    pixels = np.zeros((80, 96, 3), dtype=np.uint8)
    pixels[:, :, 1] = 60 + 10 * (np.arange(96) % 12)
    pixels[5, 2:14] = pixels[70, 60:65] = (255, 0, 0)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="PNG")
    return file.getvalue()


@pytest.fixture(scope="session")
def zones_json() -> str:
    """Left with a limit and an area, right."""
    left, right = ([[x, 0], [x + 0.5, 0], [x + 0.5, 1], [x, 1]] for x in (0, 0.5))
    zones = [
        {"name": "left", "include": [left], "people_limit": 10, "area_m2": 4},
        {"name": "right", "include": [right]},
    ]
    return json.dumps({"units": "fractions", "zones": zones})


@pytest.fixture
def service(red_model: Path) -> Callable[..., Service]:
    """Makes a service with settings of one's own."""
    return lambda **settings: Service(Settings(models=(str(red_model),), **settings))


@pytest.fixture
def client(service: Callable[..., Service]) -> Iterator[TestClient]:
    """A client of a server with the usual settings."""
    with TestClient(application(service()), base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client
