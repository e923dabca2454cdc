"""Everything a run needs to go on as if it had never stopped, in one safetensors file; no pickle.

Crops are drawn from the seed and the number of the step alone, so the number of the step is the state of all randomness.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from uepnet.errors import CheckpointError
from uepnet.network.uepnet import UEPNet
from uepnet.training.schedule import Schedule
from uepnet.whole_files import write_whole

INSTEAD = "begin anew in another --out, with --start from this folder's model.safetensors if it is there"
"""What to do without a checkpoint."""


@dataclass
class TrainingState:
    """What changes during a training."""

    network: UEPNet
    average: UEPNet
    optimiser: torch.optim.Optimizer
    schedule: Schedule
    step: int = 0
    best: float | None = None
    """Lowest validation score so far."""
    seconds: float = 0.0
    """Time spent, over all the run's parts."""
    saved: float = 0.0
    """`seconds` when the last checkpoint was written."""


def save_checkpoint(path: Path, state: TrainingState, *, run: str) -> None:
    """Write the state whole or not at all; `run` identifies the configuration and data it belongs to."""
    tensors: dict[str, Tensor] = {}
    for part, module in (("network", state.network), ("average", state.average)):
        tensors |= {f"{part}/{name}": tensor for name, tensor in module.state_dict().items()}
    for number, entries in state.optimiser.state_dict()["state"].items():
        for key, value in entries.items():
            if value is not None:
                tensors[f"optimiser/{number}/{key}"] = torch.as_tensor(value)
    header = {
        "run": run,
        "step": state.step,
        "best": state.best,
        "seconds": state.seconds,
        "schedule": state.schedule.state,
    }
    whole = save(
        {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()},
        metadata={"checkpoint": json.dumps(header)},
    )
    write_whole(path, whole)


def load_checkpoint(path: Path, state: TrainingState, *, run: str) -> None:
    """Put a saved state into `state`; refuses a checkpoint of another configuration or other data."""
    try:
        with safe_open(path, framework="pt") as file:
            header: dict[str, Any] = json.loads((file.metadata() or {})["checkpoint"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
    except FileNotFoundError as error:
        raise CheckpointError(f"{path}: there is no checkpoint to resume from; leave out --resume") from error
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        raise CheckpointError(f"{path}: this is no readable checkpoint ({error}); {INSTEAD}") from error
    if header["run"] != run:
        raise CheckpointError(
            f"{path}: the checkpoint belongs to another configuration, other data or an older version; use another --out"
        )
    try:
        _restore(state, tensors)
    except (KeyError, ValueError, RuntimeError) as error:
        raise CheckpointError(f"{path}: the checkpoint is damaged ({str(error).splitlines()[0]}); {INSTEAD}") from error
    state.step, state.best, state.seconds = header["step"], header["best"], header["seconds"]
    state.saved = state.seconds
    state.schedule.state.update(header["schedule"])


def _restore(state: TrainingState, tensors: dict[str, Tensor]) -> None:
    """Weights, average and the optimiser's moments."""
    for part, module in (("network", state.network), ("average", state.average)):
        prefix = part + "/"
        module.load_state_dict({k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})
    moments: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimiser/"):
            _, number, key = name.split("/")
            moments.setdefault(int(number), {})[key] = tensor
    groups = state.optimiser.state_dict()["param_groups"]
    state.optimiser.load_state_dict({"state": moments, "param_groups": groups})
