"""The errors of the world: a file, a picture, a data set or a weight file is not as it should be.

A `ValueError` is the caller's mistake; a `UepnetError` says which thing of the world failed, what was found there and
what to do about it. `kind` is the stable short name that `--json` reports.
"""

from typing import ClassVar


class UepnetError(Exception):
    """Anything outside the program that keeps it from answering."""

    kind: ClassVar[str] = "error"


class PictureError(UepnetError):
    """A picture that cannot be read."""

    kind = "picture"


class PictureTooLargeError(PictureError):
    """A picture with more pixels than the caller allows."""

    kind = "picture-too-large"


class PictureFormatError(PictureError):
    """What is no picture in a format that can be read."""

    kind = "picture-format"


class FilmError(UepnetError):
    """A film, a stream or a camera that cannot be read."""

    kind = "film"


class OutputError(UepnetError):
    """A file that cannot be written."""

    kind = "output"


class AnnotationError(UepnetError):
    """An annotation file that cannot be read or contradicts its picture."""

    kind = "annotation"


class DataSetError(UepnetError):
    """A data set that is not where it was said to be, or not laid out as its name promises."""

    kind = "data-set"


class PartitionError(UepnetError):
    """Counts from which the wanted intervals cannot be made."""

    kind = "partition"


class ModelFileError(UepnetError):
    """A model file that cannot be read or does not say what its weights mean."""

    kind = "model"


class ConfigError(UepnetError):
    """A configuration file that cannot be read or holds a wrong value."""

    kind = "config"


class CheckpointError(UepnetError):
    """A checkpoint that cannot be read or belongs to another run."""

    kind = "checkpoint"


class ExportError(UepnetError):
    """An exported graph that does not give the network's answer."""

    kind = "export"


class MissingExtraError(UepnetError):
    """A command that needs an optional part of the installation."""

    kind = "missing-extra"


class TrainingError(UepnetError):
    """A training that cannot go on."""

    kind = "training"


class ZoneError(UepnetError):
    """A zone file that cannot be read, or zones that do not fit a picture."""

    kind = "zones"
