"""What stands in a report, in reading order, whatever format it is written in."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Headline:
    """A number of people in large figures, and a sentence on how sure it is; `low` to `high` is drawn as a bar."""

    count: float
    unit: str
    sentence: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Cautions:
    """Reasons to doubt what stands above."""

    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Paragraph:
    """Sentences."""

    text: str


@dataclass(frozen=True)
class Table:
    """`header` names the columns, the first cell of a row names the row; `marked` is a column to stand out."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: int | None = None

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if len(row) != len(self.header)]
        if wrong:
            raise ValueError(f"the table {self.caption!r} has {len(self.header)} columns, but a row {wrong[0]}")


@dataclass(frozen=True)
class Drawing:
    """A JPEG of `width` x `height` pixels and what it shows, for those who cannot see it."""

    jpeg: bytes
    width: int
    height: int
    alternative: str


@dataclass(frozen=True)
class Facts:
    """What is known by name: a name and its value each."""

    pairs: tuple[tuple[str, str], ...]


Block = Headline | Cautions | Paragraph | Table | Drawing | Facts


@dataclass(frozen=True)
class Section:
    """Blocks under one heading; `page` asks for a page of its own on paper."""

    heading: str
    blocks: tuple[Block, ...]
    page: bool = False


@dataclass(frozen=True)
class Document:
    """A whole report."""

    title: str
    subtitle: str
    made: datetime
    sections: tuple[Section, ...]
    footer: str
