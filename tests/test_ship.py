"""The steps that ship a model are commands that there are, with options that they have."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import click
import pytest
import torch
import typer
from PIL import Image

from tests.toys import toy_description, toy_network
from tools import ship
from uepnet.cli.app import app
from uepnet.network.model_file import save_model


class Rehearsal(ship.Clone):
    """Parses what would be run, and makes every file that the run would make."""

    def __init__(self, folder: Path) -> None:
        self.root = self.out = folder
        self.ran: list[str] = []
        self.brought: list[str] = []

    def python(self, *words: str | Path) -> None:
        program, *rest = map(str, words)
        self.ran.append(program)
        if program == "uepnet":
            _parse(rest)
            self.ran[-1] = " ".join(rest[: 2 if rest[0] in ("bench", "reproduce") else 1])
            self._make(rest)

    def bring(self, made: Path, place: Path) -> None:
        self.brought.append(str(place))

    def _make(self, words: Sequence[str]) -> None:
        for word, value in pairwise(words):
            if word == "--out" and value.endswith(".safetensors"):
                save_model(Path(value), toy_network(toy_description()), toy_description())
            if word == "--pictures":
                Path(value).mkdir()
                Image.new("RGB", (20, 20)).save(Path(value) / "peopleless.jpg")


def _parse(words: Sequence[str]) -> None:
    """Raises `click.UsageError` for a command or an option that is not there."""
    command: click.Command = typer.main.get_command(app)
    rest = list(words)
    while isinstance(command, click.Group):
        context = click.Context(command)
        _, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command = found
    command.make_parser(click.Context(command)).parse_args(rest)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rehearsal:
    monkeypatch.setattr(ship, "TREE", tmp_path)
    (tmp_path / ship.IMAGES).mkdir(parents=True)
    return Rehearsal(tmp_path)


def test_the_files_of_a_model(clone: Rehearsal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ship, "OnnxBackend", lambda *_, **__: ship.argparse.Namespace(description=toy_description()))
    ship.files(clone, Path("weights.safetensors"), ["shanghaitech-a:ROOT"], ["drawn:runs/scenes"])
    assert clone.ran == ["temperatures", "export", "ranges", "familiar"]
    halved = ship.load_model(clone.out / "general.safetensors")[0]
    expected = toy_network(toy_description())
    for mine, theirs in zip(halved.state_dict().values(), expected.state_dict().values(), strict=True):
        assert torch.equal(mine, theirs.half().float())
    assert {Path(place).name for place in clone.brought} == {
        *("general.onnx", "general.safetensors", "general-ranges.png"),
        *(f"general-{name}.json" for name in ("temperatures", "ranges", "familiar")),
    }


def test_the_figures_of_a_model(clone: Rehearsal) -> None:
    cases = clone.root / "results/reproduce/shanghaitech-b/cases.json"
    cases.parent.mkdir(parents=True)
    cases.touch()
    ship.figures(clone, ["shanghaitech-b:ROOT", "scut-head:ROOT"])
    assert clone.ran == [
        *("evaluate", "bench robustness", "reproduce cases", "demo", "count"),
        *("uepnet.laboratory.reproduce.drawings", "tools.screenshots.serve"),
    ]
    assert (clone.root / ship.IMAGES / "peopleless.jpg").is_file()


def test_the_comparison_of_systems(clone: Rehearsal) -> None:
    ship.leaderboard(clone)
    assert clone.ran == ["leaderboard"]
    assert clone.brought == ["results/leaderboard.json"]
