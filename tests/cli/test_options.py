"""The options that several commands share: refused early, alike everywhere, and with the library's own names."""

import re
from collections.abc import Collection, Iterator
from typing import Any, get_args

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from uepnet.annotations.ucf_cc_50 import FOLDS
from uepnet.cli.app import app
from uepnet.counting.partition import METHODS, Heads, ProxyRule
from uepnet.description import Decode
from uepnet.evaluation.protocols import PROTOCOLS
from uepnet.inference.counter import BackendName
from uepnet.laboratory.reproduce.artefacts import ALL, NAMES
from uepnet.laboratory.reproduce.artefacts import FOLDS as REPRODUCED_FOLDS
from uepnet.laboratory.reproduce.presets import EFFORTS
from uepnet.network.arithmetic import Precision
from uepnet.pictures import LARGEST_MEGAPIXELS


def all_commands(group: Any, *before: str) -> Iterator[tuple[str, Any]]:
    """Every command below a group, with the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from all_commands(command, *before, name)
        else:
            yield " ".join((*before, name)), command


COMMANDS: dict[str, Any] = dict(all_commands(get_command(app)))


def declared(option: str) -> dict[str, Any]:
    """The option as each command declares it, of those that have it."""
    return {
        words: parameter
        for words, command in COMMANDS.items()
        for parameter in command.params
        if option in parameter.opts
    }


def run(words: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*words.split(), *arguments], env={"COLUMNS": "200"})


@pytest.mark.parametrize("words", declared("--device"))
def test_an_unknown_device_is_refused_before_anything_is_read(words: str) -> None:
    result = run(words, "--device", "tpu")
    assert result.exit_code == 2
    assert "'tpu' is not one of" in result.stderr


@pytest.mark.parametrize("megapixels", [0.0, LARGEST_MEGAPIXELS + 1])
@pytest.mark.parametrize("words", declared("--max-megapixels"))
def test_megapixels_that_no_picture_can_have_are_refused_before_anything_is_read(words: str, megapixels: float) -> None:
    result = run(words, "--max-megapixels", str(megapixels))
    assert result.exit_code == 2
    assert "Invalid value for '--max-megapixels'" in result.stderr


def test_the_largest_picture_of_the_library_can_be_asked_for() -> None:
    result = run("count", "--max-megapixels", str(LARGEST_MEGAPIXELS))
    assert "Missing argument" in result.stderr


@pytest.mark.parametrize(
    ("words", "option", "choices"),
    [
        ("count", "--decode", get_args(Decode)),
        ("evaluate", "--backend", get_args(BackendName)),
        ("partition", "--heads", get_args(Heads)),
        ("partition", "--proxies", get_args(ProxyRule)),
        ("temperatures", "--precision", get_args(Precision)),
        ("reproduce", "--preset", EFFORTS),
        ("reproduce", "--convention", FOLDS),
    ],
)
def test_the_choices_are_those_of_the_library(words: str, option: str, choices: Collection[str]) -> None:
    _, _, known = run(words, option, "?").stderr.partition("is not one of")
    assert set(re.findall(r"'([\w-]+)'", known)) == set(choices)


@pytest.mark.parametrize("option", ["--backend", "--max-megapixels", "--protocol", "--record"])
def test_what_means_the_same_is_said_in_the_same_words(option: str) -> None:
    assert len(declared(option)) > 1
    assert len({parameter.help for parameter in declared(option).values()}) == 1


@pytest.mark.parametrize(
    ("words", "parameter", "registry"),
    [
        ("partition", "method", METHODS),
        ("reproduce", "what", (*NAMES, ALL, REPRODUCED_FOLDS)),
        ("evaluate", "protocol", PROTOCOLS),
        ("evaluate", "folds", FOLDS),
        ("compare", "protocol", PROTOCOLS),
    ],
)
def test_the_help_names_all_that_can_be_asked_for(words: str, parameter: str, registry: Collection[str]) -> None:
    (text,) = (one.help for one in COMMANDS[words].params if one.name == parameter)
    assert set(registry) - set(re.findall(r"[\w-]+", text)) == set()
