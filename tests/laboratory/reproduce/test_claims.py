"""The rule by which a claim of the paper holds here."""

import numpy as np
import pytest

from uepnet.laboratory.reproduce.claims import judge, judge_numbers


def errors(mean: float, seed: int) -> np.ndarray:
    return np.abs(np.random.default_rng(seed).normal(mean, 1.0, 40))


def test_a_clear_difference_at_every_seed_holds() -> None:
    first = {seed: errors(10.0, seed) for seed in (0, 1)}
    second = {seed: errors(14.0, seed + 5) for seed in (0, 1)}
    judged = judge("first is better", first, second)
    assert (judged.verdict, judged.seeds) == ("holds", (0, 1))
    assert judged.difference is not None
    assert judged.difference.value == pytest.approx(np.mean([(first[s] - second[s]).mean() for s in (0, 1)]))
    assert judge("second is better", second, first).verdict == "does not hold"


def test_seeds_that_disagree_say_nothing() -> None:
    first = {0: errors(5.0, 0), 1: errors(11.0, 1)}
    second = {0: errors(14.0, 2), 1: errors(10.0, 3)}
    assert judge("first", first, second).verdict == "not separable here"


def test_an_interval_that_holds_zero_says_nothing() -> None:
    same = errors(10.0, 0)
    shuffled = np.random.default_rng(1).permutation(same)
    assert judge("first", {0: same}, {0: shuffled}).verdict == "not separable here"


def test_only_seeds_that_both_have_are_compared() -> None:
    judged = judge("first", {0: errors(1.0, 0), 2: errors(1.0, 1)}, {0: errors(9.0, 0), 1: errors(9.0, 1)})
    assert judged.seeds == (0,)
    assert judge("first", {0: errors(1.0, 0)}, {1: errors(1.0, 0)}).verdict == "not run"


def test_a_single_seed_is_told_beside_the_verdict() -> None:
    lower, higher = {0: errors(10.0, 0)}, {0: errors(14.0, 5)}
    assert judge("first is better", lower, higher).said == "holds, one seed"
    assert judge("first is better", higher, lower).said == "does not hold, one seed"
    assert judge("first is better", lower, lower).said == "not separable here"
    assert judge("first is better", lower | {1: errors(10.0, 1)}, higher | {1: errors(14.0, 6)}).said == "holds"


def test_of_numbers_it_is_told_whether_all_seeds_agree() -> None:
    assert judge_numbers("smaller", {0: 0.1, 1: 0.2}, {0: 0.3, 1: 0.4}).said == "so at every seed"
    assert judge_numbers("smaller", {0: 0.1, 1: 0.5}, {0: 0.3, 1: 0.4}).said == "not separable here"
    assert judge_numbers("smaller", {0: 0.4, 1: 0.5}, {0: 0.3, 1: 0.4}).said == "so at no seed"
    assert judge_numbers("smaller", {0: 0.1}, {0: 0.3}).said == "not separable here"
    assert judge_numbers("smaller", {}, {0: 0.3}).said == "not run"
