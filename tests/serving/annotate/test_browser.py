"""The page in a real browser, against the real command: clicks and keys, and what is on the disk after each."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from uepnet.annotations.labelling.csv_points import read_csv_in_work
from uepnet.annotations.labelling.formats import read_heads
from uepnet.scenes.example import draw_example
from uepnet.serving.refusals import StoppingError
from uepnet.serving.replies import refusal

CHROMIUM = shutil.which("chromium")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine (Debian: apt install chromium)"),
    pytest.mark.slow,
]
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/#token=\S+")


class Program:
    """`uepnet annotate` as a process."""

    def __init__(self, root: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "uepnet", "annotate", str(root), *options],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self.said = ""
        self.address = self.read(ADDRESS)

    def read(self, wanted: re.Pattern[str]) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            found = wanted.search(line)
            if found:
                return found.group()
        raise AssertionError(f"it ended: {self.said}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        self.said += self.process.communicate(timeout=30)[0]
        return self.process.returncode


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def start(root: Path) -> Iterator[Callable[..., Program]]:
    running: list[Program] = []

    def begin(*options: str) -> Program:
        running.append(Program(root, *options))
        return running[-1]

    yield begin
    for program in running:
        if program.process.poll() is None:
            program.stop(signal.SIGKILL)


def opened(browser: Any, program: Program) -> Any:
    """A page that knows of every error in it, past the first help."""
    page = browser.new_context(viewport={"width": 1200, "height": 800}).new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(program.address)
    page.locator("#help button").click()
    shows(page, "#marked", re.compile(r"\d"))
    return page


def shows(page: Any, element: str, text: str | re.Pattern[str]) -> None:
    playwright.expect(page.locator(element)).to_have_text(text, timeout=20_000)


def saved(page: Any) -> None:
    shows(page, "#saving", "saved")


def on_disk(root: Path) -> dict[str, tuple[int, bool]]:
    points, unfinished = read_csv_in_work(root / "heads.csv")
    return {name: (len(found), name not in unfinished) for name, found in points.items()}


def centre(page: Any, x: float = 0.5, y: float = 0.5) -> dict[str, float]:
    box = page.locator("#canvas").bounding_box()
    return {"x": box["width"] * x, "y": box["height"] * y}


def test_heads_are_marked_moved_removed_and_taken_back(root: Path, browser: Any, start: Callable[..., Program]) -> None:
    program = start("--no-guide")
    page = opened(browser, program)
    canvas = page.locator("#canvas")
    canvas.click(position=centre(page))
    canvas.click(position=centre(page, 0.3))
    canvas.click(position=centre(page, 0.7))
    saved(page)
    assert on_disk(root)["gate.png"] == (3, False)
    points = read_csv_in_work(root / "heads.csv")[0]["gate.png"]
    assert points[0].tolist() == pytest.approx([32.0, 20.0], abs=0.1)  # the middle of 64 x 40 pixels

    canvas.click(position=centre(page, 0.3), button="right")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 90, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    saved(page)
    moved = read_csv_in_work(root / "heads.csv")[0]["gate.png"]
    assert len(moved) == 2
    assert moved[0][0] > 33
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    saved(page)
    assert read_csv_in_work(root / "heads.csv")[0]["gate.png"].tolist() == points.tolist()
    page.keyboard.press("Control+Shift+Z")
    saved(page)
    assert on_disk(root)["gate.png"] == (2, False)

    page.keyboard.press("Enter")
    shows(page, "#name", "morning/9.png")
    playwright.expect(page.locator("#done")).to_be_enabled()
    page.keyboard.press("d")  # nobody in it
    saved(page)
    assert on_disk(root) == {"gate.png": (2, True), "morning/9.png": (0, True), "morning/10.png": (0, False)}
    assert page.locator("#done-count").inner_text() == "2"
    assert page.problems == []
    page.close()
    assert program.stop() == 0
    assert "2 of 3 pictures are done, with 2 heads" in program.said


def test_everything_works_by_keyboard_with_zoom_and_guide(
    root: Path, browser: Any, start: Callable[..., Program]
) -> None:
    page = opened(browser, start())
    shows(page, "#model", re.compile(r"^model \d"))
    page.keyboard.press("g")
    assert page.locator("#guide").get_attribute("aria-pressed") == "true"
    page.keyboard.press("]")
    assert page.locator("#opacity").input_value() == "55"
    before = page.locator("#zoom").inner_text()
    page.keyboard.press("+")
    assert page.locator("#zoom").inner_text() != before
    page.keyboard.press("0")
    assert page.locator("#zoom").inner_text() == before
    for key in ("Space", "ArrowRight", "ArrowRight", "ArrowRight", "Space", "Alt+ArrowUp"):
        page.keyboard.press(key)  # shows the crosshair, moves it, adds a head, moves that
    saved(page)
    assert on_disk(root)["gate.png"] == (1, False)
    assert read_csv_in_work(root / "heads.csv")[0]["gate.png"][0][1] == pytest.approx(19.0, abs=0.1)
    page.keyboard.press("Delete")
    saved(page)
    assert on_disk(root)["gate.png"] == (0, False)
    page.keyboard.press("n")
    shows(page, "#name", "morning/9.png")
    page.keyboard.press("p")
    shows(page, "#name", "gate.png")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    assert page.problems == []
    page.close()


def killed_after_one_head(browser: Any, start: Callable[..., Program]) -> tuple[Any, Program]:
    """A page with one head on the disk, and its server, which is dead."""
    program = start("--no-guide")
    page = opened(browser, program)
    page.locator("#canvas").click(position=centre(page))
    saved(page)
    program.stop(signal.SIGKILL)
    return page, program


def test_what_a_dead_server_did_not_save_is_saved_by_the_next(
    root: Path, browser: Any, start: Callable[..., Program]
) -> None:
    page, first = killed_after_one_head(browser, start)
    page.locator("#canvas").click(position=centre(page, 0.7))
    shows(page, "#saving", "not saved")
    assert on_disk(root)["gate.png"] == (1, False)
    second = start("--no-guide")
    assert second.address.split("#")[0] == first.address.split("#")[0]  # a folder keeps its port
    context = page.context
    again = context.new_page()
    again.goto(second.address)
    shows(again, "#marked", "2")
    saved(again)
    assert on_disk(root)["gate.png"] == (2, False)
    page.close()
    again.close()


def test_two_windows_do_not_write_over_each_other(root: Path, browser: Any, start: Callable[..., Program]) -> None:
    page = opened(browser, start("--no-guide"))
    other = page.context.new_page()
    other.goto(page.url)
    shows(other, "#marked", "0")
    page.locator("#canvas").click(position=centre(page))
    page.locator("#canvas").click(position=centre(page, 0.7))
    saved(page)
    other.locator("#canvas").click(position=centre(other, 0.3))
    other.locator("#conflict").wait_for()
    assert on_disk(root)["gate.png"] == (2, False)
    other.locator("#conflict button[value=theirs]").click()
    shows(other, "#marked", "2")
    saved(other)
    other.keyboard.press("Control+z")  # mine, after all
    saved(other)
    assert read_csv_in_work(root / "heads.csv")[0]["gate.png"][0][0] < 32
    page.close()
    other.close()


def test_a_draft_that_met_other_heads_is_never_lost(root: Path, browser: Any, start: Callable[..., Program]) -> None:
    page, _ = killed_after_one_head(browser, start)
    page.locator("#canvas").click(position=centre(page, 0.7))
    page.locator("#canvas").click(position=centre(page, 0.3))
    shows(page, "#saving", "not saved")
    again = page.context.new_page()
    page.close()
    table = root / "heads.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("gate.png,3", "gate.png,1"), encoding="utf-8")
    again.goto(start("--no-guide").address)
    again.locator("#conflict").wait_for()
    for _ in range(3):  # Escape chooses neither
        again.keyboard.press("Escape")
        again.wait_for_timeout(100)
    assert again.locator("#conflict").is_visible()
    shows(again, "#conflict-what", re.compile(r"There: 1 heads\. Yours: 3 heads\."))
    again.locator("#conflict button[value=theirs]").click()
    shows(again, "#marked", "1")
    again.keyboard.press("Control+z")  # mine, after all
    shows(again, "#marked", "3")
    saved(again)
    assert on_disk(root)["gate.png"] == (3, False)
    again.close()


def test_two_conflicts_are_asked_one_after_the_other(browser: Any, start: Callable[..., Program]) -> None:
    page = opened(browser, start("--no-guide"))
    page.evaluate("""async () => {
        const { whose } = await import("/conflicts.js");
        const heads = (count) => ({ points: Array(count).fill([0, 0]), done: false });
        globalThis.answers = Promise.all([whose("one.jpg", heads(1), heads(2)), whose("two.jpg", heads(3), heads(4))]);
    }""")
    shows(page, "#conflict-what", re.compile(r"^one\.jpg .* There: 1 heads\. Yours: 2 heads\."))
    page.locator("#conflict button[value=theirs]").click()
    shows(page, "#conflict-what", re.compile(r"^two\.jpg .* There: 3 heads\. Yours: 4 heads\."))
    page.locator("#conflict button[value=mine]").click()
    assert page.evaluate("answers") == ["theirs", "mine"]
    page.close()


def test_a_used_address_shows_a_locked_page(browser: Any, start: Callable[..., Program]) -> None:
    program = start("--no-guide")
    opened(browser, program).close()
    stranger = browser.new_context().new_page()
    stranger.goto(program.address)
    stranger.locator("text=This page is locked").wait_for()
    stranger.context.close()


def test_finished_pictures_are_downloaded_and_an_empty_one_is_refused(
    browser: Any, start: Callable[..., Program]
) -> None:
    page = opened(browser, start("--no-guide"))
    page.keyboard.press("e")
    page.locator("#export [data-form=csv]").click()
    shows(page, "#export-error", "no picture is marked as done yet, so there is nothing to export")
    page.keyboard.press("Escape")
    playwright.expect(page.locator("#export")).to_be_hidden()
    page.locator("#canvas").click(position=centre(page))
    page.keyboard.press("d")
    page.keyboard.press("e")
    with page.expect_download() as download:
        page.locator("#export [data-form=coco]").click()
    assert download.value.suggested_filename == "coco.json"
    assert read_heads(download.value.path().rename(download.value.path().with_suffix(".json")))["gate.png"].shape == (
        1,
        2,
    )
    assert page.problems == []
    page.close()


def test_what_a_stopping_server_says_is_shown(browser: Any, start: Callable[..., Program]) -> None:
    page = opened(browser, start("--no-guide"))
    text = "the server was stopped before its answer was ready; send the request again"
    said = refusal(StoppingError(text))
    answer = {"status": said.status_code, "headers": dict(said.headers), "body": bytes(said.body)}
    page.route("**/api/export/*", lambda route: route.fulfill(**answer))
    page.route("**/api/pictures/*", lambda route: route.fulfill(**answer))
    page.keyboard.press("e")
    page.locator("#export [data-form=csv]").click()
    shows(page, "#export-error", text)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.get_by_role("region", name="Picture").get_by_text(text).wait_for()
    assert page.problems == []
    page.close()


def test_a_crowd_is_not_nobody_by_one_key(root: Path, browser: Any, start: Callable[..., Program]) -> None:
    Image.fromarray(draw_example().pixels).save(root / "a.jpg")
    page = opened(browser, start())
    shows(page, "#model", re.compile(r"^model \d{3}"))
    page.keyboard.press("Enter")
    shows(page, "#toast", re.compile("Say it again if there is really nobody"))
    assert not (root / "heads.csv").exists()
    page.keyboard.press("Enter")
    shows(page, "#name", "gate.png")
    saved(page)
    assert on_disk(root)["a.jpg"] == (0, True)
    page.close()
