"""Arguments from attractors: formulas that the attractors decide.

Every run can reach an attractor, and inside one all states are reached again. So ``AG EF c`` says
that no reachable attractor avoids c, ``EF AG c`` that one of them keeps c, and ``AG EF AG c`` that
all do. A state x with ``AG EF {x}`` is a state of an attractor.

Whether an attractor avoids c can often be decided without the attractors: such an attractor would
contain one of a few states, and if all of these lead to c, there is none (`avoided`); a trap space
without c contains one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

from regnet.analysis.attractors import Attractors, find_attractors
from regnet.analysis.attractors.certificate import avoiding_states
from regnet.analysis.attractors.cores import closure
from regnet.analysis.query.listed_states import find_listed_states
from regnet.analysis.query.question import Finding, Question, shape, stripped
from regnet.analysis.query.sets import frozen
from regnet.analysis.reachability import ancestors, find_reachable, inside, upstream
from regnet.boolean import BooleanNetwork, encode
from regnet.deadline import Deadline, OutOfTime
from regnet.diagram import Function
from regnet.engines import asp
from regnet.evidence import Phenotype
from regnet.logic import Expr, Not, Var, conjunction, variables
from regnet.reduction import reduce
from regnet.scenario import Scenario
from regnet.space import Space
from regnet.temporal import Formula, of

CUBES = 50
"""Conditions with more alternatives are left to other arguments."""

CANDIDATES = 300
"""Number of candidate states at which the argument is given up."""

MAX_ASKED = 20
"""Maximum number of these states, and of trap spaces, whose reachability is asked."""

SPACES = 200
"""Maximum number of minimal trap spaces examined."""

FEW_NAMES = 4
"""Maximum number of fixed components for which a trap space is printed."""


# --- attractors that avoid a condition --------------------------------------------------------


@dataclass(frozen=True)
class _Avoidance:
    """Whether some attractor never shows a goal, and trap spaces that contain such attractors."""

    exists: bool | None
    spaces: tuple[Mapping[int, bool], ...] = ()


def _avoidance(part: BooleanNetwork, goal: Function, deadline: Deadline) -> _Avoidance:
    """Return whether some attractor of a network never shows a goal."""
    d = part.diagram
    if goal < 2:
        return _Avoidance(not goal, ({},))
    cubes = [dict(cube) for cube in islice(d.paths(goal), CUBES + 1)]
    if len(cubes) > CUBES:
        return _Avoidance(None)
    minimal = list(asp.minimal_trap_spaces(part, limit=SPACES, deadline=deadline))
    without = [space for space in minimal if d.restrict(goal, space) == 0]
    if not without:
        states = avoiding_states(part, cubes, near=minimal, limit=CANDIDATES, deadline=deadline)
        if states == []:
            return _Avoidance(False)
        around = (closure(part, state) for state in (states or [])[:MAX_ASKED])
        without = [space for space in around if d.restrict(goal, space) == 0]
    if not without:
        return _Avoidance(None)
    return _Avoidance(True, tuple(without))


def avoided(question: Question) -> Finding | None:
    """Answer ``AG EF c``, ``EF AG c``, and ``EF c`` of every state, without the attractors."""
    formula, wanted = stripped(question.formula)
    kind, condition = shape(formula)
    if kind == "EF" and question.anywhere:
        kind = "AG EF"  # asked of every state, both are equivalent
    if kind not in ("AG EF", "EF AG") or condition is None or question.synchronous:
        return None
    sought = condition if kind == "AG EF" else ~condition
    question.progress(None, "attractors that could avoid it")
    acting = upstream(question.calm, [v.name for v in variables(sought)])
    encoding = encode(acting, settled=False)
    whole, d = encoding.network, encoding.network.diagram
    deadline = question.deadline.within(question.share())
    d.watch = deadline.check
    try:
        fixed = closure(whole, encoding.restriction(question.begin))
        constant = reduce(inside(whole, fixed), settle=False).fixed  # eventually, on every run
        fixed |= constant
        goal = d.restrict(encoding.read(sought), fixed)
        part = ancestors(inside(whole, fixed), goal)
        found = _avoidance(part, goal, deadline)
        if kind == "EF AG" and question.of > 1 and found.exists is not False:
            # from an attractor that never shows c, c cannot be reached
            kind = "AG EF"
            found = _avoidance(part, d.negation(goal), deadline)
            if not question.anywhere or not found.exists:
                return None
    except OutOfTime:
        question.deadline.check()
        return None
    question.why = (
        f"{len(acting)} of {len(question.network)} components had to be examined, "
        f"{len(part.order)} variables are left after reduction"
    )
    text = str(of(condition))
    if found.exists is False:
        holds = kind == "AG EF"
        argument = f"every attractor shows {text} again and again"
        if not holds:
            argument = f"no attractor keeps {text}"
        other = "without it" if holds else "that does"
        argument += f": no state is left that one {other} could contain"
        return question.counted(Finding(holds is wanted, argument))
    if not found.exists:
        return None
    for inner in found.spaces[:MAX_ASKED]:
        space = encoding.space({**constant, **inner})
        path = _way(question, space, deadline)
        if path is None:
            continue
        holds = kind == "EF AG"
        end = f"{text} holds for ever" if holds else f"{text} can no longer be met"
        named = f" ({space})" if 0 < len(space) <= FEW_NAMES else ""
        argument = f"a run leads where {end}{named}"
        if question.anywhere and not holds:
            argument = f"there are states from which {text} cannot be met{named}"
        finding = Finding(wanted, argument, path=path)
        return question.counted(finding) if holds else question.of_one_start(finding, wanted)
    return None


def is_fair(question: Question) -> bool | None:
    """Return whether every fair run meets c although ``AF c`` fails; None if undecided.

    It does if no run that has not met c yet leads to states from which c is unreachable: in the
    network that stops at c, no reachable attractor avoids c.
    """
    formula, _ = stripped(question.formula)
    encoding = encode(question.acting, settled=False)
    whole, d = encoding.network, encoding.network.diagram
    deadline = question.deadline.within(question.share())
    d.watch = deadline.check
    try:
        fixed = closure(whole, encoding.restriction(question.begin))
        goal = d.restrict(encoding.read(formula.args[0].condition), fixed)
        part = frozen(ancestors(inside(whole, fixed), goal), goal)
        found = _avoidance(part, goal, deadline)
    except OutOfTime:
        return None
    if found.exists is False:
        return True
    return False if found.exists and question.anywhere else None


def _way(question: Question, space: Space, deadline: Deadline) -> tuple[Space, ...] | None:
    """Return a path from a start into a space; None if none is found in time."""
    if question.anywhere:
        return question.whole([{name: low for name, (low, _) in space.items()}])
    found = find_reachable(
        question.asked,
        question.scenario,
        _condition(question, space),
        timeout=deadline.left(),
        progress=question.progress,
    )
    return found.path


def _condition(question: Question, space: Space) -> Expr:
    """Return the condition for being in a space."""
    tops = question.network.tops
    parts: list[Expr] = []
    for name, (low, high) in space.items():
        parts += [Var(name, low)] if low else []
        parts += [Not(Var(name, high + 1))] if high < tops[name] else []
    return conjunction(parts)


# --- the attractors themselves ----------------------------------------------------------------


def settled(question: Question) -> Finding | None:
    """Answer ``AG EF c``, ``EF AG c`` and ``AG EF AG c`` by all attractors that are reached."""
    formula, wanted = stripped(question.formula)
    kind, condition = shape(formula)
    if kind not in ("AG EF", "EF AG", "AG EF AG") or condition is None:
        return None
    kept = ~condition if kind == "AG EF" else condition
    acting = upstream(question.calm, [v.name for v in variables(condition)])
    scenario = question.started(acting)
    left = question.deadline.left()
    found = find_attractors(
        acting,
        scenario,
        phenotypes=[Phenotype("kept", kept)],
        timeout=None if left is None else 0.7 * left,
        progress=question.progress,
    )
    if found.interrupted:
        raise KeyboardInterrupt
    if not found.complete:
        return None
    question.why = found.origin.why
    having = sum(bool(a.phenotypes) for a in found.attractors)
    total = len(found.attractors)
    words = str(of(condition))
    if kind == "AG EF":
        holds = having == 0
        argument = f"every attractor shows {words} again and again, {total} in all"
        if not holds:
            argument = f"{having} of {total} attractors never show {words}"
    else:
        if 0 < having < total and kind == "EF AG" and question.of > 1:
            if not question.anywhere:
                return None  # some starts may reach one, and others not
            kind = "AG EF AG"  # asked of every state, both are equivalent
        holds = having == total if kind == "AG EF AG" else having > 0
        argument = f"{having} of {total} attractors keep {words}"
    shown = next((a for a in found.attractors if bool(a.phenotypes) is (kind != "AG EF AG")), None)
    path = None
    if shown is not None and holds is (kind == "EF AG"):
        path = _to(question, scenario, shown.seed)
    finding = Finding(holds is wanted, argument, found.origin.engine, path)
    same = holds or (kind == "EF AG" and not having)
    return question.counted(finding) if same else question.of_one_start(finding, wanted)


def _to(question: Question, scenario: Scenario, seed: Space) -> tuple[Space, ...] | None:
    """Return a path to a state of an attractor, on the whole network."""
    whole = replace(question.scenario, start=question.scenario.start.with_(scenario.start))
    goal = _condition(question, seed)
    return find_reachable(question.asked, whole, goal, timeout=question.deadline.left()).path


# --- states of attractors ---------------------------------------------------------------------


def recurrent(question: Question) -> Finding | None:
    """Answer ``!{x}: AG EF {x}``: whether the state belongs to an attractor."""
    formula, wanted = stripped(question.formula)
    if not _names_attractor_states(formula):
        return None
    if question.of == 1:
        return _is_recurrent(question, wanted)
    found = _attractors(question, question.scenario) if question.anywhere else None
    if found is None or any(a.size is None for a in found.attractors):
        return _one_is_not(question, wanted)
    states = sum((a.size or 0) * a.valuations for a in found.attractors)
    if not wanted:
        states = question.of - states
    number = f"{found.count:,} attractor{'' if found.count == 1 else 's'}"
    return Finding(
        states == question.of,
        f"these are the states of the {number}, which were all counted",
        found.origin.engine,
        states=states,
        of=question.of,
    )


def _one_is_not(question: Question, wanted: bool) -> Finding | None:
    """Return that one of several starts belongs to no attractor, if the first does not."""
    first = Space({n: question.begin.get(n, (0, 0))[0] for n in question.network.names})
    scenario = replace(question.scenario, start=first)
    deadline = question.deadline.within(question.share())
    one = Question(question.asked, scenario, question.formula, deadline, question.progress)
    try:
        finding = _is_recurrent(one, wanted=True)
    except OutOfTime:
        question.deadline.check()
        return None
    if finding is None or finding.holds:
        return None
    question.why = one.why
    words = f"for one of the states asked about it fails: {finding.argument}"
    path = (first,)
    return question.of_one_start(Finding(None, words, finding.engine, path), wanted)


def _is_recurrent(question: Question, wanted: bool) -> Finding | None:
    """Return whether the one start belongs to an attractor."""
    reached = find_listed_states(question)
    if reached is not None:
        holds = reached.recurrent()
        words = f"all {len(reached.states):,} reachable states lead back to the start"
        if not holds:
            words = "some run leads to a state from which the start is unreachable"
        return question.counted(Finding(holds is wanted, words, "explicit"))
    found = _attractors(question, question.scenario)
    if found is None:
        return None
    if len(found.attractors) > 1:
        words = f"{len(found.attractors)} attractors can be reached, so it belongs to none"
        return question.counted(Finding(not wanted, words, found.origin.engine))
    start = Space({name: question.begin[name] for name in question.network.names})
    (only,) = found.attractors
    back = replace(question.scenario, start=only.seed)
    again = find_reachable(
        question.asked,
        back,
        _condition(question, start),
        timeout=question.deadline.left(),
        progress=question.progress,
    )
    if again.holds is None:
        return None
    words = "one attractor can be reached, and the start is in it"
    if not again.holds:
        words = "the attractor that is reached does not lead back to the start"
    return question.counted(Finding(again.holds is wanted, words, again.origin.engine))


def _attractors(question: Question, scenario: Scenario) -> Attractors | None:
    """Return the attractors that are reached, or None if they are not all known."""
    left = question.deadline.left()
    found = find_attractors(
        question.asked,
        scenario,
        timeout=None if left is None else 0.7 * left,
        progress=question.progress,
    )
    if found.interrupted:
        raise KeyboardInterrupt
    question.why = found.origin.why
    return found if found.complete else None


def _names_attractor_states(formula: Formula) -> bool:
    """Return whether a formula is ``!{x}: AG EF {x}``."""
    ops: list[str] = []
    inner = formula
    while inner.args:
        ops.append(inner.op)
        inner = inner.args[0]
    return ops == ["!{}", "AG", "EF"] and inner.op == "at" and inner.name == formula.name
