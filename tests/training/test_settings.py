"""The list of settings is the configuration's, and the page has it."""

import re
from pathlib import Path

from typer.testing import CliRunner

from uepnet.cli.app import app
from uepnet.training.settings import as_markdown, settings


def test_every_setting_says_what_it_is() -> None:
    listed = {one.name: one for one in settings()}
    assert [name for name, one in listed.items() if not one.about] == []
    assert listed["steps"].default == ""
    assert listed["sampling.scale"].default == "[0.3, 1.3]"
    assert listed["network.encoder"].default == '"vgg16"'
    assert listed["optimiser.schedule"].about.startswith("One of cosine, plateau. ")


def test_the_page_has_the_settings_of_today(repository: Path) -> None:
    page = (repository / "docs" / "training.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"<!-- settings -->\n(.*)<!-- /settings -->", page, re.DOTALL)
    assert table == as_markdown(), "put what training.settings.as_markdown() gives between the markers"


def test_the_command_line_lists_them() -> None:
    told = CliRunner().invoke(app, ["train", "--settings"])
    assert told.exit_code == 0
    assert "optimiser.warm_up (default: 200)" in told.output
