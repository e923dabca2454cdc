"""What is refused, with which status, and always in one form."""

import asyncio
import gzip
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message

from uepnet.serving import answers
from uepnet.serving.application import application
from uepnet.serving.bodies import Budget, read_body
from uepnet.serving.refusals import BusyError, SlowBodyError
from uepnet.serving.service import Service


def opened(service: Service, **headers: str) -> TestClient:
    return TestClient(application(service), base_url="http://localhost", headers=headers, raise_server_exceptions=False)


def error(reply) -> tuple[int, str]:
    content = reply.json()
    assert set(content) == {"error"}
    assert set(content["error"]) == {"kind", "message"}
    assert content["error"]["message"]
    return reply.status_code, content["error"]["kind"]


@pytest.mark.parametrize(
    ("path", "request_", "expected"),
    [
        ("/v1/count", {"content": b""}, (422, "request")),
        ("/v1/count", {"content": b"no picture at all"}, (415, "picture-format")),
        ("/v1/count", {"content": b"<svg/>", "headers": {"Content-Type": "text/html"}}, (415, "media-type")),
        ("/v1/count", {"json": {}}, (415, "media-type")),
        ("/v1/count?decode=median", {"content": b"x"}, (422, "request")),
        ("/v1/count?modle=red", {"content": b"x"}, (422, "request")),
        ("/v1/count?model=blue", {"content": b"x"}, (422, "request")),
        ("/v1/count?decode=mean&decode=argmax", {"content": b"x"}, (422, "request")),
        ("/v1/count?coverage=nan", {"content": b"x"}, (422, "request")),
        ("/v1/count?coverage=0.9999", {"content": b"x"}, (422, "request")),
        ("/v1/count?max_megapixels=501", {"content": b"x"}, (422, "request")),
        ("/v1/count", {"files": {"photo": ("a", b"x")}}, (422, "request")),
        ("/v1/count", {"files": {"picture": ("a", b"")}}, (422, "request")),
        ("/v1/count", {"files": {"picture": ("a", b"x")}, "data": {"zone": "1"}}, (422, "request")),
        ("/v1/count", {"files": [("picture", ("a", b"x")), ("picture", ("b", b"y"))]}, (422, "request")),
        ("/v1/count", {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, (422, "request")),
        (
            "/v1/count",
            {"content": b"--b\r\nx", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
            (422, "request"),
        ),
        ("/v1/zones", {"content": b"{", "headers": {"Content-Type": "application/json"}}, (422, "request")),
        ("/v1/zones", {"content": b"[" * 50_000, "headers": {"Content-Type": "application/json"}}, (422, "request")),
        ("/v1/zones", {"content": b"\xff", "headers": {"Content-Type": "application/json"}}, (422, "request")),
        ("/v1/zones", {"content": b"{}", "headers": {"Content-Type": "text/plain"}}, (415, "media-type")),
        ("/nowhere", {"content": b""}, (404, "not-found")),
        ("/healthz", {"content": b""}, (405, "method")),
    ],
)
def test_requests_that_make_no_sense(client: TestClient, path: str, request_: dict[str, Any], expected) -> None:
    assert error(client.post(path, **request_)) == expected


def test_pictures_that_are_broken_or_bombs(client: TestClient, crowd_png: bytes) -> None:
    assert error(client.post("/v1/count", content=crowd_png[: len(crowd_png) // 2])) == (422, "picture")
    assert error(client.post("/v1/count?max_megapixels=0.001", content=crowd_png)) == (413, "picture-too-large")
    huge = b"P6 60000 60000 255\n"
    assert error(client.post("/v1/count", content=huge)) == (413, "picture-too-large")


def test_too_many_pixels_are_refused_with_the_limit_of_this_server(
    service: Callable[..., Service], crowd_png: bytes
) -> None:
    with opened(service(max_megapixels=0.005)) as client:
        for picture in (crowd_png, b"P6 60000 60000 255\n"):
            reply = client.post("/v1/count", content=picture)
            assert error(reply) == (413, "picture-too-large")
            message = reply.json()["error"]["message"]
            assert "0.005 megapixels" in message
            assert "500" not in message
            assert "--max" not in message
        reply = client.post("/v1/count?max_megapixels=1", content=crowd_png)
        assert error(reply) == (422, "request")
        assert "above this server's limit of 0.005" in reply.json()["error"]["message"]


def test_a_compressed_body_is_refused_as_such(client: TestClient, crowd_png: bytes) -> None:
    reply = client.post("/v1/count", content=gzip.compress(crowd_png), headers={"Content-Encoding": "gzip"})
    assert error(reply) == (415, "media-type")
    assert "compressed (gzip)" in reply.json()["error"]["message"]


@pytest.mark.parametrize("as_file", [False, True])
def test_zones_that_are_too_long(client: TestClient, crowd_png: bytes, as_file: bool) -> None:
    zones = " " * 1_000_001
    picture = ("picture", ("c.png", crowd_png))
    reply = (
        client.post("/v1/count", files=[picture, ("zones", ("z.json", zones.encode()))])
        if as_file
        else client.post("/v1/count", files=[picture], data={"zones": zones})
    )
    assert error(reply) == (413, "body-too-large")


def test_zones_that_make_no_sense(client: TestClient, crowd_png: bytes) -> None:
    def ask(zones: str):
        return client.post("/v1/count", files={"picture": ("c.png", crowd_png)}, data={"zones": zones})

    crossing = [[0, 0], [9, 9], [9, 0], [0, 9]]
    for zones in ("{", "[]", '{"units": "pixels", "zones": [], "zones": []}', '{"units": "pixels", "zones": []}'):
        assert error(ask(zones)) == (422, "zones")
    reply = ask(json.dumps({"units": "pixels", "zones": [{"name": "a", "include": [crossing]}]}))
    assert error(reply) == (422, "zones")
    assert "crosses its side" in reply.json()["error"]["message"]
    outside = [[0, 0], [900, 0], [900, 9]]
    assert error(ask(json.dumps({"units": "pixels", "zones": [{"name": "a", "include": [outside]}]}))) == (422, "zones")
    as_file = {"picture": ("c.png", crowd_png), "zones": ("z.json", b"x" * 1_000_001)}
    assert error(client.post("/v1/count", files=as_file)) == (413, "body-too-large")


def test_wrong_zones_are_refused_before_the_picture_is_counted(
    client: TestClient, crowd_png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count(*_: object, **__: object) -> None:
        pytest.fail("the picture was counted")

    monkeypatch.setattr("uepnet.inference.counter.Counter.count", count)
    files = {"picture": ("c.png", crowd_png), "zones": ("z.json", '{"a": 1}')}
    for path in ("/v1/count", "/v1/overlay"):
        assert error(client.post(path, files=files)) == (422, "zones")


def test_every_kind_of_refusal_is_counted(client: TestClient, crowd_png: bytes) -> None:
    client.post("/v1/count", content=b"no picture")
    client.post("/v1/count", content=crowd_png[: len(crowd_png) // 2])
    text = client.get("/metrics").text
    assert 'uepnet_refused_total{kind="picture-format"} 1.0' in text
    assert 'uepnet_refused_total{kind="picture"} 1.0' in text


def test_zones_of_very_many_corners_end_quickly_even_without_a_zone(client: TestClient, crowd_png: bytes) -> None:
    polygon = [[x, x % 7] for x in range(1000)]
    zones = json.dumps({"units": "pixels", "exclude": [polygon] * 80, "zones": []}, separators=(",", ":"))
    begin = time.monotonic()
    files = {"picture": ("c.png", crowd_png), "zones": ("z.json", zones)}
    assert error(client.post("/v1/count", files=files)) == (422, "zones")
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize(
    "change",
    [
        {"count": "!"},
        {"count": "AAAA"},
        {"width": 97_000},
        {"patch": 16},
        {"count": None},
        {"more": 1},
    ],
)
def test_maps_that_did_not_come_from_here(client: TestClient, crowd_png: bytes, zones_json: str, change) -> None:
    maps = client.post("/v1/count", content=crowd_png, params={"maps": "true"}).json()["maps"]
    reply = client.post("/v1/zones", json={"maps": {**maps, **change}, "zones": json.loads(zones_json)})
    assert error(reply) == (422, "request")


def test_maps_of_no_numbers_and_of_another_picture(client: TestClient, crowd_png: bytes, zones_json: str) -> None:
    import base64

    import numpy as np

    maps = client.post("/v1/count", content=crowd_png, params={"maps": "true"}).json()["maps"]
    broken = base64.b64encode(np.full((10, 12), np.nan, dtype="<f4").tobytes()).decode()
    for key in ("count", "variance"):
        reply = client.post("/v1/zones", json={"maps": {**maps, key: broken}, "zones": json.loads(zones_json)})
        assert error(reply) == (422, "request")
    other = {**maps, "width": 95}
    files = {"picture": ("c.png", crowd_png), "maps": ("m", json.dumps(other))}
    assert error(client.post("/v1/overlay", files=files)) == (422, "request")


def test_bodies_above_the_limit_with_and_without_a_length(service: Callable[..., Service]) -> None:
    with opened(service(max_megabytes=0.01)) as client:
        assert error(client.post("/v1/count", content=bytes(10_001))) == (413, "body-too-large")
        assert error(client.post("/v1/count", content=(bytes(1000) for _ in range(20)))) == (413, "body-too-large")
        assert error(client.post("/v1/count", files={"picture": ("a", bytes(20_000))})) == (413, "body-too-large")
        assert error(client.post("/v1/count", content=bytes(9_000))) == (415, "picture-format")


def test_a_body_that_trickles_is_given_up(service: Callable[..., Service]) -> None:
    budget = Budget(1000)

    async def receive() -> Message:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def read() -> None:
        request = Request({"type": "http", "headers": []}, receive)
        with budget.holding() as holding:
            await read_body(request, holding, most=1000, seconds=0.1)

    with pytest.raises(SlowBodyError, match=r"within 0\.1 seconds"):
        asyncio.run(read())
    budget.take(1000)  # all of it is free again
    with pytest.raises(BusyError, match="memory"):
        budget.take(1)


def test_a_full_queue_refuses_before_the_body_is_read_and_works_on(
    service: Callable[..., Service], crowd_png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = threading.Event(), threading.Event()
    count = answers.count_answer

    def slowly(*arguments):
        begun.set()
        go.wait(20)
        return count(*arguments)

    monkeypatch.setattr("uepnet.serving.endpoints.count_answer", slowly)
    served = service(workers=1, queue=0)
    with opened(served) as client:
        found = []
        first = threading.Thread(target=lambda: found.append(client.post("/v1/count", content=crowd_png)))
        first.start()
        assert begun.wait(20)
        reply = client.post("/v1/count", content=crowd_png)
        assert error(reply) == (429, "busy")
        assert reply.headers["retry-after"] == "2"
        assert "uepnet_counting 1.0" in client.get("/metrics").text
        go.set()
        first.join(20)
        assert found[0].json()["count"] == 17
        assert client.post("/v1/count", content=crowd_png).json()["count"] == 17


def test_time_that_is_over_and_a_server_that_stops(
    service: Callable[..., Service], crowd_png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "uepnet.serving.endpoints.count_answer", lambda form, options, counters, deadline: time.sleep(0.5)
    )
    served = service(max_seconds=0.1)
    with opened(served) as client:
        reply = client.post("/v1/count", content=crowd_png)
        assert error(reply) == (503, "time")
        assert "retry-after" in reply.headers
        served.close()
        assert error(client.post("/v1/count", content=crowd_png)) == (503, "stopping")
        assert error(client.get("/healthz")) == (503, "stopping")


def test_large_pictures_stop_between_tiles_when_their_time_is_over() -> None:
    from uepnet.serving.deadline import Deadline
    from uepnet.serving.refusals import OutOfTimeError

    deadline = Deadline(0.01)
    time.sleep(0.02)
    with pytest.raises(OutOfTimeError, match=r"0\.01 seconds"):
        deadline.on_tile(1, 4)


def test_a_fault_of_ours_says_nothing_of_the_machine(
    client: TestClient, crowd_png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_):
        raise RuntimeError("/secret/place")

    monkeypatch.setattr("uepnet.serving.endpoints.count_answer", fail)
    reply = client.post("/v1/count", content=crowd_png)
    assert error(reply) == (500, "internal")
    assert "secret" not in reply.text
    assert reply.headers["x-content-type-options"] == "nosniff"
