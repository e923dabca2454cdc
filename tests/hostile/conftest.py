"""What a stranger may hand in, made here: no such file is committed."""

import io
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
sys.argv = ["uepnet", *sys.argv[2:]]
from uepnet.cli.app import main
main()
"""


@pytest.fixture(scope="session")
def limited_program() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `uepnet` as a process of its own, with so many bytes of address space and a minute at most."""
    pytest.importorskip("resource", reason="this system does not limit the memory of a process")

    def run(*words: object, memory: float = 3e9) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", LIMITED, str(int(memory)), *map(str, words)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        return subprocess.run(
            command, capture_output=True, text=True, timeout=60, env=environment, check=False, stdin=subprocess.DEVNULL
        )

    return run


@pytest.fixture(scope="session")
def bombs() -> dict[str, bytes]:
    """Small files that say that they are huge pictures, by file name."""
    huge = 60_000
    gif = b"GIF89a" + struct.pack("<HHBBB", huge, huge, 0x80, 0, 0) + bytes(6)
    gif += b"," + struct.pack("<HHHHB", 0, 0, huge, huge, 0) + b"\x02\x02\x4c\x01\x00;"
    vp8l = struct.pack("<BI", 0x2F, 16383 | 16383 << 14) + b"\0"
    webp = b"RIFF" + struct.pack("<I", 12 + len(vp8l)) + b"WEBPVP8L" + struct.pack("<I", 5) + vp8l
    sides = [(256, 4, huge), (257, 4, huge), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (278, 4, huge)]
    tags = [*sides, (279, 4, 0xFFFFFFF0)]
    tiff = b"II*\0" + struct.pack("<IH", 8, len(tags))
    tiff += b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags) + bytes(4)
    bmp = b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, huge, huge, 1, 24, *[0] * 6)
    file = io.BytesIO()
    Image.new("RGB", (16, 16)).save(file, "JPEG")
    frame = file.getvalue().index(b"\xff\xc0")
    jpeg = file.getvalue()[: frame + 5] + struct.pack(">HH", 65000, 65000) + file.getvalue()[frame + 9 :]
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", progressive=True)
    scan = file.getvalue()[file.getvalue().rindex(b"\xff\xda") : -2]
    return {
        "scans.jpg": file.getvalue()[:-2] + 300 * scan + file.getvalue()[-2:],
        "bomb.png": png_of_zeros(huge, huge, rows=50),
        "bomb.gif": gif,
        "bomb.webp": webp,
        "bomb.tif": tiff,
        "bomb.bmp": bmp,
        "bomb.jpg": jpeg,
        "bomb.ppm": f"P6 {huge} {huge} 255\n".encode(),
        "thread.png": png_of_zeros(20_000_000, 1, rows=1),
    }


def png_of_zeros(width: int, height: int, *, rows: int) -> bytes:
    """A PNG of which only so many rows are there, packed a thousand times smaller than they are."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    packed = zlib.compress(bytes((1 + 3 * width) * rows), 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.fixture
def good_picture(tmp_path: Path) -> Path:
    """A picture that can be counted, whose name comes last."""
    path = tmp_path / "zz-good.png"
    pixels = np.random.default_rng(1).integers(0, 256, (64, 80, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path
