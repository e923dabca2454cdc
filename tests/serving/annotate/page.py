"""The page's part in the tests: what a browser asks of the annotating server, without a browser."""

from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response

from uepnet.serving.annotate.application import Desk, application
from uepnet.serving.annotate.doors import KEY_HEADER, Doors
from uepnet.serving.annotate.exports import Also
from uepnet.serving.annotate.guide import Guide
from uepnet.serving.annotate.store import HeadStore, key_of
from uepnet.serving.annotate.views import Views

GATE, NINE, TEN = (key_of(name) for name in ("gate.png", "morning/9.png", "morning/10.png"))
EMPTY = {"points": [], "done": False}


class Page:
    """What a browser does: comes in by the token, and sends the key."""

    def __init__(self, root: Path, *, guide: Guide | None = None, also: tuple[Also, ...] = ()) -> None:
        self.said: list[str] = []
        self.doors = Doors(port=8123, say=self.said.append)
        desk = Desk(HeadStore(root), Views(max_megapixels=64.0), guide, self.doors, also)
        self.stranger = TestClient(application(desk), base_url="http://127.0.0.1:8123")
        self.client = TestClient(self.stranger.app, base_url="http://127.0.0.1:8123")
        token = self.doors.address.partition("=")[2]
        self.client.headers[KEY_HEADER] = self.client.post("/api/enter", json={"token": token}).json()["key"]
        self.token = token

    def save(self, key: str, heads: Any, before: Any = EMPTY) -> Response:
        answer: Response = self.client.put(f"/api/pictures/{key}", json={"heads": heads, "before": before})
        return answer

    def folder(self) -> dict[str, Any]:
        content: dict[str, Any] = self.client.get("/api/folder").json()
        return content


def error(answer: Response) -> tuple[int, str]:
    """Status and kind of an answer, which must have the form that every refusal has."""
    content = answer.json()
    assert set(content) == {"error"}
    assert set(content["error"]) == {"kind", "message"}
    assert content["error"]["message"]
    return answer.status_code, content["error"]["kind"]
