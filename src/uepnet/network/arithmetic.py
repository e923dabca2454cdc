"""What a network computes in: bf16 where the device multiplies faster in it, fp32 elsewhere."""

import time
from functools import lru_cache
from typing import Literal

import torch

Precision = Literal["fp32", "bf16"]
"""`bf16` is a wish: a device that gains nothing from it computes in fp32 (see `settled`)."""

FASTER = 1.2
"""How many times as fast as in fp32 a matrix product in bf16 has to be. Processors are far from it on both sides (half as fast, or twice and
more), so that a processor always gets the same answer."""


def settled(precision: Precision, device: torch.device | str) -> Precision:
    """What `precision` comes to on a device.

    An x86 processor without instructions for bf16 (before 2020; AVX2 alone) emulates its products; a 1024 x 1024 one took
    fifty times as long as in fp32 on the one that was tried. One with AVX-512's instructions for it and no AMX took nearly twice as
    long as in fp32.
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
    """Whether devices of this kind multiply in bf16, and a processor at least `FASTER` times as fast as in fp32 (measured once)."""
    if kind != "cpu":
        return multiplies_bf16(kind)
    return multiplies_bf16(kind) and _product_seconds(torch.float32) >= FASTER * _product_seconds(torch.bfloat16)


def _product_seconds(kind: torch.dtype) -> float:
    """The shortest of five products of two matrices of 1024 x 1024 on the processor."""
    matrix = torch.ones(1024, 1024, dtype=kind)
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        matrix @ matrix
        seconds.append(time.perf_counter() - began)
    return min(seconds)
