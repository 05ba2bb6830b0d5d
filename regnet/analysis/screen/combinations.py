"""Combinations: all choices of single perturbations of different components, by number.

Choices are in the order of `itertools.combinations`, so those with the same first perturbation are
adjacent. Any range of them is generated without the others, so that a large screen can be
distributed, stopped and resumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from regnet.scenario import Cut, Perturbation
from regnet.space import Space

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Single = tuple[str, int]
"""A component and the level it is held at."""


class Combinations:
    """All choices of `order` single perturbations, each of another component.

    Parameters
    ----------
    singles
        Single perturbations; those of one component are adjacent.
    order
        Number chosen.

    Examples
    --------
    >>> both = Combinations([("A", 0), ("A", 1), ("B", 0), ("C", 0)], 2)
    >>> both.count
    5
    >>> both.rows(3, 5).tolist()
    [[1, 3], [2, 3]]
    >>> both.numbers(both.rows(3, 5)).tolist()
    [3, 4]
    """

    def __init__(self, singles: Sequence[Single], order: int) -> None:
        self.names = [name for name, _ in singles]
        self.order = order

    @cached_property
    def count(self) -> int:
        """Number of choices, of any size as they are not listed."""
        chosen = [1] + [0] * self.order  # by the number chosen, of the components so far
        levels = dict.fromkeys(self.names, 0)
        for name in self.names:
            levels[name] += 1
        for several in levels.values():
            for k in range(self.order, 0, -1):
                chosen[k] += several * chosen[k - 1]
        return chosen[self.order]

    @cached_property
    def _following(self) -> NDArray[np.int64]:
        """For each single the number of the first one of a later component."""
        import numpy as np

        ends = {name: i + 1 for i, name in enumerate(self.names)}
        return np.array([ends[name] for name in self.names], np.int64)

    @cached_property
    def _left(self) -> list[NDArray[np.int64]]:
        """``[k][i]``: number of choices of k singles with none before single i."""
        import numpy as np

        size = len(self.names)
        left = [np.ones(size + 1, np.int64)]
        for _ in range(self.order):
            counts = np.zeros(size + 1, np.int64)
            counts[:size] = np.cumsum(left[-1][self._following][::-1])[::-1]
            left.append(counts)
        return left

    def rows(self, begin: int = 0, end: int | None = None) -> NDArray[np.int32]:
        """Return the choices from one number to before another: shape ``(choices, order)``."""
        import numpy as np

        rest = np.arange(begin, self.count if end is None else end, dtype=np.int64)
        out = np.empty((len(rest), self.order), np.int32)
        first = np.zeros(len(rest), np.int64)
        for j, left in enumerate(reversed(self._left[1:])):
            rest += left[0] - left[first]
            chosen = np.searchsorted(-left, rest - left[0], side="right") - 1
            rest -= left[0] - left[chosen]
            out[:, j] = chosen
            first = self._following[chosen]
        return out

    def numbers(self, rows: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the numbers of choices; their singles are in ascending order."""
        import numpy as np

        found = np.zeros(len(rows), np.int64)
        first = np.zeros(len(rows), np.int64)
        for j, left in enumerate(reversed(self._left[1:])):
            chosen = rows[:, j].astype(np.int64)
            found += left[first] - left[chosen]
            first = self._following[chosen]
        return found


@dataclass(frozen=True, slots=True)
class Perturbations:
    """The perturbations of a screen, generated on access.

    Parameters
    ----------
    singles
        Components, each held at one level; those of one component are adjacent.
    cuts
        Edges that are cut, each alone.
    order
        Maximum number of singles held together.

    Examples
    --------
    >>> tried = Perturbations((("A", 0), ("B", 0)), (Cut("A", "B"),), order=2)
    >>> len(tried), [str(perturbation) for perturbation in tried]
    (4, ['A=0', 'B=0', 'A->B', 'A=0 B=0'])
    """

    singles: tuple[Single, ...]
    cuts: tuple[Cut, ...] = ()
    order: int = 1

    def __len__(self) -> int:
        alone = len(self.singles) + len(self.cuts)
        return alone + sum(Combinations(self.singles, k).count for k in range(2, self.order + 1))

    def __iter__(self) -> Iterator[Perturbation]:
        yield from (Perturbation(Space({name: level})) for name, level in self.singles)
        yield from (Perturbation(cuts=frozenset({cut})) for cut in self.cuts)
        for order in range(2, self.order + 1):
            for chosen in Combinations(self.singles, order).rows().tolist():
                yield Perturbation(Space(dict(self.singles[i] for i in chosen)))
