"""Estimate: numbers from counted runs, with 95 % bands.

Shares and mean levels have Wilson's interval (Wilson 1927, doi 10.1080/01621459.1927.10502953).
Dependent runs count for fewer: the design effect (Kish 1965) is the ratio of the variance of the
means of batches to that of independent runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from regnet.brief import brief
from regnet.space import Space

if TYPE_CHECKING:
    import numpy as np

    from regnet.engines.kernel import Runs

Array: TypeAlias = "np.ndarray[Any, Any]"

NORMAL = 1.959963984540054
"""95 % of a normal distribution lie within this many standard deviations."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % band; exact ones have no width."""

    value: float
    low: float
    high: float

    __repr__ = brief

    @property
    def is_exact(self) -> bool:
        """Whether the band has no width."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Band:
    """A number at each time point, with its 95 % band; exact ones have no width."""

    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    __repr__ = brief

    def __getitem__(self, point: int) -> Estimate:
        return Estimate(self.values[point], self.low[point], self.high[point])


class Columns:
    """Computes the numbers of an answer from the frequencies of variables and conditions.

    ``held[k, f]`` becomes ``[k, q]``: for each readout its levels and then its mean level; then the
    conditions.

    Parameters
    ----------
    order
        The variables, in the order of the columns of `held`; the conditions follow them.
    readouts
        Name -> variables of a component, lowest level first.
    """

    def __init__(self, order: Sequence[int], readouts: Mapping[str, Sequence[int]]) -> None:
        place = {v: i for i, v in enumerate(order)}
        self._count = len(place)
        self._names = tuple(readouts)
        self._groups = [[place[v] for v in group] for group in readouts.values()]
        self.kept = [i for group in self._groups for i in group]

    def of(self, held: Array, count: float) -> Array:
        """Return the numbers, given in how many of `count` runs each variable held."""
        import numpy as np

        columns = []
        for group in self._groups:
            above = [np.full(len(held), float(count)), *(held[:, i] for i in group)]
            columns += [high - low for high, low in zip(above, [*above[1:], 0], strict=True)]
            columns.append(sum(above[1:]))
        conditions = held[:, self._count :]
        return np.column_stack([*columns, conditions]) / count

    def variances(self, numbers: Array) -> Array:
        """Return the variance of each number in one run."""
        import numpy as np

        variances: Array = numbers * (1 - numbers)
        at = 0
        for group in self._groups:
            levels = np.arange(len(group) + 1)
            mean = at + len(levels)
            squares = numbers[:, at:mean] @ levels**2
            variances[:, mean] = squares - numbers[:, mean] ** 2
            at = mean + 1
        return variances.clip(0)

    def tops(self, width: int) -> Array:
        """Return the highest value of each of `n` numbers: 1 unless it is a mean level."""
        import numpy as np

        tops = np.ones(width)
        places = np.cumsum([len(group) + 2 for group in self._groups]) - 1
        tops[places] = [len(group) for group in self._groups]
        return tops

    def bands(
        self, values: Array, low: Array, high: Array
    ) -> tuple[dict[str, tuple[Band, ...]], list[Band]]:
        """Return the bands of each readout, the mean last, and those of the conditions."""
        tables = (values.T.tolist(), low.T.tolist(), high.T.tolist())
        bands = [Band(tuple(v), tuple(a), tuple(b)) for v, a, b in zip(*tables, strict=True)]
        own, begin = {}, 0
        for name, group in zip(self._names, self._groups, strict=True):
            end = begin + len(group) + 2
            own[name], begin = tuple(bands[begin:end]), end
        return own, bands[begin:]

    def space(self, low: Iterable[int], high: Iterable[int]) -> Space:
        """Return the levels of the readouts, given the lowest and highest values of `kept`."""
        lows, highs = iter(low), iter(high)
        return Space(
            {
                name: (int(sum(islice(lows, len(group)))), int(sum(islice(highs, len(group)))))
                for name, group in zip(self._names, self._groups, strict=True)
            }
        )


class Tally:
    """Runs counted by batch; those that share a clock also by block."""

    def __init__(self, columns: Columns, *, is_together: bool) -> None:
        self._columns, self._is_together = columns, is_together
        self.count = self.blocks = 0
        self._held: Any = 0
        self._sum: Any = 0.0
        self._squares: Any = 0.0
        self.times: list[Array] = []
        self._ends: Counter[bytes] = Counter()

    def add(self, runs: Runs) -> None:
        """Count a batch."""
        self.count += runs.count
        self._held = self._held + runs.held.sum(axis=0)
        blocks, points, width = runs.held.shape
        if self._is_together:
            self.blocks += blocks
            numbers = self._columns.of(runs.held.reshape(-1, width), runs.count / blocks)
            numbers = numbers.reshape(blocks, points, -1)
            self._sum = self._sum + numbers.sum(axis=0)
            self._squares = self._squares + (numbers**2).sum(axis=0)
        self.times.append(runs.passages)
        self._ends.update(runs.ends)

    def numbers(self) -> tuple[Array, Array, Array]:
        """Return the numbers with the lower and upper ends of their bands."""
        import numpy as np

        numbers = self._columns.of(self._held, self.count)
        variances = self._columns.variances(numbers)
        effects, width = np.ones_like(numbers), NORMAL
        if self._is_together:
            effects = self._effects(variances)
            width = _student(self.blocks - 1)
        self.effect, self._last, self._width = effects.max(), effects[-1].max(), width
        # A mean level, as a fraction of the highest one, varies less than in runs that are at
        # the highest level or at 0.
        tops = self._columns.tops(numbers.shape[1])
        shares = numbers / tops
        most = shares * (1 - shares)
        less = np.divide(variances / tops**2, most, out=np.ones_like(most), where=most > 0)
        less = np.where(less > 0, less, 1.0)
        low, high = wilson(shares, self.count / (effects * less), width)
        return numbers, low * tops, high * tops

    def _effects(self, variances: Array) -> Array:
        """Return the variance of the means of blocks relative to that of independent runs.

        It is at least 1, as the runs of a block are independent of each other given its clock. If a
        number hardly varies, its own variance is uninformative: then the effect over all numbers at
        that time is used, if it is larger.
        """
        import numpy as np

        scatter = (self._squares - self._sum**2 / self.blocks) / (self.blocks - 1)
        scatter = np.clip(scatter, 0, None) * (self.count / self.blocks)
        own = np.divide(scatter, variances, out=np.zeros_like(scatter), where=variances > 0)
        all_ = scatter.sum(axis=1) / np.maximum(variances.sum(axis=1), 1e-12)
        pooled = np.where(variances > 1e-3, 0.0, all_[:, None])
        effects: Array = np.maximum(own, pooled).clip(1)
        return effects

    def ends(self, most: int) -> Iterator[tuple[Space, Estimate]]:
        """Yield the most probable states of the readouts at the end; call after `numbers`."""
        import numpy as np

        length = len(self._columns.kept)
        for raw, number in sorted(self._ends.items(), key=lambda end: (-end[1], end[0]))[:most]:
            values = np.unpackbits(np.frombuffer(raw, np.uint8))[:length].tolist()
            share = np.array([number / self.count])
            low, high = wilson(share, np.array([self.count / self._last]), self._width)
            estimate = Estimate(float(share[0]), float(low[0]), float(high[0]))
            yield self._columns.space(values, values), estimate


def wilson(share: Array, count: Array, width: float) -> tuple[Array, Array]:
    """Return Wilson's 95 % interval for shares of independent runs."""
    import numpy as np

    inside = np.clip(share, 0, 1)
    more = width**2 / count
    middle = (inside + more / 2) / (1 + more)
    error = width * np.sqrt(inside * (1 - inside) / count + more / (4 * count)) / (1 + more)
    return np.minimum(middle - error, inside).clip(0), np.maximum(middle + error, inside).clip(0, 1)


def _student(freedom: int) -> float:
    """Return the 95 % quantile of Student's distribution, in standard deviations."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))
