"""The HTML report: everything is in it, nothing else is needed, and no name becomes more than text."""

import base64
import io
from html.parser import HTMLParser

from PIL import Image

from uepnet.reports.compose import compose
from uepnet.reports.html import as_html
from uepnet.reports.report import Report

VOID = {"meta", "img", "br", "rect"}


class Page(HTMLParser):
    """The elements of a page with their attributes, and its texts; refuses tags that do not match."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(as_html(compose(report)).decode())
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_it_says_everything(one: Report) -> None:
    text = Page(one).text
    for said in (
        *("1,249", "people", "Between 1,000 and 1,600", "about 90 of 100 pictures", "very dark"),
        *("stage <i>", "60 to 101", "1.60 (constrained)", "200 (ok)", "2.5 people per m² (reduced speed)"),
        *(
            "involuntary contact",
            "1,250",
            "93.4",
            "165.0",
            "ab" * 32,
            "cd" * 32,
            "For research.",
            "2026-03-04 05:06 UTC",
        ),
        *("uepnet 0.1.0", "squares of 8 x 8 pixels", "nobody was identified", "96 x 80 pixels"),
    ):
        assert said in text, said
    assert "77.0" not in text  # the other decode's error


def test_a_hostile_name_stays_text(one: Report) -> None:
    page = Page(one)
    assert "</title><script>alert(1)</script>\\n&\u5317 \"'**b**.jpg" in page.text
    assert "\u202e" not in page.text
    assert page.all("script") == []
    assert page.all("i") == page.all("b")[1:] == []  # the one b is the number


def test_it_needs_nothing_from_elsewhere(one: Report) -> None:
    page = Page(one)
    policies = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policies
    assert (policies[0] or "").startswith("default-src 'none'; img-src data:;")
    addresses = [
        value for _, attributes in page.elements for name, value in attributes.items() if name in ("src", "href")
    ]
    assert addresses
    assert all((address or "").startswith("data:image/jpeg;base64,") for address in addresses)
    picture = Image.open(io.BytesIO(base64.b64decode((addresses[0] or "").partition(",")[2])))
    assert picture.format == "JPEG"
    assert "url(" not in as_html(compose(one)).decode()


def test_it_can_be_used_without_seeing_it(one: Report) -> None:
    page = Page(one)
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == 1
    assert len(page.all("h2")) == len(page.all("section")) == 4
    assert all("1,249" in (image["alt"] or "") and "stage <i>" in (image["alt"] or "") for image in page.all("img"))
    assert len(page.all("caption")) == len(page.all("table")) == 4
    assert all(cell.get("scope") in ("col", "row") for cell in page.all("th"))
    assert [svg["aria-label"] for svg in page.all("svg")] == ["Between 1,000 and 1,600, most likely 1,249"]


def test_many_pictures_are_summed_with_a_word_of_caution(many: Report) -> None:
    page = Page(many)
    assert "Main & square" in page.text
    assert "3,747people in all pictures together" in page.text
    assert "no flow" in page.text
    assert "a.jpg, b.jpg: views of the same place" in page.text
    assert "Not counted: x.jpg: <b>broken</b>." in page.text
    assert [section.get("class") for section in page.all("section")] == [None, None, None, "page", "page", "page"]
    assert len(page.all("svg")) == 1  # only one has a range
    assert "No range can be given" in page.text
