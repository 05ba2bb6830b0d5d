"""Screens: every perturbation in every context, compared with the wild type."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from regnet.analysis import Asked, Listed, Origin, Progress, Result, asks, reads, silent
from regnet.analysis.attractors import Attractors, find_attractors
from regnet.analysis.batch import OVER, STOPPED, Map, in_turn, stopped_words
from regnet.analysis.screen.combinations import Perturbations
from regnet.analysis.usual import outputs_unless_phenotypes
from regnet.brief import brief
from regnet.deadline import Deadline, OutOfTime
from regnet.errors import EngineError, NetworkError, RegnetError
from regnet.evidence import Phenotype
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

if TYPE_CHECKING:
    from regnet.analysis.screen.attractors import MutantAttractors

MIN_COMPILED = 64
"""Minimum number of perturbations for which the network is compiled."""


@dataclass(frozen=True, slots=True)
class ScreenRow:
    """One perturbation in one context.

    Parameters
    ----------
    perturbation
        The perturbation added to the context; empty for the wild type.
    context
        Name of the scenario.
    attractors
        Number of attractors, or None if not found or not counted.
    phenotypes
        Phenotype -> number of attractors that have it; phenotypes that none has are absent.
    readouts
        Component -> range it takes over all attractors.
    changed
        Whether phenotypes, or readouts that are not held, differ from the wild type in the same
        context; without either, whether the number of attractors does. None if one of the two rows
        is not exact.
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

    __repr__ = brief

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer, even if attractors were not counted."""
        return (
            self.attractors is not None
            or self.status == "exact"
            or bool(self.phenotypes or self.readouts)
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Screen(Listed[ScreenRow], Result):
    """A finished or stopped screen.

    `complete` is False if it was stopped or a row failed. `interrupted` is whether the user
    stopped it: then rows are missing, but none is partial. The rows of a screen in a folder
    (`regnet.screens`) are read on access.
    """

    _LISTED = "rows"

    contexts: tuple[Scenario, ...]
    phenotypes: tuple[Phenotype, ...]
    readouts: tuple[str, ...]
    rows: Sequence[ScreenRow]


@reads
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


@reads
def pairs(network: LogicalNetwork, targets: Iterable[str] | None = None) -> Iterator[Perturbation]:
    """Yield every pair of single perturbations of two different components."""
    return combined(network, 2, targets)


@reads
def triples(
    network: LogicalNetwork, targets: Iterable[str] | None = None
) -> Iterator[Perturbation]:
    """Yield every three single perturbations of three different components."""
    return combined(network, 3, targets)


def combined(
    network: LogicalNetwork, order: int, targets: Iterable[str] | None = None
) -> Iterator[Perturbation]:
    """Yield every `order` single perturbations of as many different components.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> chain = LogicalNetwork((Component("A", Rule.of("A")), Component("B", Rule.of("A"))))
    >>> [str(pair) for pair in combined(chain, 2)]
    ['A=0 B=0', 'A=0 B=1', 'A=1 B=0', 'A=1 B=1']
    """
    singles = [(next(iter(p.clamps)), p) for p in single_perturbations(network, targets)]
    for chosen in itertools.combinations(singles, order):
        if len({name for name, _ in chosen}) == order:
            clamps = {name: p.clamps[name] for name, p in chosen}
            yield Perturbation(Space(clamps))


@asks("screen", usual=outputs_unless_phenotypes)
def screen(
    network: LogicalNetwork,
    contexts: Sequence[Scenario] = (),
    *,
    perturbations: Iterable[Perturbation] | Perturbations | None = None,
    phenotypes: Iterable[Phenotype] = (),
    readouts: Iterable[str] = (),
    engine: str = "auto",
    timeout: float | None = None,
    each: float | None = None,
    map: Map = map,
    progress: Progress = silent,
) -> Screen:
    """Return the effect of every perturbation in every context.

    Parameters
    ----------
    network
        The network, unperturbed.
    contexts
        Scenarios; default the wild type from anywhere. If a perturbation and a context hold the
        same component, the perturbation takes precedence.
    perturbations
        Perturbations; default `single_perturbations`. The wild type is always the first row.
    phenotypes
        Phenotypes to count.
    readouts
        Components whose range over the attractors is recorded and compared; default none.
    engine
        As in `find_attractors`.
    timeout
        Time limit in seconds, or None; rows computed by then are kept.
    each
        Time limit in seconds of one row, or None.
    map
        The function that computes rows: the built-in `map`, or a parallel one.
    progress
        Progress callback.

    Raises
    ------
    RegnetError
        If a context, perturbation, phenotype or readout does not fit the network. Errors within one
        row are reported in the row.
    """
    started = time.perf_counter()
    contexts = tuple(contexts) or (Scenario("wild type"),)
    asked = list(single_perturbations(network) if perturbations is None else perturbations)
    total = (len(asked) + 1) * len(contexts)
    phenotypes, readouts = tuple(phenotypes), tuple(readouts)
    rows: list[ScreenRow] = []
    missing, interrupted = "", False
    try:
        for row in iter_screen(
            network,
            contexts,
            perturbations=asked,
            phenotypes=phenotypes,
            readouts=readouts,
            engine=engine,
            deadline=Deadline(timeout),
            each=each,
            map=map,
        ):
            rows.append(row)
            progress(len(rows) / total, f"{len(rows)} of {total} perturbations")
    except OutOfTime:
        missing = stopped_words(OVER, len(rows), total, "rows")
    except KeyboardInterrupt:
        if not rows:
            raise
        interrupted = True
        missing = stopped_words(STOPPED, len(rows), total, "rows")
    return screen_of(
        network,
        contexts,
        rows,
        perturbations=len(asked),
        phenotypes=phenotypes,
        readouts=readouts,
        engine=engine,
        each=each,
        missing=missing,
        interrupted=interrupted,
        seconds=time.perf_counter() - started,
    )


def screen_of(
    network: LogicalNetwork,
    contexts: Sequence[Scenario],
    rows: Sequence[ScreenRow],
    *,
    perturbations: int,
    phenotypes: tuple[Phenotype, ...] = (),
    readouts: tuple[str, ...] = (),
    engine: str = "auto",
    each: float | None = None,
    missing: str = "",
    interrupted: bool = False,
    seconds: float = 0.0,
    unsure: int | None = None,
    asked: Asked | None = None,
) -> Screen:
    """Return rows computed one by one as the answer of `screen`.

    Parameters
    ----------
    network, contexts, phenotypes, readouts, engine, each
        As in `screen`.
    rows
        In the order of `iter_screen`.
    perturbations
        Number of perturbations in each context.
    missing, interrupted
        What is missing; by default derived from missing and inexact rows.
    seconds
        Duration.
    unsure
        Number of rows that are not exact; counted by default.
    asked
        The equivalent call of `screen`.
    """
    total = (perturbations + 1) * len(contexts)
    if not missing and len(rows) < total:
        missing = f"it was stopped after {len(rows):,} of {total:,} rows"
    if not missing and unsure is None:
        counted: int | None = getattr(rows, "unsure", None)  # by their folder
        unsure = sum(row.status != "exact" for row in rows) if counted is None else counted
    if unsure and not missing:
        missing = f"{unsure:,} of {len(rows):,} rows are not exact"
        missing += "" if each is None else f"; each row had up to {each:g} s"
    origin = Origin.of(
        network,
        scenario=contexts[0],
        engine=engine,
        why=how(network, contexts, perturbations, engine),
        guarantee="bounded" if missing else "exact",
        seconds=seconds,
    )
    origin = replace(origin, asked=asked)
    kept = tuple(rows) if isinstance(rows, list) else rows
    contexts = tuple(contexts)
    return Screen(
        origin=origin,
        contexts=contexts,
        phenotypes=phenotypes,
        readouts=readouts,
        rows=kept,
        missing=missing,
        interrupted=interrupted,
    )


def iter_screen(
    network: LogicalNetwork,
    contexts: Sequence[Scenario],
    *,
    perturbations: Iterable[Perturbation],
    phenotypes: Sequence[Phenotype] = (),
    readouts: Sequence[str] = (),
    engine: str = "auto",
    deadline: Deadline | None = None,
    each: float | None = None,
    map: Map = map,
) -> Iterator[ScreenRow]:
    """Yield the rows of a screen as they are computed, by context, the wild type first.

    Parameters and errors as in `screen`; nothing is stored, so a screen may have any size.
    `OutOfTime` is raised if a row was not begun before the deadline.
    """
    perturbations = list(perturbations)
    phenotypes, readouts = tuple(phenotypes), tuple(readouts)
    deadline = deadline or Deadline()
    for name in readouts:
        network[name]
    for context in contexts:
        context.check(network)
    if len({context.name for context in contexts}) < len(contexts):
        raise NetworkError("two contexts have the same name")
    for perturbation in perturbations:
        perturbation.check(network)
    for phenotype in phenotypes:
        network.check(phenotype.condition)
    for context in contexts:
        row = _Row(network, context, phenotypes, readouts, engine, deadline, each)
        (wild,) = in_turn(map, row, [Perturbation()], deadline)
        yield wild
        rows: Iterable[ScreenRow]
        if why_one_by_one(network, context, len(perturbations), engine):
            rows = in_turn(map, row, perturbations, deadline)
        else:
            rows = _together(map, _Block(row, perturbations), _blocks(perturbations), deadline)
        for other in rows:
            yield _compared(other, wild, by_number=not phenotypes and not readouts)


def why_one_by_one(
    network: LogicalNetwork, context: Scenario, count: int, engine: str = "auto"
) -> str:
    """Return why perturbations are computed one by one; empty if they are computed together."""
    if engine != "auto":
        return f"the engine {engine} was asked for"
    if count < MIN_COMPILED:
        return f"fewer than {MIN_COMPILED} perturbations"
    from regnet.analysis.screen.mutants import why_not

    return why_not(network, context)


def _blocks(perturbations: Sequence[Perturbation]) -> Iterator[Sequence[Perturbation]]:
    """Yield the perturbations in blocks, small ones first, so that first rows come early."""
    begin, size = 0, 16
    while begin < len(perturbations):
        yield perturbations[begin : begin + size]
        begin, size = begin + size, min(2 * size, 512)


def _together(
    map: Map, block: _Block, blocks: Iterable[Sequence[Perturbation]], deadline: Deadline
) -> Iterator[ScreenRow]:
    """Yield the rows of blocks; `OutOfTime` is raised after a block that ran out of time."""
    for rows, is_whole in in_turn(map, block, blocks, deadline):
        yield from rows
        if not is_whole:
            raise OutOfTime


@dataclass(frozen=True)
class _Row:
    """Returns the row of a perturbation; can be sent to another process."""

    network: LogicalNetwork
    context: Scenario
    phenotypes: tuple[Phenotype, ...]
    readouts: tuple[str, ...]
    engine: str
    deadline: Deadline
    each: float | None

    def __call__(self, perturbation: Perturbation) -> ScreenRow:
        return row_of(
            self.network,
            self.context,
            self.phenotypes,
            self.readouts,
            self.engine,
            self.deadline.within(self.each).left(),
            perturbation,
        )


class _Block:
    """Answers many perturbations at once; compiled in the process that uses it."""

    def __init__(self, row: _Row, perturbations: Iterable[Perturbation]) -> None:
        self.row = row
        self.targets = {
            name
            for perturbation in perturbations
            if _is_of_levels(perturbation)
            for name in perturbation.clamps
        }

    def __getstate__(self) -> dict[str, object]:
        return {"row": self.row, "targets": self.targets}

    @cached_property
    def attractors(self) -> MutantAttractors | None:
        """The attractors of the mutants; None if a rule is too large to compile."""
        from regnet.analysis.screen.attractors import MutantAttractors
        from regnet.analysis.screen.mutants import Mutants

        row = self.row
        try:
            return MutantAttractors(
                Mutants(
                    row.network,
                    row.context,
                    self.targets,
                    patience=row.each,
                    deadline=row.deadline,
                ),
                phenotypes=row.phenotypes,
                readouts=row.readouts,
                timeout=row.each,
                deadline=row.deadline,
            )
        except EngineError:
            return None

    def __call__(self, perturbations: Sequence[Perturbation]) -> tuple[list[ScreenRow], bool]:
        """Return the rows computed in time, and whether these are all."""
        found: dict[int, ScreenRow] = {}
        with suppress(OutOfTime):
            found = self._found(perturbations)
        rows: list[ScreenRow] = []
        for i, perturbation in enumerate(perturbations):
            if i not in found and self.row.deadline.is_over:
                return rows, False
            rows.append(found.get(i) or self.row(perturbation))
        return rows, True

    def _found(self, perturbations: Sequence[Perturbation]) -> dict[int, ScreenRow]:
        """Return the rows that are answered together, by index."""
        found: dict[int, ScreenRow] = {}
        levels = [i for i, p in enumerate(perturbations) if _is_of_levels(p)]
        if levels and self.attractors is not None:
            mutants = self.attractors.mutants
            asked = [perturbations[i] for i in levels]
            summary = self.attractors.summary(mutants.rows(asked))
            names = [p.name for p in self.attractors.phenotypes]
            readouts = self.attractors.readouts
            columns = zip(
                levels,
                asked,
                summary.answered.tolist(),
                summary.attractors.tolist(),
                summary.phenotypes.tolist(),
                summary.low.tolist(),
                summary.high.tolist(),
                summary.exact.tolist(),
                strict=True,
            )
            for i, perturbation, answered, attractors, counts, low, high, exact in columns:
                if answered:
                    found[i] = ScreenRow(
                        perturbation,
                        mutants.context.name,
                        attractors,
                        {name: n for name, n in zip(names, counts, strict=True) if n},
                        dict(zip(readouts, zip(low, high, strict=True), strict=True)),
                        changed=None,
                        status="exact" if exact else "bounded",
                    )
        return found


def _is_of_levels(perturbation: Perturbation) -> bool:
    """Return whether a perturbation only holds components at single levels."""
    return not perturbation.cuts and all(a == b for a, b in perturbation.clamps.values())


def how(
    network: LogicalNetwork, contexts: Sequence[Scenario], count: int, engine: str = "auto"
) -> str:
    """Return in a few words how the rows of a screen are computed."""
    words = dict.fromkeys(why_one_by_one(network, context, count, engine) for context in contexts)
    reasons = [why for why in words if why]
    if not reasons:
        return "all perturbations together, compiled; what is left open one by one"
    some = "" if "" not in words else "in some contexts "
    return f"{some}each row on its own: {'; '.join(reasons)}"


def row_of(
    network: LogicalNetwork,
    context: Scenario,
    phenotypes: tuple[Phenotype, ...],
    readouts: tuple[str, ...],
    engine: str,
    timeout: float | None,
    perturbation: Perturbation,
) -> ScreenRow:
    """Return the row of one perturbation as `find_attractors` finds it, not compared yet."""
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
    if found.interrupted:  # the following rows are cancelled as well
        raise KeyboardInterrupt
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


def _compared(row: ScreenRow, wild: ScreenRow, *, by_number: bool) -> ScreenRow:
    """Return the row with its changes against the wild type, without the components it holds.

    With `by_number`, if there are no readouts, the number of attractors is compared.
    """
    if row.status != "exact" or wild.status != "exact":
        return row
    same_names = row.phenotypes.keys() == wild.phenotypes.keys()
    held = row.perturbation.clamps
    changed = not same_names or any(
        levels != wild.readouts.get(name)
        for name, levels in row.readouts.items()
        if name not in held
    )
    if by_number:
        changed = row.attractors != wild.attractors
    return replace(row, changed=changed)
