"""Interventions and queries in a report."""

from __future__ import annotations

import json
from html import escape

from regnet.analysis.control import find_interventions
from regnet.analysis.query import query
from regnet.formats import load
from regnet.records.control import interventions_to_json
from regnet.records.query import answer_to_json
from regnet.report import build_report, repeat, to_html
from regnet.temporal import parse_query
from tests.conftest import ROOT

PROJECT = load(ROOT / "tests" / "models" / "lif_lifr.toml")
NETWORK = PROJECT.network


def test_that_a_report_tells_interventions_and_can_ask_for_them_again() -> None:
    scenario = PROJECT.scenario("overdose before PHx")
    found = find_interventions(
        NETWORK, scenario, NETWORK.parse("!Cachexia"), max_size=2, forbid=["LIFR"], cuts=True,
        costs={"STAT3": 2}, phenotypes=PROJECT.phenotypes,
    )  # fmt: skip
    report = build_report(PROJECT, further=[found])
    page = to_html(report)
    assert "What brings about !Cachexia" in page
    assert "set of up to 2" in page
    assert found.found
    assert all(escape(str(one.perturbation)) in page for one in found.found)
    assert {"interventions.json", "interventions.csv"} <= report.files.keys()
    record = json.loads(json.dumps(interventions_to_json(found, timed=False)))
    assert json.loads(json.dumps(repeat(PROJECT, record))) == record


def test_that_a_report_tells_answers_to_queries_and_can_ask_again() -> None:
    scenario = PROJECT.scenario("PHx")
    texts = ("EF Mass:2", "AG !HepProlif", "AG EF (Mass:2 & !HepProlif)")
    answers = [query(NETWORK, scenario, parse_query(t, NETWORK, PROJECT.phenotypes)) for t in texts]
    report = build_report(PROJECT, further=answers)
    assert {"query.json", "query-2.csv", "query-3.json"} <= report.files.keys()
    page = to_html(report)
    assert "EF Mass:2 holds." in page
    for answer in answers:
        record = json.loads(json.dumps(answer_to_json(answer, timed=False)))
        assert json.loads(json.dumps(repeat(PROJECT, record))) == record
