"""CVAT's XML as the tool writes it, and hostile files."""

from pathlib import Path

import numpy as np
import pytest

from uepnet.annotations.labelling.cvat import read_cvat, write_cvat
from uepnet.errors import AnnotationError

EXPORT = """<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta><task><id>7</id><labels><label><name>head</name><type>points</type></label></labels></task></meta>
  <image id="0" name="morning/gate.jpg" width="640" height="480">
    <points label="head" source="manual" occluded="0" points="10.50,20.25;30.00,40.00" z_order="0"></points>
    <points label="head" source="manual" occluded="1" points="1.0,2.0" z_order="0"><attribute name="a">b</attribute></points>
    <tag label="crowded" source="manual"></tag>
  </image>
  <image id="1" name="empty.jpg" width="640" height="480"></image>
</annotations>
"""
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><annotations><image name="&l9;"/></annotations>'


def read(tmp_path: Path, text: str, *, encoding: str = "utf-8") -> dict[str, list[list[float]]]:
    path = tmp_path / "annotations.xml"
    path.write_bytes(text.encode(encoding))
    return {name: points.tolist() for name, points in read_cvat(path).items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_export(tmp_path: Path, encoding: str) -> None:
    expected = {"morning/gate.jpg": [[10.5, 20.25], [30.0, 40.0], [1.0, 2.0]], "empty.jpg": []}
    assert read(tmp_path, EXPORT.replace("utf-8", encoding), encoding=encoding) == expected


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<points label", "<box label", "no XML"),
        ('occluded="0" points="10.50,20.25;30.00,40.00"', 'occluded="0"', "has points '', which should read"),
        ("10.50,20.25;", "10.50;20.25,", "should read x1,y1;x2,y2"),
        ("10.50,", "nan,", "should read x1,y1;x2,y2"),
        ("10.50,", "1,2,", "should read x1,y1;x2,y2"),
        ("10.50,", "ten,", "should read x1,y1;x2,y2"),
        ("1.0,2.0", "1.0,2.0;", "should read x1,y1;x2,y2"),
        ('<points label="head" source="manual" occluded="1"', '<points label="car"', "labelled car, head"),
        ("<tag", "<box/><tag", r"'morning/gate.jpg' holds shapes that are no points \(box\)"),
        ('name="empty.jpg"', 'name="morning/gate.jpg"', "the name morning/gate.jpg of another"),
        (' name="empty.jpg"', "", "no name"),
        ("annotations>", "annotation>", "no 'CVAT for images' file"),
        ("</annotations>", "<track/></annotations>", "no 'CVAT for images' file"),
        ("</annotations>", "", "no XML"),
    ],
)
def test_something_else_is_an_annotation_error(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in EXPORT
    with pytest.raises(AnnotationError, match=rf"annotations\.xml: .*{message}"):
        read(tmp_path, EXPORT.replace(old, new))


@pytest.mark.parametrize(
    "text",
    [
        BILLION,
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><annotations/>',
        '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><annotations><image name="&f;"/></annotations>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_any_entity_grows(tmp_path: Path, text: str, encoding: str) -> None:
    with pytest.raises(AnnotationError, match="declares a document type"):
        read(tmp_path, text, encoding=encoding)


@pytest.mark.parametrize("content", ["", "\0\0\0", "picture,x,y", "<a>" * 200_000, '<?xml encoding="nonsense"?><a/>'])
def test_what_is_no_xml(tmp_path: Path, content: str) -> None:
    with pytest.raises(AnnotationError, match="no XML that can be read"):
        read(tmp_path, content)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=r"gone\.xml: there is no such annotation file"):
        read_cvat(tmp_path / "gone.xml")


@pytest.mark.parametrize("name", ["", "a\0.jpg", "\x1b.jpg"])
def test_a_name_that_xml_cannot_hold_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="XML cannot hold"):
        write_cvat(tmp_path / "a.xml", {name: np.zeros((1, 2))})
    assert list(tmp_path.iterdir()) == []
