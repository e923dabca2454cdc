"""The machine's limits."""

import numpy as np
import pytest
import torch

from uepnet.laboratory.speed.peaks import Limit, int8_product, matrix_product, measure_peaks, memory_copy
from uepnet.network.arithmetic import multiplies_bf16


def test_a_use_is_measured_against_the_limit_s_own_time() -> None:
    use = Limit("copy", 600.0, lambda: None).use(100.0, {"copy": 2.0, "ours": 1.0})
    assert (use.limit, use.per_second) == ("copy", 300.0)
    assert use.share(0.5) == pytest.approx(2 / 3)


@pytest.mark.parametrize(("precision", "dtype"), [("fp64", torch.float64), ("bf16", torch.bfloat16)])
def test_a_product_in_its_precision(precision: str, dtype: torch.dtype) -> None:
    limit = matrix_product(precision, side=16)  # type: ignore[arg-type]  # parametrised by text
    made = limit.run()
    assert isinstance(made, torch.Tensor)
    assert (made.dtype, made.shape, limit.work) == (dtype, (16, 16), 2 * 16**3)


def test_the_eight_bit_product_sums_in_32_bits() -> None:
    made = int8_product(side=32).run()
    assert isinstance(made, list)
    sums = made[0]
    assert sums.dtype == np.int32
    assert np.abs(sums).max() > 2**15


def test_a_copy_reads_and_writes_every_byte() -> None:
    limit = memory_copy(megabytes=1)
    copied = limit.run()
    assert isinstance(copied, torch.Tensor)
    assert 2 * copied.nbytes == limit.work
    assert bool((copied == 1).all())


def test_all_of_them() -> None:
    records = measure_peaks(quick=True)
    assert [record["name"] for record in records] == [
        "fp64 matrix product",
        "fp32 matrix product",
        *(["bf16 matrix product"] if multiplies_bf16("cpu") else []),
        "int8 matrix product",
        "memory copy",
    ]
    for record in records:
        assert isinstance(record["billions_per_second"], float)
        assert record["billions_per_second"] > 0
