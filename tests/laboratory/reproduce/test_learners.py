"""A whole network as a row, and one that was killed."""

from pathlib import Path

import torch

from uepnet.annotations.catalog import open_data_set
from uepnet.laboratory.reproduce.catalogue import UEP
from uepnet.laboratory.reproduce.learners import Learner, WholeLearner
from uepnet.laboratory.reproduce.presets import Effort
from uepnet.laboratory.reproduce.row import RowFolder
from uepnet.laboratory.reproduce.workbench import Workbench, largest_count

SMALL = Effort("gpu", steps=2, batch=2, crop=64, encoder="resnet18", width=8)


def test_a_whole_network_goes_on_from_its_checkpoint_and_is_measured(layouts, tmp_path: Path) -> None:
    learnt, measured = (open_data_set(layouts["nwpu"], split=split) for split in ("train", "val"))
    learner = WholeLearner(learnt, SMALL)
    assert isinstance(learner, Learner)
    bench = Workbench(learnt, measured, "gpu", learner, RowFolder(tmp_path / "rows"), tmp_path / "work")
    record = bench.make(UEP, seed=0)
    assert len(record["readings"]["mean argmax"]["counts"]) == len(measured)
    assert bench.find(UEP, seed=0) == record

    assert record["largest"] == largest_count(learnt, patch=8)
    assert record["largest"] != largest_count(learnt, patch=16)

    (place,) = (tmp_path / "work" / "trainings").iterdir()
    saved = (place / "last.safetensors").read_bytes()
    network, _ = learner.learn(learner.config(UEP, seed=0), place=place)
    assert (place / "last.safetensors").read_bytes() == saved, "a finished training is not begun anew"
    assert all(weight.device == torch.device("cpu") for weight in network.parameters()) or torch.cuda.is_available()
