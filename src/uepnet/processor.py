"""What Linux says of the processor."""

from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")


def listed(listing: Path, *names: str) -> str | None:
    """The first value by one of these names in a file like Linux' cpuinfo; None without one."""
    if not listing.is_file():
        return None
    pairs = (line.partition(":") for line in listing.read_text(encoding="utf-8", errors="replace").splitlines())
    return next((value.strip() for name, _, value in pairs if name.strip() in names and value.strip()), None)


def instructions(listing: Path = CPUINFO) -> frozenset[str] | None:
    """The instructions that the processor has, as Linux names them; None where they are not known."""
    found = listed(listing, "flags", "Features")
    return None if found is None else frozenset(found.split())
