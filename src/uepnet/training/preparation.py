"""The network before its first step, and the description of what its answers will mean.

A training begins either anew, with intervals fitted on its pictures (where classes are learnt) and the encoder's start,
or from a model of ours, whose network, output, intervals and colours it keeps so that the weights keep their meaning.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float

from uepnet.counting.codec import encode
from uepnet.counting.partition import Partition, fit_partitions
from uepnet.description import ClassesOutput, ModelDescription
from uepnet.errors import ConfigError
from uepnet.network.encoders import ENCODERS
from uepnet.network.initialise import begin_presence, expect_classes, expect_counts, initialise
from uepnet.network.model_file import load_model
from uepnet.network.starts import start_encoder, start_model
from uepnet.network.starts.source import RANDOM, OnBytes
from uepnet.network.uepnet import UEPNet
from uepnet.network_shape import NetworkShape
from uepnet.training.config import MODEL, IntervalConfig, TrainingConfig
from uepnet.training.learnt import learnt_counts, output_of, refuse_other_output
from uepnet.training.seen import joined, seen_of
from uepnet.training.store import PictureStore

PAPER_COLOURS = ((0.4501, 0.4454, 0.4301), (1.0, 1.0, 1.0))
"""Mean and deviation of RGB in [0, 1]: the authors take their mean colour off, and no more."""


@dataclass(frozen=True)
class Trained:
    """A model of ours to start from."""

    network: UEPNet
    description: ModelDescription


def open_start(config: TrainingConfig, path: Path | None, *, on_bytes: OnBytes | None = None) -> Trained | None:
    """The model to start from, if there is one; refuses what the training could not begin with, before pictures are read.

    Weights of the encoder that are elsewhere are downloaded, and tried on a network that is thrown away.
    """
    if path is None:
        if config.start == MODEL:
            raise ConfigError(f"{config.name} goes on from a trained model: name its file with --start")
        if config.network.encoder not in ENCODERS:
            known = ", ".join(ENCODERS)
            raise ConfigError(f"network.encoder: there is no encoder {config.network.encoder!r}; there are {known}")
        if config.optimiser.learns == "presence":
            raise ConfigError(
                "a presence branch learns alone on a model that counts already: name its file with --start"
            )
        if config.start != RANDOM:
            start_encoder(UEPNet(config.network, classes=[1]), config.start, on_bytes=on_bytes)
        return None
    network, description = load_model(path)
    if config.start not in (MODEL, "random"):
        raise ConfigError(f"the weights cannot start from both {config.start} (start) and {path} (--start)")
    _refuse_other_network(config, description, path)
    refuse_other_output(config, description, source=str(path))
    kept = ("intervals", "normalisation", "spread") if config.keep_intervals else ("normalisation", "spread")
    for part in kept:
        if part in config.model_fields_set:
            raise ConfigError(f"{path} brings its own {part}; leave that setting out of a training that starts from it")
    return Trained(network, description)


def prepare_new(config: TrainingConfig, store: PictureStore) -> tuple[UEPNet, ModelDescription]:
    """A new network, its intervals fitted on the store's local counts, its encoder started as the configuration says."""
    output = output_of(config)
    learnt = learnt_counts(store, output, patch=config.network.stride)
    partitions = _fitted(config.intervals, learnt) if isinstance(output, ClassesOutput) else ()
    description = ModelDescription(
        name=config.name,
        network=config.network,
        output=output,
        partitions=partitions,
        mean=PAPER_COLOURS[0],
        std=PAPER_COLOURS[1],
        decode=config.decode,
        trained_on=store.data,
        seen=seen_of(store, patch=config.network.stride),
    )
    network = UEPNet(config.network, classes=description.channels)
    initialise(network, spread=config.spread, seed=config.seed)
    if isinstance(output, ClassesOutput):
        expect_classes(network, [_class_shares(partition, learnt) for partition in partitions])
    else:
        expect_counts(network, output, mean=float(learnt.mean()), occupied=float((learnt > 0).mean()))
    origin = start_encoder(network, config.start)
    colours = (network.encoder.mean, network.encoder.std) if config.normalisation == "encoder" else PAPER_COLOURS
    return network, description.model_copy(update={"start": origin, "mean": colours[0], "std": colours[1]})


def prepare_from(trained: Trained, config: TrainingConfig, store: PictureStore) -> tuple[UEPNet, ModelDescription]:
    """A copy of a trained network; what it was trained on has been seen by the new one too."""
    old = trained.description
    output = output_of(config, trained=old)
    partitions = old.partitions
    if not config.keep_intervals and isinstance(output, ClassesOutput):
        partitions = _fitted(config.intervals, learnt_counts(store, output, patch=old.patch))
    if tuple(partition.classes for partition in partitions) != old.classes:
        raise ConfigError(
            f"intervals: the heads of {old.name} have {old.classes} classes; ask for as many when they are fitted anew"
        )
    shape = _shape(old, config)
    network = UEPNet(shape, classes=old.channels)
    if network.presence is not None:
        begin_presence(network.presence, seed=config.seed)
    start_model(network, trained.network)
    return network, old.model_copy(
        update={
            "network": shape,
            "name": config.name,
            "output": output,
            "partitions": partitions,
            "decode": config.decode,
            "temperatures": (),  # of the old weights, as is the calibration
            "calibration": None,
            "familiar": None,
            "start": f"the model {old.name} ({old.start})",
            "steps": 0,
            "trained_on": tuple(dict.fromkeys((*old.trained_on, *store.data))),
            "seen": joined(old.seen, seen_of(store, patch=old.patch)),
            "validation": (),
        }
    )


def _refuse_other_network(config: TrainingConfig, description: ModelDescription, path: Path) -> None:
    shape, asked = _shape(description, config), config.network
    given = asked.model_fields_set if "network" in config.model_fields_set else set()
    if any(getattr(asked, name) != getattr(shape, name) for name in given):
        raise ConfigError(f"{path} is a network of {description.network}, but [network] asks for {asked}")
    if config.optimiser.learns == "presence" and not shape.presence:
        raise ConfigError(f"{path} has no presence branch that could learn; give network.presence too, such as 64")


def _shape(trained: ModelDescription, config: TrainingConfig) -> NetworkShape:
    """The trained model's, with the presence branch that the configuration adds to a model without one."""
    if trained.network.presence or "network" not in config.model_fields_set:
        return trained.network
    return trained.network.model_copy(update={"presence": config.network.presence})


def _fitted(fit: IntervalConfig, counts: Float[np.ndarray, " patches"]) -> tuple[Partition, ...]:
    return fit_partitions(counts, method=fit.method, intervals=fit.intervals, heads=fit.heads, proxies=fit.proxies)


def _class_shares(partition: Partition, counts: Float[np.ndarray, " patches"]) -> torch.Tensor:
    classes = torch.from_numpy(encode(counts, partition.borders))
    shares = torch.bincount(classes, minlength=partition.classes).float()
    return shares / shares.sum()
