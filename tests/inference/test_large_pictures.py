"""The largest pictures are counted and drawn in the memory that docs/limits.md states."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

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
from pathlib import Path
import numpy as np
from uepnet.inference.backends import PatchMaps
from uepnet.inference.counter import Counter
from uepnet.inference.overlay import draw_overlay

counter = Counter(max_megapixels=500)
model, shown = counter.backend._backend, []

class FirstTiles:
    '''The model's own answer to a few tiles, which is what takes memory; the rest would take time only.'''
    description = model.description
    def run(self, picture):
        shown.append(picture.shape)
        if len(shown) <= 3:
            return model.run(picture)
        rows, columns = (-(-side // self.description.patch) for side in picture.shape[:2])
        return PatchMaps(*(np.zeros((rows, columns), dtype=np.float32) for _ in range(3)))

counter.backend._backend = FirstTiles()
picture = counter.read(Path(sys.argv[1]))
result = counter.count(picture)
drawing = draw_overlay(picture, result)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"peak": peak, "count": result.count, "tiles": len(shown), "drawing": drawing.size}))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is not told there")
def test_four_hundred_megapixels_in_three_gigabytes(tmp_path: Path) -> None:
    picture = tmp_path / "square.jpg"
    subprocess.run([sys.executable, "-c", WRITE.format(side=SIDE), str(picture)], check=True)
    told = subprocess.run([sys.executable, "-c", COUNT, str(picture)], check=True, capture_output=True, text=True)
    found = json.loads(told.stdout)
    assert found["peak"] < 3e9
    assert found["tiles"] == 16**2
    assert found["count"] > 100
    assert max(found["drawing"]) < 3000
