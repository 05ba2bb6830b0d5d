"""Mutually exclusive conditions of levels, as other programs need them.

In regnet the highest level whose condition holds counts. GINsim uses neither of two formulas that
hold at once, bioLQM one of them, which depends on how it stores them, and the specification of
SBML-qual leaves it open. So the condition written for a level requires that its own condition
holds, and that of no level above. The original rule is stored beside it, in an instruction that
only regnet reads, and is used as long as it is equivalent to the conditions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias, TypeVar

from regnet.diagram import NEVER, Diagram, Function
from regnet.errors import EngineError, NetworkError, ParseError
from regnet.exchange.interchange import Key, as_expression, described
from regnet.exchange.portable import falling_cases, some
from regnet.logic import (
    And,
    Const,
    Expr,
    Not,
    Var,
    conjunction,
    disjunction,
    fold,
    variables,
)
from regnet.network import Component, Rule
from regnet.project import Project

Place = TypeVar("Place")

Case: TypeAlias = tuple[Expr, int]
"""A condition and the level it leads to."""

LARGEST = 50_000
"""Nodes of the diagram of a rule whose conditions are compared."""

_INSTRUCTION = "highest level first: "


class _Levels:
    """The conditions of one component as functions of the thresholds that they name."""

    def __init__(self, conditions: Iterable[Expr]) -> None:
        keys = {(v.name, v.level) for condition in conditions for v in variables(condition)}
        self.keys: list[Key] = sorted(keys)
        self.number = {key: n for n, key in enumerate(self.keys)}
        self.diagram = Diagram()
        self.diagram.watch = self._watch

    def _watch(self) -> None:
        if len(self.diagram) > LARGEST:
            raise EngineError("the conditions are too large to be compared")

    def read(self, condition: Expr) -> Function:
        """Return the function of a condition."""
        return self.diagram.read(condition, self.number)

    @cached_property
    def possible(self) -> Function:
        """The states that exist: no threshold is reached without those below it."""
        groups: dict[str, list[int]] = {}
        for (name, _), n in self.number.items():
            groups.setdefault(name, []).append(n)
        return self.diagram.conjunction(map(self.diagram.ladder, groups.values()))

    def written(self, f: Function) -> Expr:
        """Return a function as a short sum of products; what cannot occur is left open."""
        d = self.diagram
        own = d.both(f, self.possible)
        beside = d.negation(self.possible)
        names = [Var(*key) for key in self.keys]
        return as_expression(d, own, names, d.either(own, beside))


def exclusive_cases(rule: Rule) -> list[Case]:
    """Return a rule as conditions of falling levels of which at most one holds in any state.

    A condition that already excludes those above it is unchanged; otherwise the shorter of two
    forms is used: an irredundant sum of products, or the condition with the opposite of those above
    it. Unreachable levels are left out.

    >>> [(str(condition), level) for condition, level in exclusive_cases(
    ...     Rule.parse({2: "B & C", 1: "B | C"}))]
    [('B & C', 2), ('!B & C | B & !C', 1)]
    """
    cases = falling_cases(rule)
    if len(cases) < 2:
        return cases
    try:
        return _parted(cases)
    except (EngineError, RecursionError):
        first, *others = cases
        above = [condition for condition, _ in cases]
        return [first] + [
            (pushed(conjunction((own, *(~c for c in above[:n])))), level)
            for n, (own, level) in enumerate(others, start=1)
        ]


def _parted(cases: Sequence[Case]) -> list[Case]:
    levels = _Levels(condition for condition, _ in cases)
    d = levels.diagram
    found: list[Case] = []
    seen: list[tuple[Expr, Function]] = []
    for condition, level in cases:
        f = levels.read(condition)
        meeting = [(c, g) for c, g in seen if d.both(d.both(f, g), levels.possible) != NEVER]
        own = d.both(f, d.negation(d.disjunction(g for _, g in meeting)))
        seen.append((condition, f))
        if d.both(own, levels.possible) == NEVER:
            continue
        if meeting:
            whole = pushed(conjunction((condition, *(~c for c, _ in meeting))))
            condition = min(levels.written(own), whole, key=_atoms)
        found.append((condition, level))
    return found


def pushed(expr: Expr) -> Expr:
    """Return an expression in which only thresholds are negated.

    >>> from regnet.logic import parse
    >>> print(pushed(parse("!(A & (B | !C))")))
    !A | !B & C
    """
    known: dict[Expr, Expr] = {}  # equal parts are one, however the expression shares them

    def shared(part: Expr) -> Expr:
        return known.setdefault(part, part)

    def visit(node: Expr, parts: list[tuple[Expr, Expr]]) -> tuple[Expr, Expr]:
        """Return the node and its opposite."""
        match node:
            case Const(value):
                return node, Const(not value)
            case Var():
                return node, shared(~node)
            case Not():
                return parts[0][1], parts[0][0]
        straight, opposite = zip(*parts, strict=True)
        if isinstance(node, And):
            return shared(conjunction(straight)), shared(disjunction(opposite))
        return shared(disjunction(straight)), shared(conjunction(opposite))

    return fold(expr, visit)[0]


def _atoms(expr: Expr) -> int:
    return fold(expr, lambda _, sizes: sum(sizes) or 1)


# --- overlaps --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two levels whose conditions hold at once.

    Parameters
    ----------
    high, low
        The levels.
    state
        Where, in words such as ``B>=2 C<1``; empty if everywhere.
    """

    high: int
    low: int
    state: str

    def __str__(self) -> str:
        where = f" where {self.state}" if self.state else ""
        return f"levels {self.high} and {self.low} hold at once{where}"


def find_overlap(cases: Iterable[Case]) -> Overlap | None:
    """Return the first two levels whose conditions hold in one state, or None if there are none.

    Raises
    ------
    EngineError
        If the conditions are too large to be compared.
    """
    joined: dict[int, list[Expr]] = {}
    for condition, level in cases:
        joined.setdefault(level, []).append(condition)
    if len(joined) < 2:
        return None
    levels = _Levels(condition for parts in joined.values() for condition in parts)
    d = levels.diagram
    try:
        seen: list[tuple[int, Function]] = []
        for level, parts in sorted(joined.items(), reverse=True):
            f = d.both(d.disjunction(map(levels.read, parts)), levels.possible)
            for above, g in seen:
                if both := d.both(f, g):
                    return Overlap(above, level, described(d.first(both), levels.keys))
            seen.append((level, f))
    except RecursionError:
        raise EngineError("the conditions are too large to be compared") from None
    return None


MOST_OVERLAPS = 5
"""Maximum number of overlaps reported one by one."""


def overlaps_told(
    found: Sequence[tuple[str, Overlap, Place]], others: str
) -> Iterator[tuple[str, Place]]:
    """Yield words for the overlaps of components, each with its place.

    Parameters
    ----------
    found
        Component, overlap and place.
    others
        The behaviour of other programs there.
    """
    for name, overlap, place in found[:MOST_OVERLAPS]:
        yield f"{name}: the conditions of {overlap}; {others}, regnet keeps the highest", place
    if rest := found[MOST_OVERLAPS:]:
        names = some(name for name, _, _ in rest)
        yield f"so do conditions of {len(rest)} more: {names}", rest[0][2]


# --- rules beside the conditions -------------------------------------------------------------


def told_rule(component: Component, written: Sequence[Case]) -> list[str]:
    """Return the instruction that stores a rule beside its `written` conditions.

    It is a list of one for `with_told_rules`, or an empty one if the rule is written unchanged.
    """
    assert component.rule
    cases = falling_cases(component.rule)
    if cases == written:
        return []
    text = json.dumps({component.name: {str(k): str(c) for c, k in cases}}, ensure_ascii=False)
    return [_INSTRUCTION + text.replace("?>", "?\\u003e")]  # which would end it


def with_told_rules(project: Project, instructions: Iterable[str]) -> Project:
    """Return the project with the rules of instructions that are equivalent to those read."""
    network = project.network
    for words in instructions:
        if not words.startswith(_INSTRUCTION):
            continue
        try:
            ((name, texts),) = json.loads(words.removeprefix(_INSTRUCTION)).items()
            told = Rule.parse({int(k): text for k, text in texts.items()}, network.tops)
            if name in network and _is_same(told, network[name]):
                network = network.with_rule(name, told)
        except (ValueError, AttributeError, TypeError, ParseError, NetworkError):
            continue  # it was edited, so the conditions count
    return project if network is project.network else replace(project, network=network)


def _is_same(told: Rule, component: Component) -> bool:
    """Return whether a rule leads to the same levels as that of a component."""
    if component.rule is None:
        return False
    cases = (*told.cases, *component.rule.cases)
    levels = _Levels(condition for condition, _ in cases)
    d = levels.diagram
    try:
        for level in range(1, component.top + 1):
            f, g = levels.read(told.reaches(level)), levels.read(component.rule.reaches(level))
            if d.both(d.ite(f, d.negation(g), g), levels.possible) != NEVER:
                return False
    except (EngineError, RecursionError):
        pass  # too large to be compared, so the file is taken at its word
    return True
