"""The zoo of published claims: each comes out as its file says, and docs/zoo.md tells it."""

from __future__ import annotations

import runpy
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from regnet.analysis.attractors import find_attractors
from regnet.formats import load
from regnet.logic import variables
from regnet.network import Rule
from tests.conftest import ROOT

ZOO: dict[str, Any] = runpy.run_path(str(ROOT / "tools" / "zoo.py"))
MODELS: list[Path] = ZOO["models"]()
by_model = pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)

AUTHORS = {
    "azpeitia_2010_root_stem_cell_niche": ("bnet/arellano_rootstem.bnet", {"WOX5": "WOX"}),
    "cacace_2020_t_cell_specification": ("zginml/Cacace_Tdev_2nov2019.zginml", {}),
    "cohen_2015_tumour_invasion": ("maboss/metastasis.bnd", {}),
    "davidich_2008_fission_yeast": ("bnet/davidich_yeast.bnet", {}),
    "faure_2006_mammalian_cell_cycle": ("bnet/faure_cellcycle.bnet", {"Cdh1": "cdh1"}),
    "faure_2009_mitotic_exit": (
        "zginml/exit.zginml",
        {
            "Pds1": "SecurinPds1",
            "Esp1": "SeparaseEsp1",
            "PP2A": "PP2ACdc55",
            "Cdc5": "Cdc5Polo",
            "Bub2_Bfa1": "Bub2-Bfa1",
        },
    ),
    "faure_2009_morphogenetic_checkpoint": ("zginml/MCP_budding_yeast_CC.zginml", {}),
    "sahin_2009_erbb_g1s": ("zginml/ErbB2_model.zginml", {}),
    "zhang_2008_t_lgl_leukemia": ("bnet/zhang_tlgl_v2.bnet", {}),
}
"""The authors' own files of some models, with the names that differ."""


def names_in(rule: Rule) -> set[str]:
    """Return the components that a rule looks at."""
    return {var.name for condition, _ in rule.cases for var in variables(condition)}


@by_model
def test_that_every_claim_comes_out_as_its_file_says(path: Path) -> None:
    _, verdicts = ZOO["checked"](path)
    assert verdicts
    assert [v.experiment.id for v in verdicts if not v.as_expected] == []


@by_model
def test_that_every_claim_says_where_it_was_read_and_how_far(path: Path) -> None:
    project, _ = ZOO["checked"](path)
    known = {reference.key: reference for reference in project.references}
    assert all((project.title, project.source, project.licence, project.note))
    for experiment in project.experiments:
        assert experiment.source
        assert experiment.refs
        assert experiment.kind in ("abstract", "paper", "disagreement")
        assert experiment.note or experiment.kind != "disagreement"
        for key in experiment.refs:
            assert known[key].checked, f"{experiment.id}: how far was {key} read?"
    assert {key for e in project.experiments for key in e.refs} <= known.keys()


def test_that_the_page_on_the_zoo_is_up_to_date() -> None:
    page = (ROOT / "docs" / "zoo.md").read_text(encoding="utf-8")
    assert page == ZOO["text"](), "run python tools/zoo.py --write"


def test_that_the_zoo_holds_eight_models_and_a_hundred_claims() -> None:
    *rows, sums = ZOO["overview"]()
    assert len(rows) == len(MODELS) >= 8
    assert int(sums[2]) == int(sums[3]) + int(sums[4]) >= 100


@pytest.mark.parametrize("name", AUTHORS)
@pytest.mark.filterwarnings("ignore")  # what else the file holds, such as priorities
def test_that_the_rules_are_the_functions_of_the_authors_file(name: str, corpus: Path) -> None:
    file, renamed = AUTHORS[name]
    ours = load(ROOT / "models" / "zoo" / f"{name}.toml").network
    theirs = load(corpus / "formats" / file).network
    assert len(ours) == len(theirs)
    for component in ours.components:
        other = theirs[renamed.get(component.name, component.name)]
        assert component.top == other.top
        if component.rule is None:  # in some files an input keeps itself, or is held
            assert other.rule is None or names_in(other.rule) <= {other.name}
            continue
        assert other.rule is not None
        back = {renamed.get(n, n): n for n in ours.names}
        seen = sorted(names_in(component.rule) | {back[n] for n in names_in(other.rule)})
        for levels in product(*(range(ours[n].top + 1) for n in seen)):
            state = dict(zip(seen, levels, strict=True))
            as_theirs = {renamed.get(n, n): level for n, level in state.items()}
            assert component.rule.target(state) == other.rule.target(as_theirs), state


def test_that_the_cell_cycle_has_the_112_states_that_are_published() -> None:
    network = load(ROOT / "models" / "zoo" / "faure_2006_mammalian_cell_cycle.toml").network
    assert sorted(a.size or 0 for a in find_attractors(network).attractors) == [1, 112]


def test_that_most_states_of_fission_yeast_lead_to_g1_as_is_published() -> None:
    network = load(ROOT / "models" / "zoo" / "davidich_2008_fission_yeast.toml").network
    names = network.names
    waiting = {"Ste9": 1, "Rum1": 1, "Wee1_Mik1": 1}
    arrived = 0
    for levels in product((0, 1), repeat=len(names)):
        state = dict(zip(names, levels, strict=True))
        for _ in range(30):  # all at once, as in the paper
            state = {name: rule.target(state) for name in names if (rule := network[name].rule)}
        arrived += all(state[name] == waiting.get(name, 0) for name in names)
    assert arrived > 2 ** len(names) / 2
