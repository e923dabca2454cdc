"""The drawn crowd that the page offers to whoever has no picture at hand."""

import io
from functools import cache

from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from uepnet.scenes.example import draw_example

ADDRESS = "/example.jpg"


@cache
def example_jpeg() -> bytes:
    """The picture of `uepnet demo`; drawing it takes a second."""
    file = io.BytesIO()
    Image.fromarray(draw_example().pixels).save(file, format="JPEG", quality=92)
    return file.getvalue()


async def _give(request: Request) -> Response:  # noqa: ARG001 - the form of an endpoint
    return Response(await run_in_threadpool(example_jpeg), media_type="image/jpeg")


def example_route() -> Route:
    """Its address."""
    return Route(ADDRESS, _give)
