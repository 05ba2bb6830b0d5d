"""Following: the levels of components that are determined by free inputs.

The value of a rule for known inputs is read from its decision diagrams, not from its text: in ``(A
& C) | (!A & C)`` the level of C alone decides, whatever A does.
"""

from __future__ import annotations

from collections.abc import Iterable

from regnet.diagram import Diagram, Function
from regnet.network import LogicalNetwork
from regnet.space import Range


class Following:
    """The components of a network that free inputs determine.

    Parameters
    ----------
    network
        The network, perturbed.
    """

    def __init__(self, network: LogicalNetwork) -> None:
        self.network = network
        self.diagram = Diagram()
        thresholds = [(n, k) for n, top in network.tops.items() for k in range(1, top + 1)]
        self.number = {threshold: v for v, threshold in enumerate(thresholds)}
        self.targets: dict[str, list[Function]] = {}

    def settle(self, names: Iterable[str], space: dict[str, Range]) -> None:
        """Narrow components to the levels that the others in a space determine.

        Parameters
        ----------
        names
            The components that follow; those that the space does not determine keep their range.
        space
            All components with their range; it is changed.
        """
        waiting = dict.fromkeys(names)
        values = {
            v: k <= space[name][0]
            for (name, k), v in self.number.items()
            if name not in waiting and not space[name][0] < k <= space[name][1]
        }
        moved = True
        while moved:
            moved = False
            for name in list(waiting):
                functions = [self.diagram.restrict(f, values) for f in self._targets(name)]
                if all(f < 2 for f in functions):
                    level = sum(functions)
                    space[name] = (level, level)
                    values.update(
                        (self.number[name, k], k <= level) for k in range(1, len(functions) + 1)
                    )
                    del waiting[name]
                    moved = True

    def _targets(self, name: str) -> list[Function]:
        """Return the conditions under which a component reaches each level above 0."""
        if name not in self.targets:
            rule, top = self.network[name].rule, self.network.tops[name]
            self.targets[name] = [
                0 if rule is None else self.diagram.read(rule.reaches(level), self.number)
                for level in range(1, top + 1)
            ]
        return self.targets[name]
