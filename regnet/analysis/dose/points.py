"""Points: the attractors at one level of a dose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from regnet.analysis.attractors import Attractor, find_attractors, may_repeat
from regnet.analysis.dose.times import TimePoint
from regnet.brief import brief
from regnet.deadline import Deadline
from regnet.errors import EngineError, NetworkError, RegnetError
from regnet.evidence import Phenotype
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Space


@dataclass(frozen=True, slots=True)
class DosePoint:
    """The attractors at one level of the dose.

    Parameters
    ----------
    level
        The level of the dose.
    attractors
        Number of attractors over all combinations of free inputs.
    space
        Each component with its range over all of them.
    phenotypes
        Phenotype -> how many of them have it.
    missing
        What is missing, in one sentence; empty if the point is exact.
    begins
        Where it goes on from, each component with its range, if something was done once it had
        settled; else empty.
    times
        What was asked of time, in the order of the questions.
    """

    level: int
    attractors: int
    space: Space
    phenotypes: Mapping[str, int]
    missing: str = ""
    begins: Space = field(default_factory=Space)
    times: tuple[TimePoint, ...] = ()

    __repr__ = brief

    @property
    def gap(self) -> str:
        """What is missing, of attractors or else of times; empty if nothing is."""
        return next(filter(None, (self.missing, *(time.missing for time in self.times))), "")

    @property
    def is_sampled(self) -> bool:
        """Whether a number comes from random runs."""
        return any(time.value is not None and not time.value.is_exact for time in self.times)


def dose_point(
    network: LogicalNetwork,
    then: Space,
    phenotypes: tuple[Phenotype, ...],
    engine: str,
    deadline: Deadline,
    each: float | None,
    timed: Callable[[Sequence[Scenario], Deadline], tuple[TimePoint, ...]],
    task: tuple[int, Scenario, bool],
) -> DosePoint:
    """Return the attractors at one level of the dose, and the requested quantities in time.

    `timed` answers that for the states in which it begins. Where it does not settle before `then`,
    a further perturbation has a point with that missing.
    """
    level, scenario, further = task
    own = deadline.within(each)
    starts = [scenario.start]
    if then:
        try:
            settled = _settled(network, scenario, level, engine, own.left())
        except RegnetError as error:
            if further:
                return DosePoint(level, 0, Space(), {}, str(error))
            raise
        starts = [state.with_(then) for state in settled]
    found: dict[object, Attractor] = {}  # several starts may lead to the same attractor
    missing = ""
    for start in starts:
        answer = find_attractors(
            network,
            replace(scenario, start=start),
            phenotypes=phenotypes,
            engine=engine,
            timeout=own.left(),
        )
        if answer.interrupted:
            raise KeyboardInterrupt
        missing = missing or answer.missing
        found.update({a.identity: a for a in answer.attractors})
    attractors = list(found.values())
    if not missing and may_repeat(attractors):
        missing = "two of the attractors may be one: their states were not counted"
    space = _hull(network, [attractor.space for attractor in attractors])
    begins = _hull(network, starts) if then else Space()
    counts = {
        p.name: sum(a.valuations for a in attractors if p.name in a.phenotypes) for p in phenotypes
    }
    total = sum(attractor.valuations for attractor in attractors)
    times = timed([replace(scenario, start=start) for start in starts], own)
    return DosePoint(level, total, space, counts, missing, begins, times)


def _settled(
    network: LogicalNetwork, scenario: Scenario, level: int, engine: str, timeout: float | None
) -> list[Space]:
    """Return the states at which the network settles before something is done to it."""
    answer = find_attractors(network, scenario, engine=engine, timeout=timeout)
    if answer.interrupted:
        raise KeyboardInterrupt
    if not answer.complete:
        raise EngineError(f"at dose {level}, during equilibration: {answer.missing}")
    for attractor in answer.attractors:
        open_ = [name for name, (low, high) in attractor.condition.items() if low != high]
        if open_:
            raise NetworkError(f"to equilibrate first, the network needs a level of {open_[0]}")
        if attractor.kind != "fixed point":
            raise NetworkError(
                f"at dose {level} the network does not settle at fixed points "
                f"before anything is done: it has a {attractor.kind} attractor"
            )
    return [attractor.space for attractor in answer.attractors]


def _hull(network: LogicalNetwork, spaces: Sequence[Space]) -> Space:
    """Return each component with its range over all spaces; nothing without any."""
    if not spaces:
        return Space()
    return Space(
        {
            name: (min(space[name][0] for space in spaces), max(s[name][1] for s in spaces))
            for name in network.names
        }
    )
