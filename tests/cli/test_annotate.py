"""`uepnet annotate`: what it says before it serves, and what it refuses."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from uepnet.cli.app import app
from uepnet.serving.annotate import run as running
from uepnet.serving.annotate.lock import only_annotator


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One picture; the server ends as soon as it could answer."""
    monkeypatch.setattr(running, "serve", lambda app, listening, *, ready: ready())
    Image.new("RGB", (64, 40)).save(tmp_path / "gate.png")
    return tmp_path


def test_it_says_where_the_page_is_and_what_is_done(folder: Path) -> None:
    (folder / "heads.csv").write_text("picture,x,y\ngate.png,1,2\n")
    result = CliRunner().invoke(app, ["annotate", str(folder), "--no-guide"])
    assert result.exit_code == 0, result.output
    assert "pictures 1, of which 1 are done" in result.output
    assert "open     http://127.0.0.1:" in result.output
    assert "1 of 1 pictures are done, with 1 heads" in result.output
    assert (folder / "heads.csv").read_text() == "picture,x,y\ngate.png,1,2\n"


def test_files_of_other_layouts_are_named(folder: Path) -> None:
    (folder / "gate.txt").write_text("1 2\n")
    result = CliRunner().invoke(app, ["annotate", str(folder), "--no-guide"])
    assert "begun in gate.txt, which the first save puts into" in result.output
    assert (folder / "gate.txt").is_file()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["{0}/none"], "there is no such folder"),
        (["{0}/gate.png"], "there is no such folder"),
        (["{0}/empty"], "there are no pictures in this folder"),
        (["{0}", "--also", "yaml=x"], "FORM=PATH"),
    ],
)
def test_what_cannot_be_annotated_is_one_line(folder: Path, arguments: list[str], why: str) -> None:
    (folder / "empty").mkdir()
    result = CliRunner().invoke(app, ["annotate", "--no-guide", *(text.format(folder) for text in arguments)])
    assert result.exit_code in (1, 2)
    assert why in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_the_extra_that_is_missing_is_named(folder: Path) -> None:
    without = "import sys; sys.modules['fastapi'] = None; from uepnet.cli.app import main; main()"
    command = [sys.executable, "-c", without, "annotate", str(folder)]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert (
        finished.stderr == "uepnet: error: this needs fastapi, a part of uepnet[serve]: pip install 'uepnet[serve]'\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the lock is one of POSIX")
def test_a_folder_in_use_is_refused(folder: Path) -> None:
    with only_annotator(folder):
        result = CliRunner().invoke(app, ["annotate", str(folder), "--no-guide"])
    assert result.exit_code == 1
    assert "has this folder open" in result.stderr
