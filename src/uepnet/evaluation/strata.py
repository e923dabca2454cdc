"""Errors by how crowded a picture is: a counter can be good on streets and bad at a march.

The strata by true heads, 0, 1-50, 51-200, 201-1000 and over 1000, are fixed for every data set, so that they compare:
an empty place, a queue or a small group, a busy street or a hall, a crowd, a mass gathering.
"""

from dataclasses import dataclass

from uepnet.evaluation.metrics import Counts, Truth, bias, errors, mae, nae, rmse

BOUNDS = (0, 1, 51, 201, 1001)
"""The fewest heads of each stratum; it ends where the next begins."""


@dataclass(frozen=True)
class Stratum:
    """Errors over the pictures with at least `fewest` and at most `most` heads; None where there is nothing to measure.

    `most` is None for the last stratum, `nae` also where no picture has heads.
    """

    fewest: int
    most: int | None
    images: int
    mae: float | None
    rmse: float | None
    nae: float | None
    bias: float | None

    @property
    def name(self) -> str:
        """The range of heads as a person writes it.

        >>> Stratum(51, 200, 0, None, None, None, None).name
        '51-200'
        """
        if self.most is None:
            return f">{self.fewest - 1}"
        return str(self.fewest) if self.fewest == self.most else f"{self.fewest}-{self.most}"


def stratify(truth: Truth, predicted: Counts) -> tuple[Stratum, ...]:
    """The errors in every stratum, those without pictures included."""
    errors(truth, predicted)
    return tuple(
        _measure(truth, predicted, fewest=fewest, most=None if following is None else following - 1)
        for fewest, following in zip(BOUNDS, (*BOUNDS[1:], None), strict=True)
    )


def _measure(truth: Truth, predicted: Counts, *, fewest: int, most: int | None) -> Stratum:
    members = (truth >= fewest) & ((most is None) | (truth <= (most or 0)))
    if not members.any():
        return Stratum(fewest, most, 0, None, None, None, None)
    true, counted = truth[members], predicted[members]
    return Stratum(
        fewest=fewest,
        most=most,
        images=len(true),
        mae=mae(true, counted),
        rmse=rmse(true, counted),
        nae=nae(true, counted),
        bias=bias(true, counted),
    )
