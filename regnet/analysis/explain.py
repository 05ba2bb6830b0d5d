"""Explain: why a component is at its level, how that hangs on the others, and what would change it.

Three answers that build on each other. Reasons: what about its regulators is enough, with nothing
to spare (`regnet.analysis.reasons`). The chain: the same for each regulator in it, back to inputs,
to what the scenario holds, to constants, or to components that hold each other
(`regnet.analysis.chains`). Changes: the smallest
ones that turn the target at once, and the smallest interventions after which the network ends up
with another level.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import prod
from typing import TypeAlias

from regnet.analysis import Origin, Progress, silent
from regnet.analysis.attractors import INTERRUPTED, Attractor, Attractors, find_attractors
from regnet.analysis.chains import Chains, Link
from regnet.analysis.phases import Phase, attractor_states, find_phases, negative_circuit
from regnet.analysis.reasons import Target
from regnet.engines import Deadline, OutOfTime
from regnet.errors import NetworkError
from regnet.evidence import Phenotype
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation, Scenario
from regnet.space import Range, Space

LARGEST_CHANGE = 3
"""So many regulators are changed together at most to turn a target."""

MOST_STARTS = 64
"""An intervention is tried from so many states of an attractor at most, one by one."""


@dataclass(frozen=True, slots=True)
class Change:
    """Levels of regulators at which the target would be another: nothing less does it."""

    levels: Space
    target: Range


@dataclass(frozen=True, slots=True)
class Intervention:
    """What would have to be held, or no longer held, for the network to end up otherwise.

    Parameters
    ----------
    clamps, released
        Components held at other levels, and components that the scenario no longer holds.
    levels
        The range of the component over all attractors that are reached then.
    attractors
        How many these are; all that one state or another of the explained attractor leads to.
    phenotypes
        The phenotypes that all of these have.
    """

    clamps: Space
    released: tuple[str, ...]
    levels: Range
    attractors: int
    phenotypes: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [str(self.clamps)] if self.clamps else []
        return " ".join([*parts, *(f"{name} not held" for name in self.released)])


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a component is at its level.

    Parameters
    ----------
    origin
        What was asked.
    component, levels
        The component, and its levels there.
    at
        The state, or what the attractor spans.
    target
        The range of levels it heads for there.
    links
        The chain, the component's own link first. Empty if no one reason holds throughout; then
        `phases` tells.
    loops
        Components that hold each other: each one's reason asks for another of them.
    phases
        What the component does in which states of the attractor, if it changes there, or has
        different reasons in different states.
    circuit
        A negative circuit among the components that change, on which the component is or that it
        follows; the cause of its ups and downs. Empty if it does not change.
    changes
        All smallest changes of up to `LARGEST_CHANGE` regulators that would turn its target.
    interventions
        All smallest interventions after which no attractor that is reached has its level.
    size
        Up to how many components interventions were looked for; 0 if they were not.
    complete, missing
        Whether nothing is missing, and what is.
    """

    origin: Origin
    component: str
    levels: Range
    at: Space
    target: Range
    links: tuple[Link, ...]
    loops: tuple[tuple[str, ...], ...] = ()
    phases: tuple[Phase, ...] = ()
    circuit: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    size: int = 0
    complete: bool = True
    missing: str = ""

    @property
    def because(self) -> Space:
        """What the chain rests on in all: while this holds, the component stays where it is."""
        space = Space()
        for link in self.links:
            if not link.in_vain:
                space = (space & Space({link.name: link.levels})) or space
        return space

    @property
    def edges(self) -> tuple[tuple[str, str, str], ...]:
        """The edges of the network that the chain goes along: source, target and sign."""
        found = [
            (name, link.name, sign) for link in self.links for name, sign in link.signs.items()
        ]
        return tuple(dict.fromkeys(found))


def explain(
    network: LogicalNetwork,
    at: Attractor | Mapping[str, Range],
    component: str,
    *,
    scenario: Scenario | None = None,
    phenotypes: Iterable[Phenotype] = (),
    size: int = 1,
    timeout: float | None = None,
    progress: Progress = silent,
) -> Explanation:
    """Return why a component is at its level in a state or an attractor, and what would change it.

    Parameters
    ----------
    network
        The network, unperturbed.
    at
        An attractor, or levels for all components. An attractor that stands for several input
        combinations is explained under those of its `seed`.
    component
        Its name.
    scenario
        Under which `at` was found; default the wild type.
    phenotypes
        Names to give to what interventions lead to.
    size
        Interventions are looked for up to so many components at once, until some are found; 0 for
        none. They are looked for only where the network stays: at a fixed point, or in an
        attractor, of which they work in every state.
    timeout
        Seconds for the search for interventions and phases.
    progress
        Who is told how far it is.

    Raises
    ------
    RegnetError
        If the scenario or the component does not fit the network, `at` leaves a component out, or
        a rule has too many regulators.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> net = LogicalNetwork((
    ...     Component("Dose"), Component("Brake", Rule.of("Dose")),
    ...     Component("Growth", Rule.of("Dose & !Brake")),
    ... ))
    >>> answer = explain(net, Space({"Dose": 1, "Brake": 1, "Growth": 0}), "Growth")
    >>> [(link.name, str(link.reason)) for link in answer.links]
    [('Growth', 'Brake=1'), ('Brake', 'Dose=1'), ('Dose', 'None')]
    >>> [str(change.levels) for change in answer.changes]
    ['Brake=0']
    >>> [str(intervention) for intervention in answer.interventions]
    ['Brake=0']
    """
    started = time.perf_counter()
    scenario = scenario or Scenario()
    network[component]
    scenario.check(network)
    deadline = Deadline(timeout)
    search = _Search(network, scenario, at, component, deadline, progress)
    doubts: list[str] = []
    own = search.space[component]
    target = search.chains.target(component).range(search.space)
    links, loops = search.chains.find(component, target)
    phases: tuple[Phase, ...] = ()
    circuit: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    interventions: list[Intervention] = []
    try:
        if links:
            changes = search.changes(target)
        elif search.rests and scenario.update != "most-permissive":
            phases, missing = find_phases(search.chains, component, search.seed, deadline)
            doubts += [missing] if missing else []
        if own[0] != own[1]:
            circuit = negative_circuit(search.chains, component)
        if search.rests:
            for intervention in search.interventions(size, tuple(phenotypes), doubts):
                interventions.append(intervention)
    except OutOfTime:
        doubts.append("the time was over before every intervention was tried")
    except KeyboardInterrupt:
        doubts.append(INTERRUPTED)
    if not search.chains.complete:
        doubts.append("some rule has too many reasons to list them all")
    missing = "; ".join(doubts)
    origin = Origin.of(
        network,
        scenario=scenario,
        engine="rules",
        why="every reason is proved on the rules, every intervention by its attractors",
        guarantee="bounded" if missing else "exact",
        seconds=time.perf_counter() - started,
    )
    return Explanation(
        origin,
        component,
        own,
        Space(search.space),
        target,
        links,
        loops,
        phases,
        circuit,
        changes,
        tuple(interventions),
        search.size,
        not missing,
        missing,
    )


_Candidate: TypeAlias = tuple[str, int | None]  # hold it at a level, or (None) no longer hold it


class _Search:
    """One run of `explain`."""

    def __init__(
        self,
        network: LogicalNetwork,
        scenario: Scenario,
        at: Attractor | Mapping[str, Range],
        component: str,
        deadline: Deadline,
        progress: Progress,
    ) -> None:
        self.original, self.scenario, self.component = network, scenario, component
        self.deadline, self.progress = deadline, progress
        self.size = 0  # of the interventions that were looked for
        if isinstance(at, Attractor):  # one input combination: that of the seed
            single = {name: at.seed[name] for name in (*at.condition, *at.follows)}
            levels, self.seed = at.space.with_(single), at.seed
        else:
            levels = self.seed = Space(at)
        for name in network.names:
            if name not in levels:
                raise NetworkError(f"to explain {component}, a level of {name} is needed")
            if levels[name][1] > network[name].top:
                raise NetworkError(f"{name} has no level {levels[name][1]}")
        self.space = {name: levels[name] for name in network.names}
        self.chains = Chains(network, scenario, self.space)
        state = {name: low for name, (low, _) in self.space.items()}
        still = all(low == high for low, high in self.space.values()) and all(
            self.chains.network.target(name, state) == level for name, level in state.items()
        )
        self.rests = isinstance(at, Attractor) or still

    # --- what would change it ---

    def changes(self, target: Range) -> tuple[Change, ...]:
        """Return the smallest changes of regulators that turn the target."""
        if self.original[self.component].is_input:
            return ()
        rule = self.chains.target(self.component)
        found = rule.changes(self.space, target, size=LARGEST_CHANGE)
        return tuple(Change(levels, rule.range({**self.space, **levels})) for levels in found)

    def interventions(
        self, size: int, phenotypes: tuple[Phenotype, ...], doubts: list[str]
    ) -> Iterator[Intervention]:
        """Yield the smallest interventions that work; `size` says up to which was looked."""
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
        """Tell whether it is plain that the component stays: the smallest trap space says so."""
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
        """Return where an intervention leads from every state of the attractor.

        Nothing if the component keeps its level at one of these ends; None if that is open.
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
        # The least box around the attractor may hold states outside it, from which an intervention
        # fails; only if it leads to the same ends as the seed is the matter settled.
        wide = self._outcome(chosen, phenotypes, hull)
        if wide.complete and set(map(_key, wide.attractors)) == set(map(_key, ends)):
            return ends
        if self.scenario.update == "most-permissive":  # an attractor is all of its box
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
        """Return the ends from each state, tried one by one; as `_ends`."""
        held = {name: level for name, level in chosen if level is not None}
        known = {_key(attractor): attractor for attractor in ends}
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
            known |= {_key(attractor): attractor for attractor in answer.attractors}
        return None if unseen else list(known.values())

    def _works(self, ends: Iterable[Attractor]) -> bool:
        """Tell whether the component leaves its level in all of these attractors."""
        return all(self._differs(attractor.space[self.component]) for attractor in ends)

    def _outcome(
        self, chosen: Iterable[_Candidate], phenotypes: tuple[Phenotype, ...], start: Space
    ) -> Attractors:
        """Return the attractors that are reached from a start under an intervention."""
        before = self.scenario.perturbation
        clamps = before.clamps
        for name, level in chosen:
            clamps = clamps.without(name) if level is None else clamps.with_({name: level})
        changed = Perturbation(clamps, before.cuts)
        scenario = replace(self.scenario, perturbation=changed, start=start)
        answer = find_attractors(
            self.original, scenario, phenotypes=phenotypes, timeout=self.deadline.left()
        )
        if answer.missing == INTERRUPTED:
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


def _key(attractor: Attractor) -> tuple[object, ...]:
    """Return what tells an attractor from others, whatever start it was found from."""
    return attractor.kind, attractor.size, attractor.space, attractor.condition
