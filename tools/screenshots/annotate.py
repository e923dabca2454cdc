"""The picture of docs/annotating.md: drawn scenes in a folder, half of them marked, on the page of `uepnet annotate`.

Run it from the repository: `python -m tools.screenshots.annotate docs/images/annotate.jpg`. It needs `uepnet[test]` and
Chromium (Debian: `apt install chromium`). The heads are those that were drawn, so the picture is the same every time but
for the fonts of the machine.
"""

import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import ViewportSize, expect, sync_playwright

from uepnet.annotations.labelling.csv_points import read_csv, write_csv
from uepnet.scenes.example import draw_example
from uepnet.scenes.writing import write_empty, write_scenes
from uepnet.whole_files import write_whole

SIZE: ViewportSize = {"width": 1440, "height": 900}
NAMES = ("gate-1.jpg", "gate-2.jpg", "gate-3.jpg", "hall-2.jpg", "stage-1.jpg", "stage-2.jpg")
DONE = ("gate-1.jpg", "gate-2.jpg")
NOBODY = "hall-1.jpg"


def make_folder(root: Path) -> None:
    """The example with two thirds of its heads, drawn scenes of which two are done, and a picture of nobody."""
    scenes, empty = root.parent / "scenes", root.parent / "empty"
    write_scenes(scenes, seeds=range(len(NAMES)), width=768, height=576, heads=None)
    write_empty(empty, seeds=range(1), width=768, height=576)
    root.mkdir()
    drawn = read_csv(scenes / "heads.csv")
    rows = {}
    for scene, name in zip(sorted(scenes.glob("*.jpg")), NAMES, strict=True):
        if name in DONE:
            rows[name] = drawn[scene.name]
        scene.rename(root / name)
    next(empty.glob("*.jpg")).rename(root / NOBODY)
    example = draw_example()
    Image.fromarray(example.pixels).save(root / "market.jpg", quality=92)
    heads = example.heads.xy[np.argsort(example.heads.xy[:, 0])]
    marked = rows | {NOBODY: np.zeros((0, 2)), "market.jpg": heads[: len(heads) * 2 // 3]}
    write_csv(root / "heads.csv", marked, unfinished={"market.jpg"})


def shoot(address: str) -> bytes:
    """The page with the market open, the guide on and everything counted, as PNG."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(viewport=SIZE, color_scheme="light").new_page()
        page.goto(address)
        page.locator("#help button").click()
        page.get_by_text("market.jpg").click()
        page.keyboard.press("g")
        page.keyboard.press("[")
        expect(page.locator("#model")).to_have_text(re.compile(r"^model \d"), timeout=60_000)
        expect(page.locator("#left")).not_to_contain_text("so far", timeout=60_000)
        page.locator("#toast").wait_for(state="hidden")
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur()")
        shot = page.screenshot()
        browser.close()
        return shot


def main() -> None:
    """Write the picture to the file that is named."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "square"
        make_folder(root)
        command = [sys.executable, "-u", "-m", "uepnet", "annotate", str(root)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
            if program.stdout is None:
                raise RuntimeError("the command has no output")
            address = next(line.split()[1] for line in program.stdout if line.startswith("open "))
            try:
                shot = shoot(address)
            finally:
                program.terminate()
    encoded = io.BytesIO()
    Image.open(io.BytesIO(shot)).convert("RGB").save(encoded, format="JPEG", quality=82, optimize=True)
    write_whole(Path(sys.argv[1]), encoded.getvalue())
    print(f"{sys.argv[1]}: {len(encoded.getvalue()) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
