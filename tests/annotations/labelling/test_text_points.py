"""One text file a picture."""

from pathlib import Path

import pytest

from uepnet.annotations.labelling.text_points import read_text_points
from uepnet.errors import AnnotationError


@pytest.mark.parametrize("text", ["1 2\n3.5 4\n", "1,2\r\n3.5,4", " 1\t2 \n\n3.5, 4\n\n", "\ufeff1 2\n3.5e0 4"])
def test_blanks_and_commas_part_the_numbers(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert read_text_points(tmp_path / "a.txt").tolist() == [[1.0, 2.0], [3.5, 4.0]]


def test_an_empty_file_says_that_there_are_no_heads_and_a_missing_one_does_not(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    assert read_text_points(tmp_path / "a.txt").shape == (0, 2)
    with pytest.raises(AnnotationError, match=r"b\.txt: there is no such annotation file"):
        read_text_points(tmp_path / "b.txt")


@pytest.mark.parametrize("line", ["1", "1 2 3", "x y", "1 nan", "inf 2", "0 0.5 0.5 0.1 0.1"])
def test_another_line_is_told_with_its_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.txt").write_text(f"1 2\n{line}\n")
    with pytest.raises(AnnotationError, match=r"a\.txt, line 2: .* two numbers"):
        read_text_points(tmp_path / "a.txt")
