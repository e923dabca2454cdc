"""`uepnet data check`: table, JSON, pictures of the findings, and the exit status."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from uepnet.annotations.check.finding import KINDS
from uepnet.cli.app import app
from uepnet.laboratory.results import read_result


def scene(seed: int) -> Image.Image:
    random = np.random.default_rng(seed)
    return Image.fromarray(random.integers(0, 255, (12, 16, 3)).astype(np.uint8)).resize((320, 240))


def write(folder: Path, heads: Mapping[int, Sequence[tuple[float, float]]]) -> str:
    """A folder of pictures, each named by the seed of its scene, with one text file of heads beside it."""
    folder.mkdir()
    for seed, points in heads.items():
        scene(seed).save(folder / f"{seed}.png")
        (folder / f"{seed}.txt").write_text("".join(f"{x} {y}\n" for x, y in points), encoding="utf-8")
    return f"folder:{folder}"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["data", "check", *arguments])


def lines(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def clean(tmp_path: Path) -> str:
    return write(tmp_path / "clean", {1: [(50, 60), (200, 90)], 2: [], 3: [(9, 9)]})


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    text = write(tmp_path / "faulty", {11: [(50, 60), (50, 60), (-4, 9)], 12: [(7, 7)], 13: [(1, 2)]})
    (tmp_path / "faulty/12.png").write_bytes(b"no picture")
    (tmp_path / "faulty/13.txt").write_text("one two\n", encoding="utf-8")
    return text


def test_a_data_set_in_order_is_one_line_and_status_0(clean: str) -> None:
    result = run(clean)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "3 pictures (3 train), 3 heads: 0 errors, 0 warnings, 0 notes\n"


def test_the_table_tells_every_kind_with_its_number_and_examples(faulty: str) -> None:
    result = run(faulty)
    assert result.exit_code == 1
    rows = {
        line.split()[1]: line.split() for line in result.stdout.splitlines() if line[:5].strip() in ("error", "warni")
    }
    assert {kind: (row[0], row[2], row[3]) for kind, row in rows.items()} == {
        "unreadable-picture": ("error", "1", "folder/12.png"),
        "refused-annotation": ("error", "1", "folder/13.png"),
        "points-outside": ("warning", "1", "folder/11.png"),
        "duplicate-points": ("warning", "1", "folder/11.png"),
    }
    assert "13.txt, line 1: 'one two' should be two numbers" in result.stdout
    assert "12.png: this is no picture in a format that can be read" in result.stdout
    assert result.stdout.endswith("\n3 pictures (3 train), 3 heads: 2 errors, 2 warnings, 0 notes\n")


def test_json_is_one_object_a_finding_and_one_of_all(faulty: str, clean: str) -> None:
    result = run(faulty, clean, "--json")
    assert result.exit_code == 1
    *findings, summary = lines(result)
    assert [finding["kind"] for finding in findings] == [
        "unreadable-picture",
        "refused-annotation",
        "points-outside",
        "duplicate-points",
    ]
    assert all(set(finding) == {"severity", "kind", "message", "pictures", "points"} for finding in findings)
    assert findings[2]["points"] == [[-4.0, 9.0]]
    assert summary == {
        "summary": {"pictures": 6, "parts": {"train": 6}, "heads": 6, "errors": 2, "warnings": 2, "notes": 0}
    }


def test_warnings_alone_are_status_0(tmp_path: Path) -> None:
    text = write(tmp_path / "doubled", {1: [(50, 60), (50, 60)]})
    result = run(text, "--json")
    assert (result.exit_code, [line.get("kind") for line in lines(result)]) == (0, ["duplicate-points", None])


def test_pictures_of_the_findings_are_numbered_as_in_the_json(faulty: str, clean: str, tmp_path: Path) -> None:
    copy = write(tmp_path / "copy", {1: [(50, 60), (200, 90)]})
    result = run(faulty, clean, copy, "--json", "--pictures", str(tmp_path / "out" / "drawn"))
    kinds = [line.get("kind") for line in lines(result)]
    written = sorted(path.name for path in (tmp_path / "out" / "drawn").iterdir())
    assert written == [
        "0002-refused-annotation-folder-13.png.jpg",
        "0003-points-outside-folder-11.png.jpg",
        "0004-duplicate-points-folder-11.png.jpg",
        "0005-repeated-picture-folder-1.png.jpg",
    ]
    assert [str(kinds[int(name[:4]) - 1]) in name for name in written] == [True] * 4
    with Image.open(tmp_path / "out" / "drawn" / written[-1]) as drawing:
        assert drawing.width > drawing.height


def test_a_data_set_that_cannot_be_opened_is_told_and_the_others_checked(clean: str, tmp_path: Path) -> None:
    result = run(f"mall:{tmp_path}", clean)
    assert result.exit_code == 1
    assert "unopened-data-set: mall: mall_gt.mat is looked for in" in result.stdout
    assert "3 pictures" in result.stdout


def test_the_split_is_handed_on_and_an_unknown_one_is_status_2(clean: str) -> None:
    result = run(clean, "--split", "test", "--json")
    assert [line.get("kind") for line in lines(result)] == ["unopened-data-set", None]
    unknown = run(clean, "--split", "half")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert "there is no split 'half'" in unknown.stderr


def test_a_hundred_errors_are_not_all_told(tmp_path: Path) -> None:
    text = write(tmp_path / "broken", {seed: [] for seed in range(25)})
    for path in (tmp_path / "broken").glob("*.txt"):
        path.write_text("?", encoding="utf-8")
    result = run(text)
    assert result.stdout.count("refused-annotation: ") == 20
    assert "and 5 more like these" in result.stdout


def test_a_record_holds_the_command_without_folders(clean: str, tmp_path: Path) -> None:
    record = tmp_path / "results" / "check.json"
    assert run(clean, "--split", "all", "--record", str(record)).exit_code == 0
    result = read_result(record)
    assert result.command == "uepnet data check folder:ROOT --split all --json"
    assert [figures["images"] for figures in result.figures] == [3, 3]


def test_a_data_set_named_twice_is_read_once(clean: str) -> None:
    assert run(clean, clean).stdout == run(clean).stdout


def test_the_help_of_the_group_and_of_the_command() -> None:
    assert "check" in CliRunner().invoke(app, ["data", "--help"]).stdout
    assert "--pictures" in run("--help").stdout
    assert CliRunner().invoke(app, ["data", "check"]).exit_code == 2


def test_the_page_explains_every_kind_of_finding(repository: Path) -> None:
    page = (repository / "docs/data.md").read_text(encoding="utf-8")
    told = {name: f"| `{name}` | {kind.severity} |" in page for name, kind in KINDS.items()}
    assert [name for name, there in told.items() if not there] == []


def test_the_page_names_what_its_record_found(repository: Path) -> None:
    """Repetitions, errors and points outside are told picture by picture, and no leak is passed over."""
    page = (repository / "docs/data.md").read_text(encoding="utf-8")
    together = read_result(repository / "results/data-check.json").figures[-1]
    found = together["findings"]
    assert isinstance(found, dict)
    assert together["leaked-picture"] == 0
    told = {kind: groups for kind, groups in found.items() if kind in {"repeated-picture", "points-outside"}}
    told |= {kind: groups for kind, groups in found.items() if KINDS[kind].severity == "error"}
    names = {str(label).partition("/")[2] for groups in told.values() for label in str(groups).split("'")[1::2]}
    assert len(names) > 20
    assert [name for name in sorted(names) if name not in page] == []
