"""The convolutions of a network one by one, forward and backward in the precision of a step: which of them lose against the peak."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from pydantic import JsonValue
from torch import Tensor, nn

from uepnet.laboratory.speed.clock import interleaved
from uepnet.laboratory.speed.peaks import Limit
from uepnet.network.arithmetic import autocast, feature_type

TURNS = 3


@dataclass(frozen=True)
class Convolution:
    """One convolution and the sizes of what goes in and out of it in one batch."""

    name: str
    layer: nn.Conv2d
    given: tuple[int, ...]
    made: tuple[int, ...]

    @property
    def passes(self) -> int:
        """Forward, backward to the weights and, but in the first layer, backward to the input."""
        return 2 if self.layer.in_channels == 3 else 3

    @property
    def flop(self) -> float:
        """Of all passes over one batch."""
        return float(2 * self.passes * self.layer.weight[0].numel() * torch.Size(self.made).numel())

    def shape(self) -> str:
        """For people: kernel, channels and the output's size, with the stride if there is one."""
        side, stride = self.layer.kernel_size[0], self.layer.stride[0]
        rows, columns = self.made[2:]
        strided = f" / {stride}" if stride > 1 else ""
        return f"{side}x{side}{strided}, {self.given[1]} -> {self.made[1]}, {columns} x {rows}"


def convolution_records(
    network: nn.Module, pictures: Float[Tensor, "n 3 height width"], *, peak: Limit, step: float
) -> list[dict[str, JsonValue]]:
    """Of each convolution its time alone, its share of the peak and its share of the `step` seconds.

    The last record is what is left of the step: pooling, ReLU, upsampling, the loss, the optimiser, making the batch.
    """
    layers = find_convolutions(network, pictures)
    ways: dict[str, Callable[[], object]] = {layer.name: _both_ways(layer) for layer in layers}
    seconds = interleaved({**ways, peak.name: peak.run}, repetitions=TURNS)
    records: list[dict[str, JsonValue]] = [
        {
            "layer": layer.name,
            "shape": layer.shape(),
            "flop": layer.flop,
            "milliseconds": 1e3 * seconds[layer.name],
            "share": peak.use(layer.flop, seconds).share(seconds[layer.name]),
            "share_of_step": seconds[layer.name] / step,
        }
        for layer in layers
    ]
    rest = step - sum(seconds[layer.name] for layer in layers)
    nothing: dict[str, JsonValue] = {"layer": "all else", "shape": None, "flop": None, "share": None}
    return [*records, {**nothing, "milliseconds": 1e3 * rest, "share_of_step": rest / step}]


def find_convolutions(network: nn.Module, pictures: Float[Tensor, "n 3 height width"]) -> list[Convolution]:
    """The convolutions in the order in which they run."""
    found: list[Convolution] = []

    def remember(name: str) -> Callable[..., None]:
        def hook(layer: nn.Conv2d, given: tuple[Tensor], made: Tensor) -> None:
            found.append(Convolution(name, layer, tuple(given[0].shape), tuple(made.shape)))

        return hook

    hooks = [
        layer.register_forward_hook(remember(name))
        for name, layer in network.named_modules()
        if isinstance(layer, nn.Conv2d)
    ]
    try:
        with torch.no_grad():
            network(pictures)
    finally:
        for hook in hooks:
            hook.remove()
    return found


def _both_ways(layer: Convolution) -> Callable[[], object]:
    """Forward and backward of one layer as it happens in a step."""
    first = layer.passes == 2
    inside = feature_type("cpu")
    given = _block(layer.given, torch.float32 if first else inside).requires_grad_(not first)
    gradient = _block(layer.made, inside)

    def run() -> None:
        given.grad = None
        layer.layer.zero_grad(set_to_none=True)
        with autocast("cpu", "bf16"):
            made = layer.layer(given)
        made.backward(gradient)

    return run


def _block(shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    random = torch.Generator().manual_seed(0)
    return torch.randn(shape, generator=random).to(dtype).contiguous(memory_format=torch.channels_last)
