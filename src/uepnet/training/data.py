"""The data of a training: what is learnt from, and what everything is chosen on."""

from collections.abc import Sequence
from dataclasses import dataclass

from uepnet.annotations.catalog import LAYOUTS, open_data_set
from uepnet.annotations.data_set import DataSet
from uepnet.errors import ConfigError, DataSetError
from uepnet.training.config import TrainingConfig


@dataclass(frozen=True)
class TrainingSets:
    """The training parts and the validation parts of the same data sets."""

    train: tuple[DataSet, ...]
    validation: tuple[DataSet, ...]


def open_training_sets(texts: Sequence[str], config: TrainingConfig) -> TrainingSets:
    """Open the data sets named "NAME:ROOT", without the pictures that the configuration leaves out of training.

    A data set in `sampling.train_only` gives all its pictures to training and none to validation. What is left out of data
    sets that are not given does not matter, so that a preset serves some of its data sets too.
    """
    for name in (*config.sampling.leave_out, *config.sampling.train_only):
        if name not in LAYOUTS:
            raise ConfigError(
                f"sampling.leave_out or train_only names {name!r}, which is no data set; there are {', '.join(LAYOUTS)}"
            )
    train, validation = [], []
    for text in texts:
        name = text.partition(":")[0]
        everything = name in config.sampling.train_only
        data_set = open_data_set(text, split="all" if everything else "train")
        train.append(data_set.without(config.sampling.leave_out.get(name, ())))
        if not everything:
            validation.append(_validation_part(text, name=name))
    return TrainingSets(train=tuple(train), validation=tuple(validation))


def _validation_part(text: str, *, name: str) -> DataSet:
    try:
        return open_data_set(text, split="val")
    except DataSetError as error:
        raise DataSetError(
            f"{error}; weights are chosen on validation pictures, of which docs/data.md says which they are: add pictures, "
            f"or give all of {name} to training by --set 'sampling.train_only=[\"{name}\"]'"
        ) from error
