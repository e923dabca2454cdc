"""A step of training as it is (`training.loop.learn`: batch, forward, backward, optimiser, average), and where its time goes."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from pydantic import JsonValue

from uepnet.annotations.catalog import open_data_set
from uepnet.laboratory.speed.clock import interleaved
from uepnet.laboratory.speed.convolutions import convolution_records
from uepnet.laboratory.speed.flop import forward_flop
from uepnet.laboratory.speed.peaks import SIDE, matrix_product
from uepnet.laboratory.speed.rows import Aim, Speed
from uepnet.network.arithmetic import Precision, settled
from uepnet.network_shape import NetworkShape
from uepnet.scenes.writing import write_scenes
from uepnet.training.config import OptimiserConfig, SamplingConfig, TrainingConfig
from uepnet.training.data import TrainingSets
from uepnet.training.loop import learn
from uepnet.training.progress import Progress
from uepnet.training.run import Run, RunFolder, begin
from uepnet.training.team import Team

CROP, BATCH = 256, 4
PASSES = 3
"""A step is counted as three forward passes: one forward, two backward (of the inputs and of the weights)."""


@dataclass(frozen=True)
class Trained:
    """A network whose step is timed, and what share of the peak it should reach, that of bf16 where the processor gains from it."""

    name: str
    shape: NetworkShape
    least_share: float


NETWORKS = (
    Trained("VGG-16, the paper's network", NetworkShape(encoder="vgg16"), 0.60),
    Trained(
        "ResNet-18, the bundled network",
        NetworkShape(encoder="resnet18", deepest=16, decoder_channels=256, merge_channels=256, head_channels=256),
        0.35,
    ),
)
QUICK = (
    Trained(
        "ResNet-18, narrow",
        NetworkShape(encoder="resnet18", deepest=16, decoder_channels=8, merge_channels=8, head_channels=8),
        0.35,
    ),
)


def measure_training(*, quick: bool, on_network: Callable[[str], None] = lambda _: None) -> list[dict[str, JsonValue]]:
    """For each network a record of the step, and one of each of its convolutions (of part "training-layers")."""
    records: list[dict[str, JsonValue]] = []
    with tempfile.TemporaryDirectory() as folder:
        pictures = Path(folder) / "scenes"
        write_scenes(pictures, seeds=range(3 if quick else 8), width=384, height=288, heads=60)
        for trained in QUICK if quick else NETWORKS:
            on_network(trained.name)
            records += _measure(trained, pictures, quick=quick)
    return records


def training_run(shape: NetworkShape, pictures: Path, *, precision: Precision, quick: bool) -> Run:
    """A training of the shape from random weights on a folder of drawn scenes, about to begin."""
    config = TrainingConfig(
        name="speed",
        steps=1000,
        network=shape,
        precision=precision,
        sampling=SamplingConfig(crop=64 if quick else CROP, batch=2 if quick else BATCH),
        optimiser=OptimiserConfig(learning_rate=1e-5),
    )
    sets = TrainingSets(train=(open_data_set(f"drawn:{pictures}", split="all"),), validation=())
    team = Team(rank=0, size=1, device=torch.device("cpu"))
    return begin(config, sets, team, start=None, progress=Progress(), out=RunFolder(pictures.parent / "run"))


def _measure(trained: Trained, pictures: Path, *, quick: bool) -> list[dict[str, JsonValue]]:
    precision = settled("bf16", "cpu")
    run = training_run(trained.shape, pictures, precision=precision, quick=quick)
    plain = training_run(trained.shape, pictures, precision="fp32", quick=quick)
    peak = matrix_product(precision, side=128 if quick else SIDE)
    learn(plain)  # the first step also lays out the work for these sizes
    seconds = interleaved(
        {"ours": lambda: learn(run), "plain": lambda: learn(plain), peak.name: peak.run},
        repetitions=2 if quick else 5,
        once=frozenset({"plain"}),
    )
    del plain
    crops = run.sampler.batch(0, patch=run.description.patch).pixels
    crop, batch = run.config.sampling.crop, run.config.sampling.batch
    speed = Speed(
        part="training",
        name=f"training step, {trained.name}",
        seconds=seconds["ours"],
        plain_seconds=seconds["plain"],
        aim=Aim(trained.least_share, against="limit"),
        use=peak.use(PASSES * forward_flop(run.learner, crops), seconds),
        note=f"{batch} crops of {crop} x {crop}, {precision}, channels-last, AdamW; plain: the same step in fp32, once",
    )
    layers = convolution_records(run.learner, crops, peak=peak, step=seconds["ours"])
    head: dict[str, JsonValue] = {"part": "training-layers", "network": trained.name}
    return [speed.as_json(), *(head | layer for layer in layers)]
