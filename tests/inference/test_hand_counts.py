"""Hand counts from a CSV file, and what is said about a file that is none."""

from pathlib import Path

import pytest

from uepnet.inference.camera import CameraError
from uepnet.inference.hand_counts import read_hand_counts


def test_counts_by_picture_relative_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "hand.csv"
    path.write_bytes(b'\xef\xbb\xbfpicture,count,who\r\na.jpg,12,Ada\r\n"sub/b, c.jpg", 0 ,\r\n')
    assert read_hand_counts(path) == {tmp_path / "a.jpg": 12, tmp_path / "sub" / "b, c.jpg": 0}


def test_semicolons_of_a_spreadsheet_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "hand.csv"
    path.write_text('picture;count\n"a, b.jpg";12\n', encoding="utf-8")
    assert read_hand_counts(path) == {tmp_path / "a, b.jpg": 12}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "no count and no picture"),
        (b"picture\na.jpg\n", "there is no count"),
        (b"picture,count\n", "no counts below the first line"),
        (b"picture,count\na.jpg,many\n", r"line 2: 'many' is no number of people"),
        (b"picture,count\na.jpg,-3\n", "line 2: '-3'"),
        (b"picture,count\na.jpg,1.5\n", "line 2: '1.5'"),
        (b"picture,count\na.jpg,\xd9\xa3\n", "is no number of people"),
        (b"picture,count\na.jpg\n", "line 2: ''"),
        (b"picture,count\n,3\n", "line 2: no picture is named"),
        (b"picture,count\na.jpg,3\na.jpg,3\n", "line 3: .*a.jpg was counted before"),
        (b'picture,count\n"a.jpg,3\n', "this is no CSV"),
        (b"picture,count\n\xff\xfe,3\n", "no text in UTF-8"),
        (b"picture,count\n" + b"a.jpg,1\n" * 200_000, "larger than 1 MB"),
    ],
)
def test_what_is_no_list_of_counts_says_so(tmp_path: Path, content: bytes, found: str) -> None:
    path = tmp_path / "hand.csv"
    path.write_bytes(content)
    with pytest.raises(CameraError, match=found):
        read_hand_counts(path)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="there is no such file"):
        read_hand_counts(tmp_path / "hand.csv")
