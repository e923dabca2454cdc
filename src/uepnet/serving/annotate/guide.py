"""The model's count of every picture, made in the background as a guide: the picture that is looked at comes first."""

import io
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from uepnet.errors import MissingExtraError, PictureError, UepnetError
from uepnet.inference.counter import Counter
from uepnet.inference.overlay import draw_heat
from uepnet.inference.result import CountResult

HEAT_LONGEST = 1024
"""Pixels of the longer side of the heat map, which holds nothing finer than a patch."""
KEPT_HEATS = 200
"""Heat maps that are kept, the last used; a picture that has lost its own is counted anew when it is looked at."""


@dataclass(frozen=True)
class Answer:
    """What the model says of a picture; `count` None with the `refusal` that says why it says nothing."""

    count: float | None
    low: float | None = None
    high: float | None = None
    warnings: tuple[str, ...] = ()
    refusal: str = ""
    broken: bool = False
    """Whether the refusal is about the picture's file."""


class Guide:
    """Counts pictures one after the other in one thread; `close` ends it after the picture in hand."""

    def __init__(self, open_counter: Callable[[], Counter]) -> None:
        self._open_counter = open_counter
        self._answers: dict[Path, Answer] = {}
        self._heats: OrderedDict[Path, bytes] = OrderedDict()
        self._wanted: dict[Path, None] = {}
        self._change = threading.Condition()
        self._closed = False
        self.failure = ""
        """Why there is no guide at all, once that is so."""
        self._thread = threading.Thread(target=self._work, name="guide", daemon=True)
        self._thread.start()

    def answer(self, path: Path) -> Answer | None:
        """The answer if there is one; else the picture waits for its turn."""
        with self._change:
            if path not in self._answers and path not in self._wanted:
                self._wanted[path] = None
                self._change.notify()
            return self._answers.get(path)

    def look(self, path: Path) -> tuple[Answer, bytes] | None:
        """The answer with its heat map as PNG (empty where the model says nothing); else the picture is the next one."""
        with self._change:
            answer = self._answers.get(path)
            if answer is not None and (answer.count is None or path in self._heats):
                if path in self._heats:
                    self._heats.move_to_end(path)
                return answer, self._heats.get(path, b"")
            self._wanted.pop(path, None)
            self._wanted = {path: None, **self._wanted}
            self._change.notify()
            return None

    def close(self) -> None:
        """Count no further picture."""
        with self._change:
            self._closed = True
            self._change.notify()
        self._thread.join()

    def _work(self) -> None:
        try:
            counter = self._open_counter()
        except (UepnetError, ValueError) as error:
            self.failure = str(error)
            return
        while (path := self._next()) is not None:
            answer, heat = _answer(counter, path)
            with self._change:
                self._wanted.pop(path, None)
                self._answers[path] = answer
                if heat:
                    self._heats[path] = heat
                while len(self._heats) > KEPT_HEATS:
                    self._heats.popitem(last=False)

    def _next(self) -> Path | None:
        with self._change:
            self._change.wait_for(lambda: self._closed or self._wanted)
            return None if self._closed else next(iter(self._wanted))


def _answer(counter: Counter, path: Path) -> tuple[Answer, bytes]:
    try:
        result = counter.count(path)
        return Answer(result.count, result.low, result.high, result.warnings), _heat_of(result)
    except UepnetError as error:
        return Answer(None, refusal=str(error), broken=isinstance(error, PictureError | MissingExtraError)), b""
    except Exception:  # a picture that the model stumbles over must not end the guide for the others
        logging.getLogger(__name__).exception("the guide failed at %s", path)
        return Answer(None, refusal="the model failed at this picture; the terminal says how"), b""


def _heat_of(result: CountResult) -> bytes:
    encoded = io.BytesIO()
    draw_heat(result, longest=HEAT_LONGEST)[0].save(encoded, format="PNG")
    return encoded.getvalue()
