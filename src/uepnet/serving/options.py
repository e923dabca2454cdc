"""What a request may ask for, beside its picture: parameters of the address, or fields of the form, by the same names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from uepnet.description import Decode
from uepnet.pictures import LARGEST_MEGAPIXELS
from uepnet.printable import printable
from uepnet.serving.refusals import RefusedError
from uepnet.wrong_values import problem_in_words

Asked = TypeVar("Asked", bound="ModelOptions")

ZONES = '{"units": "fractions", "zones": [{"name": "left half", "include": [[[0, 0], [0.5, 0], [0.5, 1], [0, 1]]]}]}'
"""A small zone file, as an example."""

Coverage = Annotated[float, Field(gt=0, lt=1)]


class ModelOptions(BaseModel):
    """What counts, and how."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    model: str | None = Field(
        None, max_length=200, description="one of /v1/models; the first of them by default", examples=["general"]
    )
    decode: Decode | None = Field(
        None, description="how classes become a count; the model's own by default", examples=["mean"]
    )
    coverage: Coverage | None = Field(
        None,
        description="share of pictures whose true number is in the range; the model's own by default",
        examples=[0.9],
    )


class PictureOptions(ModelOptions):
    """The options of every request with a picture."""

    zones: str | None = Field(
        None,
        max_length=1_000_000,
        description="a zone file as JSON text (docs/zones.md); long ones go into a form",
        examples=[ZONES],
    )
    max_megapixels: float | None = Field(
        None,
        gt=0,
        le=LARGEST_MEGAPIXELS,
        description="refuse larger pictures; at most the server's own limit",
        examples=[16],
    )
    name: str | None = Field(
        None,
        max_length=200,
        description="the source in the answer; by default the name of the form's file, or picture",
        examples=["north gate, 14:05"],
    )

    @field_validator("name")
    @classmethod
    def _on_one_line(cls, name: str | None) -> str | None:
        return None if name is None else printable(name)


class CountOptions(PictureOptions):
    """The options of /v1/count: what the answer holds beside the count."""

    heat: bool = Field(False, description="add the heat map: a transparent PNG to lay over the picture")
    maps: bool = Field(False, description="add the people of every patch, for /v1/zones and /v1/overlay")
    view: bool = Field(False, description="add the picture upright as a JPEG, for programs that cannot read its format")


class OverlayOptions(PictureOptions):
    """The options of /v1/overlay."""

    format: Literal["jpeg", "png"] = Field("jpeg", description="of the drawing")


def with_fields(options: Asked, fields: Mapping[str, str]) -> Asked:
    """The options with those that are fields of the form; `RefusedError` says which is wrong."""
    given = {name: value for name, value in options.model_dump().items() if name in options.model_fields_set}
    try:
        return type(options).model_validate({**given, **fields})
    except ValidationError as error:
        raise RefusedError(wrong_option(error.errors(include_url=False)[0])) from error


def refuse_repeated(names: Sequence[str], *, what: str) -> None:
    """`RefusedError` if a name is there twice: which of the two was meant cannot be known."""
    repeated = next((name for name, times in Counter(names).items() if times > 1), None)
    if repeated is not None:
        raise RefusedError(f"{what} named {printable(repeated)[:100]!r}; send one")


def wrong_option(error: Mapping[str, Any]) -> str:
    """What is wrong, in one line that names the option."""
    place = error.get("loc")
    names = [str(part) for part in place if part not in ("query", "body")] if isinstance(place, tuple) else []
    return f"{printable(', '.join(names))[:200] or 'the request'}: {printable(problem_in_words(error))[:500]}"
