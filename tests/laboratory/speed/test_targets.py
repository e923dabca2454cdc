"""Local counts against filtered pictures."""

from pathlib import Path

import numpy as np
import pytest

from uepnet.counting.local_counts import local_counts
from uepnet.counting.sigma import adaptive_sigma
from uepnet.laboratory.speed.targets import drawn_heads, filtered_head, measure_targets
from uepnet.scenes.writing import write_scenes


def test_the_plain_way_draws_what_local_counts_count() -> None:
    points = drawn_heads(30, width=160, height=120)
    sigma = np.minimum(adaptive_sigma(points), 5.0)
    density = sum(filtered_head(points, sigma, head) for head in range(30))
    sums = np.add.reduceat(np.add.reduceat(density, range(0, 120, 8), axis=0), range(0, 160, 8), axis=1)
    ours = local_counts(points, sigma, patch=8)
    inside = (slice(3, -3), slice(3, -3))  # where no filter reaches over the edge
    assert ours[inside].sum() > 4
    np.testing.assert_allclose(sums[inside], ours[inside], atol=0.05)


def test_heads_are_the_same_every_time_and_denser_at_the_top() -> None:
    points = drawn_heads(1000, width=160, height=120)
    np.testing.assert_array_equal(points.xy, drawn_heads(1000, width=160, height=120).xy)
    assert points.inside().all()
    assert (points.xy[:, 1] < 60).mean() > 0.6


def test_drawn_and_real_pictures_have_a_record_each(tmp_path: Path) -> None:
    write_scenes(tmp_path / "scenes", seeds=range(2), width=128, height=96, heads=9)
    records = measure_targets(data=[f"drawn:{tmp_path / 'scenes'}"], quick=True)
    assert [record["name"] for record in records] == [
        "local counts, 20 drawn heads",
        "local counts, 60 drawn heads",
        "local counts, 9 heads of drawn",
        "local counts, 9 heads of drawn",
    ]
    assert records[0]["work"] == pytest.approx(2 * 20 * 16 * 12)
    assert "12 heads timed" in str(records[0]["note"])
    assert "9 heads timed" in str(records[2]["note"])
