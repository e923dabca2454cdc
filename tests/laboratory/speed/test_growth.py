"""Curves of cost, and measurements in a process of their own."""

from pathlib import Path

import pytest

from uepnet.laboratory.speed import growth
from uepnet.laboratory.speed.alone import Alone, measure_alone, peak_megabytes
from uepnet.laboratory.speed.growth import available_bytes, measure_growth


@pytest.mark.parametrize("what", ["counts", "streamed counts"])
def test_alone_it_has_a_time_and_a_peak_of_its_own(what: str) -> None:
    found = measure_alone(what, 2_000_000)
    assert found.seconds > 0
    if found.peak_megabytes is not None:  # a system that counts it
        assert 30 < found.peak_megabytes < 250


def test_a_measurement_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match=r"(?s)measuring counts at 0 failed: .*there are no counts to divide"):
        measure_alone("counts", 0)


def test_memory_as_the_system_counts_it(tmp_path: Path) -> None:
    listing = tmp_path / "listing"
    assert peak_megabytes(listing) is None
    assert available_bytes(listing) is None
    listing.write_text("MemFree: 1 kB\nMemAvailable:  2000 kB\nVmPeak: 3 kB\nVmHWM:\t    5000 kB\n", encoding="utf-8")
    assert peak_megabytes(listing) == pytest.approx(5.12)
    assert available_bytes(listing) == 2_048_000


def test_a_short_look_has_a_point_of_every_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, float]] = []

    def alone(what: str, size: float) -> Alone:
        asked.append((what, size))
        return Alone(seconds=2.0, first_seconds=3.0, peak_megabytes=50.0)

    monkeypatch.setattr(growth, "measure_alone", alone)
    told: list[str] = []
    records = measure_growth(quick=True, on_point=told.append)
    assert asked == [("picture", 0.1), ("counts", 10_000), ("streamed counts", 10_000)]
    assert [(record["curve"], record["size"], record["unit"]) for record in records] == [
        ("one picture", 0.1, "megapixels"),
        ("local counts of a picture", 1, "heads"),
        ("local counts of a picture", 10, "heads"),
        ("evaluation of small pictures", 10, "pictures"),
        ("partition, counts in memory", 10_000, "counts"),
        ("partition, counts gathered", 10_000, "counts"),
    ]
    assert all(record["seconds"] is not None for record in records)
    assert told[0] == "a picture of 0.1 megapixels"


def test_what_does_not_fit_in_memory_is_left_out_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "measure_alone", lambda what, size: Alone(1.0, 1.0, None))
    monkeypatch.setattr(growth, "available_bytes", lambda: 1e5)
    (record,) = [r for r in measure_growth(quick=True) if r["curve"] == "partition, counts in memory"]
    assert record["seconds"] is None
    assert record["note"] == "not run: it needs 0.0 GB of memory, 0.0 GB are free"
