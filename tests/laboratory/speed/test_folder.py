"""The folder's record, and that both ways of counting it give the same."""

from pathlib import Path

import pytest

from uepnet.inference.counter import Counter
from uepnet.laboratory.speed.folder import count_in_turns, count_overlapped, measure_folder, write_pictures


def test_both_ways_count_and_write_the_same(tmp_path: Path) -> None:
    counter = Counter(device="cpu")
    files = write_pictures(tmp_path, 3, every=8)
    left = []
    for name, way in (("turns", count_in_turns), ("overlapped", count_overlapped)):
        out = tmp_path / name
        out.mkdir()
        counts = way(counter, files, out)
        left.append((counts, sorted(path.name for path in out.iterdir()), (out / "001.overlay.jpg").read_bytes()))
    assert left[0] == left[1]
    assert left[0][1][:2] == ["000.count.json", "000.overlay.jpg"]
    assert len(set(left[0][0])) == 3


def test_a_picture_that_cannot_be_read_ends_the_measurement(tmp_path: Path) -> None:
    from uepnet.errors import PictureError

    with pytest.raises(PictureError):
        count_overlapped(Counter(device="cpu"), [tmp_path / "none.jpg"], tmp_path)


def test_the_record() -> None:
    (record,) = measure_folder(quick=True)
    assert record["name"] == "2 pictures of 128 x 96, read, counted, drawn"
    share = float(str(record["network_share"]))
    assert share == pytest.approx(float(str(record["network_seconds"])) / float(str(record["seconds"])))
    assert record["met"] == (share >= 0.95)
