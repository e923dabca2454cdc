"""What a figure was made with."""

import platform
import socket
import subprocess
from pathlib import Path

import numpy as np

from uepnet.laboratory import machine
from uepnet.laboratory.machine import commit_of, this_machine, versions


def test_the_machine_without_its_name() -> None:
    machine = this_machine()
    assert machine.cores >= 1
    assert machine.cpu
    assert machine.system == f"{platform.system()} {platform.machine()}"
    assert len(socket.gethostname()) < 4 or socket.gethostname() not in machine.model_dump_json()


def test_versions_of_what_is_installed() -> None:
    found = versions()
    assert found["python"] == platform.python_version()
    assert found["numpy"] == np.__version__
    assert "uepnet" in found


def test_the_commit_of_a_repository_and_of_none(tmp_path: Path) -> None:
    assert commit_of(tmp_path) == (None, None)

    def git(*command: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        done = subprocess.run(["git", "-C", tmp_path, *identity, *command], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    git("init")
    (tmp_path / "file").write_text("one", encoding="utf-8")
    git("add", "file")
    git("commit", "--no-verify", "-m", "one")
    assert commit_of(tmp_path) == (git("rev-parse", "HEAD"), False)
    (tmp_path / "file").write_text("two", encoding="utf-8")
    assert commit_of(tmp_path) == (git("rev-parse", "HEAD"), True)


def test_processor_and_instructions_as_linux_lists_them(tmp_path: Path) -> None:
    listing = tmp_path / "cpuinfo"
    listing.write_text(
        "processor\t: 0\nmodel name\t: A Chip\nflags\t\t: fpu amx_int8 avx2 avx512_vnni2\n", encoding="utf-8"
    )
    assert machine._cpu(listing) == "A Chip"
    assert machine._instructions(listing) == "avx2 amx_int8"
    listing.write_text("processor\t: 0\nFeatures\t: fp asimddp bf16\n", encoding="utf-8")
    assert machine._instructions(listing) == "asimddp bf16"
    assert machine._instructions(tmp_path / "none") is None
