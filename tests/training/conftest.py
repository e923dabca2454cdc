"""A training so small that it takes a second: a narrow network on a few drawn scenes."""

from pathlib import Path

import pytest

from tests.material import unchecked
from uepnet.scenes.writing import write_scenes
from uepnet.training.config import TrainingConfig
from uepnet.training.data import TrainingSets, open_training_sets


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of twenty small drawn scenes."""
    folder = tmp_path_factory.mktemp("drawn") / "scenes"
    with unchecked():
        write_scenes(folder, seeds=range(20), width=128, height=96, heads=30)
    return folder


@pytest.fixture
def config() -> TrainingConfig:
    """Six steps of a narrow network in fp32."""
    return TrainingConfig.model_validate(
        {
            "name": "tiny",
            "steps": 6,
            "precision": "fp32",
            "validate_every": 3,
            "checkpoint_every": 2,
            "network": {
                "encoder": "shufflenet-v2",
                "deepest": 16,
                "decoder_channels": 8,
                "merge_channels": 8,
                "head_channels": 8,
            },
            "sampling": {"crop": 64, "batch": 2},
            "intervals": {"intervals": 5},
        }
    )


@pytest.fixture
def sets(drawn: Path, config: TrainingConfig) -> TrainingSets:
    """The drawn scenes, as a folder of one's own."""
    return open_training_sets([f"folder:{drawn}"], config)
