"""A convolution of a picture with stride 2 as one with stride 1 of the picture's squares of 2 x 2 pixels (space to depth).

Its sums are the same. ONNX Runtime's eight-bit kernels are fast where the channels of a convolution come in fours: a picture has three
channels, its squares have twelve (docs/performance.md).
"""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional


def unshuffle_halving(network: nn.Module) -> None:
    """Replace, in place, every convolution of a picture's three channels that gives one output a square. Parameters keep their names."""
    for name, module in list(network.named_modules()):
        if type(module) is nn.Conv2d and module.in_channels == 3 and _is_of_squares(module):
            network.set_submodule(name, UnshuffledConvolution(module))


class UnshuffledConvolution(nn.Module):
    """For pictures with even sides, what a convolution gives that has one output a square.

    Along one side, tap k of the convolution reads pixel 2i + k - p for output i and a margin of p. Counted in squares that is
    half (k - p) mod 2 of square i + floor((k - p) / 2). So the taps fall into ceil(p / 2) squares before i, square i, and
    floor((side - 1 - p) / 2) squares after it; the half of a square that no tap reads has a weight of 0. Raises `ValueError` for
    any other convolution.
    """

    def __init__(self, convolution: nn.Conv2d) -> None:
        super().__init__()
        if not _is_of_squares(convolution):
            raise ValueError(f"{convolution} does not give one output for each square of 2 x 2 pixels")
        side, margin = convolution.kernel_size[0], int(convolution.padding[0])
        before, after = -(-margin // 2), (side - 1 - margin) // 2
        squares = before + 1 + after
        first = 2 * before - margin
        weight = convolution.weight.detach()
        outgoing, incoming = weight.shape[:2]
        taps = weight.new_zeros(outgoing, incoming, 2 * squares, 2 * squares)
        taps[:, :, first : first + side, first : first + side] = weight
        by_square = taps.view(outgoing, incoming, squares, 2, squares, 2).permute(0, 3, 5, 1, 2, 4)
        self.weight = nn.Parameter(by_square.reshape(outgoing, 4 * incoming, squares, squares))
        self.bias = convolution.bias
        self.margins = (before, after, before, after)

    def forward(self, pictures: Float[Tensor, "n channels height width"]) -> Float[Tensor, "n outgoing rows columns"]:
        """The convolution's answer."""
        return functional.conv2d(functional.pad(_squares(pictures), self.margins), self.weight, self.bias)


def _squares(pictures: Float[Tensor, "n channels height width"]) -> Float[Tensor, "n channels4 rows columns"]:
    """The four pixels of each square behind each other, row by row, each with its channels.

    `pixel_unshuffle` orders by channel, row, column. In this order, and with the channels last, two pixels are one run of memory.
    """
    count, channels, height, width = pictures.shape
    pairs = pictures.permute(0, 2, 3, 1).reshape(count, height // 2, 2, width // 2, 2 * channels)
    rows = pairs.permute(0, 1, 3, 2, 4).reshape(count, height // 2, width // 2, 4 * channels)
    return rows.permute(0, 3, 1, 2)


def _is_of_squares(convolution: nn.Conv2d) -> bool:
    """Stride 2, a square kernel, and margins by which there are as many outputs as squares."""
    side, margin = convolution.kernel_size[0], convolution.padding[0]
    return (
        convolution.stride == (2, 2)
        and convolution.kernel_size == (side, side)
        and convolution.padding == (margin, margin)  # "same" and "valid" are no pairs
        and 1 <= side - 2 * int(margin) <= 2
        and (convolution.dilation, convolution.groups) == ((1, 1), 1)
        and convolution.padding_mode == "zeros"
    )
