"""Space: components held at levels or ranges.

A state is a space that fixes every component. Trap spaces, clamps, starts, inputs and the ranges of
attractors are all spaces, with common operations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import index
from typing import TypeAlias

from regnet.brief import shortened
from regnet.errors import NetworkError, ParseError

Range: TypeAlias = tuple[int, int]

FREE = 255
"""In a row of levels: the component is free."""

_AT = tuple((level, level) for level in range(FREE))


class Space(Mapping[str, Range]):
    """Immutable mapping from component names to ``(low, high)``, both ends included.

    Components that are absent are free. Equality ignores the order of the names.

    Parameters
    ----------
    ranges
        Levels (``{"X": 1}``) or ranges (``{"X": (0, 2)}``); True is level 1, and False level 0.

    Raises
    ------
    NetworkError
        If a range is empty or starts below 0, or is none.

    Examples
    --------
    >>> space = Space({"LIF": 2, "Mass": (0, 1)})
    >>> str(space)
    'LIF=2 Mass=0..1'
    >>> space.fixed
    {'LIF': 2}
    """

    __slots__ = ("_hash", "_ranges")

    def __init__(self, ranges: Mapping[str, int | Range] | None = None) -> None:
        checked: dict[str, Range] = {}
        for name, value in (ranges or {}).items():
            if type(value) is int:
                low = high = value
            elif type(value) is tuple and [type(end) for end in value] == [int, int]:
                low, high = value
            else:
                low, high = _ends(name, value)
            if not 0 <= low <= high:
                raise NetworkError(f"{name}={low}..{high} is not a range of levels")
            checked[name] = (low, high)
        self._ranges = checked
        self._hash: int | None = None

    @classmethod
    def of(cls, levels: Space | Mapping[str, int | Range] | str) -> Space:
        """Return a space from text such as ``LIF=2, Mass=0..1``, or a dict."""
        if isinstance(levels, Space):
            return levels
        if isinstance(levels, str):
            return parse_levels(levels)
        if not isinstance(levels, Mapping):
            raise NetworkError(f"levels are written {{'X': 1}} or 'X=1', not {levels!r}")
        return Space(levels)

    def __getitem__(self, name: str) -> Range:
        return self._ranges[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ranges)

    def __len__(self) -> int:
        return len(self._ranges)

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self._ranges.items()))
        return self._hash

    def __getstate__(self) -> dict[str, Range]:
        return self._ranges  # not the hash: another process hashes names differently

    def __setstate__(self, ranges: dict[str, Range]) -> None:
        self._ranges = ranges
        self._hash = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Space) and self._ranges == other._ranges

    def __repr__(self) -> str:
        return f"Space({shortened(repr(self.levels()))})"

    def __str__(self) -> str:
        return " ".join(
            f"{name}={low}" if low == high else f"{name}={low}..{high}"
            for name, (low, high) in self._ranges.items()
        )

    def __and__(self, other: Space) -> Space | None:
        """Return what both spaces allow, or None when no state is in both."""
        merged = dict(self._ranges)
        for name, (low, high) in other._ranges.items():
            own = merged.get(name, (low, high))
            both = (max(own[0], low), min(own[1], high))
            if both[0] > both[1]:
                return None
            merged[name] = both
        return Space(merged)

    def contains(self, other: Mapping[str, Range]) -> bool:
        """Return whether every state of `other` is also in this space."""
        for name, (low, high) in self._ranges.items():
            if name not in other:
                return False
            inner = other[name]
            if inner[0] < low or inner[1] > high:
                return False
        return True

    @property
    def fixed(self) -> dict[str, int]:
        """The components held at one level, with that level."""
        return {name: low for name, (low, high) in self._ranges.items() if low == high}

    def levels(self) -> dict[str, int | Range]:
        """Return a plain dict, a level for each fixed component and a pair for each range."""
        return {n: low if low == high else (low, high) for n, (low, high) in self._ranges.items()}

    def with_(self, other: Mapping[str, int | Range]) -> Space:
        """Return this space with the ranges of `other` put over its own."""
        return Space({**self._ranges, **other})

    def without(self, *names: str) -> Space:
        """Return this space with the named components freed."""
        return Space({n: r for n, r in self._ranges.items() if n not in names})

    def renamed(self, old: str, new: str) -> Space:
        """Return this space with one component renamed."""
        return Space({new if n == old else n: r for n, r in self._ranges.items()})


def _ends(name: str, value: object) -> Range:
    """Return both ends of a range that is given as a level or a pair of any kind of integer."""
    pair = value if isinstance(value, tuple | list) else (value, value)
    try:
        low, high = (index(end) for end in pair)
    except (TypeError, ValueError):
        text = repr(value)[:80]
        raise NetworkError(f"{name} needs a level or a pair of levels, not {text}") from None
    return low, high


def parse_levels(text: str) -> Space:
    """Read ``X=1``, ``X=1..2`` or several of them, separated by spaces or commas.

    >>> parse_levels("LIF=2, Mass=0..1")
    Space({'LIF': 2, 'Mass': (0, 1)})
    """
    ranges: dict[str, int | Range] = {}
    for part in text.replace(",", " ").split():
        name, _, levels = part.rpartition("=")
        low, dots, high = levels.partition("..")
        if not name or not low.isdecimal() or not (high if dots else low).isdecimal():
            what = "a condition, not a level" if set(part) & set(":<>!&|") else "not a level"
            raise ParseError(f"{part!r} is {what}", expected="X=1 or X=1..2")
        if name in ranges:
            raise ParseError(f"{name} is given twice in {text!r}")
        ranges[name] = (int(low), int(high or low))
    return Space(ranges)


class PackedSpace(Space):
    """A space stored as a row of levels, converted to a mapping on access.

    Questions with many answers give thousands of these, most of which are never accessed.

    Parameters
    ----------
    names
        The components.
    row
        The level of each component, or `FREE`.

    Examples
    --------
    >>> str(PackedSpace(("A", "B", "C"), bytes((0, FREE, 1))))
    'A=0 C=1'
    """

    __slots__ = ("_names", "_row")

    def __init__(self, names: Sequence[str], row: bytes) -> None:
        self._names = names
        self._row = row
        self._hash = None

    def __getattr__(self, attribute: str) -> dict[str, Range]:
        if attribute != "_ranges":
            raise AttributeError(attribute)
        cells = zip(self._names, self._row, strict=True)
        self._ranges = {name: _AT[level] for name, level in cells if level != FREE}
        return self._ranges

    def levels(self) -> dict[str, int | Range]:
        """Return the level of each component that is not free."""
        cells = zip(self._names, self._row, strict=True)
        return dict(cells) if FREE not in self._row else {n: v for n, v in cells if v != FREE}
