"""The tables have the paper's lines and figures, and share their trainings."""

import pytest

from uepnet.laboratory.reproduce.artefacts import TRAINED, variants_of, wanted
from uepnet.laboratory.reproduce.catalogue import ERROR_TABLES, paper_figures
from uepnet.laboratory.reproduce.presets import EFFORTS, frozen_config, make_config
from uepnet.laboratory.reproduce.variant import Reading, Variant


def test_every_line_that_the_paper_prints_is_a_line_here() -> None:
    for table in ("table3", "table4", "table5", "table7"):
        for lines in paper_figures()[table].values():
            ours = list(ERROR_TABLES[table].lines)
            assert list(lines) == ours[: len(lines)]
            assert len(ours) == len(lines) or table == "table3", "with MCP: the paper has midpoints alone"


def test_every_line_is_the_training_that_its_name_says() -> None:
    """Spelt out: an exchange of two lines would move the paper's figures to another training."""
    uep, len_, num = Variant(), Variant(method="uniform-len"), Variant(method="uniform-num")
    expected = {
        "table3": {
            "stride 8, UEP": Reading(uep, "midpoint"),
            "stride 16, Two-Linear (S-DCNet)": Reading(Variant(method="two-linear", stride=16), "midpoint"),
            "stride 16, UEP": Reading(Variant(stride=16), "midpoint"),
            "stride 32, log (Liu et al.)": Reading(Variant(method="log", stride=32), "midpoint"),
            "stride 32, UEP": Reading(Variant(intervals=57, stride=32), "midpoint"),
            "stride 16, Two-Linear (S-DCNet), MCP": Reading(Variant(method="two-linear", stride=16)),
            "stride 16, UEP, MCP": Reading(Variant(stride=16)),
            "stride 32, log (Liu et al.), MCP": Reading(Variant(method="log", stride=32)),
            "stride 32, UEP, MCP": Reading(Variant(intervals=57, stride=32)),
        },
        "table4": {
            "-": Reading(uep, "midpoint"),
            "MCP": Reading(uep),
            "MCP + MS": Reading(Variant(multi_scale=True)),
            "MCP + IPH": Reading(Variant(heads="iph")),
            "MCP + PPH": Reading(Variant(heads="pph")),
            "MCP + IPH + MS": Reading(Variant(heads="iph", multi_scale=True)),
        },
        "table5": {
            "UniformLen, midpoint": Reading(len_, "midpoint"),
            "UniformLen, MCP": Reading(len_),
            "UniformNum, midpoint": Reading(num, "midpoint"),
            "UniformNum, MCP": Reading(num),
            "UEP, midpoint": Reading(uep, "midpoint"),
            "UEP, MCP": Reading(uep),
        },
        "table7": {
            "MSE": Reading(Variant(target="mse")),
            "MSE, MS": Reading(Variant(target="mse", multi_scale=True)),
            "UniformLen": Reading(len_),
            "UniformLen, MS": Reading(Variant(method="uniform-len", multi_scale=True)),
            "UniformNum": Reading(num),
            "UniformNum, MS": Reading(Variant(method="uniform-num", multi_scale=True)),
            "UEP": Reading(uep),
            "UEP, MS": Reading(Variant(multi_scale=True)),
        },
        "targets": {
            "UEP (this paper)": Reading(uep),
            "Two-Linear (S-DCNet)": Reading(Variant(method="two-linear")),
            "log (Liu et al., LibraNet)": Reading(Variant(method="log")),
            "integer bins (EBC)": Reading(Variant(method="integer")),
            "MSE on local counts (the paper's)": Reading(Variant(target="mse")),
            "MSE on local counts, absolute value": Reading(Variant(target="mse", positive="absolute")),
            "MSE on density (CSRNet)": Reading(Variant(target="density-mse")),
            "Bayesian loss (BL)": Reading(Variant(target="bayesian")),
            "Bayesian loss (BL), softplus": Reading(Variant(target="bayesian", positive="softplus")),
            "Bayesian loss (BL), absolute value": Reading(Variant(target="bayesian", positive="absolute")),
            "DM-Count's loss": Reading(Variant(target="dm-count")),
            "zero-inflated Poisson (EBC-ZIP)": Reading(Variant(target="zip")),
            "patch-count L1 (AMRNet)": Reading(Variant(target="patch-l1")),
            "patch-count L1 (AMRNet), absolute value": Reading(Variant(target="patch-l1", positive="absolute")),
        },
    }
    assert {name: dict(ERROR_TABLES[name].lines) for name in expected} == expected
    for number in (10, 15, 50, 100):
        assert ERROR_TABLES["fig4"].lines[f"UniformNum, {number}"] == Reading(
            Variant(method="uniform-num", intervals=number)
        )
    assert ERROR_TABLES["fig4"].lines["UEP, 25"] == Reading(uep), "it is shared with the tables"


def test_every_claim_is_what_the_paper_s_own_figures_say() -> None:
    for table in ("table3", "table4", "table5", "table7"):
        for data_set, lines in paper_figures()[table].items():
            for claim in ERROR_TABLES[table].claims:
                if claim.better not in lines:
                    assert claim.text.endswith(", with MCP")
                    assert {claim.better, claim.worse} <= {f"{line}, MCP" for line in lines}
                    continue
                assert lines[claim.better][0] < lines[claim.worse][0], (table, data_set, claim.text)
    for better, worse in ((claim.better, claim.worse) for claim in ERROR_TABLES["fig4"].claims):
        assert better.startswith("UEP, ")
        assert better.removeprefix("UEP, ") == worse.partition(", ")[2]


def test_every_claim_is_about_lines_of_its_table() -> None:
    for kind in TRAINED.values():
        for claim in kind.claims:
            assert {claim.better, claim.worse} <= set(variants_of(kind))


def test_the_paper_s_own_figures_agree_between_its_tables() -> None:
    paper = paper_figures()
    part_b = {table: lines["shanghaitech-b"] for table, lines in paper.items()}
    assert part_b["table3"]["stride 8, UEP"] == part_b["table4"]["-"] == part_b["table5"]["UEP, midpoint"]
    assert part_b["table4"]["MCP"] == part_b["table5"]["UEP, MCP"] == part_b["table7"]["UEP"]
    assert part_b["table4"]["MCP + MS"] == part_b["table7"]["UEP, MS"]


def test_a_decode_is_no_training() -> None:
    assert len(wanted(["table4"]).variants) == 5
    assert len(wanted(["table5"]).variants) == 3
    assert len(wanted(["table4", "table5", "table7"]).variants) == 11
    assert len(wanted(["all"]).variants) < sum(len(variants_of(kind)) for kind in TRAINED.values()) / 1.5


@pytest.mark.parametrize("variant", wanted(["all"]).variants, ids=lambda variant: variant.name)
def test_every_training_has_a_possible_configuration(variant) -> None:
    names = set()
    for preset in ("paper", "gpu"):
        config = make_config(variant, EFFORTS[preset], seed=1)
        assert (config.seed, config.network.encoder) == (1, "vgg16")
        names.add(config.name)
    config = frozen_config(variant, EFFORTS["cpu"], seed=1)
    assert config.network.stride == variant.stride
    assert config.sampling.scale == ((0.3, 1.3) if variant.multi_scale else (1.0, 1.0))
    assert config.intervals.proxies == "mean"
    assert names == {config.name}


def test_the_paper_preset_is_the_paper() -> None:
    config = make_config(wanted(["table5"]).variants[2], EFFORTS["paper"], seed=0)
    assert (config.optimiser.name, config.sampling.batch, config.optimiser.learning_rate) == ("sgd", 1, 1e-3)
    assert config.decode == "argmax"
