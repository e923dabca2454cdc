"""Beijing-BRT: layout, validation rule, and the numbers of the real frames."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from uepnet.annotations.catalog import open_data_set
from uepnet.errors import AnnotationError, DataSetError


@pytest.fixture
def root(tmp_path: Path, write_picture: Callable[..., Path], write_mat: Callable[..., Path]) -> Path:
    for number in range(21):
        write_picture(tmp_path / "train/frame" / f"1-2016{number:02d}.jpg", width=36, height=64)
        points = np.array([[number, 70]], dtype=np.uint8)
        write_mat(tmp_path / "train/ground_truth" / f"1-2016{number:02d}.mat", {"loc": points})
    return tmp_path


def test_every_tenth_frame_validates(root: Path) -> None:
    val = open_data_set(f"beijing-brt:{root}", split="val")
    assert [entry.name for entry in val.entries] == ["1-201600", "1-201610", "1-201620"]
    assert len(open_data_set(f"beijing-brt:{root}")) == 18
    with pytest.raises(DataSetError, match="test/frame"):
        open_data_set(f"beijing-brt:{root}", split="test")


def test_whole_numbers_and_points_outside_are_kept(root: Path) -> None:
    data = open_data_set(f"beijing-brt:{root}", split="all")
    heads = data.heads(data.entries[20])
    assert heads.xy.tolist() == [[20.0, 70.0]]
    assert heads.inside().tolist() == [False]


def test_a_missing_truth_is_an_error(root: Path) -> None:
    (root / "train/ground_truth/1-201601.mat").unlink()
    data = open_data_set(f"beijing-brt:{root}")
    with pytest.raises(AnnotationError, match=r"1-201601\.mat"):
        data.heads(data.entries[0])


@pytest.mark.real_data
def test_the_real_frames_have_the_numbers_of_their_page(shared_data: Path) -> None:
    data = open_data_set(f"beijing-brt:{shared_data}", split="all")
    heads = [data.heads(entry) for entry in data.entries]
    assert (len(data), sum(map(len, heads))) == (240, 3_037)
    assert {(each.width, each.height) for each in heads} == {(360, 640)}
    assert sum(int((~each.inside()).sum()) for each in heads) == 6
    assert len(open_data_set(f"beijing-brt:{shared_data / 'Beijing-BRT'}", split="val")) == 24
