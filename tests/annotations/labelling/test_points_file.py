"""Which reader takes which file."""

from pathlib import Path

import pytest

from uepnet.annotations.labelling.points_file import read_points_file
from uepnet.errors import AnnotationError


@pytest.mark.parametrize(
    ("file_name", "text"),
    [
        ("a.csv", "picture,x,y\na.jpg,1,2\n"),
        ("a.CSV", "picture,x,y\na.jpg,1,2\n"),
        ("a.xml", '<annotations><image name="a.jpg"><points points="1,2"/></image></annotations>'),
        ("a.json", '{"a.jpg": [[1, 2]]}'),
        ("a.json", '{"imagePath": "a.jpg", "shapes": [{"label": "", "shape_type": "point", "points": [[1, 2]]}]}'),
        (
            "a.json",
            '{"images": [{"id": 1, "file_name": "a.jpg"}], "categories": [{"id": 1, "keypoints": ["head"]}],'
            '"annotations": [{"image_id": 1, "category_id": 1, "keypoints": [1, 2, 2]}]}',
        ),
        (
            "a.json",
            '[{"data": {"image": "a.jpg"}, "annotations": [{"result": [{"type": "keypoint", "original_width": 100,'
            '"original_height": 100, "value": {"x": 1, "y": 2}}]}]}]',
        ),
    ],
)
def test_the_content_decides(tmp_path: Path, file_name: str, text: str) -> None:
    (tmp_path / file_name).write_text(text)
    points = read_points_file(tmp_path / file_name)
    assert {name: each.tolist() for name, each in points.items()} == {"a.jpg": [[1.0, 2.0]]}


@pytest.mark.parametrize("text", ["3", "null", '"a"', '{"images": 3}'])
def test_json_of_no_tool_is_an_annotation_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(AnnotationError, match=r"a\.json"):
        read_points_file(tmp_path / "a.json")


def test_another_suffix_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=r"\.csv, \.xml, \.json"):
        read_points_file(tmp_path / "a.yaml")
