"""The pictures without people: the same every time, unlike each other, and unknown to training."""

import ast
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from uepnet.laboratory.robustness.peopleless import KINDS, SHOWN, draw_peopleless


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_drawn_at_any_size_and_again(kind: str) -> None:
    for width, height in ((160, 120), (33, 50)):
        picture = draw_peopleless(kind, seed=1, width=width, height=height).pixels
        assert picture.shape == (height, width, 3)
        assert picture.dtype == np.uint8
        np.testing.assert_array_equal(picture, draw_peopleless(kind, seed=1, width=width, height=height).pixels)


def test_no_two_kinds_are_alike() -> None:
    pictures = {kind: draw_peopleless(kind, seed=0, width=120, height=90).pixels.astype(float) for kind in KINDS}
    for one, other in combinations(KINDS, 2):
        assert np.abs(pictures[one] - pictures[other]).mean() > 5, (one, other)


def test_seeds_differ_where_anything_can() -> None:
    for kind in set(KINDS) - {"black", "white", "grey"}:
        one, other = (draw_peopleless(kind, seed=seed, width=96, height=96).pixels for seed in (0, 1))
        assert (one != other).any(), kind


def test_every_shown_picture_has_its_own_seed() -> None:
    assert len({seed for *_, seed in SHOWN}) == len(SHOWN) >= 5


def test_an_unknown_kind_lists_those_there_are() -> None:
    with pytest.raises(ValueError, match="no peopleless pictures of 'people'; there are black"):
        draw_peopleless("people", seed=0, width=8, height=8)


def imports_of(folder: Path) -> set[str]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in folder.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    froms = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    return froms | {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}


def test_training_knows_nothing_of_them_and_they_share_no_drawing_with_it(repository: Path) -> None:
    package = repository / "src" / "uepnet"
    taught = {name for folder in ("training", "scenes", "annotations") for name in imports_of(package / folder)}
    assert not {name for name in taught if name.startswith("uepnet.laboratory")}
    measured = imports_of(package / "laboratory" / "robustness")
    assert not {name for name in measured if name.startswith(("uepnet.scenes", "uepnet.training"))}
    assert "uepnet.inference.counter" in measured
