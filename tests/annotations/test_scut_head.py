"""SCUT-HEAD: boxes of VOC's XML, wrong files, and the numbers of the real ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.data_set import DataSet
from uepnet.errors import AnnotationError, DataSetError

WritePicture = Callable[..., Path]


def voc(*boxes: tuple[float, float, float, float], size: tuple[int, int] = (40, 30), name: str = "head") -> str:
    objects = "".join(
        f"<object><name>{name}</name><bndbox><xmin>{a}</xmin><ymin>{b}</ymin><xmax>{c}</xmax><ymax>{d}</ymax></bndbox></object>"
        for a, b, c, d in boxes
    )
    return f"<annotation><size><width>{size[0]}</width><height>{size[1]}</height></size>{objects}</annotation>"


@pytest.fixture
def root(tmp_path: Path, write_picture: WritePicture) -> Path:
    (tmp_path / "Annotations").mkdir()
    for name in ("PartA_00001", "PartA_00050", "PartB_00000", "PartB_00025"):
        write_picture(tmp_path / "JPEGImages" / f"{name}.jpg")
        (tmp_path / "Annotations" / f"{name}.xml").write_text(voc((10, 4, 20, 16), (1, 2, 3, 4)))
    return tmp_path


def open_all(root: Path) -> DataSet:
    return open_data_set(f"scut-head:{root}", split="all")


def test_a_point_is_the_centre_of_a_box(root: Path) -> None:
    data = open_all(root)
    assert data.heads(data.entries[0]).xy.tolist() == [[15.0, 10.0], [2.0, 3.0]]


def test_the_numbers_divisible_by_fifty_validate(root: Path) -> None:
    names = [entry.name for entry in open_data_set(f"scut-head:{root}", split="val").entries]
    assert names == ["PartA_00050", "PartB_00000"]
    with pytest.raises(DataSetError, match=r"test\.txt is not there"):
        open_data_set(f"scut-head:{root}", split="test")


def test_the_list_of_the_test_part_is_followed(root: Path) -> None:
    lists = root / "ImageSets" / "Main"
    lists.mkdir(parents=True)
    (lists / "test.txt").write_text("PartB_00000\nPartB_00025\n")
    parts = {split: open_data_set(f"scut-head:{root}", split=split) for split in ("train", "val", "test", "all")}
    names = {split: [entry.name for entry in data.entries] for split, data in parts.items()}
    assert names == {
        "train": ["PartA_00001"],
        "val": ["PartA_00050"],
        "test": ["PartB_00000", "PartB_00025"],
        "all": ["PartA_00001", "PartA_00050"],
    }


def test_the_two_parts_in_folders_of_their_own(root: Path, tmp_path: Path) -> None:
    for letter in "AB":
        for kind in ("JPEGImages", "Annotations"):
            for path in sorted((root / kind).glob(f"Part{letter}_*")):
                target = tmp_path / "two" / f"SCUT_HEAD_Part_{letter}" / kind / path.name
                target.parent.mkdir(parents=True, exist_ok=True)
                path.rename(target)
    assert len(open_all(tmp_path / "two")) == 4


@pytest.mark.parametrize("name", ["head", "haed", "person", ""])
def test_every_object_is_a_head_whatever_its_name(root: Path, name: str) -> None:
    (root / "Annotations" / "PartA_00001.xml").write_text(voc((0, 0, 2, 2), name=name))
    data = open_all(root)
    assert data.heads(data.entries[0]).xy.tolist() == [[1.0, 1.0]]


def test_a_file_without_objects_is_a_picture_without_heads(root: Path) -> None:
    (root / "Annotations" / "PartA_00001.xml").write_text(voc())
    data = open_all(root)
    assert len(data.heads(data.entries[0])) == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (voc((5, 5, 4, 9)), r"goes from \(5, 5\) to \(4, 9\)"),
        (voc((0, 0, 2, 2)).replace("<xmin>0</xmin>", ""), "bndbox/xmin, but holds None"),
        (voc((0, 0, 2, 2)).replace("<xmax>2", "<xmax>nan"), "bndbox/xmax, but holds 'nan'"),
        (voc(size=(400, 300)), "400 x 300 pixels, but PartA_00001.jpg has 40 x 30"),
        (voc().replace("annotation>", "annotations>"), "outermost element is <annotations>"),
        ("<annotation>", "no XML"),
        ("", "no XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + voc(), "declares a document type"),
    ],
)
def test_a_wrong_file_is_an_annotation_error(root: Path, content: str, message: str) -> None:
    (root / "Annotations" / "PartA_00001.xml").write_text(content)
    data = open_all(root)
    with pytest.raises(AnnotationError, match=rf"PartA_00001\.xml: .*{message}"):
        data.heads(data.entries[0])


def test_a_size_of_zero_says_nothing(root: Path) -> None:
    (root / "Annotations" / "PartA_00001.xml").write_text(voc((0, 0, 2, 2), size=(0, 0)))
    data = open_all(root)
    assert len(data.heads(data.entries[0])) == 1


@pytest.mark.real_data
def test_the_real_pictures_have_the_numbers_of_their_page(shared_data: Path) -> None:
    data = open_data_set(f"scut-head:{shared_data}", split="all")
    counts = [len(data.heads(entry)) for entry in data.entries]
    assert (len(data), sum(counts)) == (532, 11_253)
    assert len(open_data_set(f"scut-head:{shared_data / 'SCUT-HEAD'}", split="val")) == 86
