"""Commitment: which attractors a run can still reach, and at which steps it loses one.

Along a run no attractor is gained, so the step that loses an attractor is found by bisection, with
one reachability question per probe. Commitment sets are those of Klarner, Heinitz, Nee and Siebert
(2020, doi 10.1109/TCBB.2018.2879097), who classify all states of a network by the attractors that
they can reach; here only the states of one run are classified, so that networks may be large.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from regnet.analysis import Listed, Origin, Progress, Result, asks, silent
from regnet.analysis.attractors import Attractor, find_attractors
from regnet.analysis.reachability import find_reachable
from regnet.analysis.trace import Dynamics, State
from regnet.deadline import Deadline
from regnet.errors import EngineError
from regnet.evidence import Phenotype
from regnet.logic import TRUE, Expr, Not, Var, conjunction
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Space

MAX_ATTRACTORS = 24
"""Maximum number of attractors followed."""

STEPS = 200
"""Default number of steps of a run."""

PATIENCE = 10.0
"""Time limit in seconds for one reachability question; after that it stays open."""

TIMED_OUT = "the time limit was reached before all was known"
"""What is missing if not every reachability question was decided."""

Open = tuple[bool | None, ...]
"""For each attractor whether it can still be reached; None if unknown."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Commitment(Listed[State], Result):
    """Which attractors can still be reached along a run.

    Parameters
    ----------
    origin
        What was asked, and who answered.
    attractors
        Those that the first state can reach.
    path
        The states of the run.
    open
        For each state, which of the attractors it can reach.
    ahead
        The same for the possible next states; empty unless requested.
    complete, missing
        Whether everything is known, and if not, what is missing.
    phenotypes
        The phenotypes of the question; each attractor names those that it has.
    """

    _LISTED = "path"

    attractors: tuple[Attractor, ...]
    path: tuple[State, ...]
    open: tuple[Open, ...]
    ahead: Mapping[State, Open] = field(default_factory=dict)
    phenotypes: tuple[Phenotype, ...] = ()

    @property
    def names_all(self) -> bool:
        """Whether no attractor is missing, even if reachability is partly open."""
        return self.complete or self.missing == TIMED_OUT

    def closed(self, step: int) -> tuple[int, ...]:
        """Return the attractors that the step to this state loses, as indices into `attractors`.

        After states where it is unknown, an attractor counts as lost where that is first known.
        """
        if step == 0:
            return ()
        return tuple(
            number
            for number, reached in enumerate(self.open[step])
            if reached is False and all(before[number] is not False for before in self.open[:step])
        )

    @property
    def turns(self) -> dict[int, tuple[int, ...]]:
        """The points of no return: step -> the attractors that it loses."""
        return {n: closed for n in range(1, len(self.path)) if (closed := self.closed(n))}

    @property
    def settled(self) -> int | None:
        """The first state from which only one attractor can be reached; None if there is none."""
        for step, reached in enumerate(self.open):
            if None not in reached and sum(map(bool, reached)) == 1:
                return step
        return None


def random_run(
    network: LogicalNetwork,
    scenario: Scenario | None,
    *,
    seed: int = 0,
    steps: int = STEPS,
) -> tuple[State, ...]:
    """Return the states of a run whose next states are drawn with equal probability.

    It starts at the start of the scenario, with open levels drawn at random, and ends at a fixed
    point or after this many steps.

    Raises
    ------
    RegnetError
        If the scenario does not fit the network, or updates are most-permissive.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    >>> random_run(toggle, Scenario(start=Space({"A": 0, "B": 0})), seed=1)
    ((0, 0), (1, 0))
    """
    dynamics = Dynamics(network, scenario)
    chance = random.Random(seed)
    drawn = {name: chance.randint(0, top) for name, top in network.tops.items()}
    first = dynamics.first({name: (level, level) for name, level in drawn.items()})
    return tuple(dynamics.random_run(first, seed, steps))


@asks("commitment", besides=("before",))
def find_commitment(
    network: LogicalNetwork,
    scenario: Scenario | None = None,
    path: Sequence[State] | None = None,
    *,
    seed: int = 0,
    steps: int = STEPS,
    phenotypes: Iterable[Phenotype] = (),
    before: Commitment | None = None,
    ahead: bool = False,
    timeout: float | None = None,
    progress: Progress = silent,
) -> Commitment:
    """Return which attractors can still be reached from each state of a run.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Perturbation and update mode; its start is used for random runs only.
    path
        States, each a tuple of levels in the order of the network and one step from the one
        before; by default a `random_run`.
    seed, steps
        Seed and length of the random run.
    phenotypes
        Names to give to attractors.
    before
        An earlier answer for a run from the same first state, for reuse.
    ahead
        Whether to classify the possible next states as well.
    timeout
        Time limit in seconds, half of it for the attractors; the rest stays open.
    progress
        Progress callback.

    Raises
    ------
    RegnetError
        If the scenario does not fit the network, updates are most-permissive, or the states are not
        a run of it.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    >>> found = find_commitment(toggle, None, [(0, 0), (1, 0)])
    >>> [str(a.space) for a in found.attractors], found.open
    (['A=0 B=1', 'A=1 B=0'], ((True, True), (False, True)))
    >>> found.turns
    {1: (0,)}
    """
    if path is None:
        path = random_run(network, scenario, seed=seed, steps=steps)
    scenario = replace(scenario or Scenario(), start=Space())
    dynamics = Dynamics(network, scenario)
    path = tuple(path)
    if not path:
        raise EngineError("a run has at least one state")
    for old, new in pairwise(path):
        if not dynamics.allows(old, new):
            raise EngineError(
                "these states are not a run: each has to be one step from the one before"
            )
    started = time.perf_counter()
    search = _Search(network, scenario, Deadline(timeout), progress)
    phenotypes = tuple(phenotypes)
    known = before if _is_of(before, network, scenario, path, phenotypes) else None
    found = known or find_attractors(
        network,
        replace(scenario, start=search.space(path[0])),
        phenotypes=phenotypes,
        limit=MAX_ATTRACTORS,
        timeout=None if timeout is None else timeout / 2,
    )
    if not isinstance(found, Commitment) and found.interrupted:
        raise KeyboardInterrupt
    attractors = found.attractors
    search.targets = [_state_of(a, network) for a in attractors]
    missing = found.missing
    if known is not None:
        search.known.update(zip(known.path, known.open, strict=True))
        search.known.update(known.ahead)
        missing = ""
    columns = [search.along(path, number) for number in range(len(attractors))]
    along = tuple(zip(*columns, strict=True)) if columns else tuple(() for _ in path)
    later: dict[State, Open] = {}
    if ahead:
        options = dynamics.successors(path[-1])
        for number, after in enumerate(options):
            progress(number / len(options), f"{number} of {len(options)} next steps")
            later[after] = search.after(after, along[-1])
    if not missing and any(None in known for known in (*along, *later.values())):
        missing = TIMED_OUT
    origin = Origin.of(
        network,
        scenario,
        engine=found.origin.engine,
        version=found.origin.version,
        why=f"{search.asked} reachability questions; steps found by bisection",
        guarantee="bounded" if missing else "exact",
        seconds=time.perf_counter() - started,
    )
    return Commitment(
        origin=origin,
        attractors=attractors,
        path=path,
        open=along,
        ahead=later,
        missing=missing,
        phenotypes=phenotypes,
    )


def _is_of(
    before: Commitment | None,
    network: LogicalNetwork,
    scenario: Scenario,
    path: Sequence[State],
    phenotypes: tuple[Phenotype, ...],
) -> bool:
    """Return whether an earlier answer is of the same question and names all attractors.

    The attractors are those reachable from the first state, so it has to be equal as well; its
    levels are in the order of the components, which a digest does not contain.
    """
    return (
        before is not None
        and before.names_all
        and before.phenotypes == phenotypes
        and before.origin.digest == network.digest
        and before.origin.components == network.names
        and before.origin.scenario == scenario
        and before.path[0] == path[0]
    )


class _Search:
    """Asks whether attractors can be reached, and caches the answers."""

    def __init__(
        self, network: LogicalNetwork, scenario: Scenario, deadline: Deadline, progress: Progress
    ) -> None:
        self.network, self.scenario = network, scenario
        self.deadline, self.progress = deadline, progress
        self.targets: list[Expr] = []
        self.known: dict[State, Open] = {}  # reachability does not depend on the run of a state
        self.asked = 0

    def space(self, state: State) -> Space:
        return Space(dict(zip(self.network.names, state, strict=True)))

    def reaches(self, state: State, number: int) -> bool | None:
        """Return whether a state can reach an attractor; None if the time is up."""
        known = self.known.get(state)
        if known is not None and known[number] is not None:
            return known[number]
        self.asked += 1
        limit = self.deadline.within(PATIENCE).left()
        if limit is not None and limit <= 0:
            return None
        scenario = replace(self.scenario, start=self.space(state))
        return find_reachable(self.network, scenario, self.targets[number], timeout=limit).holds

    def along(self, path: Sequence[State], number: int) -> list[bool | None]:
        """Return from which states of a run an attractor can be reached: first true, then false."""
        self.progress(None, f"attractor {number + 1} of {len(self.targets)}")
        low, high = 0, len(path)  # the last state known to reach it, the first known not to
        look = high - 1
        while high - low > 1:
            reached = self.reaches(path[look], number)
            if reached is None:
                break
            if reached:
                low = look
            else:
                high = look
            look = (low + high) // 2
        between = [None] * (high - low - 1)
        return [*[True] * (low + 1), *between, *[False] * (len(path) - high)]

    def after(self, state: State, here: Open) -> Open:
        """Return which attractors a next state can reach; at least one, and none is gained."""
        if sum(reached is not False for reached in here) == 1:
            return here
        return tuple(
            False if reached is False else self.reaches(state, number)
            for number, reached in enumerate(here)
        )


def _state_of(attractor: Attractor, network: LogicalNetwork) -> Expr:
    """Return a condition that is reachable exactly from where the attractor is.

    It is one of its states; if they were not counted, its ranges, which no other attractor shares.
    """
    parts: list[Expr] = []
    where = attractor.seed if attractor.size is not None else attractor.space
    for name, (low, high) in where.items():
        if low:
            parts.append(Var(name, low))
        if high < network[name].top:
            parts.append(Not(Var(name, high + 1)))
    return conjunction(parts) if parts else TRUE
