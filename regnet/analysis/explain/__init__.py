"""Explain: why a component is at its level, the causal chain, and what would change it.

The answer has three parts. Reasons: minimal sufficient conditions on the regulators (`reasons`).
The chain: reasons of the regulators in turn, back to inputs, held components, constants, or
components that maintain each other (`regnet.analysis.explain.chains`). Changes: the smallest ones
that change the target level at once, and the smallest interventions that change the level
permanently (`regnet.analysis.explain.remedies`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from regnet.analysis import INTERRUPTED, Listed, Origin, Progress, Result, silent
from regnet.analysis.attractors import Attractor
from regnet.analysis.explain.chains import Chains, Link
from regnet.analysis.explain.phases import Phase, find_phases, negative_circuit
from regnet.analysis.explain.remedies import Intervention, Remedies
from regnet.brief import brief
from regnet.deadline import Deadline, OutOfTime
from regnet.errors import NetworkError
from regnet.evidence import Phenotype
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Range, Space

LARGEST_CHANGE = 3
"""Maximum number of regulators changed together to change a target level."""


@dataclass(frozen=True, slots=True)
class Change:
    """A minimal change of regulator levels that changes the target level."""

    levels: Space
    target: Range

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Explanation(Listed[Link], Result):
    """Why a component is at its level.

    Parameters
    ----------
    origin
        What was asked.
    component, levels
        The component, and its levels there.
    at
        The state, or the ranges of the attractor.
    target
        The range of its target level there.
    links
        The chain, the link of the component first. Empty if no single reason holds throughout; see
        `phases`.
    loops
        Components that maintain each other: the reason of each contains another one.
    phases
        Behaviour of the component by states of the attractor, if it changes there or has different
        reasons in different states.
    circuit
        A negative circuit of changing components that the component is on or follows, which causes
        its oscillation. Empty if it does not change.
    changes
        All minimal changes of up to `LARGEST_CHANGE` regulators that change its target level.
    interventions
        All smallest interventions after which no reachable attractor has its level.
    size
        Maximum size of the interventions searched for; 0 if none.
    complete, missing
        Whether nothing is missing, and what is.
    interrupted
        Whether the user stopped the search.
    """

    _LISTED = "links"

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

    @property
    def because(self) -> Space:
        """All levels of the chain: while they hold, the component keeps its level."""
        space = Space()
        for link in self.links:
            if not link.in_vain:
                space = (space & Space({link.name: link.levels})) or space
        return space

    @property
    def edges(self) -> tuple[tuple[str, str, str], ...]:
        """The edges of the chain: source, target and sign."""
        found = [
            (name, link.name, sign) for link in self.links for name, sign in link.signs.items()
        ]
        return tuple(dict.fromkeys(found))


def explain_at(
    network: LogicalNetwork,
    scenario: Scenario | None,
    component: str,
    at: Attractor | Mapping[str, Range],
    *,
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
    scenario
        The scenario of `at`; default the wild type.
    component
        Its name.
    at
        An attractor, or levels for all components. An attractor of several input combinations is
        explained under that of its `seed`.
    phenotypes
        Names for the attractors after interventions.
    size
        Maximum size of interventions, which are searched for smallest first until some are found; 0
        for none. They are searched for only in attractors, and work in all states of one.
    timeout
        Time limit in seconds of the search for interventions and phases.
    progress
        Progress callback.

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
    >>> answer = explain_at(net, None, "Growth", Space({"Dose": 1, "Brake": 1, "Growth": 0}))
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
    search = _Search(network, scenario, at, component)
    remedies = Remedies(search.chains, search.seed, component, deadline, progress)
    doubts: list[str] = []
    own = search.space[component]
    target = search.chains.target(component).range(search.space)
    links, loops = search.chains.find(component, target)
    phases: tuple[Phase, ...] = ()
    circuit: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    interventions: list[Intervention] = []
    interrupted = False
    try:
        if links:
            changes = search.changes(target)
        elif search.rests and scenario.update != "most-permissive":
            phases, missing = find_phases(search.chains, component, search.seed, deadline)
            doubts += [missing] if missing else []
        if own[0] != own[1]:
            circuit = negative_circuit(search.chains, component)
        if search.rests:
            for intervention in remedies.find(size, tuple(phenotypes), doubts):
                interventions.append(intervention)
    except OutOfTime:
        doubts.append("the time limit was reached before every intervention was tried")
    except KeyboardInterrupt:
        doubts.append(INTERRUPTED)
        interrupted = True
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
        origin=origin,
        component=component,
        levels=own,
        at=Space(search.space),
        target=target,
        links=links,
        loops=loops,
        phases=phases,
        circuit=circuit,
        changes=changes,
        interventions=tuple(interventions),
        size=remedies.size,
        missing=missing,
        interrupted=interrupted,
    )


class _Search:
    """One run of `explain`: the state of the network, and the chains there."""

    def __init__(
        self,
        network: LogicalNetwork,
        scenario: Scenario,
        at: Attractor | Mapping[str, Range],
        component: str,
    ) -> None:
        self.original, self.component = network, component
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

    def changes(self, target: Range) -> tuple[Change, ...]:
        """Return the smallest changes of regulators that change the target level."""
        if self.original[self.component].is_input:
            return ()
        rule = self.chains.target(self.component)
        found = rule.changes(self.space, target, size=LARGEST_CHANGE)
        return tuple(Change(levels, rule.range({**self.space, **levels})) for levels in found)
