"""Evidence: references, named phenotypes, and experiments that a model has to reproduce.

These are data. A `Phenotype` names attractors by a condition; an `Experiment` states an
observation, or an expectation, in a scenario.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from regnet.brief import brief
from regnet.errors import NetworkError
from regnet.logic import FALSE, Expr, Var, describe, parse, substitute, write_name
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Space

ATTRACTOR_KINDS = ("fixed point", "cyclic", "complex")

TIME_EXPECTATIONS: dict[str, str] = {
    "sooner": "the condition first holds sooner, on average, than in another scenario",
    "later": "the condition first holds later, on average, than in another scenario",
    "same": "the condition first holds after the same mean time as in another scenario",
    "higher": "a mean level, or how likely a condition holds, is higher than in another scenario",
    "lower": "a mean level, or how likely a condition holds, is lower than in another scenario",
    "first time": "the mean first time of the condition lies within bounds",
    "probability": "how likely the condition holds, ever or at a time, lies within bounds",
    "first": "the condition first holds sooner, on average, than another one in the same scenario",
    "peak": "the mean level peaks sooner than that of another component in the same scenario",
}
"""Kinds of expectations about time, which depend on rates, with their meanings."""

EXPECTATIONS: dict[str, str] = {
    "attractors in all": "the whole state space has exactly this many attractors",
    "every attractor in all": "every attractor of the whole state space satisfies the condition",
    "attractors": "exactly this many attractors are reachable from the start",
    "every attractor": "every reachable attractor satisfies the condition in all its states",
    "some attractor": "some reachable attractor satisfies the condition in all its states",
    "reachable": "a state with the condition can be reached",
    "never": "no state with the condition can be reached",
    "always": "every reachable state satisfies the condition",
    "only fixed points": "all reachable attractors are fixed points",
    "only complex": "no reachable attractor is a fixed point",
    "spans": "over the reachable attractors the component spans exactly this range",
    **TIME_EXPECTATIONS,
}
"""Kinds of expectations of an experiment, with their meanings."""


EXPERIMENT_KINDS: dict[str, str] = {
    "abstract": "finding in the abstract of the paper that the model is about",
    "paper": "finding of another paper",
    "text": "statement of a secondary text alone, such as a summary",
    "prediction": "follows from the model and has not been seen",
    "requirement": "what the model has to do by decision of its authors",
    "disagreement": "a source says so and the model does not: it is expected to fail",
}
"""Kinds of experiments by their source."""


def lists_as_tuples(value: Any) -> None:
    """Turn the lists given to a new frozen value into tuples, in place."""
    for place in fields(value):
        held = getattr(value, place.name)
        if isinstance(held, list):
            object.__setattr__(value, place.name, tuple(held))


@dataclass(frozen=True, slots=True)
class Reference:
    """A source. `key` is what components and claims cite; `text` is what a report prints."""

    key: str
    text: str
    doi: str = ""
    pmid: str = ""
    url: str = ""
    fact: str = ""
    checked: str = ""

    __repr__ = brief


@dataclass(frozen=True, slots=True)
class Phenotype:
    """A name for attractors that satisfy a condition in all their states.

    Parameters
    ----------
    name
        Its name.
    condition
        What holds in every state of the attractor; also as text.
    kind
        ``"fixed point"``, ``"cyclic"`` or ``"complex"`` to require one kind; empty for any.
        ``"complex"`` includes cyclic attractors: it means "not a fixed point".
    note
        A sentence for people.
    """

    name: str
    condition: Expr
    kind: str = ""
    note: str = ""

    __repr__ = brief

    if TYPE_CHECKING:

        def __init__(
            self, name: str, condition: Expr | str, kind: str = "", note: str = ""
        ) -> None: ...

    def __post_init__(self) -> None:
        if isinstance(self.condition, str):
            object.__setattr__(self, "condition", parse(self.condition))
        if self.kind and self.kind not in ATTRACTOR_KINDS:
            raise NetworkError(
                f"the phenotype {self.name} asks for {self.kind!r}, "
                f"but attractors are {', '.join(ATTRACTOR_KINDS)}"
            )

    def fits(self, kind: str) -> bool:
        """Return whether attractors of this kind can have the phenotype.

        Not where the kind is open (`regnet.analysis.attractors.results.OSCILLATES`) and the
        phenotype asks which it is.
        """
        if self.kind == "complex":
            return kind != "fixed point"
        return self.kind in ("", kind)


@dataclass(frozen=True, slots=True)
class Counterpart:
    """The scenario that an expectation compares with.

    Parameters
    ----------
    scenario
        The other scenario.
    settle
        The equilibration scenario, as for an `Experiment`.
    """

    scenario: Scenario
    settle: Scenario | None = None

    __repr__ = brief

    @property
    def label(self) -> str:
        """The name of the scenario, or else what settled before, and what is done then.

        >>> from regnet.scenario import Perturbation
        >>> dosed = Scenario("", Perturbation(Space({"Dose": 1})), Space({"Mass": 0}))
        >>> Counterpart(dosed).label, Counterpart(dosed, Scenario("whole")).label
        ('Dose=1 from Mass=0', 'whole (settled, then Dose=1 from Mass=0)')
        >>> Counterpart(dosed, Scenario("dosed", dosed.perturbation)).label
        'dosed (settled, then Mass=0)'
        """
        scenario, settle = self.scenario, self.settle
        if scenario.name:
            return scenario.name
        start = str(scenario.start)
        done = f"{scenario.title()} from {start}" if start else scenario.title()
        if settle is None:
            return done
        if settle.perturbation == scenario.perturbation:  # it goes on
            done = start
        return f"{settle.title()} (settled{done and f', then {done}'})"

    def changed(self, change: Callable[[Scenario], Scenario]) -> Counterpart:
        """Return the same with both scenarios changed."""
        settle = None if self.settle is None else change(self.settle)
        return Counterpart(change(self.scenario), settle)


@dataclass(frozen=True, slots=True)
class When:
    """A reference time: a number, an event, or the long run.

    Parameters
    ----------
    time
        A time in the unit of the rates; None for the others.
    share, condition
        The time by which the condition has held in this fraction of the runs of the scenario that
        is compared with.

    Examples
    --------
    >>> print(When(5), "/", When(share=0.9, condition=Var("Mass", 2)), "/", When())
    5 / 90 % Mass:2 / the long run
    """

    time: float | None = None
    share: float = 0.0
    condition: Expr | None = None

    __repr__ = brief

    def __post_init__(self) -> None:
        if self.time is not None and not 0 <= self.time < float("inf"):
            raise NetworkError(f"{self.time:g} is not a valid time")
        if self.condition is not None and not 0 < self.share < 1:
            raise NetworkError("a share of the runs lies above 0 % and below 100 %")

    @property
    def is_long_run(self) -> bool:
        """Whether it is the average over all the time that follows."""
        return self.time is None and self.condition is None

    def __str__(self) -> str:
        if self.time is not None:
            return f"{self.time:g}"
        if self.condition is None:
            return LONG_RUN
        return f"{self.share * 100:g} % {describe(self.condition)}"


LONG_RUN = "the long run"
"""The text of an infinite time in a model file."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation of an experiment.

    Parameters
    ----------
    kind
        A key of `EXPECTATIONS`, which determines the other fields.
    condition
        What has to hold, also as text; of ``peak``, ``higher`` and ``lower`` the mean level of
        `component` where there is no condition.
    count
        A number of attractors.
    component, range
        A component, and its range.
    than
        The counterpart of ``sooner``, ``later``, ``same``, ``higher`` and ``lower``.
    before, rival
        The condition, or the component, that comes later in the same scenario.
    by
        Minimum relative difference: 0.1 for a tenth sooner, later, higher or lower.
    at, until
        Time of the comparison: at one time, or at all times up to it.
    above, below
        Bounds of a mean first time or of a probability.
    """

    kind: str
    condition: Expr | None = None
    count: int | None = None
    component: str = ""
    range: tuple[int, int] | None = None
    than: Counterpart | None = None
    before: Expr | None = None
    rival: str = ""
    by: float = 0.0
    at: When | None = None
    until: When | None = None
    above: float | None = None
    below: float | None = None

    __repr__ = brief

    def __post_init__(self) -> None:
        for name in ("condition", "before"):
            if isinstance(getattr(self, name), str):
                object.__setattr__(self, name, parse(getattr(self, name)))
        if self.kind not in EXPECTATIONS:
            raise NetworkError(
                f"an experiment cannot expect {self.kind!r}, but {', '.join(EXPECTATIONS)}"
            )
        if self.is_timed:
            _check_timed(self)

    @property
    def is_timed(self) -> bool:
        """Whether it is about time, so that it depends on rates."""
        return self.kind in TIME_EXPECTATIONS

    @property
    def conditions(self) -> tuple[Expr, ...]:
        """Every condition that it names."""
        moments = (when.condition for when in (self.at, self.until) if when is not None)
        return tuple(c for c in (self.condition, self.before, *moments) if c is not None)

    @property
    def components(self) -> tuple[str, ...]:
        """Every component that it names outside of conditions."""
        return tuple(name for name in (self.component, self.rival) if name)

    def check(self, network: LogicalNetwork) -> None:
        """Raise if it names what the network does not have."""
        for condition in self.conditions:
            network.check(condition)
        for name in self.components:
            network[name]
        if self.than is not None:
            for scenario in (self.than.scenario, self.than.settle):
                if scenario is not None:
                    scenario.check(network)

    def renamed(self, old: str, new: str) -> Expectation:
        """Return the expectation with one component renamed."""
        return self._changed(
            lambda expr: substitute(expr, lambda v: Var(new, v.level) if v.name == old else v),
            lambda name: new if name == old else name,
            lambda scenario: scenario.renamed(old, new),
        )

    def without(self, *names: str) -> Expectation | None:
        """Return it for a network without deleted components, which conditions see at level 0.

        Return None if it is about such a component itself.
        """
        if not set(names).isdisjoint(self.components):
            return None
        return self._changed(
            lambda expr: substitute(expr, lambda v: FALSE if v.name in names else v),
            lambda name: name,
            lambda scenario: scenario.without(*names),
        )

    def _changed(
        self,
        condition: Callable[[Expr], Expr],
        name: Callable[[str], str],
        scenario: Callable[[Scenario], Scenario],
    ) -> Expectation:
        def asked(expr: Expr | None) -> Expr | None:
            return None if expr is None else condition(expr)

        def when(moment: When | None) -> When | None:
            return moment and replace(moment, condition=asked(moment.condition))

        return replace(
            self,
            condition=asked(self.condition),
            before=asked(self.before),
            component=name(self.component),
            rival=name(self.rival),
            than=None if self.than is None else self.than.changed(scenario),
            at=when(self.at),
            until=when(self.until),
        )

    @property
    def about(self) -> str:
        """The condition or the component that it is about."""
        if self.condition is not None:
            return describe(self.condition)
        return write_name(self.component) if self.component else ""

    def __str__(self) -> str:
        if self.range is not None:
            return f"{self.kind} {Space({self.component: self.range})}"
        if self.count is not None:
            return f"{self.kind}: {self.count}"
        other = describe(self.before) if self.before is not None else write_name(self.rival)
        parts = [
            f"{word} {told}"
            for word, told in (
                ("as in" if self.kind == "same" else "than in", self.than and self.than.label),
                ("before", other if self.before is not None or self.rival else ""),
                ("by", f"{self.by * 100:g} %" if self.by else ""),
                ("at", self.at),
                ("until", self.until),
                ("above", None if self.above is None else f"{self.above:g}"),
                ("below", None if self.below is None else f"{self.below:g}"),
            )
            if told
        ]
        return " ".join([f"{self.kind}: {self.about}" if self.about else self.kind, *parts])


def _check_timed(x: Expectation) -> None:
    """Raise NetworkError if an expectation about time lacks a part, or has one too many."""
    given = {
        word
        for word, value in (
            ("than", x.than), ("before", x.before), ("rival", x.rival), ("by", x.by),
            ("at", x.at), ("until", x.until), ("above", x.above), ("below", x.below),
        )
        if value not in (None, "", 0.0) or (word in ("above", "below") and value is not None)
    }  # fmt: skip
    needed, allowed = _PARTS[x.kind]
    for word in sorted(given - needed - allowed):
        raise NetworkError(f"{x.kind!r} has no {word!r}")
    for word in sorted(needed - given):
        raise NetworkError(f"{x.kind!r} needs {'before' if word == 'rival' else word!r}")
    if x.kind == "peak" or (x.kind in ("higher", "lower") and x.condition is None):
        if not x.component:
            raise NetworkError(f"{x.kind!r} needs a component")
    elif x.condition is None:
        raise NetworkError(f"{x.kind!r} needs a condition")
    if x.kind in ("higher", "lower") and len(given & {"at", "until"}) != 1:
        raise NetworkError(f"{x.kind!r} needs either 'at' or 'until'")
    if x.until is not None and x.until.is_long_run:
        raise NetworkError("the long run has no end to look until")
    if x.kind in ("first time", "probability"):
        if not given & {"above", "below"}:
            raise NetworkError(f"{x.kind!r} needs 'above' or 'below', or both")
        low, high = x.above or 0.0, x.below if x.below is not None else float("inf")
        if not 0 <= low < high:
            raise NetworkError(f"{x.kind!r} has bounds that exclude each other")
        if x.kind == "probability" and x.at is not None and x.at.condition is not None:
            raise NetworkError("'probability' compares with no scenario, so 'at' is a time")
    if not 0 <= x.by < float("inf"):
        raise NetworkError("'by' is a share, such as 10 %")


_PARTS: dict[str, tuple[set[str], set[str]]] = {
    "sooner": ({"than"}, {"by"}),
    "later": ({"than"}, {"by"}),
    "same": ({"than"}, set()),
    "higher": ({"than"}, {"by", "at", "until"}),
    "lower": ({"than"}, {"by", "at", "until"}),
    "first time": (set(), {"above", "below"}),
    "probability": (set(), {"above", "below", "at"}),
    "first": ({"before"}, {"by"}),
    "peak": ({"rival"}, set()),
}
"""Required and optional fields of each expectation about time."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """An observation, prediction or requirement in a scenario.

    Parameters
    ----------
    id, title
        Short key and one sentence.
    scenario
        Perturbation, start and update.
    expect
        The expectations.
    source
        The source of the expectation, in words.
    refs
        Keys of references.
    note
        A sentence for people.
    settle
        Equilibration scenario: the network first settles in it, and the experiment starts there,
        with the start of `scenario` applied on top. None to start as `scenario` says.
    kind
        The kind of source: a key of `EXPERIMENT_KINDS`, or empty.
    quote
        A verbatim quotation from the source.
    holds_in
        Variants of the model in which a disagreement holds.
    """

    id: str
    title: str
    scenario: Scenario
    expect: tuple[Expectation, ...]
    source: str = ""
    refs: tuple[str, ...] = ()
    note: str = field(default="")
    settle: Scenario | None = None
    kind: str = ""
    quote: str = ""
    holds_in: tuple[str, ...] = ()

    __repr__ = brief

    def __post_init__(self) -> None:
        lists_as_tuples(self)
        if self.kind and self.kind not in EXPERIMENT_KINDS:
            raise NetworkError(
                f"the kind of experiment {self.id} is {self.kind!r}, but must be one of "
                f"{', '.join(EXPERIMENT_KINDS)}"
            )
        if self.holds_in and self.kind != "disagreement":
            raise NetworkError(
                f"experiment {self.id} is no disagreement, so it holds in every variant that fits "
                "it; holds_in is for disagreements"
            )

    def is_to_hold(self, variant: str = "") -> bool:
        """Return whether it is expected to hold: in the model itself, or in one of its variants."""
        return self.kind != "disagreement" or variant in self.holds_in

    def check(self, network: LogicalNetwork) -> None:
        """Raise if it names what the network does not have."""
        self.scenario.check(network)
        if self.settle is not None:
            self.settle.check(network)
        for expectation in self.expect:
            expectation.check(network)


@dataclass(frozen=True, slots=True)
class ScenarioTable:
    """A table of scenarios by a few readouts, shown on the first page of a report.

    Parameters
    ----------
    title
        Title of the table.
    scenarios
        Names of scenarios, in the order in which they are read: a dose series from low to high.
    readouts
        Components whose levels in the attractors are shown.
    labels
        Labels of the readouts; empty to use the names of the components.
    note
        A sentence for people.
    """

    title: str
    scenarios: tuple[str, ...]
    readouts: tuple[str, ...]
    labels: tuple[str, ...] = ()
    note: str = ""

    __repr__ = brief

    def __post_init__(self) -> None:
        lists_as_tuples(self)
        if not self.scenarios or not self.readouts:
            raise NetworkError(f"the comparison {self.title} needs scenarios and readouts")
        if self.labels and len(self.labels) != len(self.readouts):
            raise NetworkError(
                f"the comparison {self.title} has {len(self.readouts)} readouts "
                f"but {len(self.labels)} labels"
            )
