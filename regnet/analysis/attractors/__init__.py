"""Attractors of a network, all of them or those reachable from a start."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import chain

from regnet.analysis import INTERRUPTED, LIMITED, OUT_OF_TIME, Origin, Progress, asks, silent
from regnet.analysis.attractors.counting import Counting
from regnet.analysis.attractors.reading import Reading
from regnet.analysis.attractors.results import Attractor, Attractors, may_repeat
from regnet.analysis.attractors.search import Search
from regnet.deadline import Deadline, OutOfTime
from regnet.engines import asp, find
from regnet.errors import EngineError
from regnet.evidence import Phenotype
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario

__all__ = [
    "DEFAULT_LIMIT", "INTERRUPTED", "Attractor", "Attractors", "find_attractors", "may_repeat",
]  # fmt: skip

DEFAULT_LIMIT = 10_000
"""Default limit on listed attractors."""

KEPT, MOST_KEPT = 0.1, 5.0
"""Fraction of the time limit, and maximum seconds, reserved for a lower bound on their number."""

MOST_COUNTED = 1_000
"""Maximum number of minimal trap spaces counted for a lower bound."""


@asks("attractors")
def find_attractors(
    network: LogicalNetwork,
    scenario: Scenario | None = None,
    *,
    phenotypes: Iterable[Phenotype] = (),
    engine: str = "auto",
    limit: int | None = None,
    timeout: float | None = None,
    progress: Progress = silent,
) -> Attractors:
    """Return the attractors of a network in a scenario.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Perturbation, start and update mode; default the wild type, asynchronous, from anywhere.
    phenotypes
        Names to give to attractors.
    engine
        ``"auto"`` chooses by the size of the reduced network; otherwise a name in
        `regnet.engines.ENGINES`.
    limit
        Maximum number listed (default `DEFAULT_LIMIT`); attractors that differ only in inputs
        without further effect count once.
    timeout
        Time limit in seconds; attractors found by then are returned, with a lower bound on their
        number.
    progress
        Progress callback.

    Returns
    -------
    Attractors
        Exact and complete, unless `Attractors.missing` says what is missing.

    Raises
    ------
    RegnetError
        If the scenario does not fit the network, or the engine does not support the question.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    >>> [str(a.space) for a in find_attractors(toggle).attractors]
    ['A=0 B=1', 'A=1 B=0']
    """
    scenario = scenario or Scenario()
    if engine != "auto" and scenario.update not in find(engine).answers:
        raise EngineError(f"the engine {engine} does not find {scenario.update} attractors")
    started = time.perf_counter()
    scenario.check(network)
    whole = Deadline(timeout)
    deadline = whole
    if timeout is not None:
        deadline = whole.within(timeout - min(KEPT * timeout, MOST_KEPT))
    limit = limit or DEFAULT_LIMIT
    found: list[Attractor] = []
    missing, interrupted = "", False
    total, count = None, 0
    search = None
    try:
        search = Search(network, scenario, engine, deadline, progress)
        reading = Reading(network, search, tuple(phenotypes))
        total = Counting(search).total()
        for attractor in chain.from_iterable(map(reading.attractors, search.run())):
            if len(found) == limit:
                missing = f"{LIMITED} {limit:,} were looked for"
                break
            found.append(attractor)
            count += attractor.valuations
            share = None if total is None else min(count / total, 1.0)
            progress(share, f"{count:,}{'' if total is None else f' of {total:,}'} attractors")
    except OutOfTime:
        missing = OUT_OF_TIME
    except OverflowError:
        missing = "a cycle is too long to be put together"
    except KeyboardInterrupt:
        missing, interrupted = INTERRUPTED, True
    doubts = search.cores.doubts if search else []
    used = search.cores.used if search else []
    found.sort(key=_order)
    origin = Origin.of(
        network,
        scenario=scenario,
        engine=" + ".join(used) or "reduction",
        version=", ".join(dict.fromkeys(find(name).version() for name in used)),
        why=search.why() if search else "",
        guarantee="bounded" if missing or doubts else "exact",
        seconds=time.perf_counter() - started,
    )
    if doubts:
        total = None
    elif missing and total is not None:
        missing += f"; there are {total:,} with each input combination counted"
    elif not missing:
        total = count
    missing = "; ".join(dict.fromkeys([*([missing] if missing else []), *doubts]))
    unsure = bool(doubts and scenario.start)  # whether the listed attractors are reached
    at_least = 1 if unsure else max(count, total or 0, 1)
    if missing.startswith(OUT_OF_TIME) and total is None and search and not scenario.start:
        at_least = max(at_least, _trap_spaces(search, whole))
    return Attractors(
        origin=origin,
        attractors=tuple(found),
        missing=missing,
        total=total,
        interrupted=interrupted,
        at_least=at_least,
    )


def _trap_spaces(search: Search, deadline: Deadline) -> int:
    """Return how many minimal trap spaces were found in the remaining time."""
    number = 0
    boolean = search.encoding.network
    boolean.diagram.watch = deadline.check
    try:
        for _ in asp.minimal_trap_spaces(boolean, limit=MOST_COUNTED, deadline=deadline):
            number += 1
    except OutOfTime:
        pass
    return number


def _order(attractor: Attractor) -> tuple[object, ...]:
    return (
        tuple(attractor.condition.values()),
        attractor.kind != "fixed point",
        tuple(attractor.space.values()),
        tuple(attractor.seed.values()),
    )
