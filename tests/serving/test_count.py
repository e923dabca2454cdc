"""The interface counts as the command line and Python do, and says what else is asked for."""

import base64
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient
from typer.testing import CliRunner

from uepnet import Counter, count_zones, draw_overlay, read_zones
from uepnet.cli.app import app
from uepnet.serving.described import CountAnswer

MEASURED = "seconds"


@pytest.mark.parametrize("decode", [None, "mean", "argmax"])
def test_the_server_counts_as_python_and_the_command_line_do(
    client: TestClient, red_model: Path, crowd_png: bytes, zones_json: str, tmp_path: Path, decode
) -> None:
    picture, zones = tmp_path / "crowd.png", tmp_path / "zones.json"
    picture.write_bytes(crowd_png)
    zones.write_text(zones_json, encoding="utf-8")
    fields = {"zones": zones_json, **({} if decode is None else {"decode": decode})}
    served = client.post("/v1/count", files={"picture": (str(picture), crowd_png)}, data=fields).json()
    counter = Counter(red_model, decode=decode)
    counted = count_zones(
        counter.count(crowd_png, name=str(picture)), read_zones(zones), calibration=counter.calibration
    )
    words = ["count", str(picture), "--model", str(red_model), "--zones", str(zones), "--json"]
    program = CliRunner().invoke(app, words + ([] if decode is None else ["--decode", decode]))
    printed = json.loads(program.stdout)
    for answer in (served, printed):
        assert answer.pop(MEASURED) >= 0
    python = counted.as_json()
    python.pop(MEASURED)
    assert served == printed == python
    assert served["count"] == (34 if decode == "argmax" else 17)
    assert [zone["count"] for zone in served["zones"]] == ([24, 10] if decode == "argmax" else [12, 5])
    assert (served["low"] is None) == (decode == "argmax")


def test_the_bundled_model_gives_the_same_answer_everywhere(tmp_path: Path) -> None:
    from uepnet.scenes.example import draw_example
    from uepnet.serving.application import application
    from uepnet.serving.service import Service
    from uepnet.serving.settings import Settings

    picture = tmp_path / "photo.jpg"
    Image.fromarray(draw_example().pixels[300:620, 200:640]).save(picture, quality=90)
    with TestClient(application(Service(Settings())), base_url="http://127.0.0.1") as client:
        served = client.post("/v1/count", content=picture.read_bytes()).json()
    counted = Counter().count(picture)
    assert (served["count"], served["low"], served["high"]) == (counted.count, counted.low, counted.high)
    assert served["warnings"] == list(counted.warnings)


def test_raw_bytes_and_options_in_the_address(client: TestClient, crowd_png: bytes, zones_json: str) -> None:
    options = {"decode": "argmax", "zones": zones_json, "name": "gate\n1"}
    answer = client.post("/v1/count", content=crowd_png, params=options, headers={"Content-Type": "image/png"}).json()
    assert (answer["count"], answer["source"]) == (34, "gate\\n1")
    assert [zone["name"] for zone in answer["zones"]] == ["left", "right"]
    assert client.post("/v1/count", content=crowd_png).json()["source"] == "picture"


def test_coverage_changes_the_range_as_it_does_in_python(client: TestClient, red_model: Path, crowd_png: bytes) -> None:
    answer = client.post("/v1/count", content=crowd_png, params={"coverage": 0.5}).json()
    counted = Counter(red_model, coverage=0.5).count(crowd_png)
    assert (answer["low"], answer["high"], answer["coverage"]) == (counted.low, counted.high, 0.5)
    assert answer["high"] < client.post("/v1/count", content=crowd_png).json()["high"]


def test_heat_lies_over_the_picture_and_is_clear_where_nobody_is(client: TestClient, crowd_png: bytes) -> None:
    answer = client.post("/v1/count", content=crowd_png, params={"heat": "true", "view": "true"}).json()
    CountAnswer.model_validate(answer)
    heat = Image.open(io.BytesIO(base64.b64decode(answer["heat"]["png"])))
    assert (heat.mode, heat.width / heat.height) == ("RGBA", 96 / 80)
    alpha = np.asarray(heat)[:, :, 3]
    scale = heat.width / 96
    assert alpha[round(5 * scale), round(8 * scale)] > 150
    assert alpha[round(40 * scale), round(48 * scale)] == 0
    assert answer["heat"]["ticks"][-1]["position"] == 1
    assert Image.open(io.BytesIO(base64.b64decode(answer["view"]))).format == "JPEG"


def test_zones_from_maps_are_those_of_the_picture(client: TestClient, crowd_png: bytes, zones_json: str) -> None:
    counted = client.post(
        "/v1/count", files={"picture": ("c.png", crowd_png)}, data={"zones": zones_json, "maps": "1"}
    ).json()
    again = client.post("/v1/zones", json={"maps": counted["maps"], "zones": json.loads(zones_json)})
    assert again.json() == {"zones": counted["zones"]}
    assert counted["zones"][0]["status"] == "over"
    by_argmax = client.post(
        "/v1/zones", json={"maps": counted["maps"], "zones": json.loads(zones_json), "decode": "argmax"}
    )
    assert [zone["low"] for zone in by_argmax.json()["zones"]] == [None, None]


@pytest.mark.parametrize("form", ["jpeg", "png"])
def test_the_overlay_is_that_of_the_command_line(
    client: TestClient, red_model: Path, crowd_png: bytes, zones_json: str, tmp_path: Path, form: str
) -> None:
    plan = tmp_path / "zones.json"
    plan.write_text(zones_json, encoding="utf-8")
    counter = Counter(red_model)
    result = count_zones(counter.count(crowd_png), read_zones(plan), calibration=counter.calibration)
    expected = np.asarray(draw_overlay(counter.read(crowd_png), result))
    fields = {"zones": zones_json, "format": form}
    reply = client.post("/v1/overlay", files={"picture": ("c.png", crowd_png)}, data=fields)
    assert reply.headers["content-type"] == f"image/{form}"
    drawn = np.asarray(Image.open(io.BytesIO(reply.content)).convert("RGB"))
    assert np.abs(drawn.astype(int) - expected).max() <= (0 if form == "png" else 90)
    maps = client.post("/v1/count", content=crowd_png, params={"maps": "true"}).json()["maps"]
    files = {"picture": ("c.png", crowd_png), "maps": ("maps", json.dumps(maps))}
    assert client.post("/v1/overlay", files=files, data=fields).content == reply.content
    # One count for the first drawing and one for the maps; drawing from the maps counts nothing.
    assert 'uepnet_pictures_total{model="red"} 2.0' in client.get("/metrics").text


def test_models_health_and_figures(client: TestClient, crowd_png: bytes) -> None:
    (model,) = client.get("/v1/models").json()["models"]
    assert (model["name"], model["default"], model["coverage"]) == ("red", True, 0.9)
    assert client.get("/healthz").json() == {"status": "ok"}
    assert (client.head("/healthz").status_code, client.head("/healthz").content) == (200, b"")
    client.post("/v1/count", content=crowd_png)
    client.post("/v1/count", content=b"no picture")
    client.get("/made-up-by-a-client")
    figures = client.get("/metrics").text
    assert 'uepnet_requests_total{path="/v1/count",status="200"} 1.0' in figures
    assert 'uepnet_requests_total{path="/v1/count",status="415"} 1.0' in figures
    assert 'uepnet_requests_total{path="other",status="404"} 1.0' in figures
    assert 'uepnet_pictures_total{model="red"} 1.0' in figures
    assert "made-up" not in figures


def test_the_page_needs_nothing_from_elsewhere(client: TestClient) -> None:
    import re

    for address in ("/", "/main.js", "/theme.css", "/layout.css", "/stage.css", "/icon.svg", "/api.js", "/editor.js"):
        reply = client.get(address)
        assert reply.status_code == 200
        elsewhere = [found for found in re.findall(r"https?://[^\s\"']+", reply.text) if "www.w3.org" not in found]
        assert elsewhere == []
        assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "style=" not in client.get("/").text
