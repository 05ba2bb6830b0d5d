"""Variants and experiments: each variant as if it were asked alone, and what tells them apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from regnet.analysis.check import confront
from regnet.analysis.variants import VariantChecks, check_variants
from regnet.cli import main
from regnet.errors import NetworkError
from regnet.formats import load
from regnet.project import Project

LIVER = Path(__file__).parents[2] / "models" / "lif_lifr.toml"


@pytest.fixture(scope="module")
def liver() -> Project:
    return load(LIVER)


@pytest.fixture(scope="module")
def found(liver: Project) -> VariantChecks:
    return check_variants(liver)


def test_that_each_variant_is_judged_as_if_it_were_asked_alone(
    liver: Project, found: VariantChecks
) -> None:
    assert [check.name for check in found.checks] == ["", *(v.name for v in liver.variants)]
    for check in found.checks:
        alone = confront(liver.as_variant(check.name) if check.name else liver)
        assert [(v.experiment.id, v.outcome) for v in check.verdicts] == [
            (v.experiment.id, v.outcome) for v in alone.verdicts
        ]


def test_that_telling_experiments_are_those_with_several_outcomes(found: VariantChecks) -> None:
    failed = {name for check in found.checks for name in check.failed}
    assert set(found.telling) == failed  # all hold in the model as it is
    assert found.alike == ()


def test_that_variants_that_no_experiment_tells_apart_are_named(liver: Project) -> None:
    few = check_variants(liver, only=["C12c"])
    groups = {frozenset(group) for group in few.alike}
    assert frozenset({"", *(v.name for v in liver.variants)} - {"V8"}) in groups


def test_that_a_limit_keeps_what_was_judged(liver: Project) -> None:
    few = check_variants(liver, timeout=0)
    assert not few.complete
    assert few.origin.guarantee == "bounded"


def test_that_a_model_without_variants_says_so(liver: Project) -> None:
    with pytest.raises(NetworkError, match="no variants"):
        check_variants(replace(liver, variants=()))


def test_that_the_command_prints_a_row_for_each_variant(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", str(LIVER), "--variants", "--only", "C12c", "C04"]) == 0
    out = capsys.readouterr().out
    assert " V8        1 of 2        C12c" in out
    assert "No experiment tells these apart: the model as it is, V1, V2" in out
    assert main(["check", str(LIVER), "--variants", "--only", "C12c", "--format", "csv"]) == 0
    assert capsys.readouterr().out.splitlines()[0].startswith("experiment,model,V1,V2")


def test_that_a_report_has_a_section_on_them(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    arguments = ["report", str(LIVER), "--scenario", "PHx", "-o", str(folder)]
    assert main([*arguments, "--with", "variants", "sensitivity", "--forms", "md"]) == 0
    text = (folder / "report.md").read_text()
    assert "VEGF drives vessels only; HGF needs LIF" in text
