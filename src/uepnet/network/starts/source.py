"""Where the weights to start from are: what a configuration's `start` says."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from uepnet.errors import ConfigError

RANDOM = "random"
"""What `start` says where nothing is to be loaded."""

CACHE_VARIABLE = "UEPNET_CACHE"
LOOPBACK = frozenset({"127.0.0.1", "::1"})
"""The only hosts that may be asked without encryption: this machine itself."""

FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")

OnBytes = Callable[[int, int | None], None]
"""Told the bytes that have arrived and how many there will be, if the server says so."""


@dataclass(frozen=True)
class Download:
    """A file on the web whose content is known by its SHA-256 (64 hexadecimal digits).

    Raises `ConfigError` for an address without encryption (only this machine itself may do without), without a hash, or
    without a file's name.
    """

    url: str
    sha256: str

    def __post_init__(self) -> None:
        try:
            secure = urlsplit(self.url).scheme == "https" or (urlsplit(self.url).scheme == "http" and self.local)
        except ValueError as error:
            raise ConfigError(f"{self.url}: this is no address ({error})") from error
        if not secure:
            raise ConfigError(
                f"{self.url}: weights are downloaded by https only; of a file on this machine give the path"
            )
        if not re.fullmatch("[0-9a-f]{64}", self.sha256):
            raise ConfigError(
                f"{self.url}: a download needs the SHA-256 of its file: write {self.url}#sha256= and its 64 hexadecimal "
                f"digits (the program sha256sum prints them for a file)"
            )
        if not FILE_NAME.fullmatch(self.name):
            raise ConfigError(f"{self.url}: the address should end in a file's name, such as vgg16.safetensors")

    @property
    def name(self) -> str:
        """The file's name, the last part of the address."""
        return PurePosixPath(urlsplit(self.url).path).name

    @property
    def local(self) -> bool:
        """Whether the host is this machine."""
        return urlsplit(self.url).hostname in LOOPBACK


def parse_source(text: str) -> Path | Download:
    """A path, or `https://host/folder/file.pth#sha256=` with the 64 digits of the file's SHA-256.

    >>> parse_source("https://host.example/vgg16.pth#sha256=" + "AB" * 32).name
    'vgg16.pth'
    """
    if "://" not in text:
        return Path(text).expanduser()
    address, _, fragment = text.partition("#")
    return Download(address, fragment.removeprefix("sha256=").lower())


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where downloads are kept: `$UEPNET_CACHE`, else `uepnet` in `$XDG_CACHE_HOME`, else in `~/.cache`.

    >>> cache_folder({"UEPNET_CACHE": "/big/disk"}).as_posix()
    '/big/disk'
    """
    if environment.get(CACHE_VARIABLE):
        return Path(environment[CACHE_VARIABLE]).expanduser()
    standard = environment.get("XDG_CACHE_HOME", "")
    if Path(standard).is_absolute():
        return Path(standard) / "uepnet"
    return Path.home() / ".cache" / "uepnet"
