"""Between two models lie their weights in proportion, and nothing that was measured of either."""

from pathlib import Path

import pytest
import torch

from uepnet.errors import ModelFileError
from uepnet.inference.models import find_model
from uepnet.network.average import averaged
from uepnet.network.model_file import load_model, save_model


def test_weights_in_proportion() -> None:
    path = find_model("general").with_suffix(".safetensors")
    first, second = load_model(path), load_model(path)
    assert first[1].familiar is not None
    with torch.no_grad():
        for weight in second[0].parameters():
            weight.add_(1.0)
    network, description = averaged(first, second, share=0.25)
    for before, after in zip(first[0].parameters(), network.parameters(), strict=True):
        torch.testing.assert_close(after, before + 0.25)
    assert (description.temperatures, description.calibration, description.validation) == ((), None, ())
    assert description.familiar is None
    assert description.start.startswith("0.75 of the model general and 0.25 of general")


def test_what_one_training_has_learnt_is_put_on_another_s_weights() -> None:
    """B began from A, and so did C: A + 2 (M - A) is B + C - A where M is the half of B and C."""
    path = find_model("general").with_suffix(".safetensors")
    a, b, c = load_model(path), load_model(path), load_model(path)
    with torch.no_grad():
        for model, step in ((b, 1.0), (c, -0.25)):
            for weight in model[0].parameters():
                weight.add_(step)
    network, description = averaged(a, averaged(b, c, share=0.5), share=2.0)
    for before, after in zip(a[0].parameters(), network.parameters(), strict=True):
        torch.testing.assert_close(after, before + 0.75)
    assert description.start.startswith("-1 of the model general and 2 of general (0.5 of the model general")


def test_a_long_line_of_averages_can_be_opened(tmp_path: Path) -> None:
    network, described = load_model(find_model("general").with_suffix(".safetensors"))
    long = described.model_copy(update={"start": "a word " * 140})
    average = averaged((network, described), (network, long), share=0.5)
    save_model(tmp_path / "average.safetensors", *average)
    assert load_model(tmp_path / "average.safetensors")[1].start.startswith("0.5 of the model general")


def test_models_of_two_lines_are_refused() -> None:
    network, description = load_model(find_model("general").with_suffix(".safetensors"))
    other = description.model_copy(update={"mean": (0.5, 0.5, 0.5)})
    with pytest.raises(ModelFileError, match="differ in their mean"):
        averaged((network, description), (network, other), share=0.5)
    with pytest.raises(ValueError, match="from 0 to 2"):
        averaged((network, description), (network, description), share=2.5)
