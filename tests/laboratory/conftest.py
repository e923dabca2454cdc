"""A result file with two records."""

from collections.abc import Callable
from pathlib import Path

import pytest

from uepnet.laboratory.machine import Machine
from uepnet.laboratory.results import DataUsed, ModelUsed, ResultFile, write_result


@pytest.fixture
def result() -> ResultFile:
    return ResultFile(
        command="uepnet evaluate --data street:ROOT --data march:ROOT --json",
        commit="0123abc",
        changed=False,
        date="2026-01-02T03:04:05+00:00",
        seed=0,
        machine=Machine(cpu="a processor", cores=2, accelerator=None, system="Linux x86_64"),
        versions={"python": "3.11.0"},
        data=(DataUsed(data_set="street", split="val", pictures=40, heads=4915, digest="ab" * 32),),
        model=ModelUsed(name="first", digest="cd" * 32),
        figures=(
            {"dataset": "street", "images": 40, "mae": 12.345, "nae": None, "details": {"game": {"1": 20.5}}},
            {"dataset": "march", "images": 1030, "mae": 99.96, "nae": 0.25, "details": {"game": {"1": 150.0}}},
        ),
    )


@pytest.fixture
def write(result: ResultFile, tmp_path: Path) -> Callable[[str], Path]:
    """Writes the result into `results` under a name and gives that folder."""

    def write_named(name: str) -> Path:
        write_result(tmp_path / "results" / name, result)
        return tmp_path / "results"

    return write_named
