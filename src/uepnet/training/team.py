"""Several processes that learn together (`torchrun`): each makes and learns its part of every batch."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor

LONGEST_VALIDATION = timedelta(hours=6)
"""How long the other processes wait for the one that validates before they give up."""


@dataclass(frozen=True)
class Team:
    """This process's place among `size` processes; the one of rank 0 validates and writes."""

    rank: int
    size: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """Whether this is the process that validates and writes."""
        return self.rank == 0

    def total(self, value: Tensor) -> Tensor:
        """The sum of a value over all processes."""
        if self.size > 1:
            value = value.clone()
            dist.all_reduce(value)
        return value

    def wait(self) -> None:
        """Go on when all processes are here."""
        if self.size > 1:
            dist.barrier()


@contextmanager
def join_team() -> Iterator[Team]:
    """The team that torchrun started this process in (its environment variables say so), or a team of one."""
    size, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
    cuda = torch.cuda.is_available()
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if cuda else torch.device("cpu")
    if size == 1:
        yield Team(rank=0, size=1, device=device)
        return
    if cuda:
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if cuda else "gloo", timeout=LONGEST_VALIDATION)
    try:
        yield Team(rank=rank, size=size, device=device)
    finally:
        dist.destroy_process_group()
