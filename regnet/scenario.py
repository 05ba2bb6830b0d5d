"""Scenario: the perturbation, start and update of a network.

Every tool shares these two values. A `Perturbation` covers knock-outs, forced levels, ranges and
edge cuts; a `Scenario` adds the start and the update mode. Unknown names are errors: an invalid
perturbation is never silently ignored.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from regnet.brief import brief
from regnet.errors import NetworkError, ParseError
from regnet.logic import TRUE, Const, Expr, Var, substitute, write_name
from regnet.network import LogicalNetwork, Rule
from regnet.rates import Rates
from regnet.space import Range, Space, parse_levels
from regnet.start import Start, parse_start

__all__ = [
    "UPDATES", "Cut", "Perturbation", "Scenario", "parse_cut", "parse_levels", "parse_start",
]  # fmt: skip

UPDATES = ("asynchronous", "synchronous", "most-permissive")

Levels: TypeAlias = "Space | Mapping[str, int | Range] | str"
"""Levels as a space, a dict, or text such as ``X=1, Y=0..2``."""


@dataclass(frozen=True, slots=True, order=True)
class Cut:
    """An edge that is cut: the rule of `target` sees `source` at `level`, whatever it is."""

    source: str
    target: str
    level: int = 0

    def __str__(self) -> str:
        text = f"{write_name(self.source)}->{write_name(self.target)}"
        return f"{text} at {self.level}" if self.level else text


@dataclass(frozen=True, slots=True)
class Perturbation:
    """Components held at levels or ranges, and edges cut.

    Parameters
    ----------
    clamps
        ``X=0`` is a knock-out, another level a forced level, ``X=1..2`` a range that the target of
        X is clipped to. Clamping an input to one level sets it. Also a dict, or text with cuts:
        ``X=0, A->B``.
    cuts
        Edges that are cut.
    name
        Its name; empty if it is described by its changes.

    Examples
    --------
    >>> print(Perturbation({"LIF": 0}) | Perturbation("A->B"))
    LIF=0 A->B
    """

    clamps: Space = field(default_factory=Space)
    cuts: frozenset[Cut] = frozenset()
    name: str = ""

    __repr__ = brief

    if TYPE_CHECKING:

        def __init__(
            self,
            clamps: Levels = ...,
            cuts: Iterable[Cut | str] = ...,
            name: str = "",
        ) -> None: ...

    def __post_init__(self) -> None:
        if not isinstance(self.clamps, Space):
            clamps, cuts = _changes(self.clamps)
            object.__setattr__(self, "clamps", clamps)
            object.__setattr__(self, "cuts", cuts | frozenset(map(_cut, self.cuts)))
        elif not isinstance(self.cuts, frozenset):
            object.__setattr__(self, "cuts", frozenset(map(_cut, self.cuts)))

    @classmethod
    def of(cls, what: Perturbation | Levels, *, name: str = "") -> Perturbation:
        """Return a perturbation from a dict or text.

        Raises
        ------
        ParseError, NetworkError
            If a part of it is neither a level nor an edge.

        Examples
        --------
        >>> Perturbation.of("VEGF=0, A->B") == Perturbation({"VEGF": 0}, ["A->B"])
        True
        """
        made = what if isinstance(what, Perturbation) else cls(what)
        return replace(made, name=name) if name else made

    def __str__(self) -> str:
        parts = [str(self.clamps)] if self.clamps else []
        return " ".join(parts + [str(cut) for cut in sorted(self.cuts)]) or "wild type"

    @property
    def label(self) -> str:
        """The name, or else what it does."""
        return self.name or str(self)

    def __bool__(self) -> bool:
        return bool(self.clamps or self.cuts)

    def __or__(self, other: Perturbation) -> Perturbation:
        """Return both together.

        Raises
        ------
        NetworkError
            If they hold one component at levels that exclude each other.
        """
        both = self.clamps & other.clamps
        if both is None:
            raise NetworkError(f"{self.label} and {other.label} cannot both be done")
        return Perturbation(both, self.cuts | other.cuts)

    def then(self, other: Perturbation) -> Perturbation:
        """Return both combined; `other` takes precedence."""
        return Perturbation(self.clamps.with_(other.clamps), self.cuts | other.cuts)

    def check(self, network: LogicalNetwork) -> None:
        """Raise if it names a component, level or edge that the network does not have."""
        _check_space(self.clamps, network)
        for cut in self.cuts:
            source, rule = network[cut.source], network[cut.target].rule
            if rule is None or all(v.name != cut.source for v in rule.thresholds()):
                raise NetworkError(f"{cut.source} does not regulate {cut.target}: nothing to cut")
            if not 0 <= cut.level <= source.top:
                raise NetworkError(f"{cut}: {cut.source} has levels 0 to {source.top}")

    def apply(self, network: LogicalNetwork) -> LogicalNetwork:
        """Return the perturbed network.

        Raises
        ------
        UnknownNameError, NetworkError
            If it does not fit the network.
        """
        self.check(network)
        if not self:
            return network
        changed = {c.name: c for c in network.components}
        for cut in self.cuts:
            rule = changed[cut.target].rule
            assert rule is not None
            cases = tuple((_seeing(c, cut.source, cut.level), to) for c, to in rule.cases)
            changed[cut.target] = replace(changed[cut.target], rule=Rule(cases))
        for name, (low, high) in self.clamps.items():
            component = changed[name]
            if (low, high) != (0, component.top):
                rule = _clipped(name, component.rule, component.top, low, high)
                changed[name] = replace(component, rule=rule)
        return replace(network, components=tuple(changed.values()))

    def seen_by(self, rates: Rates) -> Rates:
        """Return the rates with cut edges applied: the rate of a target sees the cut."""
        for cut in self.cuts:

            def swap(var: Var, cut: Cut = cut) -> Expr:
                return Const(cut.level >= var.level) if var.name == cut.source else var

            rates = rates.mapped(cut.target, swap)
        return rates


def _changes(what: Levels) -> tuple[Space, frozenset[Cut]]:
    """Return the levels and the cuts of a text or dict."""
    if not isinstance(what, str):
        return Space.of(what), frozenset()
    parts = re.sub(r"\s*->\s*", "->", what).replace(",", " ").split()
    cuts = [part for part in parts if "->" in part]
    levels = [part for part in parts if "->" not in part]
    return parse_levels(" ".join(levels)), frozenset(map(parse_cut, cuts))


def _start(start: Mapping[str, int | Range] | str) -> Space:
    if not isinstance(start, str):
        return Space.of(start)
    read = parse_start(start)
    return read if read.drawn else Space(read.plain)


def _cut(cut: Cut | str) -> Cut:
    return parse_cut(cut) if isinstance(cut, str) else cut


def _seeing(condition: Expr, source: str, level: int) -> Expr:
    def swap(var: Var) -> Expr:
        return Const(level >= var.level) if var.name == source else var

    return substitute(condition, swap)


def _clipped(name: str, rule: Rule | None, top: int, low: int, high: int) -> Rule:
    """Return the rule whose target is clipped to a range; an input clips its own level."""
    if low == high:
        return Rule.constant(low)
    cases: list[tuple[Expr, int]]
    if rule is None:
        cases = [(Var(name, level), level) for level in range(min(high, top), low, -1)]
    else:
        cases = [(rule.reaches(level), level) for level in range(high, low, -1)]
    if low:
        return Rule((*cases, (TRUE, low)))
    return Rule(tuple(cases))


def _check_space(space: Mapping[str, Range], network: LogicalNetwork) -> None:
    for name, (_, high) in space.items():
        top = network[name].top
        if high > top:
            raise NetworkError(f"{name} has levels 0 to {top}, not {high}")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A perturbation, a start and an update mode.

    Parameters
    ----------
    name
        Its name.
    perturbation
        Clamps and cuts, including inputs; also in the forms that `Perturbation.of` reads.
    start
        Where the network starts, also as text or as a dict; components that are absent may start at
        any level, so an empty space means "from anywhere". Clamped components start at their clamp.
        A `Start` also has probabilities, which are used by simulations only.
    update
        ``"asynchronous"`` (one component at a time moves one level towards its target),
        ``"synchronous"`` (all at once) or ``"most-permissive"``.
    note
        A sentence for people.
    rates
        Name of the rate set of the model used in simulations; empty for the first one.
    """

    name: str = ""
    perturbation: Perturbation = field(default_factory=Perturbation)
    start: Space = field(default_factory=Space)
    update: str = "asynchronous"
    note: str = ""
    rates: str = ""

    __repr__ = brief

    if TYPE_CHECKING:

        def __init__(
            self,
            name: str = "",
            perturbation: Perturbation | Levels = ...,
            start: Levels = ...,
            update: str = "asynchronous",
            note: str = "",
            rates: str = "",
        ) -> None: ...

    def __post_init__(self) -> None:
        if not isinstance(self.perturbation, Perturbation):
            object.__setattr__(self, "perturbation", Perturbation.of(self.perturbation))
        if not isinstance(self.start, Space):
            object.__setattr__(self, "start", _start(self.start))
        if self.update not in UPDATES:
            raise NetworkError(f"update is {self.update!r}, but must be {', '.join(UPDATES)}")

    def check(self, network: LogicalNetwork) -> None:
        """Raise if it names what the network does not have."""
        self.perturbation.check(network)
        _check_space(self.start, network)

    def start_of(self, network: LogicalNetwork) -> Start:
        """Return the start with the clamps applied; empty means "from anywhere"."""
        self.check(network)
        start = self.start if isinstance(self.start, Start) else Start(self.start.levels())
        return start.within(self.perturbation.clamps) if start else start

    def open_inputs(self, network: LogicalNetwork) -> tuple[str, ...]:
        """Return the inputs that may be at several levels: neither held nor set by the start."""
        held = {
            name: levels
            for space in (self.start, self.perturbation.clamps)
            for name, levels in space.items()
        }
        tops = network.tops
        return tuple(
            name
            for name in network.inputs
            if tops[name] and len(set(held.get(name, (0, tops[name])))) > 1
        )

    def open_components(self, network: LogicalNetwork) -> tuple[str, ...]:
        """Return what may begin at several levels without being told how likely each is."""
        start, clamps = self.start_of(network), self.perturbation.clamps
        drawn = {name for group in start.drawn for name in group.components}
        return tuple(
            name
            for name, top in network.tops.items()
            if name not in drawn and len(set(start.get(name, clamps.get(name, (0, top))))) > 1
        )

    def title(self, open_inputs: Collection[str] = ()) -> str:
        """Return the name, or else what is done; only what leaves no input open is a wild type.

        >>> Scenario("PHx").title(), Scenario().title(), Scenario().title(["Dose"])
        ('PHx', 'wild type', 'unperturbed with Dose open')
        """
        if self.name or self.perturbation or not open_inputs:
            return self.name or str(self.perturbation)
        named = len(open_inputs) <= 3
        count = f"{len(open_inputs):,} inputs"
        return f"unperturbed with {', '.join(open_inputs) if named else count} open"

    def perturbed(self, other: Perturbation | Levels) -> Scenario:
        """Return the scenario with a further perturbation, which takes precedence.

        >>> print(Scenario("PHx").perturbed("VEGF=0, LIF->LIFR").perturbation)
        VEGF=0 LIF->LIFR
        """
        return replace(self, perturbation=self.perturbation.then(Perturbation.of(other)))

    def knock_out(self, *names: str) -> Scenario:
        """Return the scenario with components held at 0 as well, and a name that says so.

        >>> Scenario("PHx").knock_out("LIFR").title()
        'PHx, LIFR=0'
        """
        done = Perturbation(dict.fromkeys(names, 0))
        return replace(self.perturbed(done), name=f"{self.name}, {done}" if self.name else "")

    def renamed(self, old: str, new: str) -> Scenario:
        """Return the scenario with one component renamed."""
        cuts = frozenset(
            replace(
                cut,
                source=new if cut.source == old else cut.source,
                target=new if cut.target == old else cut.target,
            )
            for cut in self.perturbation.cuts
        )
        clamps = self.perturbation.clamps.renamed(old, new)
        perturbation = replace(self.perturbation, clamps=clamps, cuts=cuts)
        return replace(self, perturbation=perturbation, start=self.start.renamed(old, new))

    def without(self, *names: str) -> Scenario:
        """Return the scenario for a network from which some components were deleted."""
        gone = set(names)
        cuts = frozenset(c for c in self.perturbation.cuts if not {c.source, c.target} & gone)
        clamps = self.perturbation.clamps.without(*names)
        perturbation = replace(self.perturbation, clamps=clamps, cuts=cuts)
        return replace(self, perturbation=perturbation, start=self.start.without(*names))


def parse_cut(text: str) -> Cut:
    """Read ``A->B`` or ``A->B=1`` (B's rule sees A at level 1).

    >>> parse_cut("LIF->LIFR")
    Cut(source='LIF', target='LIFR', level=0)
    """
    source, arrow, rest = text.partition("->")
    target, _, level = rest.partition("=")
    if not arrow or not source.strip() or not target.strip() or not (level or "0").isdecimal():
        raise ParseError(f"{text!r} is not an edge", expected="A->B or A->B=1")
    return Cut(source.strip(), target.strip(), int(level or 0))
