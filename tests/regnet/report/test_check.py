"""What a report says of experiments."""

from __future__ import annotations

from regnet.analysis.check import confront
from regnet.evidence import Counterpart, Expectation, Experiment
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.report.document import Table, Text
from regnet.report.sections.check import confrontation_section
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

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
