"""The addresses of the interface for programs."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from uepnet.serving.answers import ZonesAsked, count_answer, overlay_answer, to_json, zones_answer
from uepnet.serving.described import CountAnswer, ErrorAnswer, ModelsAnswer, ZonesAnswer, model_answer, refusals
from uepnet.serving.metrics import CONTENT_TYPE
from uepnet.serving.options import CountOptions, OverlayOptions
from uepnet.serving.service import JSON, Service

ANY_PICTURE = {"schema": {"type": "string", "format": "binary"}}
FORM_TEXT = {"type": "string"}
ASKED = (401, 403, 408, 413, 415, 421, 422, 429, 503)


def picture_body(*texts: str) -> dict[str, Any]:
    """The `requestBody` of an endpoint that takes a picture, alone or in a form with these texts."""
    properties = {
        "picture": {"type": "string", "format": "binary", "description": "the file"},
        **dict.fromkeys(texts, FORM_TEXT),
    }
    form = {"type": "object", "required": ["picture"], "properties": properties}
    content = {
        "image/*": ANY_PICTURE,
        "application/octet-stream": ANY_PICTURE,
        "multipart/form-data": {"schema": form},
    }
    return {"requestBody": {"required": True, "content": content}}


def _whole_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The model's schema with those that it refers to put in their places: a part of a larger document has no `$defs`."""
    schema = model.model_json_schema()
    parts = schema.pop("$defs", {})

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            name = str(value.get("$ref", "")).removeprefix("#/$defs/")
            return filled(parts[name]) if name in parts else {key: filled(one) for key, one in value.items()}
        return [filled(one) for one in value] if isinstance(value, list) else value

    whole: dict[str, Any] = filled(schema)
    return whole


def api(service: Service) -> APIRouter:
    """The endpoints of a service."""
    router = APIRouter()
    every = ("zones", "model", "decode", "coverage", "max_megapixels", "name")

    @router.post(
        "/v1/count",
        response_model=CountAnswer,
        responses=refusals(*ASKED),
        openapi_extra=picture_body(*every, "heat", "maps", "view"),
        summary="Count the people in a picture",
    )
    async def count(request: Request, options: Annotated[CountOptions, Query()]) -> Response:
        """The same object as `uepnet count --json`. Options may also be fields of the form."""
        answer = await service.on_picture(request, options, count_answer)
        service.metrics.counted(model=answer["model"], megapixels=answer["width"] * answer["height"] / 1e6)
        return Response(to_json(answer), media_type=JSON)

    @router.post(
        "/v1/overlay",
        response_class=Response,
        responses={
            **refusals(*ASKED),
            200: {"content": {"image/jpeg": ANY_PICTURE, "image/png": ANY_PICTURE}, "description": "the drawing"},
        },
        openapi_extra=picture_body(*every, "format", "maps"),
        summary="The picture with heat map, zones and count drawn over it",
    )
    async def overlay(request: Request, options: Annotated[OverlayOptions, Query()]) -> Response:
        """The drawing of `uepnet count --overlay`. With the maps of an earlier answer it is drawn without counting again."""
        answer = await service.on_picture(request, options, overlay_answer)
        result = answer.result
        if answer.counted:
            service.metrics.counted(model=result.model, megapixels=result.width * result.height / 1e6)
        return Response(answer.drawing, media_type=f"image/{answer.format}")

    @router.post(
        "/v1/zones",
        response_model=ZonesAnswer,
        responses=refusals(*ASKED),
        openapi_extra={"requestBody": {"required": True, "content": {JSON: {"schema": _whole_schema(ZonesAsked)}}}},
        summary="Count zones anew, from the maps of an earlier answer",
    )
    async def zones(request: Request) -> Response:
        """For those who draw zones: `maps` as /v1/count gave them, and the content of a zone file."""
        return Response(to_json(await service.on_json(request, zones_answer)), media_type=JSON)

    @router.get("/v1/models", responses=refusals(401, 421), summary="The models that can be asked for")
    async def models() -> ModelsAnswer:
        """The default model comes first."""
        backends = service.counters.backends
        return ModelsAnswer(
            models=[
                model_answer(backend, default=name == service.counters.default) for name, backend in backends.items()
            ],
            max_megapixels=service.settings.max_megapixels,
            max_bytes=service.settings.max_bytes,
        )

    _watched(router, service)
    return router


def _watched(router: APIRouter, service: Service) -> None:
    """What an operator asks for."""

    @router.head("/healthz", include_in_schema=False)  # what some load balancers ask
    @router.get("/healthz", responses={**refusals(421), 503: {"model": ErrorAnswer}}, summary="Whether it answers")
    async def healthz() -> dict[str, str]:
        """Always ok while the server takes pictures; 503 once it is stopping."""
        service.queue.refuse_if_stopping()
        return {"status": "ok"}

    @router.get(
        "/metrics",
        response_class=Response,
        responses={**refusals(401, 421), 200: {"content": {"text/plain": {}}, "description": "text of Prometheus"}},
        summary="Figures for Prometheus",
    )
    async def metrics() -> Response:
        """Requests, refusals, seconds, pictures and the queue; nothing of any picture."""
        return Response(service.metrics.text(), media_type=CONTENT_TYPE)
