"""The addresses behind the page: the folder's list, a picture, its views, its heads, the model's guide, downloads."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, FastAPI, Path, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from uepnet.annotations.labelling.formats import FORMS
from uepnet.errors import UepnetError
from uepnet.printable import printable
from uepnet.serving.annotate.doors import Doors
from uepnet.serving.annotate.exports import Also, as_download, write_also
from uepnet.serving.annotate.forms import Change, Token, heads_of
from uepnet.serving.annotate.guide import Guide
from uepnet.serving.annotate.listing import listing
from uepnet.serving.annotate.refusals import STATUS, UnknownPictureError
from uepnet.serving.annotate.store import HeadStore
from uepnet.serving.annotate.views import PIECE, Views
from uepnet.serving.headers import HEADERS
from uepnet.serving.options import wrong_option
from uepnet.serving.page_files import page_routes
from uepnet.serving.refusals import BodyTooLargeError, RefusedError, status_of
from uepnet.serving.replies import plain, said

logger = logging.getLogger(__name__)

LARGEST_BODY = 20_000_000
"""Bytes of one request: some 200,000 heads, twice."""
Level = Annotated[int, Path(ge=0, le=12)]
Place = Annotated[int, Path(ge=0, le=1000)]


@dataclass(frozen=True)
class Desk:
    """All that one run works with; `guide` is None where none was wanted."""

    store: HeadStore
    views: Views
    guide: Guide | None
    doors: Doors
    also: tuple[Also, ...] = ()


def application(desk: Desk) -> FastAPI:
    """The page and its addresses; every error is answered as `replies` says it."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @app.middleware("http")
    async def at_the_door(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        try:
            desk.doors.check_site(request.headers)
            _check_size(request)
        except RefusedError as error:
            response: Response = _refusal(error)
        else:
            response = await go_on(request)
        response.headers.update(HEADERS)
        return response

    _say_errors(app)
    app.router.routes.extend(page_routes("uepnet.serving.annotate"))

    @app.post("/api/enter")
    def enter(form: Token) -> dict[str, str]:
        return {"key": desk.doors.enter(form.token)}

    app.include_router(_inside(desk))
    return app


def _inside(desk: Desk) -> APIRouter:
    """What is open to the holder of the key alone."""

    def with_key(request: Request) -> None:
        desk.doors.check_key(request.headers)

    inside = APIRouter(prefix="/api", dependencies=[Depends(with_key)])

    @inside.get("/folder")
    def folder() -> dict[str, Any]:
        return listing(desk.store, desk.guide)

    @inside.get("/pictures/{key}")
    def picture(key: str) -> dict[str, Any]:
        row = desk.store.row(key)
        width, height = desk.views.size(desk.store.picture(key))
        return {"name": printable(row.name), "width": width, "height": height, "piece": PIECE, **heads_of(row.marked)}

    @inside.put("/pictures/{key}")
    def save(key: str, change: Annotated[Change, Body()]) -> dict[str, Any]:
        was_done = desk.store.row(key).marked.done
        desk.store.save(key, change.heads.as_marked(), before=change.before.as_marked())
        return {"saved": True, "warnings": follow(desk) if was_done or change.heads.done else []}

    @inside.get("/export/{form}")
    def export(form: str) -> Response:
        if form not in FORMS:
            raise UnknownPictureError(f"there is no form {form[:40]!r}; there are {', '.join(FORMS)}")
        headers = {"Content-Disposition": f'attachment; filename="{FORMS[form].download}"'}
        return Response(as_download(form, desk.store), media_type="application/octet-stream", headers=headers)

    _add_views(inside, desk)
    return inside


def _add_views(inside: APIRouter, desk: Desk) -> None:
    @inside.get("/pictures/{key}/view")
    def view(key: str) -> Response:
        return Response(desk.views.whole(desk.store.picture(key)), media_type="image/jpeg")

    @inside.get("/pictures/{key}/piece/{level}/{column}/{row}")
    def piece(key: str, level: Level, column: Place, row: Place) -> Response:
        try:
            content = desk.views.piece(desk.store.picture(key), level=level, column=column, row=row)
        except ValueError as error:
            raise UnknownPictureError(str(error)) from error
        return Response(content, media_type="image/jpeg")

    @inside.get("/pictures/{key}/guide")
    def guide(key: str) -> dict[str, Any]:
        path = desk.store.picture(key)
        if desk.guide is None or desk.guide.failure:
            return {"state": "off", "why": "" if desk.guide is None else printable(desk.guide.failure)}
        found = desk.guide.look(path)
        if found is None:
            return {"state": "waiting"}
        answer = found[0]
        if answer.count is None:
            return {"state": "failed", "why": printable(answer.refusal)}
        return {
            "state": "ready",
            "count": answer.count,
            "low": answer.low,
            "high": answer.high,
            "warnings": list(answer.warnings),
        }

    @inside.get("/pictures/{key}/heat")
    def heat(key: str) -> Response:
        found = None if desk.guide is None else desk.guide.look(desk.store.picture(key))
        if found is None or not found[1]:
            raise UnknownPictureError("the model has not counted this picture yet")
        return Response(found[1], media_type="image/png")


def follow(desk: Desk) -> list[str]:
    """Write the files that follow the folder; what fails is said, since the heads themselves are saved."""
    failed = []
    for also in desk.also:
        try:
            left_out = write_also(also, desk.store)
            failed += [f"{also.path}: {printable(name)} is left out, since it cannot be read" for name in left_out]
        except (UepnetError, ValueError) as error:
            logger.warning("%s", error)
            failed.append(printable(str(error)))
        except Exception:
            logger.exception("%s could not be written", also.path)
            failed.append(printable(f"{also.path}: this file could not be written; the terminal says why"))
    return failed


def _check_size(request: Request) -> None:
    length = request.headers.get("content-length", "")
    if request.method in ("PUT", "POST") and not (length.isdigit() and int(length) <= LARGEST_BODY):
        raise BodyTooLargeError("this is too large, or does not say how large")


def _refusal(error: UepnetError) -> Response:
    """Told as it is, since the page is for the person who started this."""
    return said(status_of(error, STATUS), error.kind, str(error))


def _say_errors(app: FastAPI) -> None:
    """Give every error its answer."""

    @app.exception_handler(UepnetError)
    async def ours(request: Request, error: UepnetError) -> Response:  # noqa: ARG001 - the form of a handler
        return _refusal(error)

    @app.exception_handler(RequestValidationError)
    async def wrong(request: Request, error: RequestValidationError) -> Response:  # noqa: ARG001
        return said(400, RefusedError.kind, f"this is not what is asked for: {wrong_option(error.errors()[0])}")

    @app.exception_handler(HTTPException)
    async def nowhere(request: Request, error: HTTPException) -> Response:  # noqa: ARG001
        return plain(error)

    @app.exception_handler(Exception)
    async def bug(request: Request, error: Exception) -> Response:  # noqa: ARG001
        return said(500, "internal", "the server failed; the terminal says why")
