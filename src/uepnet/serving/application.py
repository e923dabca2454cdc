"""The application: page and interface, behind one guard, with every error in one form."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp

import uepnet
from uepnet.errors import UepnetError
from uepnet.serving.endpoints import api
from uepnet.serving.example import example_route
from uepnet.serving.front import Front
from uepnet.serving.guard import Guard
from uepnet.serving.options import wrong_option
from uepnet.serving.page_files import page_routes
from uepnet.serving.refusals import RefusedError, status_of
from uepnet.serving.replies import internal, plain, refusal, said
from uepnet.serving.service import Service
from uepnet.serving.work_queue import ClientGoneError

ABOUT = (
    "Counts the people in pictures. Nothing that is sent is stored. Where the server has a key, send it as "
    '`Authorization: Bearer KEY`. Every answer that is no count is {"error": {"kind", "message"}}.'
)
GONE = 499
"""Never sent: the client has gone. It is the number in the figures."""


def application(service: Service) -> ASGIApp:
    """The ASGI application of a service."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:  # noqa: ARG001 - the form of a lifespan
        yield
        await service.stop()

    app = FastAPI(
        title="uepnet",
        version=uepnet.__version__,
        description=ABOUT,
        docs_url=None,  # they would load scripts from elsewhere
        redoc_url=None,
        lifespan=life,
    )
    app.include_router(api(service))
    paths = frozenset(app.openapi()["paths"])
    if service.settings.api_key is not None:
        _describe_key(app.openapi())
    pages = [*page_routes(), example_route()]
    app.router.routes += pages
    _say_errors(app, service)
    return Front(
        app,
        guard=Guard(names=service.settings.allowed_hosts, api_key=service.settings.api_key),
        metrics=service.metrics,
        paths=paths | {route.path for route in pages} | {"/openapi.json"},
    )


def _describe_key(description: dict[str, Any]) -> None:
    """Say in the OpenAPI description how the key is sent, and what needs none."""
    description["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    description["security"] = [{"bearer": []}, {"key": []}]
    description["paths"]["/healthz"]["get"]["security"] = []


def _say_errors(app: FastAPI, service: Service) -> None:
    """Give every error its answer."""

    @app.exception_handler(UepnetError)
    async def ours(request: Request, error: UepnetError) -> Response:  # noqa: ARG001 - the form of a handler
        if status_of(error) < 500 or isinstance(error, RefusedError):
            service.metrics.refused(error.kind)
        return refusal(error)

    @app.exception_handler(RequestValidationError)
    async def wrong(request: Request, error: RequestValidationError) -> Response:  # noqa: ARG001
        service.metrics.refused(RefusedError.kind)
        return said(RefusedError.status, RefusedError.kind, wrong_option(error.errors()[0]))

    @app.exception_handler(HTTPException)
    async def nowhere(request: Request, error: HTTPException) -> Response:  # noqa: ARG001
        return plain(error)

    @app.exception_handler(ClientDisconnect)
    @app.exception_handler(ClientGoneError)
    async def gone(request: Request, error: Exception) -> Response:  # noqa: ARG001
        return Response(status_code=GONE)

    @app.exception_handler(Exception)
    async def bug(request: Request, error: Exception) -> Response:  # noqa: ARG001
        return internal()
