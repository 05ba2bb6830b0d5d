"""Free inputs: which to set next, and to which levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from regnet.boolean import BooleanNetwork
from regnet.reduction import Group


@dataclass(frozen=True)
class Inputs:
    """The free inputs of a network, as groups of variables.

    Parameters
    ----------
    groups
        The variables of each input.
    start
        Values of variables in the start.
    """

    groups: tuple[Group, ...]
    start: Mapping[int, bool]

    def most_used(self, part: BooleanNetwork) -> Group:
        """Return the input of a part with the most targets."""
        d, uses = part.diagram, dict.fromkeys(part.inputs, 0)
        for v in part.order:
            if v not in part.inputs:
                for u in d.support(part.targets[v]) & part.inputs:
                    uses[u] += 1
        groups = [g for g in self.groups if part.inputs & set(g)]
        return max(groups, key=lambda g: (sum(uses.get(v, 0) for v in g), -g[0]))

    def levels(self, group: Group, condition: Mapping[int, bool]) -> Iterator[dict[int, bool]]:
        """Yield each level that an input can have under a condition, as variable values."""
        low, high = self.range_of(group, condition)
        for level in range(low, high + 1):
            yield {v: place < level for place, v in enumerate(group)}

    def range_of(self, group: Group, condition: Mapping[int, bool]) -> tuple[int, int]:
        """Return the lowest and the highest level of an input under a condition."""
        known = {**self.start, **condition}
        low = sum(known.get(v) is True for v in group)
        return low, sum(known.get(v) is not False for v in group)
