"""Findings: notable results of a large screen, from its columns, chunk by chunk.

The same comparisons as in `synergy`, on arrays: only exact rows are used, and combinations are
compared with the wild type and with all their parts that have one component less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from regnet.analysis.screen import ScreenRow
from regnet.analysis.screen.columns import YES, Columns
from regnet.analysis.screen.plan import Plan
from regnet.analysis.screen.synergy import Essential, Synergy

_Bits: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class Findings:
    """Notable results of a screen.

    Parameters
    ----------
    rows, changed, unsure, failed
        Number of rows, of rows that differ from their wild type, of rows that are not exact, and of
        those without any answer.
    wild
        The wild type in each context.
    essential
        Phenotype -> components whose perturbation abolishes it, with the levels that do.
    synergies
        Effects of combinations that none of their parts has, the strongest first.
    lethal
        Phenotype -> perturbations that abolish it although none of their parts does, the smaller
        first: synthetic lethals, if the phenotype is viability.
    synergy_count, lethal_count
        Their number, listed or not.
    """

    rows: int
    changed: int
    unsure: int
    failed: int
    wild: tuple[ScreenRow, ...]
    essential: Mapping[str, tuple[Essential, ...]]
    synergies: tuple[Synergy, ...]
    synergy_count: int
    lethal: Mapping[str, tuple[Synergy, ...]]
    lethal_count: Mapping[str, int]


@dataclass(eq=False)
class _Block:
    """The values of rows of one order, by their number in the block; unsure if missing."""

    has: _Bits
    low: NDArray[np.int16]
    high: NDArray[np.int16]
    sure: _Bits

    @classmethod
    def of(cls, plan: Plan, count: int) -> _Block:
        shape = count, len(plan.readouts)
        return cls(
            np.zeros((count, len(plan.phenotypes)), bool),
            np.zeros(shape, np.int16),
            np.zeros(shape, np.int16),
            np.zeros(count, bool),
        )

    def put(self, begin: int, columns: Columns) -> None:
        """Insert rows, starting at a number."""
        rows = slice(begin, begin + len(columns))
        self.has[rows] = columns.phenotypes > 0
        self.low[rows], self.high[rows] = columns.low, columns.high
        self.sure[rows] = columns.status == "exact"


@dataclass(eq=False)
class _Best:
    """The synergies with the best rank so far; a smaller rank is better."""

    most: int
    count: int = 0
    listed: list[tuple[tuple[int, ...], Synergy]] = field(default_factory=list)

    def add(self, found: list[tuple[tuple[int, ...], Synergy]], count: int) -> None:
        self.count += count
        self.listed = sorted([*self.listed, *found], key=lambda pair: pair[0])[: self.most]

    def synergies(self) -> tuple[Synergy, ...]:
        return tuple(synergy for _, synergy in self.listed)


def find_in(plan: Plan, pieces: Iterable[tuple[int, Columns]], *, most: int = 100) -> Findings:
    """Return the findings of a screen.

    Parameters
    ----------
    plan
        The plan of the screen.
    pieces
        Its rows in order, each piece with the number of its context; some may be missing. They are
        processed one piece at a time.
    most
        Maximum number of synergies listed, and of synthetic lethals of each phenotype.
    """
    counts = {"rows": 0, "changed": 0, "unsure": 0, "failed": 0}
    wild: list[ScreenRow] = []
    essential: dict[str, list[Essential]] = {p.name: [] for p in plan.phenotypes}
    best = _Best(most)
    lethal = {p.name: _Best(most) for p in plan.phenotypes}
    context, blocks = -1, dict[int, _Block]()
    for number, columns in pieces:
        if number != context:
            _add_essential(plan, context, blocks, essential)
            context, blocks = number, {1: _Block.of(plan, plan.alone)}
            if plan.order > 2:
                for k in range(2, plan.order):
                    blocks[k] = _Block.of(plan, plan.together(k).count)
        counts["rows"] += len(columns)
        counts["changed"] += int((columns.changed == YES).sum())
        counts["unsure"] += int((columns.status != "exact").sum())
        answered = (columns.attractors >= 0) | (columns.phenotypes >= 0).any(axis=1)
        answered |= (columns.low >= 0).any(axis=1)
        counts["failed"] += int((~answered).sum())
        order, first = next((k, a) for k, a, b in plan.blocks() if a <= columns.first < b)
        if order in blocks:
            blocks[order].put(columns.first - first, columns)
        if columns.first == 0:
            wild += columns.rows(plan, plan.contexts[number].name)[:1]
        if order > 1 and blocks[1].sure[0]:
            _add_synergies(plan, number, order, columns, blocks, best, lethal)
    _add_essential(plan, context, blocks, essential)
    return Findings(
        **counts,
        wild=tuple(wild),
        essential={name: tuple(own) for name, own in essential.items() if own},
        synergies=best.synergies(),
        synergy_count=best.count,
        lethal={name: own.synergies() for name, own in lethal.items() if own.count},
        lethal_count={name: own.count for name, own in lethal.items() if own.count},
    )


def _add_essential(
    plan: Plan, context: int, blocks: Mapping[int, _Block], found: dict[str, list[Essential]]
) -> None:
    if context < 0 or not blocks[1].sure[0] or not plan.order:
        return
    block = blocks[1]
    for j, phenotype in enumerate(plan.phenotypes):
        if not block.has[0, j]:
            continue
        levels: dict[str, list[int]] = {}
        for i, (name, level) in enumerate(plan.singles, start=1):
            if block.sure[i] and not block.has[i, j]:
                levels.setdefault(name, []).append(level)
        where = plan.contexts[context].name
        found[phenotype.name] += [Essential(n, where, tuple(own)) for n, own in levels.items()]


def _add_synergies(
    plan: Plan,
    context: int,
    order: int,
    columns: Columns,
    blocks: Mapping[int, _Block],
    best: _Best,
    lethal: Mapping[str, _Best],
) -> None:
    """Compare rows with the wild type and with their parts that have one component less."""
    parts = columns.parts[:, :order]
    has = columns.phenotypes > 0
    wild, smaller = blocks[1], blocks[order - 1]
    sure = columns.status == "exact"
    gained = has & ~wild.has[0]
    lost = ~has & wild.has[0]
    moved = (columns.low != wild.low[0]) | (columns.high != wild.high[0])
    for j in range(order):
        rest = np.delete(parts, j, axis=1)
        rows = 1 + rest[:, 0] if order == 2 else plan.together(order - 1).numbers(rest)
        sure &= smaller.sure[rows]
        gained &= ~smaller.has[rows]
        lost &= smaller.has[rows]
        moved &= (columns.low != smaller.low[rows]) | (columns.high != smaller.high[rows])
    names = [name for name, _ in plan.singles]
    holds = np.array([[n == r for r in plan.readouts] for n in names], bool)
    moved &= ~holds.reshape(len(names), len(plan.readouts))[parts].any(axis=1)
    strength = np.where(sure, gained.sum(axis=1) + lost.sum(axis=1) + moved.sum(axis=1), 0)

    def listed(rows: NDArray[Any], rank: NDArray[Any]) -> list[tuple[tuple[int, ...], Synergy]]:
        chosen = rows[np.argsort(rank[rows], kind="stable")][: best.most]
        return [((int(rank[i]), context, int(columns.first + i)), synergy(int(i))) for i in chosen]

    def synergy(i: int) -> Synergy:
        return Synergy(
            plan.perturbation_of(parts[i].tolist()),
            plan.contexts[context].name,
            tuple(p.name for p, is_so in zip(plan.phenotypes, gained[i], strict=True) if is_so),
            tuple(p.name for p, is_so in zip(plan.phenotypes, lost[i], strict=True) if is_so),
            {
                name: (int(columns.low[i, j]), int(columns.high[i, j]))
                for j, name in enumerate(plan.readouts)
                if moved[i, j]
            },
        )

    rows = np.flatnonzero(strength)
    best.add(listed(rows, -strength), len(rows))
    size = np.full(len(columns), order)
    for j, phenotype in enumerate(plan.phenotypes):
        rows = np.flatnonzero(sure & lost[:, j])
        lethal[phenotype.name].add(listed(rows, size), len(rows))
