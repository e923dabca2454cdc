"""How fast the device is, and how much of that a training step and counting reach; measured on the device, in one run.

    python -m tools.gpu.rates BUNDLE [--set compile=true]

prints one JSON object. Rates are floating-point operations (two for a multiplication with an addition) a second; shares
are of the bf16 matrix product measured just before. Counting is measured as it is alone: `compile` is for the steps.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

from tools.gpu.job import read_job
from uepnet.network.counting_graph import CountingGraph
from uepnet.training.config import TrainingConfig
from uepnet.training.data import TrainingSets
from uepnet.training.loop import learn
from uepnet.training.progress import Progress
from uepnet.training.run import Run, RunFolder, begin
from uepnet.training.sampling import Sampler
from uepnet.training.targets import beyond_picture, local_counts
from uepnet.training.team import join_team


@dataclass(frozen=True)
class Effort:
    """How large and how often: enough to fill a GPU, or little enough for a rehearsal on a CPU."""

    matrix: int
    copied: int
    """Floats."""
    warm_up: int
    times: int
    counted: tuple[int, int, int]
    """Pictures at once, height, width."""
    pictures: int
    """Of each data set that crops are taken from."""


GPU = Effort(matrix=8192, copied=2**28, warm_up=10, times=30, counted=(8, 768, 1024), pictures=64)
CPU = Effort(matrix=512, copied=2**20, warm_up=1, times=3, counted=(1, 96, 128), pictures=8)


def measure(config: TrainingConfig, sets: TrainingSets) -> dict[str, float | str]:
    """Ceilings, the step and its parts, and counting."""
    with join_team() as team, tempfile.TemporaryDirectory() as folder:
        cuda = team.device.type == "cuda"
        effort = GPU if cuda else CPU
        few = replace(sets, train=tuple(data_set.only(_first(data_set.entries, effort)) for data_set in sets.train))
        few = replace(few, validation=())
        run = begin(config, few, team, start=None, progress=Progress(), out=RunFolder(Path(folder)))
        peak = _matrix_rate(effort, team.device)
        result: dict[str, float | str] = {
            "device": torch.cuda.get_device_name() if cuda else "CPU",
            "torch": torch.__version__,
            "compiled": str(config.compile),
            "matrix_bf16_flops": peak,
            "copy_bytes_per_second": _copy_rate(effort, team.device),
        }
        return result | _step(run, effort, peak) | _counting(run, effort, peak)


def _first(entries: tuple, effort: Effort) -> list[str]:  # type: ignore[type-arg]
    return [entry.name for entry in entries[: effort.pictures]]


def _matrix_rate(effort: Effort, device: torch.device) -> float:
    """Of a square product of random matrices in bf16."""
    side = effort.matrix
    a, b = (torch.randn(side, side, device=device, dtype=torch.bfloat16) for _ in range(2))
    return 2.0 * side**3 / _seconds(lambda: torch.mm(a, b), effort, device)


def _copy_rate(effort: Effort, device: torch.device) -> float:
    """Bytes read and bytes written."""
    source = torch.randn(effort.copied, device=device)
    target = torch.empty_like(source)
    return 8.0 * effort.copied / _seconds(lambda: target.copy_(source), effort, device)


def _step(run: Run, effort: Effort, peak: float) -> dict[str, float]:
    """A whole training step, and alone: making the batch, and of that the targets."""
    config, device, patch = run.config, run.team.device, run.description.patch
    sampler = run.sampler if isinstance(run.sampler, Sampler) else run.sampler.sampler
    seconds = _seconds(lambda: _learn(run), effort, device)
    batch = _seconds(lambda: sampler.batch(run.state.step, patch=patch), effort, device)
    heads = sampler.heads_of([cut for cut, _ in sampler.choose(0)])
    patches = config.sampling.crop // patch

    def targets() -> None:
        local_counts(heads, patch=patch, rows=patches, columns=patches)
        beyond_picture(heads, patch=patch, rows=patches, columns=patches)

    flops = config.sampling.batch * _flops_of_learning(run)
    return {
        "step_seconds": seconds,
        "step_flops": float(flops),
        "step_share_of_peak": flops / seconds / peak,
        "batch_share_of_step": batch / seconds,
        "targets_share_of_step": _seconds(targets, effort, device) / seconds,
    }


def _learn(run: Run) -> None:
    """A step as the loop takes it, its losses looked at as seldom."""
    learn(run)
    if run.readings.due:
        run.readings.take()


def _flops_of_learning(run: Run) -> int:
    """Forward and backward of one crop."""
    side, network = run.config.sampling.crop, run.state.network
    pixels = torch.randn(1, 3, side, side, device=run.team.device)
    with FlopCounterMode(display=False) as counter:
        torch.stack([logits.mean() for logits in network(pixels)]).sum().backward()  # type: ignore[no-untyped-call]  # torch
    run.state.optimiser.zero_grad(set_to_none=True)
    return int(counter.get_total_flops())


def _counting(run: Run, effort: Effort, peak: float) -> dict[str, float]:
    """The averaged weights on pictures of one size, in bf16 without a gradient, decode included; never compiled."""
    if run.config.compile:  # the steps' network alone is compiled
        return {}
    device = run.team.device
    number, height, width = effort.counted
    graph = CountingGraph(run.state.average, run.description).eval().to(device)
    graph = graph.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's overloads leave it out
    pictures = torch.randint(0, 256, (number, height, width, 3), device=device, dtype=torch.uint8)

    def count() -> None:
        with torch.inference_mode(), torch.autocast(device.type, dtype=torch.bfloat16):
            graph(pictures)

    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        graph(pictures)
    seconds = _seconds(count, effort, device)
    return {
        "counting_seconds_per_picture": seconds / number,
        "counting_share_of_peak": counter.get_total_flops() / seconds / peak,
    }


def _seconds(call: Callable[[], object], effort: Effort, device: torch.device) -> float:
    """Median of several runs of about as many calls each, after a warm-up; the device is waited for around each run."""
    for _ in range(effort.warm_up):
        call()
    measured = []
    for _ in range(3):
        _wait(device)
        began = time.perf_counter()
        for _ in range(effort.times):
            call()
        _wait(device)
        measured.append((time.perf_counter() - began) / effort.times)
    return statistics.median(measured)


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--set", action="append", default=[], dest="changes")
    given = parser.parse_args()
    job = read_job(given.bundle)
    config = job.settings(given.bundle, more=tuple(given.changes))
    print(json.dumps(measure(config, job.sets(given.bundle, config))))


if __name__ == "__main__":
    main()
