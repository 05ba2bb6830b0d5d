"""Screens: every perturbation in every context, and what it changes against the wild type."""

from __future__ import annotations

from dataclasses import dataclass

from regnet.analysis import Origin
from regnet.evidence import Phenotype
from regnet.scenario import Perturbation, Scenario


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
        Whether phenotypes or readouts differ from the wild type in the same context; None where
        one of the two is not exact.
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
