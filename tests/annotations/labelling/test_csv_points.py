"""CSV as people and programs write it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.annotations.labelling.csv_points import fits_in_csv, read_csv, read_csv_in_work, write_csv
from uepnet.errors import AnnotationError


def read(tmp_path: Path, text: str, *, encoding: str = "utf-8") -> dict[str, list[list[float]]]:
    path = tmp_path / "heads.csv"
    path.write_bytes(text.encode(encoding))
    return {name: points.tolist() for name, points in read_csv(path).items()}


def test_rows_of_one_picture_need_not_stand_together(tmp_path: Path) -> None:
    text = "picture,x,y\na.jpg,1,2\nb.jpg,3,4.5\na.jpg,5,6\n"
    assert read(tmp_path, text) == {"a.jpg": [[1, 2], [5, 6]], "b.jpg": [[3, 4.5]]}


def test_a_name_alone_says_that_there_are_no_heads(tmp_path: Path) -> None:
    assert read(tmp_path, "picture,x,y\na.jpg,,\nb.jpg\n") == {"a.jpg": [], "b.jpg": []}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_what_spreadsheets_write(tmp_path: Path, newline: str, encoding: str) -> None:
    text = newline.join(["picture,y,label,x", '"é, 1.jpg", 2 ,head,1', "", '"é, 1.jpg",4,head,3', ""])
    assert read(tmp_path, text, encoding=encoding) == {"é, 1.jpg": [[1, 2], [3, 4]]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "should name the columns picture, x and y, but it is ''"),
        ("a.jpg,1,2\n", "should name the columns .* 'a.jpg,1,2'"),
        ("picture;x;y\na.jpg;1;2\n", "'picture;x;y'"),
        ("picture,x,x,y\n", "'picture,x,x,y'"),
        ("picture,x,y\n,1,2\n", "line 2: the row names no picture"),
        ("picture,x,y\na.jpg,1,2\na.jpg,1,\n", "line 3: '' is no number"),
        ("picture,x,y\na.jpg,one,2\n", "line 2: 'one' is no number"),
        ("picture,x,y\na.jpg,nan,2\n", "line 2: 'nan' is no number"),
        ("picture,x,y\na.jpg,1,inf\n", "line 2: 'inf' is no number"),
        ('picture,x,y\n"a.jpg,1,2\n', "this is no CSV"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(AnnotationError, match=rf"heads\.csv.*{message}"):
        read(tmp_path, text)


def test_another_encoding_is_told(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=r"heads\.csv: this is no text in UTF-8"):
        read(tmp_path, "picture,x,y\né.jpg,1,2\n", encoding="latin-1")


@pytest.mark.parametrize("name", ["", " a.jpg", "a.jpg\n"])
def test_a_name_that_would_not_come_back_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="neither begins nor ends with a blank"):
        write_csv(tmp_path / "heads.csv", {name: np.zeros((1, 2))})
    assert list(tmp_path.iterdir()) == []


def test_unfinished_pictures_are_kept_and_are_no_annotation(tmp_path: Path) -> None:
    path = tmp_path / "heads.csv"
    points = {
        "a.jpg": np.array([[1.5, 2.0]]),
        "b.jpg": np.zeros((0, 2)),
        "c.jpg": np.zeros((0, 2)),
        "d.jpg": np.ones((2, 2)),
    }
    write_csv(path, points, unfinished={"c.jpg", "d.jpg"})
    found, unfinished = read_csv_in_work(path)
    assert {name: heads.tolist() for name, heads in found.items()} == {n: h.tolist() for n, h in points.items()}
    assert unfinished == {"c.jpg", "d.jpg"}
    assert set(read_csv(path)) == {"a.jpg", "b.jpg"}


@pytest.mark.parametrize("rows", ["a.jpg,1,2,no\n", "a.jpg,1,2,yes\na.jpg,3,4,\n", "a.jpg,1,2,\na.jpg,3,4,yes\n"])
def test_a_picture_is_unfinished_in_all_its_rows_or_in_none(tmp_path: Path, rows: str) -> None:
    path = tmp_path / "heads.csv"
    path.write_text(f"picture,x,y,unfinished\n{rows}")
    with pytest.raises(AnnotationError, match=r"heads\.csv, line \d: the column unfinished"):
        read_csv(path)


@given(st.dictionaries(st.text(min_size=1).filter(fits_in_csv), st.booleans(), min_size=1, max_size=4))
def test_any_name_comes_back(tmp_path_factory: pytest.TempPathFactory, states: dict[str, bool]) -> None:
    path = tmp_path_factory.mktemp("names") / "heads.csv"
    unfinished = {name for name, state in states.items() if state}
    try:
        write_csv(
            path, {name: np.full((number % 3, 2), 0.1) for number, name in enumerate(states)}, unfinished=unfinished
        )
    except UnicodeEncodeError:
        return  # a lone surrogate is no text
    points, found = read_csv_in_work(path)
    assert {name: len(heads) for name, heads in points.items()} == {name: n % 3 for n, name in enumerate(states)}
    assert found == unfinished
