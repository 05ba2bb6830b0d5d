"""Counting: the number of attractors over all combinations of free inputs.

Inputs are set one at a time. The rest decomposes into independent parts, and repeated parts are
cached: the work grows with the number of different parts, not with the number of attractors. The
attractors of two parts combine in pairs; but parts that are updated synchronously keep their phase,
so cycles of lengths p and q combine into gcd(p, q) joint ones, of length lcm(p, q).
"""

from __future__ import annotations

from collections import Counter
from functools import reduce
from math import gcd, lcm

from regnet.analysis.attractors.regions import Cycle
from regnet.analysis.attractors.search import Search
from regnet.boolean import BooleanNetwork
from regnet.deadline import OutOfTime
from regnet.reduction import Reduction, parts

COUNTING = 30.0
"""Seconds for counting, before attractors are listed."""


class Counting:
    """Counts the attractors of a search, and shares the answers found."""

    def __init__(self, search: Search) -> None:
        self.search = search
        # The key of a part is its functions: start and update are those of the search.
        self.numbers: dict[object, Counter[int]] = {}

    def total(self) -> int | None:
        """Return the number of attractors over all input combinations, without listing them.

        Return None without free inputs, or if it takes too long.
        """
        search, boolean = self.search, self.search.encoding.network
        if not boolean.inputs or (search.synchronous and search.start is not None):
            return None
        whole, left = search.deadline, search.deadline.left()
        patience, search.cores.patience = search.cores.patience, 0.0  # sizes make no difference
        search.stop_at(whole.within(COUNTING if left is None else left / 2))
        number = None
        try:
            number = self._number(search.reduce(boolean, {})).total()
        except OutOfTime:
            if search.cores.doubts:  # they may result from the time limit, which is longer later
                search.cores.doubts.clear()
                search.memo.clear()
        search.stop_at(whole)
        search.cores.patience = patience
        return number

    def _number(self, reduction: Reduction) -> Counter[int]:
        """Return the number of attractors by length, which is 1 unless updates are synchronous."""
        cores = sorted(parts(reduction.core), key=lambda p: (len(p.order), p.order))
        return reduce(_joint, map(self._number_of_part, cores), Counter({1: 1}))

    def _number_of_part(self, part: BooleanNetwork) -> Counter[int]:
        key = part.key
        if key not in self.numbers:
            self.search.deadline.check()
            number = self._without_inputs(part) if not part.inputs else self._with_inputs(part)
            if self.search.cores.doubts:
                raise OutOfTime
            self.numbers[key] = number
        return self.numbers[key]

    def _without_inputs(self, part: BooleanNetwork) -> Counter[int]:
        answers = list(self.search.cores.solve(part))
        regions = [answer.region for answer in answers]
        if all(region.size for region in regions):
            self.search.memo[part.key] = answers
        return Counter(region.size if isinstance(region, Cycle) else 1 for region in regions)

    def _with_inputs(self, part: BooleanNetwork) -> Counter[int]:
        inputs = self.search.inputs
        group = inputs.most_used(part)
        levels = list(inputs.levels(group, {}))
        if len(part.order) == len(part.inputs):  # one input without targets
            return Counter({1: len(levels)})
        number = Counter[int]()
        for values in levels:
            number.update(self._number(self.search.reduce(part, values)))
        return number


def _joint(one: Counter[int], other: Counter[int]) -> Counter[int]:
    """Return the number of joint attractors of two independent parts, by length."""
    both = Counter[int]()
    for p, some in one.items():
        for q, more in other.items():
            both[lcm(p, q)] += some * more * gcd(p, q)
    return both
