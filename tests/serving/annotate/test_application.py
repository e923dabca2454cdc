"""The addresses behind the page: who may ask, what is shown, what a change leaves for training and evaluation."""

import asyncio
import io
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from PIL import Image
from starlette.types import Message

from tests.serving.annotate.page import EMPTY, GATE, NINE, TEN, Page, error
from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.check.check import check_data_sets
from uepnet.cli.app import app as program
from uepnet.errors import ModelFileError
from uepnet.inference.counter import Counter
from uepnet.serving.annotate.doors import KEY_HEADER
from uepnet.serving.annotate.guide import Guide
from uepnet.serving.annotate.store import HeadStore, key_of
from uepnet.serving.headers import HEADERS
from uepnet.serving.stopping import tells_to_come_again


@pytest.fixture
def page(root: Path) -> Page:
    return Page(root)


def test_the_page_loads_nothing_from_elsewhere(page: Page) -> None:
    index = page.stranger.get("/")
    assert index.status_code == 200
    assert "default-src 'none'" in index.headers["content-security-policy"]
    assert {name: index.headers[name] for name in HEADERS} == HEADERS
    for address in ("/main.js", "/style.css", "/icon.svg", "/saver.js"):
        found = page.stranger.get(address)
        assert found.status_code == 200
        assert "http://" not in found.text.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in found.text


def test_a_token_opens_once_and_the_next_is_said(page: Page) -> None:
    again = page.stranger.post("/api/enter", json={"token": page.token})
    assert error(again) == (403, "stranger")
    assert "used before" in again.json()["error"]["message"]
    assert page.said == [page.doors.address]
    assert page.token not in page.doors.address
    assert page.stranger.post("/api/enter", json={"token": page.said[0].partition("=")[2]}).status_code == 200


@pytest.mark.parametrize(
    "path", ["folder", f"pictures/{GATE}", f"pictures/{GATE}/view", "export/csv", f"pictures/{GATE}/guide"]
)
def test_without_the_key_nothing_is_told(page: Page, path: str) -> None:
    assert error(page.stranger.get(f"/api/{path}")) == (403, "stranger")
    assert page.stranger.get(f"/api/{path}", headers={KEY_HEADER: "é".encode()}).status_code == 403


def test_without_the_key_nothing_is_written(page: Page, root: Path) -> None:
    answer = page.stranger.put(f"/api/pictures/{GATE}", json={"heads": EMPTY, "before": EMPTY})
    assert answer.status_code == 403
    assert not (root / "heads.csv").exists()


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "127.0.0.1:80"}, {"Origin": "http://evil.example"}, {"Origin": "null"}],
)
def test_other_sites_are_refused_even_with_the_key(page: Page, headers: dict[str, str]) -> None:
    assert error(page.client.get("/api/folder", headers=headers)) == (403, "stranger")
    assert page.client.get("/", headers=headers).status_code == 403


def test_paths_lead_nowhere(page: Page, root: Path) -> None:
    for path in ("../../etc/passwd", "..%2f..%2fetc%2fpasswd", "gate.png", "%2e%2e/heads.csv"):
        for kind in ("", "/view", "/piece/0/0/0"):
            answer = page.client.get(f"/api/pictures/{path}{kind}")
            assert answer.status_code in (404, 405)
            assert b"root:" not in answer.content
    assert page.client.get("/../pyproject.toml").status_code == 404


@pytest.mark.parametrize(
    "heads", [{"points": [["a", 1]], "done": True}, {"points": [[1]], "done": True}, {"points": [[1, 1e300]], "done": True},
              {"points": []}, {"points": [], "done": True, "more": 1}, []]
)  # fmt: skip
def test_what_are_no_heads_is_refused(page: Page, root: Path, heads: object) -> None:
    assert page.client.put(f"/api/pictures/{GATE}", json={"heads": heads, "before": EMPTY}).status_code == 400
    assert page.client.put(f"/api/pictures/{GATE}", content=b'{"heads": {"points": [[NaN, 1]]').status_code == 400
    assert not (root / "heads.csv").exists()


def test_bodies_without_an_end_are_refused(page: Page) -> None:
    for content in (iter([b"{}"]), b" " * 20_000_001):
        answer = page.client.put(f"/api/pictures/{GATE}", content=content)
        assert error(answer) == (413, "body-too-large")
        assert answer.headers["cache-control"] == "no-store"


def test_every_refusal_has_one_form(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    assert error(page.client.get("/api/pictures/none")) == (404, "unknown-picture")
    assert error(page.client.get("/api/nothing")) == (404, "not-found")
    assert error(page.client.delete("/api/folder")) == (405, "method")
    assert error(page.client.put(f"/api/pictures/{GATE}", json=[])) == (400, "request")
    assert error(page.client.get("/api/export/csv")) == (423, "data-set")
    monkeypatch.setattr(HeadStore, "rows", lambda _: 1 / 0)
    client = TestClient(page.client.app, base_url=page.client.base_url, raise_server_exceptions=False)
    assert error(client.get("/api/folder", headers=page.client.headers)) == (500, "internal")


def test_a_request_that_the_end_cuts_off_is_told_so_in_the_same_form(page: Page) -> None:
    sent: list[Message] = []

    async def cut_off() -> None:
        waiting = asyncio.Event()

        async def receive() -> Message:
            waiting.set()
            await asyncio.Event().wait()  # the rest of the body never comes
            raise AssertionError

        async def send(message: Message) -> None:
            sent.append(message)

        request = page.client.build_request("PUT", f"/api/pictures/{GATE}", content=b"{}")
        headers = [(name.lower(), value) for name, value in request.headers.raw]
        scope = {"type": "http", "method": "PUT", "path": request.url.path, "query_string": b"", "headers": headers}
        task = asyncio.ensure_future(tells_to_come_again(page.client.app)(scope, receive, send))
        await asyncio.wait_for(waiting.wait(), timeout=20)
        task.cancel()
        await task

    asyncio.run(cut_off())
    said = Response(sent[0]["status"], content=sent[1]["body"])
    assert error(said) == (503, "stopping")
    assert "send the request again" in said.json()["error"]["message"]


def test_a_conflict_is_answered_with_409(page: Page) -> None:
    one = {"points": [[1.0, 2.0]], "done": False}
    assert page.save(GATE, one).json() == {"saved": True, "warnings": []}
    answer = page.save(GATE, {"points": [[3.0, 4.0]], "done": False})
    assert error(answer) == (409, "conflict")
    assert page.client.get(f"/api/pictures/{GATE}").json()["points"] == [[1.0, 2.0]]


def test_pictures_are_shown_upright_and_large_ones_in_pieces(root: Path) -> None:
    pixels = np.zeros((1200, 3000, 3), dtype=np.uint8)
    pixels[:, :1500] = 255
    exif = Image.Exif()
    exif[0x112] = 6  # turned by a quarter: what is left in the file is the upper half upright
    Image.fromarray(pixels).save(root / "large.jpg", exif=exif)
    page, key = Page(root), key_of("large.jpg")
    assert {name: page.client.get(f"/api/pictures/{key}").json()[name] for name in ("width", "height")} == {
        "width": 1200,
        "height": 3000,
    }
    whole = Image.open(io.BytesIO(page.client.get(f"/api/pictures/{key}/view").content))
    assert whole.size == (819, 2048)
    assert np.asarray(whole.convert("L"))[[100, -100], 100].tolist() == [255, 0]
    piece = Image.open(io.BytesIO(page.client.get(f"/api/pictures/{key}/piece/0/1/2").content))
    assert piece.size == (1200 - 1024, 3000 - 2048)
    assert Image.open(io.BytesIO(page.client.get(f"/api/pictures/{key}/piece/1/0/1").content)).size == (600, 476)
    for beyond in ("0/2/0", "0/0/3", "13/0/0", "0/-1/0"):
        assert page.client.get(f"/api/pictures/{key}/piece/{beyond}").status_code in (400, 404)


def test_a_broken_picture_takes_down_no_other(root: Path) -> None:
    (root / "broken.jpg").write_bytes(b"no picture")
    page = Page(root)
    answer = page.client.get(f"/api/pictures/{key_of('broken.jpg')}")
    assert error(answer) == (422, "picture-format")
    assert len(page.folder()["pictures"]) == 4
    assert page.save(GATE, {"points": [[1.0, 1.0]], "done": True}).status_code == 200


def test_heic_pictures_are_shown(root: Path) -> None:
    pillow_heif = pytest.importorskip("pillow_heif", reason="uepnet[heic] is not installed")
    pillow_heif.from_pillow(Image.new("RGB", (64, 40), "red")).save(root / "phone.heic")
    page = Page(root)
    shown = Image.open(io.BytesIO(page.client.get(f"/api/pictures/{key_of('phone.heic')}/view").content))
    assert (shown.format, shown.size) == ("JPEG", (64, 40))


def test_what_is_marked_is_what_check_and_evaluation_read(
    root: Path, page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    points = [[1.25, 2.5], [60.0, 39.5], [30.0, 20.0]]
    page.save(GATE, {"points": points, "done": True})
    page.save(NINE, {"points": [[5.0, 5.0]], "done": False})
    page.save(TEN, {"points": [], "done": True})
    data = open_data_set(f"folder:{root}", split="all")
    assert {entry.name: data.heads(entry).xy.tolist() for entry in data.entries} == {
        "gate.png": points,
        "morning/10.png": [],
    }
    checked = check_data_sets([f"folder:{root}"])
    assert (checked.pictures, checked.heads) == (2, 3)
    assert [(finding.kind, finding.severity) for finding in checked.findings] == [("unfinished", "note")]
    program(["evaluate", "--data", f"folder:{root}", "--split", "all", "--json"], standalone_mode=False)
    told = json.loads(capsys.readouterr().out)
    assert told["images"] == 2
    assert told["bias"] == pytest.approx(
        sum(Counter().count(entry.picture).count for entry in data.entries) / 2 - 1.5, abs=1e-3
    )


class Gate:
    """A counter that waits until it may count."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.counter = Counter()

    def __call__(self) -> Counter:
        self.open.wait(20)
        return self.counter


@pytest.fixture
def slow_guide() -> Iterator[tuple[Guide, Gate]]:
    gate = Gate()
    guide = Guide(gate)
    yield guide, gate
    gate.open.set()
    guide.close()


def wait_for(found: object, *, seconds: float = 20.0) -> object:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = found()  # type: ignore[operator]  # whatever can be called
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def test_the_guide_counts_in_the_background_and_first_what_is_looked_at(
    root: Path, slow_guide: tuple[Guide, Gate]
) -> None:
    (root / "broken.jpg").write_bytes(b"no picture")
    guide, gate = slow_guide
    page = Page(root, guide=guide)
    assert {picture["count"] for picture in page.folder()["pictures"]} == {None}
    assert page.client.get(f"/api/pictures/{TEN}/guide").json() == {"state": "waiting"}
    assert page.client.get(f"/api/pictures/{TEN}/heat").status_code == 404
    assert next(iter(guide._wanted)) == root / "morning/10.png"
    gate.open.set()
    wait_for(lambda: all(picture["counted"] for picture in page.folder()["pictures"]))
    said = page.client.get(f"/api/pictures/{TEN}/guide").json()
    result = gate.counter.count(root / "morning/10.png")
    assert (said["count"], said["low"], said["high"]) == (result.count, result.low, result.high)
    heat = Image.open(io.BytesIO(page.client.get(f"/api/pictures/{TEN}/heat").content))
    assert (heat.mode, heat.width / heat.height) == ("RGBA", 64 / 40)
    assert [picture["name"] for picture in page.folder()["pictures"] if picture["broken"]] == ["broken.jpg"]
    assert page.client.get(f"/api/pictures/{key_of('broken.jpg')}/guide").json()["state"] == "failed"


def test_without_a_model_there_is_no_guide_and_all_else_works(root: Path) -> None:
    def fail() -> Counter:
        raise ModelFileError("no such model")

    guide = Guide(fail)
    guide.close()
    page = Page(root, guide=guide)
    assert page.folder()["guide"] == "no such model"
    assert page.client.get(f"/api/pictures/{GATE}/guide").json() == {"state": "off", "why": "no such model"}
    assert page.save(GATE, {"points": [[1.0, 1.0]], "done": True}).status_code == 200
