"""What `--camera FILE` means for the commands that count."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uepnet.inference.camera import Camera
    from uepnet.inference.counter import Counter


def camera_for(path: Path, *, counter: "Counter", model: str) -> "Camera":
    """The correction in a camera's file; `CameraError` where it is of another model or decode than what counts."""
    from uepnet.inference.camera import read_camera

    camera = read_camera(path)
    camera.check_fits(model=counter.description.name, digest=model_digest(model), decode=counter.decode)
    return camera


def model_digest(model: str) -> str:
    """SHA-256 of the file of a model, given by name or file."""
    from uepnet.inference.models import find_model

    with find_model(model).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
