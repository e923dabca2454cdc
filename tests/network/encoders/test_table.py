"""The table of the documentation says what is measured."""

from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from uepnet.network.encoders import ENCODERS, build_encoder
from uepnet.network.encoders.contract import IMAGENET_MEAN, IMAGENET_STD
from uepnet.network.starts.encoder import FORMS

MEASURED_COLUMNS = 5


@pytest.fixture(scope="module")
def rows(repository: Path) -> dict[str, list[str]]:
    """By name, the cells of the table's rows."""
    page = repository / "docs" / "encoders.md"
    if not page.is_file():
        pytest.skip("the documentation is not here")
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    return {row[0].strip("`"): row for row in cells if row[0].strip("`") in ENCODERS}


def measured(name: str) -> list[str]:
    parameters, operations = [], []
    for deepest in (16, 32):
        with torch.device("meta"), FlopCounterMode(display=False) as counter:
            encoder = build_encoder(name, deepest=deepest)
            encoder(torch.empty(1, 3, 256, 256))
        parameters.append(f"{sum(weight.numel() for weight in encoder.parameters()) / 1e6:.2f} M")
        operations.append(f"{counter.get_total_flops() / 1e9:.2f}")
    imagenet = (encoder.mean, encoder.std) == (IMAGENET_MEAN, IMAGENET_STD)
    return [
        f"`{name}`",
        ", ".join(str(encoder.channels[stride]) for stride in (8, 16, 32)),
        " / ".join(parameters),
        " / ".join(operations),
        "ImageNet" if imagenet else f"mean {encoder.mean[0]}, std {encoder.std[0]}",
    ]


def test_there_is_a_row_for_every_encoder(rows: dict[str, list[str]]) -> None:
    assert list(rows) == list(ENCODERS)


@pytest.mark.parametrize("name", ENCODERS)
def test_a_row_holds_the_measured_figures(rows: dict[str, list[str]], name: str) -> None:
    assert rows[name][:MEASURED_COLUMNS] == measured(name)


@pytest.mark.parametrize("name", ENCODERS)
def test_a_row_names_the_weights_that_can_be_loaded(rows: dict[str, list[str]], name: str) -> None:
    titles = [make(name).title for make in FORMS[name]]
    published = any(title.startswith("torchvision's") for title in titles)
    recovered = len(titles) - published
    imagenet, at_hand = rows[name][MEASURED_COLUMNS:]
    assert imagenet == ("torchvision's" if published else "none")
    assert (at_hand != "none") == bool(recovered)
