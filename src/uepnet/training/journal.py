"""What a run writes down as it goes: `metrics.jsonl`, one JSON object a line."""

import json
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
    """All whole lines; a last line cut off by a crash is left out."""
    lines: list[dict[str, Any]] = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            lines.append(json.loads(text))
        except json.JSONDecodeError:
            break
    return lines
