"""Pictures of the figures."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from uepnet.laboratory.results import result_of, write_result
from uepnet.laboratory.speed.plots import PANELS, draw_plots, main


def records() -> list[dict[str, object]]:
    growth: list[dict[str, object]] = [
        {"part": "growth", "curve": f"a {unit}", "size": size, "unit": unit, "seconds": seconds, "peak_megabytes": peak}
        for unit in PANELS
        for size, seconds, peak in ((10, 0.1, 50.0), (100, 0.5, None), (1000, None, None))
    ]
    layers: list[dict[str, object]] = [
        {"part": "training-layers", "network": network, "layer": layer, "share": share, "share_of_step": of_step}
        for network in ("one", "two")
        for layer, share, of_step in (("conv1", 0.5, 0.6), ("all else", None, 0.4))
    ]
    return [*growth, *layers, {"part": "peaks", "name": "copy"}]


def test_two_pictures_small_enough_for_the_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = result_of(records(), command="", date=datetime(2026, 1, 1, tzinfo=UTC))  # type: ignore[arg-type]  # JSON
    write_result(tmp_path / "speed.json", result)
    assert main([str(tmp_path / "speed.json"), str(tmp_path / "images")]) == 0
    drawn = sorted((tmp_path / "images").iterdir())
    assert [path.name for path in drawn] == ["performance-growth.png", "performance-layers.png"]
    assert capsys.readouterr().out.count("drawn: ") == 2
    for path in drawn:
        assert path.stat().st_size < 80_000
        with Image.open(path) as picture:
            assert min(picture.size) > 300


def test_what_was_not_run_is_a_picture_that_says_so(tmp_path: Path) -> None:
    for path in draw_plots([{"part": "peaks", "name": "copy"}], tmp_path):
        with Image.open(path) as picture:
            width, height = picture.size
        assert width > 5 * height
