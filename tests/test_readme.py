"""Every example that a reader may copy is run: the fenced blocks after `<!-- run -->` in the Markdown files.

`console` blocks run the lines that start with `$ ` in one shell that stops at the first failure; `python` blocks run as
a program. All blocks of a file run in order in one folder that holds the drawn example as `photo.jpg`, and `examples`.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.material import unchecked

BLOCK = re.compile(r"^<!-- run -->\n+```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REPOSITORY = Path(__file__).resolve().parents[1]
PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])


LINK = re.compile(r"\]\((?!https?://)([^)#\s]+)[^)]*\)")


def blocks(page: Path) -> list[tuple[str, str]]:
    """Language and text of every runnable block, in order."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def as_program(language: str, text: str) -> list[str]:
    """The command line that runs a block."""
    if language == "python":
        return [sys.executable, "-c", text]
    commands = [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]
    assert commands, f"a console block without a line that starts with '$ ':\n{text}"
    return ["bash", "-e", "-u", "-o", "pipefail", "-c", "\n".join(commands)]


def test_the_readme_has_examples_that_run() -> None:
    assert {language for language, _ in blocks(REPOSITORY / "README.md")} == {"console", "python"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_to_a_file(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drawn example, which is drawn once."""
    from PIL import Image

    from uepnet.scenes.example import draw_example

    path = tmp_path_factory.mktemp("photo") / "photo.jpg"
    with unchecked():
        Image.fromarray(draw_example().pixels).save(path, quality=92)
    return path


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=lambda page: page.stem)
def test_every_example_runs(page: Path, photo: Path, tmp_path: Path) -> None:
    shutil.copy(photo, tmp_path / "photo.jpg")
    shutil.copytree(REPOSITORY / "examples", tmp_path / "examples")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for language, text in blocks(page):
        command = as_program(language, text)
        finished = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert finished.returncode == 0, f"{text}\n{finished.stdout}\n{finished.stderr}"
