"""The network before its first step, and the description of what its answers will mean."""

from pathlib import Path

import torch

from uepnet.counting.codec import encode
from uepnet.counting.partition import Partition, fit_partitions
from uepnet.description import ModelDescription
from uepnet.network.initialise import expect_classes, initialise
from uepnet.network.model_file import load_model
from uepnet.network.starts import start_encoder, start_model
from uepnet.network.uepnet import UEPNet
from uepnet.training.config import TrainingConfig
from uepnet.training.store import PictureStore

PAPER_MEAN = (0.4501, 0.4454, 0.4301)
"""The authors' mean colour of RGB in [0, 1], which is all that they take off."""


def prepare(config: TrainingConfig, store: PictureStore, *, start: Path | None) -> tuple[UEPNet, ModelDescription]:
    """The network before its first step, and the description of what its answers mean.

    Intervals are fitted on the store's local counts; with `start` they are those of the model started from, so that
    its heads keep their meaning.
    """
    trained, description = load_model(start) if start else (None, None)
    if description is not None:
        partitions, shape = description.partitions, description.network
    else:
        fit = config.intervals
        partitions = fit_partitions(
            store.counts, method=fit.method, intervals=fit.intervals, heads=fit.heads, proxies=fit.proxies
        )
        shape = config.network
    network = UEPNet(shape, classes=[partition.classes for partition in partitions])
    initialise(network, spread=config.spread, seed=config.seed)
    origin = "random weights"
    if trained is not None and description is not None:
        start_model(network, trained)
        origin = f"the model {description.name} ({description.start})"
    else:
        expect_classes(network, [_class_shares(partition, store) for partition in partitions])
        origin = start_encoder(network, config.start)
    colours = (network.encoder.mean, network.encoder.std)
    if description is not None:
        colours = (description.mean, description.std)
    elif config.normalisation == "paper":
        colours = (PAPER_MEAN, (1.0, 1.0, 1.0))
    return network, ModelDescription(
        name=config.name,
        network=shape,
        partitions=partitions,
        mean=colours[0],
        std=colours[1],
        decode=config.decode,
        start=origin,
        trained_on=store.data if description is None else tuple(dict.fromkeys((*description.trained_on, *store.data))),
    )


def _class_shares(partition: Partition, store: PictureStore) -> torch.Tensor:
    classes = torch.from_numpy(encode(store.counts, partition.borders))
    shares = torch.bincount(classes, minlength=partition.classes).float()
    return shares / shares.sum()
