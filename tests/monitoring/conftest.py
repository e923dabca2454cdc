"""Moments made by hand."""

from collections.abc import Callable

import numpy as np
import pytest

from uepnet.film.moment import Moment
from uepnet.film.smoothing import Smoothed
from uepnet.film.views import State, View
from uepnet.inference.result import CountResult, ZoneCount


@pytest.fixture
def make_moment() -> Callable[..., Moment]:
    """A moment with so many people in the whole picture and in its zone `stage` of 20 square metres and a limit of 100."""

    def made(seconds: float, people: float, *, state: State = "ok", scene: int = 1, spread: float = 10.0) -> Moment:
        view = View(state, scene, counted=state == "ok")
        if not view.counted:
            return Moment("cam", seconds, None, view, 64, 48, "tiny")
        maps = np.full((6, 8), people / 48, dtype=np.float32)
        zone = ZoneCount("stage", people, people - spread, people + spread, area_m2=20.0, limit=100.0)
        result = CountResult(
            "cam", people, people - spread, people + spread, 0.9, (zone,), "tiny", 64, 48, 0.1, (), maps, maps, 8
        )
        smooth = Smoothed(people, people - spread, people + spread)
        return Moment("cam", seconds, None, view, 64, 48, "tiny", result, smooth, (smooth,))

    return made
