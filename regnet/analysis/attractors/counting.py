"""Counting: how many attractors there are under all combinations of free inputs.

Inputs are set one at a time. What is left falls into independent parts, whose numbers multiply, and
parts that return are remembered: the work grows with how many different parts there are, not with
how many attractors.
"""

from __future__ import annotations

from math import prod

from regnet.analysis.attractors.search import Search
from regnet.boolean import BooleanNetwork
from regnet.engines import OutOfTime
from regnet.reduction import Reduction, parts

COUNTING = 30.0
"""Seconds for counting, before attractors are listed."""


class Counting:
    """Counts the attractors of a search, and leaves it the answers that it met."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.numbers: dict[object, int] = {}

    def total(self) -> int | None:
        """Return how many attractors there are, each input combination counted, without listing.

        None without free inputs, and where it takes long.
        """
        search, boolean = self.search, self.search.encoding.network
        if not boolean.inputs or (search.synchronous and search.start is not None):
            return None
        whole, left = search.deadline, search.deadline.left()
        patience, search.cores.patience = search.cores.patience, 0.0  # sizes make no difference
        search.stop_at(whole.within(COUNTING if left is None else left / 2))
        number = None
        try:
            number = self._number(search.reduce(boolean, {}))
        except OutOfTime:
            if search.cores.doubts:  # they may come from the time, of which there is more later
                search.cores.doubts.clear()
                search.memo.clear()
        search.stop_at(whole)
        search.cores.patience = patience
        return number

    def _number(self, reduction: Reduction) -> int:
        cores = sorted(parts(reduction.core), key=lambda p: (len(p.order), p.order))
        return prod(map(self._number_of_part, cores))

    def _number_of_part(self, part: BooleanNetwork) -> int:
        key = part.key
        if key not in self.numbers:
            self.search.deadline.check()
            number = self._without_inputs(part) if not part.inputs else self._with_inputs(part)
            if self.search.cores.doubts:
                raise OutOfTime
            self.numbers[key] = number
        return self.numbers[key]

    def _without_inputs(self, part: BooleanNetwork) -> int:
        answers = list(self.search.cores.solve(part))
        if all(a.region.size for a in answers):
            self.search.memo[part.key] = answers
        return len(answers)

    def _with_inputs(self, part: BooleanNetwork) -> int:
        inputs = self.search.inputs
        group = inputs.most_used(part)
        levels = list(inputs.levels(group, {}))
        if len(part.order) == len(part.inputs):  # one input that nothing left depends on
            return len(levels)
        return sum(self._number(self.search.reduce(part, values)) for values in levels)
