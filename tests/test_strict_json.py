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


def test_a_name_that_is_repeated_at_the_end_of_many_is_found_quickly() -> None:
    names = [*range(100_000), 99_999]
    with pytest.raises(ValueError, match="'99999' occurs twice"):
        strict_json("{" + ",".join(f'"{name}":1' for name in names) + "}")
