"""Learning a row on kept features: decoder and heads alone, with the same steps as `training/loop.py`."""

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from uepnet.counting.local_counts import local_counts
from uepnet.description import ModelDescription
from uepnet.errors import TrainingError
from uepnet.laboratory.reproduce.features import CROPS_SEED, FeatureCache
from uepnet.laboratory.reproduce.trunk import Trunk, deepen
from uepnet.network.arithmetic import autocast
from uepnet.network.uepnet import UEPNet
from uepnet.points import HeadPoints
from uepnet.training.config import SamplingConfig, TrainingConfig
from uepnet.training.cutting import Cut
from uepnet.training.loss import Loss
from uepnet.training.optimiser import make_optimiser, set_learning_rate, update_average
from uepnet.training.preparation import prepare_new
from uepnet.training.sampling import Sampler
from uepnet.training.schedule import make_schedule
from uepnet.training.store import PictureStore, StoredPicture


class HeadSampler(Sampler):
    """A sampler whose batches have everything but pixels: the features of these are kept elsewhere."""

    def _pixels(self, cuts: Sequence[Cut], changes: object) -> Float[Tensor, "n 3 height width"]:  # noqa: ARG002
        return torch.zeros(()).expand(len(cuts), 3, self.config.crop, self.config.crop)


def learn_frozen(
    config: TrainingConfig,
    store: PictureStore,
    cache: FeatureCache,
    *,
    trunk: Trunk,
    on_step: Callable[[int, float], None] | None = None,
) -> tuple[UEPNet, ModelDescription]:
    """The averaged weights after the last step, trunk included, and their description.

    Batch s of the cache belongs to batch s of a `Sampler` of the store; which one a step takes depends on the seed and
    the step alone. Nothing is chosen by validation.
    """
    store = at_patch(store, patch=config.network.stride)
    network, description = prepare_new(config, store)
    trunk.into(network)
    average = copy.deepcopy(network).eval()
    optimiser = make_optimiser(network, config.optimiser)
    schedule = make_schedule(config.optimiser, steps=config.steps)
    sampler = HeadSampler(store, config.sampling, mean=description.mean, std=description.std, seed=CROPS_SEED)
    loss_of = Loss(config.objective, description, device=torch.device("cpu"))
    network.train()
    for step in range(config.steps):
        set_learning_rate(optimiser, config.optimiser.learning_rate * schedule.factor(step))
        number = batch_of_step(step, batches=cache.batches, seed=config.seed)
        batch = sampler.batch(number, patch=description.patch)
        features = cache.features(number)
        with autocast("cpu", "bf16"):
            values = network.answer(deepen(network.encoder, features))
        loss = loss_of(values, batch, patches=(~batch.beyond).sum().float())
        if not math.isfinite(float(loss.detach())):
            cure = (
                "the same row would end so again; another seed may not"
                if all(bool(feature.isfinite().all()) for feature in features)
                else f"kept features are no numbers: remove {cache.folder} and give the command once more"
            )
            raise TrainingError(f"{config.name}: the loss is {float(loss.detach())} at step {step}; {cure}")
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch
        torch.nn.utils.clip_grad_norm_(network.parameters(), config.optimiser.clip or math.inf)
        optimiser.step()
        update_average(average, network, decay=config.optimiser.averaging, step=step)
        if on_step is not None:
            on_step(step + 1, float(loss.detach()))
    return average, description.model_copy(update={"steps": config.steps})


def batch_of_step(step: int, *, batches: int, seed: int) -> int:
    """Which kept batch a step takes: every epoch all of them, each time in an order of its own.

    >>> sorted(batch_of_step(step, batches=5, seed=1) for step in range(5, 10))
    [0, 1, 2, 3, 4]
    """
    epoch, place = divmod(step, batches)
    return int(np.random.default_rng((seed, epoch)).permutation(batches)[place])


def at_patch(store: PictureStore, *, patch: int) -> PictureStore:
    """The same pictures with the local counts of patches of another size."""
    counts = [_counts(picture, patch=patch) for group in store.groups for picture in group]
    return replace(store, counts=np.concatenate(counts))


def _counts(picture: StoredPicture, *, patch: int) -> Float[np.ndarray, " patches"]:
    height, width = picture.pixels.shape[1:]
    heads = HeadPoints(picture.xy.double().numpy(), width=int(width), height=int(height))
    return local_counts(heads, picture.sigma.double().numpy(), patch=patch).ravel()


def crop_sampler(store: PictureStore, sampling: SamplingConfig, *, trunk: Trunk) -> Sampler:
    """The sampler of the crops whose features are kept."""
    encoder = trunk.encoder
    return Sampler(store, sampling, mean=encoder.mean, std=encoder.std, seed=CROPS_SEED)
