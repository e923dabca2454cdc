"""`uepnet partition`, on small folders of pictures and on ShanghaiTech A."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from uepnet.annotations.catalog import open_data_set
from uepnet.cli.app import app
from uepnet.counting.cost import discretisation_error
from uepnet.counting.local_counts import local_counts
from uepnet.counting.partition import METHODS, Partition, fit_partitions
from uepnet.counting.sigma import sigma_of

KEYS = ["method", "borders", "proxies", "second", "patches", "max"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve empty pictures with heads in a CSV file."""
    folder, rng = tmp_path_factory.mktemp("pictures"), np.random.default_rng(0)
    lines = ["picture,x,y"]
    for index in range(12):
        Image.new("L", (160, 120)).save(folder / f"{index}.png")
        lines += [f"{index}.png,{x:.1f},{y:.1f}" for x, y in rng.uniform(0, (160, 120), (40, 2))]
    (folder / "points.csv").write_text("\n".join(lines))
    return folder


def run(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["partition", "--data", f"folder:{folder}", "--split", "all", *options])


def run_json(folder: Path, *options: str) -> dict[str, Any]:
    result = run(folder, "--json", *options)
    assert result.exit_code == 0, result.output
    line: dict[str, Any] = json.loads(result.stdout)
    return line


def counts_of(folder: Path, split: str = "all", *, patch: int = 8) -> list[np.ndarray]:
    data_set = open_data_set(f"folder:{folder}", split=split)
    points = [data_set.heads(entry) for entry in data_set.entries]
    return [local_counts(heads, sigma_of(heads, fixed=None), patch=patch) for heads in points]


def test_the_json_is_the_fitted_partition(folder: Path) -> None:
    counts = np.stack(counts_of(folder))
    first, second = fit_partitions(counts)
    line = run_json(folder)
    assert list(line) == KEYS
    assert line == {
        "method": "uep",
        "borders": list(first.borders),
        "proxies": list(first.proxies),
        "second": {"borders": list(second.borders), "proxies": list(second.proxies)},
        "patches": 12 * 20 * 15,
        "max": counts.max(),
    }


def test_the_options_choose_the_partition(folder: Path) -> None:
    options = ["--intervals", "6", "--patch", "16", "--heads", "single", "--proxies", "midpoint", "--t0", "0.001"]
    line = run_json(folder, *options, "--method", "uniform-num")
    counts = np.stack(counts_of(folder, patch=16))
    (expected,) = fit_partitions(
        counts, method="uniform-num", intervals=6, heads="single", proxies="midpoint", t0=0.001
    )
    assert (line["borders"], line["proxies"]) == (list(expected.borders), list(expected.proxies))
    assert line["second"] is None
    assert line["patches"] == counts.size


def test_parallel_heads_are_printed_twice(folder: Path) -> None:
    line = run_json(folder, "--heads", "pph")
    assert line["second"] == {"borders": line["borders"], "proxies": line["proxies"]}


def test_the_integer_method_counts_points(folder: Path) -> None:
    line = run_json(folder, "--method", "integer", "--heads", "single")
    assert line["borders"] == [1.0, 2.0, 3.0, 4.0]
    assert line["max"] == int(line["max"])


def test_streaming_gives_nearly_the_same(folder: Path) -> None:
    streamed, whole = run_json(folder, "--streaming"), run_json(folder)
    np.testing.assert_allclose(streamed["borders"], whole["borders"], rtol=5e-3)
    assert (streamed["patches"], streamed["max"]) == (whole["patches"], whole["max"])


def test_the_table_has_a_line_for_every_class(folder: Path) -> None:
    result = run(folder, "--intervals", "6")
    line = run_json(folder, "--intervals", "6")
    assert result.exit_code == 0
    assert "3,600 patches of 8 x 8" in result.stdout
    rows = [row.split("│") for row in result.stdout.splitlines() if "│" in row]
    assert len(rows) == 7
    assert [float(row[2]) for row in rows[1:6]] == [float(f"{border:.4g}") for border in line["borders"]]
    assert [float(row[7]) for row in rows] == [float(f"{proxy:.4g}") for proxy in line["second"]["proxies"]]
    assert sum(int(row[4].replace(",", "")) for row in rows[:6]) == 3600


def test_compare_prints_every_method_with_its_costs(folder: Path) -> None:
    result = run(folder, "--compare", "--json", "--intervals", "13", "--measure", "val")
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["method"] for line in lines] == list(METHODS)
    validation = counts_of(folder, "val")
    for line in lines:
        assert line["patches"] == sum(line["samples"]) == 3600
        mean, midpoint = (Partition(tuple(line["borders"]), tuple(line[key])) for key in ("proxies", "midpoints"))
        edges = [0.0, *mean.borders, max(line["max"], mean.borders[-1])]
        np.testing.assert_allclose(line["n_times_l"], line["samples"] * np.diff(edges))
        if line["method"] != "integer":
            assert line["mean_error"] == discretisation_error(validation, mean)
            assert line["midpoint_error"] == discretisation_error(validation, midpoint)


def test_compare_as_tables(folder: Path) -> None:
    result = run(folder, "--compare")
    assert result.exit_code == 0, result.output
    assert "discretisation error on folder all" in result.stdout
    for title in ("borders", "samples of each class", "n*l"):
        assert title in result.stdout
    for method in METHODS:
        assert result.stdout.count(f" {method} ") >= 4


def test_compare_says_which_methods_cannot_and_shows_the_others(folder: Path) -> None:
    result = run(folder, "--compare", "--json", "--intervals", "11")
    lines = {line["method"]: line for line in map(json.loads, result.stdout.splitlines())}
    assert result.exit_code == 1
    assert list(lines["two-linear"]) == ["method", "error"]
    assert lines["two-linear"]["error"]["kind"] == "value"
    assert "two-linear has 12 intervals or more" in lines["two-linear"]["error"]["message"]
    assert len(lines["uep"]["borders"]) == 10
    result = run(folder, "--compare", "--intervals", "11")
    assert result.exit_code == 1
    assert "uepnet: error: two-linear: two-linear has 12 intervals" in result.stderr
    assert "uniform-len" in result.stdout


@pytest.mark.parametrize("options", [[], ["--compare", "--intervals", "12"]])
def test_the_plot_is_a_picture(folder: Path, tmp_path: Path, options: list[str]) -> None:
    plot = tmp_path / "classes.png"
    assert run(folder, "--plot", str(plot), *options).exit_code == 0
    assert list(tmp_path.iterdir()) == [plot]
    with Image.open(plot) as picture:
        assert min(picture.size) > 800
        colours = picture.convert("RGB").getcolors(picture.width * picture.height)
    assert len(colours or ()) > 50


@pytest.mark.parametrize(("suffix", "begins"), [("svg", b"<?xml"), ("pdf", b"%PDF-")])
def test_the_plot_is_in_the_format_of_its_name(folder: Path, tmp_path: Path, suffix: str, begins: bytes) -> None:
    plot = tmp_path / f"classes.{suffix}"
    assert run(folder, "--plot", str(plot), "--heads", "single", "--intervals", "4").exit_code == 0
    assert plot.read_bytes().startswith(begins)


def test_without_matplotlib_the_plot_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = run(folder, "--plot", "classes.png")
    assert result.exit_code == 1
    assert (
        result.stderr
        == "uepnet: error: --plot needs matplotlib, a part of uepnet[train]: pip install 'uepnet[train]'\n"
    )


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (["--method", "eup"], 2, "there is no partition method 'eup'; the methods are uep, uep-paper"),
        (["--method", "log", "--intervals", "25"], 2, "log has 57 intervals by definition"),
        (["--heads", "two"], 2, "'two' is not one of 'single', 'pph', 'iph'"),
        (["--patch", "0"], 2, "--patch"),
        (["--intervals", "4096"], 1, "4096 intervals need 4094 different counts"),
        (["--intervals", "100000"], 2, "100,000 intervals are more than a network can tell apart; take 4,096 at most"),
        (["--t0", "-1"], 2, "the first border is a finite count above 0, not -1.0"),
        (["--compare", "--method", "uep", "--streaming"], 2, "leave --method, --streaming out"),
        (["--measure", "val"], 2, "--measure says where --compare measures"),
        (["--plot", "classes.gif"], 2, "classes.gif is none of .png, .svg, .pdf"),
        (["--plot", "nowhere/classes.png"], 2, "there is no folder nowhere"),
        (["--split", "tset"], 2, "there is no split 'tset'"),
    ],
)
def test_impossible_options_are_one_clear_message(folder: Path, options: list[str], status: int, message: str) -> None:
    result = run(folder, *options)
    assert result.exit_code == status, result.output
    assert message in " ".join(result.stderr.replace("│", " ").split())
    assert result.stdout == ""


def test_pictures_without_heads_have_nothing_to_divide(tmp_path: Path) -> None:
    Image.new("L", (64, 64)).save(tmp_path / "empty.png")
    (tmp_path / "points.csv").write_text("picture,x,y\nempty.png,,\n")
    result = run(tmp_path)
    assert result.exit_code == 1
    assert result.stderr.startswith("uepnet: error: all 64 counts are background, below t0 = 0.00016")


def test_its_help_loads_nothing_heavy() -> None:
    heavy = "{'numpy', 'scipy', 'torch', 'onnxruntime', 'matplotlib'}"
    code = f"import sys, uepnet.cli.partition; sys.exit(sorted({heavy} & set(sys.modules)) or 0)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.real_data
def test_shanghaitech_a_takes_a_few_seconds(shared_data: Path) -> None:
    started = time.process_time()
    result = CliRunner().invoke(
        app, ["partition", "--data", f"shanghaitech-a:{shared_data / 'ShanghaiTech'}", "--split", "all", "--json"]
    )
    line = json.loads(result.stdout)
    assert (len(line["borders"]), len(line["second"]["borders"])) == (24, 25)
    assert line["patches"] == 2_579_213
    assert time.process_time() - started < 16  # 8 s on 2 cores
