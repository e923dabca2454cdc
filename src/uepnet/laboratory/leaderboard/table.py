"""Table 2 of the paper with what was published since, and below it what was measured here, each with its protocol."""

from dataclasses import dataclass
from pathlib import Path
from tomllib import loads
from typing import Any

from pydantic import JsonValue

from uepnet.laboratory.render import NOT_RUN
from uepnet.laboratory.results import ResultFileError, read_result

DATA_SETS = {
    "shanghaitech-a": "ShanghaiTech A",
    "shanghaitech-b": "ShanghaiTech B",
    "ucf-cc-50": "UCF_CC_50",
    "ucf-qnrf": "UCF-QNRF",
    "worldexpo10": "WorldExpo'10",
}
"""In the order of the paper, as headings."""

NOTHING = "-"


@dataclass(frozen=True)
class Place:
    """One system: its figures as text by data set, whose they are, and under which protocol."""

    name: str
    what: str
    origin: str
    cells: dict[str, str]
    protocol: str

    def as_record(self) -> dict[str, JsonValue]:
        """The line as a record of a result file; data sets by their names with underscores."""
        cells: dict[str, JsonValue] = {name.replace("-", "_"): self.cells.get(name, NOTHING) for name in DATA_SETS}
        return {"system": self.name, "what": self.what, "origin": self.origin, **cells, "protocol": self.protocol}


def published() -> tuple[Place, ...]:
    """The paper's 14 systems and its own, and the best published since: `systems.toml`."""
    content = _read("systems.toml")
    places = []
    for system in content["systems"]:
        cells = {name: _figures(name, system[name]) for name in DATA_SETS if name in system}
        since = system.get("since", False)
        places.append(
            Place(
                name=system["name"],
                what=system["what"],
                origin="published since" if since else content["table"],
                cells=cells,
                protocol=f"test sets; {system['source']}" if since else "test sets, as printed",
            )
        )
    return tuple(places)


def measured(results: Path) -> tuple[Place, ...]:
    """Our rows from the result files in a folder; what has no file reads "not run"."""
    places = []
    for row in _read("ours.toml")["rows"]:
        cells, protocols = {}, []
        for name in DATA_SETS:
            if name in row:
                cells[name], protocol = _measured(results, row[name])
                protocols += [protocol] if protocol else []
        if protocols and "chosen" in row:
            protocols.append(row["chosen"])
        said = "; ".join(dict.fromkeys(protocols)) or NOTHING
        places.append(Place(row["name"], row["what"], "measured here", cells, said))
    return tuple(places)


def _measured(results: Path, source: dict[str, Any]) -> tuple[str, str]:
    """The figures of one cell and their protocol."""
    path = results / source["file"]
    if not path.is_file():
        return NOT_RUN, ""
    field, _, value = source["pick"].partition("=")
    found = [record for record in read_result(path).figures if str(record.get(field)) == value]
    if len(found) != 1:
        raise ResultFileError(f"{path}: {len(found)} records have {source['pick']}, but the leaderboard shows one")
    names = source.get("fields", ["mae", "rmse"])
    mae, rmse = (found[0].get(name) for name in names)
    if not isinstance(mae, float) or not isinstance(rmse, float):
        return NOT_RUN, ""
    protocol = found[0].get("protocol")
    said = protocol if isinstance(protocol, str) else NOTHING
    if isinstance(protocol, dict):
        said = f"'{found[0]['split']}' part, protocol {protocol['name']}, {found[0]['decode']} decode"
    return f"{mae:.1f} / {rmse:.1f}", said


def _figures(data_set: str, values: list[float]) -> str:
    """MAE / RMSE; of WorldExpo'10 the MAE of its five scenes and, after the sign =, their mean."""
    if data_set == "worldexpo10":
        return " ".join(f"{value:g}" for value in values[:-1]) + f" = {values[-1]:g}"
    return " / ".join(f"{value:g}" for value in values)


def _read(name: str) -> dict[str, Any]:
    return loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
