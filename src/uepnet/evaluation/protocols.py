"""Protocols as data: what is done to the picture and to the truth before they are compared.

Figures are comparable only under the same protocol, so every result carries its whole one. Under each of them the truth
is a number of annotated points, never the sum of a map, and no picture is left out.
"""

from collections.abc import Mapping

from pydantic import Field, model_validator

from uepnet.annotations.data_set import DataSet
from uepnet.frozen import Frozen


class EvaluationProtocol(Frozen):
    """One way to measure; the switches are what the program does, the words say it to a reader."""

    name: str
    description: str
    picture: str
    """What is done to the picture, in words."""
    truth: str
    """What is counted as the truth, in words."""
    stretch: int | None = Field(None, ge=1)
    """The picture is resized so that its sides are multiples of this many pixels."""
    tile: int | None = Field(None, ge=1)
    """The picture is counted in tiles of at most this many pixels a side, which do not overlap."""
    region: bool = False
    """Truth and prediction are restricted to the region of interest that comes with the picture."""
    blur: int | None = Field(None, ge=1)
    """Side of the mean filter over what is outside the region."""

    @model_validator(mode="after")
    def _possible(self) -> "EvaluationProtocol":
        if self.blur is not None and not self.region:
            raise ValueError(f"the protocol '{self.name}' blurs outside a region, but has no region")
        if self.blur is not None and self.blur % 2 == 0:
            raise ValueError(
                f"the protocol '{self.name}' blurs by {self.blur} pixels, but a centred filter has an odd side"
            )
        if self.stretch is not None and (self.tile is not None or self.region):
            raise ValueError(
                f"the protocol '{self.name}' stretches the picture, which goes with neither tiles nor a region"
            )
        return self


ALL_POINTS = "the number of annotated points, those outside the picture included"

EXACT = EvaluationProtocol(
    name="exact",
    description="The whole picture in its own size: nothing is resized, cut or left out.",
    picture="padded at the right and below with the mean colour to the multiple that the network needs",
    truth=ALL_POINTS,
)

PAPER = EvaluationProtocol(
    name="paper",
    description="The paper's test code: the picture is stretched, and people change their size and shape a little.",
    picture="each side resized (bilinear with antialiasing) down to a multiple of 64 pixels, a side under 64 up to 64",
    truth=ALL_POINTS,
    stretch=64,
)

UCF_QNRF = EvaluationProtocol(
    name="ucf-qnrf",
    description="The paper's sliding window of 1024 for pictures too large to be counted at once.",
    picture="cut from the upper left corner into tiles of 1024 x 1024 pixels, smaller at the right and lower edge, that "
    "do not overlap; each is counted alone and the counts are added up",
    truth=ALL_POINTS,
    tile=1024,
)

WORLDEXPO10 = EvaluationProtocol(
    name="worldexpo10",
    description="Only the region of interest of each scene counts; the figure to compare is the mean of the scenes' MAE.",
    picture="outside the region of interest replaced by its mean over 11 x 11 pixels, then padded as in 'exact'; a patch "
    "that the region cuts counts by the share of its pixels inside",
    truth="the number of annotated points in the region of interest",
    region=True,
    blur=11,
)

PROTOCOLS: Mapping[str, EvaluationProtocol] = {
    protocol.name: protocol for protocol in (EXACT, PAPER, UCF_QNRF, WORLDEXPO10)
}


def find_protocol(name: str) -> EvaluationProtocol:
    """The protocol of that name; an unknown one is a `ValueError` that lists the known ones."""
    if name not in PROTOCOLS:
        raise ValueError(f"there is no protocol '{name}'; the known ones are {', '.join(PROTOCOLS)}")
    return PROTOCOLS[name]


def protocol_of(data_set: DataSet) -> EvaluationProtocol:
    """The protocol that a data set is learnt and validated with: its regions where it has them, else `exact`."""
    return EXACT if data_set.read_roi is None else WORLDEXPO10
