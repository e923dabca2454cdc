"""The learning rate over a training, as a factor of its first value."""

import math

from uepnet.training.config import OptimiserConfig


class Cosine:
    """Linear rise over the warm-up, then half a cosine down to 0 at the last step or the last second, if they are counted."""

    def __init__(self, *, steps: int, warm_up: int, seconds: float | None = None) -> None:
        self.steps = steps
        self.seconds = seconds
        self.warm_up = min(warm_up, steps // 2)
        self.state: dict[str, float] = {}

    def factor(self, step: int, *, seconds: float = 0.0) -> float:
        """The factor of the learning rate in this step, `seconds` after the beginning."""
        if step < self.warm_up:
            return (step + 1) / (self.warm_up + 1)
        done = (step - self.warm_up) / max(1, self.steps - self.warm_up)
        if self.seconds is not None:
            done = min(1.0, max(done, seconds / self.seconds))
        return 0.5 * (1.0 + math.cos(math.pi * done))

    def observe(self, loss: float) -> None:
        """A cosine does not look at the loss."""


class Plateau:
    """The paper's "decreased by 1/10 when the training loss stagnates": compared over windows of `patience` steps."""

    def __init__(self, *, patience: int, warm_up: int) -> None:
        self.patience = patience
        self.warm_up = warm_up
        self.state: dict[str, float] = {"factor": 1.0, "sum": 0.0, "seen": 0.0, "lowest": math.inf}

    def factor(self, step: int, *, seconds: float = 0.0) -> float:  # noqa: ARG002 (looks at no clock)
        """The factor of the learning rate in this step."""
        return self.state["factor"] * min(1.0, (step + 1) / (self.warm_up + 1))

    def observe(self, loss: float) -> None:
        """Add a step's loss to the window; at its end compare the mean with the lowest mean so far."""
        state = self.state
        state["sum"] += loss
        state["seen"] += 1
        if state["seen"] < self.patience:
            return
        mean = state["sum"] / state["seen"]
        if mean >= state["lowest"]:
            state["factor"] /= 10.0
        state.update(sum=0.0, seen=0.0, lowest=min(mean, state["lowest"]))


Schedule = Cosine | Plateau
"""Gives a factor per step; its `state` is what a checkpoint keeps."""


def make_schedule(config: OptimiserConfig, *, steps: int, minutes: float | None = None) -> Schedule:
    """The schedule that the configuration names."""
    if config.schedule == "cosine":
        return Cosine(steps=steps, warm_up=config.warm_up, seconds=None if minutes is None else minutes * 60.0)
    return Plateau(patience=config.patience, warm_up=config.warm_up)
