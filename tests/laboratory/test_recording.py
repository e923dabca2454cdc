"""An evaluation as a result file."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from uepnet.evaluation.evaluate import Evaluation
from uepnet.evaluation.figures import Figures
from uepnet.evaluation.protocols import EXACT
from uepnet.evaluation.rows import PictureRow
from uepnet.laboratory.recording import evaluations_as_result
from uepnet.laboratory.results import read_result, write_result


def evaluation(data_set: str, *, model: str = "first") -> Evaluation:
    row = PictureRow("a", 7, 8.0, 9.0, None, None, None, 64, 32, 0.25, (1.0, 2.0, 3.0))
    figures = Figures(mae=1.0, rmse=1.0, nae=1 / 7, bias=1.0, mae_low=1.0, mae_high=1.0, strata=())
    return Evaluation(
        data_set=data_set,
        split="val",
        digest="ab" * 32,
        model=model,
        protocol=EXACT,
        decode="mean",
        bootstrap_seed=3,
        rows=(row,),
        by_decode={"mean": figures, "argmax": figures},
        groups=None,
    )


def test_it_holds_what_one_needs_to_get_the_figures_again(tmp_path: Path) -> None:
    model_file = tmp_path / "first.onnx"
    model_file.write_bytes(b"weights")
    both = [evaluation("street"), evaluation("march")]
    date = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    result = evaluations_as_result(both, command="uepnet evaluate", model_file=model_file, date=date)
    assert (result.command, result.date, result.seed) == ("uepnet evaluate", "2026-01-02T03:04:05+00:00", 3)
    assert [(data.data_set, data.pictures, data.heads) for data in result.data] == [("street", 1, 7), ("march", 1, 7)]
    assert result.model is not None
    assert result.model.digest == hashlib.sha256(b"weights").hexdigest()
    assert list(result.figures) == [one.as_json() for one in both]
    write_result(tmp_path / "first.json", result)
    assert read_result(tmp_path / "first.json") == result


def test_evaluations_of_two_models_do_not_mix(tmp_path: Path) -> None:
    both = [evaluation("street"), evaluation("street", model="second")]
    with pytest.raises(ValueError, match="of one model"):
        evaluations_as_result(both, command="", model_file=tmp_path, date=datetime(2026, 1, 1, tzinfo=UTC))
