"""Questions: the formula, the relevant part of the network, and the finding of an argument."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

from regnet.analysis import Progress
from regnet.analysis.reachability import unmoved, upstream
from regnet.brief import brief
from regnet.deadline import Deadline
from regnet.logic import Expr, variables
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Space
from regnet.temporal import Formula

REACHING = frozenset({"EF", "AG", "EU"})
"""Operators that only ask which states runs can visit."""


PATIENCE = 10.0
"""Time limit in seconds of an argument that may be inconclusive."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an argument found; the fields are those of `regnet.analysis.query.Answer`."""

    holds: bool | None
    argument: str
    engine: str = "reduction"
    path: tuple[Space, ...] | None = None
    loop: int | None = None
    states: int | None = None
    of: int | None = None
    fair: bool | None = None

    __repr__ = brief


class Question:
    """One run of `regnet.analysis.query.query`.

    Parameters
    ----------
    network, scenario, formula
        The question; the network is unperturbed.
    deadline, progress
        The deadline, after which `OutOfTime` is raised, and the progress callback.
    """

    def __init__(
        self,
        network: LogicalNetwork,
        scenario: Scenario,
        formula: Formula,
        deadline: Deadline,
        progress: Progress,
    ) -> None:
        self.asked, self.scenario, self.formula = network, scenario, formula
        self.deadline, self._progress = deadline, progress
        self.network = scenario.perturbation.apply(network)
        self.begin = scenario.start_of(network) or scenario.perturbation.clamps
        everywhere = formula.asks_everywhere
        self.within = scenario.perturbation.clamps if everywhere else self.begin
        """The space of start states; the whole space if the formula asks for some or every
        state."""
        self.calm = unmoved(self.network, self.within)
        """The network with constant components substituted into the rules."""
        self.synchronous = scenario.update == "synchronous"
        self.anywhere = not scenario.start
        """Whether it is asked of every state."""
        self.why = ""
        self.doing = "the search"
        tops = self.network.tops
        ranges = [self.begin.get(name, (0, top)) for name, top in tops.items()]
        self.of = prod(high - low + 1 for low, high in ranges)

    def progress(self, fraction: float | None, words: str) -> None:
        """Report progress; the current step is stored for the message of a time-out."""
        self.doing = words
        self._progress(fraction, words)

    def share(self) -> float:
        """Return the time limit of an argument that may be inconclusive."""
        left = self.deadline.left()
        return PATIENCE if left is None else min(PATIENCE, left / 3)

    def counted(self, finding: Finding) -> Finding:
        """Return an answer that holds for all starts, with their number."""
        return replace(finding, states=self.of if finding.holds else 0, of=self.of)

    def of_one_start(self, finding: Finding, wanted: bool) -> Finding | None:
        """Return that a formula fails in at least one start; it may hold in others.

        `wanted` is False if the negation was asked; with several starts that is inconclusive.
        """
        if self.of == 1:
            return self.counted(replace(finding, holds=not wanted))
        return replace(finding, holds=False) if wanted else None

    @cached_property
    def acting(self) -> LogicalNetwork:
        """The part of the network that can affect the formula."""
        names = {v.name for c in self.formula.conditions for v in variables(c)}
        operators = self.formula.operators
        if self.synchronous or operators <= REACHING:
            return upstream(self.calm, names)
        if self.formula.is_hybrid or operators & {"EX", "AX"}:
            return self.calm
        # components without targets come to rest, and delay nothing for ever
        sources = {
            c.name: {v.name for v in c.rule.thresholds()} if c.rule else set()
            for c in self.calm.components
        }
        uses = Counter(name for regulators in sources.values() for name in regulators)
        todo = [name for name in sources if not uses[name] and name not in names]
        gone = set(todo)
        while todo:
            for name in sources[todo.pop()]:
                uses[name] -= 1
                if not uses[name] and name not in names and name not in gone:
                    gone.add(name)
                    todo.append(name)
        kept = tuple(c for c in self.calm.components if c.name not in gone)
        return replace(self.calm, components=kept, claims=())

    def started(self, network: LogicalNetwork) -> Scenario:
        """Return the scenario of a part of the network: the same start, without clamps."""
        start = Space({n: self.begin[n] for n in network.names if n in self.begin})
        return Scenario(start=start, update=self.scenario.update)

    def whole(self, states: Iterable[Mapping[str, int]]) -> tuple[Space, ...]:
        """Return states of a part of the network as levels of all components."""
        rest = {name: self.begin.get(name, (0, 0))[0] for name in self.network.names}
        return tuple(Space({**rest, **state}) for state in states)

    def rested(self, states: tuple[Space, ...], loop: int) -> tuple[tuple[Space, ...], int]:
        """Extend a run to a fixed point until the other components are at rest as well."""
        if loop < len(states) - 1:
            return states, loop
        network, run = self.network, list(states)
        while True:
            state = run[-1].fixed
            moving = [
                (n, t - at) for n, at in state.items() if (t := network.target(n, state)) != at
            ]
            if not moving:
                return tuple(run), len(run) - 1
            name, way = moving[0]
            run.append(Space({**state, name: state[name] + (1 if way > 0 else -1)}))


def stripped(formula: Formula) -> tuple[Formula, bool]:
    """Return a formula without its leading negation, and whether there was none."""
    return (formula.args[0], False) if formula.op == "!" else (formula, True)


def shape(formula: Formula) -> tuple[str, Expr | None]:
    """Return the leading operators of a formula, and the condition they stand before."""
    ops: list[str] = []
    while len(formula.args) == 1 and formula.op in ("EF", "AG"):
        ops.append(formula.op)
        formula = formula.args[0]
    return " ".join(ops), formula.condition if formula.op == "" else None
