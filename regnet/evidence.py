"""Evidence: references, named phenotypes, and experiments that a model has to reproduce.

These are data. A `Phenotype` gives attractors the name that people use; an `Experiment` says what
was seen, or is expected, in which scenario.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from regnet.errors import NetworkError
from regnet.logic import Expr, describe
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Space

ATTRACTOR_KINDS = ("fixed point", "cyclic", "complex")

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
}
"""What an experiment can expect, with what it means."""


EXPERIMENT_KINDS: dict[str, str] = {
    "abstract": "finding in the abstract of the paper that the model is about",
    "paper": "finding of another paper",
    "text": "statement of a secondary text alone, such as a summary",
    "prediction": "follows from the model and has not been seen",
    "requirement": "what the model has to do by decision of its authors",
    "disagreement": "a source says so and the model does not: it is expected to fail",
}
"""What an experiment rests on."""


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


@dataclass(frozen=True, slots=True)
class Phenotype:
    """A name for attractors that satisfy a condition in all their states.

    Parameters
    ----------
    name
        What people call it.
    condition
        What holds in every state of the attractor.
    kind
        ``"fixed point"``, ``"cyclic"`` or ``"complex"`` to ask for one kind; empty for any.
        ``"complex"`` is met by cyclic attractors too: it means "not a fixed point".
    note
        A sentence for people.
    """

    name: str
    condition: Expr
    kind: str = ""
    note: str = ""

    def __post_init__(self) -> None:
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
class Expectation:
    """One thing an experiment expects.

    `kind` is a key of `EXPECTATIONS`; `condition`, `count`, `component` and `range` are filled as
    that kind needs them.
    """

    kind: str
    condition: Expr | None = None
    count: int | None = None
    component: str = ""
    range: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.kind not in EXPECTATIONS:
            raise NetworkError(
                f"an experiment cannot expect {self.kind!r}, but {', '.join(EXPECTATIONS)}"
            )

    def __str__(self) -> str:
        if self.range is not None:
            return f"{self.kind} {Space({self.component: self.range})}"
        if self.condition is not None:
            return f"{self.kind}: {describe(self.condition)}"
        return self.kind if self.count is None else f"{self.kind}: {self.count}"


@dataclass(frozen=True, slots=True)
class Experiment:
    """What was seen, is predicted or is required, and in which scenario.

    Parameters
    ----------
    id, title
        Short key and one sentence.
    scenario
        Perturbation, start and update.
    expect
        What has to hold.
    source
        Where the expectation comes from, in words.
    refs
        Keys of references.
    note
        A sentence for people.
    settle
        What was before: the network first settles in this scenario, and the experiment starts where
        it settled, with the start of `scenario` put over it. None to start as `scenario` says.
    kind
        What it rests on: a key of `EXPERIMENT_KINDS`, or empty.
    quote
        A clause of the source, word for word.
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

    def __post_init__(self) -> None:
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
            if expectation.condition is not None:
                network.check(expectation.condition)
            if expectation.component:
                network[expectation.component]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Scenarios set side by side by a few readouts; a report shows it as a table on its first page.

    Parameters
    ----------
    title
        What the table is called.
    scenarios
        Names of scenarios, in the order in which they are read: a dose series from low to high.
    readouts
        Components whose levels in the attractors are shown.
    labels
        What people call the readouts, one for each; empty to use the components' names.
    note
        A sentence for people.
    """

    title: str
    scenarios: tuple[str, ...]
    readouts: tuple[str, ...]
    labels: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if not self.scenarios or not self.readouts:
            raise NetworkError(f"the comparison {self.title} needs scenarios and readouts")
        if self.labels and len(self.labels) != len(self.readouts):
            raise NetworkError(
                f"the comparison {self.title} has {len(self.readouts)} readouts "
                f"but {len(self.labels)} labels"
            )
