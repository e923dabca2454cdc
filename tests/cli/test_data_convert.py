"""`uepnet data convert` from the command line."""

from pathlib import Path

from PIL import Image
from typer.testing import CliRunner

from uepnet.cli.app import app


def test_a_folder_becomes_a_cvat_file_once(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    Image.new("RGB", (40, 30)).save(photos / "a.png")
    (photos / "a.txt").write_text("1.5 2\n", encoding="utf-8")
    command = ["data", "convert", f"folder:{photos}", "--to", "cvat", "--out", str(tmp_path / "heads.xml")]
    first = CliRunner().invoke(app, command)
    assert (first.exit_code, first.stdout) == (0, f"{tmp_path / 'heads.xml'}: the heads of 1 pictures\n")
    assert 'points="1.50' in (tmp_path / "heads.xml").read_text(encoding="utf-8") or 'points="1.5,2' in (
        tmp_path / "heads.xml"
    ).read_text(encoding="utf-8")
    second = CliRunner().invoke(app, command)
    assert second.exit_code == 2
    assert "already" in second.stderr
