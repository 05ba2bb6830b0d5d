"""Start: where a network begins; some components at levels that are drawn, alone or jointly."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from regnet.brief import brief, shortened
from regnet.errors import NetworkError, ParseError
from regnet.space import Range, Space, parse_levels

_ROUNDING = 1e-6
"""By how much probabilities may miss 1 in all: files round them."""

Row = tuple[tuple[int, ...], float]


@dataclass(frozen=True, slots=True)
class Distribution:
    """Levels of some components that are drawn together, each combination with its probability.

    Parameters
    ----------
    components
        Their names.
    rows
        ``(levels, probability)``: a level for each component, in order. Equal rows are added up,
        those of probability 0 are left out, and the rest is sorted.

    Raises
    ------
    NetworkError
        If the probabilities do not sum to 1, or a row does not fit.

    Examples
    --------
    >>> print(Distribution(("A", "B"), (((1, 1), 0.75), ((0, 0), 0.25))))
    A&B=0&0:0.25|1&1:0.75
    """

    components: tuple[str, ...]
    rows: tuple[Row, ...]

    __repr__ = brief

    def __post_init__(self) -> None:
        names = "&".join(self.components)
        if not names or len(set(self.components)) < len(self.components):
            raise NetworkError(f"a start cannot be drawn for {names or 'no component'}")
        summed: dict[tuple[int, ...], float] = {}
        for levels, chance in self.rows:
            if len(levels) != len(self.components) or min(levels) < 0:
                raise NetworkError(f"{levels} are no levels of {names}")
            if not 0 <= chance <= 1 + _ROUNDING:
                raise NetworkError(f"{chance:g} is no probability (of {names})")
            summed[levels] = summed.get(levels, 0.0) + chance
        total = math.fsum(summed.values())
        if abs(total - 1) > _ROUNDING:
            raise NetworkError(f"the probabilities of {names} sum to {total:g}, not to 1")
        rows = tuple(sorted((levels, chance) for levels, chance in summed.items() if chance))
        object.__setattr__(self, "rows", rows)

    def __str__(self) -> str:
        rows = ("&".join(map(str, levels)) + f":{chance!r}" for levels, chance in self.rows)
        return f"{'&'.join(self.components)}={'|'.join(rows)}"

    @property
    def hull(self) -> dict[str, Range]:
        """From the lowest to the highest level that each component can be drawn at."""
        columns = zip(*(levels for levels, _ in self.rows), strict=True)
        return {
            name: (min(column), max(column))
            for name, column in zip(self.components, columns, strict=True)
        }

    @property
    def fills_hull(self) -> bool:
        """Whether every combination of levels in the hull can be drawn."""
        return len(self.rows) == math.prod(high - low + 1 for low, high in self.hull.values())

    @property
    def is_uniform(self) -> bool:
        """Whether each level is drawn on its own and any in the hull is as likely as another."""
        return (
            len(self.components) == 1
            and self.fills_hull
            and len({chance for _, chance in self.rows}) == 1
        )

    def without(self, *names: str) -> Distribution | None:
        """Return the distribution of the other components; None if there are none."""
        kept = [i for i, name in enumerate(self.components) if name not in names]
        if len(kept) == len(self.components):
            return self
        rows = tuple((tuple(levels[i] for i in kept), chance) for levels, chance in self.rows)
        return Distribution(tuple(self.components[i] for i in kept), rows) if kept else None

    def within(self, ranges: Mapping[str, Range]) -> Distribution:
        """Return the distribution with levels outside of some ranges moved to their nearest end."""
        bounds = [ranges.get(name) for name in self.components]
        rows = tuple(
            (tuple(_nearest(at, b) for at, b in zip(levels, bounds, strict=True)), chance)
            for levels, chance in self.rows
        )
        return Distribution(self.components, rows)

    def renamed(self, old: str, new: str) -> Distribution:
        """Return the distribution with one component renamed."""
        names = tuple(new if name == old else name for name in self.components)
        return Distribution(names, self.rows)


def _nearest(level: int, bounds: Range | None) -> int:
    return level if bounds is None else min(max(level, bounds[0]), bounds[1])


class Start(Space):
    """A space of start states, with probabilities of the levels of some components.

    As a space it contains all possible levels of each component, which suffices except for
    simulations. If components are drawn jointly the space can be larger than the set of possible
    states (`is_exact`). A component that is neither drawn nor at one level begins at each level of
    its range with equal probability.

    Parameters
    ----------
    ranges
        Levels or ranges, as for `Space`.
    drawn
        How further components are drawn; groups are independent of each other. What is certain, or
        uniform over a range, becomes a level or a range.

    Raises
    ------
    NetworkError
        If a component is given twice.

    Examples
    --------
    >>> start = Start({"C": 1}, [Distribution(("A",), (((0,), 0.75), ((1,), 0.25)))])
    >>> print(start)
    C=1 A=0:0.75|1:0.25
    >>> start.levels()
    {'C': 1, 'A': (0, 1)}
    >>> print(start.with_({"A": 1}))
    C=1 A=1
    """

    __slots__ = ("drawn",)

    drawn: tuple[Distribution, ...]

    def __init__(
        self,
        ranges: Mapping[str, int | Range] | None = None,
        drawn: tuple[Distribution, ...] | list[Distribution] = (),
    ) -> None:
        held: dict[str, int | Range] = dict(ranges or {})
        kept = []
        for group in drawn:
            hull = group.hull
            for name in hull:
                if name in held:
                    raise NetworkError(f"the start of {name} is given twice")
            held.update(hull)
            group_left = group.without(*(name for name, (low, high) in hull.items() if low == high))
            if group_left is not None and not group_left.is_uniform:
                kept.append(group_left)
        super().__init__(held)
        self.drawn = tuple(sorted(kept, key=lambda group: group.components))

    def __getstate__(self) -> tuple[dict[str, Range], tuple[Distribution, ...]]:  # type: ignore[override]
        return self._ranges, self.drawn

    def __setstate__(self, state: tuple[dict[str, Range], tuple[Distribution, ...]]) -> None:  # type: ignore[override]
        super().__setstate__(state[0])
        self.drawn = state[1]

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Space)
            and Space.__eq__(self, other)
            and self.drawn == getattr(other, "drawn", ())
        )

    def __hash__(self) -> int:
        return super().__hash__()

    def __repr__(self) -> str:
        if not self.drawn:
            return super().__repr__()
        return f"Start({shortened(f'{self.plain!r}, {self.drawn!r}')})"

    def __str__(self) -> str:
        plain = str(Space(self.plain))
        return " ".join([plain, *map(str, self.drawn)] if plain else map(str, self.drawn))

    @property
    def plain(self) -> dict[str, int | Range]:
        """The levels and ranges of the components that are not drawn."""
        gone = {name for group in self.drawn for name in group.components}
        return {name: at for name, at in self.levels().items() if name not in gone}

    @property
    def is_exact(self) -> bool:
        """Whether every state of the space can be drawn."""
        return all(group.fills_hull for group in self.drawn)

    def with_(self, other: Mapping[str, int | Range]) -> Start:
        """Return this start overridden by another one.

        Components drawn jointly with them keep their marginal probabilities.
        """
        drawn = other.drawn if isinstance(other, Start) else ()
        plain = other.plain if isinstance(other, Start) else other
        rest = self.without(*other)
        return Start({**rest.plain, **plain}, [*rest.drawn, *drawn])

    def without(self, *names: str) -> Start:
        """Return this start with the named components freed."""
        left = [group.without(*names) for group in self.drawn]
        gone = set(names)
        plain = {name: at for name, at in self.plain.items() if name not in gone}
        return Start(plain, [group for group in left if group is not None])

    def renamed(self, old: str, new: str) -> Start:
        """Return this start with one component renamed."""
        plain = {new if name == old else name: at for name, at in self.plain.items()}
        return Start(plain, [group.renamed(old, new) for group in self.drawn])

    def within(self, ranges: Mapping[str, Range]) -> Start:
        """Return this start with levels outside of some ranges moved to their nearest end.

        Named components on which the start is silent begin anywhere in their range.
        """
        drawn = {name for group in self.drawn for name in group.components}
        held: dict[str, int | Range] = dict(self.plain)
        for name, bounds in ranges.items():
            if name not in drawn:
                low, high = self.get(name, bounds)
                held[name] = _nearest(low, bounds), _nearest(high, bounds)
        return Start(held, [group.within(ranges) for group in self.drawn])


def parse_start(text: str) -> Start:
    """Read levels, ranges and distributions separated by spaces or commas, as a `Start` is printed.

    >>> print(parse_start("C=1, Out=0:0.75|1:0.25 A&B=0&0:0.5|1&1:0.5"))
    C=1 A&B=0&0:0.5|1&1:0.5 Out=0:0.75|1:0.25
    """
    parts = text.replace(",", " ").split()
    drawn = [part for part in parts if "=" in part and ":" in part.rpartition("=")[2]]
    plain = parse_levels(" ".join(part for part in parts if part not in drawn))
    try:
        return Start(plain.levels(), [_distribution(part) for part in drawn])
    except NetworkError as error:
        raise ParseError(str(error)) from None


def _distribution(text: str) -> Distribution:
    """Read ``A&B=0&0:0.5|1&1:0.5``."""
    names, _, rows = text.rpartition("=")
    read = []
    for row in rows.split("|"):
        levels, _, chance = row.partition(":")
        try:
            read.append((tuple(int(level) for level in levels.split("&")), float(chance)))
        except ValueError:
            raise ParseError(
                f"{text!r} is no distribution of a start",
                expected="X=0:0.75|1:0.25, or A&B=0&0:0.5|1&1:0.5 for two that are drawn together",
            ) from None
    return Distribution(tuple(names.split("&")), tuple(read))
