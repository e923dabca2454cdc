"""A report with everything in it: zones, a range, doubts, a failed picture and names that try to be more than text."""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.toys import toy_description
from uepnet.description import TrainingData, ValidationFigure
from uepnet.inference.result import CountResult, ZoneCount
from uepnet.reports.report import FailedPicture, ModelInReport, Report, ReportedPicture, report_picture

HOSTILE = "photos/\u202egpj.</title><script>alert(1)</script>\n&\u5317 \"'**b**.jpg"
MADE = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def result_of(source: str = HOSTILE, *, ranged: bool = True, zones: bool = True) -> CountResult:
    count_map = np.zeros((10, 12), dtype=np.float32)
    count_map[5, 3:9] = 41.5
    zone = ZoneCount("stage <i>", 80.2, 60.0, 101.0, 50.0, 1.604, "constrained", "ok", 200.0)
    return CountResult(
        source=source,
        count=1249.0,
        low=1000.0 if ranged else None,
        high=1600.0 if ranged else None,
        coverage=0.9 if ranged else None,
        zones=(zone, ZoneCount("gate", 30.0, None, None)) if zones else (),
        model="tiny",
        width=96,
        height=80,
        seconds=0.5,
        warnings=("The picture is very dark; people who cannot be seen are not counted.",),
        count_map=count_map,
        variance_map=count_map,
        patch=8,
    )


def picture_of(result: CountResult, *, area_m2: float | None = None) -> ReportedPicture:
    pixels = np.random.default_rng(0).integers(0, 256, (80, 96, 3), dtype=np.uint8)
    return report_picture(pixels, result, digest="ab" * 32, area_m2=area_m2)


@pytest.fixture(scope="session")
def model() -> ModelInReport:
    description = toy_description(
        trained_on=(TrainingData(data_set="crowds", split="train", pictures=3, heads=9, digest="d"),),
        validation=(
            ValidationFigure(
                data_set="crowds", split="val", protocol="exact", decode="mean", pictures=30, mae=93.44, rmse=165.0
            ),
            ValidationFigure(
                data_set="crowds", split="val", protocol="exact", decode="argmax", pictures=30, mae=77.0, rmse=88.0
            ),
        ),
    )
    return ModelInReport(description, "cd" * 32, "For research.")


@pytest.fixture
def one(model: ModelInReport) -> Report:
    """One picture with a range, zones, a doubt and an area."""
    return Report((picture_of(result_of(), area_m2=500.0),), (), model, MADE, "0.1.0")


@pytest.fixture
def many(model: ModelInReport) -> Report:
    """Three pictures, one that failed, and an overlap."""
    return Report(
        tuple(picture_of(result_of(f"{name}.jpg", ranged=name == "a", zones=False)) for name in "abc"),
        (FailedPicture("x.jpg", "x.jpg: <b>broken</b>"),),
        model,
        MADE,
        "0.1.0",
        overlaps=("a.jpg, b.jpg: views of the same place that overlap",),
        title="Main & square",
    )


@pytest.fixture
def make_picture() -> Callable[..., ReportedPicture]:
    """`picture_of`."""
    return picture_of


@pytest.fixture
def make_result() -> Callable[..., CountResult]:
    """`result_of`."""
    return result_of
