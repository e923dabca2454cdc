"""The picture of docs/reports.md: the drawn example's report as it prints: python -m tools.screenshots.report docs/images/report.jpg

It needs Chromium and playwright. The line with the time of making differs from one run to the next.
"""

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import ViewportSize, sync_playwright

from uepnet.scenes.example import draw_example
from uepnet.whole_files import write_whole

MARGIN = 57
"""Pixels: 15 mm of A4, whose 96 pixels to the inch are those of a browser."""
PAGE = ViewportSize(width=794 - 2 * MARGIN, height=1123 - 2 * MARGIN)
SHARPNESS = 1.125


def shoot(address: str) -> Image.Image:
    """All of it, as on paper that is long enough."""
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=PAGE, device_scale_factor=SHARPNESS)
        page.emulate_media(media="print")
        page.goto(address)
        shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        browser.close()
        return ImageOps.expand(shot, border=round(MARGIN * SHARPNESS), fill="white")


def main(path: Path) -> None:
    """Draw, report and photograph."""
    with tempfile.TemporaryDirectory() as folder:
        photo, report = Path(folder) / "photo.jpg", Path(folder) / "report.html"
        Image.fromarray(draw_example().pixels).save(photo, quality=92)
        what = [photo.name, "--out", report.name, "--title", "The square, 15:20", "--area-m2", "150"]
        subprocess.run([sys.executable, "-m", "uepnet", "report", *what], check=True, cwd=folder)
        shot = shoot(report.as_uri())
    file = io.BytesIO()
    shot.save(file, format="JPEG", quality=85, optimize=True)
    write_whole(path, file.getvalue())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
