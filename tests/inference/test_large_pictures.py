"""The largest pictures are counted and drawn in the memory that docs/limits.md states."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("resource", reason="this system does not say how much memory a process took")

SIDE = 20_000
WRITE = """
import sys
from PIL import Image
from uepnet.scenes.example import draw_example
picture = Image.new("RGB", ({side}, {side}), (96, 120, 88))
crowd = Image.fromarray(draw_example().pixels)
for place in ((0, 0), ({side} - crowd.width, {side} - crowd.height)):
    picture.paste(crowd, place)
picture.save(sys.argv[1], quality=80)
"""
COUNT = """
import json, resource, sys
import numpy as np
from uepnet.cli.app import main
from uepnet.inference.backends import PatchMaps
from uepnet.inference.onnx_backend import OnnxBackend

model, shown = OnnxBackend.run, []

def first_tiles(self, picture):
    # the model's own answer to a few tiles, which is what takes memory; the rest would take time only
    shown.append(picture.shape)
    if len(shown) <= 3:
        return model(self, picture)
    rows, columns = (-(-side // self.description.patch) for side in picture.shape[:2])
    return PatchMaps(*(np.zeros((rows, columns), dtype=np.float32) for _ in range(3)))

OnnxBackend.run = first_tiles
sys.argv = ["uepnet", "count", sys.argv[1], "--max-megapixels", "500", "--json", "--overlay", "--out", sys.argv[2]]
try:
    main()
finally:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(json.dumps({"peak": peak, "tiles": len(shown)}))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is not told there")
def test_four_hundred_megapixels_in_three_gigabytes(tmp_path: Path) -> None:
    picture = tmp_path / "square.jpg"
    subprocess.run([sys.executable, "-c", WRITE.format(side=SIDE), str(picture)], check=True)
    command = [sys.executable, "-c", COUNT, str(picture), str(tmp_path / "out")]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    result, found = map(json.loads, told.stdout.splitlines())
    assert found["peak"] < 3e9
    assert found["tiles"] == 14**2
    assert result["count"] > 100
    with Image.open(tmp_path / "out" / "square.overlay.jpg") as drawing:
        assert max(drawing.size) < 3000
