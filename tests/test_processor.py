"""Instructions as Linux lists them."""

from pathlib import Path

from uepnet.processor import instructions


def test_instructions_are_those_of_the_first_processor(tmp_path: Path) -> None:
    listing = tmp_path / "cpuinfo"
    listing.write_text("flags\t\t: fpu avx2\n\nflags\t\t: other\n", encoding="utf-8")
    assert instructions(listing) == frozenset({"fpu", "avx2"})
    assert instructions(tmp_path / "none") is None
