"""The page of `uepnet serve` with the drawn example and its zones: python -m tools.screenshots.serve docs/images/serve.jpg

It needs Chromium, `uepnet[serve]` and playwright.
"""

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import ViewportSize, sync_playwright

from uepnet.whole_files import write_whole

ZONES = Path(__file__).resolve().parents[2] / "examples" / "square.zones.json"
SIZE = ViewportSize(width=1360, height=860)
PATIENCE = 60_000
"""Milliseconds."""


def take(address: str) -> bytes:
    """The page as JPEG."""
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": SIZE["width"], "height": SIZE["height"]}, color_scheme="light")
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        page.click("#example")
        page.wait_for_selector("body[data-state=counted]")
        page.set_input_files("#zone-file", ZONES)
        page.wait_for_selector(".zones:not(.stale) .zone-count")
        page.click(".zone >> nth=1")
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(500)
        picture = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    file = io.BytesIO()
    picture.convert("RGB").save(file, format="JPEG", quality=85, optimize=True)
    return file.getvalue()


def main(path: Path) -> None:
    """Start a server, take its picture and stop it."""
    command = [sys.executable, "-m", "uepnet", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline() if server.stdout is not None else ""
        found = re.search(r"http://\S+", line)
        try:
            if found is None:
                raise SystemExit(f"the server did not start: {line}")
            write_whole(path, take(found[0]))
        finally:
            server.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
