"""The finished pictures as files of labelling tools: every form of the registry, as a download and beside the folder."""

import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.serving.annotate.page import GATE, NINE, TEN, Page, error
from uepnet.annotations.labelling.formats import FORMS, read_heads
from uepnet.serving.annotate.exports import also_from


@pytest.fixture
def page(root: Path) -> Page:
    return Page(root)


@pytest.mark.parametrize("form", FORMS)
def test_the_finished_pictures_can_be_taken_as_every_form(page: Page, tmp_path: Path, form: str) -> None:
    assert error(page.client.get(f"/api/export/{form}")) == (423, "data-set")
    page.save(GATE, {"points": [[1.5, 2.5], [30.0, 20.0]], "done": True})
    page.save(NINE, {"points": [[1.0, 1.0]], "done": False})
    page.save(TEN, {"points": [], "done": True})
    answer = page.client.get(f"/api/export/{form}")
    path = tmp_path / FORMS[form].download
    path.write_bytes(answer.content)
    if FORMS[form].folder:
        with zipfile.ZipFile(path) as archive:
            assert archive.namelist() == ["gate.json", "morning/10.json"]
            assert json.loads(archive.read("gate.json"))["imageWidth"] == 64
        return
    found = {name: points.tolist() for name, points in read_heads(path).items()}
    assert found == {"gate.png": [pytest.approx([1.5, 2.5]), pytest.approx([30.0, 20.0])], "morning/10.png": []}
    assert page.client.get("/api/export/yaml").status_code == 404


@pytest.mark.parametrize("form", FORMS)
def test_a_finished_picture_that_broke_later_takes_down_no_export(root: Path, tmp_path: Path, form: str) -> None:
    also = also_from(f"{form}={tmp_path / 'also'}", root=root)
    page = Page(root, also=(also,))
    page.save(GATE, {"points": [[1.5, 2.5]], "done": True})
    page.save(TEN, {"points": [[2.0, 2.0]], "done": True})
    (root / "gate.png").write_bytes(b"no picture any more")
    answer = page.client.get(f"/api/export/{form}")
    assert answer.status_code == 200
    assert b"10" in answer.content
    warned = page.save(TEN, {"points": [], "done": True}, {"points": [[2.0, 2.0]], "done": True}).json()["warnings"]
    assert len(warned) == FORMS[form].sized
    assert all("gate.png is left out" in one for one in warned)


def test_a_labelling_tools_file_follows(root: Path, tmp_path: Path) -> None:
    also = also_from(f"cvat={tmp_path / 'heads.xml'}", root=root)
    page = Page(root, also=(also,))
    page.save(GATE, {"points": [[1.0, 2.0]], "done": True})
    assert read_heads(also.path)["gate.png"].tolist() == [[1.0, 2.0]]
    page.save(GATE, {"points": [[3.0, 2.0]], "done": True}, {"points": [[1.0, 2.0]], "done": True})
    assert read_heads(also.path)["gate.png"].tolist() == [[3.0, 2.0]]
    also.path.unlink()
    also.path.mkdir()
    warned = page.save(GATE, {"points": [], "done": True}, {"points": [[3.0, 2.0]], "done": True}).json()
    assert warned["saved"]
    assert "heads.xml" in warned["warnings"][0]


def fails(path: Path, points: Mapping[str, Any], sizes: Mapping[str, Any]) -> None:
    raise KeyError(path.name)


def test_a_form_that_fails_unexpectedly_takes_down_no_save_and_no_other_form(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(FORMS, "voc", replace(FORMS["json"], write=fails, download="voc.json"))
    also = tuple(also_from(f"{form}={tmp_path / form}", root=root) for form in ("voc", "csv"))
    answer = Page(root, also=also).save(GATE, {"points": [[1.0, 2.0]], "done": True})
    assert answer.json() == {
        "saved": True,
        "warnings": [f"{tmp_path / 'voc'}: this file could not be written; the terminal says why"],
    }
    assert "KeyError" in caplog.text
    assert "gate.png,1.0,2.0" in (tmp_path / "csv").read_text()


def test_a_form_is_known_everywhere_once_it_is_in_the_registry(
    page: Page, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORMS, "voc", replace(FORMS["json"], download="voc.json"))
    assert also_from(f"voc={tmp_path / 'voc'}", root=root).form == "voc"
    page.save(GATE, {"points": [[1.0, 2.0]], "done": True})
    answer = page.client.get("/api/export/voc")
    assert answer.headers["content-disposition"] == 'attachment; filename="voc.json"'
    assert answer.json() == {"gate.png": [[1.0, 2.0]]}


def test_the_page_has_a_button_for_every_form(page: Page) -> None:
    assert re.findall(r'data-form="([^"]+)"', page.stranger.get("/").text) == list(FORMS)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("cvat", "FORM=PATH"),
        ("yaml=x", "FORM=PATH"),
        ("cvat={root}/h.xml", "twice"),
        ("coco=/no/such/h.json", "no folder"),
    ],
)
def test_files_that_cannot_follow_are_refused(root: Path, text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        also_from(text.format(root=root), root=root)
