"""The PDF report: one page for a picture, the same words as the document, and names that stay text."""

import re
import sys
import zlib

import pytest

from uepnet.errors import MissingExtraError
from uepnet.reports.compose import compose
from uepnet.reports.pdf import as_pdf, check_pdf
from uepnet.reports.report import Report

pytest.importorskip("fpdf")


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", content))


def streams(content: bytes) -> str:
    """What the content streams draw; texts stand there in parentheses, with ( ) and \\ escaped."""
    found = []
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            found.append(zlib.decompress(raw).decode("latin-1"))
        except zlib.error:
            continue
    return "\n".join(found)


def test_a_picture_is_one_page(one: Report) -> None:
    content = as_pdf(compose(one))
    assert content.startswith(b"%PDF-")
    assert pages(content) == 1
    drawn = streams(content)
    for said in ("1,249", "60 to 101", "reduced speed", "ab" * 32, "For research."):
        assert said in drawn or all(word in drawn for word in said.split()), said


def test_many_pictures_have_a_page_each_after_the_summary(many: Report) -> None:
    assert pages(as_pdf(compose(many))) == 4


def test_the_same_report_is_the_same_file(one: Report) -> None:
    assert as_pdf(compose(one)) == as_pdf(compose(one))


def test_letters_that_the_font_lacks_are_written_out(one: Report) -> None:
    drawn = streams(as_pdf(compose(one)))
    assert "u5317" in drawn
    assert "**b**" in drawn  # no mark of the name makes letters bold


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(MissingExtraError, match=r"uepnet\[report\]"):
        check_pdf()
