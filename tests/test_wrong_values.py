"""What a record refuses is said in words, with its place and without its value."""

import pytest
from pydantic import Field, ValidationError

from uepnet.frozen import Frozen
from uepnet.wrong_values import dotted, first_problem, problem_in_words


class Camera(Frozen):
    name: str = Field(min_length=1, max_length=3)
    colour: str | None = Field(None, pattern="^#[0-9a-f]{6}$")
    zones: tuple[int, ...] = Field((), min_length=1, max_length=2)


class Cameras(Frozen):
    camera: tuple[Camera, ...] = Field(min_length=1)


def refused(content: object) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        Cameras.model_validate(content)
    return caught.value


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "the file: it should be a valid dictionary or instance of Cameras"),
        ({}, "camera: it is missing"),
        ({"camera": []}, "camera: it should have at least 1 entry"),
        ({"camera": [{"name": "a"}, {"name": ""}]}, "camera.2.name: it should have at least 1 character"),
        ({"camera": [{"name": "secret"}]}, "camera.1.name: it should have at most 3 characters"),
        ({"camera": [{"name": "a", "zones": [1, 2, 3]}]}, "camera.1.zones: it should have at most 2 entries"),
        ({"camera": [{"name": "a", "zone": 1}]}, "camera.1.zone: nothing is known by this name"),
        ({"camera": [{"name": "a", "colour": "red"}]}, "camera.1.colour: it should match pattern '^#[0-9a-f]{6}$'"),
        ({"camera": [{"name": 7}]}, "camera.1.name: it should be a valid string"),
    ],
)
def test_the_first_problem_has_its_place_and_our_words(content: object, said: str) -> None:
    assert first_problem(refused(content), whole="the file", first=1) == said


def test_what_a_validator_says_is_said_as_it_is() -> None:
    assert problem_in_words({"type": "value_error", "msg": "Value error, the scores ascend"}) == "the scores ascend"


def test_entries_are_numbered_from_0_unless_told() -> None:
    assert dotted(("partitions", 0, "borders")) == "partitions.0.borders"
