"""What a network computes in: bf16 where the device multiplies faster in it, fp32 elsewhere."""

from functools import lru_cache
from typing import Literal

import torch

Precision = Literal["fp32", "bf16"]
"""`bf16` is a wish: a device that gains nothing from it computes in fp32 (see `settled`)."""


def settled(precision: Precision, device: torch.device | str) -> Precision:
    """What `precision` comes to on a device.

    An x86 processor without instructions for bf16 (before 2020; AVX2 alone) emulates its products; a 1024 x 1024 one took
    fifty times as long as in fp32 on the one that was tried. One of Intel's with AVX-512's instructions for it and without AMX took
    twice as long as in fp32 (docs/performance.md).
    """
    return "bf16" if precision == "bf16" and gains_from_bf16(torch.device(device).type) else "fp32"


def autocast(device: torch.device | str, precision: Precision) -> torch.autocast:
    """The context in which a network runs on a device."""
    kind = torch.device(device).type
    return torch.autocast(kind, dtype=torch.bfloat16, enabled=settled(precision, kind) == "bf16")


def feature_type(device: torch.device | str) -> torch.dtype:
    """What features are kept in between two parts of a network that run under `autocast` with `bf16`."""
    return torch.bfloat16 if settled("bf16", device) == "bf16" else torch.float32


@lru_cache(maxsize=8)
def multiplies_bf16(kind: str) -> bool:
    """Whether devices of this kind ("cpu", "cuda") have instructions for products in bf16."""
    if kind == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    found = torch.cpu.get_capabilities()
    return any(bool(has) for name, has in found.items() if name.endswith("bf16"))


@lru_cache(maxsize=8)
def gains_from_bf16(kind: str) -> bool:
    """Whether devices of this kind multiply in bf16, and faster than in fp32: all but Intel's processors without AMX."""
    if kind != "cpu" or not multiplies_bf16(kind):
        return multiplies_bf16(kind)
    found = torch.cpu.get_capabilities()
    return bool(found.get("amx_bf16")) or "Intel" not in str(found.get("cpu_name"))
