"""One line of an evaluation: a picture, its truth and what was counted."""

from dataclasses import dataclass

from uepnet.description import Decode
from uepnet.evaluation.game import game_error
from uepnet.evaluation.measure import Measured

GAME_LEVELS = (1, 2, 3)


@dataclass(frozen=True)
class PictureRow:
    """One measured picture: its true and counted people, the size of the picture in its file, and the model's time.

    `low`, `high` and `coverage` are the range of the decode that the evaluation is about, None without calibration;
    `game` has that decode's errors on the grids of `GAME_LEVELS`; `scene` is set where the protocol measures by scene.
    """

    name: str
    truth: int
    mean: float
    argmax: float
    low: float | None
    high: float | None
    coverage: float | None
    width: int
    height: int
    seconds: float
    game: tuple[float, ...]
    scene: str | None = None

    def count(self, decode: Decode) -> float:
        """The people counted by one decode."""
        return self.mean if decode == "mean" else self.argmax


def row_of(name: str, measured: Measured, *, decode: Decode) -> PictureRow:
    """The line of a measured picture, with the range and the grid errors of `decode`."""
    heads, result = measured.shown.heads, measured.results[decode]
    return PictureRow(
        name=name,
        truth=len(heads),
        mean=measured.results["mean"].count,
        argmax=measured.results["argmax"].count,
        low=result.low,
        high=result.high,
        coverage=result.coverage,
        width=measured.width,
        height=measured.height,
        seconds=measured.seconds,
        game=tuple(game_error(result.count_map, heads, patch=result.patch, level=level) for level in GAME_LEVELS),
        scene=measured.scene,
    )
