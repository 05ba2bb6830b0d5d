"""Columns: the rows of a large screen as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regnet.analysis.screen import ScreenRow
from regnet.analysis.screen.plan import Plan

YES, NO, UNKNOWN = 1, 0, -1
"""Values of ``changed``."""


@dataclass(frozen=True, eq=False)
class Columns:
    """Rows of a screen, all of one context and one block of the plan.

    Parameters
    ----------
    first
        Number of the first row in the context.
    parts
        The parts of each row, as numbered by `Plan.parts`.
    attractors
        Number of attractors, -1 if unknown.
    phenotypes
        Number with each phenotype; -1 if unknown.
    low, high
        The range of each readout; -1 if unknown.
    changed
        `YES`, `NO` or `UNKNOWN`, as in `regnet.analysis.screen.ScreenRow`.
    status
        As in `regnet.analysis.screen.ScreenRow`.
    """

    first: int
    parts: NDArray[np.int32]
    attractors: NDArray[np.int64]
    phenotypes: NDArray[np.int64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    changed: NDArray[np.int8]
    status: NDArray[Any]

    def __len__(self) -> int:
        return len(self.parts)

    def rows(self, plan: Plan, context: str) -> list[ScreenRow]:
        """Return the rows as `regnet.analysis.screen.screen` gives them."""
        return [self.row(plan, context, i) for i in range(len(self))]

    def row(self, plan: Plan, context: str, i: int) -> ScreenRow:
        """Return one row, counted from 0, as `regnet.analysis.screen.screen` gives it."""
        names = [p.name for p in plan.phenotypes]
        counts = zip(names, self.phenotypes[i].tolist(), strict=True)
        ranges = zip(plan.readouts, self.low[i].tolist(), self.high[i].tolist(), strict=True)
        attractors, changed = int(self.attractors[i]), int(self.changed[i])
        return ScreenRow(
            plan.perturbation_of(self.parts[i].tolist()),
            context,
            attractors if attractors >= 0 else None,
            {name: n for name, n in counts if n > 0},
            {name: (low, high) for name, low, high in ranges if low >= 0},
            None if changed == UNKNOWN else changed == YES,
            str(self.status[i]),
        )
