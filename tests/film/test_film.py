"""Frames of films and streams at their times, and one clear line for whatever is no film."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from uepnet.errors import FilmError, PictureTooLargeError
from uepnet.film.film import Film, Frame
from uepnet.film.naming import FilmSource, film_source
from uepnet.film.opening import ReadLimits

WriteFilm = Callable[..., Path]
QUICK = ReadLimits(open_seconds=3.0, read_seconds=1.5)


def levels(number: int, *, width: int = 64, height: int = 48) -> list[np.ndarray]:
    """Grey frames: the first of level 10, each 3 lighter than the one before."""
    return [np.full((height, width, 3), 10 + 3 * index, dtype=np.uint8) for index in range(number)]


def film_of(path: Path | str) -> FilmSource:
    source = film_source(str(path))
    assert source is not None
    return source


def seen(path: Path | str, *, every: float, limits: ReadLimits = QUICK) -> list[tuple[float, int]]:
    """Times and levels of the frames that are looked at."""
    return [
        (round(frame.seconds, 3), int(frame.pixels[0, 0, 0]))
        for frame in Film(film_of(path), every=every, limits=limits).frames()
    ]


def live(url: str, *, frames: int, every: float = 0.1, limits: ReadLimits = QUICK) -> list[Frame]:
    """The first frames of a stream."""
    reading = Film(film_of(url), every=every, limits=limits).frames()
    found = [next(reading) for _ in range(frames)]
    reading.close()
    return found


def test_a_frame_every_so_many_seconds(write_film: WriteFilm, tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.mkv", levels(21), fps=5)
    assert seen(path, every=1.0) == [(0.0, 10), (1.0, 25), (2.0, 40), (3.0, 55), (4.0, 70)]
    assert [at for at, _ in seen(path, every=0.2)] == pytest.approx([index / 5 for index in range(21)], abs=1e-3)
    film = Film(film_of(path), every=1.0)
    assert len(list(film.frames())) == 5
    assert film.duration == pytest.approx(4.2, abs=0.05)
    assert film.damaged == 0


def test_a_rate_that_changes_keeps_its_times(write_film: WriteFilm, tmp_path: Path) -> None:
    times = [0.0, 0.1, 0.2, 3.0, 3.7, 9.25, 9.3]
    path = write_film(tmp_path / "film.mkv", levels(7), times=times)
    assert seen(path, every=1.0) == [(0.0, 10), (3.0, 19), (9.25, 25)]


def test_a_film_that_starts_late_starts_at_0(write_film: WriteFilm, tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.mkv", levels(6), times=[100.0 + index for index in range(6)])
    assert [at for at, _ in seen(path, every=2.0)] == [0.0, 2.0, 4.0]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_frames_are_turned_as_the_file_says(write_film: WriteFilm, tmp_path: Path, rotation: int) -> None:
    """A phone's film of a picture whose left half is light: turned counter-clockwise by the file's angle."""
    pixels = np.zeros((48, 64, 3), dtype=np.uint8)
    pixels[:, :32] = 200
    path = write_film(tmp_path / "film.mp4", [pixels] * 3, codec="libx264", rotation=rotation)
    (frame, *_) = Film(film_of(path), every=1.0).frames()
    expected = np.rot90(pixels, rotation // 90)
    assert frame.pixels.shape == expected.shape
    assert np.abs(frame.pixels.astype(int) - expected)[8:-8, 8:-8].mean() < 30


def test_only_key_frames_are_decoded_where_they_are_enough(write_film: WriteFilm, tmp_path: Path) -> None:
    frames = levels(60) * 10
    path = write_film(tmp_path / "film.mp4", frames, codec="libx264", fps=10, options={"g": "10", "sc_threshold": "0"})
    film = Film(film_of(path), every=5.0)
    assert [frame.seconds for frame in film.frames()] == pytest.approx([5.0 * index for index in range(12)], abs=1e-3)
    assert film.decoded == 60
    everything = Film(film_of(path), every=0.1)
    assert len(list(everything.frames())) == everything.decoded == 600


def test_a_film_cut_short_gives_what_is_left(write_film: WriteFilm, tmp_path: Path) -> None:
    path = write_film(
        tmp_path / "film.mkv", [*np.random.default_rng(0).integers(0, 256, (40, 48, 64, 3), dtype=np.uint8)]
    )
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = seen(path, every=1.0)
    assert 2 <= len(found) <= 5


def broken_films(write_film: WriteFilm, folder: Path) -> dict[str, Path]:
    whole = write_film(folder / "whole.mp4", levels(10), codec="libx264").read_bytes()
    sound = folder / "sound.mp4"
    made = {
        "empty": b"",
        "rubbish": np.random.default_rng(0).bytes(20000),
        "text": b"this is no film\n" * 100,
        "no index": whole[: len(whole) // 2],
        "playlist": f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{folder / 'whole.mp4'}\n".encode(),
        "zeros": bytes(5000),
    }
    files = {name: folder / f"{name}.mp4" for name in made}
    for name, content in made.items():
        files[name].write_bytes(content)
    return {**files, "sound alone": _write_sound(sound)}


def _write_sound(path: Path) -> Path:
    import av

    with av.open(path, "w") as film:
        stream = film.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 2048), dtype=np.float32), format="fltp", layout="mono")
        frame.sample_rate = 44100
        film.mux(stream.encode(frame))
        film.mux(stream.encode())
    return path


def test_what_is_no_film_is_one_line(write_film: WriteFilm, tmp_path: Path) -> None:
    for name, path in broken_films(write_film, tmp_path).items():
        with pytest.raises(FilmError) as raised:
            list(Film(film_of(path), every=1.0, limits=QUICK).frames())
        said = str(raised.value)
        assert said.startswith(f"{path}: "), name
        assert "\n" not in said, name


def test_damaged_pieces_are_passed_over_and_counted(write_film: WriteFilm, tmp_path: Path) -> None:
    noise = [*np.random.default_rng(0).integers(0, 256, (30, 48, 64, 3), dtype=np.uint8)]
    path = write_film(tmp_path / "film.avi", noise, codec="mpeg4")
    content = bytearray(path.read_bytes())
    rng = np.random.default_rng(1)
    for at in rng.integers(4000, len(content) - 3000, 60):
        content[at : at + 40] = rng.bytes(40)
    path.write_bytes(content)
    film = Film(film_of(path), every=0.2, limits=QUICK)
    assert len(list(film.frames())) > 3


def test_frames_larger_than_the_limit_are_refused(write_film: WriteFilm, tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.mkv", levels(2))
    with pytest.raises(PictureTooLargeError, match=r"64 x 48 = 0\.0 megapixels, the limit is 0\.001"):
        list(Film(film_of(path), every=1.0, limits=ReadLimits(megapixels=0.001)).frames())


def test_jpegs_over_http_are_timed_by_when_they_come(
    http_server, crowd_frames: Callable[..., list[np.ndarray]]
) -> None:
    """A stream of JPEGs has no clock; FFmpeg would take it for 25 frames a second."""
    frames = live(http_server.plays_jpegs("/cam", levels(20), fps=10.0), frames=4, every=0.3)
    apart = np.diff([frame.seconds for frame in frames])
    assert ((apart > 0.15) & (apart < 1.5)).all()
    assert frames[0].pixels.shape == (48, 64, 3)


def test_a_film_over_http(write_film: WriteFilm, http_server, tmp_path: Path) -> None:
    content = write_film(tmp_path / "film.mkv", levels(11)).read_bytes()
    url = http_server.serves("/film.mkv", content)
    assert not film_of(url).live
    assert seen(url, every=1.0) == [(0.0, 10), (1.0, 25), (2.0, 40)]


def test_a_playlist_over_http_is_a_stream_that_ends(write_film: WriteFilm, http_server, tmp_path: Path) -> None:
    part = write_film(tmp_path / "part.ts", levels(20), codec="libx264", options={"g": "5"}).read_bytes()
    http_server.serves("/part.ts", part)
    text = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\npart.ts\n#EXT-X-ENDLIST\n"
    assert len(live(http_server.serves("/live.m3u8", text.encode()), frames=1)) == 1


def test_a_playlist_does_not_lead_to_files_of_this_machine(write_film: WriteFilm, http_server, tmp_path: Path) -> None:
    secret = write_film(tmp_path / "secret.ts", levels(20), codec="libx264")
    text = f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile://{secret}\n#EXT-X-ENDLIST\n"
    with pytest.raises(FilmError):
        live(http_server.serves("/live.m3u8", text.encode()), frames=1)


def test_an_rtsp_camera(rtsp_server: Callable[[Sequence[np.ndarray]], str]) -> None:
    url = rtsp_server(
        [
            np.full((144, 192, 3), 90, dtype=np.uint8),
            *np.random.default_rng(0).integers(0, 256, (3, 144, 192, 3), dtype=np.uint8),
        ]
    )
    frames = live(url, frames=3)
    assert frames[0].pixels.shape == (144, 192, 3)


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_a_camera_that_never_answers(silent_server: int, scheme: str) -> None:
    begin = time.monotonic()
    with pytest.raises(FilmError, match=r"nothing came within|no stream came"):
        live(f"{scheme}://user:secret@127.0.0.1:{silent_server}/live", frames=1, limits=ReadLimits(1.0, 1.0))
    assert time.monotonic() - begin < 8.0


def test_passwords_are_in_no_message(http_server) -> None:
    for url in (f"http://me:secret@127.0.0.1:{http_server.port}/none?token=secret", "rtsp://me:secret@127.0.0.1:9/x"):
        with pytest.raises(FilmError) as raised:
            live(url, frames=1)
        assert "secret" not in str(raised.value)
        assert "127.0.0.1" in str(raised.value)


def test_a_camera_that_is_not_there() -> None:
    with pytest.raises(FilmError, match="there is no camera at /dev/video99"):
        live("camera:99", frames=1)
