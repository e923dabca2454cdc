"""`uepnet serve`: a page and an interface over HTTP that count pictures."""

import ipaddress
import logging
import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from uepnet.cli.options import Device, MaxMegapixels
from uepnet.printable import printable

if TYPE_CHECKING:
    from uepnet.serving.service import Service

LOOPBACK = "127.0.0.1"


def serve(
    host: Annotated[str, typer.Option(help="address to listen at; this machine alone by default")] = LOOPBACK,
    port: Annotated[int, typer.Option(min=0, max=65535, help="port to listen at; 0 takes a free one")] = 8000,
    model: Annotated[
        list[str] | None,
        typer.Option(help="a bundled model's name, or a file; may be repeated, the first is the default"),
    ] = None,
    device: Device = "auto",
    max_megabytes: Annotated[float, typer.Option(min=0.001, max=1000, help="of one request")] = 32.0,
    max_megapixels: MaxMegapixels = 64.0,
    max_seconds: Annotated[
        float, typer.Option(min=0.1, max=3600, help="for one picture, waiting included; then 503")
    ] = 120.0,
    workers: Annotated[int, typer.Option(min=1, max=64, help="pictures that are counted at the same time")] = 1,
    queue: Annotated[int, typer.Option(min=0, max=1000, help="pictures that may wait; then 429")] = 8,
    api_key: Annotated[
        str | None,
        typer.Option(envvar="UEPNET_API_KEY", help="answer only who sends it; better given in the environment"),
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="a name that the server is called by, besides localhost and addresses")
    ] = None,
) -> None:
    """Serve a page that counts pictures, and the same for programs; docs/serving.md. Ctrl-C or SIGTERM ends it."""
    from uepnet.serving.process import open_socket
    from uepnet.serving.server import serve as serve_until_stopped
    from uepnet.serving.settings import Settings

    settings = Settings(
        models=tuple(model or ()),
        device=device,
        max_megabytes=max_megabytes,
        max_megapixels=max_megapixels,
        max_seconds=max_seconds,
        workers=workers,
        queue=queue,
        api_key=_key(api_key),
        allowed_hosts=frozenset(allow_host or ()) | ({host} if host else set()),
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="uepnet: %(levelname)s: %(message)s")
    with open_socket(host, port) as listening:
        address, found = listening.getsockname()[:2]

        def say(service: "Service") -> None:
            shown = f"[{address}]" if ":" in address else address
            print(f"counting with {printable(', '.join(service.counters))} at http://{shown}:{found}", flush=True)
            if not ipaddress.ip_address(address).is_loopback:
                _warn(keyed=settings.api_key is not None)

        serve_until_stopped(settings, listening, ready=say)
    print("stopped")


def _key(given: str | None) -> str | None:
    """The key, of which a browser can send every letter."""
    from uepnet.serving.refusals import ServeError
    from uepnet.serving.settings import KEY

    if given and not re.fullmatch(KEY, given):
        raise ServeError(
            "the API key has spaces or letters beyond ASCII, which browsers send in ways of their own; take others"
        )
    return given or None


def _warn(*, keyed: bool) -> None:
    """What it means that others can reach the server."""
    if not keyed:
        print(
            "uepnet: warning: others can reach this server, and it asks for no key; set UEPNET_API_KEY, or listen at "
            f"{LOOPBACK} alone",
            file=sys.stderr,
        )
    print(
        "uepnet: warning: what is sent to this server is not encrypted; put a proxy with TLS before it (docs/serving.md)",
        file=sys.stderr,
        flush=True,
    )
