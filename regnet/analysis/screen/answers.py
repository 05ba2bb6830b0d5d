"""Answers: the rows of a large screen, computed chunk by chunk.

A row does not depend on the chunk it is in, nor on the process that computes it.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regnet.analysis.screen import row_of
from regnet.analysis.screen.attractors import MutantAttractors, Summary
from regnet.analysis.screen.columns import NO, UNKNOWN, YES, Columns
from regnet.analysis.screen.combinations import Single
from regnet.analysis.screen.mutants import Mutants, why_not
from regnet.analysis.screen.plan import Chunk, Plan
from regnet.errors import EngineError
from regnet.logic import variables
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario

LARGEST_COUNT = 2**63 - 1
"""A larger number of attractors is stored as this one, and its row is bounded."""


class Answers:
    """Computes the rows of a plan; can be sent to another process, where it is compiled."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._known: dict[int, _Context] = {}
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:
        return {"plan": self.plan}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["plan"])  # type: ignore[misc]

    def __call__(self, chunk: Chunk) -> Columns:
        """Return the rows of a chunk. One thread at a time computes."""
        with self._lock:
            if chunk.context not in self._known:
                self._known[chunk.context] = _Context(self.plan, chunk.context)
            return self._known[chunk.context].columns(chunk.begin, chunk.end)


class _Context:
    """One context of a plan, compiled."""

    def __init__(self, plan: Plan, number: int) -> None:
        self.plan = plan
        self.network: LogicalNetwork = plan.network
        self.context: Scenario = plan.contexts[number]
        if plan.only_phenotypes:
            self.network, self.context = _upstream(plan, self.context)
        #: Index of each part among the relevant ones; -1 for others.
        self.own = np.array([-1] * (len(plan.singles) + len(plan.cuts) + 1), np.int32)
        self.singles: list[Single] = []
        for i, (name, level) in enumerate(plan.singles):
            if name in self.network:
                self.own[i] = len(self.singles)
                self.singles.append((name, level))

    @cached_property
    def attractors(self) -> MutantAttractors | None:
        """The attractors of the compiled mutants; None if rows have to be computed one by one."""
        if why_not(self.network, self.context):
            return None
        try:
            return MutantAttractors(
                Mutants(
                    self.network,
                    self.context,
                    [name for name, _ in self.singles],
                    singles=self.singles,
                    patience=self.plan.timeout,
                ),
                phenotypes=self.plan.phenotypes,
                readouts=self.plan.readouts,
                timeout=self.plan.timeout,
            )
        except EngineError:  # a rule is too large to compile
            return None

    @cached_property
    def wild(self) -> Columns:
        """The wild type."""
        return self._found(0, self.plan.parts(0, 1))

    def columns(self, begin: int, end: int) -> Columns:
        """Return rows, compared with the wild type."""
        found = self._found(begin, self.plan.parts(begin, end))
        return replace(found, changed=self._changed(found))

    def _found(self, begin: int, parts: NDArray[np.int32]) -> Columns:
        count, cuts = len(parts), (parts >= len(self.plan.singles)).any(axis=1)
        names, readouts = len(self.plan.phenotypes), len(self.plan.readouts)
        out = Columns(
            begin,
            parts,
            np.full(count, -1, np.int64),
            np.full((count, names), -1, np.int64),
            np.full((count, readouts), -1, np.int64),
            np.full((count, readouts), -1, np.int64),
            np.full(count, UNKNOWN, np.int8),
            np.full(count, "bounded", object),
        )
        is_open = np.ones(count, bool)
        if self.attractors is not None and not cuts.all():
            together = np.flatnonzero(~cuts)
            held = self.own[parts[together]]
            held = np.where(parts[together] < 0, -1, held)
            rows, place = held, np.arange(len(held))
            if self.network is not self.plan.network:
                rows, place = np.unique(held, axis=0, return_inverse=True)
            summary = self.attractors.summary(np.ascontiguousarray(rows), bounded=True)
            self._fill(out, together, summary, place.reshape(-1))
            is_open[together] = ~summary.answered[place.reshape(-1)]
        if self.plan.timeout != 0:
            for i in np.flatnonzero(is_open):
                self._ask(out, int(i))
        if self.plan.only_phenotypes:
            np.minimum(out.phenotypes, 1, out=out.phenotypes)
            out.attractors[:] = -1
        return out

    def _fill(
        self, out: Columns, rows: NDArray[np.intp], summary: Summary, place: NDArray[np.intp]
    ) -> None:
        """Fill in the rows found together; those given up stay unknown."""
        known = summary.attractors[place] > 0
        rows, place = rows[known], place[known]
        out.attractors[rows] = summary.attractors[place]
        out.phenotypes[rows] = summary.phenotypes[place]
        out.low[rows] = summary.low[place]
        out.high[rows] = summary.high[place]
        out.status[rows] = np.where(summary.exact[place], "exact", "bounded")

    def _ask(self, out: Columns, i: int) -> None:
        """Compute one row alone and fill it in; after a failure the known values stay."""
        plan = self.plan
        done = plan.perturbation_of(out.parts[i].tolist())
        if self.network is not plan.network:
            gone = [n for n in done.clamps if n not in self.network]
            kept = frozenset(c for c in done.cuts if c.target in self.network)
            done = replace(done, clamps=done.clamps.without(*gone), cuts=kept)
        row = row_of(
            self.network, self.context, plan.phenotypes, plan.readouts, "auto", plan.timeout, done
        )
        if row.attractors is None or (row.status != "exact" and row.attractors < out.attractors[i]):
            if out.attractors[i] < 0:
                out.status[i] = row.status
            return
        out.attractors[i] = min(row.attractors, LARGEST_COUNT)
        counts = [row.phenotypes.get(p.name, 0) for p in plan.phenotypes]
        out.phenotypes[i] = [min(count, LARGEST_COUNT) for count in counts]
        ranges = [row.readouts.get(name, (-1, -1)) for name in plan.readouts]
        out.low[i], out.high[i] = [low for low, _ in ranges], [high for _, high in ranges]
        out.status[i] = "bounded" if row.attractors > LARGEST_COUNT else row.status

    def _changed(self, found: Columns) -> NDArray[np.int8]:
        wild = self.wild
        has, had = found.phenotypes > 0, wild.phenotypes > 0
        changed = (has != had).any(axis=1)
        moved = (found.low != wild.low) | (found.high != wild.high)
        changed |= (moved & ~self._held(found.parts)).any(axis=1)
        if not self.plan.readouts and not self.plan.phenotypes:
            changed = found.attractors != wild.attractors
        sure = (found.status == "exact") & (wild.status[0] == "exact")
        sure &= (found.parts >= 0).any(axis=1)  # the wild type is the reference
        return np.where(sure, np.where(changed, YES, NO), UNKNOWN).astype(np.int8)

    def _held(self, parts: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return which readouts each row holds: shape ``(rows, readouts)``."""
        names = [name for name, _ in self.plan.singles] + [""] * (len(self.plan.cuts) + 1)
        holds = np.array([[n == r for r in self.plan.readouts] for n in names], bool)
        holds = holds.reshape(len(names), len(self.plan.readouts))  # the last, -1, holds nothing
        return np.asarray(holds[parts].any(axis=1), bool)


def _upstream(plan: Plan, context: Scenario) -> tuple[LogicalNetwork, Scenario]:
    """Return all components upstream of the question; others cannot affect it.

    Such a part is autonomous, and its attractors are projections of the attractors of the whole.
    But whether an attractor of the whole is a fixed point does not follow from a part.
    """
    network = plan.network
    todo = [v.name for p in plan.phenotypes for v in variables(p.condition)] + list(plan.readouts)
    if any(p.kind for p in plan.phenotypes) or not todo:
        return network, context
    seen = set(todo)
    while todo:
        rule = network[todo.pop()].rule
        fresh = {v.name for v in rule.thresholds()} - seen if rule is not None else set()
        seen |= fresh
        todo += fresh
    gone = [name for name in network.names if name not in seen]
    kept = tuple(c for c in network.components if c.name in seen)
    return (
        replace(network, components=kept, claims=()) if gone else network,
        context.without(*gone) if gone else context,
    )
