"""The paper's tables of errors: which lines each has, how each line is trained and read, and what the paper claims."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from pathlib import Path
from tomllib import loads

from uepnet.counting.partition import ProxyRule
from uepnet.laboratory.reproduce.variant import Reading, Variant

UEP = Variant()
IPH = Variant(heads="iph")
PPH = Variant(heads="pph")
MSE = Variant(target="mse")
PATCH_L1 = Variant(target="patch-l1")
BAYESIAN = Variant(target="bayesian")
LEN, NUM = Variant(method="uniform-len"), Variant(method="uniform-num")
PROXY_RULES: dict[str, ProxyRule] = {"midpoint": "midpoint", "MCP": "mean"}
NUMBERS = (10, 15, 25, 50, 100)
"""Of intervals in Fig. 4; the paper's own numbers cannot be read off its text."""
INSENSITIVE = 0.1
"""UEP counts as insensitive to the number of intervals if no number's MAE is further than this from that of 25."""


def _ms(variant: Variant) -> Variant:
    return replace(variant, multi_scale=True)


def _absolute(variant: Variant) -> Variant:
    return replace(variant, positive="absolute")


@dataclass(frozen=True)
class Claim:
    """The paper says that `better` has the smaller error of the two lines."""

    text: str
    better: str
    worse: str


@dataclass(frozen=True)
class ErrorTable:
    """A table of MAE and RMSE. `lines` are in the paper's order."""

    name: str
    title: str
    lines: Mapping[str, Reading]
    claims: tuple[Claim, ...]
    note: str = ""
    of_numbers: bool = False
    """Whether the lines are one partition with several numbers of intervals, drawn as curves and judged by their spread."""

    @property
    def variants(self) -> tuple[Variant, ...]:
        """What has to be trained, each once."""
        return tuple(dict.fromkeys(reading.variant for reading in self.lines.values()))


_AT_STRIDES = {
    "stride 16, Two-Linear (S-DCNet)": Variant(method="two-linear", stride=16),
    "stride 16, UEP": Variant(stride=16),
    "stride 32, log (Liu et al.)": Variant(method="log", stride=32),
    "stride 32, UEP": Variant(intervals=57, stride=32),
}
TABLE3 = ErrorTable(
    "table3",
    "Partitions at strides 8, 16 and 32",
    {
        "stride 8, UEP": Reading(UEP, "midpoint"),
        **{line: Reading(variant, "midpoint") for line, variant in _AT_STRIDES.items()},
        **{f"{line}, MCP": Reading(variant) for line, variant in _AT_STRIDES.items()},
    },
    (
        Claim("UEP is better than Two-Linear at stride 16", "stride 16, UEP", "stride 16, Two-Linear (S-DCNet)"),
        Claim("UEP is better than log at stride 32", "stride 32, UEP", "stride 32, log (Liu et al.)"),
        Claim(
            "UEP is better than Two-Linear at stride 16, with MCP",
            "stride 16, UEP, MCP",
            "stride 16, Two-Linear (S-DCNet), MCP",
        ),
        Claim(
            "UEP is better than log at stride 32, with MCP", "stride 32, UEP, MCP", "stride 32, log (Liu et al.), MCP"
        ),
    ),
    "One head, midpoint proxies as in the paper, no multi-scale; then the same trainings with MCP. Two-Linear has 25 classes (Cmax 7, "
    "S-DCNet's own for part B), log 57; UEP has as many beside each.",
)

TABLE4 = ErrorTable(
    "table4",
    "MCP, heads and multi-scale",
    {
        "-": Reading(UEP, "midpoint"),
        "MCP": Reading(UEP),
        "MCP + MS": Reading(_ms(UEP)),
        "MCP + IPH": Reading(IPH),
        "MCP + PPH": Reading(PPH),
        "MCP + IPH + MS": Reading(_ms(IPH)),
    },
    (
        Claim("MCP is better than midpoints", "MCP", "-"),
        Claim("IPH is better than one head", "MCP + IPH", "MCP"),
        Claim("IPH is better than one head, with multi-scale", "MCP + IPH + MS", "MCP + MS"),
        Claim("IPH is better than PPH", "MCP + IPH", "MCP + PPH"),
        Claim("multi-scale helps one head", "MCP + MS", "MCP"),
        Claim("multi-scale helps IPH", "MCP + IPH + MS", "MCP + IPH"),
    ),
    "UEP with 25 classes. The first two lines are one training read twice.",
)

TABLE5 = ErrorTable(
    "table5",
    "Partitions and proxies",
    {
        f"{name}, {label}": Reading(variant, rule)
        for (name, variant), (label, rule) in product(
            {"UniformLen": LEN, "UniformNum": NUM, "UEP": UEP}.items(),
            PROXY_RULES.items(),
        )
    },
    (
        Claim("UEP is better than UniformLen, with MCP", "UEP, MCP", "UniformLen, MCP"),
        Claim("UEP is better than UniformNum, with MCP", "UEP, MCP", "UniformNum, MCP"),
        Claim("UEP is better than UniformLen, with midpoints", "UEP, midpoint", "UniformLen, midpoint"),
        Claim("UEP is better than UniformNum, with midpoints", "UEP, midpoint", "UniformNum, midpoint"),
        Claim("MCP is better than midpoints, with UniformLen", "UniformLen, MCP", "UniformLen, midpoint"),
        Claim("MCP is better than midpoints, with UniformNum", "UniformNum, MCP", "UniformNum, midpoint"),
        Claim("MCP is better than midpoints, with UEP", "UEP, MCP", "UEP, midpoint"),
    ),
    "25 classes, one head, no multi-scale; three trainings, each read with both proxies.",
)

TABLE7 = ErrorTable(
    "table7",
    "Regression and classes, without and with multi-scale",
    {
        f"{name}{', MS' if scales else ''}": Reading(_ms(variant) if scales else variant)
        for (name, variant), scales in product(
            {"MSE": MSE, "UniformLen": LEN, "UniformNum": NUM, "UEP": UEP}.items(), (False, True)
        )
    },
    (
        Claim("multi-scale hurts MSE", "MSE", "MSE, MS"),
        Claim("multi-scale helps UniformLen", "UniformLen, MS", "UniformLen"),
        Claim("multi-scale helps UniformNum", "UniformNum, MS", "UniformNum"),
        Claim("multi-scale helps UEP", "UEP, MS", "UEP"),
        Claim("UEP is better than MSE", "UEP", "MSE"),
        Claim("UEP is better than MSE, with multi-scale", "UEP, MS", "MSE, MS"),
    ),
    "25 classes, one head, mean proxies; MSE is one channel of local counts.",
)

FIG4 = ErrorTable(
    "fig4",
    "The number of intervals",
    {
        f"{name}, {number}": Reading(replace(variant, intervals=None if number == 25 else number))
        for (name, variant), number in product({"UEP": UEP, "UniformLen": LEN, "UniformNum": NUM}.items(), NUMBERS)
    },
    (
        Claim("UEP is better than UniformLen, with 10 intervals", "UEP, 10", "UniformLen, 10"),
        Claim("UEP is better than UniformNum, with 10 intervals", "UEP, 10", "UniformNum, 10"),
        Claim("UEP is better than UniformLen, with 100 intervals", "UEP, 100", "UniformLen, 100"),
        Claim("UEP is better than UniformNum, with 100 intervals", "UEP, 100", "UniformNum, 100"),
    ),
    "One head, mean proxies, no multi-scale.",
    of_numbers=True,
)

UEP_LINE = "UEP (this paper)"
_SIDE_BY_SIDE = {
    UEP_LINE: Reading(UEP),
    "Two-Linear (S-DCNet)": Reading(Variant(method="two-linear")),
    "log (Liu et al., LibraNet)": Reading(Variant(method="log")),
    "integer bins (EBC)": Reading(Variant(method="integer")),
    "MSE on local counts (the paper's)": Reading(MSE),
    "MSE on local counts, absolute value": Reading(_absolute(MSE)),
    "MSE on density (CSRNet)": Reading(Variant(target="density-mse")),
    "Bayesian loss (BL)": Reading(BAYESIAN),
    "Bayesian loss (BL), softplus": Reading(replace(BAYESIAN, positive="softplus")),
    "Bayesian loss (BL), absolute value": Reading(_absolute(BAYESIAN)),
    "DM-Count's loss": Reading(Variant(target="dm-count")),
    "zero-inflated Poisson (EBC-ZIP)": Reading(Variant(target="zip")),
    "patch-count L1 (AMRNet)": Reading(PATCH_L1),
    "patch-count L1 (AMRNet), absolute value": Reading(_absolute(PATCH_L1)),
}
TARGETS = ErrorTable(
    "targets",
    "Targets, losses and partitions on the same network",
    _SIDE_BY_SIDE,
    tuple(Claim(f"UEP is better than {other}", UEP_LINE, other) for other in _SIDE_BY_SIDE if other != UEP_LINE),
    "What of Table 2 is a target, a loss or a partition, side by side: one network, one head, no multi-scale. That UEP "
    "is better the paper says of whole systems, each with its own network. Without classes a last ReLU keeps counts from being "
    "negative, as in the paper's MSE; the absolute value, which cannot close, stands beside it where a ReLU closed for good.",
)

ERROR_TABLES: dict[str, ErrorTable] = {table.name: table for table in (TABLE4, TABLE5, TABLE7, TABLE3, FIG4, TARGETS)}
"""By name, those that say most about the paper first."""


@lru_cache
def paper_figures() -> dict[str, dict[str, dict[str, list[float]]]]:
    """What the paper prints, by table, data set and line (`paper.toml`)."""
    figures: dict[str, dict[str, dict[str, list[float]]]] = loads(
        Path(__file__).with_name("paper.toml").read_text(encoding="utf-8")
    )
    return figures


def of_paper(table: str, data_set: str, line: str) -> tuple[float, ...] | None:
    """The paper's own figures of a line, None where it has none.

    >>> of_paper("table5", "shanghaitech-b", "UEP, MCP")
    (7.64, 13.18)
    """
    found = paper_figures().get(table, {}).get(data_set, {}).get(line)
    return None if found is None else tuple(found)
