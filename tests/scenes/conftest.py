"""One plan of a scene that several tests look at."""

import pytest

from uepnet.scenes.plan import Plan, plan_scene


@pytest.fixture
def plan() -> Plan:
    """A small scene by day with some dozens of people."""
    return plan_scene(seed=3, width=320, height=240, heads=40)
