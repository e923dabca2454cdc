"""Eight clients for a minute, with good and hostile pictures: every answer right, the memory bounded, a clean stop.

`UEPNET_LOAD_SECONDS=60 pytest tests/serving/test_load.py -s` says what it measured.
"""

import http.client
import io
import json
import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

SECONDS = float(os.environ.get("UEPNET_LOAD_SECONDS", "0"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SECONDS, reason="a minute of load; set UEPNET_LOAD_SECONDS"),
]
CLIENTS = 8
MOST_MEMORY = 1.5e9
"""Bytes that the process may have in memory at most."""
REFUSED = {
    "cut": {422},
    "text": {415},
    "empty": {422},
    "bomb": {413},
    "long": {413},
    "zones": {422},
    "form": {422},
    "other site": {403},
    "other name": {421},
}


def pictures() -> list[tuple[bytes, int]]:
    """Pictures and how many people the red model counts in each."""
    rng = np.random.default_rng(7)
    made = []
    for heads in (0, 1, 17, 250):
        pixels = np.full((480, 640, 3), 90, dtype=np.uint8)
        places = rng.choice(480 * 640, heads, replace=False)
        pixels.reshape(-1, 3)[places] = (255, 0, 0)
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, format="PNG")
        made.append((file.getvalue(), heads))
    return made


def hostile(kind: str, good: bytes) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a request that must be refused."""
    crossing = json.dumps({"units": "pixels", "zones": [{"name": "a", "include": [[[0, 0], [9, 9], [9, 0], [0, 9]]]}]})
    form = b'--b\r\nContent-Disposition: form-data; name="picture"; filename="a"\r\n\r\n' + good
    zones = form + f'\r\n--b\r\nContent-Disposition: form-data; name="zones"\r\n\r\n{crossing}\r\n--b--\r\n'.encode()
    parts = {"Content-Type": "multipart/form-data; boundary=b"}
    bodies: dict[str, tuple[bytes, dict[str, str]]] = {
        "cut": (good[: len(good) // 2], {}),
        "text": (b"these are words" * 1000, {}),
        "empty": (b"", {}),
        "bomb": (b"P6 60000 60000 255\n", {}),
        "long": (bytes(5_000_001), {}),
        "zones": (zones, parts),
        "form": (b"--b\r\n" + bytes(1000), parts),
        "other site": (good, {"Origin": "http://evil.example"}),
        "other name": (good, {"Host": "evil.example"}),
    }
    return bodies[kind]


class Client(threading.Thread):
    """One client: mostly good pictures, whose count must be right, and hostile ones, whose refusal must be."""

    def __init__(self, port: int, seed: int, until: float) -> None:
        super().__init__()
        self.port, self.random, self.until = port, random.Random(seed), until
        self.good = pictures()
        self.done: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.longest = 0.0

    def run(self) -> None:
        while time.monotonic() < self.until:
            kind = self.random.choice(["good"] * 12 + [*REFUSED, "gone"])
            try:
                self.gone() if kind == "gone" else self.ask(kind)
            except OSError as error:
                self.wrong.append(f"{kind}: no answer ({error})")
            self.done[kind] += 1

    def ask(self, kind: str) -> None:
        picture, heads = self.random.choice(self.good)
        body, headers = (picture, {}) if kind == "good" else hostile(kind, picture)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        begin = time.monotonic()
        try:
            connection.request("POST", "/v1/count", body, headers)
        except (BrokenPipeError, ConnectionResetError):
            if kind != "long":
                raise
        reply = connection.getresponse()
        answer = json.loads(reply.read())
        self.longest = max(self.longest, time.monotonic() - begin)
        connection.close()
        if reply.status == 429:
            self.done["told to wait"] += 1
            time.sleep(0.05)
        elif kind == "good" and (reply.status, answer.get("count")) != (200, heads):
            self.wrong.append(f"{heads} people: {reply.status} {str(answer)[:200]}")
        elif kind != "good" and reply.status not in REFUSED[kind]:
            self.wrong.append(f"{kind}: {reply.status} {str(answer)[:200]}")

    def gone(self) -> None:
        """Sends half a picture and goes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as client:
            client.sendall(b"POST /v1/count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\n" + bytes(2000))


def in_memory(process: int) -> float:
    """Bytes of a process that are in memory."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return float(line.split()[1]) * 1024
    raise AssertionError("the server is gone")


def test_a_minute_of_good_and_hostile_clients(start: Callable[..., Any], crowd_png: bytes) -> None:
    server = start("--max-megabytes", "5", "--queue", "4")
    server.count(crowd_png)
    first = in_memory(server.process.pid)
    clients = [Client(server.port, seed, time.monotonic() + SECONDS) for seed in range(CLIENTS)]
    for client in clients:
        client.start()
    most = first
    while any(client.is_alive() for client in clients):
        most = max(most, in_memory(server.process.pid))
        time.sleep(0.1)
    done = sum((client.done for client in clients), Counter[str]())
    assert [problem for client in clients for problem in client.wrong] == []
    assert most < MOST_MEMORY
    server.wait_for("uepnet_counting", 0)
    assert server.count(crowd_png)[1]["count"] == 17
    server.process.send_signal(signal.SIGTERM)
    out, err = server.process.communicate(timeout=30)
    assert (server.process.returncode, out.splitlines()[-1], err) == (0, "stopped", "")
    longest = max(client.longest for client in clients)
    print(
        f"\n{sum(done.values()) - done['told to wait']} requests in {SECONDS:g} s; longest answer {longest:.2f} s; memory {first / 1e6:.0f} to {most / 1e6:.0f} MB"
    )
    print(dict(done))
