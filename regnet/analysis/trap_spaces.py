"""Fixed points and trap spaces: states and spaces that the network never leaves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from regnet.analysis import Origin, Progress, silent
from regnet.boolean import Encoding, encode
from regnet.engines import Deadline, OutOfTime, asp, find, primes
from regnet.errors import EngineError
from regnet.memory import without_collection
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import PackedSpace, Space

DEFAULT_LIMIT = 10_000
"""How many are listed when nobody says how many."""

LARGE, WIDE = 2_000, 40
"""Boolean networks with more components, or a rule of more, go to clingo as they are written."""


@dataclass(frozen=True, slots=True)
class Spaces:
    """Fixed points, or minimal or maximal trap spaces; components that are free are absent.

    `kind` is ``"fixed points"``, ``"minimal trap spaces"`` or ``"maximal trap spaces"``. Inputs
    that are free are listed level by level. `complete` is False when a limit or the time ran out,
    or when a person stopped the search, which `interrupted` tells.
    """

    origin: Origin
    kind: str
    spaces: tuple[Space, ...]
    complete: bool = True
    missing: str = ""
    interrupted: bool = False


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

    They are the same for all update modes. The scenario's start is not used: fixed points are
    listed whether or not they can be reached. Parameters and errors as in `find_trap_spaces`.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    >>> [str(space) for space in find_fixed_points(toggle).spaces]
    ['A=0 B=1', 'A=1 B=0']
    """
    return _find("fixed points", network, scenario, engine, limit, timeout, progress)


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
    (Klarner, Bockmayr and Siebert 2015, doi 10.1007/s11047-014-9463-y); a maximal one is contained
    in no larger one but the whole state space.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Its perturbation is used; its start and update mode make no difference.
    maximal
        Return the maximal instead of the minimal ones.
    engine
        ``"auto"``, ``"asp"`` or ``"primes"``.
    limit
        Stop after so many (default `DEFAULT_LIMIT`).
    timeout
        Seconds; what was found by then is returned.
    progress
        Who is told how far it is.

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
    perturbed = scenario.perturbation.apply(network)
    scenario.check(network)
    name = "asp" if engine == "auto" else engine
    limit = limit or DEFAULT_LIMIT
    progress(None, f"{kind} of {len(network)} components")
    found: list[bytes | Space] = []
    missing, interrupted = "", False
    try:
        for answer in _answers(kind, perturbed, name, limit + 1, deadline):
            if len(found) == limit:
                missing = f"only the first {limit:,} were looked for"
                break
            found.append(answer)
            progress(None, f"{len(found)} {kind}")
    except OutOfTime:
        missing = "the time was over before the search ended"
    except KeyboardInterrupt:
        missing, interrupted = "the search was interrupted", True
    origin = Origin.of(
        network,
        scenario=scenario,
        engine=name,
        version=find(name).version(),
        why="answer-set programming lists them one by one" if engine == "auto" else "asked for",
        guarantee="bounded" if missing else "exact",
        seconds=time.perf_counter() - started,
    )
    return Spaces(origin, kind, _listed(network, found), not missing, missing, interrupted)


def _answers(
    kind: str, network: LogicalNetwork, engine: str, limit: int, deadline: Deadline
) -> Iterator[bytes | Space]:
    """Yield answers as they are found: rows of levels, or spaces where levels exceed 1."""
    if _is_large(network) and engine == "asp" and not kind.startswith("maximal"):
        with without_collection():
            rules = [(c.name, c.rule.reaches(1) if c.rule else None) for c in network.components]
        yield from asp.rows_of_rules(rules, kind, limit=limit, deadline=deadline)
        return
    # constants are trap spaces of their own, so maximal ones are asked of the rules as they are
    encoding: Encoding = encode(network, settled=not kind.startswith("maximal"))
    boolean = encoding.network
    boolean.diagram.watch = deadline.check
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
    return len(network) > LARGE or any(len(rule.thresholds()) > WIDE for rule in rules)
