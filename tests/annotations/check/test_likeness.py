"""Correlations block by block, against NumPy's for each block."""

import numpy as np
import pytest

from uepnet.annotations.check.likeness import PLAIN, block_correlations, least_likeness

SIZE = 64
CELLS = SIZE // 8


@pytest.fixture
def pair() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    first = random.uniform(0, 255, (SIZE, SIZE))
    return first, 0.7 * first + random.uniform(0, 60, (SIZE, SIZE))


def test_each_block_is_correlated_alone(pair: tuple[np.ndarray, np.ndarray]) -> None:
    first, second = pair
    expected = [
        np.corrcoef(first[r : r + CELLS, c : c + CELLS].ravel(), second[r : r + CELLS, c : c + CELLS].ravel())[0, 1]
        for r in range(0, SIZE, CELLS)
        for c in range(0, SIZE, CELLS)
    ]
    assert np.allclose(block_correlations(first, second), expected)


def test_many_pairs_are_as_one(pair: tuple[np.ndarray, np.ndarray]) -> None:
    first, second = pair
    together = block_correlations(np.stack([first, second]), np.stack([second, second]))
    assert np.allclose(together[0], block_correlations(first, second))
    assert np.allclose(together[1], 1.0)


def test_a_block_plain_in_both_is_not_compared_one_plain_in_either_is(pair: tuple[np.ndarray, np.ndarray]) -> None:
    first, second = (picture.copy() for picture in pair)
    first[:CELLS, :CELLS] = second[:CELLS, :CELLS] = 100
    first[:CELLS, CELLS : 2 * CELLS] = 100
    ripple = np.tile([100 - 0.9 * PLAIN, 100 + 0.9 * PLAIN], (CELLS, CELLS // 2))
    first[:CELLS, 2 * CELLS : 3 * CELLS] = second[:CELLS, 2 * CELLS : 3 * CELLS] = ripple
    correlations = block_correlations(first, second)
    assert np.isnan(correlations[[0, 2]]).all()
    assert correlations[1] == 0
    assert not np.isnan(correlations[3:]).any()


def test_a_block_covered_in_part_is_not_compared(pair: tuple[np.ndarray, np.ndarray]) -> None:
    covered = np.ones((SIZE, SIZE), dtype=bool)
    covered[CELLS - 1, 5] = False
    assert np.flatnonzero(np.isnan(block_correlations(*pair, covered=covered))).tolist() == [0]


def test_too_few_blocks_say_nothing() -> None:
    correlations = np.full((2, 64), np.nan)
    correlations[0, :3] = 1.0
    correlations[1, :4] = (1.0, 0.4, 0.9, 1.0)
    assert least_likeness(correlations).tolist() == [-1.0, 0.4]
