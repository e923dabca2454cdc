"""What counting a picture leaves in a folder: the count as JSON, and the drawing."""

import io
from pathlib import Path

import numpy as np
from jaxtyping import UInt8

from uepnet.errors import OutputError
from uepnet.inference.overlay import draw_overlay
from uepnet.inference.result import CountResult
from uepnet.whole_files import write_whole


def save_result(result: CountResult, picture: UInt8[np.ndarray, "height width 3"] | None, *, stem: Path) -> None:
    """Write STEM.count.json and, where the picture is given, STEM.overlay.jpg; `OutputError` if that cannot be done."""
    path = stem.with_name(f"{stem.name}.count.json")
    try:
        result.save_json(path)
        if picture is not None:
            path = stem.with_name(f"{stem.name}.overlay.jpg")
            drawing = io.BytesIO()
            draw_overlay(picture, result).save(drawing, format="JPEG", quality=92, subsampling=0)
            write_whole(path, drawing.getvalue())
    except OSError as error:
        raise OutputError(
            f"{result.source}: counted, but {path} cannot be written ({error.strerror}); name another --out"
        ) from error
