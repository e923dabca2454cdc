"""A data set's heads out into every form, and back through the layout `folder`."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from uepnet.annotations.catalog import open_data_set
from uepnet.annotations.labelling.formats import FORMS, write_heads
from uepnet.annotations.labelling.points_file import read_points_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures, one without heads."""
    root = tmp_path / "photos"
    root.mkdir()
    for name in ("a.png", "b.png"):
        Image.new("RGB", (40, 30)).save(root / name)
    (root / "heads.csv").write_text("picture,x,y\na.png,1.5,2\na.png,30,20.25\nb.png,,\n", encoding="utf-8")
    return root


@pytest.mark.parametrize("form", FORMS)
def test_heads_come_back(folder: Path, tmp_path: Path, form: str) -> None:
    data_set = open_data_set(f"folder:{folder}", split="all")
    path = tmp_path / FORMS[form].download
    write_heads(data_set, path, form=form)
    (folder / "heads.csv").unlink()
    for file in path.iterdir() if FORMS[form].folder else [path]:
        file.rename(folder / file.name)
    again = open_data_set(f"folder:{folder}", split="all")
    for entry, old in zip(again.entries, data_set.entries, strict=True):
        expected = np.array([[1.5, 2], [30, 20.25]]) if old.name == "a.png" else np.zeros((0, 2))
        assert again.heads(entry).xy == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("form", [name for name, form in FORMS.items() if not form.sized])
def test_a_form_that_is_not_sized_is_written_without_sizes(tmp_path: Path, form: str) -> None:
    path = tmp_path / FORMS[form].download
    FORMS[form].write(path, {"a.png": np.array([[1.5, 2.0]])}, {})
    assert read_points_file(path)["a.png"].tolist() == [[1.5, 2.0]]


def test_an_unknown_form_lists_the_known_ones(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="label-studio"):
        write_heads(open_data_set(f"folder:{folder}", split="all"), tmp_path / "x", form="voc")


def test_two_pictures_of_one_name_are_refused(tmp_path: Path) -> None:
    for part in ("morning", "evening"):
        (tmp_path / "photos" / part).mkdir(parents=True)
        Image.new("RGB", (40, 30)).save(tmp_path / "photos" / part / "a.png")
        (tmp_path / "photos" / part / "a.txt").write_text("1 2\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.png"):
        write_heads(open_data_set(f"folder:{tmp_path / 'photos'}", split="all"), tmp_path / "x.csv", form="csv")
