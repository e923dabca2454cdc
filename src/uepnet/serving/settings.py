"""What a server counts with, and what it lets a stranger take: bytes, pixels, seconds and places in the queue."""

from typing import Literal

from pydantic import Field

from uepnet.frozen import Frozen
from uepnet.pictures import LARGEST_MEGAPIXELS

KEY = r"^[!-~]+$"
"""Letters of ASCII without spaces: browsers and programs send others each in their own way."""


class Settings(Frozen):
    """How a server is run; the defaults suit one machine with a few users."""

    models: tuple[str, ...] = ()
    """Names of bundled models or files, the first of them the default; none: all bundled models."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    max_megabytes: float = Field(32.0, gt=0, le=1000)
    """Of one request's body."""
    max_megapixels: float = Field(64.0, gt=0, le=LARGEST_MEGAPIXELS)
    max_seconds: float = Field(120.0, gt=0, le=3600)
    """From the last byte of a picture to its answer, waiting included."""
    upload_seconds: float = Field(60.0, gt=0, le=3600)
    """From the head of a request to the last byte of its body."""
    workers: int = Field(1, ge=1, le=64)
    """Pictures that are counted at the same time."""
    queue: int = Field(8, ge=0, le=1000)
    """Pictures that wait while others are counted."""
    api_key: str | None = Field(None, max_length=1000, pattern=KEY)
    allowed_hosts: frozenset[str] = frozenset()
    """Names that the server is called by, besides localhost and addresses in digits."""

    @property
    def max_bytes(self) -> int:
        """Of one request's body."""
        return int(self.max_megabytes * 1e6)

    @property
    def bytes_at_once(self) -> int:
        """Of all bodies that are in memory: every picture that may be counted or wait, and as many on their way."""
        return 2 * (self.workers + self.queue) * self.max_bytes
