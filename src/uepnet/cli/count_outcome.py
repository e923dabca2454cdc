"""What becomes of each thing that `uepnet count` counts: said at once, and kept as small as the tables need it."""

import json
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from uepnet.printable import printable

if TYPE_CHECKING:
    from uepnet.errors import UepnetError


@dataclass
class Outcomes:
    """Takes records in the form of `--json`; those for `--table` are kept, without maps."""

    as_json: bool
    keep: bool
    records: list[dict[str, Any]] = field(default_factory=list)
    failed: bool = False

    def counted(self, record: dict[str, Any]) -> None:
        """One result."""
        self._take(record)

    def failure(self, source: str, error: "UepnetError") -> None:
        """What could not be counted, or not be written."""
        self.failed = True
        self._take({"source": source, "error": {"kind": error.kind, "message": str(error)}})
        if not self.as_json:
            print(printable(f"uepnet: error: {error}"), file=sys.stderr)  # above the bar; `echo` would hit it

    def warn(self, sentence: str) -> None:
        """On stderr."""
        print(printable(f"uepnet: warning: {sentence}"), file=sys.stderr)

    def _take(self, record: dict[str, Any]) -> None:
        if self.keep:
            self.records.append(record)
        if self.as_json:
            print(json.dumps(record), flush=True)
