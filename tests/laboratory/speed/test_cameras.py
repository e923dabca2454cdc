"""Frames a second against the number of cameras: every number has its record, and the streams are at their own pace."""

import pytest

from uepnet.laboratory.speed import cameras
from uepnet.laboratory.speed.cameras import measure_cameras


def test_a_record_for_each_number_of_cameras(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cameras, "SIZE", (160, 120))
    monkeypatch.setattr(cameras, "CLIP_SECONDS", 1)
    monkeypatch.setattr(cameras, "WARMING", 0.5)
    records = measure_cameras(quick=True)
    assert [(record["part"], record["cameras"]) for record in records] == [("cameras", 1), ("cameras", 2)]
    for record in records:
        rate, each, number = (record[key] for key in ("frames_per_second", "per_camera", "cameras"))
        assert isinstance(rate, float)
        assert isinstance(each, float)
        assert isinstance(number, int)
        assert rate == pytest.approx(each * number)
        assert 0 <= each < 2 * cameras.FPS
