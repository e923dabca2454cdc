"""`uepnet data convert` from the command line."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.main import get_command
from typer.testing import CliRunner

from uepnet.annotations.labelling.formats import FORMS
from uepnet.cli.app import app


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """One picture with one head."""
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.new("RGB", (40, 30)).save(folder / "a.png")
    (folder / "a.txt").write_text("1.5 2\n", encoding="utf-8")
    return folder


def test_a_folder_becomes_a_cvat_file_once(photos: Path, tmp_path: Path) -> None:
    command = ["data", "convert", f"folder:{photos}", "--to", "cvat", "--out", str(tmp_path / "heads.xml")]
    first = CliRunner().invoke(app, command)
    assert (first.exit_code, first.stdout) == (0, f"{tmp_path / 'heads.xml'}: the heads of 1 pictures\n")
    assert 'points="1.50' in (tmp_path / "heads.xml").read_text(encoding="utf-8") or 'points="1.5,2' in (
        tmp_path / "heads.xml"
    ).read_text(encoding="utf-8")
    second = CliRunner().invoke(app, command)
    assert second.exit_code == 2
    assert "already" in second.stderr


def test_an_unknown_form_is_one_line_with_the_known_ones(photos: Path, tmp_path: Path) -> None:
    command = ["data", "convert", f"folder:{photos}", "--to", "voc", "--out", str(tmp_path / "heads")]
    refused = CliRunner().invoke(app, command)
    assert refused.exit_code == 2
    assert refused.stderr == f"uepnet: error: there is no form 'voc'; there are {', '.join(FORMS)}\n"
    assert not (tmp_path / "heads").exists()


def test_a_form_of_the_registry_can_be_asked_for(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMS, "voc", replace(FORMS["csv"], download="voc.csv"))
    command = ["data", "convert", f"folder:{photos}", "--to", "voc", "--out", str(tmp_path / "heads")]
    assert CliRunner().invoke(app, command).exit_code == 0
    assert (tmp_path / "heads").read_text(encoding="utf-8") == "picture,x,y\na.png,1.5,2.0\n"


@pytest.mark.parametrize(("command", "option"), [(("data", "convert"), "--to"), (("annotate",), "--also")])
def test_the_help_names_every_form(command: tuple[str, ...], option: str) -> None:
    found: Any = get_command(app)
    for name in command:
        found = found.commands[name]
    (text,) = (parameter.help for parameter in found.params if option in parameter.opts)
    assert set(re.findall(r"[\w-]+", text)) >= set(FORMS)
