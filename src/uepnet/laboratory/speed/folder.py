"""Counting a folder with drawings, against the network's time alone: files should cost nothing on top of it."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image
from pydantic import JsonValue

from uepnet.inference.counter import Counter
from uepnet.inference.pipeline import overlapped
from uepnet.inference.saving import save_result
from uepnet.laboratory.speed.clock import interleaved
from uepnet.scenes.example import draw_example

PICTURES = 16
LEAST_SHARE = 0.95

Picture = UInt8[np.ndarray, "height width 3"]


def measure_folder(*, quick: bool) -> list[dict[str, JsonValue]]:
    """One record: a folder of JPEG pictures counted and drawn by the default model, as `uepnet count --overlay` does it.

    `network_share` is the time of counting the same pictures from memory, one after another with all cores and nothing
    beside it, divided by the time of the whole, which counts one picture a core; `plain_share` is the same for reading,
    counting and writing in turns.
    """
    counter, of_one_thread = Counter(device="cpu"), Counter(device="cpu", threads=1)
    with tempfile.TemporaryDirectory() as parent:
        files = write_pictures(Path(parent), 2 if quick else PICTURES, every=8 if quick else 1)
        out = Path(parent) / "out"
        out.mkdir()
        pictures = [counter.read(file) for file in files]
        seconds = interleaved(
            {
                "network": lambda: [counter.count(picture) for picture in pictures],
                "overlapped": lambda: count_overlapped(of_one_thread, files, out),
                "plain": lambda: count_in_turns(counter, files, out),
            },
            repetitions=1 if quick else 5,
        )
    share = seconds["network"] / seconds["overlapped"]
    return [
        {
            "part": "folder",
            "name": f"{len(files)} pictures of {pictures[0].shape[1]} x {pictures[0].shape[0]}, read, counted, drawn",
            "seconds": seconds["overlapped"],
            "network_seconds": seconds["network"],
            "plain_seconds": seconds["plain"],
            "network_share": share,
            "plain_share": seconds["network"] / seconds["plain"],
            "aim": f"{LEAST_SHARE:.0%} network",
            "met": share >= LEAST_SHARE,
        }
    ]


def count_overlapped(counter: Counter, files: Sequence[Path], out: Path) -> list[float]:
    """The counts, the files read and the drawings written while others are counted."""
    outcomes = overlapped(
        files,
        read=counter.read,
        count=lambda file, picture: counter.count(picture, name=file.name),
        write=lambda file, picture, result: save_result(result, picture, stem=out / file.stem),
        at_once=counter.at_once,
    )
    counts = []
    for outcome in outcomes:
        if outcome.error is not None:
            raise outcome.error
        if outcome.result is not None:
            counts.append(outcome.result.count)
    return counts


def count_in_turns(counter: Counter, files: Sequence[Path], out: Path) -> list[float]:
    """The counts, each picture read, counted, drawn and written before the next."""
    counts = []
    for file in files:
        picture = counter.read(file)
        result = counter.count(picture, name=file.name)
        save_result(result, picture, stem=out / file.stem)
        counts.append(result.count)
    return counts


def write_pictures(folder: Path, number: int, *, every: int) -> list[Path]:
    """The example picture, of which each `every`th pixel is taken, shifted a little more for each file."""
    pixels = draw_example().pixels[::every, ::every]
    files = [folder / f"{index:03d}.jpg" for index in range(number)]
    for index, file in enumerate(files):
        Image.fromarray(np.roll(pixels, 8 * index, axis=1)).save(file, quality=90)
    return files
