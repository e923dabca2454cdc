"""The colours keep their order for every eye and on every printer."""

import numpy as np
import pytest

from uepnet.inference.heat_colours import LIGHTNESS, STEPS, heat_colours

LINEAR_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
LMS_TO_LIGHTNESS = np.array([0.2104542553, 0.7936177850, -0.0040720468])
COLOUR_BLIND = {  # linear RGB as seen by dichromats, Viénot, Brettel & Mollon 1999
    "protan": np.array([[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]),
    "deutan": np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]),
    "normal": np.eye(3),
}
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def linear() -> np.ndarray:
    values = heat_colours() / 255.0
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def test_lightness_rises_in_equal_steps_to_the_eye() -> None:
    """OKLab's lightness, from the colours back: nothing was lost to the limits of sRGB."""
    lightness = np.cbrt(linear() @ LINEAR_TO_LMS.T) @ LMS_TO_LIGHTNESS
    np.testing.assert_allclose(lightness, np.linspace(*LIGHTNESS, STEPS), atol=0.02)


@pytest.mark.parametrize("eye", COLOUR_BLIND)
def test_the_order_of_the_colours_can_be_seen_by(eye: str) -> None:
    seen = np.clip(linear() @ COLOUR_BLIND[eye].T, 0.0, 1.0) @ LUMINANCE
    assert (np.diff(seen[::8]) > 0.002).all()


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        heat_colours()[0] = 0
