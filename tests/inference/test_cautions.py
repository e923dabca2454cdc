"""Pictures whose count should be doubted are noticed, ordinary ones are not."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tests.toys import toy_description
from uepnet.description import Familiar, Seen
from uepnet.inference.backends import PatchMaps
from uepnet.inference.cautions import cautions, crowding

DESCRIPTION = toy_description()
SEEN = Seen(smallest=0.1, largest=1.0, most_heads=100.0, densest=1.5)
LEARNT = DESCRIPTION.model_copy(update={"seen": SEEN})


def scene(width: int, height: int, *, mean: float = 110.0, spread: float = 45.0) -> np.ndarray:
    values = np.random.default_rng(0).normal(mean, spread, (height, width, 3))
    pixels: np.ndarray = np.clip(values, 0, 255).astype(np.uint8)
    return pixels


def maps(*counts: float, deviation: float = 0.1, argmax: float = 1.0) -> PatchMaps:
    """Patches with so many people each, the likeliest classes giving `argmax` times as many."""
    mean = np.array([counts], dtype=np.float32)
    return PatchMaps(mean, mean * np.float32(argmax), np.full_like(mean, deviation**2))


def found(picture: np.ndarray, answer: PatchMaps | None = None, *, seen: bool = False) -> tuple[str, ...]:
    return cautions(picture, answer or maps(0.2, 0.0, 0.1), LEARNT if seen else DESCRIPTION)


@pytest.mark.parametrize(("width", "height"), [(64, 64), (1024, 768), (3000, 70)])
def test_an_ordinary_picture_has_none(width: int, height: int) -> None:
    assert found(scene(width, height)) == ()


def test_nothing_is_said_of_an_ordinary_picture_within_what_was_seen() -> None:
    assert found(scene(640, 480), maps(1.0, 1.4), seen=True) == ()


@pytest.mark.parametrize(("width", "height"), [(63, 500), (500, 63), (1, 1), (2, 2)])
def test_a_tiny_picture(width: int, height: int) -> None:
    assert f"only {width} x {height} pixels" in found(scene(width, height))[0]


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_picture_of_one_colour(value: int) -> None:
    assert found(np.full((100, 100, 3), value, dtype=np.uint8)) == (
        "The picture is almost of one colour; there is nothing in it to count.",
    )


def test_a_night_picture() -> None:
    (caution,) = found(scene(200, 200, mean=4.0, spread=10.0))
    assert "very dark" in caution


def test_a_pale_picture() -> None:
    (caution,) = found(scene(200, 200, spread=10.0))
    assert "hardly any contrast" in caution


@pytest.mark.parametrize(("radius", "blurred"), [(0.0, False), (1.0, False), (12.0, True)])
def test_a_blurred_picture(radius: float, blurred: bool) -> None:
    squares = np.kron(np.random.default_rng(1).integers(0, 256, (12, 16, 3)), np.ones((40, 40, 1))).astype(np.uint8)
    soft = np.asarray(Image.fromarray(squares).filter(ImageFilter.GaussianBlur(radius)))
    assert ("very blurred" in " ".join(found(soft))) == blurred


def test_a_tiny_picture_of_one_colour_has_both() -> None:
    assert len(found(np.zeros((8, 8, 3), dtype=np.uint8))) == 2


@pytest.mark.parametrize(("width", "height", "warned"), [(2500, 1700, True), (2000, 1900, False), (150, 160, True)])
def test_sizes_far_from_those_seen(width: int, height: int, warned: bool) -> None:
    found_here = found(scene(width, height), seen=True)
    assert [f"{width * height / 1e6:.2g}"[:3] in caution for caution in found_here] == [True] * warned


def test_a_denser_crowd_than_seen() -> None:
    (caution,) = found(scene(640, 480), maps(1.0, 3.0), seen=True)
    assert "denser" in caution
    assert found(scene(640, 480), maps(1.0, 3.0)) == ()


def test_more_people_than_seen() -> None:
    (caution,) = found(scene(640, 480), maps(*[1.0] * 201), seen=True)
    assert "hold up to 100" in caution
    assert found(scene(640, 480), maps(*[1.0] * 199), seen=True) == ()


@pytest.mark.parametrize(
    ("deviation", "argmax", "patches", "warned"),
    [(0.4, 0.3, 100, True), (0.3, 0.3, 100, False), (0.4, 0.8, 100, False), (0.4, 0.3, 60, False)],
    ids=["in doubt", "narrow", "decodes agree", "few people"],
)
def test_a_model_in_doubt(deviation: float, argmax: float, patches: int, warned: bool) -> None:
    answer = maps(*[0.2] * patches, deviation=deviation, argmax=argmax)
    assert len(found(scene(640, 480), answer)) == warned


def test_doubt_where_next_to_nothing_is_counted() -> None:
    (caution,) = found(scene(640, 480), maps(*[0.01] * 1000, deviation=0.05, argmax=0.1))
    assert "unsure" in caution


def test_crowding_is_what_the_average_person_sees() -> None:
    counts = np.array([[4, 0], [1, 1]])
    people = np.repeat(counts.ravel(), counts.ravel())
    assert crowding(counts.astype(float)) == people.mean()
    assert crowding(np.zeros(3)) == 0.0


FAMILIAR = Familiar(centre=(1.0, 0.0), rest=0.1, limit=3.0)


@pytest.mark.parametrize(
    ("features", "people", "told"),
    [
        ((1, 0.01), 5.0, []),
        ((1, 1), 5.0, ["what it counts here may be no people"]),
        ((1, 1), 0.5, ["people who are there may not have been seen"]),
        ((1, 0.01), 0.5, []),
        (None, 5.0, []),
    ],
)
def test_a_picture_that_looks_like_none_is_told_with_what_that_may_mean(
    features: tuple[float, float] | None, people: float, told: list[str]
) -> None:
    given = None if features is None else np.array(features, dtype=np.float32)
    answer = replace(maps(people), features=given)
    described = DESCRIPTION.model_copy(update={"familiar": FAMILIAR})
    found = [
        line for line in cautions(scene(200, 200), answer, described) if line.startswith("The picture looks like none")
    ]
    assert [line.partition("; ")[2].partition(".")[0] for line in found] == told


def test_nobody_in_a_picture_that_shows_nothing_is_doubted_once() -> None:
    answer = replace(maps(0.1), features=np.array([1, 1], dtype=np.float32))
    described = DESCRIPTION.model_copy(update={"familiar": FAMILIAR})
    (caution,) = cautions(np.zeros((200, 200, 3), dtype=np.uint8), answer, described)
    assert "almost of one colour" in caution
