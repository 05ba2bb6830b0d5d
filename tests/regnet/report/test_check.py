"""What a report says of experiments."""

from __future__ import annotations

from regnet.analysis.check import confront
from regnet.analysis.robustness import find_robustness
from regnet.evidence import Counterpart, Expectation, Experiment
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.report.document import Table, Text
from regnet.report.sections.check import confrontation_section, robustness_section, usual
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from regnet.terminal import rendered
from regnet.terminal.check import show_robustness

NETWORK = LogicalNetwork(
    [
        Component("Signal"),
        Component("Cell", Rule.of("Signal")),
        Component("Mass", Rule.of("Cell")),
    ]
)
START = Space({"Cell": 0, "Mass": 0})
GIVEN = Scenario("given", Perturbation(Space({"Signal": 1})), START)
HELPED = Scenario("helped", Perturbation(Space({"Signal": 1, "Cell": 1})), START)


def test_that_an_experiment_about_time_shows_its_numbers_and_their_rates_once() -> None:
    later = Expectation("later", NETWORK.parse("Mass"), than=Counterpart(HELPED))
    experiment = Experiment("E1", "Later by itself", GIVEN, (later,))
    project = Project(NETWORK, experiments=(experiment,))
    section = confrontation_section(confront(project), project)
    text, table = section.blocks[:2]
    assert isinstance(text, Text)
    assert isinstance(table, Table)
    (row,) = table.rows
    assert row[2].splitlines() == [
        "Later by itself",
        "later: Mass than in helped (Mass first holds after 2.000 on average, in helped after "
        "1.000 on average; exact)",
    ]
    assert text.text.endswith("What is expected of time is judged with rates all at 1.")


def test_that_shares_of_rates_stand_by_kind_with_the_argument_of_each_proof() -> None:
    mass, cell = NETWORK.parse("Mass"), NETWORK.parse("Cell")
    project = Project(
        NETWORK,
        experiments=(
            Experiment("P", "", GIVEN, (Expectation("first time", mass, above=2.0),), kind="text"),
            Experiment("L", "", GIVEN, (Expectation("later", mass, than=Counterpart(HELPED)),)),
            Experiment("F", "", GIVEN, (Expectation("first", cell, before=mass),), kind="abstract"),
        ),
    )
    found = find_robustness(project, **usual(project, GIVEN, "rates", ""))
    section = robustness_section(found, project)
    tables = [block for block in section.blocks if isinstance(block, Table)]
    assert [(table.rows[0][0], table.rows[0][3]) for table in tables] == [
        ("F", "holds for all rates: structure"), ("P", ""), ("L", "holds for all rates: coupling"),
    ]  # fmt: skip
    assert tables[0].caption == (
        "Under 60 sets of random rates: findings of the abstract 1 of 1 hold under every set drawn."
    )
    told = rendered(lambda out: show_robustness(out, found))
    places = [told.index(word) for word in ("Findings of the abstract", "Statements", "Others")]
    assert places == sorted(places)
    assert "Others 1 of 1 hold" in told
