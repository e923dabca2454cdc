"""Every target and every partition from pictures to a model file that counts."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from tests.material import unchecked
from uepnet.cli.app import app
from uepnet.counting.partition import METHODS
from uepnet.description import ClassesOutput
from uepnet.errors import ConfigError
from uepnet.evaluation.evaluate import evaluate
from uepnet.export.onnx import export_onnx
from uepnet.inference.counter import Counter
from uepnet.network.model_file import load_model
from uepnet.network.uepnet import UEPNet
from uepnet.training.config import Target, TrainingConfig
from uepnet.training.data import TrainingSets
from uepnet.training.loop import train
from uepnet.training.progress import Progress
from uepnet.training.run import Run, RunFolder, begin
from uepnet.training.team import Team

TARGETS: tuple[Target, ...] = get_args(Target)
EXPORTED: tuple[Target, ...] = ("classes", "mse", "density-mse", "zip")
"""One target of every kind of output; the graph of another target is that of one of these, and tracing it takes long."""


def config_of(config: TrainingConfig, **changes: object) -> TrainingConfig:
    """The tiny training with other parts."""
    return TrainingConfig.model_validate(config.model_dump() | {"validate_every": 10**6} | changes)


@torch.no_grad()
def loss_of(run: Run, network: UEPNet) -> float:
    """The mean loss on eight batches that no training sees."""
    losses = []
    for step in range(1000, 1008):
        batch = run.sampler.batch(step, patch=run.description.patch)
        losses.append(float(run.loss(network.eval()(batch.pixels), batch, patches=(~batch.beyond).sum().float())))
    return sum(losses) / len(losses)


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_is_learnt_and_counts(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets, target: Target
) -> None:
    config = config_of(
        config,
        steps=15,
        objective={"target": target},
        optimiser={"learning_rate": 3e-3, "warm_up": 1, "averaging": 0.5},
    )
    sets = TrainingSets(train=sets.train, validation=())
    alone = Team(rank=0, size=1, device=torch.device("cpu"))
    run = begin(config, sets, alone, start=None, progress=Progress(), out=RunFolder(tmp_path / "run"))
    path = train(config, sets, out=tmp_path / "run")
    network, description = load_model(path)
    assert loss_of(run, network) < loss_of(run, run.state.network)
    assert description.output == run.description.output

    picture = np.random.default_rng(0).integers(0, 256, (50, 67, 3), dtype=np.uint8)
    result = Counter(path).count(picture)
    assert np.isfinite(result.variance_map).all()
    assert (result.count_map >= 0).all()


@pytest.mark.parametrize("target", EXPORTED)
def test_every_kind_of_output_is_exported(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets, target: Target
) -> None:
    deepest = (
        16 if target == "classes" else 8
    )  # to stride 8 there is no decoder, and one target shows that it is exported
    network = config.network.model_dump() | {"encoder": "resnet18", "deepest": deepest}
    config = config_of(config, steps=3, objective={"target": target}, network=network)
    path = train(config, TrainingSets(train=sets.train, validation=()), out=tmp_path / "run")
    with unchecked():
        export_onnx(tmp_path / "model.onnx", *load_model(path), half=False)
    picture = np.random.default_rng(0).integers(0, 256, (50, 67, 3), dtype=np.uint8)
    by_torch, by_onnx = Counter(path), Counter(tmp_path / "model.onnx")
    assert by_onnx.description == by_torch.description
    np.testing.assert_allclose(by_onnx.count(picture).count_map, by_torch.count(picture).count_map, atol=1e-5)
    np.testing.assert_allclose(by_onnx.count(picture).variance_map, by_torch.count(picture).variance_map, atol=1e-5)


@pytest.mark.parametrize("stride", [8, 16, 32])
@pytest.mark.parametrize("method", METHODS)
def test_a_partition_is_learnt_at_every_patch(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets, method: str, stride: int
) -> None:
    intervals = {"method": method, "heads": "single"}
    if METHODS[method].intervals is None:
        intervals["intervals"] = 12  # type: ignore[assignment]  # values of several types
    network = config.network.model_dump() | {"stride": stride, "deepest": 32}
    config = config_of(config, steps=1, intervals=intervals, network=network, sampling={"crop": 64, "batch": 1})
    path = train(config, TrainingSets(train=sets.train, validation=()), out=tmp_path / "run")
    counter = Counter(path)
    result = counter.count(np.zeros((64, 96, 3), dtype=np.uint8))
    assert result.count_map.shape == (64 // stride, 96 // stride)
    output = counter.description.output
    assert isinstance(output, ClassesOutput)
    assert output.people == ("points" if method == "integer" else "gaussians")
    if method == "integer":
        (partition,) = counter.description.partitions
        assert partition.borders == (1.0, 2.0, 3.0, 4.0)
        assert partition.proxies[:4] == (0.0, 1.0, 2.0, 3.0)


@pytest.fixture
def regression(tmp_path: Path, config: TrainingConfig, sets: TrainingSets) -> Path:
    """A model of the target mse, after one step."""
    config = config_of(config, steps=1, objective={"target": "mse"})
    return train(config, TrainingSets(train=sets.train, validation=()), out=tmp_path / "mse")


def test_what_needs_classes_says_so(regression: Path, drawn: Path, sets: TrainingSets, tmp_path: Path) -> None:
    said = "needs classes of counts, but the model tiny has learnt mse, without classes"
    with pytest.raises(ValueError, match=f"the argmax decode {said}"):
        Counter(regression, decode="argmax")
    with pytest.raises(ValueError, match=f"the argmax decode {said}"):
        evaluate(Counter(regression), sets.validation[0], decode="argmax")
    runner = CliRunner()
    out = str(tmp_path / "tempered.safetensors")
    command = ["temperatures", str(regression), "--data", f"folder:{drawn}", "--out", out]
    result = runner.invoke(app, command)
    assert result.exit_code == 2
    assert f"a temperature {said}" in " ".join(result.output.split())
    shown = runner.invoke(app, ["models", str(regression)])
    assert "output      people per patch by relu, learnt as mse" in shown.stdout


def test_an_evaluation_has_the_decodes_that_there_are(regression: Path, sets: TrainingSets) -> None:
    measured = evaluate(Counter(regression), sets.validation[0])
    assert list(measured.by_decode) == ["mean"]
    assert list(measured.as_json()["details"]["decodes"]) == ["mean"]


def test_a_training_goes_on_with_the_output_that_there_is(
    regression: Path, tmp_path: Path, config: TrainingConfig, sets: TrainingSets
) -> None:
    sets = TrainingSets(train=sets.train, validation=())
    plain = TrainingConfig(name="on", steps=1, precision="fp32", start="model", sampling=config.sampling)
    with pytest.raises(
        ConfigError, match="this model gives counts by relu in 1 x 1 cells a patch, but the target classes"
    ):
        train(plain, sets, out=tmp_path / "classes", start=regression)
    finer = plain.model_copy(update={"objective": plain.objective.model_copy(update={"target": "density-mse"})})
    with pytest.raises(ConfigError, match="needs counts by relu in 2 x 2 cells"):
        train(finer, sets, out=tmp_path / "finer", start=regression)
    other = plain.model_copy(update={"objective": plain.objective.model_copy(update={"target": "dm-count"})})
    path = train(other, sets, out=tmp_path / "other", start=regression)
    assert load_model(path)[1].output.model_dump() == {
        "kind": "count",
        "target": "dm-count",
        "positive": "relu",
        "cells": 1,
    }
