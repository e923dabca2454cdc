"""The picture of docs/film.md is drawn by the code that it shows."""

from pathlib import Path

from PIL import Image, ImageChops

from uepnet.laboratory.smoothing_plot import draw_smoothing


def test_the_picture_is_the_one_that_is_committed(repository: Path, tmp_path: Path) -> None:
    with (
        Image.open(draw_smoothing(tmp_path)) as drawn,
        Image.open(repository / "docs/images/smoothing.timeline.png") as known,
    ):
        assert drawn.size == known.size
        difference = ImageChops.difference(drawn.convert("L"), known.convert("L"))
        changed = sum(difference.histogram()[32:])
    assert changed < 500, "draw it anew: python -m uepnet.laboratory.smoothing_plot docs/images"
