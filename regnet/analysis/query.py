"""Query: whether a temporal formula holds, by the cheapest exact argument, with a witness.

What the question is about is first cut down to what can matter: under asynchronous updates only
what is upstream of the conditions while the formula asks which states runs can visit; with ``EG``,
``AF`` or ``AU`` also every circuit, because one that never rests may keep all else waiting; and
the whole network where it asks for the next state. Then, from cheap to dear:

1. ``EF c`` and ``AG c`` are questions of reachability (`regnet.analysis.reachability`);
2. ``AG EF c``, ``EF AG c`` and ``AG EF AG c`` are decided by the attractors: every run can go on
   to one, and inside one everything is met again;
3. synchronous runs from few states are followed until they repeat;
4. the states in which the formula holds are computed, one by one or symbolically.

"Inevitable" has two meanings. ``AF c`` is strict: a run may put a possible move off for ever. Fair
runs do not, and where only these are sure to meet c, the answer says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from regnet.analysis import Origin, Progress, silent
from regnet.analysis.attractors import INTERRUPTED, find_attractors
from regnet.analysis.attractors.cores import closure
from regnet.analysis.reachability import ancestors, find_reachable, inside, upstream
from regnet.boolean import BooleanNetwork, Encoding, encode
from regnet.diagram import Diagram, Function
from regnet.engines import Deadline, OutOfTime, bdd, explicit, find
from regnet.errors import EngineError
from regnet.evidence import Phenotype
from regnet.logic import Expr, evaluate, variables
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Space
from regnet.temporal import Formula, ask, of, states_of

MAX_STARTS = 4_096
"""So many start states at most are run one by one under synchronous updates."""

MAX_STEPS = 100_000
"""A lasso is not followed further than this."""

REACHING = frozenset({"EF", "AG", "EU"})
"""Operators that only ask which states runs can visit."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a formula holds.

    Parameters
    ----------
    origin
        What was asked, and who answered.
    formula
        The formula.
    holds
        Whether it holds in every state that the scenario starts from, all states where it has no
        start; None where the time ran out or too much is open.
    argument
        How it is known, in plain words.
    path
        States, each one step from the one before: a witness where the formula says that something
        exists, a counterexample where it says that something always is; None where there is none.
    loop
        Place in `path` to which its last state leads back, or None for a path that ends.
    states, of
        In how many of how many start states it holds; None where that was not counted.
    fair
        For ``AF c`` that fails: whether every fair run meets c all the same; else None.
    """

    origin: Origin
    formula: Formula
    holds: bool | None
    argument: str
    path: tuple[Space, ...] | None = None
    loop: int | None = None
    states: int | None = None
    of: int | None = None
    fair: bool | None = None

    @property
    def complete(self) -> bool:
        """Whether the question was answered."""
        return self.holds is not None

    @property
    def missing(self) -> str:
        """Why it was not, or an empty string."""
        return "" if self.complete else self.argument


def query(
    network: LogicalNetwork,
    scenario: Scenario | None,
    formula: Formula,
    *,
    timeout: float | None = None,
    progress: Progress = silent,
) -> Answer:
    """Return whether a formula holds from the start of a scenario, or from anywhere.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Perturbation, start and update mode. The formula has to hold in every state that the start
        leaves open; clamped components start at their clamp.
    formula
        From `regnet.temporal.parse_query`.
    timeout
        Seconds; after that the answer is None.
    progress
        Who is told how far it is.

    Raises
    ------
    RegnetError
        If the scenario or the formula does not fit the network, updates are most-permissive, or a
        formula that names states is asked of synchronous updates.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> from regnet.temporal import parse_query
    >>> pair = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("A"))))
    >>> answer = query(pair, None, parse_query("AG EF (A & B)", pair))
    >>> answer.holds, answer.argument
    (True, 'every attractor shows A & B again and again, 1 in all')
    """
    scenario = scenario or Scenario()
    for condition in formula.conditions:
        network.check(condition)
    if scenario.update == "most-permissive":
        raise EngineError("temporal logic is not answered for most-permissive updates")
    if formula.is_hybrid and scenario.update == "synchronous":
        raise EngineError("formulas that name states are not answered for synchronous updates")
    started = time.perf_counter()
    asked = _Question(network, scenario, formula, Deadline(timeout), progress)
    try:
        finding = asked.run()
    except OutOfTime:
        finding = _Finding(None, "the time was over before the search ended")
    except KeyboardInterrupt:
        finding = _Finding(None, INTERRUPTED)
    origin = Origin.of(
        network,
        scenario,
        engine=finding.engine,
        version=find(finding.engine).version() if finding.engine in ("explicit", "bdd") else "",
        why=asked.why,
        guarantee="exact" if finding.holds is not None else "bounded",
        seconds=time.perf_counter() - started,
    )
    return Answer(
        origin,
        formula,
        finding.holds,
        finding.argument,
        finding.path,
        finding.loop,
        finding.states,
        finding.of,
        finding.fair,
    )


@dataclass(frozen=True, slots=True)
class _Finding:
    holds: bool | None
    argument: str
    engine: str = "reduction"
    path: tuple[Space, ...] | None = None
    loop: int | None = None
    states: int | None = None
    of: int | None = None
    fair: bool | None = None


class _Question:
    """One run of `query`."""

    def __init__(
        self,
        network: LogicalNetwork,
        scenario: Scenario,
        formula: Formula,
        deadline: Deadline,
        progress: Progress,
    ) -> None:
        self.asked, self.scenario, self.formula = network, scenario, formula
        self.deadline, self.progress = deadline, progress
        self.network = scenario.perturbation.apply(network)
        self.begin = scenario.start_of(network) or scenario.perturbation.clamps
        self.synchronous = scenario.update == "synchronous"
        self.why = ""
        tops = self.network.tops
        ranges = [self.begin.get(name, (0, top)) for name, top in tops.items()]
        self.of = prod(high - low + 1 for low, high in ranges)

    def run(self) -> _Finding:
        """Try one argument after the other."""
        return self._visited() or self._settled() or self._everywhere()

    # --- without any sets of states ---

    def _visited(self) -> _Finding | None:
        """Answer what is a question of reachability."""
        formula, wanted = _stripped(self.formula)
        if self.of > 1 or formula.op not in ("", "EF", "AG"):
            return None
        sought = formula.args[0] if formula.args else formula
        if sought.op != "":
            return None
        if formula.op == "":
            state = {name: self.begin[name][0] for name in self.network.names}
            holds = evaluate(sought.condition, state) is wanted
            finding = _Finding(holds, "the start says so", path=(Space(state),))
            return self._counted(finding)
        turned = formula.op == "AG"
        condition = ~sought.condition if turned else sought.condition
        found = find_reachable(
            self.asked, self.scenario, condition, timeout=self.deadline.left(),
            progress=self.progress,
        )  # fmt: skip
        self.why = found.origin.why
        if found.holds is None:
            return _Finding(None, found.argument)
        holds = found.holds is (wanted is not turned)
        return self._counted(_Finding(holds, found.argument, found.origin.engine, found.path))

    def _counted(self, finding: _Finding) -> _Finding:
        """Add of how many starts an answer speaks that is the same for all."""
        return replace(finding, states=self.of if finding.holds else 0, of=self.of)

    def _settled(self) -> _Finding | None:
        """Answer what the attractors decide."""
        formula, wanted = _stripped(self.formula)
        shape, condition = _shape(formula)
        if shape not in ("AG EF", "EF AG", "AG EF AG") or condition is None:
            return None
        kept = ~condition if shape == "AG EF" else condition
        acting = upstream(self.network, [v.name for v in variables(condition)])
        start = Space({n: self.begin[n] for n in acting.names if n in self.begin})
        scenario = Scenario(start=start, update=self.scenario.update)
        phenotype = Phenotype("kept", kept)
        found = find_attractors(
            acting, scenario, phenotypes=[phenotype], timeout=self.deadline.left(),
            progress=self.progress,
        )  # fmt: skip
        if found.interrupted:
            raise KeyboardInterrupt
        if not found.complete:
            return None
        self.why = found.origin.why
        having = sum(bool(a.phenotypes) for a in found.attractors)
        total = len(found.attractors)
        words = str(of(condition))
        if shape == "AG EF":
            holds = having == 0
            argument = f"every attractor shows {words} again and again, {total} in all"
            if not holds:
                argument = f"{having} of {total} attractors never show {words}"
        else:
            if 0 < having < total and shape == "EF AG" and self.of > 1:
                return None  # some starts may reach one, and others not
            holds = having == total if shape == "AG EF AG" else having > 0
            argument = f"{having} of {total} attractors keep {words}"
        shown = next(
            (a for a in found.attractors if bool(a.phenotypes) is (shape != "AG EF AG")), None
        )
        path = None
        if shown is not None and holds is (shape == "EF AG"):
            path = self._to(acting, scenario, shown.seed)
        finding = _Finding(holds is wanted, argument, found.origin.engine, path)
        same = self.of == 1 or holds or (shape == "EF AG" and not having)
        return self._counted(finding) if same else finding

    def _to(
        self, acting: LogicalNetwork, scenario: Scenario, seed: Space
    ) -> tuple[Space, ...] | None:
        """Return a path to a state of an attractor, on the whole network."""
        goal = ask("&", *(of(acting.parse(f'"{n}"={level}')) for n, level in seed.fixed.items()))
        whole = replace(self.scenario, start=self.scenario.start.with_(scenario.start))
        found = find_reachable(self.asked, whole, goal.condition, timeout=self.deadline.left())
        return found.path

    # --- by the states in which it holds ---

    def _everywhere(self) -> _Finding:
        if self.synchronous and self.of <= MAX_STARTS:
            return self._followed()
        acting = self._acting()
        encoding = encode(acting, settled=False)
        whole = encoding.network
        whole.diagram.watch = self.deadline.check
        values = encoding.restriction(self.begin)
        around = closure(whole, values)
        states = _States(encoding, inside(whole, around), values, around, self)
        if self.formula.operators <= REACHING or self.synchronous:
            states.narrow(self.formula)
        self.why = (
            f"{len(acting)} of {len(self.network)} components matter, "
            f"{len(states.part.order)} variables are left after reduction"
        )
        return states.answer()

    def _followed(self) -> _Finding:
        """Follow the synchronous run from each start, until it repeats."""
        names, tops = self.network.names, self.network.tops
        ranges = [self.begin.get(name, (0, tops[name])) for name in names]
        having, shown = 0, None
        for levels in product(*(range(low, high + 1) for low, high in ranges)):
            run = self.follow(dict(zip(names, levels, strict=True)))
            holds = bool(states_of(self.formula, run, run.read, int.__eq__) & 1)
            having += holds
            if shown is None and (self.of == 1 or not holds):
                shown = run
        words = "the run was followed until it repeats"
        path, loop = (shown.states, shown.loop) if shown else (None, None)
        return _Finding(
            having == self.of, words, "simulation", path, loop, states=having, of=self.of
        )

    def follow(self, state: dict[str, int]) -> _Run:
        """Return the synchronous run from a state."""
        seen: dict[tuple[int, ...], int] = {}
        states: list[Space] = []
        while (key := tuple(state.values())) not in seen:
            self.deadline.check()
            seen[key] = len(states)
            states.append(Space(state))
            targets = {name: self.network.target(name, state) for name in state}
            state = {n: at + (targets[n] > at) - (targets[n] < at) for n, at in state.items()}
        return _Run(tuple(states), seen[key])

    def _acting(self) -> LogicalNetwork:
        """Return the part of the network that can matter to the formula."""
        names = {v.name for c in self.formula.conditions for v in variables(c)}
        if self.synchronous or self.formula.operators <= REACHING:
            return upstream(self.network, names)
        if self.formula.is_hybrid or self.formula.operators & {"EX", "AX"}:
            return self.network
        kept = {c.name: c for c in self.network.components}
        while True:  # what regulates nothing rests after a while, and delays nothing for ever
            used = {v.name for c in kept.values() if c.rule for v in c.rule.thresholds()}
            gone = [n for n in kept if n not in used and n not in names]
            if not gone:
                break
            for name in gone:
                del kept[name]
        return replace(self.network, components=tuple(kept.values()), claims=())


class _States:
    """The states that a question is about, and what holds in them."""

    def __init__(
        self,
        encoding: Encoding,
        part: BooleanNetwork,
        values: Mapping[int, bool],
        around: Mapping[int, bool],
        question: _Question,
    ) -> None:
        self.encoding, self.part, self.values, self.around = encoding, part, values, around
        self.question = question
        self.diagram = encoding.network.diagram
        self.engine = "reduction"

    def narrow(self, formula: Formula) -> None:
        """Keep only what is upstream of the conditions."""
        support = [self._read(c) for c in formula.conditions]
        d = self.diagram
        used = sorted(frozenset().union(*(d.support(f) for f in support)))
        self.part = ancestors(self.part, d.conjunction(map(d.literal, used)))

    def _read(self, condition: Expr) -> Function:
        return self.diagram.restrict(self.encoding.read(condition), self.around)

    @property
    def start(self) -> Function:
        d = self.diagram
        here = {v: self.values[v] for v in self.part.order if v in self.values}
        return d.both(d.cube(here), self.part.admissible)

    def answer(self) -> _Finding:
        d, formula, question = self.diagram, self.question.formula, self.question
        start, order = self.start, self.part.order
        number = d.count(start, order)
        good = d.both(self.holding(formula), start)
        having = d.count(good, order)
        holds = having == number
        scale = question.of // number
        path: tuple[Space, ...] | None = None
        loop = None
        if number == 1 or not holds:
            values = d.first(start if number == 1 else d.both(start, d.negation(good)))
            state = {v: values.get(v, False) for v in order}
            if question.synchronous:
                run = question.follow(self._spaces([state])[0].fixed)
                path, loop = run.states, run.loop
            else:
                path, loop = self._witness(formula, holds, state)
        fair = None
        if formula.op == "AF" and not holds and not question.synchronous:
            never = ~ask("EF", formula.args[0])
            waiting = ask("EU", ~formula.args[0], never)
            fair = not d.both(self.holding(waiting), start)
        words = "by sets of states" if self.engine != "explicit" else "every state was looked at"
        return _Finding(holds, words, self.engine, path, loop, having * scale, question.of, fair)

    def holding(self, formula: Formula) -> Function:
        """Return the states of the part in which a formula holds."""
        question, part = self.question, self.part
        conditions = {c: self._read(c) for c in formula.conditions}
        if formula.op == "":
            return self.diagram.both(conditions[formula.condition], part.admissible)
        if question.synchronous:
            self.engine = "diagram"
            steps = _Steps(part, question.deadline)
            return states_of(formula, steps, conditions.__getitem__, int.__eq__)
        if formula.is_hybrid or len(part.order) > explicit.MAX_VARIABLES:
            self.engine = "bdd"
            question.progress(None, f"symbolic search on {len(part.order)} variables")
            return bdd.holding(part, formula, conditions, deadline=question.deadline)
        self.engine = "explicit"
        question.progress(None, f"every state of {len(part.order)} variables")
        return explicit.holding(part, formula, conditions, deadline=question.deadline)

    # --- witnesses ---

    def _witness(
        self, formula: Formula, value: bool, state: dict[int, bool]
    ) -> tuple[tuple[Space, ...] | None, int | None]:
        """Return a run that shows why a formula holds, or fails, in a state."""
        match formula.op, value:
            case "!", _:
                return self._witness(formula.args[0], not value, state)
            case ("&", False) | ("|", True):
                for arg in formula.args:
                    if self._has(self.holding(arg), state) is value:
                        return self._witness(arg, value, state)
            case ("EX", True):
                return self._step(formula.args[0], state)
            case ("AX", False):
                return self._step(~formula.args[0], state)
            case ("EF", True):
                return self._path(None, formula.args[0], state)
            case ("AG", False):
                return self._path(None, ~formula.args[0], state)
            case ("EU", True):
                return self._path(formula.args[0], formula.args[1], state)
            case ("EG", True):
                return self._lasso(formula.args[0], state)
            case ("AF", False):
                return self._lasso(~formula.args[0], state)
            case ("AU", False):
                return self._without(formula.args[0], formula.args[1], state)
        return None, None

    def _without(
        self, first: Formula, second: Formula, state: dict[int, bool]
    ) -> tuple[tuple[Space, ...] | None, int | None]:
        """Return a run on which `first` does not last until `second`."""
        ended = ask("&", ~first, ~second)
        if self._has(self.holding(ask("EU", ~second, ended)), state):
            return self._path(~second, ended, state)
        return self._lasso(~second, state)

    def _has(self, states: Function, state: Mapping[int, bool]) -> bool:
        return self.diagram.restrict(states, state) == 1

    def _after(self, state: dict[int, bool]) -> list[dict[int, bool]]:
        """Return the next states; a state at rest has itself."""
        now = {v: int(value) for v, value in state.items()}
        functions = self.part.functions
        later = {v: bool(self.diagram.evaluate(functions[v], now, 1)) for v in state}
        if later == state:
            return [later]
        return [{**state, v: b} for v, b in later.items() if b is not state[v]]

    def _step(
        self, goal: Formula, state: dict[int, bool]
    ) -> tuple[tuple[Space, ...] | None, int | None]:
        states = self.holding(goal)
        after = next(s for s in self._after(state) if self._has(states, s))
        if after == state:
            return self._spaces([state]), 0
        return self._spaces([state, after]), None

    def _path(
        self, within: Formula | None, goal: Formula, state: dict[int, bool]
    ) -> tuple[tuple[Space, ...] | None, int | None]:
        """Return a run that stays within a set until it meets a goal."""
        d = self.diagram
        wanted = self.holding(goal)
        part = self.part
        if within is not None:  # outside the set nothing moves
            inner = self.holding(within)
            frozen = {v: d.ite(inner, f, d.literal(v)) for v, f in part.functions.items()}
            groups = tuple((v,) for v in part.order)
            part = BooleanNetwork(d, groups, frozen)
            part.__dict__["admissible"] = self.part.admissible
        small = len(part.order) <= explicit.MAX_VARIABLES
        found = (explicit if small else bdd).path(
            part, d.cube(state), wanted, deadline=self.question.deadline
        )
        if found is None:
            return None, None
        run = [state]
        for v in found[1]:
            run.append({**run[-1], v: not run[-1][v]})
        return self._spaces(run), None

    def _lasso(
        self, within: Formula, state: dict[int, bool]
    ) -> tuple[tuple[Space, ...] | None, int | None]:
        """Return a run that never leaves a set: it ends at rest, or where it was before."""
        states = self.holding(ask("EG", within))
        run, seen = [state], {tuple(state.values()): 0}
        while len(run) < MAX_STEPS:
            after = [s for s in self._after(run[-1]) if self._has(states, s)]
            back = [seen[key] for s in after if (key := tuple(s.values())) in seen]
            if back:
                return self._rested(self._spaces(run), max(back))
            seen[tuple(after[0].values())] = len(run)
            run.append(after[0])
        return None, None

    def _rested(self, states: tuple[Space, ...], loop: int) -> tuple[tuple[Space, ...], int | None]:
        """Let what was left out come to rest as well, where the run ends at rest."""
        if loop < len(states) - 1:
            return states, loop
        network, run = self.question.network, list(states)
        while True:
            state = run[-1].fixed
            moving = [
                (n, t - at) for n, at in state.items() if (t := network.target(n, state)) != at
            ]
            if not moving:
                return tuple(run), len(run) - 1
            name, way = moving[0]
            run.append(Space({**state, name: state[name] + (1 if way > 0 else -1)}))

    def _spaces(self, run: Iterable[Mapping[int, bool]]) -> tuple[Space, ...]:
        """Return the states of a run as levels of all components."""
        question = self.question
        begin = question.begin
        levels = {n: begin.get(n, (0, 0))[0] for n in question.network.names}
        states = []
        for state in run:
            known = {**self.values, **self.around, **state}
            named = {
                name: sum(known.get(v, False) for v in group)
                for name, group in zip(self.encoding.names, self.encoding.groups, strict=True)
                if any(v in state or v in self.around for v in group)
            }
            states.append(Space({**levels, **named}))
        return tuple(states)


class _Run:
    """The states of a synchronous run as `regnet.temporal.Sets`, one bit each."""

    def __init__(self, states: tuple[Space, ...], loop: int) -> None:
        self.states, self.loop = states, loop
        self.last = len(states) - 1
        self.everything = (1 << len(states)) - 1
        self.resting = 1 << self.last if loop == self.last else 0

    def read(self, condition: Expr) -> int:
        return sum(
            evaluate(condition, state.fixed) << place for place, state in enumerate(self.states)
        )

    def both(self, one: int, two: int) -> int:
        return one & two

    def either(self, one: int, two: int) -> int:
        return one | two

    def minus(self, one: int, two: int) -> int:
        return one & ~two

    def before(self, states: int) -> int:
        return states >> 1 | (states >> self.loop & 1) << self.last

    def until(self, within: int, goal: int) -> int:
        while (wider := goal | within & self.before(goal)) != goal:
            goal = wider
        return goal


class _Steps:
    """Synchronous steps as `regnet.temporal.Sets`, by decision diagrams."""

    def __init__(self, part: BooleanNetwork, deadline: Deadline) -> None:
        self.diagram: Diagram = part.diagram
        self.functions = part.functions
        self.deadline = deadline
        d = self.diagram
        self.everything = part.admissible
        same = [d.ite(d.literal(v), f, d.negation(f)) for v, f in self.functions.items()]
        self.resting = d.both(d.conjunction(same), self.everything)

    def both(self, one: Function, two: Function) -> Function:
        return self.diagram.both(one, two)

    def either(self, one: Function, two: Function) -> Function:
        return self.diagram.either(one, two)

    def minus(self, one: Function, two: Function) -> Function:
        return self.diagram.both(one, self.diagram.negation(two))

    def before(self, states: Function) -> Function:
        self.deadline.check()
        d = self.diagram
        return d.both(d.compose(states, self.functions), self.everything)

    def until(self, within: Function, goal: Function) -> Function:
        while True:
            wider = self.either(goal, self.both(within, self.before(goal)))
            if wider == goal:
                return goal
            goal = wider


def _stripped(formula: Formula) -> tuple[Formula, bool]:
    """Return a formula without its leading negation, and whether there was none."""
    return (formula.args[0], False) if formula.op == "!" else (formula, True)


def _shape(formula: Formula) -> tuple[str, Expr | None]:
    """Return the leading operators of a formula, and the condition they stand before."""
    ops: list[str] = []
    while len(formula.args) == 1 and formula.op in ("EF", "AG"):
        ops.append(formula.op)
        formula = formula.args[0]
    return " ".join(ops), formula.condition if formula.op == "" else None
