"""A row is found by everything that decides its figures, and by nothing else."""

from pathlib import Path
from typing import Any

import pytest

from uepnet.laboratory.reproduce.catalogue import IPH, UEP
from uepnet.laboratory.reproduce.presets import EFFORTS, frozen_config, make_config
from uepnet.laboratory.reproduce.row import RowFolder, RowSettings
from uepnet.laboratory.results import DataUsed, ResultFileError, result_of


def settings_of(**changes) -> RowSettings:
    used = DataUsed(data_set="street", split="train", pictures=3, heads=9, digest="ab")
    values = {
        "preset": "cpu",
        "config": frozen_config(UEP, EFFORTS["cpu"], seed=0),
        "trunk": None,
        "crops": 8,
        "learnt": (used,),
        "measured": used.model_copy(update={"split": "val"}),
    }
    return RowSettings.model_validate(values | changes)


def record(settings: object) -> dict[str, Any]:
    """What a row's file holds at least."""
    readings = {"mean mean": {"mae": 1.0, "rmse": 1.0, "bias": 0.0, "counts": [3.0]}}
    return {
        "settings": settings,
        "truth": [3],
        "readings": readings,
        "patches": {"mean": {}},
        "seconds": {"learning": 1.0, "measuring": 1.0},
    }


@pytest.mark.parametrize(
    "change",
    [
        {"config": frozen_config(UEP, EFFORTS["cpu"], seed=1)},
        {"config": frozen_config(IPH, EFFORTS["cpu"], seed=0)},
        {"crops": 16},
        {"preset": "gpu"},
        {"learnt": ()},
    ],
)
def test_another_setting_is_another_row(change) -> None:
    assert settings_of(**change).key != settings_of().key


def test_where_the_encoder_s_file_lies_does_not_matter_but_what_is_in_it() -> None:
    one, two = (make_config(UEP, EFFORTS["gpu"], seed=0, start=place) for place in ("a/vgg.pth", "b/vgg.pth"))
    assert settings_of(config=one, encoder_digest="x").key == settings_of(config=two, encoder_digest="x").key
    assert settings_of(config=one, encoder_digest="x").key != settings_of(config=one, encoder_digest="y").key


def test_rows_are_found_in_every_folder_and_kept_in_the_first(tmp_path: Path, result) -> None:
    settings = settings_of()
    row = result_of([record(settings.model_dump(mode="json"))], command="c", date=_date())
    RowFolder(tmp_path / "known").add(settings, row)
    folder = RowFolder(tmp_path / "own", known=(tmp_path / "known",))
    found = folder.find(settings)
    assert found is not None
    assert found.figures == row.figures
    assert folder.find(settings_of(crops=16)) is None


def test_a_file_that_says_something_else_is_not_the_row(tmp_path: Path) -> None:
    """Such as one made when a default was another."""
    settings = settings_of()
    stored = settings.model_dump(mode="json")
    stored["config"]["optimiser"]["weight_decay"] = 0.5
    folder = RowFolder(tmp_path)
    folder.add(settings, result_of([record(stored)], command="c", date=_date()))
    assert folder.find(settings) is None


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ([], "the record"),
        ([{}, {}], "the record"),
        ([{name: value for name, value in record({}).items() if name != "settings"}], "settings: it is missing"),
        ([record({})], "settings.preset: it is missing"),
        ([{**record(settings_of().model_dump(mode="json")), "readings": {}}], "readings"),
        ([{**record(settings_of().model_dump(mode="json")), "seconds": None}], "seconds"),
    ],
)
def test_a_row_that_was_changed_says_so_and_what_to_do(tmp_path: Path, figures, said: str) -> None:
    folder = RowFolder(tmp_path)
    folder.add(settings_of(), result_of(figures, command="c", date=_date()))
    with pytest.raises(
        ResultFileError, match=f"{settings_of().key}.json: this is no finished row .*{said}.*remove the file"
    ):
        folder.find(settings_of())


def test_a_row_that_was_cut_off_says_so_and_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / f"{settings_of().key}.json"
    path.write_text('{"format": 1, "comm', encoding="utf-8")
    with pytest.raises(ResultFileError, match="remove the file, and the command that asked for it makes the row again"):
        RowFolder(tmp_path).find(settings_of())


def _date():
    from datetime import UTC, datetime

    return datetime(2026, 1, 1, tzinfo=UTC)
