"""What the rows of the paper's tables differ in."""

from dataclasses import dataclass
from typing import Literal

from uepnet.counting.partition import Heads, ProxyRule, method_named
from uepnet.description import Decode, Positive

DECODES: tuple[Decode, ...] = ("argmax", "mean")
"""The paper's first."""


@dataclass(frozen=True)
class Variant:
    """One training of a table: the target, and for classes how the counts are divided.

    `intervals` None is the method's own number, or 25. Proxies are no part of it: they are a way to read a training.
    """

    target: str = "classes"
    method: str = "uep"
    intervals: int | None = None
    heads: Heads = "single"
    multi_scale: bool = False
    stride: Literal[8, 16, 32] = 8
    positive: Positive = "relu"
    """Without classes: how the network's values become counts. A ReLU can close for good, and then nobody is counted."""

    @property
    def classifies(self) -> bool:
        """Whether the network answers with classes."""
        return self.target == "classes"

    @property
    def decodes(self) -> tuple[Decode, ...]:
        """The ways to read a patch: without classes there is no likeliest one."""
        return DECODES if self.classifies else ("mean",)

    def decode_for(self, asked: Decode) -> Decode:
        """The decode asked for, or the only one that there is."""
        return asked if asked in self.decodes else "mean"

    @property
    def name(self) -> str:
        """A short name, the same for the same variant.

        >>> Variant(heads="iph", multi_scale=True).name
        'uep-iph-ms'
        >>> Variant(target="mse").name
        'mse'
        """
        parts = [self.method if self.classifies else self.target]
        if self.classifies:
            default = method_named(self.method).intervals or 25
            parts += [str(self.intervals)] if self.intervals not in (None, default) else []
            parts += [self.heads] if self.heads != "single" else []
        parts += [self.positive] if self.positive != "relu" else []
        parts += [f"stride{self.stride}"] if self.stride != 8 else []
        parts += ["ms"] if self.multi_scale else []
        return "-".join(parts)


@dataclass(frozen=True)
class Reading:
    """A training and how it is read: with which proxies. The decodes are both measured."""

    variant: Variant
    proxies: ProxyRule = "mean"

    def __post_init__(self) -> None:
        if not self.variant.classifies and self.proxies != "mean":
            raise ValueError(f"{self.variant.target} has no classes, so it cannot be read with {self.proxies} proxies")
