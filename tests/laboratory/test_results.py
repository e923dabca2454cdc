"""Result files: whole, checked, and silent about the machine's names and folders."""

import json
from pathlib import Path

import pytest

from uepnet.laboratory.results import ResultFile, ResultFileError, read_result, write_result


def test_a_result_comes_back_as_it_was_written(result: ResultFile, tmp_path: Path) -> None:
    path = tmp_path / "results" / "table3" / "row.json"
    write_result(path, result)
    assert read_result(path) == result
    assert [file.name for file in path.parent.iterdir()] == ["row.json"]


def test_a_person_can_read_it(result: ResultFile, tmp_path: Path) -> None:
    write_result(tmp_path / "first.json", result)
    text = (tmp_path / "first.json").read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert '\n  "command": "uepnet evaluate --data street:ROOT' in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": "seven"}, "wrong at seed"),
        ({"format": 2}, "wrong at format"),
        ({"host": "ada"}, "wrong at host: nothing is known by this name"),
    ],
)
def test_a_wrong_file_says_where(result: ResultFile, tmp_path: Path, change: dict[str, object], message: str) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps({**result.model_dump(mode="json"), **change}), encoding="utf-8")
    with pytest.raises(ResultFileError, match=f"wrong.json: .*{message}"):
        read_result(path)


def test_a_missing_or_cut_file_is_said_to_be_one(result: ResultFile, tmp_path: Path) -> None:
    with pytest.raises(ResultFileError, match="cannot be read"):
        read_result(tmp_path / "nowhere.json")
    path = tmp_path / "cut.json"
    path.write_text(result.model_dump_json()[:100], encoding="utf-8")
    with pytest.raises(ResultFileError, match=r"cut.json: .*wrong at the whole"):
        read_result(path)
