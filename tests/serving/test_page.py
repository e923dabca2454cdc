"""The page from end to end, in headless Chromium; skipped where there is none."""

import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from uepnet import ZoneError, read_zones
from uepnet.inference.zones.placing import place_zones

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium; `apt-get install chromium` on Debian"),
    pytest.mark.xdist_group("page"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, start) -> Iterator[Any]:
    """Opens the page of a new server; at the end, nothing may have come from elsewhere or gone wrong in its console."""
    contexts, problems = [], []

    def open_page(*words: str, width: int = 1280, height: int = 800, **settings):
        server = start(*words)
        context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5_000)
        home = f"http://127.0.0.1:{server.port}/"
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if "Content Security" in said.text else None)
        page.on(
            "request",
            lambda asked: problems.append(asked.url) if not asked.url.startswith((home, "blob:", "data:")) else None,
        )
        page.goto(home)
        return page, server

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def crowd(tmp_path: Path, crowd_png: bytes) -> Path:
    """The small picture, enlarged so that zones can be drawn on it; its red pixels stay single."""
    import numpy as np

    pixels = np.full((400, 480, 3), 90, dtype=np.uint8)
    pixels[25, 10:130:10] = pixels[350, 300:350:10] = (255, 0, 0)
    path = tmp_path / "market.png"
    Image.fromarray(pixels).save(path)
    return path


def number(page) -> str:
    return page.locator("#number").inner_text().replace("\n", " ")


def counted(page, picture: Path) -> None:
    page.set_input_files("#file", picture)
    page.wait_for_selector("body[data-state=counted]")


def at(page, x: float, y: float) -> tuple[float, float]:
    """Where a point of the picture, in shares of its sides, is on the screen."""
    box = page.locator("#drawing").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def zone_counts(page) -> list[str]:
    page.wait_for_selector(".zones:not(.stale) .zone-count")
    return page.locator(".zone-count").all_inner_texts()


def test_a_picture_is_counted_with_range_and_heat(visit, crowd: Path) -> None:
    page, _ = visit()
    assert page.locator("h1").inner_text() == "How many people are in the picture?"
    counted(page, crowd)
    assert number(page) == "17 people"
    assert re.fullmatch(r"Between \d+ and \d+: in about 90 of 100 .*", page.locator("#sentence").inner_text())
    page.locator("#opacity").fill("40")
    assert page.locator("#heat").evaluate("heat => [heat.style.opacity, heat.naturalWidth > 100]") == ["0.4", True]
    page.click("#zoom-in")
    wide = page.locator("#canvas").bounding_box()["width"]
    page.click("#zoom-fit")
    assert page.locator("#canvas").bounding_box()["width"] == pytest.approx(wide / 1.5, rel=0.01)


def test_zones_are_drawn_named_limited_moved_and_removed(visit, crowd: Path) -> None:
    page, _ = visit()
    counted(page, crowd)
    page.click("#draw")
    for x, y in ((0.0, 0.0), (0.5, 0.0), (0.5, 0.3), (0.0, 0.3)):
        page.mouse.click(*at(page, x, y))
    page.click("#draw-done")
    assert zone_counts(page) == ["12"]
    page.locator("[aria-label='Name of zone 1']").fill("Gate <b>")
    page.keyboard.press("Enter")
    page.get_by_text("Limits and area").click()
    page.locator("[data-key=people_limit]").fill("10")
    page.keyboard.press("Tab")
    page.get_by_text("over, limit 10").wait_for()
    assert "Gate <b>: 12" in page.locator("#drawing").inner_html().replace("&lt;", "<").replace("&gt;", ">")
    page.locator(".grip.corner").nth(1).hover()
    page.mouse.down()
    page.mouse.move(*at(page, 0.05, 0.0), steps=4)
    page.mouse.up()
    page.get_by_text("may be over, limit 10").wait_for()
    assert zone_counts(page) == ["7"]
    assert page.locator(".zone.chosen").count() == 1
    page.click("[data-remove='0']")
    page.wait_for_selector(".zone", state="detached")
    assert page.locator("#zones-empty").is_visible()


def test_zones_are_drawn_and_moved_with_the_keyboard_alone(visit, crowd: Path) -> None:
    page, _ = visit()
    counted(page, crowd)
    page.locator("#draw").focus()
    page.keyboard.press("Enter")
    for keys in (["ArrowUp"] * 8, ["ArrowLeft"] * 9, ["ArrowDown"] * 9):
        for key in keys:
            page.keyboard.press(key)
        page.keyboard.press("Space")
    page.keyboard.press("Backspace")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert len(zone_counts(page)) == 1
    corner = page.locator(".grip.corner").first
    before = corner.locator(".handle").get_attribute("cx")
    corner.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    moved = page.locator(".grip.corner").first
    assert float(moved.locator(".handle").get_attribute("cx")) > float(before)
    assert moved.evaluate("corner => corner === document.activeElement")
    page.locator("#draw").press("Enter")
    page.keyboard.press("Escape")
    assert not page.locator("#drawbar").is_visible()


def test_a_zone_that_is_being_drawn_stays_with_its_picture(visit, crowd: Path) -> None:
    page, _ = visit()
    counted(page, crowd)
    page.click("#draw")
    for x, y in ((0.1, 0.1), (0.5, 0.1), (0.5, 0.5)):
        page.mouse.click(*at(page, x, y))
    assert page.locator("#drawing .draft").count() == 1
    counted(page, crowd)
    assert not page.locator("#drawbar").is_visible()
    assert page.locator("#draw").get_attribute("aria-pressed") == "false"
    assert page.locator("#drawing .draft").count() == 0


def test_crossing_zones_and_unknown_files_are_said_in_words(visit, crowd: Path, tmp_path: Path) -> None:
    page, _ = visit()
    counted(page, crowd)
    page.click("#draw")
    for x, y in ((0.1, 0.1), (0.9, 0.9), (0.9, 0.1), (0.1, 0.9)):
        page.mouse.click(*at(page, x, y))
    page.click("#draw-done")
    page.get_by_text(re.compile("its side from .* crosses its side")).wait_for()
    wrong = tmp_path / "wrong.json"
    for content in ("[1]", "null", "{", '{"zones": "all"}'):
        wrong.write_text(content, encoding="utf-8")
        page.set_input_files("#zone-file", wrong)
        page.locator("#toast").get_by_text("This is no zone file").wait_for()
        page.evaluate("document.getElementById('toast').textContent = ''")


def test_zone_files_that_the_command_line_refuses_are_refused(visit, crowd: Path, tmp_path: Path) -> None:
    page, _ = visit()
    counted(page, crowd)
    page.click("#rectangle")
    zone_counts(page)
    left = {"name": "left", "include": [[[0, 0], [240, 0], [240, 400], [0, 400]]]}
    size = {"width": 480, "height": 400}
    path = tmp_path / "wrong.json"
    for content, said in (
        ({"units": "pixels", "picture": {"width": 400, "height": 480}, "zones": [left]}, "another shape"),
        ({"units": "pixels", "picture": size, "zones": [{**left, "people_limits": 3}]}, "people_limits"),
        ({"units": "fraction", "zones": [left]}, "'pixels' or 'fractions', but found 'fraction'"),
        ({"units": "pixels", "zones": [{"include": left["include"]}]}, "zone 1, name: it is missing"),
        ({"units": "pixels", "zones": [None]}, "zone 1: it should be"),
    ):
        path.write_text(json.dumps(content), encoding="utf-8")
        with pytest.raises(ZoneError, match=re.escape(said)):
            place_zones(read_zones(path), source="picture", width=480, height=400)
        page.set_input_files("#zone-file", path)
        page.locator("#toast").get_by_text(said).wait_for()
        assert page.locator("[aria-label='Name of zone 1']").input_value() == "Zone 1"
    path.write_text(json.dumps({"units": "pixels", "picture": size, "zones": [left]}), encoding="utf-8-sig")
    page.set_input_files("#zone-file", path)
    page.locator("#drawing").get_by_text("left: 12").wait_for()
    assert zone_counts(page) == ["12"]


def test_ground_points_give_square_metres_and_the_files_agree(visit, crowd: Path, tmp_path: Path) -> None:
    page, _ = visit()
    counted(page, crowd)
    page.click("#rectangle")
    page.get_by_text("Square metres").first.click()
    page.click("#ground-place")
    page.locator("#ground-width").fill("12")
    page.keyboard.press("Tab")
    page.get_by_text(re.compile(r"per m² on \d+ m²")).wait_for()
    page.wait_for_selector(".zones:not(.stale)")
    saved = {}
    for button in ("zones-save", "save-json", "save-jpeg", "save-png"):
        with page.expect_download() as download:
            page.click(f"#{button}")
        saved[button] = tmp_path / download.value.suggested_filename
        download.value.save_as(saved[button])
    assert [path.name for path in saved.values()] == [
        "market.zones.json", "market.count.json", "market.overlay.jpg", "market.overlay.png",
    ]  # fmt: skip
    plan = read_zones(saved["zones-save"])
    assert plan.ground is not None
    assert [point.metres for point in plan.ground.points] == [(0, 0), (12, 0), (12, 8), (0, 8)]
    result = json.loads(saved["save-json"].read_text(encoding="utf-8"))
    assert (result["count"], result["source"], set(result) & {"heat", "maps", "view"}) == (17, "market.png", set())
    assert result["zones"][0]["area_m2"] > 1
    assert Image.open(saved["save-jpeg"]).size == Image.open(saved["save-png"]).size
    page.locator("#another").focus()
    page.set_input_files("#zone-file", saved["zones-save"])
    page.wait_for_selector(".zones:not(.stale) .zone-count")
    assert page.locator(".ground-grip").count() == 4


def test_another_model_counts_picture_and_zones_anew(visit, crowd: Path, twin_model: Path) -> None:
    page, _ = visit("--model", str(twin_model))
    counted(page, crowd)
    page.click("#rectangle")
    page.locator(".grip.corner").first.hover()
    page.mouse.down()
    page.mouse.move(*at(page, 0.0, 0.0), steps=4)
    page.mouse.up()
    before = zone_counts(page)
    page.locator("#model").select_option("twin")
    page.get_by_text("34 people").wait_for()
    assert abs(int(zone_counts(page)[0]) - 2 * int(before[0])) <= 1 < int(before[0])  # both are rounded
    assert "no range" in page.locator("#sentence").inner_text()


@pytest.mark.parametrize("failing", [False, True], ids=["cancelled", "failed"])
def test_a_model_that_did_not_count_leaves_all_as_it_was(visit, crowd: Path, twin_model: Path, failing: bool) -> None:
    page, _ = visit("--model", str(twin_model))
    counted(page, crowd)
    page.click("#rectangle")
    before = zone_counts(page)
    heat = page.locator("#heat").get_attribute("src")
    asked = []
    page.route("**/v1/count", lambda route: route.abort() if failing else asked.append(route))
    page.locator("#model").select_option("twin")
    if not failing:
        page.click("#cancel")
    page.wait_for_selector("body[data-state=counted]")
    assert page.locator("#model").input_value() == "red"
    assert page.locator("#heat").get_attribute("src") == heat
    assert number(page) == "17 people"
    with page.expect_request("**/v1/zones") as request:
        page.locator("[aria-label='Name of zone 1']").fill("Gate")
        page.keyboard.press("Enter")
    assert request.value.post_data_json["model"] == "red"
    assert zone_counts(page) == before
    with page.expect_download() as download:
        page.click("#save-png")
    assert download.value.suggested_filename == "market.overlay.png"


def test_pictures_are_pasted_and_dropped(visit, crowd: Path) -> None:
    page, _ = visit()
    give = """([kind, bytes]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], "given.png", { type: "image/png" }));
      const options = { bubbles: true, cancelable: true };
      const event = kind === "paste" ? new ClipboardEvent(kind, { ...options, clipboardData: data }) : new DragEvent(kind, { ...options, dataTransfer: data });
      document.body.dispatchEvent(event);
    }"""
    for kind in ("paste", "drop"):
        page.evaluate(give, [kind, list(crowd.read_bytes())])
        page.wait_for_selector("body[data-state=counted]")
        assert number(page) == "17 people"
        page.reload()


def test_pictures_that_the_browser_cannot_read_are_shown_all_the_same(visit, crowd: Path, tmp_path: Path) -> None:
    tiff = tmp_path / "market.tiff"
    Image.open(crowd).save(tiff)
    page, _ = visit()
    counted(page, tiff)
    assert number(page) == "17 people"
    assert page.locator("#picture").evaluate("picture => picture.naturalWidth") == 480


def test_what_goes_wrong_is_said_in_plain_words(visit, crowd: Path, tmp_path: Path) -> None:
    page, server = visit("--max-megapixels", "0.3")
    large, text = tmp_path / "large.png", tmp_path / "text.jpg"
    Image.new("RGB", (800, 600)).save(large)
    text.write_text("no picture", encoding="utf-8")
    for picture, said in ((large, "0.3 megapixels"), (text, "no picture that the server can read")):
        page.set_input_files("#file", picture)
        page.locator("#toast").get_by_text(said).wait_for()
        assert page.locator("body").get_attribute("data-state") == "empty"
    server.process.kill()
    page.set_input_files("#file", crowd)
    page.get_by_text("The server does not answer").wait_for()


def test_warnings_are_shown(visit, tmp_path: Path) -> None:
    dark = tmp_path / "dark.png"
    Image.new("RGB", (128, 128), (9, 9, 9)).save(dark)
    page, _ = visit()
    counted(page, dark)
    assert "almost of one colour" in page.locator("#doubts").inner_text()
    assert number(page) == "0 people"


def test_the_key_is_asked_for_once(visit, crowd: Path) -> None:
    page, _ = visit("--api-key", "geheim")
    for key in ("falsch", "geheim"):
        page.locator("#key").fill(key)
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
    counted(page, crowd)
    assert number(page) == "17 people"
    page.reload()
    counted(page, crowd)


@pytest.mark.parametrize("width", [320, 390, 820])
def test_it_fits_small_screens_and_works_by_touch(visit, crowd: Path, width: int) -> None:
    page, _ = visit(width=width, height=780, has_touch=True, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    counted(page, crowd)
    page.tap("#draw")
    for x, y in ((0.05, 0.02), (0.5, 0.02), (0.5, 0.4)):
        page.touchscreen.tap(*at(page, x, y))
    page.tap("#draw-done")
    assert len(zone_counts(page)) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(16, 19, 24)"
    small = page.locator("button:visible").evaluate_all(
        "found => found.filter(b => b.offsetHeight < 32).map(b => b.id)"
    )
    assert small == []


def test_every_control_has_a_name(visit, crowd: Path) -> None:
    page, _ = visit()
    counted(page, crowd)
    page.click("#rectangle")
    zone_counts(page)
    unnamed = page.locator("button, input:not([type=file]), select").evaluate_all(
        "all => all.filter(one => !(one.ariaLabel || one.textContent.trim() || one.labels?.length)).map(one => one.outerHTML)"
    )
    assert unnamed == []


def test_the_example_is_offered_to_whoever_has_no_picture(visit) -> None:
    page, server = visit()
    page.click("#example")
    page.wait_for_selector("body[data-state=counted]")
    connection = server.connect()
    connection.request("GET", "/example.jpg")
    assert Image.open(io.BytesIO(connection.getresponse().read())).size == (1024, 768)


def test_the_lines_of_zones_look_as_in_the_overlay() -> None:
    from uepnet.inference.zone_style import STYLES
    from uepnet.serving import page_files

    folder = Path(page_files.__file__).parent / "page"
    for sheet in ("layout.css", "stage.css"):
        text = (folder / sheet).read_text(encoding="utf-8")
        for status, style in STYLES.items():
            if status is not None:
                assert re.search(rf'\[data-status="{status}"\][^}}]*{style.colour}', text), (sheet, status)
