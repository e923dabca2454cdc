"""What a request is told that the end of the server cuts off."""

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from uepnet.serving.refusals import StoppingError
from uepnet.serving.replies import refusal


def tells_to_come_again(app: ASGIApp, *, on_refusal: Callable[[str], None] = lambda _: None) -> ASGIApp:
    """The application, whose requests answer 503 when they are cancelled before their answer began: only a stop cancels."""

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await app(scope, receive, watched)
        except asyncio.CancelledError:
            if scope["type"] != "http":
                raise
            if not begun:
                given_up = StoppingError("the server was stopped before its answer was ready; send the request again")
                on_refusal(given_up.kind)
                await refusal(given_up)(scope, receive, send)

    return told
