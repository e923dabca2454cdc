"""Protocols as data: found by name, written whole into files, impossible ones refused."""

import pytest
from pydantic import ValidationError

from uepnet.evaluation.protocols import (
    EXACT,
    PAPER,
    PROTOCOLS,
    UCF_QNRF,
    WORLDEXPO10,
    EvaluationProtocol,
    find_protocol,
)


def test_a_protocol_is_found_by_its_name() -> None:
    assert list(PROTOCOLS) == ["exact", "paper", "ucf-qnrf", "worldexpo10"]
    assert all(find_protocol(name) is protocol and protocol.name == name for name, protocol in PROTOCOLS.items())
    with pytest.raises(ValueError, match="'best'; the known ones are exact, paper, ucf-qnrf, worldexpo10"):
        find_protocol("best")


def test_the_switches() -> None:
    switches = {p.name: (p.stretch, p.tile, p.region, p.blur) for p in (EXACT, PAPER, UCF_QNRF, WORLDEXPO10)}
    assert switches == {
        "exact": (None, None, False, None),
        "paper": (64, None, False, None),
        "ucf-qnrf": (None, 1024, False, None),
        "worldexpo10": (None, None, True, 11),
    }


def test_a_protocol_survives_a_result_file_and_cannot_be_changed() -> None:
    for protocol in PROTOCOLS.values():
        assert EvaluationProtocol.model_validate_json(protocol.model_dump_json()) == protocol
    with pytest.raises(ValidationError, match="frozen"):
        EXACT.tile = 4  # type: ignore[misc]  # the point of the test


@pytest.mark.parametrize(
    ("switches", "message"),
    [
        ({"blur": 11}, "has no region"),
        ({"region": True, "blur": 10}, "odd side"),
        ({"stretch": 64, "tile": 1024}, "goes with neither"),
        ({"stretch": 64, "region": True}, "goes with neither"),
        ({"tile": 0}, "greater than or equal to 1"),
        ({"overlap": 2}, "not permitted"),
    ],
)
def test_impossible_protocols_are_refused(switches: dict[str, int], message: str) -> None:
    words = {"name": "odd", "description": "", "picture": "", "truth": ""}
    with pytest.raises(ValidationError, match=message):
        EvaluationProtocol.model_validate({**words, **switches})
