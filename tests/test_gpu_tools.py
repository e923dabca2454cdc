"""The training on a rented machine, rehearsed: packed, collected, trained, killed, resumed, brought home and joined."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.material import unchecked
from tools.gpu.pieces import PiecesError, cut, join
from tools.gpu.remote import pace

HIDER = """
import sys
from importlib.machinery import PathFinder


class Hider(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        hidden = {"onnx", "onnxruntime", "onnxscript", "matplotlib", "pandas", "fastapi", "av"}
        return None if name.partition(".")[0] in hidden else PathFinder.find_spec(name, path, target)


sys.meta_path = [Hider if finder is PathFinder else finder for finder in sys.meta_path]
"""

TINY = """
name = "tiny"
steps = 20
precision = "bf16"
validate_every = 2
checkpoint_every = 2
checkpoint_seconds = 60
start = "{start}"
[network]
encoder = "shufflenet-v2"
deepest = 16
decoder_channels = 8
merge_channels = 8
head_channels = 8
[sampling]
crop = 64
batch = 2
leave_out = {{ folder = ["{left_out}"] }}
train_only = ["drawn"]
[objective]
count_weight = 1.0
[intervals]
intervals = 5
"""


def test_a_file_comes_back_from_its_pieces(tmp_path: Path) -> None:
    file = tmp_path / "weights.bin"
    file.write_bytes(bytes(range(256)) * 10)
    pieces = cut(file, tmp_path / "pieces", largest=1000)
    assert [piece.stat().st_size for piece in pieces] == [1000, 1000, 560]
    join(tmp_path / "pieces", "weights.bin", tmp_path / "again.bin")
    assert (tmp_path / "again.bin").read_bytes() == file.read_bytes()
    whole = pieces[1].read_bytes()
    pieces[1].write_bytes(b"x" + whole[1:])
    with pytest.raises(PiecesError, match=r"weights\.bin\.001"):
        join(tmp_path / "pieces", "weights.bin", tmp_path / "damaged.bin")
    pieces[1].unlink()
    with pytest.raises(PiecesError, match=r"weights\.bin\.001 are missing"):
        join(tmp_path / "pieces", "weights.bin", tmp_path / "damaged.bin")
    assert not (tmp_path / "damaged.bin").exists()


def test_an_empty_file_is_one_piece(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    assert len(cut(tmp_path / "empty", tmp_path / "pieces", largest=10)) == 1
    join(tmp_path / "pieces", "empty", tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == b""


def test_the_pace_is_that_of_the_journal(tmp_path: Path) -> None:
    journal = tmp_path / "metrics.jsonl"
    journal.write_text("", encoding="utf-8")
    assert pace(journal) == {}
    lines: list[dict[str, Any]] = [
        {"step": step, "loss": 1.0, "seconds": seconds}
        for step, seconds in ((20, 2.0), (40, 3.0), (60, 9.0), (80, 10.0))
    ]
    lines.insert(2, {"step": 40, "validation": []})
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert pace(journal) == pytest.approx({"step": 80, "median_step_seconds": 0.05, "mean_step_seconds": 0.125})


class There:
    """Runs modules as the rented machine does: the source, and no package that it does not have."""

    def __init__(self, folder: Path, repository: Path) -> None:
        (folder / "site").mkdir()
        (folder / "site" / "sitecustomize.py").write_text(HIDER, encoding="utf-8")
        path = os.pathsep.join([str(repository / "src"), str(folder / "site")])
        self.environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
        self.repository = repository

    def begin(self, *words: str) -> subprocess.Popen[str]:
        command, pipe = [sys.executable, "-m", *words], subprocess.PIPE
        environment, folder = self.environment, self.repository
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True)

    def run(self, *words: str) -> str:
        with self.begin(*words) as process:
            told = process.communicate(timeout=1200)[0]
        assert process.returncode == 0, told
        return told


@pytest.fixture
def there(tmp_path: Path, repository: Path) -> There:
    return There(tmp_path, repository)


@pytest.fixture
def parts(tmp_path: Path, there: There) -> list[Path]:
    """A tiny training of drawn scenes, packed; a start file and a left-out picture go along."""
    from safetensors.torch import save_file

    from uepnet.annotations.catalog import open_data_set
    from uepnet.network.encoders import build_encoder
    from uepnet.scenes.writing import write_scenes

    with unchecked():
        for name, seeds in (("own", range(20)), ("drawn", range(20, 23))):
            write_scenes(tmp_path / name, seeds=seeds, width=128, height=96, heads=30)
    left_out = open_data_set(f"folder:{tmp_path / 'own'}", split="train").entries[0].name
    start = tmp_path / "start.safetensors"
    save_file(build_encoder("shufflenet-v2", deepest=16).state_dict(), start)
    config = tmp_path / "tiny.toml"
    config.write_text(TINY.format(start=start, left_out=left_out), encoding="utf-8")
    data = ["--data", f"folder:{tmp_path / 'own'}", "--data", f"drawn:{tmp_path / 'drawn'}"]
    out = ["--out", str(tmp_path / "parts"), "--largest", "500000"]
    there.run("tools.gpu.pack", str(config), *data, *out)
    return sorted((tmp_path / "parts").iterdir())


def wait_for(path: Path, *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < end, f"{path.name} was not written in {seconds} s"
        time.sleep(0.01)


def kill_once_resumed_by_itself(job: Path, process: "subprocess.Popen[str]") -> str:
    """Kill the training when it has a checkpoint; gives what `go` says in the end."""
    try:
        wait_for(job / "run" / "checkpoint.safetensors", seconds=600)
        os.killpg(int((job / "pid").read_text()), signal.SIGKILL)
        return process.communicate(timeout=900)[0]
    finally:
        process.kill()


def test_there_are_no_packages_that_the_rented_machine_lacks(there: There) -> None:
    process = there.begin("onnxruntime")
    assert "No module named onnxruntime" in process.communicate(timeout=60)[0]
    assert process.returncode == 1


@pytest.mark.slow
def test_the_whole_sequence(tmp_path: Path, there: There, parts: list[Path]) -> None:
    from uepnet.network.model_file import load_model

    job, home = tmp_path / "job", tmp_path / "home"
    told = [there.run("tools.gpu.remote", "collect", str(part), str(job)) for part in parts]
    assert ["all parts are there" in text for text in told] == [False] * (len(parts) - 1) + [True]
    assert len(parts) > 1
    there_is_no_gpu = ["--largest", "100000", "--no-compiler"]
    going = there.begin("tools.gpu.remote", "go", str(job), str(home), "--seconds", "600", *there_is_no_gpu)
    said = kill_once_resumed_by_itself(job, going)
    assert going.returncode == 0, said
    assert said.rstrip().endswith("done")
    log = (home / "log").read_text()
    assert "beginning tiny" in log
    assert "going on with tiny" in log

    rates = json.loads((home / "rates.json").read_text())
    eager = rates["eager"]
    assert rates["chosen"] == "eager"
    assert 0 < eager["targets_share_of_step"] < eager["batch_share_of_step"] < 1
    assert min(eager["matrix_bf16_flops"], eager["step_share_of_peak"], eager["counting_share_of_peak"]) > 0
    assert rates["training"]["step"] == 20
    there.run("tools.gpu.pieces", "join", str(home), "model.safetensors", str(tmp_path / "model.safetensors"))
    network, description = load_model(tmp_path / "model.safetensors")
    assert (description.name, description.start.partition(",")[0]) == ("tiny", "start")
    assert {figure.data_set for figure in description.validation} == {"folder"}
    assert all(bool(weight.isfinite().all()) for weight in network.state_dict().values())
