"""The printed algorithm and ours give the same borders: what is compared in speed is the same work."""

import pytest

from uepnet.counting.uep import uep_borders
from uepnet.laboratory.speed.literal_uep import literal_uep
from uepnet.laboratory.speed.partition import drawn_counts, measure_partition


@pytest.mark.parametrize(("number", "intervals"), [(300, 4), (3000, 10), (4000, 25)])
def test_the_same_borders(number: int, intervals: int) -> None:
    counts = drawn_counts(number, seed=number)
    assert literal_uep(counts.tolist(), intervals=intervals) == uep_borders(counts, intervals=intervals)


def test_drawn_counts_are_long_tailed_and_nearly_all_above_t0() -> None:
    counts = drawn_counts(100_000)
    assert (counts >= 1.6e-4).mean() > 0.9
    assert 5 < counts.max() < 50 * counts.mean() * 10


def test_one_record() -> None:
    (record,) = measure_partition(quick=True)
    assert record["name"] == "UEP on 3,000 counts"
    assert record["work"] == 16 * 3000
    assert record["aim"] == "30 x plain, 0.3 s"
