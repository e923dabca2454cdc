"""A new bundled model and every figure of it, each measured on a clean commit:

    python -m tools.ship files WEIGHTS.safetensors --data NAME:ROOT ... --looks NAME:ROOT ...   # then commit
    python -m tools.ship figures --data NAME:ROOT ...                                            # then render, and commit
    python -m tools.ship leaderboard                                                            # then render, and commit

`--data` are the validation parts, which choose the temperature, the ranges and the scales; `--looks` are the further data sets
whose pictures are familiar. Each step works in a fresh clone of HEAD, so that its result files name a commit that anybody has,
and copies what it made into this working tree.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch
from PIL import Image

from uepnet.inference.onnx_backend import OnnxBackend
from uepnet.network.model_file import load_model, save_model

TREE = Path(__file__).resolve().parents[1]
BUNDLED = Path("src/uepnet/bundled")
IMAGES = Path("docs/images")
LARGEST_SIGMA = "15"
"""As in the presets of `general`."""
FAMILIAR_PICTURES = "150"
SHEET = (1240, 1060)
"""Pixels of docs/images/peopleless.jpg."""


class Clone:
    """HEAD in a folder of its own, whose code runs in this environment."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "clone"
        self.out = folder / "out"
        self.out.mkdir()
        subprocess.run(["git", "clone", "--quiet", str(TREE), str(self.root)], check=True)

    def python(self, *words: str | Path) -> None:
        """`python -m WORDS` in the clone."""
        print("$", *words, flush=True)
        command = [sys.executable, "-m", *map(str, words)]
        subprocess.run(["env", f"PYTHONPATH={self.root / 'src'}", *command], check=True, cwd=self.root)

    def uepnet(self, *words: str | Path) -> None:
        """`uepnet WORDS` in the clone."""
        self.python("uepnet", *words)

    def bring(self, made: Path, place: Path) -> None:
        """Copy what was made to its place in the working tree."""
        shutil.copyfile(made, TREE / place)


def files(clone: Clone, weights: Path, data: Sequence[str], looks: Sequence[str]) -> None:
    """Temperatures, the eight-bit file, its ranges and looks, and the same description over fp16 weights."""
    told, also = _named(data), _named([*data, *looks])
    out = clone.out
    tempered, model = out / "tempered.safetensors", out / "general.onnx"
    clone.uepnet(
        *("temperatures", weights.resolve(), *told, "--by", "counts", "--largest-sigma", LARGEST_SIGMA),
        *("--record", out / "general-temperatures.json", "--out", tempered),
    )
    clone.uepnet("export", tempered, "--int8", *told, "--out", model)
    plot = out / "general-ranges.png"
    clone.uepnet("ranges", model, *told, "--record", out / "general-ranges.json", "--plot", plot, "--out", model)
    clone.uepnet(
        *("familiar", model, *also, "--most", FAMILIAR_PICTURES),
        *("--record", out / "general-familiar.json", "--out", model),
    )
    described = OnnxBackend(model, device="cpu").description
    halved = out / "general.safetensors"
    save_model(halved, load_model(tempered)[0], described, dtype=torch.float16)
    for made in (model, halved):
        clone.bring(made, BUNDLED / made.name)
    for name in ("general-temperatures", "general-ranges", "general-familiar"):
        clone.bring(out / f"{name}.json", Path("results") / f"{name}.json")
    clone.bring(plot, IMAGES / plot.name)


def figures(clone: Clone, data: Sequence[str]) -> None:
    """Errors, behaviour, cases and pictures of the model that HEAD bundles."""
    told, out = _named(data), clone.out
    clone.uepnet("evaluate", *told, "--record", out / "general.json")
    clone.uepnet("bench", "robustness", *told, "--pictures", out / "sheet", "--record", out / "robustness.json")
    for name in ("general.json", "robustness.json"):
        clone.bring(out / name, Path("results") / name)
    sheet = Image.open(out / "sheet/peopleless.jpg").resize(SHEET, Image.Resampling.LANCZOS)
    sheet.save(TREE / IMAGES / "peopleless.jpg", quality=88)
    for one in data:
        name = one.partition(":")[0]
        if (TREE / "results/reproduce" / name / "cases.json").exists():
            clone.uepnet("reproduce", "cases", "--data", one, "--out", out / "cases")
            for made in (out / "cases" / name).glob("cases.*"):
                clone.bring(made, Path("results/reproduce") / name / made.name)
    _pictures(clone)


def _pictures(clone: Clone) -> None:
    """The drawn crowd as the pages show it."""
    out = clone.out
    clone.uepnet("demo", "--out", out / "demo")
    clone.bring(out / "demo/example.overlay.jpg", IMAGES / "example.jpg")
    zones = ("--zones", "examples/square.zones.json", "--overlay", "--out", out / "zones")
    clone.uepnet("count", out / "demo/example.jpg", *zones)
    clone.bring(out / "zones/example.overlay.jpg", IMAGES / "zones.jpg")
    clone.python("uepnet.laboratory.reproduce.drawings", TREE / IMAGES)
    clone.python("tools.screenshots.serve", TREE / IMAGES / "serve.jpg")


def leaderboard(clone: Clone) -> None:
    """The comparison of systems, with the figures that HEAD has."""
    record = clone.out / "leaderboard.json"
    clone.uepnet("leaderboard", "--results", "results", "--record", record)
    clone.bring(record, Path("results/leaderboard.json"))


def _named(data: Sequence[str]) -> list[str]:
    return [word for one in data for word in ("--data", one)]


def main(words: Sequence[str]) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="tools.ship", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    of_files, of_figures = steps.add_parser("files"), steps.add_parser("figures")
    steps.add_parser("leaderboard")
    of_files.add_argument("weights", type=Path)
    of_files.add_argument("--looks", action="append", default=[])
    for parsed in (of_files, of_figures):
        parsed.add_argument("--data", action="append", required=True)
    told = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        clone = Clone(Path(folder))
        if told.step == "files":
            files(clone, told.weights, told.data, told.looks)
        elif told.step == "figures":
            figures(clone, told.data)
        else:
            leaderboard(clone)


if __name__ == "__main__":
    main(sys.argv[1:])
