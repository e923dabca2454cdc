"""The start's record, from fresh interpreters."""

import pytest

from uepnet.laboratory.speed import startup
from uepnet.laboratory.speed.startup import measure_startup, seconds_of


def test_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "PLAIN", "print('{\"import\": 100.0}')")
    (record,) = measure_startup(quick=True)
    seconds = float(str(record["seconds"]))
    parts = float(str(record["import_seconds"])) + float(str(record["session_seconds"]))
    assert seconds == pytest.approx(parts)
    assert record["times_plain"] == pytest.approx(100 / seconds)
    assert float(str(record["first_picture_seconds"])) > 0


def test_counting_is_opened_without_torch() -> None:
    """Which alone would take longer than the start may."""
    program = (
        "import json, sys\nfrom uepnet.inference.counter import Counter\nCounter(device='cpu')\n"
        "print(json.dumps({'torch': float('torch' in sys.modules), 'scipy': float('scipy' in sys.modules)}))"
    )
    assert seconds_of(program) == {"torch": 0.0, "scipy": 0.0}


def test_a_program_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(RuntimeError, match="no such thing"):
        seconds_of("raise KeyError('no such thing')")
