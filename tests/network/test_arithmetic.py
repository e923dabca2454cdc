"""bf16 only where the device multiplies faster in it."""

import pytest
import torch

from uepnet.network import arithmetic
from uepnet.network.arithmetic import Precision


@pytest.mark.parametrize(
    ("has", "wish", "becomes"),
    [
        ({"avx2": True, "avx512_bf16": False, "amx_bf16": False}, "bf16", "fp32"),
        ({"avx2": True, "avx512_bf16": True}, "bf16", "bf16"),
        ({"avx2": True, "avx512_bf16": True, "cpu_name": "Intel Xeon"}, "bf16", "fp32"),
        ({"avx512_bf16": True, "amx_bf16": True, "cpu_name": "Intel Xeon"}, "bf16", "bf16"),
        ({"avx512_bf16": False, "amx_bf16": True}, "bf16", "bf16"),
        ({"avx512_bf16": True}, "fp32", "fp32"),
    ],
)
def test_bf16_is_a_wish(monkeypatch: pytest.MonkeyPatch, has: dict[str, object], wish: Precision, becomes: str) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"cpu_name": "made up", **has})
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


def _forget() -> None:
    arithmetic.multiplies_bf16.cache_clear()
    arithmetic.gains_from_bf16.cache_clear()
