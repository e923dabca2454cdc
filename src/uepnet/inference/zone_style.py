"""How a zone's status looks: by its colour, by the pattern of its line, and in words.

The colours differ for every kind of colour blindness (Okabe and Ito 2008, made lighter for a dark ground); whoever sees
none of them has the pattern and the words.
"""

from dataclasses import dataclass

from uepnet.inference.result import ZoneCount

CASING = "#101216"
"""The dark edge of every line, so that it is seen on light ground and on the light end of the heat."""


@dataclass(frozen=True)
class ZoneStyle:
    """A line: `dash` and `gap` in widths of the line (no gap: drawn through), `width` in widths of an ordinary one."""

    colour: str
    dash: float = 1.0
    gap: float = 0.0
    width: float = 1.0


STYLES: dict[str | None, ZoneStyle] = {
    None: ZoneStyle("#ffffff"),
    "ok": ZoneStyle("#6cc8f5"),
    "near limit": ZoneStyle("#f5e663", dash=6.0, gap=2.5),
    "may be over": ZoneStyle("#ffb000", dash=2.5, gap=2.0),
    "over": ZoneStyle("#ff5f1f", width=2.2),
}


def style_of(zone: ZoneCount) -> ZoneStyle:
    """The style of a zone's status, in the colour that its file gives it if any."""
    style = STYLES[zone.status]
    return style if zone.colour is None else ZoneStyle(zone.colour, style.dash, style.gap, style.width)


def people_in(zone: ZoneCount) -> str:
    """The zone's people in words, with their range: "55 people (40 to 71)"."""
    people = "1 person" if round(zone.count) == 1 else f"{round(zone.count):,} people"
    return people if zone.low is None or zone.high is None else f"{people} ({zone.low:,.0f} to {zone.high:,.0f})"


def density_of(zone: ZoneCount) -> str:
    """People per square metre and what they mean, nothing without an area: "1.2 per sq m, constrained"."""
    return "" if zone.density is None or zone.level is None else f"{zone.density_in_words()} per sq m, {zone.level}"


def status_in(zone: ZoneCount) -> str:
    """The status with the limit that it is about, nothing without one: "near limit 60", "ok, limit 60"."""
    if zone.status is None or zone.limit is None:
        return ""
    limit = zone.limit_in_words()
    return f"ok, limit {limit}" if zone.status == "ok" else f"{zone.status} {limit}"
