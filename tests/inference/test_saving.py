"""A counted picture leaves its count, and its drawing where there is a picture to draw on."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from uepnet.errors import OutputError
from uepnet.inference.result import CountResult
from uepnet.inference.saving import save_result


def test_the_count_and_the_drawing(tmp_path: Path, result: CountResult) -> None:
    save_result(result, None, stem=tmp_path / "a.b")
    assert json.loads((tmp_path / "a.b.count.json").read_text(encoding="utf-8")) == result.as_json()
    assert len(list(tmp_path.iterdir())) == 1
    save_result(result, np.zeros((150, 203, 3), dtype=np.uint8), stem=tmp_path / "c")
    with Image.open(tmp_path / "c.overlay.jpg") as drawing:
        assert drawing.width == 480


def test_a_drawing_of_an_earlier_count_does_not_stay_beside_a_new_one(tmp_path: Path, result: CountResult) -> None:
    save_result(result, np.zeros((150, 203, 3), dtype=np.uint8), stem=tmp_path / "a")
    save_result(result, None, stem=tmp_path / "a")
    assert [file.name for file in tmp_path.iterdir()] == ["a.count.json"]


@pytest.mark.parametrize("suffix", ["count.json", "overlay.jpg"])
def test_what_cannot_be_written_is_named(tmp_path: Path, result: CountResult, suffix: str) -> None:
    (tmp_path / f"a.{suffix}").mkdir()
    with pytest.raises(OutputError, match=rf"crowd\.jpg: counted, but .*a\.{suffix} cannot be written"):
        save_result(result, np.zeros((150, 203, 3), dtype=np.uint8), stem=tmp_path / "a")
