"""The repository's own pages and result files agree."""

from pathlib import Path

from uepnet.laboratory.render import render_pages
from uepnet.laboratory.results import read_result


def test_every_page_shows_what_its_result_files_say(repository: Path) -> None:
    changed = [str(path.relative_to(repository)) for path in render_pages(repository, write=False)]
    assert changed == [], "run `python -m uepnet.laboratory.render`"


def test_every_result_file_is_whole(repository: Path) -> None:
    for path in sorted((repository / "results").rglob("*.json")):
        read_result(path)
