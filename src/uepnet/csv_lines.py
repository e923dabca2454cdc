"""Lines of CSV that a spreadsheet takes for what they are."""

import csv
import io
import json
from collections.abc import Iterable

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet take a text for a formula; the last four are the full-width forms."""


def csv_line(values: Iterable[object]) -> str:
    r"""One line as in RFC 4180; numbers unrounded, None empty, lists of texts joined by spaces, and no text a formula.

    >>> csv_line(["=cmd()", -1.5, None, ["dark", "small"]])
    "'=cmd(),-1.5,,dark small\r\n"
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([_cell(value) for value in values])
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return _cell(" ".join(value))
    return json.dumps(value)
