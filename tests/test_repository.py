"""What holds for the repository as a whole: light, readable, and free of the machine that it was written on."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

LARGEST_TOTAL_MB = 40
LONGEST_FILE = 320
LONGEST_FUNCTION = 80  # the training loop is read top to bottom; others are about half of it

MACHINE_PATH = re.compile(r"(?<![\w.~$}])/(?:root|home|Users|work|mnt)/\w")
REGISTRY = re.compile(r"pythonhosted\.|pypi\." r"org|registry\." r"npmjs|deb\." r"debian")


@pytest.fixture(scope="module")
def tracked(repository: Path) -> list[Path]:
    """Every file that git keeps or would keep."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    if listing.returncode != 0:
        pytest.skip(f"{repository} is no git repository: {listing.stderr.strip()}")
    files = [repository / name for name in listing.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def python_files(repository: Path) -> list[Path]:
    return sorted([*(repository / "src").rglob("*.py"), *(repository / "tests").rglob("*.py")])


def test_all_files_together_are_light(tracked: list[Path]) -> None:
    megabytes = sum(file.stat().st_size for file in tracked) / 1e6
    assert megabytes <= LARGEST_TOTAL_MB


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["paths", "registries"])
def test_no_file_names_this_machine(tracked: list[Path], repository: Path, pattern: re.Pattern[str]) -> None:
    found = []
    for file in tracked:
        content = file.read_bytes()
        if b"\0" not in content[:8000]:
            lines = enumerate(content.decode("utf-8").splitlines(), start=1)
            found += [
                f"{file.relative_to(repository)}:{number}: {line}" for number, line in lines if pattern.search(line)
            ]
    assert found == []


def test_the_patterns_find_what_they_should() -> None:
    assert MACHINE_PATH.search("see /" + "home/ada/notes")
    assert MACHINE_PATH.search('"/' + 'work/shared"')
    assert not MACHINE_PATH.search("https://host.example/path/" + "work/1 and ../home/x")
    assert REGISTRY.search("https://pypi." + "org/simple")


def test_every_file_reads_in_one_sitting(repository: Path) -> None:
    files = (repository / "src").rglob("*.py")
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {str(file): length for file, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_function_fits_on_a_screen(repository: Path) -> None:
    long = {}
    for file in sorted((repository / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long[f"{file.name}: {node.name}"] = length
    assert long == {}


def test_every_file_says_what_it_is(repository: Path) -> None:
    files = python_files(repository)
    assert [str(file) for file in files if not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))] == []


def test_every_folder_of_tests_mirrors_one_of_the_package(repository: Path) -> None:
    folders = {file.parent.relative_to(repository / "tests") for file in (repository / "tests").rglob("test_*.py")}
    folders -= {Path("hostile")}  # a corpus of bad files that goes through the whole program
    assert [str(folder) for folder in folders if not (repository / "src" / "uepnet" / folder).is_dir()] == []


def test_the_pinned_versions_satisfy_the_declared_ranges(repository: Path) -> None:
    import tomllib

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    lines = (repository / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if "==" in line)
    versions = {canonicalize_name(name): version for name, version in pinned.items()}
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    for requirement in map(Requirement, declared):
        if requirement.name != "uepnet":
            assert versions[canonicalize_name(requirement.name)] in requirement.specifier, requirement.name
