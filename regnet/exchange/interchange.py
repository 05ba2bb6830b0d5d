"""Interchange: shared parts of writers, so that all treat names, levels and losses equally.

Most tools know Boolean components with plain names only. `BooleanForm` is a model in that form:
every threshold of a component is a Boolean variable (the Van Ham encoding of `regnet.boolean`),
invalid names are replaced, and both are reported in remarks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from regnet.analysis.structure import Edge, edges_as_written, edges_into
from regnet.boolean import next_conditions
from regnet.diagram import Diagram, Function
from regnet.errors import EngineError, FormatError
from regnet.exchange.portable import plain, some, told_as_inputs, unused
from regnet.logic import (
    Const,
    Expr,
    Var,
    conjunction,
    disjunction,
    fold,
    substitute,
    variables,
)
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Remark

Key: TypeAlias = tuple[str, int]
"""A threshold: name and level."""

_RENAMED = re.compile(r"regnet: (\S+) stands for (.+)\Z")


def renaming(written: str, meant: str) -> str:
    """Return the words of a comment that lets `renamed_by` put a name back."""
    return f"regnet: {written} stands for {meant}"


def renamed_by(comment: str) -> tuple[str, str] | None:
    """Return the name as written and as meant, if a comment records a renaming."""
    found = _RENAMED.match(comment)
    return (found[1], found[2]) if found else None


@dataclass(frozen=True, slots=True)
class BooleanVariable:
    """One Boolean variable of a model: a component, or one of the levels of a component.

    Parameters
    ----------
    name
        Its written name.
    component, level
        Its meaning: the component is at this level or above.
    condition
        Its update function, over the thresholds of components.
    """

    name: str
    component: Component
    level: int
    condition: Expr

    @property
    def is_input(self) -> bool:
        """Whether it keeps its value."""
        return self.component.top == 1 and self.condition == Var(self.component.name)

    @property
    def meaning(self) -> str:
        """The meaning of a level, if the component has more than two; else empty."""
        component = self.component
        if component.top == 1:
            return ""
        words = f"{component.name} at level {self.level} or above"
        meaning = component.meanings[self.level] if component.meanings else ""
        return f"{words}: {meaning}" if meaning else words


@dataclass(frozen=True)
class BooleanForm:
    """A network as Boolean variables with names that other tools read.

    Parameters
    ----------
    network
        The network.
    any_name
        Whether the file can hold any name, so that none is replaced.
    """

    network: LogicalNetwork
    any_name: bool = False
    names: dict[tuple[str, int], str] = field(init=False)

    def __post_init__(self) -> None:
        wanted = {}
        for component in self.network.components:
            name = component.name if self.any_name else plain(component.name)
            if component.top == 1:
                wanted[component.name, 1] = name
            else:
                for level in range(1, component.top + 1):
                    wanted[component.name, level] = f"{name}_{level}"
        fine = {key for key, name in wanted.items() if name == key[0]}
        taken = {name for name, _ in fine}
        names = {}
        for key, name in wanted.items():
            if key not in fine:
                name = unused(name, taken)
                taken.add(name)
            names[key] = name
        object.__setattr__(self, "names", names)

    @cached_property
    def variables(self) -> tuple[BooleanVariable, ...]:
        """Every variable, in the order of the components, lowest level first."""
        return tuple(
            BooleanVariable(self.names[component.name, level], component, level, settled(condition))
            for component in self.network.components
            for level, condition in enumerate(next_conditions(component), start=1)
        )

    @cached_property
    def boolean(self) -> LogicalNetwork:
        """The variables as a network of their own, under the names that are written."""

        def named(var: Var) -> Expr:
            return Var(self.names[var.name, var.level])

        return LogicalNetwork(
            tuple(
                Component(v.name, None if v.is_input else Rule.of(substitute(v.condition, named)))
                for v in self.variables
            ),
            name=self.network.name,
        )

    def atom(self, var: Var) -> str:
        """Return the name of a threshold, as `regnet.logic.unparse` asks for it."""
        return self.names[var.name, var.level]

    def renamed(self) -> Iterator[tuple[str, str]]:
        """Yield each Boolean component whose name was replaced: as written, as meant."""
        for component in self.network.components:
            written = self.names.get((component.name, 1), "")
            if component.top == 1 and written != component.name:
                yield written, component.name

    def remarks(self) -> list[Remark]:
        """Return what was changed to make the network Boolean and its names plain."""
        remarks: list[str] = []
        renamed = [f"{meant} as {written}" for written, meant in self.renamed()]
        if renamed:
            remarks.append(f"names that other tools cannot read were replaced: {some(renamed)}")
        levels = [c.name for c in self.network.components if c.top > 1]
        if levels:
            remarks.append(
                "components with more than two levels were written as one Boolean for each level "
                f"above 0 (Van Ham encoding): {some(levels)}"
            )
        boolean = [c for c in self.network.components if c.top == 1]
        return [*(Remark("warning", remark) for remark in remarks), *told_as_inputs(boolean)]


def settled(condition: Expr) -> Expr:
    """Return a condition without constants inside: peers read 0 and 1 only as a whole rule."""
    if fold(condition, _holds_constant):
        return substitute(condition, lambda var: var)
    return condition


def _holds_constant(node: Expr, parts: list[bool]) -> bool:
    return isinstance(node, Const) or any(parts)


# --- edges -----------------------------------------------------------------------------------


MOST_THRESHOLDS = 18
"""Rules that name more thresholds have their edges read off their text."""


def all_edges(network: LogicalNetwork) -> list[Edge]:
    """Return the edges of a network; those that rules name without effect have an empty sign."""
    edges = []
    for component in network.components:
        if component.rule is None:
            continue
        thresholds = component.rule.thresholds()
        if len(thresholds) > MOST_THRESHOLDS:
            edges += edges_as_written(component)
            continue
        found = {edge.source: edge for edge in edges_into(network, component.name)}
        for name in dict.fromkeys(var.name for var in thresholds):
            edges.append(found.get(name) or Edge(name, component.name, "", ()))
    return edges


LARGEST_DIAGRAM = 500_000
"""Nodes of the diagram of a function that is written or compared."""


def limited_diagram(complaint: str) -> Diagram:
    """Return a diagram that raises `EngineError` before it exhausts time or memory."""
    diagram = Diagram()

    def watch() -> None:
        if len(diagram) > LARGEST_DIAGRAM:
            raise EngineError(complaint)

    diagram.watch = watch
    return diagram


# --- functions as expressions ------------------------------------------------------------------


def as_expression(
    diagram: Diagram, f: Function, variables: Sequence[Var], upper: Function | None = None
) -> Expr:
    """Return a function as an irredundant disjunction of conjunctions.

    Parameters
    ----------
    diagram, f
        The function.
    variables
        The literal of each variable of the diagram, by its number.
    upper
        Upper bound of the result: the function plus all states that cannot occur.
    """
    return disjunction(
        conjunction(variables[n] if value else ~variables[n] for n, value in cube)
        for cube in diagram.cubes(f, upper)
    )


# --- comparison ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sameness:
    """Whether two networks have the same functions.

    Parameters
    ----------
    differing
        Components whose functions differ, with a state that shows it.
    undecided
        Components whose functions are too large to compare.
    encoded
        Whether levels were compared as the Boolean variables they were written as.
    """

    differing: tuple[tuple[str, str], ...]
    undecided: tuple[str, ...]
    encoded: bool

    def __bool__(self) -> bool:
        return not self.differing and not self.undecided


def compare_functions(before: LogicalNetwork, after: LogicalNetwork) -> Sameness:
    """Compare each component's function in a network and in the same network read from a file.

    Components are compared by their place, because a file may have to rename them. Where `after`
    has one Boolean component for each level of `before`, those are compared.

    Raises
    ------
    FormatError
        If the two do not have the same components.
    """
    tops = tuple(c.top for c in before.components)
    encoded = tops != tuple(c.top for c in after.components)
    if encoded and (not after.is_boolean or sum(tops) != len(after)):
        raise FormatError(
            f"{len(before)} components were written and {len(after)} were read, which are no longer"
            " the same"
        )
    first = [c for component in before.components for c in _conditions(component, encoded)]
    second = [c for component in after.components for c in _conditions(component, encoded)]
    names = [c.name for c in before.components for _ in range(c.top)]
    keys = _thresholds(before)
    places = {key: place for place, key in enumerate(keys)}
    others = {key: place for place, key in enumerate(_thresholds(after))}
    differing: dict[str, str] = {}
    undecided: dict[str, None] = {}
    for name, one, two in zip(names, first, second, strict=True):
        if name in differing:
            continue
        try:
            state = _difference(one, two, keys, places, others)
        except (EngineError, RecursionError):
            undecided[name] = None
            continue
        if state is not None:
            differing[name] = described(state, keys)
    return Sameness(tuple(differing.items()), tuple(undecided), encoded)


def _thresholds(network: LogicalNetwork) -> list[Key]:
    return [(c.name, level) for c in network.components for level in range(1, c.top + 1)]


def described(values: dict[int, bool], keys: Sequence[Key]) -> str:
    """Return words for a state, such as ``A>=1 B<2``; what follows from others is left out."""
    bounds: dict[str, tuple[int, int]] = {}
    for place, value in values.items():
        name, level = keys[place]
        low, high = bounds.get(name, (0, 0))
        bounds[name] = (max(low, level), high) if value else (low, min(high or level, level))
    words = []
    for name, (low, high) in bounds.items():
        words += [f"{name}>={low}"] if low else []
        words += [f"{name}<{high}"] if high else []
    return " ".join(words)


def _conditions(component: Component, encoded: bool) -> tuple[Expr, ...]:
    if encoded or component.rule is None:
        return next_conditions(component)
    rule = component.rule
    return tuple(rule.reaches(level) for level in range(1, component.top + 1))


def _difference(
    one: Expr, two: Expr, keys: list[Key], places: dict[Key, int], others: dict[Key, int]
) -> dict[int, bool] | None:
    """Return values of thresholds for which two conditions differ, or None if there are none."""
    renamed = substitute(two, lambda v: Var(*keys[others[v.name, v.level]]))
    if renamed == substitute(one, lambda v: v):  # most are, and this takes no time
        return None
    mine = {(v.name, v.level): places[v.name, v.level] for v in variables(one)}
    theirs = {(v.name, v.level): others[v.name, v.level] for v in variables(two)}
    used = sorted({*mine.values(), *theirs.values()})
    number = {place: n for n, place in enumerate(used)}
    diagram = limited_diagram("a function is too large to be compared")
    f = diagram.read(one, {key: number[place] for key, place in mine.items()})
    g = diagram.read(two, {key: number[place] for key, place in theirs.items()})
    if f == g:
        return None
    other = diagram.ite(f, diagram.negation(g), g)
    levels: dict[str, list[int]] = {}
    for place in used:
        levels.setdefault(keys[place][0], []).append(number[place])
    for group in levels.values():  # a level without those below it is no state
        other = diagram.both(other, diagram.ladder(group))
    if other == 0:
        return None
    return {used[n]: value for n, value in sorted(diagram.first(other).items())}
