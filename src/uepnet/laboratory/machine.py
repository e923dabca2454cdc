"""What a figure was made on and with: processor, commit and versions; never a host name or a folder."""

import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from uepnet.frozen import Frozen
from uepnet.processor import CPUINFO, instructions, listed

PACKAGES = ("uepnet", "numpy", "onnxruntime", "Pillow", "scipy", "torch")
"""The packages whose version may change a figure."""
INSTRUCTIONS = (
    "avx2",
    "avx512f",
    "avx512_bf16",
    "avx512_vnni",
    "avx_vnni",
    "amx_bf16",
    "amx_int8",
    "asimddp",
    "bf16",
    "i8mm",
)
"""What an x86 or ARM processor may have for products in fp32, bf16 and eight bits, as Linux names it."""


class Machine(Frozen):
    """The hardware, as far as it may change a figure or a time."""

    cpu: str
    cores: int
    accelerator: str | None
    system: str
    """Operating system and architecture, such as "Linux x86_64"."""
    instructions: str | None = None
    """Those of `INSTRUCTIONS` that the processor has, in a line; None where they are not known."""


def this_machine() -> Machine:
    """The machine that runs the program; the accelerator is that of torch where torch is in use."""
    return Machine(
        cpu=_cpu(CPUINFO),
        cores=os.cpu_count() or 1,
        accelerator=_accelerator(),
        system=f"{platform.system()} {platform.machine()}",
        instructions=_instructions(CPUINFO),
    )


def versions() -> dict[str, str]:
    """The versions of Python and of the packages in `PACKAGES` that are installed."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def commit_of(folder: Path) -> tuple[str | None, bool | None]:
    """The commit that the folder's repository is at and whether there are changes beside it; (None, None) without one."""
    try:
        commit = _git(folder, "rev-parse", "HEAD")
        return commit, bool(_git(folder, "status", "--porcelain"))
    except (OSError, subprocess.CalledProcessError):
        return None, None


def _git(folder: Path, *command: str) -> str:
    finished = subprocess.run(["git", "-C", str(folder), *command], capture_output=True, text=True, check=True)
    return finished.stdout.strip()


def _cpu(listing: Path) -> str:
    """The processor's name in a file like Linux' cpuinfo, or what Python knows of it."""
    return listed(listing, "model name") or platform.processor() or platform.machine()


def _instructions(listing: Path) -> str | None:
    """Those of `INSTRUCTIONS` in a file like Linux' cpuinfo."""
    found = instructions(listing)
    return None if found is None else " ".join(name for name in INSTRUCTIONS if name in found)


def _accelerator() -> str | None:
    """The CUDA device that torch uses; a program that never loaded torch does not load it for this."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return None
    return str(torch.cuda.get_device_name())
