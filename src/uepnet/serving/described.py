"""The answers in types, for the OpenAPI description: nothing here computes."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from uepnet.description import Decode
from uepnet.inference.backends import Backend
from uepnet.serving.maps import Maps

EXAMPLE: dict[str, Any] = {
    "source": "square.jpg",
    "count": 208.4,
    "low": 171.2,
    "high": 262.9,
    "coverage": 0.9,
    "zones": [
        {
            "name": "Before the stage",
            "count": 61.3,
            "low": 47.0,
            "high": 78.1,
            "area_m2": 52.0,
            "density": 1.18,
            "level": "constrained",
            "status": "ok",
            "limit": 104.0,
        }
    ],
    "model": "general",
    "width": 1024,
    "height": 768,
    "seconds": 0.41,
    "warnings": [],
}


class ZoneAnswer(BaseModel):
    """The people in one zone; docs/zones.md says what each key means."""

    name: str
    count: float
    low: float | None
    high: float | None
    area_m2: float | None
    density: float | None
    level: str | None
    status: str | None
    limit: float | None


class Tick(BaseModel):
    """A number on the scale of the heat map, and its place from 0 to 1."""

    people: float
    position: float


class Heat(BaseModel):
    """The heat map and its scale; pictures are base64."""

    png: str
    scale_png: str
    ticks: list[Tick]
    per_pixels: int = Field(description="the scale is in people per so many pixels of the picture")


class CountAnswer(BaseModel):
    """What `uepnet count --json` prints, and what else was asked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]}, extra="forbid")

    source: str
    count: float
    low: float | None
    high: float | None
    coverage: float | None
    zones: list[ZoneAnswer]
    model: str
    width: int
    height: int
    seconds: float
    warnings: list[str]
    heat: Heat | None = None
    maps: Maps | None = None
    view: str | None = Field(None, description="the upright picture as JPEG, base64")


class ZonesAnswer(BaseModel):
    """The people in each zone."""

    zones: list[ZoneAnswer]


class ModelAnswer(BaseModel):
    """A model that the server counts with."""

    name: str
    default: bool
    encoder: str
    patch: int
    decode: Decode
    coverage: float | None = Field(description="of its ranges; null while it has none")
    trained_on: list[str]


class ModelsAnswer(BaseModel):
    """All models, the default first."""

    models: list[ModelAnswer]
    max_megapixels: float
    max_bytes: int


class Fault(BaseModel):
    """What is wrong: a short name for programs, and a sentence for people."""

    kind: str
    message: str


class ErrorAnswer(BaseModel):
    """Every answer that is no count."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"error": {"kind": "picture", "message": "the picture: the picture is broken or cut short"}}]
        }
    )

    error: Fault


def model_answer(backend: Backend, *, default: bool) -> ModelAnswer:
    """What a client needs to know of a model."""
    description = backend.description
    return ModelAnswer(
        name=description.name,
        default=default,
        encoder=description.network.encoder,
        patch=description.patch,
        decode=description.decode,
        coverage=None if description.calibration is None else description.calibration.coverage,
        trained_on=[f"{data.data_set} {data.split}" for data in description.trained_on],
    )


REASONS = {
    401: "no key, or a wrong one",
    403: "sent by a page of another site",
    408: "the body did not arrive in time",
    413: "too many bytes or pixels",
    415: "no picture in a format that can be read",
    421: "a name that is not this server's",
    422: "a picture that is broken, zones or options that make no sense",
    429: "too many pictures at once; Retry-After says when to come again",
    503: "the time for a picture is over, or the server is stopping",
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint that may be refused so."""
    return {status: {"model": ErrorAnswer, "description": REASONS[status]} for status in statuses}
