"""A folder of one's own pictures: where the points may stand, what counts as no heads, and what is refused."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.data_set import DataSet
from uepnet.annotations.labelling.coco import write_coco
from uepnet.annotations.labelling.csv_points import write_csv
from uepnet.annotations.labelling.cvat import write_cvat
from uepnet.annotations.labelling.json_points import write_json
from uepnet.annotations.labelling.label_studio import write_label_studio
from uepnet.annotations.labelling.labelme import write_labelme
from uepnet.annotations.labelling.text_points import write_text_points
from uepnet.errors import AnnotationError, DataSetError

NAMES = ("gate.jpg", "morning/10.png", "morning/9.png")
POINTS = {
    "gate.jpg": np.array([[1.0, 2.5], [39.0, 0.125]]),
    "morning/9.png": np.zeros((0, 2)),
    "morning/10.png": np.array([[7.0, 8.0]]),
}
SIZES = dict.fromkeys(NAMES, (40, 30))


@pytest.fixture
def root(tmp_path: Path, write_picture: Callable[..., Path]) -> Path:
    for name in NAMES:
        write_picture(tmp_path / name)
    return tmp_path


def validates(name: str) -> bool:
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10 == 0


def open_all(root: Path) -> DataSet:
    return open_data_set(f"folder:{root}", split="all")


def write_texts(root: Path) -> None:
    for name, points in POINTS.items():
        write_text_points((root / name).with_suffix(".txt"), points)


WRITERS: dict[str, Callable[[Path], None]] = {
    "csv": lambda root: write_csv(root / "heads.csv", POINTS),
    "json": lambda root: write_json(root / "heads.json", POINTS),
    "text": write_texts,
    "cvat": lambda root: write_cvat(root / "annotations.xml", POINTS),
    "label-studio": lambda root: write_label_studio(root / "project-1.json", POINTS, sizes=SIZES),
    "labelme": lambda root: write_labelme(root, POINTS, sizes=SIZES),
    "coco": lambda root: write_coco(root / "person_keypoints.json", POINTS, sizes=SIZES),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_every_kind_of_file_gives_the_same_heads(root: Path, writer: str) -> None:
    WRITERS[writer](root)
    data = open_all(root)
    assert [entry.name for entry in data.entries] == ["gate.jpg", "morning/9.png", "morning/10.png"]
    for entry in data.entries:
        heads = data.heads(entry)
        np.testing.assert_allclose(heads.xy, POINTS[entry.name], rtol=1e-12)
        assert (heads.width, heads.height) == (40, 30)


def test_what_a_count_left_beside_the_pictures_is_none_of_them(root: Path) -> None:
    write_csv(root / "heads.csv", POINTS)
    for name in NAMES:
        stem = root / Path(name).with_suffix("")
        shutil.copy(root / name, f"{stem}.overlay.jpg")
        Path(f"{stem}.count.json").write_text("{}", encoding="utf-8")
    assert [entry.name for entry in open_all(root).entries] == ["gate.jpg", "morning/9.png", "morning/10.png"]


def test_two_kinds_at_once_and_none_are_refused(root: Path) -> None:
    with pytest.raises(DataSetError, match="but it holds neither"):
        open_all(root)
    write_csv(root / "heads.csv", POINTS)
    write_json(root / "heads.json", POINTS)
    with pytest.raises(DataSetError, match=r"heads\.csv, heads\.json"):
        open_all(root)
    (root / "heads.json").unlink()
    write_texts(root)
    with pytest.raises(DataSetError, match=r"heads\.csv, \.txt files beside pictures"):
        open_all(root)


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_a_picture_that_is_not_mentioned_was_forgotten(root: Path, suffix: str) -> None:
    named = {name: points for name, points in POINTS.items() if name != "gate.jpg"}
    (write_csv if suffix == "csv" else write_json)(root / f"heads.{suffix}", named)
    data = open_all(root)
    with pytest.raises(AnnotationError, match=rf"heads\.{suffix}: it does not name 'gate\.jpg'"):
        data.heads(data.entries[0])
    assert len(data.heads(data.entries[1])) == 0


def test_a_missing_text_file_is_an_error_when_read(root: Path) -> None:
    write_texts(root)
    (root / "gate.txt").unlink()
    data = open_all(root)
    with pytest.raises(AnnotationError, match=r"gate\.txt: there is no such annotation file"):
        data.heads(data.entries[0])


def test_a_row_that_names_no_picture_here_is_refused_at_once(root: Path) -> None:
    write_csv(root / "heads.csv", {**POINTS, "gone.jpg": POINTS["gate.jpg"]})
    with pytest.raises(
        AnnotationError, match=r"heads\.csv: it names the picture 'gone\.jpg', which is not in the folder"
    ):
        open_all(root)


def test_a_text_file_beside_no_picture_is_refused_at_once(root: Path) -> None:
    write_texts(root)
    (root / "morning" / "11.txt").touch()
    with pytest.raises(DataSetError, match=r"11\.txt stands beside no picture"):
        open_all(root)


def test_the_last_part_of_a_name_is_enough_where_it_is_the_only_one(root: Path) -> None:
    table = {r"C:\pictures\gate.jpg": POINTS["gate.jpg"], "9.png": POINTS["morning/9.png"]}
    write_json(root / "heads.json", table)
    data = open_all(root)
    assert data.heads(data.entries[0]).xy.tolist() == POINTS["gate.jpg"].tolist()


def test_a_name_of_two_pictures_and_a_picture_of_two_names_are_refused(
    root: Path, write_picture: Callable[..., Path]
) -> None:
    write_json(root / "heads.json", {"9.png": POINTS["gate.jpg"], "morning/9.png": POINTS["gate.jpg"]})
    with pytest.raises(AnnotationError, match=r"'morning/9\.png' twice"):
        open_all(root)
    write_picture(root / "evening" / "9.png")
    write_json(root / "heads.json", {"9.png": POINTS["gate.jpg"]})
    with pytest.raises(AnnotationError, match=r"any of evening/9\.png, morning/9\.png"):
        open_all(root)


def test_two_pictures_that_would_share_a_text_file_are_refused(root: Path, write_picture: Callable[..., Path]) -> None:
    write_texts(root)
    write_picture(root / "gate.png")
    with pytest.raises(DataSetError, match=r"would share gate\.txt"):
        open_all(root)


def test_a_labelme_file_of_another_picture_is_refused(root: Path) -> None:
    write_labelme(root, POINTS, sizes=SIZES)
    (root / "gate.json").write_bytes((root / "morning/10.json").read_bytes())
    data = open_all(root)
    with pytest.raises(AnnotationError, match=r"gate\.json: it is of the picture '10\.png'"):
        data.heads(data.entries[0])


def test_hidden_pictures_do_not_count(root: Path, write_picture: Callable[..., Path]) -> None:
    write_picture(root / ".thumbnails" / "gate.jpg")
    (root / "._gate.jpg").touch()
    write_csv(root / "heads.csv", POINTS)
    assert len(open_all(root)) == 3


def test_a_broken_picture_is_an_entry_all_the_same(root: Path) -> None:
    (root / "zero.jpg").touch()
    write_json(root / "heads.json", {**POINTS, "zero.jpg": np.zeros((0, 2))})
    assert "zero.jpg" in [entry.name for entry in open_all(root).entries]


def test_the_validation_part_does_not_depend_on_the_other_pictures(
    tmp_path: Path, write_picture: Callable[..., Path]
) -> None:
    names = [f"{number}.png" for number in range(60)]
    for name in names:
        write_picture(tmp_path / name, width=2, height=2)
    (tmp_path / "heads.json").write_text(json.dumps({name: [] for name in names}))
    parts = {
        split: {entry.name for entry in open_data_set(f"folder:{tmp_path}", split=split).entries}
        for split in ("train", "val", "all")
    }
    assert parts["train"] | parts["val"] == parts["all"] == set(names)
    assert not parts["train"] & parts["val"]
    assert parts["val"] == {name for name in names if validates(name)}
    assert parts["val"]
    kept = {*sorted(parts["val"])[:1], *sorted(parts["train"])[:3]}
    for name in set(names) - kept:
        (tmp_path / name).unlink()
    (tmp_path / "heads.json").write_text(json.dumps({name: [] for name in sorted(kept)}))
    again = open_data_set(f"folder:{tmp_path}", split="val")
    assert {entry.name for entry in again.entries} == parts["val"] & kept


def test_a_folder_without_validation_pictures_and_the_test_part_say_what_to_do(root: Path) -> None:
    for name in filter(validates, NAMES):
        (root / name).unlink()
    write_csv(root / "heads.csv", {name: points for name, points in POINTS.items() if not validates(name)})
    with pytest.raises(DataSetError, match="choose another split"):
        open_data_set(f"folder:{root}", split="val")
    with pytest.raises(DataSetError, match="split 'all'"):
        open_data_set(f"folder:{root}", split="test")


def test_unfinished_pictures_are_in_no_split_and_are_named(root: Path) -> None:
    write_csv(root / "heads.csv", POINTS, unfinished={"gate.jpg"})
    for split in ("train", "val", "all"):
        try:
            data = open_data_set(f"folder:{root}", split=split)
        except DataSetError:
            continue  # no picture of this part
        assert data.unfinished == ("gate.jpg",)
        assert "gate.jpg" not in {entry.name for entry in data.entries}
    write_csv(root / "heads.csv", POINTS, unfinished=set(POINTS))
    with pytest.raises(DataSetError, match="all 3 pictures that they are unfinished"):
        open_all(root)
