"""Screens: every perturbation in every context, and what it changes against the wild type."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any, TypeAlias

from regnet.analysis import Origin, Progress, silent
from regnet.analysis.attractors import Attractors, find_attractors
from regnet.errors import NetworkError, RegnetError
from regnet.evidence import Phenotype
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

Map: TypeAlias = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""A drop-in for the built-in `map`, such as `regnet.jobs.parallel_map`."""


@dataclass(frozen=True, slots=True)
class ScreenRow:
    """One perturbation in one context.

    Parameters
    ----------
    perturbation
        What was done on top of the context; the wild type is the empty perturbation.
    context
        Name of the scenario.
    attractors
        Number of attractors, or None where they could not be found.
    phenotypes
        Phenotype -> number of attractors that have it; phenotypes nobody has are absent.
    readouts
        Component -> range it takes over all attractors.
    changed
        Whether phenotypes, or readouts that are not held, differ from the wild type in the same
        context; None where one of the two is not exact.
    status
        ``"exact"``, ``"bounded"`` or ``"failed: .."`` with the reason.
    """

    perturbation: Perturbation
    context: str
    attractors: int | None
    phenotypes: dict[str, int]
    readouts: dict[str, tuple[int, int]]
    changed: bool | None
    status: str = "exact"


@dataclass(frozen=True, slots=True)
class Screen:
    """A finished or stopped screen. `complete` is False when it was stopped or a row failed."""

    origin: Origin
    contexts: tuple[Scenario, ...]
    phenotypes: tuple[Phenotype, ...]
    readouts: tuple[str, ...]
    rows: tuple[ScreenRow, ...]
    complete: bool = True
    missing: str = ""


def single_perturbations(
    network: LogicalNetwork, targets: Iterable[str] | None = None
) -> list[Perturbation]:
    """Return every component held at each of its levels, in the order of the network.

    Parameters
    ----------
    network
        The network.
    targets
        Components to perturb; default all that are not inputs. Inputs are contexts.
    """
    names = network.names if targets is None else tuple(targets)
    return [
        Perturbation(Space({name: level}))
        for name in names
        if targets is not None or not network[name].is_input
        for level in range(network[name].top + 1)
    ]


def pairs(network: LogicalNetwork, targets: Iterable[str] | None = None) -> Iterator[Perturbation]:
    """Yield every pair of single perturbations of two different components."""
    for one, other in combinations(single_perturbations(network, targets), 2):
        if one.clamps.keys() != other.clamps.keys():
            yield one | other


def screen(
    network: LogicalNetwork,
    contexts: Sequence[Scenario] = (),
    *,
    perturbations: Iterable[Perturbation] | None = None,
    phenotypes: Iterable[Phenotype] = (),
    readouts: Iterable[str] = (),
    engine: str = "auto",
    timeout: float | None = None,
    map: Map = map,
    progress: Progress = silent,
) -> Screen:
    """Return what every perturbation does in every context.

    Parameters
    ----------
    network
        The network, unperturbed.
    contexts
        Scenarios; default the wild type from anywhere. Where a perturbation and a context hold the
        same component, the perturbation wins.
    perturbations
        What to try; default `single_perturbations`. The wild type is always the first row.
    phenotypes
        Names to count.
    readouts
        Components whose range over the attractors is kept and compared; default none.
    engine, timeout
        As in `find_attractors`; the timeout holds for each row.
    map
        How rows are computed: the built-in `map`, or one that uses several processes.
    progress
        Who is told how far it is.

    Raises
    ------
    RegnetError
        If a context, perturbation, phenotype or readout does not fit the network. What goes wrong
        inside one row is told in the row.
    """
    started = time.perf_counter()
    contexts = tuple(contexts) or (Scenario("wild type"),)
    asked = list(single_perturbations(network) if perturbations is None else perturbations)
    phenotypes, readouts = tuple(phenotypes), tuple(readouts)
    rows: list[ScreenRow] = []
    missing = ""
    try:
        for row in iter_screen(
            network,
            contexts,
            perturbations=asked,
            phenotypes=phenotypes,
            readouts=readouts,
            engine=engine,
            timeout=timeout,
            map=map,
        ):
            rows.append(row)
            total = (len(asked) + 1) * len(contexts)
            progress(len(rows) / total, f"{len(rows)} of {total} perturbations")
    except KeyboardInterrupt:
        missing = "the screen was interrupted"
    open_rows = sum(row.status != "exact" for row in rows)
    if open_rows and not missing:
        missing = f"{open_rows} of {len(rows)} rows are not exact"
    origin = Origin.of(
        network,
        scenario=contexts[0],
        engine=engine,
        why="each row as find_attractors does it",
        guarantee="bounded" if missing else "exact",
        seconds=time.perf_counter() - started,
    )
    return Screen(origin, contexts, phenotypes, readouts, tuple(rows), not missing, missing)


def iter_screen(
    network: LogicalNetwork,
    contexts: Sequence[Scenario],
    *,
    perturbations: Iterable[Perturbation],
    phenotypes: Sequence[Phenotype] = (),
    readouts: Sequence[str] = (),
    engine: str = "auto",
    timeout: float | None = None,
    map: Map = map,
) -> Iterator[ScreenRow]:
    """Yield the rows of a screen as they come: context by context, the wild type first.

    Parameters and errors as in `screen`; nothing is kept, so a screen may be as large as it likes.
    """
    perturbations = list(perturbations)
    for name in readouts:
        network[name]
    for context in contexts:
        context.check(network)
    if len({context.name for context in contexts}) < len(contexts):
        raise NetworkError("two contexts have the same name")
    for perturbation in perturbations:
        perturbation.check(network)
    for context in contexts:
        row = partial(_row, network, context, tuple(phenotypes), tuple(readouts), engine, timeout)
        (wild,) = map(row, [Perturbation()])
        yield wild
        for other in map(row, perturbations):
            yield _compared(other, wild)


def _row(
    network: LogicalNetwork,
    context: Scenario,
    phenotypes: tuple[Phenotype, ...],
    readouts: tuple[str, ...],
    engine: str,
    timeout: float | None,
    perturbation: Perturbation,
) -> ScreenRow:
    try:
        found = find_attractors(
            network,
            context.perturbed(perturbation),
            phenotypes=phenotypes,
            engine=engine,
            timeout=timeout,
        )
    except RegnetError as error:
        return ScreenRow(perturbation, context.name, None, {}, {}, None, f"failed: {error}")
    return ScreenRow(
        perturbation,
        context.name,
        found.count,
        _counts(found, phenotypes),
        {name: _range(found, name) for name in readouts if found.attractors},
        changed=None,
        status=found.origin.guarantee,
    )


def _counts(found: Attractors, phenotypes: tuple[Phenotype, ...]) -> dict[str, int]:
    counts = {
        p.name: sum(a.valuations for a in found.attractors if p.name in a.phenotypes)
        for p in phenotypes
    }
    return {name: count for name, count in counts.items() if count}


def _range(found: Attractors, name: str) -> tuple[int, int]:
    ranges = [a.space[name] for a in found.attractors]
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _compared(row: ScreenRow, wild: ScreenRow) -> ScreenRow:
    """Return the row with what it changes against the wild type, beyond what it holds itself."""
    if row.status != "exact" or wild.status != "exact":
        return row
    same_names = row.phenotypes.keys() == wild.phenotypes.keys()
    held = row.perturbation.clamps
    changed = not same_names or any(
        levels != wild.readouts.get(name)
        for name, levels in row.readouts.items()
        if name not in held
    )
    if not row.phenotypes and not row.readouts and not wild.phenotypes:
        changed = row.attractors != wild.attractors
    return replace(row, changed=changed)
