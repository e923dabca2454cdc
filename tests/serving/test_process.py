"""The server as a process: start, slow and vanishing clients, and an end that finishes what is in hand."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROGRAM = """
import sys, time
slow = int(sys.argv.pop(1))
import uepnet.serving.connection
uepnet.serving.connection.HEAD_SECONDS = 1.0
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

    def count(self, picture: bytes) -> tuple[int, dict]:
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
    """Starts a server whose counting takes `slow` tenths of a second longer."""
    started = []

    def begin(*words: str, slow: int = 0) -> Running:
        command = [sys.executable, "-c", PROGRAM, str(slow), "serve", "--port", "0", "--model", str(red_model), *words]
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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_finishes_what_is_in_hand(start, crowd_png: bytes, number: int) -> None:
    server = start("--workers", "1", slow=8)
    found: list[tuple[int, dict]] = []
    clients = [threading.Thread(target=lambda: found.append(server.count(crowd_png))) for _ in range(2)]
    for client in clients:
        client.start()
    server.wait_for("uepnet_waiting", 1)
    server.process.send_signal(number)
    for client in clients:
        client.join(20)
    assert [(status, answer["count"]) for status, answer in found] == [(200, 17)] * 2
    out, err = server.process.communicate(timeout=20)
    assert (server.process.returncode, out.splitlines()[-1], err) == (0, "stopped", "")


def test_a_client_that_goes_gives_its_place_back(start, crowd_png: bytes) -> None:
    server = start("--workers", "1", "--queue", "1", slow=100)
    for number in (1, 2):
        connection = server.connect()
        connection.request("POST", "/v1/count", crowd_png)
        server.wait_for("uepnet_counting", 1)
        server.wait_for("uepnet_waiting", number - 1)
        if number == 1:
            first = connection
    assert server.count(crowd_png)[0] == 429
    connection.close()
    server.wait_for("uepnet_waiting", 0)
    first.close()
    server.wait_for("uepnet_counting", 0)
    server.wait_for('uepnet_requests_total{path="/v1/count",status="499"}', 2)


def test_heads_that_trickle_are_cut_off(start) -> None:
    server = start()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as slow:
        begin = time.monotonic()
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
        assert slow.recv(100) == b""
        assert 0.5 < time.monotonic() - begin < 10
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as silent:
        assert silent.recv(100) == b""


def test_a_body_that_never_ends_gets_its_refusal_and_is_cut_off(start) -> None:
    server = start("--max-megabytes", "1")
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(b"POST /v1/count HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
        said = b""
        with pytest.raises(OSError, match=r"reset|pipe|timed out"):  # noqa: PT012 - sent until it is cut off
            for _ in range(10_000):
                client.sendall(chunk)
                time.sleep(0.002)
                client.setblocking(False)
                try:
                    said += client.recv(4096)
                except BlockingIOError:
                    pass
                finally:
                    client.setblocking(True)
                    client.settimeout(20)
        assert said.startswith(b"HTTP/1.1 413")
    assert server.figure("uepnet_counting") == 0


def test_a_port_that_is_taken_and_an_address_that_is_not_here(start, red_model: Path) -> None:
    server = start()
    for words, said in (
        (["--port", str(server.port)], "another program listens there; take another --port"),
        (["--host", "203.0.113.7", "--port", "0"], "203.0.113.7"),
        (["--host", "no.such.name.invalid", "--port", "0"], "there is no such address"),
    ):
        command = [sys.executable, "-m", "uepnet", "serve", "--model", str(red_model), *words]
        finished = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert finished.returncode == 1
        assert said in finished.stderr
        assert len(finished.stderr.splitlines()) == 1


def test_others_that_can_reach_it_are_warned_of(start, red_model: Path) -> None:
    words = ["serve", "--host", "0.0.0.0", "--port", "0", "--model", str(red_model)]
    for key, warnings in ((None, 2), ("geheim", 1)):
        environment = {**os.environ, **({} if key is None else {"UEPNET_API_KEY": key})}
        with subprocess.Popen(
            [sys.executable, "-m", "uepnet", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.2)
            process.terminate()
            out, err = process.communicate(timeout=20)
        assert (process.returncode, err.count("uepnet: warning")) == (0, warnings)
        assert "geheim" not in out + err
