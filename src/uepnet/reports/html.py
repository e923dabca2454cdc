"""A report as one HTML page that needs nothing else: no script, no font, no address; pictures are inside it."""

import base64
from functools import singledispatch
from html import escape

from uepnet.reports.document import Block, Cautions, Document, Drawing, Facts, Headline, Paragraph, Section, Table

BAR_END = 1.15
"""The bar of a range ends at so many times its upper end."""

STYLE = """
:root { color-scheme: light dark; --ink: #16181d; --faint: #565c68; --line: #d9dce3; --paper: #ffffff; --tint: #f3f5f8;
  --accent: #0b5cab; --doubt: #8a4b00; --doubt-tint: #fff4e2; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceef2; --faint: #a9b0bd; --line: #3a3f4a; --paper: #16181d;
  --tint: #20242c; --accent: #7cb8f5; --doubt: #ffc879; --doubt-tint: #33270f; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 0 1.25rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI",
  Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }
main, header, footer { max-width: 52rem; margin: 0 auto; }
header { padding-top: 2rem; border-bottom: 3px solid var(--accent); padding-bottom: .8rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0; }
header p { margin: .25rem 0 0; color: var(--faint); }
h2 { font-size: 1.1rem; margin: 2rem 0 .6rem; }
.headline { margin: 1.2rem 0; }
.headline b { font-size: 3.4rem; line-height: 1; font-variant-numeric: tabular-nums; letter-spacing: -.02em; }
.headline span { font-size: 1.3rem; margin-left: .5rem; }
.headline p { margin: .5rem 0 0; max-width: 44rem; }
.bar { display: block; width: 100%; height: 40px; margin: .7rem 0 0; }
.bar .whole { fill: var(--line); } .bar .range { fill: var(--accent); opacity: .45; } .bar .count { fill: var(--ink); }
.bar text { font-size: 12px; fill: var(--faint); }
.doubts { border-left: 4px solid var(--doubt); background: var(--doubt-tint); margin: 1rem 0; padding: .6rem .9rem; }
.doubts strong { color: var(--doubt); } .doubts ul { margin: .2rem 0 0; padding-left: 1.2rem; }
figure { margin: 1rem 0; } img { display: block; width: 100%; height: auto; max-height: 85vh; object-fit: contain;
  border: 1px solid var(--line); border-radius: 4px; background: #16181d; }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; } thead th { color: var(--faint); font-weight: 500; font-size: .9rem; }
th:not(:first-child), td { text-align: right; padding-left: .6rem; padding-right: .3rem; }
.marked { background: var(--tint); font-weight: 700 !important; color: var(--ink) !important; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .6rem 0; font-size: .92rem; }
dt { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
footer { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: .8rem; padding-bottom: 2rem;
  color: var(--faint); font-size: .88rem; }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
  .headline b { font-size: 2.6rem; } }
@page { size: A4; margin: 14mm 15mm; }
@media print { :root { color-scheme: light; --ink: #000; --faint: #444; --line: #bbb; --paper: #fff; --tint: #eee;
  --accent: #0b5cab; --doubt: #6b3a00; --doubt-tint: #fff; }
  html { font-size: 9pt; } body { font-size: 9pt; line-height: 1.3; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { padding: 0; } main, header, footer { max-width: none; } header { padding-top: 0; }
  h2 { margin: 4mm 0 1mm; font-size: 11pt; } .headline { margin: 3mm 0; } .headline b { font-size: 30pt; }
  img { max-height: 74mm; width: auto; max-width: 100%; margin: 0 auto; } figure, .wide { margin: 2mm 0; }
  th, td { padding-top: 1pt; padding-bottom: 1pt; } section.page { break-before: page; } .page img { max-height: 130mm; }
  figure, tr, .doubts, .headline { break-inside: avoid; } h2 { break-after: avoid; } footer { margin-top: 3mm; } }
"""


def as_html(document: Document) -> bytes:
    """The page in UTF-8; every text is escaped, and a content policy forbids scripts and everything from elsewhere."""
    made = document.made
    title = escape(f"{document.title}: {document.subtitle}")
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    sections = "\n".join(_section(section, number) for number, section in enumerate(document.sections, start=1))
    page = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<h1>{escape(document.title)}</h1>
<p>{escape(document.subtitle)} · <time datetime="{made.isoformat()}">{made:%Y-%m-%d %H:%M} {escape(made.tzname() or "")}</time></p>
</header>
<main>
{sections}
</main>
<footer><p>{escape(document.footer)}</p></footer>
</body>
</html>
"""
    return page.encode("utf-8", errors="backslashreplace")


def _section(section: Section, number: int) -> str:
    blocks = "\n".join(_block(block) for block in section.blocks)
    kind = ' class="page"' if section.page else ""
    heading = f'<h2 id="part-{number}">{escape(section.heading)}</h2>'
    return f'<section{kind} aria-labelledby="part-{number}">\n{heading}\n{blocks}\n</section>'


@singledispatch
def _block(block: Block) -> str:
    raise TypeError(f"a report has no block of the kind {type(block).__name__}")


@_block.register
def _headline(block: Headline) -> str:
    bar = "" if block.low is None or block.high is None else _bar(block.count, block.low, block.high)
    return (
        f'<div class="headline"><b>{block.count:,.0f}</b><span>{escape(block.unit)}</span>{bar}'
        f"<p>{escape(block.sentence)}</p></div>"
    )


@_block.register
def _cautions(block: Cautions) -> str:
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in block.sentences)
    return f'<div class="doubts" role="note"><strong>Read this first</strong><ul>{items}</ul></div>'


@_block.register
def _paragraph(block: Paragraph) -> str:
    return f"<p>{escape(block.text)}</p>"


@_block.register
def _table(block: Table) -> str:
    header = "".join(_cell("th", name, marked=at == block.marked, scope="col") for at, name in enumerate(block.header))
    rows = "\n".join(f"<tr>{_row(row, block.marked)}</tr>" for row in block.rows)
    return (
        f'<div class="wide" role="region" aria-label="{escape(block.caption)}" tabindex="0"><table>'
        f"<caption>{escape(block.caption)}</caption>\n<thead><tr>{header}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


@_block.register
def _drawing(block: Drawing) -> str:
    content = base64.b64encode(block.jpeg).decode()
    return (
        f'<figure><img src="data:image/jpeg;base64,{content}" width="{block.width}" height="{block.height}" '
        f'alt="{escape(block.alternative)}"></figure>'
    )


@_block.register
def _facts(block: Facts) -> str:
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in block.pairs) + "</dl>"


def _row(row: tuple[str, ...], marked: int | None) -> str:
    first, *others = row
    cells = (_cell("td", cell, marked=at == marked) for at, cell in enumerate(others, start=1))
    return _cell("th", first, scope="row") + "".join(cells)


def _cell(tag: str, text: str, *, marked: bool = False, scope: str | None = None) -> str:
    kind = (f' scope="{scope}"' if scope else "") + (' class="marked"' if marked else "")
    return f"<{tag}{kind}>{escape(text)}</{tag}>"


def _bar(count: float, low: float, high: float) -> str:
    """The range on a line from 0, in per cent of its length, with the count as a stroke."""
    end = max(BAR_END * max(high, count), 1.0)
    left, middle, right = (100 * value / end for value in (low, count, high))
    said = f"Between {low:,.0f} and {high:,.0f}, most likely {count:,.0f}"
    return (
        f'<svg class="bar" role="img" aria-label="{said}"><rect class="whole" y="8" width="100%" height="8" rx="4"/>'
        f'<rect class="range" x="{left:.2f}%" y="4" width="{right - left:.2f}%" height="16" rx="4"/>'
        f'<rect class="count" x="{middle:.2f}%" width="3" height="24"/><text x="0" y="38">0</text>'
        f'<text x="{left:.2f}%" y="38" text-anchor="{_anchor(left)}">{low:,.0f}</text>'
        f'<text x="{right:.2f}%" y="38" text-anchor="{_anchor(right)}">{high:,.0f}</text></svg>'
    )


def _anchor(place: float) -> str:
    return "start" if place < 3 else "middle"
