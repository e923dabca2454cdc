"""The server as a process: start, slow and vanishing clients, and an end that finishes what is in hand."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_finishes_what_is_in_hand(start, crowd_png: bytes, number: int) -> None:
    server = start("--workers", "1", slow=8)
    found: list[tuple[int, dict[str, Any]]] = []
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


def test_a_forced_end_tells_everyone_to_come_again(start, crowd_png: bytes) -> None:
    server = start("--workers", "1", slow=300)
    found: list[tuple[int, dict[str, Any]]] = []
    clients = [threading.Thread(target=lambda: found.append(server.count(crowd_png))) for _ in range(2)]
    for client in clients:
        client.start()
    server.wait_for("uepnet_waiting", 1)
    uploading = server.connect()
    uploading.putrequest("POST", "/v1/count")
    uploading.putheader("Content-Length", str(len(crowd_png)))
    uploading.endheaders(crowd_png[:100])
    time.sleep(0.3)
    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    server.process.send_signal(signal.SIGINT)
    for client in clients:
        client.join(20)
    reply = uploading.getresponse()
    assert (reply.status, json.loads(reply.read())["error"]["kind"]) == (503, "stopping")
    assert [(status, answer["error"]["kind"]) for status, answer in found] == [(503, "stopping")] * 2
    out, err = server.process.communicate(timeout=20)
    assert (server.process.returncode, out.splitlines()[-1]) == (0, "stopped")
    assert err == "uepnet: WARNING: ended at once: 3 unfinished requests were told to come again\n"


def unread_overlay(server: Any) -> socket.socket:
    """A connection whose answer of several megabytes waits to be read."""
    noise = np.random.default_rng(0).integers(0, 256, (1200, 1600, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, format="PNG", compress_level=0)
    picture = file.getvalue()
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", server.port))
    head = f"POST /v1/overlay?format=png HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(picture)}\r\n\r\n"
    client.sendall(head.encode() + picture)
    server.wait_for('uepnet_requests_total{path="/v1/overlay",status="200"}', 1)
    return client


def test_an_answer_that_nobody_reads_does_not_keep_a_forced_end(start, crowd_png: bytes) -> None:
    server = start(slow=1)
    with unread_overlay(server) as client:
        head = f"POST /v1/count HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(crowd_png)}\r\n\r\n"
        client.sendall(head.encode() + crowd_png)
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(15) == 0


def test_an_answer_that_nobody_reads_is_let_go(start) -> None:
    server = start(slow=1)
    with unread_overlay(server):
        begin = time.monotonic()
        server.process.terminate()
        assert server.process.wait(20) == 0
        assert time.monotonic() - begin < 12


def test_a_picture_that_is_still_on_its_way_is_told_to_come_again(start, crowd_png: bytes) -> None:
    server = start(slow=5)
    connection = server.connect()
    connection.putrequest("POST", "/v1/count")
    connection.putheader("Content-Length", str(len(crowd_png)))
    connection.endheaders(crowd_png[:100])
    time.sleep(0.3)
    server.process.terminate()
    time.sleep(0.3)
    connection.send(crowd_png[100:])
    reply = connection.getresponse()
    assert (reply.status, json.loads(reply.read())["error"]["kind"]) == (503, "stopping")
    assert server.process.wait(20) == 0


def test_a_client_that_goes_gives_its_place_back(start, crowd_png: bytes) -> None:
    server = start("--workers", "1", "--queue", "1", slow=300)
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


def heard(server: Any) -> bytes:
    """The begin of the answer to a new connection's request, nothing where the connection is closed before."""
    with suppress(ConnectionError), socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return client.recv(100)
    return b""


def test_connections_beyond_the_most_are_closed_unheard(start) -> None:
    server = start(patience=30.0)
    with ExitStack() as held:
        for number in range(40):
            if number == 39:
                assert heard(server).startswith(b"HTTP/1.1 200")
            held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))
        assert heard(server) == b""
    end = time.monotonic() + 10
    while not heard(server).startswith(b"HTTP/1.1 200"):
        assert time.monotonic() < end
        time.sleep(0.02)


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
