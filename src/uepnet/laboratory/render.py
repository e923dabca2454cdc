"""Figures from result files into Markdown pages, between markers; nobody types a figure.

A table stands between two lines of its own, and has a row for every record of the files:

    <!-- results: first-model.json dataset images mae rmse -->
    <!-- /results -->

A single value stands between the same markers within a line; `#` picks the records of a data set, or those with a value
in another field (an underscore is a space there, and `*` any value):

    The error is <!-- results: first-model.json#shanghaitech-a mae -->not run<!-- /results --> people.
    A copy takes <!-- results: speed.json#name=memory_copy seconds -->not run<!-- /results --> seconds.

A field is a dotted path into a record (`details.decodes.argmax.mae`), or with `@` into the file (`@commit`,
`@machine.cpu`). It may end in a format (`mae:.2f`) and begin with a heading (`Argmax_MAE=details.decodes.argmax.mae`; an
underscore is a space). True and false read "yes" and "no". What needs a file that is not there reads "not run", and what is null there reads "-". Markers in
fenced code are left alone. `python -m uepnet.laboratory.render` renders the README, docs and model cards in place.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from uepnet.laboratory.results import ResultFile, ResultFileError, read_result
from uepnet.whole_files import write_whole

PAGES = ("*.md", "docs/**/*.md", "src/uepnet/bundled/**/*.md")
NOT_RUN = "not run"
NOTHING = "-"
OPENING = re.compile(r"<!-- results: ((?:(?!-->).)*) -->")
CLOSING = "<!-- /results -->"
INLINE = re.compile(f"({OPENING.pattern}).*?({CLOSING})")

HEADINGS = {"dataset": "Data set", "images": "Pictures", "mae": "MAE", "rmse": "RMSE", "nae": "NAE", "game": "GAME"}
FORMATS = {
    **dict.fromkeys(("mae", "rmse", "mae_low", "mae_high"), ".1f"),
    "bias": "+.1f",
    "nae": ".3f",
    "range_coverage": ".0%",
    "seconds_per_picture": ".2f",
    **dict.fromkeys(("images", "heads"), ",d"),
}


@dataclass(frozen=True)
class Field:
    """One column: what it shows, and how."""

    path: str
    form: str
    heading: str

    @classmethod
    def parse(cls, text: str) -> "Field":
        """Read `heading=path:form`, of which the path alone must be there."""
        heading, _, rest = text.rpartition("=")
        path, _, form = rest.partition(":")
        last = path.lstrip("@").rpartition(".")[2]
        words = heading or HEADINGS.get(last, last[:1].upper() + last[1:])
        return cls(path, form or FORMATS.get(last, ""), words.replace("_", " "))


def render(text: str, *, results: Path, page: str) -> str:
    """The page's text with its figures from the files in the folder `results`.

    Raises `ResultFileError` with the page's name for a marker without its end, a file that is none of ours and a field
    that a record does not have.
    """
    try:
        return "".join(_rendered_lines(iter(text.splitlines(keepends=True)), results))
    except ResultFileError as error:
        raise ResultFileError(f"{page}: {error}") from error


def _rendered_lines(lines: Iterator[str], results: Path) -> Iterator[str]:
    fenced = False
    for line in lines:
        fenced ^= line.lstrip().startswith("```")
        block = OPENING.fullmatch(line.strip())
        if fenced:
            yield line
        elif block is not None:
            yield line
            yield _table(block[1], results)
            yield _skip_to_closing(lines, marker=block[0])
        else:
            yield INLINE.sub(lambda found: found[1] + _value(found[2], results) + found[3], line)


def _skip_to_closing(lines: Iterator[str], *, marker: str) -> str:
    for line in lines:
        if line.strip() == CLOSING:
            return line
        if OPENING.search(line):
            break
    raise ResultFileError(f"there is no {CLOSING} on a line of its own after {marker}")


def _table(specification: str, results: Path) -> str:
    """The Markdown table of a block."""
    files, fields = _parse(specification)
    rows = [[_cell(record, field) for field in fields] for name in files for record in _records(results, name)]
    lines = [[field.heading for field in fields], ["---"] * len(fields), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _value(specification: str, results: Path) -> str:
    """The one value of an inline marker."""
    files, fields = _parse(specification)
    records = [record for name in files for record in _records(results, name)]
    if len(records) != 1 or len(fields) != 1:
        raise ResultFileError(
            f"'{specification}' should be one value within a line, but names {len(records)} records and {len(fields)} fields"
        )
    return _cell(records[0], fields[0])


def _parse(specification: str) -> tuple[list[str], list[Field]]:
    words = specification.split()
    files = [word for word in words if word.partition("#")[0].endswith(".json")]
    fields = [Field.parse(word) for word in words if word not in files]
    if not files or not fields:
        raise ResultFileError(f"'{specification}' should name result files (.json) and fields")
    return files, fields


Record = tuple[str, ResultFile, dict[str, JsonValue]]


def _records(results: Path, name: str) -> list[Record | None]:
    """The records of a file, or the selected ones in it; a single None where there is no such file."""
    file, _, selected = name.partition("#")
    if not (results / file).is_file():
        return [None]
    result = read_result(results / file)
    field, _, value = selected.rpartition("=")
    records = [record for record in result.figures if not selected or _has(record, field or "dataset", value)]
    if not records:
        raise ResultFileError(f"{file} has no record{f' of {selected}' if selected else ''}")
    return [(file, result, record) for record in records]


def _has(record: dict[str, JsonValue], field: str, value: str) -> bool:
    """Whether the record has that value, whose spaces are written as underscores, or with `*` any."""
    return field in record and (value == "*" or str(record[field]).replace(" ", "_") == value.replace(" ", "_"))


def _cell(record: Record | None, field: Field) -> str:
    if record is None:
        return NOT_RUN
    file, result, figures = record
    value: JsonValue = result.model_dump(mode="json") if field.path.startswith("@") else figures
    for part in field.path.removeprefix("@").split("."):
        if not isinstance(value, dict) or part not in value:
            raise ResultFileError(
                f"{file} has no '{field.path}' in its {'head' if field.path[0] == '@' else 'records'}"
            )
        value = value[part]
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    try:
        return format(value, field.form)
    except (TypeError, ValueError) as error:
        raise ResultFileError(f"{file}: '{field.path}' is {value!r}, which has no format '{field.form}'") from error


def render_pages(repository: Path, *, write: bool) -> tuple[Path, ...]:
    """The pages whose text differs from what their result files say; with `write` they are brought up to date."""
    changed = []
    for path in sorted({path for pattern in PAGES for path in repository.glob(pattern)}):
        text = path.read_text(encoding="utf-8")
        rendered = render(text, results=repository / "results", page=str(path.relative_to(repository)))
        if rendered != text:
            changed.append(path)
            if write:
                write_whole(path, rendered.encode())
    return tuple(changed)


def main(arguments: Iterable[str]) -> int:
    """Render in place, or with --check only name the pages that are out of date and return 1 if there are any."""
    parser = argparse.ArgumentParser(prog="python -m uepnet.laboratory.render", description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    parser.add_argument("--repository", type=Path, default=Path(), help="folder of README.md, docs and results")
    options = parser.parse_args(list(arguments))
    changed = render_pages(options.repository, write=not options.check)
    for path in changed:
        sys.stdout.write(f"{'out of date' if options.check else 'rendered'}: {path}\n")
    return int(options.check and bool(changed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
