"""Whether a camera still shows what it showed: the same view, another one, darkness, a covered lens, a picture that stands.

Views are compared by their sketches (`inference/likeness.py`), which hardly depend on the light, without any shift: with
the mean of the view's sketches so far, in which people fade and the place stays, and with the last sketch.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float32, Int8, UInt8
from PIL import Image

from uepnet.inference.cautions import DARK
from uepnet.inference.likeness import sketch

State = Literal["ok", "moved", "dark", "covered", "frozen"]
COUNTABLE: frozenset[State] = frozenset({"ok"})

LEAST_STRUCTURE = 0.09
"""Mean of a sketch's absolute values, of 1, below which the lens is covered: photographs have 0.2 to 0.25,
a cloth with the noise of a camera up to 0.07."""
USUAL = 0.3
"""Likeness of a view to itself before any is known."""
OTHER_SHARE, OTHER = 0.3, 0.1
"""Another view is less than this share of the usual likeness, or less than this in any case."""
SETTLED = 5
"""Samples after which the first view is the one that a fixed camera shows; the first pictures of a stream may be broken."""
MEMORY = 30
"""Samples over which the view's mean and its usual likeness are taken."""
SMALL = (96, 72)
"""Cells that a picture is compared in with the one before, to see whether it stands."""
SAME_CELLS = 0.02
"""Share of the cells that may change, for a clock that is written into the picture."""
FROZEN_SECONDS = 20.0
FROZEN_SAMPLES = 3
"""Pictures that stand for so long, and in so many samples, are frozen."""

Sketch = Int8[np.ndarray, "rows columns"]


@dataclass(frozen=True)
class View:
    """What was seen: `scene` is a number that goes up with every new view; `counted` says whether a count means anything."""

    state: State
    scene: int
    counted: bool


class ViewWatch:
    """Looks at the pictures of one camera or film in the order of time.

    With `fixed`, the first view is the one that zones and corrections belong to: another one is `moved` for as long as it
    lasts, and not counted. Without, another view begins a new scene, and only its first picture is `moved`.
    """

    def __init__(self, *, fixed: bool) -> None:
        self._fixed = fixed
        self._scene = 1
        self._mean: Float32[np.ndarray, "rows columns"] | None = None
        self._last: Sketch | None = None
        self._usual = USUAL
        self._samples = 0
        self._standing = _Standing()

    def look(self, picture: UInt8[np.ndarray, "height width 3"], seconds: float) -> View:
        """What the next picture shows."""
        small = np.asarray(Image.fromarray(picture).resize(SMALL, Image.Resampling.BOX, reducing_gap=2.0).convert("L"))
        frozen = self._standing.look(small, seconds)
        made = sketch(picture)
        if small.mean() < DARK:
            return View("dark", self._scene, counted=False)
        if float(np.abs(made.astype(np.float32)).mean()) / 127 < LEAST_STRUCTURE:
            return View("covered", self._scene, counted=False)
        if frozen:
            return View("frozen", self._scene, counted=False)
        if self._mean is not None and self._is_another(made):
            if self._fixed and self._samples >= SETTLED:
                return View("moved", self._scene, counted=False)
            self._scene += 1
            self._mean, self._usual, self._samples = None, USUAL, 0
            self._remember(made)
            return View("moved", self._scene, counted=True)
        self._remember(made)
        return View("ok", self._scene, counted=True)

    def _is_another(self, made: Sketch) -> bool:
        return self._likeness(made) < max(OTHER, OTHER_SHARE * self._usual)

    def _likeness(self, made: Sketch) -> float:
        """To the view so far or its last picture, whichever is more; none where the shape of the picture changed."""
        known = [known for known in (self._mean, self._last) if known is not None and known.shape == made.shape]
        return max((_correlation(one, made) for one in known), default=0.0)

    def _remember(self, made: Sketch) -> None:
        self._samples = min(self._samples + 1, MEMORY)
        if self._mean is None:
            self._mean = made.astype(np.float32)
        else:
            self._usual += (self._likeness(made) - self._usual) / max(self._samples, 3)
            self._mean += (made - self._mean) / np.float32(self._samples)
        self._last = made


class _Standing:
    """Since when the picture has not changed."""

    def __init__(self) -> None:
        self._small: UInt8[np.ndarray, "rows columns"] | None = None
        self._since = 0.0
        self._samples = 0

    def look(self, small: UInt8[np.ndarray, "rows columns"], seconds: float) -> bool:
        """Whether it has been the same for so long that it is frozen."""
        changed: Bool[np.ndarray, "rows columns"] | None = None if self._small is None else small != self._small
        if changed is None or float(changed.mean()) > SAME_CELLS:
            self._small, self._since, self._samples = small, seconds, 0
        self._samples += 1
        return self._samples >= FROZEN_SAMPLES and seconds - self._since >= FROZEN_SECONDS


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    first, second = one.astype(np.float32).ravel(), other.astype(np.float32).ravel()
    lengths = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / lengths if lengths > 0 else 0.0
