"""The steps that ship a model are commands that there are, with options that they have, and bring what these write."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
import typer
from PIL import Image

from tests.toys import toy_description, toy_network, toy_shape
from tools import ship
from uepnet.cli.app import app
from uepnet.description import ValidationFigure
from uepnet.network.model_file import load_model, save_model

TOY = toy_description(network=toy_shape())
WRITTEN = {
    "demo": ("example.jpg", "example.overlay.jpg"),
    "count": ("example.overlay.jpg",),
    "reproduce": ("cases.md",),
}
"""What these commands write into --out."""


class Rehearsal(ship.Clone):
    """Parses what would be run, and makes the files that the run would make."""

    def __init__(self, folder: Path) -> None:
        self.root = self.out = folder
        self.ran: list[str] = []
        self.brought: list[str] = []

    def python(self, *words: str | Path) -> None:
        program, *rest = map(str, words)
        self.ran.append(program)
        if program == "uepnet":
            parse(rest)
            self.ran[-1] = " ".join(rest[: 2 if rest[0] in ("bench", "reproduce") else 1])
            self._make(rest)

    def bring(self, made: Path, place: Path) -> None:
        assert made.is_file()
        self.brought.append(str(place))

    def _make(self, words: Sequence[str]) -> None:
        options = dict(zip(words, words[1:], strict=False))  # noqa: RUF007  # of which only those after an option are looked at
        for option in ("--record", "--plot"):
            if option in options:
                Path(options[option]).touch()
        if "--pictures" in options:
            Path(options["--pictures"]).mkdir()
            Image.new("RGB", (20, 20)).save(Path(options["--pictures"]) / "peopleless.jpg")
        out = Path(options.get("--out", self.out))
        if out.suffix == ".safetensors":
            save_model(out, toy_network(TOY), TOY)
        elif out.suffix == ".onnx":
            out.touch()
        for name in WRITTEN.get(words[0], ()):
            place = out / options["--data"].partition(":")[0] if words[0] == "reproduce" else out
            place.mkdir(parents=True, exist_ok=True)
            (place / name).touch()


def parse(words: Sequence[str]) -> None:
    """Raises what a wrong command line raises."""
    command = typer.main.get_command(app)
    rest = list(words)
    while hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    command.make_context("uepnet", rest)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rehearsal:
    monkeypatch.setattr(ship, "TREE", tmp_path)
    (tmp_path / ship.IMAGES).mkdir(parents=True)
    return Rehearsal(tmp_path)


def test_a_wrong_option_would_be_found() -> None:
    with pytest.raises(Exception, match="No such option: --bogus"):
        parse(["evaluate", "--data", "folder:here", "--bogus", "1"])


def test_the_files_of_a_model(clone: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = clone.out / "weights.safetensors"
    save_model(weights, toy_network(TOY), TOY)
    off = ValidationFigure(data_set="a", split="val", protocol="exact", decode="mean", pictures=1, mae=1.0, rmse=1.0)
    after = TOY.model_copy(update={"start": "told by the eight-bit file", "validation": (off,)})
    monkeypatch.setattr(ship, "OnnxBackend", lambda *_, **__: SimpleNamespace(description=after))
    ship.files(clone, weights, ["shanghaitech-a:ROOT"], ["drawn:runs/scenes"])
    assert clone.ran == ["temperatures", "export", "ranges", "familiar"]
    halved, description = load_model(clone.out / "general.safetensors")
    assert description == after.model_copy(update={"validation": TOY.validation})
    for mine, theirs in zip(halved.state_dict().values(), toy_network(TOY).state_dict().values(), strict=True):
        assert torch.equal(mine, theirs.half().float())
    assert {Path(place).name for place in clone.brought} == {
        *("general.onnx", "general.safetensors", "general-ranges.png"),
        *(f"general-{name}.json" for name in ("temperatures", "ranges", "familiar")),
    }


def test_the_figures_of_a_model(clone: Rehearsal) -> None:
    cases = clone.root / "results/reproduce/shanghaitech-b/cases.json"
    cases.parent.mkdir(parents=True)
    cases.touch()
    ship.figures(clone, ["shanghaitech-b:ROOT", "scut-head:ROOT"], ["folder:ROOT"])
    assert clone.ran == [
        *("evaluate", "bench robustness", "bench nobody", "reproduce cases", "demo", "count"),
        "uepnet.laboratory.reproduce.drawings",
        *("tools.screenshots.serve", "tools.screenshots.annotate", "tools.screenshots.report"),
    ]
    assert clone.brought == [
        *("results/general.json", "results/robustness.json", "results/nobody.json"),
        "results/reproduce/shanghaitech-b/cases.md",
        *("docs/images/example.jpg", "docs/images/zones.jpg"),
    ]
    assert (clone.root / ship.IMAGES / "peopleless.jpg").is_file()


def test_the_comparison_of_systems(clone: Rehearsal) -> None:
    ship.leaderboard(clone)
    assert clone.ran == ["leaderboard"]
    assert clone.brought == ["results/leaderboard.json"]


def test_a_step_runs_the_code_of_its_clone_and_only_what_is_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    tree, work = tmp_path / "tree", tmp_path / "work"
    package = tree / "src/uepnet/__init__.py"
    package.parent.mkdir(parents=True)
    work.mkdir()
    package.write_text("where = __file__\n")
    (package.parent / "told.py").write_text("import uepnet\nprint(uepnet.where)\n")
    git = ("git", "-C", str(tree), "-c", "user.name=me", "-c", "user.email=me@example.org")
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "one"]):
        subprocess.run([*git, *words], check=True)
    monkeypatch.setattr(ship, "TREE", tree)
    ship.Clone(work).python("uepnet.told")
    assert capfd.readouterr().out.splitlines()[-1] == str(work / "clone/src/uepnet/__init__.py")
    package.write_text("where = None\n")
    with pytest.raises(SystemExit, match=r"src/uepnet/__init__\.py\ncommit first"):
        ship.main(["leaderboard"])
