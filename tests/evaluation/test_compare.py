"""Two models on the same pictures."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from uepnet.annotations.data_set import DataSet
from uepnet.evaluation.bootstrap import mae_difference
from uepnet.evaluation.compare import compare
from uepnet.evaluation.evaluate import Evaluation, evaluate
from uepnet.evaluation.protocols import PAPER
from uepnet.inference.counter import Counter


@pytest.fixture
def measured(red_dots, three_pictures: DataSet) -> Evaluation:
    return evaluate(Counter(red_dots), three_pictures)


def with_errors(like: Evaluation, errors: np.ndarray, model: str) -> Evaluation:
    rows = tuple(replace(like.rows[0], name=str(index), truth=500, mean=500 + off) for index, off in enumerate(errors))
    return replace(like, model=model, rows=rows)


def test_a_model_that_is_always_better_is_told_apart(measured: Evaluation) -> None:
    errors = np.random.default_rng(0).normal(0, 50, size=60)
    first, second = with_errors(measured, errors, "first"), with_errors(measured, 0.5 * errors, "second")
    comparison = compare(first, second, bootstrap_seed=4)
    expected = mae_difference(first.truth, first.counts(), second.counts(), generator=np.random.default_rng(4))
    assert comparison.difference == expected
    assert comparison.separable
    assert str(comparison) == "the second is better on these pictures"
    assert str(compare(second, first)) == "the first is better on these pictures"


def test_equally_good_models_are_not(measured: Evaluation) -> None:
    generator = np.random.default_rng(0)
    first, second = (with_errors(measured, generator.normal(0, 50, size=60), name) for name in ("first", "second"))
    comparison = compare(first, second)
    assert not comparison.separable
    assert str(comparison) == "these pictures do not separate the two"


def test_json_holds_both_evaluations(measured: Evaluation) -> None:
    told = compare(measured, replace(measured, model="second")).as_json()
    assert json.loads(json.dumps(told)) == told
    assert (told["dataset"], told["images"], told["difference"], told["separable"]) == ("folder", 3, 0.0, False)
    assert (told["first"]["model"], told["second"]["model"]) == ("red-dots", "second")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"split": "val"}, "same data, but these were measured on folder 'all' and folder 'val'"),
        ({"digest": "0"}, "same pictures and points"),
        ({"protocol": PAPER}, "same protocol, but .*name='exact'.*name='paper'"),
    ],
)
def test_only_like_is_compared_with_like(measured: Evaluation, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compare(measured, replace(measured, **change))
