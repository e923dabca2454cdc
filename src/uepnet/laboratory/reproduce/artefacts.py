"""Everything that `uepnet reproduce` can make, by name, in the order in which `all` makes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from uepnet.laboratory.reproduce.catalogue import ERROR_TABLES, ErrorTable
from uepnet.laboratory.reproduce.error_sheets import Rows, error_sheet
from uepnet.laboratory.reproduce.patch_sheets import PATCH_SHEETS, PatchSheet, patch_sheet
from uepnet.laboratory.reproduce.sheet import Sheet
from uepnet.laboratory.reproduce.variant import Variant

UNTRAINED = ("table6", "cases", "figures", "fig7")
"""What needs no row."""

DRAWN = {"figures", "fig7"}
"""What needs no pictures either."""

TRAINED: dict[str, ErrorTable | PatchSheet] = {**ERROR_TABLES, **PATCH_SHEETS}
"""What is made of rows, those that say most about the paper first."""

NAMES = (*UNTRAINED, *TRAINED)

ALL = "all"

FOLDS = "folds"
"""The five folds of UCF_CC_50, which stand alone: they are of another data set than the tables."""


@dataclass(frozen=True)
class Wanted:
    """What was asked for, divided into what needs rows and what does not."""

    untrained: tuple[str, ...]
    trained: tuple[str, ...]

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The trainings of all wanted sheets, each once: those of the first sheet first."""
        return tuple(dict.fromkeys(variant for name in self.trained for variant in variants_of(TRAINED[name]).values()))


def wanted(names: Sequence[str]) -> Wanted:
    """The named sheets, `all` standing for every one; an unknown name is a `ValueError` that lists the known ones."""
    unknown = [name for name in names if name not in (*NAMES, ALL)]
    if unknown:
        raise ValueError(
            f"there is no {unknown[0]!r} to reproduce; there are {', '.join(NAMES)}, {ALL}, and {FOLDS} alone"
        )
    chosen = NAMES if ALL in names else tuple(dict.fromkeys(names))
    return Wanted(
        untrained=tuple(name for name in chosen if name in UNTRAINED),
        trained=tuple(name for name in chosen if name in TRAINED),
    )


def variants_of(kind: ErrorTable | PatchSheet) -> dict[str, Variant]:
    """The training behind each line."""
    if isinstance(kind, ErrorTable):
        return {label: reading.variant for label, reading in kind.lines.items()}
    return dict(kind.variants)


def sheet_of(name: str, rows: Rows, *, data_set: str, notes: Sequence[str]) -> Sheet:
    """The sheet of that name from the rows of its lines."""
    kind = TRAINED[name]
    if isinstance(kind, ErrorTable):
        return error_sheet(kind, rows, data_set=data_set, notes=notes)
    return patch_sheet(kind, rows, data_set=data_set, notes=notes)
