"""Boolean encoding: multi-valued networks as Boolean ones, and answers back.

A component X with top m becomes the thresholds X:1 .. X:m, each a Boolean variable (Van Ham 1979;
Didier, Remy and Chaouiya 2011, doi 10.1016/j.jtbi.2010.09.017). This is the only place that knows
it. Engines see a `BooleanNetwork`: variables with decision diagrams, in groups of one component.

If ``T_k`` is "the target of X is k or above", the variable X:k is updated by
``(T_k and X:k-1) or X:k+1``, which moves X by one level towards its target. States in which X:k+1
holds without X:k mean nothing; they flow into those that do, so no attractor is added for
asynchronous updates. Trap spaces of the encoding are always ranges of levels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from regnet.diagram import Diagram, Function
from regnet.logic import Const, Expr, Var, substitute, variables
from regnet.network import Component, LogicalNetwork
from regnet.space import Range, Space


@dataclass(frozen=True)
class BooleanNetwork:
    """Boolean variables in groups, each with the condition that its level is aimed at.

    Parameters
    ----------
    diagram
        Where the functions live.
    groups
        The variables of each component, lowest level first; a Boolean component has one.
    targets
        Variable -> "the component's target is at this level or above", as a function of variables
        in `groups`. For a free input this is the variable itself.
    inputs
        The variables of free inputs.
    """

    diagram: Diagram
    groups: tuple[tuple[int, ...], ...]
    targets: Mapping[int, Function]
    inputs: frozenset[int] = frozenset()

    @cached_property
    def order(self) -> tuple[int, ...]:
        """All variables, ascending."""
        return tuple(sorted(v for group in self.groups for v in group))

    @property
    def is_boolean(self) -> bool:
        """Whether every component has one variable."""
        return all(len(group) == 1 for group in self.groups)

    @cached_property
    def functions(self) -> dict[int, Function]:
        """Variable -> the function that gives its next value."""
        d = self.diagram
        functions: dict[int, Function] = {}
        for group in self.groups:
            for place, v in enumerate(group):
                f = self.targets[v]
                if place:
                    f = d.both(f, d.literal(group[place - 1]))
                if place + 1 < len(group):
                    f = d.either(f, d.literal(group[place + 1]))
                functions[v] = f
        return functions

    @cached_property
    def admissible(self) -> Function:
        """The states that mean something: a level is never held without those below it."""
        return self.diagram.conjunction(map(self.diagram.ladder, self.groups))

    @property
    def key(self) -> tuple[tuple[tuple[int, ...], tuple[Function, ...]], ...]:
        """Equal for networks with the same variables and functions in the same diagram.

        It is enough to know all that a network does: numbers are functions there. Which variables
        are free inputs is not in it, as within one encoded network a variable always is or never.
        """
        return tuple((group, tuple(self.targets[v] for v in group)) for group in self.groups)


@dataclass(frozen=True)
class Encoding:
    """The variables of a network's thresholds, and the way back.

    Parameters
    ----------
    names
        Component names, in the order of the network.
    groups
        The variables of each, lowest level first.
    network
        The Boolean network.
    """

    names: tuple[str, ...]
    groups: tuple[tuple[int, ...], ...]
    network: BooleanNetwork

    @cached_property
    def number(self) -> dict[tuple[str, int], int]:
        """``(name, level)`` -> variable."""
        return _numbers(self.names, self.groups)

    def read(self, condition: Expr) -> Function:
        """Return the function of a condition on components."""
        return self.network.diagram.read(condition, self.number)

    def restriction(self, space: Mapping[str, Range]) -> dict[int, bool]:
        """Return the variables that a space of levels decides, with their values."""
        values: dict[int, bool] = {}
        for name, group in zip(self.names, self.groups, strict=True):
            if name in space:
                low, high = space[name]
                for level, v in enumerate(group, start=1):
                    if level <= low:
                        values[v] = True
                    elif level > high:
                        values[v] = False
        return values

    def space(self, values: Mapping[int, bool], *, complete: bool = False) -> Space:
        """Return the space of levels in which these variables have these values.

        Components that are entirely free are absent, unless `complete`.
        """
        ranges: dict[str, int | Range] = {}
        for name, group in zip(self.names, self.groups, strict=True):
            if len(group) == 1:  # most are, and answers may be many
                value = values.get(group[0])
                if value is not None:
                    ranges[name] = (1, 1) if value else (0, 0)
                elif complete:
                    ranges[name] = (0, 1)
                continue
            known = [values.get(v) for v in group]
            low, high = known.count(True), len(group) - known.count(False)
            if complete or (low, high) != (0, len(group)):
                ranges[name] = (low, high)
        return Space(ranges)


def encode(
    network: LogicalNetwork,
    *,
    settled: bool = True,
    watch: Callable[[], None] | None = None,
) -> Encoding:
    """Return the Boolean encoding of a network.

    Parameters
    ----------
    network
        The network, perturbed already.
    settled
        Put constants into the rules that name them before diagrams are built: it costs little and
        saves much where inputs are set. Exact for attractors and minimal trap spaces; not for
        what happens before a constant component has reached its level.
    watch
        Called now and then, to stop long work, while this encodes and by the diagram afterwards.

    Raises
    ------
    EngineError
        If one rule has more regulators than can be analysed exactly.
    """
    groups: list[tuple[int, ...]] = []
    count = 0
    for component in network.components:
        groups.append(tuple(range(count, count + component.top)))
        count += component.top
    numbers = _numbers(network.names, groups)
    conditions = {
        numbers[component.name, level]: component.rule.reaches(level)
        for component in network.components
        if component.rule is not None
        for level in range(1, component.top + 1)
    }
    diagram = Diagram()
    if watch is not None:
        diagram.watch = watch
        watch()
    if settled:
        conditions = _simplified(conditions, numbers)
    targets: dict[int, Function] = {}
    for v, condition in conditions.items():
        targets[v] = diagram.read(condition, numbers)
        if not v & 0x3FF:
            diagram.watch()
    inputs: set[int] = set()
    for component, group in zip(network.components, groups, strict=True):
        if component.rule is None:
            inputs.update(group)
            targets.update((v, diagram.literal(v)) for v in group)
    boolean = BooleanNetwork(diagram, tuple(groups), targets, frozenset(inputs))
    return Encoding(network.names, tuple(groups), boolean)


def next_conditions(component: Component) -> tuple[Expr, ...]:
    """Return, for each level above 0, the condition that the next level is there or above.

    These are the functions of its Boolean variables as expressions; a diagram does not preserve the
    form of a rule. An input keeps its level.
    """
    conditions = []
    for level in range(1, component.top + 1):
        if component.rule is None:
            condition: Expr = Var(component.name, level)
        else:
            condition = component.rule.reaches(level)
        if level > 1:
            condition = condition & Var(component.name, level - 1)
        if level < component.top:
            condition = condition | Var(component.name, level + 1)
        conditions.append(condition)
    return tuple(conditions)


def _numbers(
    names: tuple[str, ...], groups: list[tuple[int, ...]] | tuple[tuple[int, ...], ...]
) -> dict[tuple[str, int], int]:
    return {
        (name, level): v
        for name, group in zip(names, groups, strict=True)
        for level, v in enumerate(group, start=1)
    }


def _simplified(
    conditions: dict[int, Expr], numbers: Mapping[tuple[str, int], int]
) -> dict[int, Expr]:
    """Put constants into the conditions that name them, until nothing changes."""
    users: dict[int, list[int]] = {}
    for v, condition in conditions.items():
        for var in variables(condition):
            users.setdefault(numbers[var.name, var.level], []).append(v)
    conditions = dict(conditions)
    known = {v: c.value for v, c in conditions.items() if isinstance(c, Const)}
    fresh = list(known)
    while fresh:
        touched = {user for v in fresh for user in users.get(v, ())} - known.keys()

        def swap(var: Var) -> Expr:
            value = known.get(numbers[var.name, var.level])
            return var if value is None else Const(value)

        fresh = []
        for v in sorted(touched):
            conditions[v] = condition = substitute(conditions[v], swap)
            if isinstance(condition, Const):
                known[v] = condition.value
                fresh.append(v)
    return conditions
