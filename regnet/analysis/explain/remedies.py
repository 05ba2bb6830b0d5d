"""Remedies: the smallest interventions that change the level of a component permanently.

Each set of components is tried at each choice of levels, and the attractors reached are computed,
unless the smallest trap space around the states already decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import prod
from typing import TypeAlias

from regnet.analysis import Progress
from regnet.analysis.attractors import Attractor, Attractors, find_attractors, may_repeat
from regnet.analysis.explain.chains import Chains
from regnet.analysis.explain.phases import attractor_states
from regnet.analysis.explain.reasons import Target
from regnet.brief import brief
from regnet.deadline import Deadline
from regnet.evidence import Phenotype
from regnet.scenario import Perturbation
from regnet.space import Range, Space

MOST_STARTS = 64
"""Maximum number of states of an attractor from which an intervention is tried one by one."""


@dataclass(frozen=True, slots=True)
class Intervention:
    """Components to hold, or no longer hold, to change the outcome.

    Parameters
    ----------
    clamps, released
        Components held at other levels, and components that the scenario no longer holds.
    levels
        The range of the component over all attractors that are then reached.
    attractors
        Number of these: all those reachable from some state of the explained attractor.
    phenotypes
        The phenotypes that all of these have.
    """

    clamps: Space
    released: tuple[str, ...]
    levels: Range
    attractors: int
    phenotypes: tuple[str, ...] = ()

    __repr__ = brief

    def __str__(self) -> str:
        parts = [str(self.clamps)] if self.clamps else []
        return " ".join([*parts, *(f"{name} not held" for name in self.released)])


_Candidate: TypeAlias = tuple[str, int | None]  # hold it at a level, or (None) free it


class Remedies:
    """The search for interventions that change one component.

    Parameters
    ----------
    chains
        The network, the scenario, and the ranges of all components in the attractor.
    seed
        A state of the attractor.
    component
        The component whose level is to change.
    deadline, progress
        The deadline, after which `OutOfTime` is raised, and the progress callback.
    """

    def __init__(
        self, chains: Chains, seed: Space, component: str, deadline: Deadline, progress: Progress
    ) -> None:
        self.chains, self.seed, self.component = chains, seed, component
        self.original, self.scenario = chains.original, chains.scenario
        self.space: Mapping[str, Range] = chains.space
        self.deadline, self.progress = deadline, progress
        self.size = 0
        """Size of interventions up to which all were tried."""

    def find(
        self, size: int, phenotypes: tuple[Phenotype, ...], doubts: list[str]
    ) -> Iterator[Intervention]:
        """Yield the smallest interventions that work; `size` is the size searched."""
        clamps = self.scenario.perturbation.clamps
        unclamped = replace(self.scenario.perturbation, clamps=Space()).apply(self.original)
        free = {self.component: Target(unclamped, self.component)}
        todo = [self.component]
        for name in todo:
            for source in free[name].regulators:
                if source not in free:
                    free[source] = Target(unclamped, source)
                    todo.append(source)
        order = [name for name in self.original.names if name in free and name != self.component]
        options: list[list[_Candidate]] = [
            [
                *((n, k) for k in range(self.original[n].top + 1) if clamps.get(n) != (k, k)),
                *([(n, None)] if n in clamps and not self.original[n].is_input else []),
            ]
            for n in order
        ]
        found = open_ = 0
        for self.size in range(1, size + 1):
            total = sum(prod(map(len, some)) for some in combinations(options, self.size))
            sets: Iterator[tuple[_Candidate, ...]] = (
                chosen for some in combinations(options, self.size) for chosen in product(*some)
            )
            for number, chosen in enumerate(sets):
                self.deadline.check()
                words = f"{number:,} of {total:,} interventions of size {self.size}"
                self.progress(number / total, words)
                if self._stays(chosen, free):
                    continue
                ends = self._ends(chosen, phenotypes)
                if ends is None:
                    open_ += 1
                elif ends:
                    found += 1
                    yield self._intervention(chosen, ends)
            if open_:
                doubts.append(f"{open_} interventions were not decided")
            if found or open_:
                return

    def _stays(self, chosen: Iterable[_Candidate], free: Mapping[str, Target]) -> bool:
        """Return whether the smallest trap space already proves that the level stays."""
        low, high = self.space[self.component]
        if low != high:
            return False
        clamps: dict[str, Range] = dict(self.scenario.perturbation.clamps)
        now = dict(self.space)
        for name, level in chosen:
            if level is None:
                del clamps[name]
            else:
                clamps[name] = now[name] = (level, level)
        todo = list(free)
        while todo:
            name = todo.pop()
            low, high = free[name].range(now)
            first, last = clamps.get(name, (0, high))
            low, high = max(low, first), min(high, last)
            low, high = min(low, now[name][0]), max(high, now[name][1])
            if (low, high) != now[name]:
                now[name] = (low, high)
                todo += [user for user, target in free.items() if name in target.regulators]
        return now[self.component] == self.space[self.component]

    def _ends(
        self, chosen: tuple[_Candidate, ...], phenotypes: tuple[Phenotype, ...]
    ) -> list[Attractor] | None:
        """Return the attractors that an intervention leads to from the states of the attractor.

        Empty if the component keeps its level in one of them; None if undecided.
        """
        first = self._outcome(chosen, phenotypes, self.seed)
        if not first.complete:
            return None
        ends = list(first.attractors)
        if not self._works(ends):
            return []
        hull = Space(self.space)
        if hull == self.seed:
            return ends
        # The smallest box around the attractor may contain other states, from which an intervention
        # fails; it decides only if it leads to the same attractors as the seed.
        wide = self._outcome(chosen, phenotypes, hull)
        if wide.complete and _identities(wide.attractors) == _identities(ends):
            return ends
        if self.scenario.update == "most-permissive":  # an attractor fills its box
            if not wide.complete:
                return None
            return list(wide.attractors) if self._works(wide.attractors) else []
        return self._ends_of_each(chosen, phenotypes, ends)

    def _ends_of_each(
        self,
        chosen: tuple[_Candidate, ...],
        phenotypes: tuple[Phenotype, ...],
        ends: list[Attractor],
    ) -> list[Attractor] | None:
        """Return the attractors from each state, tried one by one; as `_ends`."""
        held = {name: level for name, level in chosen if level is not None}
        known = {attractor.identity: attractor for attractor in ends}
        starts = {self.seed.with_(held)}
        unseen: list[str] = []
        for state in attractor_states(self.chains, self.seed, self.deadline, unseen):
            levels = dict(zip(self.original.names, state, strict=True))
            start = Space({**levels, **held})
            if start in starts:
                continue
            starts.add(start)
            answer = self._outcome(chosen, phenotypes, start)
            if not answer.complete or len(starts) > MOST_STARTS:
                return None
            if not self._works(answer.attractors):
                return []
            known |= {attractor.identity: attractor for attractor in answer.attractors}
        return None if unseen or may_repeat(known.values()) else list(known.values())

    def _works(self, ends: Iterable[Attractor]) -> bool:
        """Return whether the component leaves its level in all of these attractors."""
        return all(self._differs(attractor.space[self.component]) for attractor in ends)

    def _outcome(
        self, chosen: Iterable[_Candidate], phenotypes: tuple[Phenotype, ...], start: Space
    ) -> Attractors:
        """Return the attractors reached from a start under an intervention."""
        before = self.scenario.perturbation
        clamps = before.clamps
        for name, level in chosen:
            clamps = clamps.without(name) if level is None else clamps.with_({name: level})
        changed = Perturbation(clamps, before.cuts)
        scenario = replace(self.scenario, perturbation=changed, start=start)
        answer = find_attractors(
            self.original, scenario, phenotypes=phenotypes, timeout=self.deadline.left()
        )
        if answer.interrupted:
            raise KeyboardInterrupt
        return answer

    def _intervention(self, chosen: Iterable[_Candidate], ends: list[Attractor]) -> Intervention:
        ranges = [attractor.space[self.component] for attractor in ends]
        shared = set.intersection(*(set(attractor.phenotypes) for attractor in ends))
        return Intervention(
            Space({name: level for name, level in chosen if level is not None}),
            tuple(name for name, level in chosen if level is None),
            (min(low for low, _ in ranges), max(high for _, high in ranges)),
            sum(attractor.valuations for attractor in ends),
            tuple(name for name in ends[0].phenotypes if name in shared),
        )

    def _differs(self, after: Range) -> bool:
        before = self.space[self.component]
        if before[0] != before[1]:
            return after[0] == after[1]
        return not after[0] <= before[0] <= after[1]


def _identities(attractors: Iterable[Attractor]) -> set[object]:
    return {attractor.identity for attractor in attractors}
