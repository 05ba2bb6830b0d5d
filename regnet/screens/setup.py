"""Setup: a screen defined by targets and kinds of perturbations, its estimate and its rows.

Runs are numbered context by context, the wild type first, so a screen stopped after some rows can
resume at that number.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from statistics import mean

from regnet.analysis import Progress, silent
from regnet.analysis.attractors import Attractors, find_attractors
from regnet.analysis.screen import Screen, ScreenRow, iter_screen, screen_of
from regnet.analysis.screen.combinations import Perturbations, Single
from regnet.analysis.screen.plan import Plan
from regnet.evidence import Phenotype
from regnet.jobs import parallel_map
from regnet.network import LogicalNetwork
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.screens.folder import open_screen
from regnet.screens.run import estimate as work_of
from regnet.screens.run import lasting, run_screen
from regnet.space import Space

SCREEN_PARTS = {
    "knock-outs": "Knock it out",
    "levels": "Hold it at every other level",
    "cuts": "Cut each edge into it",
    "pairs": "Every pair of what is held",
    "triples": "Every three of what is held",
}
"""Kinds of perturbations, with the text of their check boxes."""

FOLDER_FROM = 20_000
"""Number of runs from which on a screen is kept in a folder, and its rows are read lazily."""

_PROBES = 4
_PROBING = 1.5  # seconds after which no further probe is started
_PROBE_LIMIT = 10.0  # seconds that one probe may take
_ALONE = 1.0  # for shorter screens further processes do not pay off


@dataclass(frozen=True)
class Setup:
    """The definition of a screen.

    Parameters
    ----------
    network
        The network, unperturbed.
    targets
        Components to perturb.
    kinds
        Keys of `SCREEN_PARTS`.
    contexts
        Scenarios to perturb.
    phenotypes, readouts
        The phenotypes and readouts.
    timeout
        Time limit in seconds of one run; None for no limit.
    keep_in
        The folder of the folders of large screens.
    """

    network: LogicalNetwork
    targets: tuple[str, ...]
    kinds: frozenset[str]
    contexts: tuple[Scenario, ...]
    phenotypes: tuple[Phenotype, ...] = ()
    readouts: tuple[str, ...] = ()
    timeout: float | None = None
    keep_in: str = ""

    @cached_property
    def width(self) -> int:
        """Number of runs of each context, including the wild type."""
        return 1 + len(self.perturbations())

    @property
    def runs(self) -> int:
        """Number of runs of the screen."""
        return self.width * len(self.contexts)

    @property
    def is_large(self) -> bool:
        """Whether it is kept in a folder of its own."""
        return bool(self.keep_in) and self.runs >= FOLDER_FROM

    def plan(self) -> Plan:
        """Return the same runs as a plan."""
        return Plan(
            self.network,
            self.contexts,
            self._singles(),
            self._cuts(),
            self.order,
            self.phenotypes,
            self.readouts,
            self.timeout,
        )

    @property
    def folder(self) -> Path:
        """The folder of a large screen, the same for equal setups."""
        return Path(self.keep_in) / self.plan().digest[:24]

    def perturbations(self) -> Perturbations:
        """Return what is tried in each context after the wild type, in the order of the rows."""
        return Perturbations(self._singles(), self._cuts(), self.order)

    @property
    def order(self) -> int:
        """Maximum number of components held together."""
        return 3 if "triples" in self.kinds else 2 if "pairs" in self.kinds else 1

    def _singles(self) -> tuple[Single, ...]:
        return tuple((name, level) for name in self.targets for level in self._levels(name))

    def _cuts(self) -> tuple[Cut, ...]:
        targets = self.targets if "cuts" in self.kinds else ()
        return tuple(
            Cut(source, name) for name in targets for source in _sources(self.network, name)
        )

    def _levels(self, name: str) -> list[int]:
        top = self.network[name].top
        return [
            level for level in range(top + 1) if ("levels" if level else "knock-outs") in self.kinds
        ]

    def screen(self, rows: Sequence[ScreenRow], seconds: float) -> Screen:
        """Return the rows as the answer that `regnet.screen` gives, marked if some are missing."""
        return screen_of(
            self.network,
            self.contexts,
            rows,
            perturbations=self.width - 1,
            phenotypes=self.phenotypes,
            readouts=self.readouts,
            each=self.timeout,
            seconds=seconds,
            asked=self.plan().asked,
        )


def _sources(network: LogicalNetwork, name: str) -> tuple[str, ...]:
    """Return what the rule of a component names."""
    rule = network[name].rule
    return tuple(dict.fromkeys(v.name for v in rule.thresholds())) if rule is not None else ()


# --- in a worker process -----------------------------------------------------------------------


def rows(setup: Setup, done: int = 0, workers: int | None = 1) -> Iterator[ScreenRow]:
    """Yield the rows of a screen from number `done` on."""
    everything = list(setup.perturbations())
    first, offset = divmod(done, setup.width)
    for number, context in enumerate(setup.contexts[first:]):
        skipped = offset if number == 0 else 0
        found = iter_screen(
            setup.network,
            [context],
            perturbations=everything[max(skipped - 1, 0) :],
            phenotypes=setup.phenotypes,
            readouts=setup.readouts,
            each=setup.timeout,
            map=parallel_map(workers),
        )
        for place, row in enumerate(found):
            if place or not skipped:  # the wild type is computed again to compare with
                yield row


def into_folder(setup: Setup, workers: int | None = None, *, progress: Progress = silent) -> str:
    """Compute what is missing of a large screen; return its folder. Interrupted, it keeps all."""
    run_screen(setup.plan(), setup.folder, resume=True, workers=workers, progress=progress)
    return str(setup.folder)


def screen_again(setup: Setup, *, progress: Progress = silent) -> Screen:
    """Return a whole screen."""
    started = time.perf_counter()
    if setup.is_large:
        into_folder(setup, progress=progress)
        return open_screen(setup.folder).screen()
    found = []
    for row in rows(setup, workers=processors()):
        found.append(row)
        progress(len(found) / setup.runs, f"{len(found):,} of {setup.runs:,}")
    return setup.screen(found, time.perf_counter() - started)


def retry(setup: Setup, failed: Sequence[tuple[int, ScreenRow]]) -> Iterator[tuple[int, ScreenRow]]:
    """Yield rows that failed once more, with their numbers."""
    for context in setup.contexts:
        here = [(number, row) for number, row in failed if row.context == context.name]
        if not here:
            continue
        found = iter_screen(
            setup.network,
            [context],
            perturbations=[row.perturbation for _, row in here if row.perturbation],
            phenotypes=setup.phenotypes,
            readouts=setup.readouts,
            each=setup.timeout,
        )
        wild = next(found)  # computed again to compare with
        for number, row in here:
            yield number, next(found) if row.perturbation else wild


@dataclass(frozen=True, slots=True)
class Measured:
    """Duration of one run, and its context; `is_cut` if it was stopped early."""

    context: int
    seconds: float
    is_cut: bool = False


def probe(setup: Setup) -> Iterator[Measured]:
    """Yield how long some runs take: the wild type in each context, then others."""
    if setup.is_large:
        plan = setup.plan()
        each = work_of(plan) / plan.count
        yield from (Measured(number, each) for number in range(len(setup.contexts)))
        return
    everything = list(setup.perturbations())
    step = max(len(everything) // _PROBES, 1)
    chosen = [Perturbation(), *everything[step // 2 :: step][:_PROBES]]
    _timed(setup, 0, Perturbation())  # what is imported now is not imported later
    started = time.perf_counter()
    for perturbation in chosen:
        for number in range(len(setup.contexts)):
            yield _timed(setup, number, perturbation)
            if time.perf_counter() - started > _PROBING:
                return


def _timed(setup: Setup, number: int, perturbation: Perturbation) -> Measured:
    limit = min(_PROBE_LIMIT, setup.timeout or _PROBE_LIMIT)
    started = time.perf_counter()
    found = find_attractors(
        setup.network,
        setup.contexts[number].perturbed(perturbation),
        phenotypes=setup.phenotypes,
        timeout=limit,
    )
    is_cut = not found.complete and limit != setup.timeout
    return Measured(number, time.perf_counter() - started, is_cut)


def find_effect(
    network: LogicalNetwork, context: Scenario, perturbation: Perturbation
) -> tuple[Attractors, Attractors]:
    """Return the attractors of a context without and with a perturbation."""
    return (
        find_attractors(network, context),
        find_attractors(network, context.perturbed(perturbation)),
    )


# --- estimates and words -----------------------------------------------------------------------


def processors() -> int:
    """Return how many processes a screen may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def estimate(setup: Setup, measured: Sequence[Measured]) -> float:
    """Return the seconds that the runs take sequentially, from those measured."""
    everywhere = mean(m.seconds for m in measured)
    total = 0.0
    for number in range(len(setup.contexts)):
        here = [m.seconds for m in measured if m.context == number]
        total += setup.width * (mean(here) if here else everywhere)
    return total


def workers_for(seconds: float | None) -> int:
    """Return how many processes are worth starting for some work."""
    return 1 if seconds is not None and seconds < _ALONE else processors()


def span(found: Attractors) -> Space:
    """Return each component with the range it takes over all attractors."""
    ranges: dict[str, tuple[int, int]] = {}
    for attractor in found.attractors:
        for name, (low, high) in attractor.space.items():
            before = ranges.get(name, (low, high))
            ranges[name] = (min(low, before[0]), max(high, before[1]))
    return Space(ranges)


duration = lasting
"""A duration in words."""


def together(row: ScreenRow, wild: ScreenRow, singles: Sequence[ScreenRow]) -> str:
    """Return what a pair does that neither of the two does alone: names gained (+) and lost (−)."""
    if row.attractors is None or len(singles) < 2 or any(s.attractors is None for s in singles):
        return ""
    others = [wild, *singles]
    parts = [f"+{n}" for n in row.phenotypes if all(n not in o.phenotypes for o in others)]
    parts += [
        f"−{n}"
        for n in wild.phenotypes
        if n not in row.phenotypes and all(n in s.phenotypes for s in singles)
    ]
    parts += [
        name
        for name, levels in row.readouts.items()
        if all(o.readouts.get(name) != levels for o in others)
    ]
    return ", ".join(parts)


def setup_of(screen: Screen, network: LogicalNetwork) -> Setup:
    """Return a setup with which the rows of a finished screen can be shown."""
    return Setup(network, (), frozenset(), screen.contexts, screen.phenotypes, screen.readouts)


def scenario_of(row: ScreenRow, contexts: Sequence[Scenario], name: str) -> Scenario:
    """Return the scenario that a row computed, under a name of its own."""
    context = next(c for c in contexts if c.name == row.context)
    return replace(context.perturbed(row.perturbation), name=name, note="")
