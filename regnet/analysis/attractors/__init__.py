"""Attractors: where the network ends up, from anywhere or from a start."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import chain

from regnet.analysis import Origin, Progress, silent
from regnet.analysis.attractors.counting import Counting
from regnet.analysis.attractors.reading import Reading
from regnet.analysis.attractors.results import INTERRUPTED, Attractor, Attractors
from regnet.analysis.attractors.search import Search
from regnet.engines import Deadline, OutOfTime, find
from regnet.errors import EngineError
from regnet.evidence import Phenotype
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario

__all__ = ["DEFAULT_LIMIT", "INTERRUPTED", "Attractor", "Attractors", "find_attractors"]

DEFAULT_LIMIT = 10_000
"""How many attractors are listed when nobody says how many."""


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
        ``"auto"`` chooses by what is left after reduction; otherwise a name in
        `regnet.engines.ENGINES`.
    limit
        Stop after so many (default `DEFAULT_LIMIT`); attractors that differ only in inputs which
        change nothing else count once.
    timeout
        Seconds; what was found by then is returned.
    progress
        Who is told how far it is.

    Returns
    -------
    Attractors
        Exact and complete, unless `Attractors.missing` says what is missing.

    Raises
    ------
    RegnetError
        If the scenario does not fit the network, or the engine cannot answer this.

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
    search = Search(network, scenario, engine, Deadline(timeout), progress)
    reading = Reading(network, search, tuple(phenotypes))
    limit = limit or DEFAULT_LIMIT
    found: list[Attractor] = []
    missing, interrupted = "", False
    total, count = None, 0
    try:
        total = Counting(search).total()
        for attractor in chain.from_iterable(map(reading.attractors, search.run())):
            if len(found) == limit:
                missing = f"only the first {limit:,} were looked for"
                break
            found.append(attractor)
            count += attractor.valuations
            share = None if total is None else min(count / total, 1.0)
            progress(share, f"{count:,}{'' if total is None else f' of {total:,}'} attractors")
    except OutOfTime:
        missing = "the time was over before the search ended"
    except OverflowError:
        missing = "a cycle is too long to be put together"
    except KeyboardInterrupt:
        missing, interrupted = INTERRUPTED, True
    doubts = search.cores.doubts
    found.sort(key=_order)
    origin = Origin.of(
        network,
        scenario=scenario,
        engine=" + ".join(search.cores.used) or "reduction",
        version=", ".join(dict.fromkeys(find(name).version() for name in search.cores.used)),
        why=search.why(),
        guarantee="bounded" if missing or doubts else "exact",
        seconds=time.perf_counter() - started,
    )
    if doubts:
        total = None
    elif missing and total is not None:
        missing += f"; there are {total:,} with each input combination counted"
    elif not missing:
        total = sum(a.valuations for a in found)
    missing = missing or "; ".join(dict.fromkeys(doubts))
    return Attractors(origin, tuple(found), not missing, missing, total, interrupted)


def _order(attractor: Attractor) -> tuple[object, ...]:
    return (
        tuple(attractor.condition.values()),
        attractor.kind != "fixed point",
        tuple(attractor.space.values()),
        tuple(attractor.seed.values()),
    )
