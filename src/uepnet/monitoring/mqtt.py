"""Messages to an MQTT broker, as home and city systems take them."""

import json
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from uepnet.errors import ConfigError, MissingExtraError
from uepnet.film.naming import shown
from uepnet.monitoring.messages import Message
from uepnet.monitoring.outbox import SendError

if TYPE_CHECKING:
    from paho.mqtt.client import Client
    from paho.mqtt.reasoncodes import ReasonCode

SECONDS = 10.0
"""Until the broker must have taken a message."""
PORTS = {"mqtt": 1883, "mqtts": 8883}


class Mqtt:
    """Publishes to TOPIC/EVENT and, where there is one, /CAMERA, with quality of service 1.

    `url` is mqtt[s]://USER:PASSWORD@HOST:PORT/TOPIC. Raises `ConfigError` for one that is not, `MissingExtraError` without
    paho-mqtt.
    """

    def __init__(self, url: str, *, seconds: float = SECONDS) -> None:
        parts = urlsplit(url)
        self._topic = parts.path.strip("/")
        if parts.scheme not in PORTS or not parts.hostname or not self._topic or "+" in self._topic or "#" in url:
            raise ConfigError(f"{shown(url)}: this is mqtt://HOST/TOPIC, with a topic without + and #")
        if find_spec("paho") is None:
            raise MissingExtraError(f"{shown(url)}: MQTT needs paho-mqtt; install it with pip install 'uepnet[video]'")
        self.name = shown(url)
        self._host, self._port, self._seconds = parts.hostname, parts.port or PORTS[parts.scheme], seconds
        self._secure = parts.scheme == "mqtts"
        self._user = None if parts.username is None else (unquote(parts.username), unquote(parts.password or ""))
        self._client: Client | None = None

    def send(self, message: Message) -> None:
        """Deliver one, connecting first where there is no connection; after a failure the next one connects anew."""
        try:
            client = self._client = self._client or self._connected()
            sent = client.publish(self._topic_of(message), json.dumps(message), qos=1)
            sent.wait_for_publish(self._seconds)
            if not sent.is_published():
                raise TimeoutError(f"it took no message within {self._seconds:g} seconds")
        except (OSError, ValueError, RuntimeError) as error:
            self.close()
            raise SendError(f"{self.name}: the broker cannot be reached ({error})") from error

    def close(self) -> None:
        """Say goodbye to the broker."""
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()
            self._client = None

    def _connected(self) -> "Client":
        """A client that the broker has welcomed."""
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion

        answered = threading.Event()
        answers: list[str] = []

        def on_connect(_client: object, _data: object, _flags: object, answer: "ReasonCode", _more: object) -> None:
            answers.extend([str(answer)] if answer.is_failure else [])
            answered.set()

        client = Client(CallbackAPIVersion.VERSION2, reconnect_on_failure=False)
        client.connect_timeout = self._seconds
        client.on_connect = on_connect
        if self._user is not None:
            client.username_pw_set(*self._user)
        if self._secure:
            client.tls_set()
        client.connect(self._host, self._port)
        client.loop_start()
        if not answered.wait(self._seconds) or answers:
            client.disconnect()
            client.loop_stop()
            raise ConnectionError(answers[0] if answers else f"no answer within {self._seconds:g} seconds")
        return client

    def _topic_of(self, message: Message) -> str:
        camera = message.get("camera")
        name = "" if camera is None else "/" + "".join("_" if sign in "+#/" else sign for sign in camera)
        return f"{self._topic}/{message['event']}{name}"
