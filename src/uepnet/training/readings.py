"""What the steps say of themselves, read from the device many at a time: a reading waits until the device has come so far."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from uepnet.errors import TrainingError


@dataclass(frozen=True)
class Step:
    """What one step of learning did: the loss in nats per patch, the gradient's norm before clipping, the rate.

    `number` counts the steps done with this one.
    """

    number: int
    loss: float
    norm: float
    rate: float


class Readings:
    """The steps that nobody has looked at yet; they are due at every multiple of `every`."""

    def __init__(self, *, every: int) -> None:
        self.every = every
        self._numbers: list[tuple[int, float]] = []
        self._values: list[Tensor] = []

    def add(self, number: int, *, loss: Float[Tensor, ""], norm: Float[Tensor, ""], rate: float) -> None:
        """Keep a step's loss and norm where they are."""
        self._numbers.append((number, rate))
        self._values.append(torch.stack((loss.detach().float(), norm.float())))

    @property
    def due(self) -> bool:
        """Whether it is time to look."""
        return bool(self._numbers) and self._numbers[-1][0] % self.every == 0

    def take(self) -> list[Step]:
        """The steps since the last look; `TrainingError` names the first whose loss or gradient is no finite number."""
        if not self._numbers:
            return []
        values = torch.stack(self._values).tolist()
        steps = [
            Step(number, loss, norm, rate) for (number, rate), (loss, norm) in zip(self._numbers, values, strict=True)
        ]
        self._numbers, self._values = [], []
        for step in steps:
            for name, value in (("loss", step.loss), ("gradient", step.norm)):
                if not math.isfinite(value):
                    raise TrainingError(
                        f"the {name} is {value} at step {step.number - 1}; begin anew with a lower optimiser.learning_rate"
                    )
        return steps
