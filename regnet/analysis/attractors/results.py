"""What a search for attractors found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from regnet.analysis import Listed, Result
from regnet.brief import brief
from regnet.space import Space

OSCILLATES = "cyclic or complex"
"""The kind of an attractor of which no more is known than that it has several states."""


@dataclass(frozen=True, slots=True)
class Attractor:
    """A smallest set of states that the network never leaves.

    Parameters
    ----------
    kind
        ``"fixed point"`` (one state), ``"cyclic"`` (each state has exactly one successor) or
        ``"complex"`` (any other; for most-permissive updates every attractor of several states).
        Where the search was stopped before that was known, `OSCILLATES`.
    size
        Number of states, or None where it was not counted.
    space
        Each component with the range it takes over the attractor's states; a bound of it where
        the search was stopped before the states were counted.
    seed
        The smallest state of the attractor, in the order of components, at the lowest level of the
        free inputs. Where `size` is None, a state that was seen in it; or, if the search was
        stopped before one was, a state of the trap space that it is in.
    phenotypes
        Names of the phenotypes that hold in all its states.
    condition
        Levels of the free inputs under which it exists, as ranges; empty when no input is free.
        Every combination of input levels in `condition` has exactly one such attractor.
    valuations
        How many input combinations `condition` covers.
    follows
        Components that are settled by the inputs and differ between the combinations in
        `condition`; their range in `space` runs over the combinations, not over one attractor.
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
        """What tells it from the others of a network under one perturbation and update.

        Two attractors that share a state are one, and the seed is the smallest state of each, so it
        does not matter from which start they were found. Kind, size and ranges would not do:
        attractors may differ in their states alone. An attractor whose states were not counted may
        have another identity when it is found from another start, never that of another attractor.
        """
        return self.condition, self.seed


def may_repeat(attractors: Iterable[Attractor]) -> bool:
    """Return whether two of these, found from different starts, may be one attractor.

    `Attractor.identity` tells them apart unless the states of one were not counted and its ranges
    are those of another.
    """
    alike: dict[tuple[Space, Space], list[Attractor]] = {}
    for a in attractors:
        alike.setdefault((a.condition, a.space), []).append(a)
    return any(len(some) > 1 and any(a.size is None for a in some) for some in alike.values())


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Attractors(Listed[Attractor], Result):
    """The attractors of a network in a scenario: by input condition, fixed points first.

    `complete` is False when a limit or the time ran out, or when nothing proves that there are no
    more; `missing` then says in one sentence what is missing. `total` is how many there are, each
    input combination counted and whether or not they are all listed; None where it is not known.
    `at_least` is a number that is proved to be reached, counted likewise: each minimal trap space
    holds an attractor. `interrupted` is whether a person stopped the search.
    """

    _LISTED = "attractors"

    attractors: tuple[Attractor, ...]
    total: int | None = None
    at_least: int = 0

    @property
    def count(self) -> int:
        """How many attractors are listed, each input combination counted."""
        return sum(a.valuations for a in self.attractors)
