"""Our own JSON, and all that may be in a JSON file instead."""

from pathlib import Path

import pytest

from uepnet.annotations.labelling.json_points import read_json
from uepnet.errors import AnnotationError


def read(tmp_path: Path, text: str) -> dict[str, list[list[float]]]:
    (tmp_path / "heads.json").write_text(text, encoding="utf-8")
    return {name: points.tolist() for name, points in read_json(tmp_path / "heads.json").items()}


def test_a_table_of_points(tmp_path: Path) -> None:
    assert read(tmp_path, '{"a.jpg": [[1, 2.5], [3, 4]], "b.jpg": []}') == {"a.jpg": [[1, 2.5], [3, 4]], "b.jpg": []}
    assert read(tmp_path, "{}") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this is no JSON"),
        ("{'a': 1}", "this is no JSON"),
        ("[]", "the whole file"),
        ('{"a.jpg": 3}', "a.jpg"),
        ('{"a.jpg": [1, 2]}', "a.jpg -> 0"),
        ('{"a.jpg": [[1, 2], [1]]}', "a.jpg -> 1"),
        ('{"a.jpg": [[1, 2, 3]]}', "a.jpg -> 0"),
        ('{"a.jpg": [["1", 2]]}', "a.jpg -> 0 -> 0"),
        ('{"a.jpg": [[true, 2]]}', "a.jpg -> 0 -> 0"),
        ('{"a.jpg": [[null, 2]]}', "a.jpg -> 0 -> 0"),
        ('{"a.jpg": [[NaN, 2]]}', "NaN is no number"),
        ('{"a.jpg": [[1, -Infinity]]}', "-Infinity is no number"),
        ('{"a.jpg": [[1, 1e999]]}', "a.jpg -> 0 -> 1"),
        ('{"a.jpg": [[1, ' + "9" * 400 + "]]}", "a.jpg -> 0 -> 1"),
        ('{"a.jpg": [[1, ' + "9" * 5000 + "]]}", "this is no JSON"),
        ('{"a.jpg": [], "a.jpg": []}', "'a.jpg' occurs twice"),
        ("[" * 100_000, "this is no JSON"),
        ('{"a.jpg": ' + "[" * 500 + "]" * 500 + "}", "a.jpg -> 0"),
    ],
)
def test_something_else_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(AnnotationError, match=rf"heads\.json: .*{message}"):
        read(tmp_path, text)
