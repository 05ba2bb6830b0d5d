"""Fixed points and trap spaces: states and spaces that the network never leaves.

From a start, only those are listed that a run from it reaches. All lie in the smallest trap space
around the start, and once inside a trap space a run ends in one of its attractors: so a fixed point
or a minimal trap space is reached exactly if it holds an attractor that is reached.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from regnet.analysis import (
    INTERRUPTED,
    LIMITED,
    OUT_OF_TIME,
    Listed,
    Origin,
    Progress,
    Result,
    asks,
    silent,
)
from regnet.analysis.attractors import Attractor, find_attractors
from regnet.analysis.attractors.cores import closure
from regnet.boolean import Encoding, encode
from regnet.deadline import Deadline, OutOfTime
from regnet.engines import asp, find, primes
from regnet.errors import EngineError
from regnet.memory import without_collection
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation, Scenario
from regnet.space import PackedSpace, Space

DEFAULT_LIMIT = 10_000
"""Default limit on listed spaces."""

LARGE_NETWORK, LARGE_RULE = 2_000, 40
"""Boolean networks with more components, or rules with more literals, are passed to clingo as
written."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Spaces(Listed[Space], Result):
    """Fixed points, or minimal or maximal trap spaces; components that are free are absent.

    `kind` is ``"fixed points"``, ``"minimal trap spaces"`` or ``"maximal trap spaces"``. If the
    scenario of `origin` has a start, they are those reached from it. Free inputs are listed by
    level. `complete` is False when a limit or the time ran out, when it is not decided whether more
    are reached, or when the user stopped the search, as recorded by `interrupted`.
    """

    _LISTED = "spaces"

    kind: str
    spaces: tuple[Space, ...]


@asks("fixed-points")
def find_fixed_points(
    network: LogicalNetwork,
    scenario: Scenario | None = None,
    *,
    engine: str = "auto",
    limit: int | None = None,
    timeout: float | None = None,
    progress: Progress = silent,
) -> Spaces:
    """Return the states in which every component is at its target.

    They are the same for all update modes; which of them are reached from the start of a scenario
    is not. Parameters and errors as in `find_trap_spaces`.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    >>> [str(space) for space in find_fixed_points(toggle).spaces]
    ['A=0 B=1', 'A=1 B=0']
    """
    return _find("fixed points", network, scenario, engine, limit, timeout, progress)


@asks("trap-spaces")
def find_trap_spaces(
    network: LogicalNetwork,
    scenario: Scenario | None = None,
    *,
    maximal: bool = False,
    engine: str = "auto",
    limit: int | None = None,
    timeout: float | None = None,
    progress: Progress = silent,
) -> Spaces:
    """Return the minimal trap spaces, or the maximal ones.

    A trap space is a space of levels that no update leaves. A minimal one contains no smaller one
    (Klarner, Bockmayr and Siebert 2015, doi 10.1007/s11047-015-9520-7); a maximal one is contained
    in no larger one but the whole state space.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Its perturbation is used. Where it has a start, only what is reached from it under its
        update mode is listed; of maximal trap spaces, those for the inputs that the start sets.
    maximal
        Return the maximal instead of the minimal ones.
    engine
        ``"auto"``, ``"asp"`` or ``"primes"``.
    limit
        List at most this many (default `DEFAULT_LIMIT`).
    timeout
        Seconds; what was found by then is returned.
    progress
        Called with the progress.

    Raises
    ------
    RegnetError
        If the scenario does not fit the network, or the engine cannot answer this.
    """
    kind = "maximal trap spaces" if maximal else "minimal trap spaces"
    return _find(kind, network, scenario, engine, limit, timeout, progress)


def _find(
    kind: str,
    network: LogicalNetwork,
    scenario: Scenario | None,
    engine: str,
    limit: int | None,
    timeout: float | None,
    progress: Progress,
) -> Spaces:
    scenario = scenario or Scenario()
    question = "fixed points" if kind == "fixed points" else "trap spaces"
    if engine != "auto" and question not in find(engine).answers:
        raise EngineError(f"the engine {engine} does not find {question}")
    started = time.perf_counter()
    deadline = Deadline(timeout)
    scenario.check(network)
    perturbed = scenario.perturbation.apply(network)
    if kind.startswith("maximal"):
        inputs = [name for name in scenario.start if perturbed[name].is_input]
        scenario = replace(scenario, start=Space({n: scenario.start[n] for n in inputs}))
    name = "asp" if engine == "auto" else engine
    limit = limit or DEFAULT_LIMIT
    most = max(limit, DEFAULT_LIMIT) if scenario.start else limit  # not all of them are reached
    progress(None, f"{kind} of {len(network)} components")
    found: list[bytes | Space] = []
    engines, missing, interrupted = [name], "", False
    try:
        if scenario.start:
            perturbed = _around(perturbed, scenario.start_of(network), deadline)
        for answer in _answers(kind, perturbed, name, most + 1, deadline):
            if len(found) == most:
                missing = f"{LIMITED} {most:,} were looked for"
                break
            found.append(answer)
            progress(None, f"{len(found)} {kind}")
    except OutOfTime:
        missing = OUT_OF_TIME
    except KeyboardInterrupt:
        missing, interrupted = INTERRUPTED, True
    spaces = _listed(network, found)
    why = "answer-set programming lists them one by one" if engine == "auto" else "asked for"
    start = scenario.start_of(network)
    away = [space for space in spaces if space & start is None]
    if away and not interrupted and not kind.startswith("maximal"):
        reached = find_attractors(network, scenario, timeout=deadline.left(), progress=progress)
        engines.append(reached.origin.engine)
        why += "; the attractors from the start tell which of them are reached"
        interrupted = reached.interrupted
        known = reached.attractors if reached.at_least >= reached.count else ()
        unreached = set(away).difference(_holding(away, known))
        spaces = tuple(space for space in spaces if space not in unreached)
        if unreached and not reached.complete:
            doubt = f"whether {len(unreached):,} more can be reached is not decided"
            missing = f"{missing or reached.missing}; {doubt}"
    if len(spaces) > limit:
        spaces, missing = spaces[:limit], f"{LIMITED} {limit:,} were looked for"
    origin = Origin.of(
        network,
        scenario=scenario,
        engine=" + ".join(engines),
        version=find(name).version(),
        why=why,
        guarantee="bounded" if missing else "exact",
        seconds=time.perf_counter() - started,
    )
    return Spaces(origin=origin, kind=kind, spaces=spaces, missing=missing, interrupted=interrupted)


def _around(network: LogicalNetwork, start: Space, deadline: Deadline) -> LogicalNetwork:
    """Return the network held in the smallest trap space around a start."""
    encoding = encode(network, settled=False, watch=deadline.check)
    around = closure(encoding.network, encoding.restriction(start))
    return Perturbation(encoding.space(around)).apply(network)


def _holding(spaces: Sequence[Space], attractors: Sequence[Attractor]) -> list[Space]:
    """Return the spaces that hold one of the attractors, for the inputs that they have."""
    held = [
        Space({
            name: a.condition.get(name, levels)
            for name, levels in a.space.items()
            if name not in a.follows  # the inputs determine it, equally for all reached states
        })
        for a in attractors
    ]  # fmt: skip
    return [
        space
        for space in spaces
        if any(_holds(space, own, a.condition) for own, a in zip(held, attractors, strict=True))
    ]


def _holds(space: Space, own: Space, inputs: Space) -> bool:
    """Return whether a space has inputs of an attractor, and holds what it does at them."""
    for name, (low, high) in space.items():
        if name in own:
            first, last = own[name]
            if name in inputs:
                if high < first or last < low:
                    return False
            elif first < low or last > high:
                return False
    return True


def _answers(
    kind: str, network: LogicalNetwork, engine: str, limit: int, deadline: Deadline
) -> Iterator[bytes | Space]:
    """Yield answers as they are found: rows of levels, or spaces where levels exceed 1."""
    if _is_large(network) and engine == "asp" and not kind.startswith("maximal"):
        with without_collection():
            rules = [(c.name, c.rule.reaches(1) if c.rule else None) for c in network.components]
        yield from asp.rows_of_rules(rules, kind, limit=limit, deadline=deadline)
        return
    # constants are trap spaces of their own, so maximal ones need the rules without propagation
    settled = not kind.startswith("maximal")
    encoding: Encoding = encode(network, settled=settled, watch=deadline.check)
    boolean = encoding.network
    if engine == "asp" and network.is_boolean:
        yield from asp.rows(boolean, kind, limit=limit, deadline=deadline)
        return
    module: Any = primes if engine == "primes" else asp
    functions: dict[str, Callable[..., Iterator[Mapping[int, bool]]]] = {
        "fixed points": module.fixed_points,
        "minimal trap spaces": module.minimal_trap_spaces,
        "maximal trap spaces": module.maximal_trap_spaces,
    }
    for values in functions[kind](boolean, limit=limit, deadline=deadline):
        yield encoding.space(values)


def _listed(network: LogicalNetwork, found: list[bytes | Space]) -> tuple[Space, ...]:
    """Return answers level by level in the order of the components, free ones last."""
    names = network.names
    rows = sorted(answer for answer in found if isinstance(answer, bytes))
    spaces = [answer for answer in found if isinstance(answer, Space)]
    free = (1 + max(network.tops.values(), default=0),) * 2
    spaces.sort(key=lambda space: [space.get(name, free) for name in names])
    return (*(PackedSpace(names, row) for row in rows), *spaces)


def _is_large(network: LogicalNetwork) -> bool:
    if not network.is_boolean:
        return False
    rules = (c.rule for c in network.components if c.rule)
    return len(network) > LARGE_NETWORK or any(
        len(rule.thresholds()) > LARGE_RULE for rule in rules
    )
