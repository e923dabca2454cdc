"""Times taken in turns."""

import pytest

from uepnet.laboratory.speed.clock import interleaved


class Workshop:
    """Ways that take as long as they are told, on a clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.done: list[str] = []

    def way(self, name: str, *durations: float):
        left = iter(durations)

        def run() -> None:
            self.done.append(name)
            self.now += next(left)

        return run


def test_ways_take_turns_after_a_first_time_that_does_not_count() -> None:
    shop = Workshop()
    ways = {"a": shop.way("a", 50, 1, 9, 2), "b": shop.way("b", 70, 4, 4, 5)}
    assert interleaved(ways, repetitions=3, clock=lambda: shop.now) == {"a": 2.0, "b": 4.0}
    assert "".join(shop.done) == "abababab"


def test_a_slow_way_runs_a_single_time() -> None:
    shop = Workshop()
    ways = {"a": shop.way("a", 50, 1, 9, 2), "b": shop.way("b", 70)}
    assert interleaved(ways, repetitions=3, once=frozenset({"b"}), clock=lambda: shop.now) == {"a": 2.0, "b": 70.0}
    assert "".join(shop.done) == "aabaa"


def test_what_cannot_be_timed() -> None:
    with pytest.raises(ValueError, match="at least once, not 0 times"):
        interleaved({"a": lambda: None}, repetitions=0)
    with pytest.raises(ValueError, match="c cannot run once: the ways are a"):
        interleaved({"a": lambda: None}, repetitions=1, once=frozenset({"c"}))
