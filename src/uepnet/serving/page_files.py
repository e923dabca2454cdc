"""The files of the page, as they lie in the package: read once, served as they are."""

from collections.abc import Callable
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
INDEX = "index.html"


def page_routes(package: str = "uepnet.serving", folder: str = "page") -> list[Route]:
    """One address a file of a page's folder, the index at `/`."""
    routes = []
    for file in sorted(files(package).joinpath(folder).iterdir(), key=lambda file: file.name):
        suffix = file.name[file.name.rfind(".") :]
        if suffix not in TYPES:
            continue
        address = "/" if file.name == INDEX else f"/{file.name}"
        routes.append(Route(address, _always(file.read_bytes(), TYPES[suffix])))
    return routes


def _always(content: bytes, media_type: str) -> Callable[[Request], Response]:
    """An endpoint that gives the same bytes, which browsers ask for anew each time the page is loaded."""

    def give(request: Request) -> Response:  # noqa: ARG001 - the form of an endpoint
        return Response(content, media_type=media_type, headers={"Cache-Control": "no-cache"})

    return give
