"""Files, folders and patterns become pictures in the order of a person, and anything else a clear error."""

from pathlib import Path

import pytest

from uepnet.errors import PictureError
from uepnet.inference.sources import pictures_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("IMG_10.jpg", "IMG_2.JPG", "img_1.png", "notes.txt", "clip.mp4", "sub/IMG_3.jpeg", "sub2/a.webp"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "empty").mkdir()
    return tmp_path


def names(source: object) -> list[str]:
    return [path.name for path in pictures_of(str(source))]


def test_a_file_is_itself_whatever_its_name(folder: Path) -> None:
    assert pictures_of(str(folder / "notes.txt")) == (folder / "notes.txt",)


def test_a_folder_gives_its_pictures_numbers_in_order(folder: Path) -> None:
    assert names(folder) == ["img_1.png", "IMG_2.JPG", "IMG_10.jpg"]


def test_patterns(folder: Path) -> None:
    assert names(folder / "IMG_*") == ["IMG_2.JPG", "IMG_10.jpg"]
    assert names(folder / "**/*.jp*g") == ["IMG_10.jpg", "IMG_3.jpeg"]
    assert names(folder / "sub?/*") == ["a.webp"]
    assert names(folder / "IMG_[12].JPG") == ["IMG_2.JPG"]


def test_relative_patterns(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert pictures_of("sub/*") == (Path("sub/IMG_3.jpeg"),)


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(folder: Path) -> None:
    odd = folder / "what[1].jpg"
    odd.touch()
    assert pictures_of(str(odd)) == (odd,)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("none.jpg", "there is no such file or folder"),
        ("*.tiff", "no file matches this pattern"),
        ("empty", r"no pictures in this folder .*\.jpg.*give the pattern '.*empty/\*\*/\*\.jpg'"),
        ("clip.mp4", "this is a film, no picture"),
    ],
)
def test_nothing_to_count(folder: Path, source: str, said: str) -> None:
    with pytest.raises(PictureError, match=said):
        pictures_of(str(folder / source))


@pytest.mark.parametrize("source", ["rtsp://camera/stream", "https://example.org/a.jpg"])
def test_an_address(source: str) -> None:
    with pytest.raises(PictureError, match=f"{source}: this is an address; picture files are counted"):
        pictures_of(source)


def test_our_own_drawings_in_a_folder_are_not_counted_again(tmp_path: Path) -> None:
    for name in ("a.jpg", "a.overlay.jpg"):
        (tmp_path / name).touch()
    assert pictures_of(str(tmp_path)) == (tmp_path / "a.jpg",)
    assert pictures_of(str(tmp_path / "a.overlay.jpg")) == (tmp_path / "a.overlay.jpg",)
