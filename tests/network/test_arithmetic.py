"""bf16 only where the device multiplies faster in it."""

import pytest
import torch

from uepnet.network import arithmetic
from uepnet.network.arithmetic import Precision


@pytest.mark.parametrize(
    ("has", "times", "wish", "becomes"),
    [
        ({"avx2": True, "avx512_bf16": False, "amx_bf16": False}, 2.0, "bf16", "fp32"),
        ({"avx2": True, "avx512_bf16": True}, 2.0, "bf16", "bf16"),
        ({"avx2": True, "avx512_bf16": True}, 0.55, "bf16", "fp32"),
        ({"avx512_bf16": False, "amx_bf16": True}, 8.0, "bf16", "bf16"),
        ({"avx512_bf16": True}, 2.0, "fp32", "fp32"),
    ],
)
def test_bf16_is_a_wish(
    monkeypatch: pytest.MonkeyPatch, has: dict[str, bool], times: float, wish: Precision, becomes: str
) -> None:
    """`times`: how many times as fast as in fp32 the processor multiplies in bf16."""
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"cpu_name": "made up", **has})
    monkeypatch.setattr(arithmetic, "_product_seconds", lambda kind: times if kind == torch.float32 else 1.0)
    _forget()
    try:
        assert arithmetic.settled(wish, "cpu") == becomes
        with arithmetic.autocast(torch.device("cpu"), wish):
            assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == (
                torch.bfloat16 if becomes == "bf16" else torch.float32
            )
        kept = torch.bfloat16 if arithmetic.gains_from_bf16("cpu") else torch.float32
        assert arithmetic.feature_type("cpu") == kept
    finally:
        _forget()


def test_a_product_is_timed() -> None:
    assert 0 < arithmetic._product_seconds(torch.float32) < 10


def _forget() -> None:
    arithmetic.multiplies_bf16.cache_clear()
    arithmetic.gains_from_bf16.cache_clear()
