"""A new bundled model and every figure of it, each measured on a clean commit:

    python -m tools.ship files WEIGHTS.safetensors --data NAME:ROOT ... --looks NAME:ROOT ...   # then commit
    python -m tools.ship figures --data NAME:ROOT ... --nobody folder:ROOT ...                   # then render, and commit
    python -m tools.ship leaderboard                                                            # then render, and commit

(`--data`, `--looks` and `--nobody`, pictures of nobody held out, once for each data set.) The validation parts of `--data` choose the temperature and the ranges, and
errors and behaviour are measured on them; their training parts choose the eight-bit scales, and with those of `--looks` what is
familiar. Each step works in a fresh clone of HEAD, so that its result files name a commit that anybody has, and copies what it
made into this working tree, in which nothing may be changed when it begins. `familiar` comes last and so rewrites the file whose
digest is in general-ranges.json.

Not made here: the card, notes and CHANGELOG; `bench speed`.
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

from uepnet.annotations.catalog import open_data_set
from uepnet.inference.onnx_backend import OnnxBackend
from uepnet.network.model_file import load_model, save_model

TREE = Path(__file__).resolve().parents[1]
BUNDLED = Path("src/uepnet/bundled")
IMAGES = Path("docs/images")
LARGEST_SIGMA = "15"
"""As in the presets of `general`."""
FAMILIAR_PICTURES = "150"


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
    """Temperatures, the eight-bit file, its ranges and looks, and the same description, but for the errors, over fp16 weights."""
    told, also = _named(data), _named([*data, *looks])
    out = clone.out
    tempered, model, plot = out / "tempered.safetensors", out / "general.onnx", out / "general-ranges.png"
    best: list[str | Path] = ["--by", "counts", "--largest-sigma", LARGEST_SIGMA]
    record = out / "general-temperatures.json"
    clone.uepnet("temperatures", weights.resolve(), *told, *best, "--record", record, "--out", tempered)
    clone.uepnet("export", tempered, "--int8", *told, "--out", model)
    clone.uepnet("ranges", model, *told, "--record", out / "general-ranges.json", "--plot", plot, "--out", model)
    record = out / "general-familiar.json"
    clone.uepnet("familiar", model, *also, "--most", FAMILIAR_PICTURES, "--record", record, "--out", model)
    network, of_weights = load_model(tempered)
    described = OnnxBackend(model, device="cpu").description.model_copy(update={"validation": of_weights.validation})
    halved = out / "general.safetensors"
    save_model(halved, network, described, dtype=torch.float16)
    for made in (model, halved):
        clone.bring(made, BUNDLED / made.name)
    for name in ("general-temperatures", "general-ranges", "general-familiar"):
        clone.bring(out / f"{name}.json", Path("results") / f"{name}.json")
    clone.bring(plot, IMAGES / plot.name)


def figures(clone: Clone, data: Sequence[str], nobody: Sequence[str]) -> None:
    """Errors, behaviour, cases and pictures of the model that HEAD bundles."""
    told, out = _named(data), clone.out
    clone.uepnet("evaluate", *told, "--record", out / "general.json")
    clone.uepnet("bench", "robustness", *told, "--pictures", out / "sheet", "--record", out / "robustness.json")
    clone.uepnet("bench", "nobody", *_named(nobody), "--record", out / "nobody.json")
    for name in ("general.json", "robustness.json", "nobody.json"):
        clone.bring(out / name, Path("results") / name)
    sheet = Image.open(out / "sheet/peopleless.jpg").reduce(2)
    sheet.save(TREE / IMAGES / "peopleless.jpg", quality=88)
    for one in data:
        name = one.partition(":")[0]
        if (TREE / "results/reproduce" / name / "cases.json").exists():
            clone.uepnet("reproduce", "cases", *_named([one]), "--out", out / "cases")
            for made in (out / "cases" / name).glob("cases.*"):
                clone.bring(made, Path("results/reproduce") / name / made.name)
    _pictures(clone)


def _pictures(clone: Clone) -> None:
    """The drawn crowd as the pages show it."""
    out = clone.out
    clone.uepnet("demo", "--out", out / "demo")
    clone.bring(out / "demo/example.overlay.jpg", IMAGES / "example.jpg")
    zones = "examples/square.zones.json"
    clone.uepnet("count", out / "demo/example.jpg", "--zones", zones, "--overlay", "--out", out / "zones")
    clone.bring(out / "zones/example.overlay.jpg", IMAGES / "zones.jpg")
    clone.python("uepnet.laboratory.reproduce.drawings", TREE / IMAGES)
    for page in ("serve", "annotate", "report"):
        clone.python(f"tools.screenshots.{page}", TREE / IMAGES / f"{page}.jpg")


def leaderboard(clone: Clone) -> None:
    """The comparison of systems, with the figures that HEAD has."""
    record = clone.out / "leaderboard.json"
    clone.uepnet("leaderboard", "--results", "results", "--record", record)
    clone.bring(record, Path("results/leaderboard.json"))


def _named(data: Sequence[str]) -> list[str]:
    """As options. Paths lead from here, and the clone is elsewhere."""
    parts = [one.partition(":") for one in data]
    return [word for name, _, root in parts for word in ("--data", f"{name}:{Path(root).expanduser().resolve()}")]


def _expect_readable(data: Sequence[str]) -> None:
    """Every data set, before the first step of many minutes."""
    for one in data:
        open_data_set(one, split="all")


def _expect_committed() -> None:
    """Raises `SystemExit` where HEAD is not what the working tree holds."""
    changed = subprocess.run(
        ["git", "-C", str(TREE), "status", "--porcelain"], check=True, capture_output=True, text=True
    ).stdout
    if changed:
        raise SystemExit(f"not committed, so no clone would have it:\n{changed}commit first")


def main(words: Sequence[str]) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="tools.ship", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    of_files, of_figures = steps.add_parser("files"), steps.add_parser("figures")
    steps.add_parser("leaderboard")
    of_files.add_argument("weights", type=Path)
    of_files.add_argument("--looks", action="append", default=[])
    of_figures.add_argument("--nobody", action="append", required=True)
    for parsed in (of_files, of_figures):
        parsed.add_argument("--data", action="append", required=True)
    told = parser.parse_args(words)
    _expect_committed()
    _expect_readable([one for kind in ("data", "looks", "nobody") for one in getattr(told, kind, [])])
    with tempfile.TemporaryDirectory() as folder:
        clone = Clone(Path(folder))
        if told.step == "files":
            files(clone, told.weights, told.data, told.looks)
        elif told.step == "figures":
            figures(clone, told.data, told.nobody)
        else:
            leaderboard(clone)


if __name__ == "__main__":
    main(sys.argv[1:])
