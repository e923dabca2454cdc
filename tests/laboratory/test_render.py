"""Figures from result files into pages."""

from collections.abc import Callable
from pathlib import Path

import pytest

from uepnet.laboratory.render import main, render
from uepnet.laboratory.results import ResultFile, ResultFileError, write_result

Write = Callable[[str], Path]


def rendered(text: str, results: Path) -> str:
    return render(text, results=results, page="page.md")


def test_a_table_has_a_row_a_record(write: Write) -> None:
    page = (
        "Before.\n\n<!-- results: first.json dataset images mae nae:.2f GAME(1)=details.game.1:.0f -->\nold\n"
        "<!-- /results -->\n\nAfter.\n"
    )
    assert rendered(page, write("first.json")) == (
        "Before.\n\n<!-- results: first.json dataset images mae nae:.2f GAME(1)=details.game.1:.0f -->\n"
        "| Data set | Pictures | MAE | NAE | GAME(1) |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| street | 40 | 12.3 | - | 20 |\n"
        "| march | 1,030 | 100.0 | 0.25 | 150 |\n"
        "<!-- /results -->\n\nAfter.\n"
    )


def test_a_value_within_a_line(write: Write) -> None:
    page = "MAE <!-- results: first.json#march mae:.0f -->?<!-- /results --> at <!-- results: first.json#march @commit --><!-- /results -->."
    assert rendered(page, write("first.json")) == (
        "MAE <!-- results: first.json#march mae:.0f -->100<!-- /results --> at "
        "<!-- results: first.json#march @commit -->0123abc<!-- /results -->."
    )


def test_records_are_selected_by_any_field_and_truths_are_words(write: Write, result: ResultFile) -> None:
    results = write("first.json")
    rows = (
        {"part": "a", "name": "one two", "met": True},
        {"part": "a", "name": "three", "met": False},
        {"part": "b", "kind": "x"},
    )
    write_result(results / "speed.json", result.model_copy(update={"figures": rows}))
    page = (
        "<!-- results: speed.json#part=a name met -->\n<!-- /results -->\n"
        "<!-- results: speed.json#name=one_two met --><!-- /results -->\n"
        "<!-- results: speed.json#kind=* kind --><!-- /results -->\n"
    )
    assert rendered(page, results).splitlines() == [
        "<!-- results: speed.json#part=a name met -->",
        "| Name | Met |",
        "| --- | --- |",
        "| one two | yes |",
        "| three | no |",
        "<!-- /results -->",
        "<!-- results: speed.json#name=one_two met -->yes<!-- /results -->",
        "<!-- results: speed.json#kind=* kind -->x<!-- /results -->",
    ]


def test_what_has_no_file_is_not_run(write: Write) -> None:
    page = (
        "<!-- results: first.json#street second.json dataset mae -->\n<!-- /results -->\n"
        "and <!-- results: second.json mae -->12<!-- /results -->\n"
    )
    assert rendered(page, write("first.json")).splitlines() == [
        "<!-- results: first.json#street second.json dataset mae -->",
        "| Data set | MAE |",
        "| --- | --- |",
        "| street | 12.3 |",
        "| not run | not run |",
        "<!-- /results -->",
        "and <!-- results: second.json mae -->not run<!-- /results -->",
    ]


def test_headings_and_fields_of_the_file(write: Write) -> None:
    page = "<!-- results: first.json#march True_heads=images @machine.cpu @seed -->\n<!-- /results -->\n"
    assert rendered(page, write("first.json")).splitlines()[1:4] == [
        "| True heads | Cpu | Seed |",
        "| --- | --- | --- |",
        "| 1,030 | a processor | 0 |",
    ]


def test_rendering_again_changes_nothing(write: Write) -> None:
    once = rendered("<!-- results: first.json mae -->\n<!-- /results -->", write("first.json"))
    assert rendered(once, write("first.json")) == once


def test_fenced_code_and_other_text_are_left_alone(write: Write) -> None:
    page = "# Title\n\n```\n<!-- results: nothing -->\n```\n<!-- a comment -->\n| a | table |\nno end of line"
    assert rendered(page, write("first.json")) == page


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("<!-- results: first.json mae -->\n| 1 |\n", "there is no <!-- /results -->"),
        ("<!-- results: first.json mae -->\n<!-- results: first.json mae -->\n<!-- /results -->\n", "there is no"),
        ("<!-- results: first.json mea -->\n<!-- /results -->\n", "first.json has no 'mea' in its records"),
        ("<!-- results: first.json @author -->\n<!-- /results -->\n", "first.json has no '@author' in its head"),
        ("<!-- results: first.json#mall mae -->\n<!-- /results -->\n", "first.json has no record of mall"),
        ("<!-- results: first.json#images=41 mae -->\n<!-- /results -->\n", "first.json has no record of images=41"),
        ("<!-- results: first.json -->\n<!-- /results -->\n", "should name result files"),
        ("<!-- results: mae -->\n<!-- /results -->\n", "should name result files"),
        (
            "<!-- results: first.json dataset:.1f -->\n<!-- /results -->\n",
            "'dataset' is 'street', which has no format '.1f'",
        ),
        ("<!-- results: first.json mae --><!-- /results -->", "names 2 records and 1 fields"),
        ("<!-- results: first.json#march mae nae --><!-- /results -->", "names 1 records and 2 fields"),
    ],
)
def test_a_wrong_marker_is_an_error_that_names_the_page(write: Write, page: str, message: str) -> None:
    with pytest.raises(ResultFileError, match=r"^page.md: ") as raised:
        rendered(page, write("first.json"))
    assert message in str(raised.value)


def test_a_broken_result_file_is_no_missing_one(write: Write) -> None:
    results = write("first.json")
    (results / "broken.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ResultFileError, match=r"page.md: .*broken.json"):
        rendered("<!-- results: broken.json mae -->\n<!-- /results -->\n", results)


def test_the_program_renders_pages_in_place(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    repository = write("first.json").parent
    page = repository / "docs" / "inner" / "page.md"
    page.parent.mkdir(parents=True)
    page.write_text("<!-- results: first.json#street mae -->old<!-- /results -->\n", encoding="utf-8")
    (repository / "README.md").write_text("Nothing here.\n", encoding="utf-8")
    arguments = ["--repository", str(repository)]
    assert main([*arguments, "--check"]) == 1
    assert capsys.readouterr().out == f"out of date: {page}\n"
    assert "old" in page.read_text(encoding="utf-8")
    assert main(arguments) == 0
    assert capsys.readouterr().out == f"rendered: {page}\n"
    assert page.read_text(encoding="utf-8") == "<!-- results: first.json#street mae -->12.3<!-- /results -->\n"
    assert main([*arguments, "--check"]) == 0
    assert capsys.readouterr().out == ""
