"""What a text names, and that secrets are shown to nobody."""

from pathlib import Path

import pytest

from uepnet.film.naming import film_source, shown, without_secrets


@pytest.mark.parametrize(
    ("text", "live"),
    [
        ("rtsp://10.0.0.7/live", True), ("RTSP://10.0.0.7:554/a.mp4", True), ("http://cam/mjpg", True),
        ("https://cam/live.m3u8?x=1", True), ("http://cam/film.mp4", False), ("http://cam/film.mp4?x=.ts", False),
        ("http://cam/part.ts", True), ("camera:0", True), ("/dev/video2", True),
    ],
)  # fmt: skip
def test_addresses_and_devices(text: str, live: bool) -> None:
    source = film_source(text)
    assert source is not None
    assert source.live == live


def test_films_are_files_with_the_endings_of_films(tmp_path: Path) -> None:
    film = tmp_path / "a.MP4"
    assert film_source(str(film)) is None
    film.write_bytes(b"")
    source = film_source(str(film))
    assert source is not None
    assert (source.address, source.live) == (str(film), False)
    for other in ("photo.jpg", "ftp://host/a.mp4", "file:///etc/passwd", "camera:x", "concat:a|b", ""):
        assert film_source(other) is None


@pytest.mark.parametrize(
    "address", ["rtsp://me:secret@cam:554/live?pass=secret", "http://me%40x:secret@cam:554/live?secret#secret"]
)
def test_secrets_are_not_shown(address: str) -> None:
    assert shown(address) == f"{address.partition(':')[0]}://cam:554/live"
    assert "secret" not in without_secrets(f"failed: '{address}' (again {address})")
    assert shown("http://[broken") == "http://..."
