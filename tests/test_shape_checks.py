"""The tests run with every shape in a signature checked; this is the test that they do."""

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from uepnet.points import HeadPoints


def test_a_wrong_dtype_in_a_call_is_refused() -> None:
    with pytest.raises(TypeCheckError):
        HeadPoints(np.zeros((3, 2), dtype=np.int32), width=10, height=10)
