"""Random changes of the colours of a whole batch of crops at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor

LUMINANCE = (0.299, 0.587, 0.114)
DARKEST = 1e-4
"""Below it a pixel counts as this bright, so that a small gamma does not tear black apart."""


@dataclass(frozen=True)
class ColourChange:
    """Of one crop: powers and factors of pixels in [0, 1]."""

    gamma: float
    contrast: float
    brightness: float
    cast: tuple[float, float, float]
    grey: bool


def draw_change(random: np.random.Generator, *, strength: float, grey: float) -> ColourChange:
    """Gamma, contrast, brightness and colour cast within `strength`; grey for this share of the crops."""
    gamma, contrast = np.exp(random.uniform(-strength, strength, 2))
    brightness = random.uniform(-strength, strength) * 0.3
    red, green, blue = np.exp(random.uniform(-strength, strength, 3) * 0.3)
    is_grey = bool(random.random() < grey)
    cast = (1.0, 1.0, 1.0) if is_grey else (float(red), float(green), float(blue))
    return ColourChange(float(gamma), float(contrast), float(brightness), cast, is_grey)


def change_colours(
    pixels: Float[Tensor, "n 3 height width"],
    changes: Sequence[ColourChange],
    *,
    inside: Bool[Tensor, "n 1 height width"] | None,
    strength: float,
) -> None:
    """Change pixels in [0, 1] in place; without `strength` nothing but the grey.

    The contrast grows around a crop's mean. `inside` says which pixels are of the picture; None: all of them.
    """
    greys = [number for number, change in enumerate(changes) if change.grey]
    if greys:
        chosen = _onto(pixels, greys, dtype=torch.int64)
        red, green, blue = pixels[chosen].unbind(dim=1)
        shade = LUMINANCE[0] * red + LUMINANCE[1] * green + LUMINANCE[2] * blue
        pixels[chosen] = shade[:, None].expand(-1, 3, -1, -1)
    if strength == 0:
        return
    settings = _onto(pixels, [(c.gamma, c.contrast, c.brightness, *c.cast) for c in changes])
    gamma, contrast, brightness = (settings[:, i].view(-1, 1, 1, 1) for i in range(3))
    cast = settings[:, 3:].view(-1, 3, 1, 1)
    pixels.clamp_(DARKEST, 1.0).pow_(gamma)
    if inside is None:
        means = pixels.mean(dim=(2, 3), keepdim=True)
    else:
        means = (pixels * inside).sum(dim=(2, 3), keepdim=True) / inside.sum(dim=(2, 3), keepdim=True)
    middle = (cast * means).mean(dim=1, keepdim=True)
    pixels.mul_(cast * contrast).add_(middle * (1.0 - contrast) + brightness).clamp_(0.0, 1.0)


def _onto(pixels: Tensor, values: Sequence[object], *, dtype: torch.dtype = torch.float32) -> Tensor:
    """The values beside the pixels; to a GPU they travel while it works."""
    tensor = torch.tensor(values, dtype=dtype)
    return tensor.pin_memory().to(pixels.device, non_blocking=True) if pixels.is_cuda else tensor
