"""A whole small training: what it leaves behind, and that killing it changes nothing."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from uepnet.description import Familiar, ValidationFigure
from uepnet.errors import CheckpointError, ConfigError, DataSetError, ModelFileError, TrainingError
from uepnet.inference.counter import Counter
from uepnet.network.model_file import load_model, save_model
from uepnet.network_shape import NetworkShape
from uepnet.training.config import OptimiserConfig, TrainingConfig
from uepnet.training.data import TrainingSets, open_training_sets
from uepnet.training.journal import read_journal
from uepnet.training.loop import train
from uepnet.training.optimiser import make_optimiser, update_average
from uepnet.training.progress import Progress
from uepnet.training.readings import Readings
from uepnet.training.run import RunFolder


class KilledAt(Progress):
    """Raises in the middle of a step, as a kill would: before anything is written, or between validating and writing."""

    def __init__(self, step: int) -> None:
        self.step = step

    def on_step(self, step: int, loss: float) -> None:
        """Die at the step chosen."""
        if step == self.step:
            raise KeyboardInterrupt

    def on_validation(self, step: int, figures: tuple[ValidationFigure, ...]) -> None:
        """Die in the validation after the step before the one chosen."""
        if step == self.step - 1:
            raise KeyboardInterrupt


def weights(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a file."""
    return load_file(path)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"optimiser": OptimiserConfig(name="sgd", schedule="plateau", patience=2, learning_rate=1e-3)},
        {"batch_norm": True},
    ],
)
def test_a_killed_run_resumes_to_the_same_weights(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets, changes: dict[str, object]
) -> None:
    config = config.model_copy(update=changes)
    train(config, sets, out=tmp_path / "whole")
    for killed_at in (4, 5, 6):
        with pytest.raises(KeyboardInterrupt):
            train(config, sets, out=tmp_path / "parts", resume=killed_at > 4, progress=KilledAt(killed_at))
    train(config, sets, out=tmp_path / "parts", resume=True)
    for name in ("model.safetensors", "last.safetensors"):
        whole, parts = weights(tmp_path / "whole" / name), weights(tmp_path / "parts" / name)
        assert whole.keys() == parts.keys()
        assert all(torch.equal(whole[key], parts[key]) for key in whole)
    steps = [line["step"] for line in read_journal(tmp_path / "parts" / "metrics.jsonl") if "validation" in line]
    assert steps == [3, 6]


def test_the_result_counts_and_describes_itself(tmp_path: Path, config: TrainingConfig, sets: TrainingSets) -> None:
    path = train(config, sets, out=tmp_path / "run")
    _, description = load_model(path)
    assert description.name == "tiny"
    assert [partition.classes for partition in description.partitions] == [5, 6]
    assert description.trained_on[0].pictures == len(sets.train[0])
    assert description.trained_on[0].digest == sets.train[0].digest()
    assert {figure.decode for figure in description.validation} == {"mean", "argmax"}
    picture = sets.validation[0].entries[0].picture
    assert Counter(path).count(picture).count >= 0
    assert (tmp_path / "run" / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((tmp_path / "run" / "config.json").read_text())["name"] == "tiny"
    assert not list((tmp_path / "run").glob("*.part"))


def test_two_processes_give_what_one_gives(drawn: Path, tmp_path: Path, config: TrainingConfig) -> None:
    file = tmp_path / "tiny.toml"
    file.write_text(
        'name = "tiny"\nsteps = 4\nprecision = "fp32"\nvalidate_every = 4\n[network]\nencoder = "resnet18"\n'
        "deepest = 16\ndecoder_channels = 8\nmerge_channels = 8\nhead_channels = 8\n[sampling]\ncrop = 64\nbatch = 4\n"
        "[intervals]\nintervals = 5\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    task = ["-m", "uepnet", "train", str(file), "--data", f"folder:{drawn}"]
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    for out, launcher in (("one", []), ("two", torchrun)):
        command = [sys.executable, *launcher, *task, "--out", str(tmp_path / out)]
        subprocess.run(command, check=True, env=environment, timeout=240, capture_output=True)
    one, two = (weights(tmp_path / out / "last.safetensors") for out in ("one", "two"))
    assert all(torch.allclose(one[key], two[key], atol=1e-5) for key in one)
    losses = [
        [line["loss"] for line in read_journal(tmp_path / out / "metrics.jsonl") if "loss" in line]
        for out in ("one", "two")
    ]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_one_picture_is_learnt(tmp_path: Path, config: TrainingConfig, sets: TrainingSets) -> None:
    losses: list[float] = []

    class Kept(Progress):
        def on_step(self, step: int, loss: float) -> None:
            losses.append(loss)

    optimiser = config.optimiser.model_copy(update={"learning_rate": 3e-3, "warm_up": 0, "encoder_factor": 1.0})
    sampling = config.sampling.model_copy(update={"crop": 96, "batch": 4, "scale": (1.0, 1.0), "photometric": 0.0})
    changes = {"steps": 60, "validate_every": 60, "checkpoint_every": 60, "optimiser": optimiser, "sampling": sampling}
    longer = config.model_copy(update=changes)
    one = sets.train[0].only([sets.train[0].entries[0].name])
    train(longer, replace(sets, train=(one,)), out=tmp_path / "run", progress=Kept())
    assert sum(losses[-15:]) < 0.7 * sum(losses[:15])


@pytest.mark.parametrize("changed", ["pixels", "validation"])
def test_a_run_does_not_go_on_with_other_pictures(
    drawn: Path, tmp_path: Path, config: TrainingConfig, changed: str
) -> None:
    data = shutil.copytree(drawn, tmp_path / "data")
    sets = open_training_sets([f"folder:{data}"], config)
    with pytest.raises(KeyboardInterrupt):
        train(config, sets, out=tmp_path / "run", progress=KilledAt(5))
    if changed == "pixels":
        picture = sets.train[0].entries[0].picture
        Image.new("RGB", Image.open(picture).size, "red").save(picture)
    else:
        name = sets.validation[0].entries[0].name
        lines = (data / "heads.csv").read_text(encoding="utf-8").splitlines()
        first = next(line for line in lines if line.startswith(name))
        (data / "heads.csv").write_text("\n".join([*lines, first]) + "\n", encoding="utf-8")
    again = open_training_sets([f"folder:{data}"], config)
    with pytest.raises(CheckpointError, match="belongs to another configuration, other data or an older version"):
        train(config, again, out=tmp_path / "run", resume=True)


def test_a_run_that_is_resumed_with_other_settings_names_them(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets
) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(config, sets, out=tmp_path / "run", progress=KilledAt(5))
    sampling = config.sampling.model_copy(update={"batch": 3})
    other = config.model_copy(update={"seed": 3, "validate_every": 2, "minutes": 9.0, "sampling": sampling})
    with pytest.raises(CheckpointError, match=r"another seed, validate_every, sampling\.batch \(config\.json\)"):
        train(other, sets, out=tmp_path / "run", resume=True)


class LaterConfig(TrainingConfig):
    """The configuration of a later version, which has one more setting."""

    further: int = 1


def test_a_later_version_with_more_settings_goes_on_with_a_run(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets
) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(config, sets, out=tmp_path / "run", progress=KilledAt(5))
    later = LaterConfig.model_validate(config.model_dump())
    train(later, sets, out=tmp_path / "run", resume=True)
    other = later.model_copy(update={"further": 2})
    with pytest.raises(CheckpointError, match="another configuration"):
        train(other, sets, out=tmp_path / "run", resume=True)


class ChangedConfig(TrainingConfig):
    """The configuration of a later version, in which a default is another."""

    seed: int = 7


def test_a_default_that_was_changed_since_is_no_way_to_go_on(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets
) -> None:
    begun = config.model_copy(update={"seed": 0})
    with pytest.raises(KeyboardInterrupt):
        train(begun, sets, out=tmp_path / "run", progress=KilledAt(5))
    later = ChangedConfig.model_validate(begun.model_dump(exclude={"seed"}))
    with pytest.raises(CheckpointError, match="another seed"):
        train(later, sets, out=tmp_path / "run", resume=True)
    for broken in ("{", None):
        if broken is None:
            (tmp_path / "run" / "config.json").unlink()
        else:
            (tmp_path / "run" / "config.json").write_text(broken, encoding="utf-8")
        with pytest.raises(CheckpointError, match="cannot be read, so nobody can tell"):
            train(begun, sets, out=tmp_path / "run", resume=True)


def test_weights_that_diverge_in_the_last_step_are_said_to_have(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets
) -> None:
    wild = config.optimiser.model_copy(update={"learning_rate": 1e30, "clip": None, "averaging": 0.0, "warm_up": 0})
    once = config.model_copy(update={"steps": 1, "optimiser": wild})
    with pytest.raises(TrainingError, match=r"are no finite numbers after step 1; .*a lower optimiser\.learning_rate"):
        train(once, sets, out=tmp_path / "run")


def test_weights_that_are_not_there_are_missed_before_pictures_are_read(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets
) -> None:
    class Reads(Progress):
        def on_picture(self, done: int, total: int) -> None:
            raise AssertionError

    started = config.model_copy(update={"start": str(tmp_path / "vgg16.pth")})
    with pytest.raises(ModelFileError, match=r"vgg16\.pth"):
        train(started, sets, out=tmp_path / "run", progress=Reads())


def test_a_model_of_ours_is_a_start(tmp_path: Path, config: TrainingConfig, sets: TrainingSets) -> None:
    first = train(config, sets, out=tmp_path / "first")
    still = TrainingConfig(
        name="second",
        steps=1,
        precision="fp32",
        start="model",
        sampling=config.sampling,
        optimiser=OptimiserConfig(learning_rate=1e-12),
    )
    second = train(still, sets, out=tmp_path / "second", start=first)
    old, new = weights(first), weights(second)
    assert all(torch.allclose(old[key], new[key], atol=1e-6) for key in old)
    _, description = load_model(second)
    assert "tiny" in description.start
    network, described = load_model(first)
    tempered = tmp_path / "tempered.safetensors"
    looks = Familiar(centre=(1.0,), rest=0.1, limit=1.0)
    save_model(tempered, network, described.model_copy(update={"temperatures": (0.5, 0.5), "familiar": looks}))
    train(still, sets, out=tmp_path / "anew", start=tempered)
    anew = load_model(tmp_path / "anew" / "model.safetensors")[1]
    assert (anew.temperatures, anew.familiar) == ((), None), "they were those of the old weights"
    assert len(description.trained_on) == 1, "the same data once"
    fewer = replace(sets, train=(sets.train[0].without([sets.train[0].entries[0].name]),))
    third = train(still, fewer, out=tmp_path / "third", start=first)
    assert len(load_model(third)[1].trained_on) == 2, "the data of the start have been seen too"


def test_intervals_can_be_fitted_anew_on_the_training_s_own_pictures(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets
) -> None:
    first = train(config, sets, out=tmp_path / "first")
    anew = config.model_copy(
        update={"keep_intervals": False, "sampling": config.sampling.model_copy(update={"largest_sigma": 1.0})}
    )
    again = TrainingConfig.model_validate(anew.model_dump(exclude={"network", "normalisation", "spread"}))
    second = train(again, sets, out=tmp_path / "second", start=first)
    old, new = load_model(first)[1], load_model(second)[1]
    assert new.classes == old.classes
    assert new.partitions[0].borders[-1] > old.partitions[0].borders[-1], "narrower Gaussians, fuller patches"
    more = again.model_copy(update={"intervals": again.intervals.model_copy(update={"intervals": 6})})
    with pytest.raises(ConfigError, match=r"\(5, 6\) classes"):
        train(more, sets, out=tmp_path / "third", start=first)


def test_the_loss_on_counts_is_added_with_its_weight(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets
) -> None:
    losses: dict[float, float] = {}
    for weight in (0.0, 1.0, 2.0):
        objective = config.objective.model_copy(update={"count_weight": weight})
        out = tmp_path / str(weight)
        train(config.model_copy(update={"objective": objective, "steps": 1}), sets, out=out)
        losses[weight] = next(line["loss"] for line in read_journal(out / "metrics.jsonl") if "loss" in line)
    assert losses[1.0] > losses[0.0]
    assert losses[2.0] - losses[1.0] == pytest.approx(losses[1.0] - losses[0.0], rel=1e-3)


def test_a_start_that_contradicts_the_configuration_is_refused(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets
) -> None:
    first = train(config, sets, out=tmp_path / "first")
    with pytest.raises(ConfigError, match="intervals"):
        train(config, sets, out=tmp_path / "second", start=first)
    other = {"name": "x", "steps": 1, "network": {"encoder": "vgg16"}}
    with pytest.raises(ConfigError, match="vgg16"):
        train(TrainingConfig.model_validate(other), sets, out=tmp_path / "third", start=first)
    with pytest.raises(ConfigError, match="--start"):
        train(TrainingConfig(name="x", steps=1, start="model"), sets, out=tmp_path / "fourth")
    with pytest.raises(ConfigError, match="vgg16-bn"):
        train(TrainingConfig.model_validate(other | {"network": {"encoder": "vgg17"}}), sets, out=tmp_path / "fifth")


def test_a_run_is_not_overwritten_and_not_mixed(tmp_path: Path, config: TrainingConfig, sets: TrainingSets) -> None:
    out = tmp_path / "run"
    with pytest.raises(CheckpointError, match="no checkpoint to resume"):
        train(config, sets, out=out, resume=True)
    train(config, sets, out=out)
    with pytest.raises(CheckpointError, match="--resume"):
        train(config, sets, out=out)
    with pytest.raises(CheckpointError, match="begun with another seed"):
        train(config.model_copy(update={"seed": 1}), sets, out=out, resume=True)
    (out / "checkpoint.safetensors").write_bytes(b"rubbish")
    with pytest.raises(CheckpointError, match="no readable checkpoint"):
        train(config, sets, out=out, resume=True)


def test_a_diverging_run_says_so(tmp_path: Path, config: TrainingConfig, sets: TrainingSets) -> None:
    wild = config.optimiser.model_copy(update={"learning_rate": 1e12, "clip": 1e12, "name": "sgd", "warm_up": 0})
    with pytest.raises(TrainingError, match="learning_rate"):
        train(config.model_copy(update={"optimiser": wild, "steps": 50}), sets, out=tmp_path / "run")


def test_left_out_and_train_only_pictures(drawn: Path, config: TrainingConfig) -> None:
    everything = open_training_sets([f"folder:{drawn}"], config)
    name = everything.train[0].entries[0].name
    sampling = config.sampling.model_copy(update={"leave_out": {"folder": (name,)}, "train_only": ("folder",)})
    chosen = open_training_sets([f"folder:{drawn}"], config.model_copy(update={"sampling": sampling}))
    assert len(chosen.train[0]) == 19
    assert chosen.validation == ()
    sampling = config.sampling.model_copy(update={"leave_out": {"moll": ("x",)}})
    with pytest.raises(ConfigError, match="'moll', which is no data set; there are shanghaitech-a"):
        open_training_sets([f"folder:{drawn}"], config.model_copy(update={"sampling": sampling}))
    sampling = config.sampling.model_copy(update={"leave_out": {"mall": ("x",)}, "train_only": ("drawn",)})
    fewer = open_training_sets([f"folder:{drawn}"], config.model_copy(update={"sampling": sampling}))
    assert len(fewer.train) == 1, "a preset serves some of its data sets too"


def test_a_folder_without_validation_pictures_says_what_to_do(
    tmp_path: Path, drawn: Path, config: TrainingConfig
) -> None:
    few = [entry.name for entry in open_training_sets([f"folder:{drawn}"], config).train[0].entries[:2]]
    for name in few:
        shutil.copy(drawn / name, tmp_path)
    (tmp_path / "heads.csv").write_text("".join(["picture,x,y\n", *(f"{name},1,1\n" for name in few)]))
    with pytest.raises(DataSetError, match=r"docs/data\.md says .* --set 'sampling\.train_only=\[\"folder\"\]'"):
        open_training_sets([f"folder:{tmp_path}"], config)


def test_the_average_is_a_running_one_that_forgets_its_start() -> None:
    average, moving = torch.nn.Linear(1, 1), torch.nn.Linear(1, 1)
    torch.nn.init.constant_(average.weight, 0.0)
    torch.nn.init.constant_(moving.weight, 1.0)
    expected = 0.0
    for step in range(50):
        update_average(average, moving, decay=0.9, step=step)
        keep = min(0.9, (1 + step) / (10 + step))
        expected = keep * expected + (1 - keep) * 1.0
    assert float(average.weight.detach()) == pytest.approx(expected, rel=1e-5)


def test_the_encoder_learns_at_its_own_rate(config: TrainingConfig) -> None:
    from uepnet.network.uepnet import UEPNet

    network = UEPNet(config.network, classes=[5])
    groups = make_optimiser(network, config.optimiser).param_groups
    assert [group["factor"] for group in groups] == [config.optimiser.encoder_factor, 1.0]
    assert sum(len(group["params"]) for group in groups) == len(list(network.parameters()))


@pytest.mark.parametrize(
    ("learns", "still"),
    [("decoder", ("encoder.",)), ("heads", ("encoder.", "decoder.")), ("presence", ("encoder.", "decoder.", "heads."))],
)
def test_layers_that_do_not_learn_stay_as_they_are_to_the_bit(
    tmp_path: Path,
    config: TrainingConfig,
    sets: TrainingSets,
    learns: Literal["decoder", "heads", "presence"],
    still: tuple[str, ...],
) -> None:
    shape = config.network if learns != "presence" else config.network.model_copy(update={"presence": 4})
    first = train(config, sets, out=tmp_path / "first")
    fewer = TrainingConfig(
        name="fewer",
        steps=6,
        precision="fp32",
        start="model",
        validate_every=6,
        checkpoint_every=2,
        network=shape,
        sampling=config.sampling,
        optimiser=OptimiserConfig(learns=learns, learning_rate=0.01),
    )
    with pytest.raises(KeyboardInterrupt):
        train(fewer, sets, out=tmp_path / "second", start=first, progress=KilledAt(5))
    train(fewer, sets, out=tmp_path / "second", start=first, resume=True)
    old, new = weights(first), weights(tmp_path / "second" / "last.safetensors")
    kept = {name for name in old if torch.equal(old[name], new[name])}
    assert kept == {name for name in old if name.startswith(still)}
    if learns == "presence":
        assert {name.split(".")[1] for name in new if name not in old} == {"reduce", "compare", "judge"}
        assert new["presence.judge.weight"].any()


def test_a_presence_learns_only_alone(tmp_path: Path, config: TrainingConfig, sets: TrainingSets) -> None:
    shape = config.network.model_copy(update={"presence": 4})
    looking = train(config.model_copy(update={"network": shape}), sets, out=tmp_path / "first")
    further = TrainingConfig(name="further", steps=3, precision="fp32", start="model", sampling=config.sampling)
    train(further, sets, out=tmp_path / "second", start=looking)
    old, new = weights(looking), weights(tmp_path / "second" / "last.safetensors")
    kept = {name for name in old if torch.equal(old[name], new[name])}
    assert kept == {name for name in old if name.startswith("presence.")} != set()
    new_one = config.model_copy(update={"network": shape, "optimiser": OptimiserConfig(learns="presence")})
    with pytest.raises(ConfigError, match="name its file with --start"):
        train(new_one, sets, out=tmp_path / "third")


def test_the_size_of_a_new_branch_is_enough_to_say(tmp_path: Path, config: TrainingConfig, sets: TrainingSets) -> None:
    first = train(config, sets, out=tmp_path / "first")
    adding = TrainingConfig.model_validate(
        {
            "name": "adding",
            "steps": 1,
            "start": "model",
            "network": {"presence": 2},
            "sampling": config.sampling,
            "optimiser": {"learns": "presence"},
        }
    )
    train(adding, sets, out=tmp_path / "second", start=first)
    assert "presence.judge.weight" in weights(tmp_path / "second" / "last.safetensors")
    without = adding.model_copy(update={"network": NetworkShape(presence=0)})
    with pytest.raises(ConfigError, match=r"presence=2.*asks for .*presence=0"):
        train(without, sets, out=tmp_path / "fourth", start=tmp_path / "second" / "last.safetensors")
    other = adding.model_copy(update={"network": NetworkShape(encoder="vgg16", presence=2)})
    with pytest.raises(ConfigError, match=r"is a network of encoder='shufflenet-v2'.*asks for encoder='vgg16'"):
        train(other, sets, out=tmp_path / "third", start=first)


def test_a_presence_that_is_not_there_cannot_learn(tmp_path: Path, config: TrainingConfig, sets: TrainingSets) -> None:
    first = train(config, sets, out=tmp_path / "first")
    alone = TrainingConfig(
        name="alone", steps=1, start="model", sampling=config.sampling, optimiser=OptimiserConfig(learns="presence")
    )
    with pytest.raises(ConfigError, match=r"no presence branch that could learn; give network\.presence"):
        train(alone, sets, out=tmp_path / "second", start=first)


def test_layers_that_do_not_learn_are_not_normalised(config: TrainingConfig) -> None:
    learns = {**config.model_dump(), "batch_norm": True, "optimiser": {"learns": "heads"}}
    with pytest.raises(ValueError, match="leave out one of the two"):
        TrainingConfig.model_validate(learns)


def test_a_folder_takes_one_training_at_a_time(tmp_path: Path, config: TrainingConfig, sets: TrainingSets) -> None:
    with RunFolder(tmp_path / "run").alone(), pytest.raises(CheckpointError, match="another command is at work"):
        train(config, sets, out=tmp_path / "run")
    train(config, sets, out=tmp_path / "run")


def test_a_checkpoint_of_another_shape_is_named(tmp_path: Path, config: TrainingConfig, sets: TrainingSets) -> None:
    train(config, sets, out=tmp_path / "run")
    path = tmp_path / "run" / "checkpoint.safetensors"
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    tensors = weights(path)
    name = next(name for name in tensors if name.startswith("network/"))
    save_file({**tensors, name: torch.zeros(3)}, path, metadata=metadata)
    with pytest.raises(CheckpointError, match="damaged"):
        train(config, sets, out=tmp_path / "run", resume=True)


class EighthsOfASecond:
    """A clock that goes on by an eighth of a second whenever it is looked at, as the loop does once a step."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 0.125
        return self.now


def test_a_training_ends_when_its_minutes_are_used_up(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("uepnet.training.loop.time", EighthsOfASecond())
    timed = config.model_copy(update={"steps": 10**6, "minutes": 0.025, "validate_every": 10**6})
    train(timed, sets, out=tmp_path / "run")
    lines = read_journal(tmp_path / "run" / "metrics.jsonl")
    assert [(line["step"], "validation" in line) for line in lines] == [(12, False), (12, True)]
    longer = timed.model_copy(update={"minutes": 0.05, "checkpoint_seconds": 0.1, "compile": True})
    with torch.compiler.set_stance("force_eager"):
        train(longer, sets, out=tmp_path / "run", resume=True)
    lines = read_journal(tmp_path / "run" / "metrics.jsonl")
    assert lines[-1]["step"] == 24, "a resumed training may be given more time, and be compiled"
    assert load_model(tmp_path / "run" / "last.safetensors")[1].steps == 24


def test_losses_read_now_and_then_change_no_weight(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []

    class Kept(Progress):
        def on_step(self, step: int, loss: float) -> None:
            heard.append(step)

    train(config, sets, out=tmp_path / "each")
    monkeypatch.setattr("uepnet.training.run.Readings", lambda every: Readings(every=4))
    train(config, sets, out=tmp_path / "few", progress=Kept())
    each, few = (weights(tmp_path / out / "last.safetensors") for out in ("each", "few"))
    assert all(torch.equal(each[key], few[key]) for key in each)
    assert heard == [1, 2, 3, 4, 5, 6]


def test_a_checkpoint_is_written_when_the_last_is_old(
    tmp_path: Path, config: TrainingConfig, sets: TrainingSets
) -> None:
    often = config.model_copy(update={"checkpoint_every": 10**6, "checkpoint_seconds": 1e-6})
    with pytest.raises(KeyboardInterrupt):
        train(often, sets, out=tmp_path / "run", progress=KilledAt(3))
    with safe_open(tmp_path / "run" / "checkpoint.safetensors", framework="pt") as file:
        assert json.loads(file.metadata()["checkpoint"])["step"] == 2
