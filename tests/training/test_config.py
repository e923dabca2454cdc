"""Reading and changing a configuration."""

from pathlib import Path
from typing import get_args

import pytest

from uepnet.errors import ConfigError
from uepnet.training.config import Target
from uepnet.training.config_file import PRESETS, find_config, read_config
from uepnet.training.loss import LOSSES


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A minimal configuration."""
    path = tmp_path / "a.toml"
    path.write_text('name = "a"\nsteps = 10\n[optimiser]\nlearning_rate = 1e-3\n', encoding="utf-8")
    return path


def test_changes_win_over_the_file(file: Path) -> None:
    config = read_config(file, changes=["optimiser.learning_rate=2e-4", "name=other", "sampling.scale=[0.5, 2.0]"])
    assert (config.optimiser.learning_rate, config.name, config.sampling.scale) == (2e-4, "other", (0.5, 2.0))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("optimiser.learning_rat=1", "optimiser.learning_rat"),
        ("optimiser.learning_rate=fast", "optimiser.learning_rate"),
        ("steps", "key=value"),
        ("name.x=1", "name is a value"),
        ("steps=0", "steps"),
        ("sampling.crop=100", "sampling.crop"),
        ("sampling.scale=[1.3, 0.3]", "scale"),
        ("sampling.crop_share=0.5", "batch"),
        ("intervals.method=uepp", "uniform-len"),
        ("seed=-1", "seed"),
        ("sampling.scale=[0.1, inf]", "scale"),
        ("sampling.scale=[1e-9, 1e-9]", "scale"),
        ("sampling.shares={drawn=0}", "shares"),
        ("sampling.shares={drawn=-1}", "shares"),
        ("sampling.crop=100000000", "sampling.crop"),
        ("network.head_channels=0", "head_channels"),
        ("optimiser.learning_rate=inf", "learning_rate"),
        ("intervals.method=integer", "interleave"),
        ("objective.target=mae", "objective.target"),
        ("objective.sigma=0", "^--set: objective.sigma"),
        ("sampling.bach=4", r"^--set: there is no setting sampling\.bach; did you mean sampling\.batch\?"),
        ("elephant=1", "there is no setting elephant; `uepnet train --settings` lists them"),
        ("intervals.intervals=99999", "intervals"),
        ("seed=99999999999999999999", "seed"),
        ('objective={target="mse", count_weight=1.0}', "count_weight is for the target classes"),
        ('objective={count_error="tweedie"}', "count_error = tweedie is how count_weight's loss measures"),
    ],
)
def test_a_wrong_change_is_named(file: Path, change: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        read_config(file, changes=[change])


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", b"steps = 3\n"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"broken\.toml"):
        read_config(path)


def test_an_unknown_preset_lists_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="general"):
        find_config("shanghaitech-xy")


@pytest.mark.parametrize("preset", sorted(path.stem for path in PRESETS.glob("*.toml")))
def test_every_preset_is_valid(preset: str) -> None:
    assert read_config(find_config(preset)).steps > 0


def test_general_gpu_learns_from_what_general_does() -> None:
    general, gpu = (read_config(find_config(preset)) for preset in ("general", "general-gpu"))
    for field in ("shares", "scale", "scale_drawn", "largest_sigma", "leave_out", "train_only"):
        assert getattr(gpu.sampling, field) == getattr(general.sampling, field), field
    assert gpu.objective == general.objective


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (["objective.target=mse", "decode=argmax"], "no classes, so its decode is mean"),
        (["objective.target=density-mse", "objective.density_cell=16"], "no whole number of density cells of 16"),
    ],
)
def test_settings_that_a_target_does_not_have(file: Path, changes: list[str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        read_config(file, changes=changes)


def test_every_target_has_a_loss() -> None:
    assert set(LOSSES) == set(get_args(Target))
