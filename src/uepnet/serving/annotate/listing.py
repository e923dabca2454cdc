"""The list of the folder's pictures with what is done and what is left."""

from typing import Any

from uepnet.printable import printable
from uepnet.serving.annotate.guide import Guide
from uepnet.serving.annotate.store import HeadStore, key_of


def listing(store: HeadStore, guide: Guide | None) -> dict[str, Any]:
    """Name, state, heads and the model's count of every picture; pictures that are not counted yet are put in the queue.

    `folder` tells the browser's drafts of one folder from those of another.
    """
    pictures = []
    for row in store.rows():
        answer = None if guide is None or row.refusal else guide.answer(store.picture(row.key))
        pictures.append(
            {
                "key": row.key,
                "name": printable(row.name),
                "done": row.marked.done,
                "heads": len(row.marked.points),
                "count": None if answer is None else answer.count,
                "counted": answer is not None or bool(row.refusal),
                "broken": printable(row.refusal or (answer.refusal if answer is not None and answer.broken else "")),
            }
        )
    return {
        "folder": key_of(str(store.root.resolve())),
        "title": printable(store.root.resolve().name),
        "table": printable(store.table.name),
        "continued": [printable(str(path.relative_to(store.root))) for path in store.continued],
        "guide": "off" if guide is None else printable(guide.failure) or "on",
        "pictures": pictures,
    }
