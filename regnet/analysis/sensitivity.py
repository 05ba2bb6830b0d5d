"""Sensitivity: which experiments detect a change to a rule, and which changes none does.

Each mutation changes one rule in one place: an edge is cut, a threshold moves by one level, an AND
becomes an OR or the other way round. An experiment detects a mutation if it holds without and fails
with it (mutation testing: DeMillo, Lipton and Sayward 1978, doi 10.1109/C-M.1978.218136). A part of
a rule whose mutations no experiment detects is not supported by evidence.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from regnet.analysis import Listed, Origin, Progress, Result, asks, silent
from regnet.analysis.batch import OVER, STOPPED, Map, in_turn, stopped_words
from regnet.analysis.check import confront, judge
from regnet.analysis.timing import Pace, pace_of
from regnet.brief import brief
from regnet.deadline import Deadline, OutOfTime
from regnet.diagram import Diagram, Function
from regnet.evidence import Experiment
from regnet.logic import (
    And,
    Expr,
    Not,
    Or,
    Var,
    conjunction,
    describe,
    disjunction,
    fold,
    substitute,
    write_name,
)
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.scenario import Cut, Perturbation, Scenario

MUTATION_KINDS = {
    "edge": "the rule no longer sees a regulator",
    "threshold": "a threshold is one level higher or lower",
    "gate": "an AND is an OR, or the other way round",
}
"""The kinds of mutations, with their meanings."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One rule, changed in one place.

    Parameters
    ----------
    kind
        A key of `MUTATION_KINDS`.
    component
        The component of the changed rule.
    change
        Description of the change: ``"LIF -> LIFR cut"``, ``"LIF:2 for LIF"``.
    rule
        The changed rule.
    source
        The regulator of the edge or threshold; empty for gates.
    """

    kind: str
    component: str
    change: str
    rule: Rule
    source: str = ""

    __repr__ = brief


@dataclass(frozen=True, slots=True)
class Notice:
    """The experiments that detect a mutation: ids of those that fail, and of undecided ones."""

    mutation: Mutation
    noticed: tuple[str, ...]
    undecided: tuple[str, ...] = ()

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sensitivity(Listed[Notice], Result):
    """Which mutations the experiments detect.

    Parameters
    ----------
    origin
        What was asked.
    experiments
        Ids of the experiments that hold in the model; no other can detect anything.
    rows
        A row for each mutation that changes the function of its rule.
    complete, missing
        Whether all mutations were tried and decided; if not, what is missing.
    """

    _LISTED = "rows"

    experiments: tuple[str, ...]
    rows: tuple[Notice, ...]

    @property
    def unprotected(self) -> tuple[Notice, ...]:
        """The mutations that no experiment detects, with all experiments decided."""
        return tuple(row for row in self.rows if not row.noticed and not row.undecided)


@asks("sensitivity")
def find_sensitivity(
    project: Project,
    *,
    only: Iterable[str] | None = None,
    timeout: float | None = None,
    each: float | None = None,
    map: Map = map,
    progress: Progress = silent,
) -> Sensitivity:
    """Return which experiments detect each mutation of the rules.

    Parameters
    ----------
    project
        A network with its experiments.
    only
        Ids of experiments; default all.
    timeout
        Time limit in seconds; rows found by then are kept.
    each
        Time limit in seconds for each question of an experiment.
    map
        The function that tries mutations: the built-in `map`, or a parallel one.
    progress
        Progress callback.

    Raises
    ------
    RegnetError
        If an id does not exist, or an experiment does not fit the network.

    Examples
    --------
    >>> from regnet.evidence import Expectation
    >>> from regnet.space import Space
    >>> network = LogicalNetwork((Component("A"), Component("B"), Component("C", Rule.of("A | B"))))
    >>> on = Scenario(perturbation=Perturbation(Space({"A": 1, "B": 0})))
    >>> expect = (Expectation("every attractor in all", network.parse("C")),)
    >>> found = find_sensitivity(Project(network, experiments=(Experiment("1", "", on, expect),)))
    >>> [(row.mutation.change, row.noticed) for row in found.rows]
    [('A -> C cut', ('1',)), ('B -> C cut', ()), ('A & B for A | B', ('1',))]
    """
    started = time.perf_counter()
    network = project.network
    chosen = None if only is None else tuple(only)
    deadline = Deadline(timeout)
    before = confront(project, only=chosen, timeout=timeout, each=each, map=map)
    holding = tuple(v.experiment for v in before.verdicts if v.holds)
    stopped = before.interrupted or deadline.is_over
    tried = [] if stopped else list(mutations(network))
    rows: list[Notice] = []
    missing, interrupted = before.missing, before.interrupted
    try:
        paces = {x.id: pace_of(project, x.scenario) for x in holding}
        noticed = partial(_noticed, network, holding, paces, each, deadline)
        for row in in_turn(map, noticed, tried, deadline):
            rows.append(row)
            progress(len(rows) / len(tried), f"{len(rows)} of {len(tried)} mutations")
    except OutOfTime:
        missing = stopped_words(OVER, len(rows), len(tried), "mutations")
    except KeyboardInterrupt:
        missing, interrupted = stopped_words(STOPPED, len(rows), len(tried), "mutations"), True
    undecided = sum(bool(row.undecided) for row in rows)
    if undecided and not missing:
        missing = f"on {undecided} mutations not every experiment was decided"
    origin = Origin.of(
        network,
        scenario=Scenario("sensitivity"),
        engine="auto",
        why="every experiment repeated for each mutation that can affect it",
        guarantee="bounded" if missing else "exact",
        seconds=time.perf_counter() - started,
    )
    identifiers = tuple(experiment.id for experiment in holding)
    return Sensitivity(
        origin=origin,
        experiments=identifiers,
        rows=tuple(rows),
        missing=missing,
        interrupted=interrupted,
    )


def _noticed(
    network: LogicalNetwork,
    experiments: tuple[Experiment, ...],
    paces: Mapping[str, Pace],
    each: float | None,
    deadline: Deadline,
    mutation: Mutation,
) -> Notice:
    mutated = network.with_rule(mutation.component, mutation.rule)
    noticed, undecided = [], []
    for experiment in experiments:
        if not _matters(experiment, mutation.component):
            continue
        asked, pace = _adapted(experiment, mutated), paces[experiment.id]
        holds = judge(mutated, asked, timeout=each, deadline=deadline, pace=pace).holds
        if holds is False:
            noticed.append(experiment.id)
        elif holds is None:
            undecided.append(experiment.id)
    return Notice(mutation, tuple(noticed), tuple(undecided))


def _adapted(experiment: Experiment, mutated: LogicalNetwork) -> Experiment:
    """Return the experiment without cuts of edges that a mutation has already removed."""

    def adapted(scenario: Scenario) -> Scenario:
        done = scenario.perturbation
        cuts = frozenset(cut for cut in done.cuts if _regulates(mutated, cut.source, cut.target))
        return replace(scenario, perturbation=replace(done, cuts=cuts))

    settle = None if experiment.settle is None else adapted(experiment.settle)
    expect = tuple(
        x if x.than is None else replace(x, than=x.than.changed(adapted)) for x in experiment.expect
    )
    return replace(experiment, scenario=adapted(experiment.scenario), settle=settle, expect=expect)


def _regulates(network: LogicalNetwork, source: str, target: str) -> bool:
    rule = network[target].rule
    return rule is not None and any(var.name == source for var in rule.thresholds())


def _matters(experiment: Experiment, component: str) -> bool:
    """Return whether the rule of a component is active in an experiment, where it is not held."""
    scenarios = [experiment.scenario, experiment.settle]
    for x in experiment.expect:
        scenarios += [] if x.than is None else [x.than.scenario, x.than.settle]
    return any(
        component not in scenario.perturbation.clamps.fixed
        for scenario in scenarios
        if scenario is not None
    )


# --- mutations -------------------------------------------------------------------------------


def mutations(network: LogicalNetwork) -> Iterator[Mutation]:
    """Yield the mutations of a network, component by component.

    Those that leave the function of a rule unchanged are left out, and so are thresholds and gates
    equivalent to an earlier mutation of the same rule.
    """
    for component in network.components:
        if component.rule is None:
            continue
        meaning = _Meaning(network, component)
        unchanged = meaning.of(component.rule)
        known = {unchanged}
        for mutation in _mutations(network, component, component.rule):
            function = meaning.of(mutation.rule)
            if function not in known or (mutation.kind == "edge" and function != unchanged):
                known.add(function)
                yield mutation


def _mutations(network: LogicalNetwork, component: Component, rule: Rule) -> Iterator[Mutation]:
    name = component.name
    for source in dict.fromkeys(var.name for var in rule.thresholds()):
        cut = Perturbation(cuts=frozenset({Cut(source, name)})).apply(network)[name].rule
        assert cut is not None
        words = f"{write_name(source)} -> {write_name(name)} cut"
        yield Mutation("edge", name, words, cut, source)
    for var in rule.thresholds():
        for level in (var.level - 1, var.level + 1):
            if 1 <= level <= network.tops[var.name]:
                moved = _moved(rule, var, level)
                words = f"{Var(var.name, level)} for {var}"
                yield Mutation("threshold", name, words, moved, var.name)
    for place, (condition, level) in enumerate(rule.cases):
        for gate in _gates(condition):
            other = _swapped(gate)
            case = _with(condition, gate, other), level
            cases = (*rule.cases[:place], case, *rule.cases[place + 1 :])
            yield Mutation("gate", name, f"{describe(other)} for {describe(gate)}", Rule(cases))


def _moved(rule: Rule, var: Var, level: int) -> Rule:
    def swap(other: Var) -> Expr:
        return Var(var.name, level) if other == var else other

    return Rule(tuple((substitute(condition, swap), to) for condition, to in rule.cases))


def _gates(expr: Expr) -> list[Expr]:
    """Return the conjunctions and disjunctions in an expression, the outermost first."""
    found: dict[int, Expr] = {}
    stack = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, And | Or):
            found.setdefault(id(node), node)
        stack.extend(reversed(node.args))
    return list(found.values())


def _swapped(gate: Expr) -> Expr:
    """Return a disjunction for a conjunction and vice versa.

    "Exactly at 1", which is ``X & !X:2``, stays together: the rule has no AND there.
    """
    if isinstance(gate, Or):
        return conjunction(gate.args)
    low = {(a.name, a.level): a for a in gate.args if isinstance(a, Var)}
    parts = list(gate.args)
    for a in gate.args:
        if isinstance(a, Not) and isinstance(a.arg, Var):
            below = low.get((a.arg.name, a.arg.level - 1))
            if below is not None:
                parts = [below & a if x is below else x for x in parts if x is not a]
    return disjunction(parts)


def _with(expr: Expr, gate: Expr, other: Expr) -> Expr:
    """Return an expression with one node replaced."""

    def visit(node: Expr, args: list[Expr]) -> Expr:
        if node is gate:
            return other
        if isinstance(node, And):
            return conjunction(args)
        if isinstance(node, Or):
            return disjunction(args)
        return ~args[0] if args else node

    return fold(expr, visit)


class _Meaning:
    """The meaning of a rule, equal for rules that lead to the same levels."""

    def __init__(self, network: LogicalNetwork, component: Component) -> None:
        assert component.rule is not None
        self.top = component.top
        self.diagram = Diagram()
        self.number: dict[tuple[str, int], int] = {}
        groups = []
        for name in dict.fromkeys(var.name for var in component.rule.thresholds()):
            group = []
            for level in range(1, network.tops[name] + 1):
                self.number[name, level] = len(self.number)
                group.append(self.number[name, level])
            groups.append(group)
        self.legal = self.diagram.conjunction(map(self.diagram.ladder, groups))

    def of(self, rule: Rule) -> tuple[Function, ...]:
        """Return the functions that determine the target in all valid states, by level."""
        d = self.diagram
        levels = range(1, self.top + 1)
        return tuple(
            d.both(d.read(rule.reaches(level), self.number), self.legal) for level in levels
        )
