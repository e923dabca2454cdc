"""The one encoder and decoder of classes."""

from bisect import bisect_right
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from uepnet.counting.codec import decode, decode_mean, encode

BORDERS = st.lists(st.floats(1e-9, 1e4), min_size=1, max_size=30, unique=True).map(sorted)


@given(BORDERS, st.lists(st.floats(0, 1e6), max_size=50))
def test_every_count_falls_in_exactly_one_half_open_interval(borders: list[float], drawn: list[float]) -> None:
    counts = np.array([0.0, 1e300, *drawn, *borders, *np.nextafter(borders, 0), *np.nextafter(borders, np.inf)])
    edges = [0.0, *borders, np.inf]
    intervals = [[left <= count < right for left, right in pairwise(edges)] for count in counts]
    assert [sum(fits) for fits in intervals] == [1] * len(counts)
    assert encode(counts, borders).tolist() == [fits.index(True) for fits in intervals]


@given(BORDERS)
def test_a_count_equal_to_a_border_belongs_to_the_class_above(borders: list[float]) -> None:
    assert encode(np.array(borders), borders).tolist() == list(range(1, len(borders) + 1))


@given(BORDERS, st.lists(st.floats(0, 100, width=32), min_size=1, max_size=20))
def test_single_precision_counts_are_compared_exactly(borders: list[float], drawn: list[float]) -> None:
    counts = np.array(drawn, dtype=np.float32)
    assert encode(counts, borders).tolist() == [bisect_right(borders, count) for count in counts.tolist()]


def test_encoding_keeps_the_shape() -> None:
    classes = encode(np.array([[0.0, 1.0], [2.0, 3.0]]), (0.5, 2.5))
    assert classes.dtype == np.int64
    assert classes.tolist() == [[0, 1], [1, 2]]


@given(BORDERS)
def test_decoding_is_the_way_back_to_a_proxy_of_the_same_class(borders: list[float]) -> None:
    proxies = [0.0, *borders]
    counts = np.linspace(0, 2 * borders[-1], 50)
    decoded = decode(encode(counts, borders), proxies)
    assert (encode(decoded, borders) == encode(counts, borders)).all()
    assert (decoded <= counts).all()


@pytest.mark.parametrize("classes", [[-1, 0], [0, 3]])
def test_a_class_that_is_not_there_is_refused(classes: list[int]) -> None:
    with pytest.raises(ValueError, match="3 proxies for the classes 0 to 2"):
        decode(np.array(classes), (0.0, 1.0, 2.0))


def test_the_mean_is_weighted_with_the_probabilities() -> None:
    probabilities = np.array([[[0.25, 0.25, 0.5]], [[1.0, 0.0, 0.0]]])
    assert decode_mean(probabilities, (0.0, 1.0, 4.0)).tolist() == [[2.25], [0.0]]


@given(st.integers(0, 4), st.integers(1, 5))
def test_a_certain_class_has_its_proxy_as_mean(certain: int, rows: int) -> None:
    proxies = (0.1, 0.2, 0.5, 3.0, 7.0)
    classes = np.full((rows, 2), certain)
    np.testing.assert_allclose(decode_mean(np.eye(5)[classes], proxies), decode(classes, proxies), rtol=1e-15)


@pytest.mark.parametrize("row", [[2.0, -1.0, 0.0], [0.2, 0.2, 0.2], [float("nan"), 0.5, 0.5]])
def test_logits_are_no_probabilities(row: list[float]) -> None:
    with pytest.raises(ValueError, match="take the softmax first"):
        decode_mean(np.array([row]), (0.0, 1.0, 2.0))


def test_as_many_probabilities_as_proxies() -> None:
    with pytest.raises(ValueError, match=r"3 proxies, but the probabilities are \[2, 4\]"):
        decode_mean(np.full((2, 4), 0.25), (0.0, 1.0, 2.0))


@pytest.mark.parametrize("wrong", [-1e-9, float("nan"), float("inf")])
def test_an_impossible_count_is_refused_with_how_many_there_are(wrong: float) -> None:
    with pytest.raises(ValueError, match="but 2 of 3 are not, the first is"):
        encode(np.array([wrong, 1.0, wrong]), (0.5,))


def test_nothing_encodes_to_nothing() -> None:
    assert encode(np.zeros((0, 3)), (0.5,)).shape == (0, 3)
    assert decode(np.zeros((0,), dtype=np.int64), (0.0, 1.0)).shape == (0,)
