"""One run of `uepnet annotate`, from the folder to the end."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from uepnet.errors import DataSetError
from uepnet.inference.counter import Counter
from uepnet.serving.annotate.application import Desk, application, follow
from uepnet.serving.annotate.doors import Doors
from uepnet.serving.annotate.earlier import KEPT
from uepnet.serving.annotate.exports import also_from
from uepnet.serving.annotate.guide import Guide
from uepnet.serving.annotate.lock import only_annotator
from uepnet.serving.annotate.server import open_socket_of, serve
from uepnet.serving.annotate.store import HeadStore
from uepnet.serving.annotate.views import Views


@dataclass(frozen=True)
class Wishes:
    """What the person who starts it may choose; `model` None is no guide. `ready` is told the first address."""

    port: int | None
    model: str | None
    also: tuple[str, ...]
    max_megapixels: float
    say: Callable[[str], None]
    ready: Callable[[str], None]


def annotate_folder(root: Path, wishes: Wishes) -> None:
    """Serve the page of a folder until Ctrl-C or SIGTERM."""
    if not root.is_dir():
        raise DataSetError(f"{root}: there is no such folder; name the folder that holds the pictures")
    also = tuple(also_from(text, root=root) for text in wishes.also)
    with ExitStack() as stack:
        stack.enter_context(only_annotator(root))
        store = HeadStore(root)
        listening = stack.enter_context(open_socket_of(root, port=wishes.port))
        guide = None if wishes.model is None else _guide(wishes.model, wishes.max_megapixels)
        if guide is not None:
            stack.callback(guide.close)
        doors = Doors(port=listening.getsockname()[1], say=lambda address: wishes.say(f"again    {address}"))
        desk = Desk(store, Views(max_megapixels=wishes.max_megapixels), guide, doors, also)

        def ready() -> None:
            _introduce(store, wishes.say)
            wishes.say(f"open     {doors.address}")
            wishes.ready(doors.address)

        serve(application(desk), listening, ready=ready)
        for line in follow(desk):
            wishes.say(line)
    _say_goodbye(store, wishes.say)


def _guide(model: str, max_megapixels: float) -> Guide:
    return Guide(lambda: Counter(model, max_megapixels=max_megapixels))


def _introduce(store: HeadStore, say: Callable[[str], None]) -> None:
    rows = store.rows()
    say(f"pictures {len(rows)}, of which {sum(row.marked.done for row in rows)} are done")
    say(f"heads    {store.table}")
    if store.continued:
        names = ", ".join(path.name for path in store.continued[:3])
        more = ", ..." if len(store.continued) > 3 else ""
        say(f"         begun in {names}{more}, which the first save puts into {store.root / KEPT}")


def _say_goodbye(store: HeadStore, say: Callable[[str], None]) -> None:
    rows = store.rows()
    done = [row for row in rows if row.marked.done]
    say(
        f"stopped: {len(done)} of {len(rows)} pictures are done, with {sum(len(row.marked.points) for row in done)} heads"
    )
    if done:
        say(f"look them over with uepnet data check folder:{store.root}")
