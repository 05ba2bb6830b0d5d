"""Search: reduce, set inputs one at a time, solve the parts, combine the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from regnet.analysis import Progress
from regnet.analysis.attractors.cores import Cores, Solution
from regnet.analysis.attractors.inputs import Inputs
from regnet.analysis.attractors.regions import Cycle, Region
from regnet.boolean import BooleanNetwork, Encoding, encode
from regnet.deadline import Deadline
from regnet.network import LogicalNetwork
from regnet.reduction import Reduction, parts, reduce
from regnet.scenario import Scenario


class Search:
    """One search for the attractors of a network in a scenario.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Perturbation, start and update mode.
    engine
        ``"auto"`` or the name of one engine.
    deadline
        When to stop.
    progress
        Progress callback.
    """

    def __init__(
        self,
        network: LogicalNetwork,
        scenario: Scenario,
        engine: str,
        deadline: Deadline,
        progress: Progress,
    ) -> None:
        perturbed = scenario.perturbation.apply(network)
        begin = scenario.start_of(network)
        self.network = perturbed
        self.synchronous = scenario.update == "synchronous"
        self.encoding: Encoding = encode(perturbed, settled=not begin, watch=deadline.check)
        self.start = self.encoding.restriction(begin) if begin else None
        self.cores = Cores(scenario.update, engine, self.start, deadline, progress)
        self.engine = engine
        # Keys are the functions of a part: start, update and engine are those of this search, and
        # incomplete answers are not kept.
        self.memo: dict[object, list[Solution]] = {}
        boolean = self.encoding.network
        self.diagram = boolean.diagram
        groups = tuple(g for g in boolean.groups if g[0] in boolean.inputs)
        self.inputs = Inputs(groups, self.start or {})
        self.left = len(boolean.groups)
        self.stop_at(deadline)

    def stop_at(self, deadline: Deadline) -> None:
        """Change the deadline, here and in all parts of the search."""
        self.deadline = self.cores.deadline = deadline
        self.diagram.watch = deadline.check

    def why(self) -> str:
        """Return in a few words why this engine was used."""
        asked = "" if self.engine == "auto" else "asked for; "
        total = len(self.network)
        if not self.cores.largest:
            return f"{asked}all {total} components follow from their regulators"
        largest = self.cores.largest
        return (
            f"{asked}{self.left} of {total} components are left after reduction, "
            f"{largest} {'variable' if largest == 1 else 'variables'} in the largest part"
        )

    def run(self) -> Iterator[Solution]:
        """Yield the attractors as they are found."""
        if self.synchronous and self.start is not None:
            solutions = self.cores.reached_synchronously(self.encoding.network)
        else:
            reduction = self.reduce(self.encoding.network, {})
            self.left = len(reduction.core.groups)
            solutions = self._solutions(reduction, {})
        yield from solutions

    def reduce(self, network: BooleanNetwork, values: Mapping[int, bool]) -> Reduction:
        """Return the reduced network when some of its variables are held."""
        start = None if self.start is None else {**self.start, **values}
        return reduce(network, values, start=start, synchronous=self.synchronous)

    def _solutions(self, reduction: Reduction, condition: Mapping[int, bool]) -> Iterator[Solution]:
        """Yield the attractors of a reduced network: the product over its parts."""
        empty: Region | Cycle = Cycle(self.diagram) if self.synchronous else Region(self.diagram)
        base = Solution(empty, condition, reduction.fixed, reduction.driven, reduction.settled)
        # large parts last, so that the first products come early
        cores = sorted(parts(reduction.core), key=lambda p: (len(p.order), p.order))
        return self._product(base, cores)

    def _product(self, base: Solution, cores: list[BooleanNetwork]) -> Iterator[Solution]:
        if not cores:
            yield base
            return
        *rest, last = cores
        for answer in self._part(last):
            for joined in base.joined(answer):
                yield from self._product(joined, rest)

    def _part(self, part: BooleanNetwork) -> Iterator[Solution]:
        """Yield the attractors of one part, cached for repeated parts."""
        key = part.key
        if key in self.memo:
            yield from self.memo[key]
            return
        answers = []
        for answer in self._fresh(part):
            answers.append(answer)
            yield answer
        self.memo[key] = answers

    def _fresh(self, part: BooleanNetwork) -> Iterator[Solution]:
        if not part.inputs:
            yield from self.cores.solve(part)
            return
        if len(part.order) == len(part.inputs):  # an input without targets
            yield Solution(Cycle(self.diagram) if self.synchronous else Region(self.diagram))
            return
        group = self.inputs.most_used(part)
        for values in self.inputs.levels(group, {}):
            self.deadline.check()
            yield from self._solutions(self.reduce(part, values), values)
