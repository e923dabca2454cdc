"""What a decoder may expect of an encoder."""

from abc import abstractmethod
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn

Colour = tuple[float, float, float]

IMAGENET_MEAN: Colour = (0.485, 0.456, 0.406)
IMAGENET_STD: Colour = (0.229, 0.224, 0.225)


class Encoder(nn.Module):
    """Turns normalised pictures into features at strides 8, 16 and 32, up to its `deepest` stride.

    `channels` states the contract of the subclass: the channels at each stride it can give. `mean` and `std` are the
    normalisation, for RGB in [0, 1], that its pre-trained weights expect.
    """

    channels: ClassVar[dict[int, int]]
    mean: ClassVar[Colour] = IMAGENET_MEAN
    std: ClassVar[Colour] = IMAGENET_STD

    def __init__(self, *, deepest: int) -> None:
        super().__init__()
        if deepest not in self.channels:
            raise ValueError(f"{type(self).__name__} has features at strides {list(self.channels)}, not at {deepest}")
        self.strides = tuple(stride for stride in self.channels if stride <= deepest)

    @abstractmethod
    def forward(self, pictures: Float[Tensor, "n 3 height width"]) -> tuple[Float[Tensor, "n _ _ _"], ...]:
        """The features at `self.strides`; height and width are multiples of the deepest stride."""

    def spread_factors(self) -> dict[str, float]:
        """By convolution's name: what He's spread, made for a ReLU to follow, is multiplied by to keep the variance.

        Convolutions that are not named take it as it is.
        """
        return {}
