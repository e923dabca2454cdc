"""What a configuration's `start` may say."""

from pathlib import Path

import pytest

from uepnet.errors import ConfigError
from uepnet.network.starts.source import Download, cache_folder, parse_source

SHA256 = "0123456789abcdef" * 4


def test_a_path_is_a_path() -> None:
    assert parse_source("../encoders/vgg16.pth") == Path("../encoders/vgg16.pth")
    assert parse_source("./random") == Path("random")
    assert parse_source("~/vgg16.pth") == Path.home() / "vgg16.pth"


@pytest.mark.parametrize(
    "url",
    [
        "https://host.example/a/vgg16-397923af.pth",
        "http://127.0.0.1:8000/vgg16-397923af.pth",
        "http://[::1]/vgg16-397923af.pth",
    ],
)
def test_an_address_has_a_hash_and_a_name(url: str) -> None:
    source = parse_source(f"{url}#sha256={SHA256.upper()}")
    assert source == Download(url, SHA256)
    assert source.name == "vgg16-397923af.pth"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("https://host.example/vgg16.pth", "needs the SHA-256 of its file"),
        ("https://host.example/vgg16.pth#sha256=397923af", "needs the SHA-256 of its file"),
        (f"https://host.example/vgg16.pth#md5={SHA256}", "needs the SHA-256 of its file"),
        (f"http://host.example/vgg16.pth#sha256={SHA256}", "by https only"),
        (f"http://127.0.0.1@host.example/vgg16.pth#sha256={SHA256}", "by https only"),
        (f"http://127.0.0.1.host.example/vgg16.pth#sha256={SHA256}", "by https only"),
        (f"ftp://127.0.0.1/vgg16.pth#sha256={SHA256}", "by https only"),
        ("file:///folder/vgg16.pth", "by https only; of a file on this machine give the path"),
        (f"https://host.example/#sha256={SHA256}", "should end in a file's name"),
        (f"https://host.example/..#sha256={SHA256}", "should end in a file's name"),
        (f"https://host.example/a%2Fb.pth#sha256={SHA256}", "should end in a file's name"),
        (f"https://[host/vgg16.pth#sha256={SHA256}", "this is no address"),
    ],
)
def test_an_address_that_cannot_be_trusted_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        parse_source(text)


def test_downloads_are_kept_where_the_environment_says(tmp_path: Path) -> None:
    assert cache_folder({"UEPNET_CACHE": str(tmp_path), "XDG_CACHE_HOME": "/elsewhere"}) == tmp_path
    assert cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "uepnet"
    standard = Path.home() / ".cache" / "uepnet"
    assert cache_folder({}) == standard
    assert cache_folder({"XDG_CACHE_HOME": "relative/paths/do/not/count", "UEPNET_CACHE": ""}) == standard
