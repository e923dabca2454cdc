"""From a request's bytes to the bytes of its answer: what the threads do, all of it off the event loop."""

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from jaxtyping import UInt8
from PIL import Image
from pydantic import BaseModel, ConfigDict, ValidationError

from uepnet.errors import PictureTooLargeError
from uepnet.inference.counter import Counter
from uepnet.inference.heat_scale import heat_alone
from uepnet.inference.overlay import PER_PIXELS, draw_heat, draw_overlay, view_size
from uepnet.inference.result import CountResult
from uepnet.inference.view import resized
from uepnet.inference.zones.count_zones import count_zones
from uepnet.inference.zones.zone_file import ZonePlan, zones_from_content, zones_from_json
from uepnet.pictures import DECODED_WHOLE, LONGEST_SIDE
from uepnet.printable import printable
from uepnet.serving.counters import Counters
from uepnet.serving.deadline import Deadline
from uepnet.serving.forms import Form
from uepnet.serving.maps import Maps, from_maps, to_maps
from uepnet.serving.options import CountOptions, ModelOptions, OverlayOptions, PictureOptions, wrong_option
from uepnet.serving.refusals import RefusedError
from uepnet.strict_json import strict_json

Pixels = UInt8[np.ndarray, "height width 3"]
Record = TypeVar("Record", bound=BaseModel)

UNNAMED = "picture"
LONGEST_HEAT, LONGEST_VIEW = 1024, 2048
"""Pixels of what is sent to look at; the heat has no finer detail."""


class ZonesAsked(ModelOptions):
    """The body of /v1/zones: the maps of an earlier answer, and the zones to count in them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    maps: Maps
    zones: dict[str, Any]


def count_answer(form: Form, options: CountOptions, counters: Counters, deadline: Deadline) -> dict[str, Any]:
    """The count of a picture as `uepnet count --json` has it, and what else is asked for."""
    counter = counters.counter(options, max_megapixels=options.max_megapixels)
    zones = _zones(options)
    picture = _pixels(form, counter)
    deadline.check()
    result = counter.count(picture, name=_name(form, options), on_tile=deadline.on_tile)
    result = _with_zones(result, zones, counter)
    deadline.check()
    answer = result.as_json()
    if options.heat:
        answer["heat"] = _heat(result)
    if options.maps:
        answer["maps"] = to_maps(result).model_dump()
    if options.view:
        shown = resized(picture, view_size(result.width, result.height, longest=LONGEST_VIEW))
        answer["view"] = _base64(encoded(shown, "jpeg"))
    return answer


@dataclass(frozen=True)
class OverlayAnswer:
    """An encoded drawing, and whether its picture was counted for it."""

    drawing: bytes
    format: str
    result: CountResult
    counted: bool


def overlay_answer(form: Form, options: OverlayOptions, counters: Counters, deadline: Deadline) -> OverlayAnswer:
    """The drawing of `uepnet count --overlay`; from the maps of an earlier answer where the form has them."""
    counter = counters.counter(options, max_megapixels=options.max_megapixels)
    zones = _zones(options)
    picture = _pixels(form, counter)
    deadline.check()
    name = _name(form, options)
    if form.maps is None:
        result = counter.count(picture, name=name, on_tile=deadline.on_tile)
    else:
        result = from_maps(_record(Maps, form.maps), counter, name=name)
        if picture.shape[:2] != (result.height, result.width):
            raise RefusedError(
                f"maps: they are of a picture of {result.width} x {result.height} pixels, this one has "
                f"{picture.shape[1]} x {picture.shape[0]}; send the picture that they came with"
            )
    result = _with_zones(result, zones, counter)
    deadline.check()
    drawing = encoded(draw_overlay(picture, result), options.format)
    return OverlayAnswer(drawing, options.format, result, counted=form.maps is None)


def zones_answer(body: bytes, counters: Counters) -> dict[str, Any]:
    """The people in zones, from the maps of an earlier answer."""
    asked = _record(ZonesAsked, body)
    counter = counters.counter(asked)
    plan = zones_from_content(asked.zones, source="zones")
    result = count_zones(from_maps(asked.maps, counter, name=UNNAMED), plan, calibration=counter.calibration)
    return {"zones": [zone.as_json() for zone in result.zones]}


def encoded(drawing: Image.Image, form: str) -> bytes:
    """A drawing as JPEG or PNG."""
    file = io.BytesIO()
    if form == "png":
        drawing.save(file, format="PNG")
    else:
        drawing.save(file, format="JPEG", quality=92, subsampling=0)
    return file.getvalue()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _pixels(form: Form, counter: Counter) -> Pixels:
    """The picture; one with too many pixels is refused with the limit that holds here."""
    try:
        return counter.read(form.picture)
    except PictureTooLargeError as error:
        limit = counter.max_megapixels
        raise PictureTooLargeError(
            f"the picture is larger than what is counted here, {limit:g} megapixels at most"
            f"{_less_in_some(limit)}, no side above {LONGEST_SIDE:,} pixels; scale it down"
        ) from error


def _less_in_some(limit: float) -> str:
    """What to say of formats that may have fewer megapixels than others."""
    least = min(DECODED_WHOLE.values())
    return f" ({least:g} in {', '.join(DECODED_WHOLE)})" if least < limit else ""


def _name(form: Form, options: PictureOptions) -> str:
    return options.name or printable(form.name or "")[:200] or UNNAMED


def _zones(options: PictureOptions) -> ZonePlan | None:
    """The zones that are asked for; read before the picture is counted, so that wrong ones cost little."""
    if options.zones is None:
        return None
    return zones_from_json(options.zones.encode(errors="surrogatepass"), source="zones")


def _with_zones(result: CountResult, plan: ZonePlan | None, counter: Counter) -> CountResult:
    return result if plan is None else count_zones(result, plan, calibration=counter.calibration)


def _heat(result: CountResult) -> Mapping[str, Any]:
    """The heat map, the colours of its scale from left to right, and the places of round numbers on it."""
    drawing, scale = draw_heat(result, longest=LONGEST_HEAT)
    ticks = np.array(scale.ticks(), dtype=np.float32)
    colours = heat_alone(np.linspace(0.0, 1.0, 256, dtype=np.float32)[None])
    return {
        "png": _base64(encoded(drawing, "png")),
        "scale_png": _base64(encoded(colours, "png")),
        "ticks": [
            {"people": tick, "position": float(position)}
            for tick, position in zip(scale.ticks(), scale.position(ticks), strict=True)
        ],
        "per_pixels": PER_PIXELS,
    }


def _record(kind: type[Record], body: bytes) -> Record:
    """A record from JSON; `RefusedError` says what is wrong with it."""
    try:
        content = strict_json(body.decode())
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"the body is no JSON ({error})"[:500]) from error
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise RefusedError(wrong_option(error.errors(include_url=False, include_input=False)[0])) from error


def to_json(answer: Mapping[str, Any]) -> bytes:
    """The answer as one line."""
    return (json.dumps(answer, allow_nan=False) + "\n").encode()
