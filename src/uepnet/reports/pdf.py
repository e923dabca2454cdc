"""A report as a PDF on A4, drawn with fpdf2 (`uepnet[report]`); the standard fonts, so letters of Western Europe only."""

import io
from functools import singledispatchmethod

from uepnet.errors import MissingExtraError
from uepnet.reports.document import Block, Cautions, Document, Drawing, Facts, Headline, Paragraph, Section, Table

INK, FAINT, LINE, ACCENT, TINT = (22, 24, 29), (86, 92, 104), (217, 220, 227), (11, 92, 171), (243, 245, 248)
DOUBT, DOUBT_TINT, RANGE, WHITE = (138, 75, 0), (255, 244, 226), (150, 187, 221), (255, 255, 255)
MARGIN, BODY, SMALL = 14.0, 9.0, 7.5
"""Millimetres, and points."""
DRAWING_HEIGHTS = (110.0, 92.0, 78.0, 66.0, 56.0, 48.0)
"""Millimetres that the drawing of a single picture may be high: the first with which all fits on one page."""
DRAWING_HEIGHT_OF_MANY = 92.0
"""Millimetres where every picture has a page of its own."""
FACT_NAME = 40.0
BAR_END = 1.15
"""The bar of a range ends at so many times its upper end."""


def check_pdf() -> None:
    """Raise `MissingExtraError` where fpdf2 is not installed."""
    try:
        import fpdf  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "a PDF report needs fpdf2; install it with pip install 'uepnet[report]', or write .html and print it"
        ) from error


def as_pdf(document: Document) -> bytes:
    """The file; a letter that the standard fonts do not have is written out by its number."""
    check_pdf()
    if any(section.page for section in document.sections):
        return _Page(document, drawing_height=DRAWING_HEIGHT_OF_MANY).written()
    for height in DRAWING_HEIGHTS:
        page = _Page(document, drawing_height=height)
        content = page.written()
        if page.pages == 1:
            break
    return content


class _Page:
    """The pages while they are drawn from top to bottom."""

    def __init__(self, document: Document, *, drawing_height: float) -> None:
        from fpdf import FPDF

        self._pdf = FPDF(format="A4")
        self._document = document
        self._drawing_height = drawing_height
        pdf = self._pdf
        pdf.set_margin(MARGIN)
        pdf.c_margin = 0
        pdf.set_auto_page_break(True, margin=MARGIN)
        pdf.set_title(_letters(f"{document.title}: {document.subtitle}"))
        pdf.set_creator("uepnet")
        pdf.set_producer("uepnet")
        pdf.set_lang("en")
        pdf.set_creation_date(document.made)
        pdf.add_page()

    @property
    def pages(self) -> int:
        """How many there are."""
        return int(self._pdf.pages_count)

    def written(self) -> bytes:
        """The finished file."""
        self._head()
        for section in self._document.sections:
            self._section(section)
        self._foot()
        return bytes(self._pdf.output())

    def _head(self) -> None:
        made = self._document.made
        self._text(self._document.title, size=17, bold=True)
        self._text(f"{self._document.subtitle} \u00b7 {made:%Y-%m-%d %H:%M} {made.tzname()}", size=BODY, colour=FAINT)
        self._rule(ACCENT, width=0.9)

    def _foot(self) -> None:
        self._pdf.ln(1.5)
        self._rule(LINE, width=0.2)
        self._text(self._document.footer, size=SMALL, colour=FAINT)

    def _section(self, section: Section) -> None:
        pdf = self._pdf
        if section.page or pdf.will_page_break(22):
            pdf.add_page()
        pdf.ln(1.5)
        pdf.start_section(_letters(section.heading))
        self._text(section.heading, size=11, bold=True)
        pdf.ln(0.6)
        for block in section.blocks:
            self._block(block)

    @singledispatchmethod
    def _block(self, block: Block) -> None:
        raise TypeError(f"a report has no block of the kind {type(block).__name__}")

    @_block.register
    def _headline(self, block: Headline) -> None:
        pdf = self._pdf
        number = f"{block.count:,.0f}"
        pdf.set_text_color(*INK)
        pdf.set_font("helvetica", "B", 30)
        pdf.cell(pdf.get_string_width(number) + 2.5, 12, number)
        pdf.set_font("helvetica", "", 13)
        pdf.cell(0, 14.5, _letters(block.unit), new_x="LMARGIN", new_y="NEXT")
        if block.low is not None and block.high is not None:
            self._bar(block.count, block.low, block.high)
        self._text(block.sentence)
        pdf.ln(1)

    @_block.register
    def _cautions(self, block: Cautions) -> None:
        pdf = self._pdf
        text = "\n".join(["**Read this first**", *(f"-  {_plain(sentence)}" for sentence in block.sentences)])
        pdf.set_fill_color(*DOUBT_TINT)
        pdf.set_draw_color(*DOUBT)
        self._text(text, colour=DOUBT, fill=True, markdown=True)
        pdf.ln(1.5)

    @_block.register
    def _paragraph(self, block: Paragraph) -> None:
        self._text(block.text)
        self._pdf.ln(1)

    @_block.register
    def _drawing(self, block: Drawing) -> None:
        pdf = self._pdf
        scale = min(pdf.epw / block.width, self._drawing_height / block.height)
        width, height = block.width * scale, block.height * scale
        pdf.image(
            io.BytesIO(block.jpeg),
            x=pdf.l_margin + (pdf.epw - width) / 2,
            w=width,
            h=height,
            alt_text=_letters(block.alternative),
        )
        pdf.ln(1.5)

    @_block.register
    def _facts(self, block: Facts) -> None:
        from fpdf.enums import WrapMode

        pdf = self._pdf
        for name, value in block.pairs:
            pdf.set_font("helvetica", "", SMALL)
            pdf.set_text_color(*FAINT)
            pdf.cell(FACT_NAME, 3.6, _letters(name))
            pdf.set_text_color(*INK)
            pdf.multi_cell(
                0,
                3.6,
                _letters(value),
                new_x="LMARGIN",
                new_y="NEXT",
                align="LEFT",
                wrapmode=WrapMode.WORD if " " in value else WrapMode.CHAR,
            )
        pdf.ln(1)

    @_block.register
    def _table(self, block: Table) -> None:
        from fpdf.enums import TableBordersLayout
        from fpdf.fonts import FontFace

        pdf = self._pdf
        self._text(block.caption, bold=True, size=BODY)
        pdf.set_draw_color(*LINE)
        pdf.set_fill_color(*WHITE)
        pdf.set_text_color(*INK)
        pdf.set_font("helvetica", "", SMALL + 0.5)
        others = len(block.header) - 1
        with pdf.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            headings_style=FontFace(emphasis="", color=FAINT),
            line_height=3.9,
            text_align=("LEFT", *["RIGHT"] * others),
            padding=(0.25, 0.6),
            col_widths=(1.5, *[1.0] * others),
        ) as table:
            for cells in (block.header, *block.rows):
                row = table.row()
                for place, cell in enumerate(cells):
                    marked = FontFace(emphasis="B", fill_color=TINT, color=INK) if place == block.marked else None
                    row.cell(_letters(cell), style=marked)
        pdf.ln(1.8)

    def _bar(self, count: float, low: float, high: float) -> None:
        """The range on a line from 0, with the count as a stroke."""
        pdf = self._pdf
        end = max(BAR_END * max(high, count), 1.0)
        left, middle, right = (pdf.l_margin + pdf.epw * value / end for value in (low, count, high))
        top = pdf.get_y() + 1
        for colour, x, y, width, height in (
            (LINE, pdf.l_margin, top + 1.2, pdf.epw, 1.6),
            (RANGE, left, top + 0.4, right - left, 3.2),
            (INK, middle, top - 0.4, 0.7, 4.8),
        ):
            pdf.set_fill_color(*colour)
            pdf.rect(x, y, width, height, style="F")
        pdf.set_font("helvetica", "", SMALL)
        pdf.set_text_color(*FAINT)
        for x, value in ((pdf.l_margin, 0.0), (left, low), (right, high)):
            text = f"{value:,.0f}"
            pdf.text(max(pdf.l_margin, x - pdf.get_string_width(text) / 2), top + 7.2, text)
        pdf.set_y(top + 9)

    def _rule(self, colour: tuple[int, int, int], *, width: float) -> None:
        pdf = self._pdf
        pdf.ln(1)
        pdf.set_draw_color(*colour)
        pdf.set_line_width(width)
        pdf.line(pdf.l_margin, pdf.get_y(), pdf.l_margin + pdf.epw, pdf.get_y())
        pdf.set_line_width(0.2)
        pdf.ln(1.5)

    def _text(
        self,
        text: str,
        *,
        size: float = BODY,
        bold: bool = False,
        colour: tuple[int, int, int] = INK,
        fill: bool = False,
        markdown: bool = False,
    ) -> None:
        pdf = self._pdf
        pdf.set_font("helvetica", "B" if bold else "", size)
        pdf.set_text_color(*colour)
        pdf.multi_cell(
            0, size * 0.46, _letters(text), fill=fill, markdown=markdown, align="LEFT", new_x="LMARGIN", new_y="NEXT"
        )


def _letters(text: str) -> str:
    return text.encode("latin-1", errors="backslashreplace").decode("latin-1")


def _plain(text: str) -> str:
    """Text that stays as it is where marks such as ** make letters bold."""
    return "".join(f"\\{sign}" if sign in "*_-~[\\" else sign for sign in text)
