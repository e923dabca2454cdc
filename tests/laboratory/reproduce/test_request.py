"""`uepnet reproduce` from the request to the files, on small sets in the layouts of UCF-QNRF, NWPU and WorldExpo'10."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.laboratory.reproduce.conftest import as_ucf_cc_50
from uepnet.errors import ConfigError, TrainingError
from uepnet.laboratory.reproduce import learners
from uepnet.laboratory.reproduce.request import Request, perform
from uepnet.laboratory.reproduce.row import Record
from uepnet.laboratory.reproduce.row_progress import RowProgress
from uepnet.laboratory.reproduce.variant import Variant
from uepnet.laboratory.reproduce.workbench import FROM_RANDOM, Workbench
from uepnet.laboratory.results import read_result


@pytest.fixture
def request_for(tmp_path: Path, trunk_file: Path, tiny):
    def make(data: str, *what: str) -> Request:
        return Request(
            what=what,
            data=data,
            out=tmp_path / "out",
            preset="cpu",
            seeds=1,
            minutes=None,
            split="val",
            trunk=str(trunk_file),
            start=None,
            known=tmp_path / "known",
            model="general",
            convention="ccnn",
        )

    return make


@pytest.mark.parametrize("name", ["ucf-qnrf", "nwpu", "worldexpo10"])
def test_a_table_in_every_layout_is_made_once_and_found_again(request_for, layouts, name: str, monkeypatch) -> None:
    request = request_for(layouts[name], "table5", "fig6", "table6")
    told = list(perform(request))
    rows = sorted((request.out / "rows").glob("*.json"))
    assert len(rows) == 3, "three trainings make six lines and a figure"
    table = read_result(request.sheets / "table5.json")
    lines = [record for record in table.figures if record["part"] == "line"]
    assert [line["seeds"] for line in lines] == ["0"] * 6
    assert all(isinstance(line["mae_argmax"], float) for line in lines)
    for ending in ("md", "csv", "png"):
        assert (request.sheets / f"table5.{ending}").stat().st_size > 0
    assert (request.sheets / "fig6.png").exists()
    assert (request.sheets / "table6.md").exists()
    assert any("uep, seed 0" in line for line in told)

    monkeypatch.setattr(learners, "learn_frozen", None)  # a second training would fail
    again = list(perform(request))
    assert not [line for line in again if "seed 0" in line]
    assert read_result(request.sheets / "table5.json").figures == table.figures


def test_the_recorded_command_has_all_that_decides_the_figures(request_for) -> None:
    plain = request_for("ucf-cc-50:/folder/ada/data", "folds")
    changes: dict[str, object] = {
        "what": ("table4",),
        "data": "shanghaitech-b:/folder/ada/data",
        "preset": "gpu",
        "seeds": 7,
        "split": "test",
        "trunk": "/folder/ada/other.safetensors",
        "start": Path("/folder/ada/vgg16.pth"),
        "convention": "consecutive",
    }
    for name, value in changes.items():
        changed = replace(plain, **{name: value})
        assert changed.command != plain.command, name
        assert "ada" not in changed.command
    cases = replace(plain, what=("cases",))
    assert replace(cases, model="mine.onnx").command != cases.command
    for name, value in {"out": Path("elsewhere"), "known": Path("known"), "minutes": 3.0}.items():
        assert replace(plain, **{name: value}).command == plain.command


def test_rows_that_are_known_are_not_made_again(request_for, layouts, tmp_path: Path) -> None:
    first = request_for(layouts["nwpu"], "fig5")
    heard: list[tuple[object, ...]] = []

    class Hears(RowProgress):
        def on_features(self, done: int, total: int) -> None:
            heard.append(("features", done, total))

        def on_row(self, name: str, steps: int) -> None:
            heard.append(("row", name, steps))

        def on_step(self, step: int, loss: float) -> None:
            heard.append(("step", step))

    list(perform(first, progress=Hears()))
    learning = [("step", 1), ("step", 2), ("step", 3)]
    assert heard == [
        *(("features", 1, 2), ("features", 2, 2)),
        *(("row", "mse-0", 3), *learning),
        *(("row", "uep-0", 3), *learning),
    ]
    second = replace(first, out=tmp_path / "elsewhere", known=first.out / "rows")
    list(perform(second))
    assert not (second.out / "rows").exists()
    assert (second.sheets / "fig5.md").exists()


def test_what_there_is_no_time_for_reads_not_run(request_for, layouts) -> None:
    request = replace(request_for(layouts["nwpu"], "table4"), minutes=0.0)
    told = list(perform(request))
    assert "5 rows are left for another time: the same command goes on" in told
    assert "not run" in (request.sheets / "table4.md").read_text(encoding="utf-8")


def test_a_row_that_fails_does_not_keep_others_from_their_table(
    request_for, layouts, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Workbench.make

    def fails_for_mse(bench: Workbench, variant: Variant, *, seed: int) -> Record:
        if variant.target == "mse":
            raise TrainingError(
                "mse-0: the loss is nan at step 3; the same row would end so again; another seed may not"
            )
        return make(bench, variant, seed=seed)

    monkeypatch.setattr(Workbench, "make", fails_for_mse)
    request = request_for(layouts["nwpu"], "fig5")
    told: list[str] = []
    with pytest.raises(TrainingError, match=r"1 of the rows failed \(mse, seed 0\)"):
        told.extend(perform(request))
    assert (
        told[1]
        == "mse, seed 0: failed: mse-0: the loss is nan at step 3; the same row would end so again; another seed may not"
    )
    assert told[2].startswith("uep, seed 0: ")
    table = (request.sheets / "fig5.md").read_text(encoding="utf-8")
    assert "Failed, and in no mean: mse, seed 0." in table
    assert "not run" in table


def test_a_fold_that_fails_does_not_keep_the_others(
    request_for, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_ucf_cc_50(tmp_path / "UCF_CC_50")
    made: list[int] = []

    def fails_first(bench: Workbench, variant: Variant, *, seed: int) -> Record:
        made.append(len(bench.measured))
        raise TrainingError("uep-iph-ms-0: the loss is nan at step 3")

    monkeypatch.setattr(Workbench, "make", fails_first)
    request = replace(request_for(f"ucf-cc-50:{tmp_path / 'UCF_CC_50'}", "folds"), preset="gpu")
    told: list[str] = []
    with pytest.raises(TrainingError, match="5 of the rows failed"):
        told.extend(perform(request))
    assert made == [10] * 5
    assert told[0] == FROM_RANDOM
    assert told[1] == "fold 1, seed 0: failed: uep-iph-ms-0: the loss is nan at step 3"


def test_an_encoder_that_begins_at_random_is_told_before_and_in_the_table(request_for, layouts) -> None:
    request = replace(request_for(layouts["nwpu"], "table4"), preset="gpu", minutes=0.0)
    first, *_ = perform(request)
    assert first == FROM_RANDOM
    assert FROM_RANDOM in (request.sheets / "table4.md").read_text(encoding="utf-8")


def test_every_target_beside_each_other(request_for, layouts) -> None:
    request = request_for(layouts["nwpu"], "targets")
    list(perform(request))
    lines = [record for record in read_result(request.sheets / "targets.json").figures if record["part"] == "line"]
    assert all(line["seeds"] == "0" for line in lines)
    assert len(lines) == 14


def test_pictures_are_asked_for_where_they_are_needed(request_for) -> None:
    with pytest.raises(ValueError, match="table4 is made from pictures"):
        list(perform(replace(request_for("nwpu:ROOT", "table4"), data=None)))


def test_folds_stand_alone(request_for, layouts) -> None:
    with pytest.raises(ValueError, match="folds stands alone"):
        list(perform(request_for(layouts["nwpu"], "folds", "table4")))
    with pytest.raises(ConfigError, match="ucf-cc-50"):
        list(perform(request_for(layouts["nwpu"], "folds")))


def test_an_unknown_name_lists_the_known_ones(request_for, layouts) -> None:
    with pytest.raises(ValueError, match="table4, table5"):
        list(perform(request_for(layouts["nwpu"], "table2000")))
