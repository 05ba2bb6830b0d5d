"""Synergy: what several perturbations do together that none of them does alone.

`regnet.analysis.screen.findings` finds them in the columns of a screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from regnet.scenario import Perturbation
from regnet.space import Range


@dataclass(frozen=True, slots=True)
class Synergy:
    """What a perturbation does that is not done by the parts it is made of.

    Parameters
    ----------
    perturbation
        Several components held.
    context
        Name of the scenario.
    gained
        Phenotypes that some attractor has now, but none in the wild type or under any part.
    lost
        Phenotypes that no attractor has now, but some in the wild type and under every part.
    readouts
        Readouts whose range is none of those in the wild type and under the parts.
    """

    perturbation: Perturbation
    context: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    readouts: Mapping[str, Range] | None = None

    @property
    def strength(self) -> int:
        """How many phenotypes and readouts are concerned."""
        return len(self.gained) + len(self.lost) + len(self.readouts or ())


@dataclass(frozen=True, slots=True)
class Essential:
    """A component whose perturbation takes a phenotype away: held at these levels it is gone."""

    component: str
    context: str
    levels: tuple[int, ...]
