"""What drawing a scene gives: the pixels, the exact heads and what the scene looks like."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8

from uepnet.points import HeadPoints


@dataclass(frozen=True)
class Scene:
    """A drawn crowd. `look` names layout and light, as in "street, dusk"."""

    pixels: UInt8[np.ndarray, "height width 3"]
    heads: HeadPoints
    look: str
