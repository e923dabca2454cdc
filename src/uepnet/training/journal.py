"""What a run writes down as it goes: `metrics.jsonl`, one JSON object a line."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from uepnet.whole_files import write_whole


class Journal:
    """Appends lines; on resuming, first drops the lines after the checkpoint, so that none stands there twice."""

    def __init__(self, path: Path, *, keep_until: int) -> None:
        kept = [line for line in read_journal(path) if line["step"] <= keep_until] if path.exists() else []
        write_whole(path, "".join(json.dumps(line) + "\n" for line in kept).encode())
        self.path = path

    def write(self, **values: Any) -> None:
        """Append one line."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(values) + "\n")


def read_journal(path: Path) -> list[dict[str, Any]]:
    """All whole lines of ours; what a crash has cut off, and what somebody else has written between them, is left out."""
    lines: list[dict[str, Any]] = []
    for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
        with suppress(ValueError, RecursionError):
            line = json.loads(text)
            if isinstance(line, dict) and isinstance(line.get("step"), int):
                lines.append(line)
    return lines
