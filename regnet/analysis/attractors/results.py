"""Results of a search for attractors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from regnet.analysis import Listed, Result
from regnet.brief import brief
from regnet.space import Space

OSCILLATES = "cyclic or complex"
"""The kind of an attractor known only to have several states."""


@dataclass(frozen=True, slots=True)
class Attractor:
    """A minimal set of states that the network never leaves.

    Parameters
    ----------
    kind
        ``"fixed point"`` (one state), ``"cyclic"`` (each state has exactly one successor) or
        ``"complex"`` (any other; for most-permissive updates every attractor of several states).
        `OSCILLATES` if the search was stopped before this was known.
    size
        Number of states, or None where it was not counted.
    space
        Each component with its range over the states of the attractor; an upper bound of it if the
        search was stopped before the states were counted.
    seed
        The smallest state of the attractor, in the order of components, at the lowest level of the
        free inputs. If `size` is None, a state known to be in it; or, if none is known, a state of
        the trap space that contains it.
    phenotypes
        Names of the phenotypes that hold in all its states.
    condition
        Levels of the free inputs under which it exists, as ranges; empty when no input is free.
        Every combination of input levels in `condition` has exactly one such attractor.
    valuations
        Number of input combinations that `condition` covers.
    follows
        Components determined by the inputs that differ between the combinations in `condition`;
        their range in `space` is over the combinations, not within one attractor.
    """

    kind: str
    size: int | None
    space: Space
    seed: Space
    phenotypes: tuple[str, ...] = ()
    condition: Space = field(default_factory=Space)
    valuations: int = 1
    follows: tuple[str, ...] = ()

    __repr__ = brief

    @property
    def identity(self) -> tuple[Space, Space]:
        """The key of the attractor among all of a network under one perturbation and update.

        Attractors that share a state are equal, and the seed is the smallest state, so the identity
        does not depend on the start. Kind, size and ranges do not suffice, as attractors may differ
        only in their states. An attractor whose states were not counted may have different
        identities when found from different starts, but never that of another attractor.
        """
        return self.condition, self.seed


def may_repeat(attractors: Iterable[Attractor]) -> bool:
    """Return whether two of these, found from different starts, may be one attractor.

    `Attractor.identity` distinguishes them unless the states of one were not counted and its ranges
    equal those of another.
    """
    alike: dict[tuple[Space, Space], list[Attractor]] = {}
    for a in attractors:
        alike.setdefault((a.condition, a.space), []).append(a)
    return any(len(some) > 1 and any(a.size is None for a in some) for some in alike.values())


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Attractors(Listed[Attractor], Result):
    """The attractors of a network in a scenario: by input condition, fixed points first.

    `complete` is False if a limit was reached, or if it is not proved that there are no more;
    `missing` then says in one sentence what is missing. `total` is the number of attractors over
    all input combinations, listed or not; None if unknown. `at_least` is a proved lower bound of
    it, as each minimal trap space holds an attractor. `interrupted` is whether the user stopped the
    search.
    """

    _LISTED = "attractors"

    attractors: tuple[Attractor, ...]
    total: int | None = None
    at_least: int = 0

    @property
    def count(self) -> int:
        """Number of attractors listed, over all input combinations."""
        return sum(a.valuations for a in self.attractors)
