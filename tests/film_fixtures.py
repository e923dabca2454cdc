"""Films made on the spot, and servers on this machine's own address that play them as cameras do."""

import http.server
import io
import itertools
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import pytest
from PIL import Image

from tests.material import unchecked

if TYPE_CHECKING:
    from av.video.stream import VideoStream

Pixels = np.ndarray
WriteFilm = Callable[..., Path]


def write_film(
    path: Path,
    frames: Sequence[Pixels],
    *,
    times: Sequence[float] | None = None,
    fps: int = 5,
    codec: str = "ffv1",
    rotation: int = 0,
    options: dict[str, str] | None = None,
) -> Path:
    """Frames of one size as a film, lossless by default; `times` in seconds instead of a steady rate."""
    import av

    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(path, "w") as film:
        stream: VideoStream = film.add_stream(cast("Literal['libx264']", codec), rate=fps, options=options or {})
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "bgr0" if codec == "ffv1" else "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        if rotation:
            stream.set_display_rotation(rotation)
        for number, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            frame.time_base = Fraction(1, 1000)
            frame.pts = round(1000 * (number / fps if times is None else times[number]))
            film.mux(stream.encode(frame))
        film.mux(stream.encode())
    return path


@pytest.fixture(scope="session", name="write_film")
def write_film_fixture() -> WriteFilm:
    """See `write_film`."""
    return write_film


@pytest.fixture(scope="session")
def crowd_frames() -> Callable[..., list[Pixels]]:
    """Frames of one drawn place with so many people in each, with a camera's noise over them; each number is drawn once."""
    from uepnet.scenes.plan import plan_scene
    from uepnet.scenes.render import draw_plan

    @cache
    def drawn(number: int, seed: int, width: int, height: int) -> Pixels:
        plan = plan_scene(seed=seed, width=width, height=height, heads=100)
        with unchecked():
            return draw_plan(replace(plan, people=plan.people[:number])).pixels

    def frames(
        people: Sequence[int], *, seed: int = 9, width: int = 192, height: int = 144, noise: float = 2.0
    ) -> list[Pixels]:
        rng = np.random.default_rng(seed)
        shape = (height, width, 3)
        pixels = (drawn(number, seed, width, height) + rng.normal(0, noise, shape) for number in people)
        return [np.clip(one, 0, 255).astype(np.uint8) for one in pixels]

    return frames


@dataclass
class Server:
    """Something that listens on this machine; `answers` are its paths, `asked` those that were asked for."""

    port: int
    answers: dict[str, Callable[[http.server.BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    posted: list[bytes] = field(default_factory=list)
    status: int = 200

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def plays_jpegs(self, path: str, frames: Sequence[Pixels], *, fps: float = 20.0, times: int = 1000) -> str:
        """MJPEG as webcams serve it: one JPEG after the other without end, `times` times all frames."""

        def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            handler.end_headers()
            for pixels in itertools.chain.from_iterable(itertools.repeat(frames, times)):
                file = io.BytesIO()
                Image.fromarray(pixels).save(file, "JPEG", quality=95)
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(file.getvalue())}\r\n\r\n"
                handler.wfile.write(head.encode() + file.getvalue() + b"\r\n")
                time.sleep(1 / fps)

        self.answers[path] = answer
        return self.url(path)

    def serves(self, path: str, content: bytes) -> str:
        """A file."""

        def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)

        self.answers[path] = answer
        return self.url(path)


@pytest.fixture
def http_server() -> Iterator[Server]:
    """A server whose answers a test sets."""
    known = Server(0)

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

        def do_GET(self) -> None:
            known.asked.append(self.path)
            answer = known.answers.get(self.path)
            with suppress(OSError):  # a client that goes away
                if answer is None:
                    self.send_error(404)
                else:
                    answer(self)

        def do_POST(self) -> None:
            known.posted.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(known.status)
            self.end_headers()

    class Threads(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Threads(("127.0.0.1", 0), Handler) as server:
        known.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield known
        server.shutdown()


@pytest.fixture
def silent_server() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def rtsp_server() -> Iterator[Callable[[Sequence[Pixels]], str]]:
    """Plays frames to every client over RTSP (RFC 2326): H.264 in RTP packets (RFC 6184) within the RTSP connection."""
    with ExitStack() as stack:
        yield lambda frames: stack.enter_context(_playing(_access_units(frames)))


def _access_units(frames: Sequence[Pixels]) -> list[list[bytes]]:
    """The NAL units of each frame, every frame a key frame with its parameter sets."""
    import av

    encoder = av.CodecContext.create("libx264", "w")
    encoder.height, encoder.width = frames[0].shape[:2]
    encoder.pix_fmt, encoder.time_base = "yuv420p", Fraction(1, 10)
    encoder.options = {"tune": "zerolatency", "g": "1", "qp": "20"}
    packets = []
    for number, pixels in enumerate(frames):
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
        frame.pts = number
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return [
        [unit for unit in bytes(packet).replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit] for packet in packets
    ]


@contextmanager
def _playing(units: list[list[bytes]]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    threading.Thread(target=_talk, args=(connection, port, units), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield f"rtsp://127.0.0.1:{port}/live"


def _talk(connection: socket.socket, port: int, units: list[list[bytes]]) -> None:
    """One client: DESCRIBE, SETUP, PLAY, and then packets until it goes."""
    description = (
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=test\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
        "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:track\r\n"
    )
    with connection, suppress(OSError, IndexError):
        while True:
            asked = b""
            while not asked.endswith(b"\r\n\r\n"):
                asked += connection.recv(1) or (_ for _ in ()).throw(ConnectionError())
            lines = asked.decode().split("\r\n")
            method = lines[0].split()[0]
            number = next(line for line in lines if line.lower().startswith("cseq:"))
            more, body = "", ""
            if method == "DESCRIBE":
                body = description
                more = f"Content-Base: rtsp://127.0.0.1:{port}/live/\r\nContent-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
            elif method == "SETUP":
                more = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n"
            elif method == "OPTIONS":
                more = "Public: DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
            else:
                more = "Session: 1\r\n"
            connection.sendall(f"RTSP/1.0 200 OK\r\n{number}\r\n{more}\r\n{body}".encode())
            if method == "PLAY":
                _send_packets(connection, units)


def _send_packets(connection: socket.socket, units: list[list[bytes]]) -> None:
    sequence = 0
    for frame, nals in enumerate(itertools.cycle(units)):
        for place, nal in enumerate(nals):
            for payload, last in _payloads(nal):
                marker = 0x80 if last and place == len(nals) - 1 else 0
                packet = struct.pack(">BBHII", 0x80, 96 | marker, sequence % 65536, frame * 4500, 7) + payload
                connection.sendall(struct.pack(">cBH", b"$", 0, len(packet)) + packet)
                sequence += 1
        time.sleep(0.05)


def _payloads(nal: bytes, *, most: int = 1200) -> Iterator[tuple[bytes, bool]]:
    """A NAL unit whole, or in fragments (FU-A), and whether each is its end."""
    if len(nal) <= most:
        yield nal, True
        return
    pieces = [nal[at : at + most] for at in range(1, len(nal), most)]
    for place, piece in enumerate(pieces):
        first, last = place == 0, place == len(pieces) - 1
        yield bytes([nal[0] & 0x60 | 28, (first << 7) | (last << 6) | (nal[0] & 0x1F)]) + piece, last
