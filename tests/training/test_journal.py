"""The journal: nothing twice, nothing lost, a torn last line ignored."""

from pathlib import Path

from uepnet.training.journal import Journal, read_journal


def test_resuming_drops_what_the_checkpoint_does_not_know(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    first = Journal(path, keep_until=0)
    for step in (1, 2, 3, 4):
        first.write(step=step, loss=step / 2)
    second = Journal(path, keep_until=2)
    second.write(step=3, loss=9.0)
    assert [(line["step"], line["loss"]) for line in read_journal(path)] == [(1, 0.5), (2, 1.0), (3, 9.0)]


def test_foreign_lines_are_left_out_and_later_ones_kept(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(b'{"step": 1}\nnull\n{"a": 1}\n{"step": "2"}\n\xff\xfe\n[[[\n{"step": 2, "lo\n{"step": 3}\n')
    assert [line["step"] for line in read_journal(path)] == [1, 3]
    Journal(path, keep_until=9)
    assert path.read_text(encoding="utf-8") == '{"step": 1}\n{"step": 3}\n'


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 1, "loss": 1.0}\n{"step": 2, "lo', encoding="utf-8")
    assert [line["step"] for line in read_journal(path)] == [1]
