"""The side of the rented machine: collect the parts, train, bring home what there is. Every call may be the last.

    python -m tools.gpu.remote collect PART FOLDER     move a part out of the tree; the last one unpacks them all
    python -m tools.gpu.remote go FOLDER OUT           start the training or go on with it, wait, copy results to OUT

The training is a process of its own that goes on when the call ends; `go` starts it where it is not running, from the
last checkpoint if there is one. `OUT` gets the best weights so far in fp16, in pieces, with the journal, the rates and
the end of the log.
"""

import argparse
import fcntl
import itertools
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.gpu.job import BUNDLE, read_job
from tools.gpu.pieces import cut, join, missing, move_into
from uepnet.description import ValidationFigure
from uepnet.training.journal import read_journal
from uepnet.training.progress import Progress
from uepnet.whole_files import write_whole

LARGEST = 16_000_000
"""Bytes of a piece on the way home."""

ATTEMPTS = 2
"""Starts of the training in one call: what fails twice is read about in the log, not tried until the time is up."""

SLOWER_TO_BEGIN = 1.05
"""Compiling takes part of the time away, so it must win at least this much."""


@dataclass(frozen=True)
class Place:
    """Where things are on the rented machine."""

    folder: Path

    @property
    def bundle(self) -> Path:
        """The unpacked data."""
        return self.folder / "bundle"

    @property
    def code(self) -> Path:
        """A copy of the source: the tree of a call is replaced by the next call's while the training runs."""
        return self.folder / "code"

    @property
    def run(self) -> Path:
        """The training's folder."""
        return self.folder / "run"

    @property
    def rates(self) -> Path:
        """What was measured before the training."""
        return self.folder / "rates.json"

    @property
    def log(self) -> Path:
        """What the training's process said."""
        return self.folder / "log"

    @property
    def done(self) -> Path:
        """There when the training has ended."""
        return self.folder / "done"

    @property
    def process(self) -> Path:
        """The number of the training's process."""
        return self.folder / "pid"

    @property
    def lock(self) -> Path:
        """Held by the training's process while it lives."""
        return self.folder / "lock"


class Printed(Progress):
    """A line of the log now and then."""

    def on_picture(self, done: int, total: int) -> None:
        """At every thousandth picture and the last."""
        if done % 1000 == 0 or done == total:
            print(f"{done} of {total} pictures read", flush=True)

    def on_step(self, step: int, loss: float) -> None:
        """At every five hundredth step."""
        if step % 500 == 0:
            print(f"step {step} loss {loss:.3f}", flush=True)

    def on_validation(self, step: int, figures: tuple[ValidationFigure, ...]) -> None:
        """Every validation."""
        texts = [f"{figure.data_set} {figure.decode} {figure.mae:.2f}" for figure in figures]
        print(f"step {step} MAE {', '.join(texts)}", flush=True)


def collect(part: Path, place: Place) -> None:
    """Move a part beside the others; unpack them when all are there."""
    parts = place.folder / "parts"
    move_into(part, parts)
    absent = missing(parts, BUNDLE)
    if absent:
        print(f"{len(absent)} parts to come: {', '.join(absent)}")
        return
    archive = place.folder / BUNDLE
    join(parts, BUNDLE, archive)
    with tarfile.open(archive) as opened:
        opened.extractall(place.bundle, filter="data")
    archive.unlink()
    print(f"all parts are there, unpacked in {place.bundle}")


def work(place: Place, *, changes: Sequence[str], try_compiled: bool) -> None:
    """The training's process: measure, train or go on, say that it is done."""
    from uepnet.training.loop import train

    with place.lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        write_whole(place.process, str(os.getpid()).encode())
        if not place.rates.exists():
            rates = _measured(place, changes=changes, try_compiled=try_compiled)
            write_whole(place.rates, json.dumps(rates, indent=1).encode())
        compiled = json.loads(place.rates.read_text())["chosen"] == "compiled"
        job = read_job(place.bundle)
        config = job.settings(place.bundle, more=(*changes, f"compile={str(compiled).lower()}"))
        sets = job.sets(place.bundle, config)
        resume = (place.run / "checkpoint.safetensors").exists()
        print(f"{'going on with' if resume else 'beginning'} {config.name}", flush=True)
        train(config, sets, out=place.run, resume=resume, progress=Printed())
        write_whole(place.done, b"")


def _measured(place: Place, *, changes: Sequence[str], try_compiled: bool) -> dict[str, Any]:
    """The rates as it is and compiled, each in a process of its own, so that a compiler's fault costs minutes at most."""
    rates: dict[str, dict[str, Any]] = {}
    for name in ("eager", "compiled") if try_compiled else ("eager",):
        command = [sys.executable, "-m", "tools.gpu.rates", str(place.bundle)]
        for change in (*changes, f"compile={str(name == 'compiled').lower()}"):
            command += ["--set", change]
        try:
            told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=200).stdout
            rates[name] = json.loads(told.splitlines()[-1])
        except (subprocess.SubprocessError, ValueError, IndexError) as error:
            said = getattr(error, "stderr", None)
            rates[name] = {"failed": str(error)[:500], "said": str(said)[-2000:]}
        print(f"{name}: {json.dumps(rates[name])}", flush=True)
    then, now = (rates.get(name, {}).get("step_seconds", math.inf) for name in ("compiled", "eager"))
    return {"chosen": "compiled" if then * SLOWER_TO_BEGIN < now < math.inf else "eager", **rates}


def go(place: Place, *, seconds: float, command: Sequence[str]) -> bool:
    """Keep the training alive for so long; gives whether it goes on or is done."""
    _copy_code(place)
    path = os.pathsep.join([str(place.code / "src"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
    end = time.monotonic() + seconds
    child: subprocess.Popen[bytes] | None = None
    left = ATTEMPTS
    while time.monotonic() < end and not place.done.exists():
        if not _alive(place, child):
            if left == 0:
                break
            left -= 1
            with place.log.open("ab") as log:
                child = subprocess.Popen(
                    command, cwd=place.code, env=environment, stdout=log, stderr=log, start_new_session=True
                )
        time.sleep(0.5)
    return place.done.exists() or _alive(place, child)


def _copy_code(place: Place) -> None:
    """Copy this source once, whole."""
    if place.code.exists():
        return
    begun = place.folder / "code.part"
    shutil.rmtree(begun, ignore_errors=True)
    here = Path(__file__).resolve().parents[2]
    for name in ("src", "tools"):
        shutil.copytree(here / name, begun / name, ignore=shutil.ignore_patterns("__pycache__", "*.onnx"))
    begun.rename(place.code)


def _alive(place: Place, child: "subprocess.Popen[bytes] | None") -> bool:
    """Whether the training's process lives, be it of this call or of one before."""
    if child is not None and child.poll() is None:
        return True
    with place.lock.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def bring_home(place: Place, out: Path, *, largest: int) -> None:
    """Copy the best weights so far in fp16 and what was written about them; at most eight files, if four pieces do."""
    import torch

    from uepnet.network.model_file import load_model, save_model

    out.mkdir(parents=True, exist_ok=True)
    best, journal = place.run / "model.safetensors", place.run / "metrics.jsonl"
    if best.exists():
        network, description = load_model(best)
        halved = place.folder / "model.safetensors"
        save_model(halved, network, description, dtype=torch.float16)
        cut(halved, out, largest=largest)
    rates = json.loads(place.rates.read_text()) if place.rates.exists() else {}
    if journal.exists():
        write_whole(out / "metrics.jsonl", journal.read_bytes())
        rates["training"] = pace(journal)
    write_whole(out / "rates.json", json.dumps(rates, indent=1).encode())
    if place.log.exists():
        write_whole(out / "log", place.log.read_bytes()[-200_000:])
    print(json.dumps(rates, indent=1))
    if place.log.exists():
        print(place.log.read_text(errors="replace")[-3000:])
    print("done" if place.done.exists() else "not done: call go again")


def pace(journal: Path) -> dict[str, float]:
    """The training as it went: seconds of a step between two lines (median), and with everything around it (mean)."""
    lines = [line for line in read_journal(journal) if "loss" in line]
    if not lines:
        return {}
    last = lines[-1]
    pairs = [(b["step"] - a["step"], b["seconds"] - a["seconds"]) for a, b in itertools.pairwise(lines)]
    between = [seconds / number for number, seconds in pairs]
    whole = last["seconds"] / last["step"]
    median = statistics.median(between) if between else whole
    return {"step": last["step"], "median_step_seconds": median, "mean_step_seconds": whole}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tasks = parser.add_subparsers(dest="task", required=True)
    task = tasks.add_parser("collect")
    task.add_argument("part", type=Path)
    task.add_argument("folder", type=Path)
    for name in ("go", "work"):
        task = tasks.add_parser(name)
        task.add_argument("folder", type=Path)
        if name == "go":
            task.add_argument("out", type=Path)
            task.add_argument("--seconds", type=float, default=540.0, help="when to come home at the latest")
            task.add_argument("--largest", type=int, default=LARGEST, help="bytes of a piece of the weights")
        task.add_argument("--set", action="append", default=[], dest="changes")
        task.add_argument("--no-compiler", action="store_true", help="do not try torch.compile")
    given = parser.parse_args()
    place = Place(given.folder)
    if given.task == "collect":
        collect(given.part, place)
    elif given.task == "work":
        work(place, changes=given.changes, try_compiled=not given.no_compiler)
    else:
        command = [sys.executable, "-m", "tools.gpu.remote", "work", str(given.folder.resolve())]
        command += [text for change in given.changes for text in ("--set", change)]
        command += ["--no-compiler"] if given.no_compiler else []
        well = go(place, seconds=given.seconds, command=command)
        bring_home(place, given.out, largest=given.largest)
        sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
