"""Query: whether a temporal formula holds, by the cheapest exact argument, with a witness.

The network is first reduced to the part that can matter: under asynchronous updates only what is
upstream of the conditions if the formula asks which states runs can visit; with ``EG``, ``AF`` or
``AU`` also every circuit, because one that never comes to rest may delay all others for ever; and
the whole network if it asks for the next state. Then, in order of increasing cost:

1. ``EF c`` and ``AG c`` are questions of reachability (`regnet.analysis.reachability`);
2. synchronous runs from few states are followed until they repeat (`runs`);
3. if few variables are left, every state is examined (`sets`);
4. ``AG EF c`` and ``EF AG c`` ask whether an attractor avoids a condition, which can often be
   decided without the attractors; a state belongs to an attractor if it is always reached again
   (`attractor_arguments`);
5. if few states can be reached, each is examined (`listed_states`);
6. a run that never meets c refutes ``AF c`` (`lassos`);
7. the attractors decide ``AG EF c``, ``EF AG c`` and ``AG EF AG c``;
8. the states in which the formula holds are computed symbolically.

Under most-permissive updates, ``EF c`` and ``AG c`` are questions of reachability, and formulas
that begin with both are decided by the attractors; all others ask for single steps.

"Inevitable" has two meanings. ``AF c`` is strict: a run may delay a possible move for ever. Fair
runs do not, and if only these are sure to meet c, the answer says so.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from regnet.analysis import INTERRUPTED, Origin, Progress, Shown, asks, silent
from regnet.analysis.query.attractor_arguments import avoided, is_fair, recurrent, settled
from regnet.analysis.query.lassos import lasso
from regnet.analysis.query.listed_states import find_listed_states
from regnet.analysis.query.question import Finding, Question, shape, stripped
from regnet.analysis.query.runs import followed
from regnet.analysis.query.sets import States
from regnet.analysis.reachability import ENUMERATED_VARIABLES, PERMISSIVE, find_reachable
from regnet.deadline import Deadline, OutOfTime
from regnet.engines import find
from regnet.errors import EngineError
from regnet.logic import evaluate
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Space
from regnet.temporal import Formula

SEVERAL_STARTS = "it is answered from one start: fix every component with --start"
"""Why a formula is left open that may hold in some of the starts only."""


@dataclass(frozen=True, slots=True, repr=False)
class Answer(Shown):
    """Whether a formula holds.

    Parameters
    ----------
    origin
        What was asked, and who answered.
    formula
        The formula.
    holds
        Whether it holds in every start state of the scenario, or in all states if it has no start;
        None if undecided.
    argument
        How it is known, in plain words.
    path
        States, each one step from the one before: a witness of an existential formula, or a
        counterexample of a universal one; None if there is none.
    loop
        Index in `path` to which its last state leads back, or None for a path that ends.
    states, of
        Number of start states in which it holds, and their total; None if not counted.
    fair
        For ``AF c`` that fails: whether every fair run meets c nevertheless; else None.
    interrupted
        Whether the user stopped it.
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
    interrupted: bool = False

    @property
    def complete(self) -> bool:
        """Whether the question was answered."""
        return self.holds is not None

    @property
    def missing(self) -> str:
        """Why it was not answered, or an empty string."""
        return "" if self.complete else self.argument


@asks("query")
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
        Time limit in seconds; after that the answer is None.
    progress
        Progress callback.

    Raises
    ------
    RegnetError
        If the scenario or the formula does not fit the network, the formula asks for single steps
        of most-permissive updates, or one that names states is asked of synchronous updates.

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
    if scenario.update == PERMISSIVE and not _is_permitted(formula):
        raise EngineError(
            "most-permissive updates have no single steps: "
            "EF, AG, AG EF, EF AG and AG EF AG of a condition can be asked of them"
        )
    if formula.is_hybrid and scenario.update == "synchronous":
        raise EngineError("formulas that name states are not answered for synchronous updates")
    started = time.perf_counter()
    question = Question(network, scenario, formula, Deadline(timeout), progress)
    interrupted = False
    try:
        finding = _found(question)
    except OutOfTime:
        finding = Finding(None, f"the time limit was reached during {question.doing}")
    except KeyboardInterrupt:
        finding, interrupted = Finding(None, INTERRUPTED), True
    origin = Origin.of(
        network,
        scenario,
        engine=finding.engine,
        version=find(finding.engine).version() if finding.engine in ("explicit", "bdd") else "",
        why=question.why,
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
        interrupted,
    )


def _is_permitted(formula: Formula) -> bool:
    """Return whether most-permissive updates can be asked this."""
    kind, condition = shape(stripped(formula)[0])
    return condition is not None and kind in ("EF", "AG", "AG EF", "EF AG", "AG EF AG")


def _found(question: Question) -> Finding:
    """Try the arguments in order."""
    if question.scenario.update == PERMISSIVE:
        return _visited(question) or settled(question) or Finding(None, SEVERAL_STARTS)
    if question.of == 1 and (finding := _visited(question)):
        return finding
    if finding := followed(question):
        return finding
    states = States(question)
    question.why = states.why
    small = states.left <= ENUMERATED_VARIABLES
    if (
        small
        and len(question.acting) <= 2 * ENUMERATED_VARIABLES
        and (finding := settled(question))
    ):
        return states.counted(finding)
    if small or question.synchronous:
        finding = None if small else settled(question)
        question.why = question.why if finding else states.why
        return finding or states.answer()
    if finding := _visited(question) or avoided(question) or recurrent(question):
        return finding
    if not question.formula.is_hybrid:
        question.progress(None, "exploration of the reachable states")
        if reached := find_listed_states(question):
            return reached.answer()
    if finding := _begun(question, states):
        return finding
    if finding := lasso(question):
        if question.formula.op == "AF":
            finding = replace(finding, fair=is_fair(question))
        return finding
    if finding := settled(question):
        return finding
    question.why = states.why
    return states.answer()


def _begun(question: Question, states: States) -> Finding | None:
    """Answer ``EG c`` where a start lacks c."""
    formula, wanted = stripped(question.formula)
    if formula.op != "EG" or formula.args[0].op != "" or question.synchronous:
        return None
    number, having, state = states.starts(states.read(formula.args[0].condition))
    if having == number:
        return None
    words = "the start lacks it" if question.of == 1 else "some of the states asked about lack it"
    return question.of_one_start(Finding(None, words, path=states.spaces([state])), wanted)


def _visited(question: Question) -> Finding | None:
    """Answer a reachability question."""
    formula, wanted = stripped(question.formula)
    if formula.op not in ("", "EF", "AG"):
        return None
    sought = formula.args[0] if formula.args else formula
    if sought.op != "" or (formula.op != "AG" and question.of > 1):
        return None
    if formula.op == "":
        state = {name: question.begin[name][0] for name in question.network.names}
        holds = evaluate(sought.condition, state) is wanted
        return question.counted(Finding(holds, "the start decides it", path=(Space(state),)))
    turned = formula.op == "AG"
    condition = ~sought.condition if turned else sought.condition
    found = find_reachable(
        question.asked,
        question.scenario,
        condition,
        timeout=question.deadline.left(),
        progress=question.progress,
    )
    question.why = found.origin.why
    if found.holds is None:
        return None if question.of > 1 else Finding(None, found.argument)
    holds = found.holds is (wanted is not turned)
    finding = Finding(holds, found.argument, found.origin.engine, found.path)
    if question.of > 1 and found.holds:
        return question.of_one_start(finding, wanted)
    return question.counted(finding)
