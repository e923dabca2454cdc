"""A server in this process, with a model that counts red pixels: one person a pixel by the mean decode, two by argmax."""

import http.client
import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper
from PIL import Image
from starlette.testclient import TestClient

from tests.red_dots import write_red_dots_model
from uepnet.description import METADATA_KEY, RangeCalibration
from uepnet.serving.application import application
from uepnet.serving.service import Service
from uepnet.serving.settings import Settings

SCORES = tuple(np.linspace(-2.0, 2.0, 41).tolist())


@pytest.fixture(scope="session")
def red_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model's file, with ranges."""
    calibration = RangeCalibration(decode="mean", coverage=0.9, patches=1.0, shared=0.1, floor=1.0, scores=SCORES)
    return write_red_dots_model(tmp_path_factory.mktemp("served") / "red.onnx", name="red", calibration=calibration)


@pytest.fixture(scope="session")
def twin_model(red_model: Path) -> Path:
    """The same model by another name."""
    path = red_model.with_name("twin.onnx")
    made = onnx.load(red_model)
    described = json.loads(made.metadata_props[0].value)
    helper.set_model_props(made, {METADATA_KEY: json.dumps({**described, "name": "twin", "decode": "argmax"})})
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


PROGRAM = """
import sys, time
slow, patience = int(sys.argv.pop(1)), float(sys.argv.pop(1))
import uepnet.serving.connection
uepnet.serving.connection.HEAD_SECONDS = patience
uepnet.serving.connection.READ_SECONDS = 2.0
uepnet.serving.connection.MOST_CONNECTIONS = 40
from uepnet.inference.counter import Counter
count = Counter.count
def slowly(self, *arguments, on_tile=None, **named):
    for part in range(slow):
        time.sleep(0.1)
        if on_tile is not None:
            on_tile(part, slow)
    return count(self, *arguments, on_tile=on_tile, **named)
Counter.count = slowly
from uepnet.cli.app import main
main()
"""
"""`uepnet`, with pictures that take so many tenths of a second longer, and little patience."""


class Running:
    """A server process and the port where it listens."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def count(self, picture: bytes) -> tuple[int, dict[str, Any]]:
        connection = self.connect()
        connection.request("POST", "/v1/count", picture, {"Content-Type": "image/png"})
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())

    def figure(self, name: str) -> float:
        connection = self.connect()
        connection.request("GET", "/metrics")
        found = re.search(rf"^{re.escape(name)} (\S+)$", connection.getresponse().read().decode(), re.MULTILINE)
        return float(found[1]) if found else 0.0

    def wait_for(self, name: str, value: float) -> None:
        end = time.monotonic() + 10
        while self.figure(name) != value:
            assert time.monotonic() < end, f"{name} is {self.figure(name)}, not {value}"
            time.sleep(0.02)


@pytest.fixture
def start(red_model: Path) -> Iterator[Callable[..., Running]]:
    """Starts a server whose counting takes `slow` tenths of a second longer, and which waits `patience` seconds for a head."""
    started = []

    def begin(*words: str, slow: int = 0, patience: float = 1.0) -> Running:
        command = [sys.executable, "-c", PROGRAM, str(slow), str(patience)]
        command += ["serve", "--port", "0", "--model", str(red_model), *words]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        started.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)$", line.strip())
        assert found, (line, process.stderr and process.stderr.read())
        return Running(process, int(found[1]))

    yield begin
    for process in started:
        process.kill()
        process.communicate(timeout=20)
