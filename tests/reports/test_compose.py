"""What a report says, before it is drawn: the cross-check, the tables, and what is left out where it is not known."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from uepnet.reports.compose import compose
from uepnet.reports.crosscheck import density_of, in_words
from uepnet.reports.document import Document, Facts, Headline, Paragraph, Table
from uepnet.reports.report import ModelInReport, Report, ReportedPicture, model_in_report


def tables(document: Document) -> dict[str, Table]:
    return {block.caption: block for part in document.sections for block in part.blocks if isinstance(block, Table)}


def paragraphs(document: Document) -> str:
    return " ".join(b.text for part in document.sections for b in part.blocks if isinstance(b, Paragraph))


def test_with_an_area_the_count_is_held_against_estimates(one: Report) -> None:
    found = tables(compose(one))
    assert found["Estimate by area alone (Jacobs), 500 m²"].rows == (
        ("People per m²", "1", "2.5", "4"),
        ("People", "500", "1,250", "2,000"),
    )
    levels = found["Levels of density (Fruin), 500 m²"]
    assert levels.marked is not None
    assert levels.header[levels.marked] == "reduced speed"
    assert levels.rows[1][1:4] == ("0", "215", "1,000")


def test_without_an_area_it_says_what_area_the_crowd_would_need(one: Report) -> None:
    bare = replace(one, pictures=(replace(one.pictures[0], area_m2=None),))
    found = tables(compose(bare))
    assert found["The area that so many people would need (after Jacobs)"].rows[1] == (
        "Area in m²",
        "1,249",
        "500",
        "312",
    )
    assert "measure on a map" in paragraphs(compose(bare))


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (50, "below Jacobs' estimate for a loose crowd"),
        (100, "between Jacobs' estimates for a loose and a dense crowd"),
        (399, "between Jacobs' estimates for a dense and a very dense crowd"),
        (400, "above Jacobs' estimate for a very dense crowd"),
        (900, "Hardly any crowd stands so dense"),
    ],
)
def test_the_cross_check_in_words(count: float, said: str) -> None:
    assert said in in_words(count, 100.0)


@pytest.mark.parametrize("area", [0.0, -3.0, float("nan"), float("inf")])
def test_an_area_is_more_than_none(area: float) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        density_of(10.0, area)


def test_columns_of_zones_that_say_nothing_are_left_out(
    one: Report, make_picture: Callable[..., ReportedPicture], make_result: Callable[..., object]
) -> None:
    assert tables(compose(one))["Zones"].header == ("Zone", "People", "Range", "Area in m²", "People per m²", "Limit")
    assert tables(compose(one))["Zones"].rows[1][2:] == ("not given",) * 4
    result = one.pictures[0].result
    plain = replace(one, pictures=(make_picture(replace(result, zones=result.zones[1:])),))
    assert tables(compose(plain))["Zones"].header == ("Zone", "People")


def test_a_long_name_is_shortened_in_headings_but_whole_among_the_details(one: Report) -> None:
    name = "x" * 300 + ".jpg"
    picture = replace(one.pictures[0], result=replace(one.pictures[0].result, source=f"folder/{name}"))
    document = compose(replace(one, pictures=(picture,)))
    assert len(document.subtitle) == 59
    facts = [block for part in document.sections for block in part.blocks if isinstance(block, Facts)]
    assert any(name in value for block in facts for _, value in block.pairs)


def test_a_sum_has_no_range(many: Report) -> None:
    first = compose(many).sections[0].blocks[0]
    assert isinstance(first, Headline)
    assert (first.low, first.high) == (None, None)
    assert "no range is given for a sum" in first.sentence


def test_a_model_without_measured_errors_says_so(one: Report, model: ModelInReport) -> None:
    bare = replace(model, description=model.description.model_copy(update={"validation": ()}), terms=None)
    document = compose(replace(one, model=bare))
    assert "nothing is known of its accuracy" in paragraphs(document)
    details = document.sections[-1].blocks[0]
    assert isinstance(details, Facts)
    assert dict(details.pairs)["Data and licence"].startswith("The model was trained on crowds")


def test_the_terms_come_from_the_card_beside_the_model(tmp_path: Path, model: ModelInReport) -> None:
    file = tmp_path / "tiny.onnx"
    file.write_bytes(b"abc")
    assert model_in_report(model.description, file).terms is None
    (tmp_path / "tiny.md").write_text("# Card\n\n## Terms\n\nFor\nresearch.\n\n## More\n\nNo.\n", encoding="utf-8")
    found = model_in_report(model.description, file)
    assert found.terms == "For research."
    assert found.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_impossible_reports_are_refused(one: Report) -> None:
    with pytest.raises(ValueError, match="at least one counted picture"):
        replace(one, pictures=())
    with pytest.raises(ValueError, match="no time zone"):
        replace(one, made=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="has 2 columns, but a row"):
        Table("t", ("a", "b"), (("1",),))
