"""The sentences of a report."""

from collections.abc import Sequence

from uepnet.description import ModelDescription
from uepnet.inference.result import CountResult

PRESENCE = (
    "The sum adds up what each picture shows at its own moment. It is not the number of different people who came, and no "
    "flow: whoever stands in two pictures is counted in both."
)
NO_RANGE = "No range can be given: this model was not calibrated for one. Its measured errors are in this report."
METHOD = (
    "A neural network looked at the picture in squares of {patch} x {patch} pixels, estimated for each how many people it "
    "shows, and the squares were added up. People who are hidden, out of the frame or too small to be seen are not in the "
    "number, and nobody was identified."
)


def people(count: float) -> str:
    """A whole number of people, with thousands marked.

    >>> people(1234.4)
    '1,234'
    """
    return f"{count:,.0f}"


def range_in_words(result: CountResult) -> str:
    """The range and what it promises, or that there is none."""
    if result.low is None or result.high is None or result.coverage is None:
        return NO_RANGE
    return (
        f"Between {people(result.low)} and {people(result.high)}: in about {100 * result.coverage:.0f} of 100 pictures like "
        "those that the model was tested on, the true number lies within such a range."
    )


def method(patch: int) -> str:
    """How a count comes about, in two sentences."""
    return METHOD.format(patch=patch)


def sum_in_words(results: Sequence[CountResult]) -> str:
    """What a sum over pictures is; a sum has no range, since errors of pictures are not independent."""
    return f"Added up over {len(results)} pictures; no range is given for a sum. {PRESENCE}"


def validation_rows(model: ModelDescription) -> tuple[tuple[str, ...], ...]:
    """Test pictures, how many, and by how many people the model was off on average, with its root mean square."""
    return tuple(
        (f"{figure.data_set} ({figure.split})", f"{figure.pictures:,}", f"{figure.mae:.1f}", f"{figure.rmse:.1f}")
        for figure in model.validation
        if figure.decode == model.decode
    )


def terms_of(model: ModelDescription, terms: str | None) -> str:
    """The card's word on licences, or where to look."""
    if terms is not None:
        return terms
    data = ", ".join(dict.fromkeys(data.data_set for data in model.trained_on)) or "data that it does not name"
    return f"The model was trained on {data}; the terms of those data apply to it."
