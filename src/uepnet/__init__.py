"""Counts the people in a picture, and the open laboratory for counting by interval classification.

The public names are loaded when they are first used, so `import uepnet` costs next to nothing.
"""

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "AnnotationError": "uepnet.errors",
    "CheckpointError": "uepnet.errors",
    "ConfigError": "uepnet.errors",
    "CountResult": "uepnet.inference.result",
    "Counter": "uepnet.inference.counter",
    "DataSet": "uepnet.annotations.data_set",
    "DataSetError": "uepnet.errors",
    "Evaluation": "uepnet.evaluation.evaluate",
    "ExportError": "uepnet.errors",
    "FilmError": "uepnet.errors",
    "HeadPoints": "uepnet.points",
    "MissingExtraError": "uepnet.errors",
    "ModelFileError": "uepnet.errors",
    "OutputError": "uepnet.errors",
    "Partition": "uepnet.counting.partition",
    "PartitionError": "uepnet.errors",
    "PictureError": "uepnet.errors",
    "PictureFormatError": "uepnet.errors",
    "PictureTooLargeError": "uepnet.errors",
    "TrainingError": "uepnet.errors",
    "UepnetError": "uepnet.errors",
    "ZoneError": "uepnet.errors",
    "count_zones": "uepnet.inference.zones.count_zones",
    "draw_overlay": "uepnet.inference.overlay",
    "draw_scene": "uepnet.scenes.render",
    "evaluate": "uepnet.evaluation.evaluate",
    "fit_partitions": "uepnet.counting.partition",
    "local_counts": "uepnet.counting.local_counts",
    "open_data_set": "uepnet.annotations.catalog",
    "read_picture": "uepnet.pictures",
    "read_zones": "uepnet.inference.zones.zone_file",
    "sigma_of": "uepnet.counting.sigma",
}
"""Every public name and the module that it lives in; `__init__.pyi` says the same to type checkers."""

__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'uepnet' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
