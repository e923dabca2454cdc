"""What counting a picture leaves in a folder: the count as JSON, and the drawing."""

import io
from pathlib import Path

import numpy as np
from jaxtyping import UInt8

from uepnet.errors import OutputError
from uepnet.inference.overlay import draw_overlay
from uepnet.inference.result import CountResult
from uepnet.pictures import OVERLAY_SUFFIX, RESULT_SUFFIX
from uepnet.whole_files import write_whole


def save_result(result: CountResult, picture: UInt8[np.ndarray, "height width 3"] | None, *, stem: Path) -> None:
    """Write STEM.count.json and, where the picture is given, STEM.overlay.jpg; one of an earlier count goes.

    Raises `OutputError` if a file cannot be written.
    """
    path = stem.with_name(stem.name + RESULT_SUFFIX)
    drawing_path = stem.with_name(stem.name + OVERLAY_SUFFIX)
    try:
        result.save_json(path)
        if picture is None:
            drawing_path.unlink(missing_ok=True)
        else:
            path = drawing_path
            drawing = io.BytesIO()
            draw_overlay(picture, result).save(drawing, format="JPEG", quality=92, subsampling=0)
            write_whole(path, drawing.getvalue())
    except OSError as error:
        raise OutputError(
            f"{result.source}: counted, but {path} cannot be written ({error.strerror}); name another --out"
        ) from error
