"""Messages reach webhook and broker, are tried again, and never stop or outlive the program."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from uepnet.errors import ConfigError
from uepnet.monitoring.messages import Message
from uepnet.monitoring.mqtt import Mqtt
from uepnet.monitoring.outbox import Outbox, SendError
from uepnet.monitoring.webhook import Webhook

ALERT: Message = {"event": "alert", "camera": "north/gate", "value": 60.0}


def wait_until(true: Callable[[], bool], *, seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    assert true()


class Post:
    """A sender that fails the first times."""

    name = "post"

    def __init__(self, *, failures: int = 0) -> None:
        self.failures, self.tries = failures, 0
        self.sent: list[Message] = []
        self.hold = threading.Event()
        self.hold.set()

    def send(self, message: Message) -> None:
        self.hold.wait(20)
        self.tries += 1
        if self.tries <= self.failures:
            raise SendError("post: closed")
        self.sent.append(message)

    def close(self) -> None:
        self.closed = True


def test_messages_are_delivered_in_order_and_tried_again() -> None:
    post = Post(failures=3)
    troubles: list[str] = []
    outbox = Outbox(post, on_trouble=troubles.append, first_pause=0.001)
    for number in range(5):
        outbox.put({"event": "alert", "number": number})
    outbox.close(wait=20.0)
    assert [message["number"] for message in post.sent] == [0, 1, 2, 3, 4]
    assert (troubles, outbox.lost, post.closed) == (["post: closed"], 0, True)


def test_what_cannot_be_delivered_is_given_up_and_counted() -> None:
    post = Post(failures=6)
    outbox = Outbox(post, on_trouble=lambda _: None, first_pause=0.001)
    outbox.put({"event": "alert", "number": 0})
    outbox.put({"event": "alert", "number": 1})
    outbox.close(wait=20.0)
    assert [message["number"] for message in post.sent] == [1]
    assert outbox.lost == 1


def test_a_full_box_gives_up_counts_before_alerts() -> None:
    post = Post()
    post.hold.clear()
    outbox = Outbox(post, on_trouble=lambda _: None, most_waiting=3)
    outbox.put({"event": "heartbeat", "number": -1})
    wait_until(lambda: not outbox._waiting)
    for number, event in enumerate(["count", "alert", "heartbeat", "alert", "alert", "alert"]):
        outbox.put({"event": event, "number": number})
    post.hold.set()
    outbox.close(wait=20.0)
    assert [message["number"] for message in post.sent] == [-1, 3, 4, 5]
    assert outbox.lost == 3


def test_closing_does_not_wait_for_a_dead_receiver() -> None:
    post = Post(failures=10**6)
    outbox = Outbox(post, on_trouble=lambda _: None, first_pause=30.0)
    for _ in range(3):
        outbox.put(ALERT)
    begin = time.monotonic()
    outbox.close(wait=0.2)
    assert time.monotonic() - begin < 5.0
    assert outbox.lost >= 2


def test_a_webhook_gets_json(http_server) -> None:
    Webhook(http_server.url("/hook?token=secret")).send(ALERT)
    assert [json.loads(body) for body in http_server.posted] == [ALERT]


@pytest.mark.parametrize("status", [301, 404, 500])
def test_a_webhook_that_refuses_is_an_error_without_secrets(http_server, status: int) -> None:
    http_server.status = status
    with pytest.raises(SendError) as raised:
        Webhook(http_server.url("/hook?token=secret")).send(ALERT)
    assert "127.0.0.1" in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_webhook_that_never_answers(silent_server: int) -> None:
    with pytest.raises(SendError):
        Webhook(f"http://127.0.0.1:{silent_server}/", seconds=0.3).send(ALERT)


@pytest.mark.parametrize("url", ["ftp://host/x", "file:///etc/passwd", "https://", "nothing"])
def test_no_webhook(url: str) -> None:
    with pytest.raises(ConfigError):
        Webhook(url)


class Broker:
    """As much of an MQTT 3.1.1 broker as takes messages: CONNECT, PUBLISH with quality of service 1, DISCONNECT."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.got: list[tuple[str, dict[str, object]]] = []
        self.welcome = 0
        self.connected: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listening.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, IndexError, struct.error):
            while True:
                kind, body = self._packet(connection)
                if kind >> 4 == 1:
                    self.connected.append(body)
                    connection.sendall(bytes([0x20, 2, 0, self.welcome]))
                elif kind >> 4 == 3:
                    (length,) = struct.unpack(">H", body[:2])
                    topic, rest = body[2 : 2 + length].decode(), body[2 + length :]
                    self.got.append((topic, json.loads(rest[2:])))
                    connection.sendall(bytes([0x40, 2]) + rest[:2])
                elif kind >> 4 == 14:
                    return

    @staticmethod
    def _packet(connection: socket.socket) -> tuple[int, bytes]:
        kind = connection.recv(1)[0]
        length, shift = 0, 0
        while True:
            byte = connection.recv(1)[0]
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        body = b""
        while len(body) < length:
            body += connection.recv(length - len(body)) or (_ for _ in ()).throw(ConnectionError())
        return kind, body


@pytest.fixture
def broker() -> Iterator[Broker]:
    made = Broker()
    yield made
    made.listening.close()


def test_a_broker_gets_messages_by_event_and_camera(broker: Broker) -> None:
    sender = Mqtt(f"mqtt://me:secret@127.0.0.1:{broker.port}/crowd/events")
    sender.send(ALERT)
    sender.send({"event": "heartbeat", "cameras": []})
    sender.close()
    assert [topic for topic, _ in broker.got] == ["crowd/events/alert/north_gate", "crowd/events/heartbeat"]
    assert broker.got[0][1] == ALERT
    assert b"secret" in broker.connected[0]
    assert "secret" not in sender.name


def test_a_broker_that_refuses_or_is_away(broker: Broker) -> None:
    broker.welcome = 5
    sender = Mqtt(f"mqtt://127.0.0.1:{broker.port}/crowd", seconds=5.0)
    with pytest.raises(SendError, match="cannot be reached"):
        sender.send(ALERT)
    broker.welcome = 0
    sender.send(ALERT)
    sender.close()
    assert len(broker.got) == 1
    with pytest.raises(SendError, match="cannot be reached"):
        Mqtt("mqtt://127.0.0.1:9/crowd", seconds=1.0).send(ALERT)


@pytest.mark.parametrize("url", ["mqtt://host", "mqtt://host/a/#", "http://host/a", "mqtt:///a"])
def test_no_broker(url: str) -> None:
    with pytest.raises(ConfigError):
        Mqtt(url)
