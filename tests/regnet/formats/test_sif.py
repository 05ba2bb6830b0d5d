"""SIF: one edge a line."""

from __future__ import annotations

from regnet.formats.sif import write
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project


def test_that_every_edge_and_every_lonely_component_has_a_line() -> None:
    network = LogicalNetwork(
        (
            Component("A"),
            Component("B", Rule.of("A & !C | !A & C")),
            Component("C", Rule.of("!A & (B | !B)")),
            Component("D x"),
        )
    )
    lines = write(Project(network))[0].splitlines()
    assert lines == ["A\t-?\tB", "C\t-?\tB", "A\t-|\tC", "B\t-o\tC", "D x"]


def test_that_tabs_and_line_breaks_in_names_break_no_line() -> None:
    network = LogicalNetwork((Component("A\tB"), Component("A B"), Component("C\nD")))
    assert write(Project(network))[0].splitlines() == ["A B_2", "A B", "C D"]
