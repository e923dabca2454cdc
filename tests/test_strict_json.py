"""JSON that other readers would take, each in its own way, is refused."""

import pytest

from uepnet.strict_json import strict_json


def test_ordinary_json_is_read() -> None:
    assert strict_json('{"a": [1, 2.5, null], "b": {"a": "x"}}') == {"a": [1, 2.5, None], "b": {"a": "x"}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1, "b": 2, "a": 3}', "'a' occurs twice"),
        ('{"a": NaN}', "NaN is no number"),
        ("[-Infinity]", "no number"),
    ],
)
def test_what_readers_disagree_on_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        strict_json(text)
