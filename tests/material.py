"""Material for tests that are about something else, made without the checks of shapes, which take twice the drawing's own time."""

from collections.abc import Iterator
from contextlib import contextmanager

from jaxtyping import config


@contextmanager
def unchecked() -> Iterator[None]:
    """Calls in here are not checked; those of the tests of the same code are. Tracing a network takes half as long."""
    config.update("jaxtyping_disable", True)
    try:
        yield
    finally:
        config.update("jaxtyping_disable", False)
