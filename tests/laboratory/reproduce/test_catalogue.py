"""The tables have the paper's lines and figures, and share their trainings."""

import pytest

from uepnet.laboratory.reproduce.artefacts import TRAINED, variants_of, wanted
from uepnet.laboratory.reproduce.catalogue import ERROR_TABLES, paper_figures
from uepnet.laboratory.reproduce.presets import EFFORTS, frozen_config, make_config


def test_every_line_that_the_paper_prints_is_a_line_here() -> None:
    for table in ("table3", "table4", "table5", "table7"):
        for lines in paper_figures()[table].values():
            assert list(lines) == list(ERROR_TABLES[table].lines)


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
