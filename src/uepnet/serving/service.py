"""What the endpoints share: models, queues, the memory for bodies, and figures."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from starlette.requests import Request

from uepnet.serving.bodies import Budget, read_body
from uepnet.serving.counters import Counters, open_counters
from uepnet.serving.deadline import Deadline
from uepnet.serving.forms import Form, read_form
from uepnet.serving.metrics import Metrics
from uepnet.serving.options import PictureOptions, refuse_repeated, with_fields
from uepnet.serving.refusals import MediaTypeError
from uepnet.serving.settings import Settings
from uepnet.serving.work_queue import WorkQueue

Asked = TypeVar("Asked", bound=PictureOptions)
Answer = TypeVar("Answer")

JSON = "application/json"
QUICK_WAITING, QUICK_SECONDS = 32, 20.0
"""Of zones in maps that are there already: they need no model, and do not wait behind pictures."""


class Service:
    """One running server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.counters: Counters = open_counters(settings)
        self.queue = WorkQueue(workers=settings.workers, waiting=settings.queue, seconds=settings.max_seconds)
        self.quick = WorkQueue(workers=1, waiting=QUICK_WAITING, seconds=QUICK_SECONDS)
        self.metrics = Metrics(counting=lambda: self.queue.counting, waiting=lambda: self.queue.waiting)
        self._budget = Budget(settings.bytes_at_once)

    async def on_picture(
        self, request: Request, options: Asked, work: Callable[[Form, Asked, Counters, Deadline], Answer]
    ) -> Answer:
        """The answer of `work` to a request with a picture; a full queue refuses it before its body is read."""
        self.queue.refuse_if_full()
        refuse_repeated([name for name, _ in request.query_params.multi_items()], what="the address has two parameters")
        with self._budget.holding() as holding:
            most, seconds = self.settings.max_bytes, self.settings.upload_seconds
            form = await read_form(request, holding, most=most, seconds=seconds)
            asked = with_fields(options, form.fields)
            return await self.queue.run(partial(work, form, asked, self.counters), gone=_gone(request))

    async def on_json(self, request: Request, work: Callable[[bytes, Counters], Answer]) -> Answer:
        """The answer of quick `work` to a body of JSON."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != JSON:
            raise MediaTypeError(f"the body is to be {JSON}")
        self.quick.refuse_if_full()
        with self._budget.holding() as holding:
            most, seconds = self.settings.max_bytes, self.settings.upload_seconds
            body = await read_body(request, holding, most=most, seconds=seconds)
            return await self.quick.run(lambda _: work(body, self.counters), gone=_gone(request))

    def close(self) -> None:
        """Take no new work; what is in hand goes on."""
        self.queue.close()
        self.quick.close()

    async def stop(self) -> None:
        """Wait for the threads."""
        self.close()
        await self.queue.stop()
        await self.quick.stop()


async def _gone(request: Request) -> None:
    """Waits until the client has closed its connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
