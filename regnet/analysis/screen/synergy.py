"""Synergy: effects of combined perturbations that none of them has alone.

`regnet.analysis.screen.findings` finds them in the columns of a screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from regnet.scenario import Perturbation
from regnet.space import Range


@dataclass(frozen=True, slots=True)
class Synergy:
    """Effects of a perturbation that none of its parts has.

    Parameters
    ----------
    perturbation
        Several components held.
    context
        Name of the scenario.
    gained
        Phenotypes that some attractor has, but none in the wild type or under any part.
    lost
        Phenotypes that no attractor has, but some in the wild type and under every part.
    readouts
        Readouts whose range differs from those in the wild type and under the parts.
    """

    perturbation: Perturbation
    context: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    readouts: Mapping[str, Range] | None = None

    @property
    def strength(self) -> int:
        """Number of phenotypes and readouts concerned."""
        return len(self.gained) + len(self.lost) + len(self.readouts or ())


@dataclass(frozen=True, slots=True)
class Essential:
    """A component whose perturbation abolishes a phenotype, when held at these levels."""

    component: str
    context: str
    levels: tuple[int, ...]
