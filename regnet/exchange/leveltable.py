"""Level table: the target of a component as a table over the levels of some others.

Truth tables and formulas give a target for each combination of levels. They are converted to a
short rule over thresholds, by decision diagrams.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

from regnet.diagram import ALWAYS, NEVER, Function
from regnet.exchange.interchange import as_expression, limited_diagram
from regnet.logic import Var
from regnet.network import Rule


class LevelTable:
    """Functions of the levels of some components.

    Parameters
    ----------
    inputs
        The components with their highest levels.
    """

    def __init__(self, inputs: Sequence[tuple[str, int]]) -> None:
        self.tops = [top for _, top in inputs]
        self.variables = [Var(name, k) for name, top in inputs for k in range(1, top + 1)]
        self.diagram = limited_diagram("a function is too large to be read")
        self._groups: list[range] = []
        count = 0
        for top in self.tops:
            self._groups.append(range(count, count + top))
            count += top
        self.possible = self.diagram.conjunction(map(self.diagram.ladder, self._groups))

    @property
    def size(self) -> int:
        """The number of combinations of levels."""
        return prod(top + 1 for top in self.tops)

    def everywhere(self, values: Sequence[bool]) -> Function:
        """Return the function with a value for each combination, the last component fastest."""
        functions = [ALWAYS if value else NEVER for value in values]
        node = self.diagram.node
        for group, top in zip(reversed(self._groups), reversed(self.tops), strict=True):
            size = top + 1
            grouped = []
            for start in range(0, len(functions), size):
                f = functions[start + top]
                for level in range(top - 1, -1, -1):
                    f = node(group[level], functions[start + level], f)
                grouped.append(f)
            functions = grouped
        return functions[0]

    def row(self, levels: Sequence[int | None]) -> Function:
        """Return "the components are exactly at these levels"; None is any level."""
        literals: dict[int, bool] = {}
        for group, level in zip(self._groups, levels, strict=True):
            if level is not None:
                literals.update((v, place < level) for place, v in enumerate(group))
        return self.diagram.cube(literals)

    def rows(self, rows: Iterable[Sequence[int | None]]) -> Function:
        """Return "the levels are those of one of these rows"."""
        return self.diagram.disjunction([self.row(levels) for levels in rows])

    def rule(self, reached: Sequence[Function]) -> Rule:
        """Return the rule whose target is at level k or above where ``reached[k - 1]`` holds."""
        d = self.diagram
        beside = d.negation(self.possible)
        cases = []
        for level, f in reversed(list(enumerate(reached, start=1))):
            f = d.both(f, self.possible)
            if f != NEVER or level == 1:
                cases.append((as_expression(d, f, self.variables, d.either(f, beside)), level))
        return Rule(tuple(cases))
