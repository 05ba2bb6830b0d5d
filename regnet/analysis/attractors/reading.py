"""Reading: from solutions over Boolean variables to attractors over components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod

from regnet.analysis.attractors.cores import Solution
from regnet.analysis.attractors.regions import Cycle, Region
from regnet.analysis.attractors.results import OSCILLATES, Attractor
from regnet.analysis.attractors.search import Search
from regnet.diagram import Function
from regnet.evidence import Phenotype
from regnet.network import LogicalNetwork
from regnet.reduction import Group
from regnet.space import Space


class Reading:
    """Reads the solutions of a search.

    Parameters
    ----------
    network
        The network, unperturbed.
    search
        The search.
    phenotypes
        Names to give to attractors.

    Raises
    ------
    RegnetError
        If a phenotype does not fit the network.
    """

    def __init__(
        self, network: LogicalNetwork, search: Search, phenotypes: tuple[Phenotype, ...]
    ) -> None:
        self.encoding = search.encoding
        self.diagram = search.diagram
        self.inputs = search.inputs
        self.doubts = search.cores.doubts
        self.permissive = search.cores.update == "most-permissive"
        self.phenotypes = [(p, self.encoding.read(p.condition)) for p in phenotypes]
        for phenotype in phenotypes:
            network.check(phenotype.condition)

    def attractors(self, solution: Solution) -> Iterator[Attractor]:
        """Restore removed components; split on inputs where the answer depends on them."""
        d = self.diagram
        values = {**solution.fixed, **solution.condition}
        inputs = {v: g for g in self.inputs.groups for v in g if v not in values}
        formulas: dict[int, Function] = {}

        def seen(f: Function) -> Function:
            return d.compose(d.restrict(f, values), formulas)

        for group, targets in solution.settled:
            for v, target in zip(group, targets, strict=True):
                f = seen(target)
                if f < 2:
                    values[v] = bool(f)
                else:
                    formulas[v] = f
        region = solution.region
        for group, targets in reversed(solution.driven):
            functions = [seen(target) for target in targets]
            support = frozenset().union(*(d.support(f) for f in functions))
            asked = support & inputs.keys()
            if asked and support != asked:
                yield from self._split(solution, inputs[min(asked)])
                return
            if asked:
                for v, f in zip(group, functions, strict=True):
                    if f < 2:
                        values[v] = bool(f)
                    else:
                        formulas[v] = f
            else:
                region, fixed = region.driven(group, functions)
                values.update(fixed)
        names: list[str] = []
        for phenotype, condition in self.phenotypes:
            f = seen(condition)
            asked = d.support(f) & inputs.keys()
            if asked:
                yield from self._split(solution, inputs[min(asked)])
                return
            is_open = phenotype.kind == "cyclic" and region.kind == OSCILLATES
            if (is_open or phenotype.fits(region.kind)) and not region.can(d.negation(f)):
                if is_open:
                    self.doubts.append(
                        f"whether an attractor is cyclic and {phenotype.name} was not decided"
                    )
                else:
                    names.append(phenotype.name)
        yield self._attractor(solution, region, values, formulas, names)

    def _split(self, solution: Solution, group: Group) -> Iterator[Attractor]:
        for values in self.inputs.levels(group, solution.condition):
            condition = {**solution.condition, **values}
            yield from self.attractors(replace(solution, condition=condition))

    def _attractor(
        self,
        solution: Solution,
        region: Region | Cycle,
        values: Mapping[int, bool],
        formulas: Mapping[int, Function],
        names: list[str],
    ) -> Attractor:
        d = self.diagram
        condition: dict[str, int | tuple[int, int]] = {}
        lowest = dict(values)
        allowed = []  # the input combinations, as a function
        for name, group in zip(self.encoding.names, self.encoding.groups, strict=True):
            if group not in self.inputs.groups:
                continue
            low, high = self.inputs.range_of(group, solution.condition)
            condition[name] = (low, high)
            lowest.update({v: place < low for place, v in enumerate(group)})
            decided = {v: place < low for place, v in enumerate(group) if not low <= place < high}
            allowed += [d.cube(decided), d.ladder(group[low:high])]
        combinations = d.conjunction(allowed)

        def can(v: int, value: bool) -> bool:
            if v in values:
                return values[v] is value
            if v in formulas:
                f = formulas[v] if value else d.negation(formulas[v])
                return d.both(f, combinations) != 0
            return region.can(d.literal(v, value))

        space: dict[str, int | tuple[int, int]] = {}
        follows = []
        lowest.update({v: bool(d.restrict(f, lowest)) for v, f in formulas.items()})
        seed = self.encoding.space({**region.seed(), **lowest}, complete=True)
        for name, group in zip(self.encoding.names, self.encoding.groups, strict=True):
            if name in condition:
                space[name] = condition[name]
                continue
            space[name] = (
                sum(not can(v, False) for v in group),
                sum(can(v, True) for v in group),
            )
            if any(v in formulas for v in group):
                follows.append(name)
        return Attractor(
            kind="complex" if self.permissive and region.size != 1 else region.kind,
            size=region.size,
            space=Space(space),
            seed=seed,
            phenotypes=tuple(names),
            condition=Space(condition),
            valuations=prod(high - low + 1 for low, high in Space(condition).values()),
            follows=tuple(follows),
        )
