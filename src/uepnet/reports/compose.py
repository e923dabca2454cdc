"""From what was counted to what stands on the page, in reading order: the number first, the small print last."""

from pathlib import PurePath

from uepnet.inference.zones.density import LEVELS
from uepnet.printable import printable
from uepnet.reports.crosscheck import JACOBS, areas_needed, density_of, estimates, in_words, level_index, level_starts
from uepnet.reports.document import (
    Block,
    Cautions,
    Document,
    Drawing,
    Facts,
    Headline,
    Paragraph,
    Section,
    Table,
)
from uepnet.reports.report import Report, ReportedPicture
from uepnet.reports.wording import (
    method,
    people,
    range_in_words,
    sum_in_words,
    terms_of,
    validation_rows,
)

LONGEST_NAME = 60
"""Characters of a picture's name in a heading or a table; the whole name stands among the details."""


def compose(report: Report) -> Document:
    """The document of a report: one page for one picture, else a summary and a page for each."""
    alone = len(report.pictures) == 1 and not report.failed
    name = _short(report.pictures[0].result.source)
    many = f"{len(report.pictures)} pictures" if len(report.pictures) > 1 else name
    return Document(
        title=printable(report.title) if report.title else "Count of people",
        subtitle=name if alone else many,
        made=report.made,
        sections=_of_one(report) if alone else _of_many(report),
        footer=f"uepnet {report.version} with the model {printable(report.model.description.name)}. A count is an "
        "estimate; it must not be the only ground for a decision on people's safety.",
    )


def _of_one(report: Report) -> tuple[Section, ...]:
    (picture,) = report.pictures
    return (
        Section("Result", tuple(_counted(picture))),
        Section("Cross-check by area", tuple(_cross_check(picture))),
        _how(report),
        _details(report, *_facts(picture)),
    )


def _of_many(report: Report) -> tuple[Section, ...]:
    results = [picture.result for picture in report.pictures]
    blocks: list[Block] = [
        Headline(sum(result.count for result in results), "people in all pictures together", sum_in_words(results))
    ]
    cautions = [printable(sentence) for sentence in report.overlaps]
    cautions += [f"Not counted: {printable(failed.message)}." for failed in report.failed]
    if cautions:
        blocks.append(Cautions(tuple(cautions)))
    blocks.append(_pictures(report))
    pages = [
        Section(
            _short(picture.result.source),
            (*_counted(picture), *_cross_check(picture), Facts(_facts(picture))),
            page=True,
        )
        for picture in report.pictures
    ]
    return (Section("Result", tuple(blocks)), _how(report), _details(report), *pages)


def _pictures(report: Report) -> Table:
    with_range = any(picture.result.low is not None for picture in report.pictures)
    header = ("Picture", "People", *(["At least", "At most"] if with_range else []), "Doubts")
    rows = []
    for picture in report.pictures:
        result = picture.result
        ends = [("" if end is None else people(end)) for end in (result.low, result.high)] if with_range else []
        rows.append(
            (
                _short(result.source),
                people(result.count),
                *ends,
                f"{len(result.warnings)}, see below" if result.warnings else "none",
            )
        )
    return Table("Each picture", header, tuple(rows))


def _counted(picture: ReportedPicture) -> list[Block]:
    """The number, doubts, the drawing and the zones."""
    result = picture.result
    blocks: list[Block] = [Headline(result.count, "people", range_in_words(result), result.low, result.high)]
    if result.warnings:
        blocks.append(Cautions(tuple(printable(warning) for warning in result.warnings)))
    seen = f"The picture {_short(result.source)} with the counted people as heat: {people(result.count)} in all"
    zones = "".join(f"; {people(zone.count)} in {_short(zone.name)}" for zone in result.zones)
    blocks.append(Drawing(picture.drawing, *picture.drawing_size, alternative=f"{seen}{zones}."))
    if result.zones:
        blocks.append(_zones(picture))
    return blocks


def _facts(picture: ReportedPicture) -> tuple[tuple[str, str], ...]:
    result = picture.result
    return (
        ("Picture", f"{printable(result.source)}, {result.width} x {result.height} pixels"),
        ("SHA-256 of the picture", picture.digest),
    )


def _zones(picture: ReportedPicture) -> Table:
    rows = []
    for zone in picture.result.zones:
        ends = "" if zone.low is None or zone.high is None else f"{people(zone.low)} to {people(zone.high)}"
        density = "" if zone.density is None else f"{zone.density_in_words()} ({zone.level})"
        limit = "" if zone.limit is None else f"{zone.limit_in_words()} ({zone.status})"
        area = "" if zone.area_m2 is None else f"{zone.area_m2:,.0f}"
        rows.append((_short(zone.name), people(zone.count), ends, area, density, limit))
    columns = ("Zone", "People", "Range", "Area in m²", "People per m²", "Limit")
    used = [place for place in range(len(columns)) if place < 2 or any(row[place] for row in rows)]
    shown = tuple(tuple(row[place] or "not given" for place in used) for row in rows)
    return Table("Zones", tuple(columns[place] for place in used), shown)


def _cross_check(picture: ReportedPicture) -> list[Block]:
    count, area = picture.result.count, picture.area_m2
    crowds = ("Crowd", *(name for _, name in JACOBS))
    densities = ("People per m²", *(f"{density:g}" for density, _ in JACOBS))
    if area is None:
        return [
            Paragraph("What the number means on the ground: measure on a map what the picture shows, and compare."),
            Table(
                "The area that so many people would need (after Jacobs)",
                crowds,
                (densities, ("Area in m²", *areas_needed(count))),
            ),
        ]
    return [
        Paragraph(in_words(count, area)),
        Table(f"Estimate by area alone (Jacobs), {area:,.0f} m²", crowds, (densities, ("People", *estimates(area)))),
        Table(
            f"Levels of density (Fruin), {area:,.0f} m²",
            ("Level", *(name for _, name in LEVELS)),
            (
                ("People per m², from", *(f"{density:g}" for density, _ in LEVELS)),
                ("People, from", *level_starts(area)),
            ),
            marked=1 + level_index(density_of(count, area)),
        ),
    ]


def _how(report: Report) -> Section:
    description = report.model.description
    blocks: list[Block] = [Paragraph(method(description.patch))]
    rows = validation_rows(description)
    if rows:
        header = ("Pictures never trained on", "Pictures", "Off by, on average (MAE)", "Root mean square (RMSE)")
        blocks.append(Table("The model's own errors, in people a picture", header, rows))
    else:
        blocks.append(Paragraph("The model's file names no measured errors, so nothing is known of its accuracy."))
    return Section("How it was counted", tuple(blocks))


def _details(report: Report, *first: tuple[str, str]) -> Section:
    model = report.model
    pairs = (
        *first,
        ("Made", f"{report.made:%Y-%m-%d %H:%M} {report.made.tzname()}, uepnet {report.version}"),
        ("Model", f"{printable(model.description.name)}, decode {model.description.decode}"),
        ("SHA-256 of the model", model.digest),
        ("Data and licence", printable(terms_of(model.description, model.terms))),
    )
    return Section("Details", (Facts(pairs),))


def _short(source: str) -> str:
    """The file's name, with its middle left out if it is very long."""
    name = printable(PurePath(source).name or source)
    kept = (LONGEST_NAME - 3) // 2
    return name if len(name) <= LONGEST_NAME else f"{name[:kept]}...{name[-kept:]}"
