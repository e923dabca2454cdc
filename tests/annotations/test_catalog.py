"""Data sets by name."""

from pathlib import Path

import pytest

from uepnet.annotations.catalog import LAYOUTS, open_data_set
from uepnet.errors import DataSetError

DESIGNED = [
    *("shanghaitech-a", "shanghaitech-b", "ucf-cc-50", "ucf-qnrf", "worldexpo10", "nwpu", "jhu", "scut-head"),
    *("beijing-brt", "mall", "folder"),
]


def test_the_names_of_the_design_are_known() -> None:
    assert set(DESIGNED) <= set(LAYOUTS)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(DataSetError, match=r"named 'shanghai'; .* are shanghaitech-a, .*folder"):
        open_data_set("shanghai:/data")


@pytest.mark.parametrize("text", ["folder", "folder:"])
def test_a_name_without_folder_is_told(text: str) -> None:
    with pytest.raises(DataSetError, match="folder:ROOT"):
        open_data_set(text)


def test_an_unknown_split_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="train, val, test, all"):
        open_data_set(f"folder:{tmp_path}", split="validation")


@pytest.mark.parametrize("name", DESIGNED)
@pytest.mark.parametrize("split", ["train", "val", "test", "all"])
def test_an_empty_folder_a_missing_one_and_a_file_are_data_set_errors(tmp_path: Path, name: str, split: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    for place in ("empty", "missing", "file"):
        with pytest.raises(DataSetError, match=f"{name}: "):
            open_data_set(f"{name}:{tmp_path / place}", split=split)


def test_a_colon_in_the_folder_is_part_of_it(tmp_path: Path) -> None:
    with pytest.raises(DataSetError, match=r"no folder .*a:b"):
        open_data_set(f"mall:{tmp_path / 'a:b'}")


def test_the_home_folder_is_known_by_its_tilde() -> None:
    with pytest.raises(DataSetError) as error:
        open_data_set("mall:~/no-such-folder-of-mall")
    assert "~" not in str(error.value)
