"""InterventionTable: a row for each set of interventions, with its side effects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt

from gui.model import edits
from gui.widgets.table import ArrayTable, Column
from regnet.analysis.control import Intervention, Interventions
from regnet.analysis.control.intervention_text import change_words, size_of
from regnet.network import LogicalNetwork

NOTHING = "no intervention is needed"
_COLUMNS = (
    Column("Intervention", tip="The interventions, added to the scenario"),
    Column("Size", is_number=True, tip="Number of interventions"),
    Column("Cost", is_number=True, tip="The sum of their costs"),
    Column("Side effects", tip="Phenotypes gained or lost, except the target"),
    Column("How it is known", tip="Why every attractor shows the target"),
)


class InterventionTable(ArrayTable):
    """The sets of one answer, cheapest first."""

    def __init__(self) -> None:
        super().__init__(_COLUMNS)
        self.found: Sequence[Intervention] = ()
        self._network = LogicalNetwork(())

    def show_answer(self, answer: Interventions | None, network: LogicalNetwork) -> None:
        """Show the sets of an answer, or none."""
        self._network = network
        self.found = answer.found if answer is not None else ()
        self.reset(_COLUMNS)
        if answer is None or not self.found:
            return
        lines = [
            (
                self.name(one),
                size_of(one.perturbation),
                one.cost,
                "; ".join(change_words(answer, one)),
                one.why,
            )
            for one in self.found
        ]
        self.append(*zip(*lines, strict=True))

    def name(self, one: Intervention) -> str:
        """Return the interventions of a set, as the chips write them."""
        return edits.perturbation_text(one.perturbation, self._network) or NOTHING

    def look(self, source: int, column: int, role: int) -> Any:
        """Return the tool tips: all phenotypes, or a text that may not fit."""
        if role != Qt.ItemDataRole.ToolTipRole:
            return None
        one = self.found[source]
        if self.columns[column].title == "Side effects" and one.phenotypes:
            return "\n".join(f"{name}: {shown}" for name, shown in one.phenotypes.items())
        return self.text(source, column)
