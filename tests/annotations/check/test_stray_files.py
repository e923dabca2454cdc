"""Annotation files that no picture has."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from uepnet.annotations.check.stray_files import find_stray_files

WriteSet = Callable[..., str]
WriteMat = Callable[..., Path]
GREY = np.full((16, 24, 3), 90, dtype=np.uint8)
NONE = np.zeros((0, 2))


def test_a_copy_among_the_annotations_is_found_in_every_part(write_set: WriteSet, tmp_path: Path) -> None:
    write_set({3: GREY}, {3: NONE}, part="test")
    text = write_set({1: GREY, 10: GREY}, {1: NONE, 10: NONE})
    assert list(find_stray_files(text)) == []
    truth = tmp_path / "ShanghaiTech/part_A_final"
    strays = [truth / "test_data/ground-truth/IMG_3.mat", truth / "train_data/ground-truth/GT_IMG_1 (1).mat"]
    for path in (*strays, truth / "train_data/ground-truth/readme.txt"):
        path.touch()
    found = list(find_stray_files(text))
    assert [finding.kind for finding in found] == ["stray-annotation"] * 2
    assert [finding.message.partition(":")[0] for finding in found] == list(map(str, strays))


def test_the_region_of_a_scene_is_no_stray(tmp_path: Path, write_mat: WriteMat, write_picture: WriteMat) -> None:
    for frame in ("a", "b"):
        write_mat(tmp_path / f"train_label/100/{frame}.mat", {"point_position": NONE})
        write_picture(tmp_path / f"train_frame/100/{frame}.jpg")
    write_mat(tmp_path / "train_label/100/roi.mat", {})
    text = f"worldexpo10:{tmp_path}"
    assert list(find_stray_files(text)) == []
    write_mat(tmp_path / "train_label/100/extra/x.mat", {})
    assert list(find_stray_files(text)) == []


def test_one_file_for_all_pictures_has_no_strays(tmp_path: Path, write_mat: WriteMat, write_picture: WriteMat) -> None:
    """Mall keeps a second .mat file, of the perspective, beside that of the heads."""
    frames = np.empty((1, 2), dtype=object)
    for index in (0, 1):
        frames[0, index] = np.zeros((1, 1), dtype=[("loc", object)])
        frames[0, index]["loc"][0, 0] = NONE
        write_picture(tmp_path / f"frames/seq_00000{index + 1}.jpg")
    write_mat(tmp_path / "mall_gt.mat", {"frame": frames, "count": np.zeros((2, 1), dtype=np.uint8)})
    write_mat(tmp_path / "perspective_roi.mat", {"roi": np.zeros((3, 4))})
    assert list(find_stray_files(f"mall:{tmp_path}")) == []


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["ucf-cc-50", "beijing-brt", "scut-head"])
def test_the_real_data_hold_no_strays(shared_data: Path, name: str) -> None:
    folders = {"ucf-cc-50": "UCF_CC_50", "beijing-brt": "Beijing-BRT", "scut-head": "SCUT-HEAD"}
    assert list(find_stray_files(f"{name}:{shared_data / folders[name]}")) == []
