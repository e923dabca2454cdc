"""Heads in a folder: what is read, what stands on the disk after each change, and what is never written over."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.labelling.csv_points import read_csv_in_work, write_csv
from uepnet.annotations.labelling.formats import FORMS
from uepnet.annotations.labelling.text_points import write_text_points
from uepnet.errors import AnnotationError, DataSetError, OutputError
from uepnet.serving.annotate.earlier import KEPT
from uepnet.serving.annotate.heads import NOTHING, Marked
from uepnet.serving.annotate.lock import only_annotator
from uepnet.serving.annotate.refusals import AnnotateError, ConflictError, UnknownPictureError
from uepnet.serving.annotate.store import HeadStore, key_of

GATE, NINE, TEN = (key_of(name) for name in ("gate.png", "morning/9.png", "morning/10.png"))
POINTS = {"gate.png": np.array([[1.5, 2.25], [39.0, 0.125]]), "morning/9.png": np.zeros((0, 2))}
SIZES = dict.fromkeys(POINTS, (64, 40))


def heads(*points: tuple[float, float], done: bool = False) -> Marked:
    return Marked(np.array(points, dtype=np.float64).reshape(-1, 2), done)


def state(store: HeadStore) -> dict[str, tuple[list[list[float]], bool]]:
    return {row.name: (row.marked.points.tolist(), row.marked.done) for row in store.rows()}


def test_a_folder_without_heads_is_begun(root: Path) -> None:
    store = HeadStore(root)
    assert [row.name for row in store.rows()] == ["gate.png", "morning/9.png", "morning/10.png"]
    assert not (root / "heads.csv").exists()
    store.save(GATE, heads((1.0, 2.5)), before=NOTHING)
    assert (root / "heads.csv").read_text() == (
        "picture,x,y,unfinished\ngate.png,1.0,2.5,yes\nmorning/9.png,,,yes\nmorning/10.png,,,yes\n"
    )
    assert state(HeadStore(root)) == state(store)


def test_finished_with_nobody_is_not_the_same_as_not_begun(root: Path) -> None:
    store = HeadStore(root)
    store.save(NINE, heads(done=True), before=NOTHING)
    assert state(HeadStore(root)) == {
        "gate.png": ([], False),
        "morning/9.png": ([], True),
        "morning/10.png": ([], False),
    }
    data = open_data_set(f"folder:{root}", split="all")
    assert [(entry.name, len(data.heads(entry))) for entry in data.entries] == [("morning/9.png", 0)]
    assert data.unfinished == ("gate.png", "morning/10.png")


def test_a_finished_folder_is_a_plain_table(root: Path) -> None:
    store = HeadStore(root)
    for key in (GATE, NINE, TEN):
        store.save(key, heads((3.0, 4.0), done=True), before=NOTHING)
    assert (root / "heads.csv").read_text().splitlines()[:2] == ["picture,x,y", "gate.png,3.0,4.0"]
    assert open_data_set(f"folder:{root}", split="all").unfinished == ()


def write_layout(root: Path, form: str) -> None:
    if form != "text":
        known = FORMS[form]
        known.write(root if known.folder else root / f"mine-{known.download}", POINTS, SIZES)
        return
    for name, points in POINTS.items():
        write_text_points((root / name).with_suffix(".txt"), points)


@pytest.mark.parametrize("form", [*FORMS, "text"])
def test_every_layout_is_continued_and_nothing_of_it_is_lost(root: Path, form: str) -> None:
    write_layout(root, form)
    before = {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    store = HeadStore(root)
    assert state(store) == {
        "gate.png": (POINTS["gate.png"].tolist(), True),
        "morning/9.png": ([], True),
        "morning/10.png": ([], False),
    }
    assert {path.relative_to(root) for path in root.rglob("*") if path.is_file()} == set(before)
    store.save(TEN, heads((7.0, 8.0), done=True), before=NOTHING)
    data = open_data_set(f"folder:{root}", split="all")
    assert {entry.name: data.read_points(entry).tolist() for entry in data.entries} == {
        "gate.png": POINTS["gate.png"].tolist(), "morning/9.png": [], "morning/10.png": [[7.0, 8.0]]
    }  # fmt: skip
    for path, content in before.items():
        if path.suffix != ".png" and form != "csv":
            assert (root / KEPT / path).read_bytes() == content
            assert not (root / path).exists()
    assert (root / "mine-heads.csv").is_file() == (form == "csv")


def test_columns_of_others_are_put_aside_and_not_lost(root: Path) -> None:
    text = "picture,x,y,who\ngate.png,1,2,Ann\n"
    (root / "heads.csv").write_text(text)
    HeadStore(root).save(NINE, heads(done=True), before=NOTHING)
    assert (root / KEPT / "heads.csv").read_text() == text
    assert "gate.png,1.0,2.0," in (root / "heads.csv").read_text()


def test_two_answers_in_one_folder_are_refused(root: Path) -> None:
    write_csv(root / "a.csv", POINTS)
    write_csv(root / "b.csv", POINTS)
    with pytest.raises(DataSetError, match=r"a\.csv, b\.csv"):
        HeadStore(root)


def test_what_changed_outside_is_taken_over(root: Path) -> None:
    store = HeadStore(root)
    store.save(GATE, heads((1.0, 1.0)), before=NOTHING)
    HeadStore(root).save(NINE, heads((5.0, 5.0), done=True), before=NOTHING)
    store.save(GATE, heads((1.0, 1.0), (2.0, 2.0)), before=heads((1.0, 1.0)))
    assert state(HeadStore(root)) == {
        "gate.png": ([[1.0, 1.0], [2.0, 2.0]], False), "morning/9.png": ([[5.0, 5.0]], True), "morning/10.png": ([], False)
    }  # fmt: skip


def test_a_picture_that_changed_outside_is_not_written_over(root: Path) -> None:
    store = HeadStore(root)
    HeadStore(root).save(GATE, heads((9.0, 9.0)), before=NOTHING)
    with pytest.raises(ConflictError, match=r"gate\.png: .* \(1 there\)"):
        store.save(GATE, heads((1.0, 1.0)), before=NOTHING)
    assert state(HeadStore(root))["gate.png"] == ([[9.0, 9.0]], False)
    store.save(GATE, heads((1.0, 1.0)), before=heads((9.0, 9.0)))
    assert state(HeadStore(root))["gate.png"] == ([[1.0, 1.0]], False)


def test_the_same_save_twice_is_no_conflict(root: Path) -> None:
    store = HeadStore(root)
    for _ in range(2):
        store.save(GATE, heads((1.0, 1.0)), before=NOTHING)


@pytest.mark.parametrize("text", ["picture,x,y\ngate.png,one,2\n", "no table", "picture,x,y\ngone.png,1,2\n"])
def test_a_table_that_was_broken_outside_is_not_written_over(root: Path, text: str) -> None:
    store = HeadStore(root)
    store.save(GATE, heads((1.0, 1.0)), before=NOTHING)
    (root / "heads.csv").write_text(text)
    with pytest.raises(AnnotationError):
        store.save(GATE, heads(), before=heads((1.0, 1.0)))
    assert (root / "heads.csv").read_text() == text


def test_a_table_that_was_removed_outside_is_a_conflict_for_its_heads(root: Path) -> None:
    store = HeadStore(root)
    store.save(GATE, heads((1.0, 1.0)), before=NOTHING)
    (root / "heads.csv").unlink()
    with pytest.raises(ConflictError):
        store.save(GATE, heads((1.0, 1.0), (2.0, 2.0)), before=heads((1.0, 1.0)))


def test_a_disk_that_takes_nothing_leaves_the_table(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = HeadStore(root)
    store.save(GATE, heads((1.0, 1.0)), before=NOTHING)
    before = (root / "heads.csv").read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        store.save(GATE, heads((2.0, 2.0)), before=heads((1.0, 1.0)))
    assert (root / "heads.csv").read_bytes() == before
    monkeypatch.undo()
    store.save(GATE, heads((2.0, 2.0)), before=heads((1.0, 1.0)))
    assert sorted(path.name for path in root.iterdir()) == ["gate.png", "heads.csv", "morning"]


def test_pictures_that_come_later_are_listed(root: Path, write_picture: Callable[[Path], Path]) -> None:
    store = HeadStore(root)
    store.save(GATE, heads(done=True), before=NOTHING)
    write_picture(root / "late.png")
    assert state(store)["late.png"] == ([], False)
    store.save(NINE, heads(done=True), before=NOTHING)
    assert open_data_set(f"folder:{root}", split="all").unfinished == ("late.png", "morning/10.png")


def test_a_name_that_no_table_can_hold_takes_down_no_other(root: Path, write_picture: Callable[[Path], Path]) -> None:
    write_picture(root / " blank.png")
    store = HeadStore(root)
    refused = {row.name: row.refusal for row in store.rows() if row.refusal}
    assert list(refused) == [" blank.png"]
    with pytest.raises(AnnotationError, match="rename the file"):
        store.save(key_of(" blank.png"), heads((1.0, 1.0)), before=NOTHING)
    store.save(GATE, heads((1.0, 1.0)), before=NOTHING)
    assert "blank" not in (root / "heads.csv").read_text()


@pytest.mark.parametrize("key", ["../gate.png", "gate.png", "", "0" * 16])
def test_only_keys_of_the_folder_open_a_picture(root: Path, key: str) -> None:
    with pytest.raises(UnknownPictureError):
        HeadStore(root).picture(key)


@pytest.mark.skipif(sys.platform == "win32", reason="the lock is one of POSIX")
def test_a_second_annotator_is_told_so(root: Path) -> None:
    program = (
        "import sys; from pathlib import Path\nfrom uepnet.serving.annotate.lock import only_annotator\n"
        "with only_annotator(Path(sys.argv[1])): print('in')"
    )
    with only_annotator(root):
        second = subprocess.run(
            [sys.executable, "-c", program, str(root)],
            capture_output=True,
            text=True,
            check=False,
            env=dict(os.environ),
        )
    assert "another uepnet annotate has this folder open" in second.stderr
    with only_annotator(root):
        pass
    with pytest.raises(AnnotateError), only_annotator(root), only_annotator(root):
        pass


coordinates = st.floats(-1e9, 1e9, allow_nan=False)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(
        st.tuples(
            st.sampled_from([GATE, NINE, TEN]), st.lists(st.tuples(coordinates, coordinates), max_size=4), st.booleans()
        ),
        max_size=6,
    )
)
def test_after_any_changes_the_disk_holds_the_last_of_each(
    root: Path, changes: list[tuple[str, list[tuple[float, float]], bool]]
) -> None:
    (root / "heads.csv").unlink(missing_ok=True)
    store = HeadStore(root)
    expected = dict.fromkeys((GATE, NINE, TEN), NOTHING)
    for key, points, done in changes:
        marked = heads(*points, done=done)
        store.save(key, marked, before=expected[key])
        expected[key] = marked
    again = HeadStore(root)
    assert all(again.row(key).marked.same(marked) for key, marked in expected.items())
    if (root / "heads.csv").exists():
        written, unfinished = read_csv_in_work(root / "heads.csv")
        assert {name for name in written if name not in unfinished} == {
            again.row(key).name for key, marked in expected.items() if marked.done
        }
