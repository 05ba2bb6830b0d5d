"""Explanations and points of no return in a report."""

from __future__ import annotations

import json
from html import escape

import pytest

from regnet.analysis.commitment import find_commitment, random_run
from regnet.analysis.explain.several import find_explanations
from regnet.errors import EngineError
from regnet.formats import load
from regnet.report import build_report, repeat, to_html
from tests.conftest import ROOT

PROJECT = load(ROOT / "tests" / "models" / "lif_lifr.toml")
NETWORK = PROJECT.network


def test_that_a_report_tells_why_and_can_ask_again() -> None:
    scenario = PROJECT.scenario("overdose at PHx")
    found = find_explanations(NETWORK, scenario, "Mass", phenotypes=PROJECT.phenotypes, size=2)
    assert len(found.found) == 3
    report = build_report(PROJECT, further=[found])
    page = to_html(report)
    assert "Why Mass is as it is" in page
    assert "In attractor A1" in page
    shown = [str(i) for one in found.found for i in one.explanation.interventions]
    assert shown
    assert all(escape(text) in page for text in shown)
    assert "why.csv" in report.files
    record = json.loads(report.files["why.json"])
    assert json.loads(json.dumps(repeat(PROJECT, record))) == record


def test_that_a_report_tells_points_of_no_return_and_can_ask_again() -> None:
    scenario = PROJECT.scenario("overdose at PHx")
    path = random_run(NETWORK, scenario, seed=5)
    found = find_commitment(NETWORK, scenario, path, phenotypes=PROJECT.phenotypes)
    report = build_report(PROJECT, further=[found])
    page = to_html(report)
    assert "Points of no return" in page
    assert page.count("is a point of no return") == len(found.turns) == 2
    section = page.partition('id="commitment"')[2].partition("</section>")[0]
    assert "From each state of the one run: " in section
    assert "from anywhere" not in section
    record = json.loads(report.files["commitment.json"])
    assert json.loads(json.dumps(repeat(PROJECT, record))) == record


def test_that_an_attractor_that_is_not_there_is_told() -> None:
    with pytest.raises(EngineError, match="there is no attractor A9: there are"):
        find_explanations(NETWORK, PROJECT.scenario("LIF high"), "Mass", numbers=[9])
