"""Project: a model with its scenarios, phenotypes, experiments, references, layout and notes.

This is what `regnet.formats` reads and writes; the model file itself is `regnet.formats.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module

from regnet.brief import brief
from regnet.errors import NetworkError, UnknownNameError
from regnet.evidence import Experiment, Phenotype, Reference, ScenarioTable, lists_as_tuples
from regnet.logic import FALSE, Expr, Var, substitute
from regnet.network import LogicalNetwork, Rule
from regnet.rates import RateSet
from regnet.scenario import Scenario

STYLE = "style"
"""Kept data on the style of a file, which may be dropped without loss."""

UNKNOWN = "unknown function"
"""Kept data on a component whose rule the file does not hold (see `Kept`).

Its content is the partial declaration of the rule, if any. Such a model cannot be analysed, and few
formats can hold it.
"""


@dataclass(frozen=True)
class Variant:
    """A variant of the model for an open question, with other rules of some components.

    Parameters
    ----------
    name
        Short key.
    title
        The difference, in a sentence.
    rules
        Component -> its rule in this variant.
    note
        Arguments for it, or what would decide it.
    """

    name: str
    title: str
    rules: Mapping[str, Rule]
    note: str = ""

    __repr__ = brief

    def apply(self, network: LogicalNetwork) -> LogicalNetwork:
        """Return the network with the rules of this variant.

        Raises
        ------
        UnknownNameError, NetworkError
            If a rule does not fit the network.
        """
        for name, rule in self.rules.items():
            network = network.with_rule(name, rule)
        return network


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that came with a model from another tool, for which regnet has no word.

    It is carried along untouched and written back by the format it came from.

    Parameters
    ----------
    format
        The format that it belongs to.
    what
        Which thing of that format, such as ``annotation`` or the path in an archive.
    content
        As it stood in the file.
    component
        The component it belongs to; empty for the model.
    """

    format: str
    what: str
    content: str | bytes
    component: str = ""

    __repr__ = brief


@dataclass(frozen=True, repr=False)
class Project:
    """A network with scenarios, phenotypes, experiments, references, layout and notes.

    Parameters
    ----------
    network
        The model.
    title, source, licence, note
        Title, origin, licence, and a paragraph of description.
    references
        References that components, claims and experiments cite.
    scenarios
        Named scenarios; the wild type needs none.
    phenotypes
        Names for attractors, in order of precedence.
    experiments
        The experiments that the model has to reproduce.
    comparisons
        Comparisons of scenarios for reports.
    layout
        Component -> (x, y) of its centre, if set by the user.
    variants
        Variants for open questions, which experiments may distinguish.
    kept
        Data from the file of another tool, to be written back in its format.
    rate_sets
        Rate sets; the first is the default unless a scenario names another.
    variant
        Name of the variant whose rules `network` has; empty for the model itself. Not kept in
        files.
    """

    network: LogicalNetwork
    title: str = ""
    source: str = ""
    licence: str = ""
    note: str = ""
    references: tuple[Reference, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    phenotypes: tuple[Phenotype, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    comparisons: tuple[ScenarioTable, ...] = ()
    layout: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    kept: tuple[Kept, ...] = ()
    rate_sets: tuple[RateSet, ...] = ()
    variant: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        lists_as_tuples(self)

    @classmethod
    def of(cls, model: Project | LogicalNetwork) -> Project:
        """Return a model as a project: a network alone is one without scenarios.

        Raises
        ------
        NetworkError
            If it is neither.
        """
        if isinstance(model, Project):
            return model
        if isinstance(model, LogicalNetwork):
            return cls(model)
        text = repr(model)
        raise NetworkError(
            f"the model cannot be {text[:60] + '…' if len(text) > 60 else text}: "
            "give a project from regnet.load(..), or a network"
        )

    def __repr__(self) -> str:
        name = self.network.name or self.title[:60]
        counts = (
            f"{len(self.network)} components",
            *(
                f"{len(some)} {what}{'' if len(some) == 1 else 's'}"
                for some, what in (
                    (self.scenarios, "scenario"),
                    (self.phenotypes, "phenotype"),
                    (self.experiments, "experiment"),
                    (self.variants, "variant"),
                )
                if some
            ),
        )
        return f"<Project{f' {name}' if name else ''}: {', '.join(counts)}>"

    def _repr_html_(self) -> str:
        html: str = import_module("regnet.notebook").project_html(self)  # it lies far above
        return html

    @property
    def unknown(self) -> tuple[str, ...]:
        """The components whose rule is unknown, so that the model cannot be analysed."""
        return tuple(
            kept.component
            for kept in self.kept
            if kept.what == UNKNOWN
            and kept.component in self.network
            and self.network[kept.component].rule is None
        )

    @property
    def compared_readouts(self) -> tuple[str, ...]:
        """The components that its comparisons read."""
        return tuple(dict.fromkeys(name for c in self.comparisons for name in c.readouts))

    def scenario(self, name: str) -> Scenario:
        """Return the scenario of that name; raise `UnknownNameError` if there is none."""
        for scenario in self.scenarios:
            if scenario.name == name:
                return scenario
        raise UnknownNameError("scenario", name, [s.name for s in self.scenarios])

    @property
    def timed(self) -> tuple[Expr, ...]:
        """The conditions whose first times its experiments are about, in their order."""
        kinds = ("sooner", "later", "same", "first time")
        expected = (x for experiment in self.experiments for x in experiment.expect)
        found = (x.condition for x in expected if x.kind in kinds)
        return tuple(dict.fromkeys(condition for condition in found if condition is not None))

    def knock_out(self, *names: str, scenario: str = "") -> Scenario:
        """Return a scenario of the model with components held at 0; by default the wild type.

        Raises
        ------
        UnknownNameError
            If there is no such component or scenario.
        """
        changed = (self.scenario(scenario) if scenario else Scenario()).knock_out(*names)
        changed.check(self.network)
        return changed

    def rate_set(self, name: str = "") -> RateSet:
        """Return the rates of that name, by default the first; all 1 if there are none.

        Raises
        ------
        UnknownNameError
            If there are no rates of that name.
        """
        if not name:
            return self.rate_sets[0] if self.rate_sets else RateSet()
        for rate_set in self.rate_sets:
            if rate_set.name == name:
                return rate_set
        raise UnknownNameError("rate set", name, [r.name for r in self.rate_sets])

    def as_variant(self, name: str) -> Project:
        """Return the project with the network of a variant, which answers then name.

        Raises
        ------
        UnknownNameError
            If there is no variant of that name.
        """
        for variant in self.variants:
            if variant.name == name:
                network = variant.apply(self.network)
                named = replace(network, name=f"{network.name} ({name})".lstrip())
                title = f"{self.title} ({name}: {variant.title})" if self.title else ""
                return replace(self, network=named, variant=name, title=title)
        raise UnknownNameError("variant", name, [v.name for v in self.variants])

    # --- changed copies ---

    def with_scenario(self, scenario: Scenario, *, instead_of: str = "") -> Project:
        """Return the project with a scenario added, or put in the place of its namesake.

        Parameters
        ----------
        scenario
            The scenario; it needs a name.
        instead_of
            Name of the scenario whose place it takes; comparisons then follow to the new name.

        Raises
        ------
        NetworkError
            If it has no name, or takes the name of a third one.
        """
        place = instead_of or scenario.name
        if not scenario.name:
            raise NetworkError("a scenario needs a name")
        if scenario.name != place and any(s.name == scenario.name for s in self.scenarios):
            raise NetworkError(f"there is already a scenario {scenario.name}")
        old = next((s for s in self.scenarios if s.name == place), None)
        if old is None:
            return replace(self, scenarios=(*self.scenarios, scenario))
        return replace(
            self,
            scenarios=tuple(scenario if s is old else s for s in self.scenarios),
            comparisons=tuple(
                replace(c, scenarios=tuple(_swapped(c.scenarios, place, scenario.name)))
                for c in self.comparisons
            ),
        )

    def without_scenario(self, name: str) -> Project:
        """Return the project without a scenario, which comparisons then leave out."""
        gone = self.scenario(name)
        comparisons = []
        for c in self.comparisons:
            left = tuple(n for n in c.scenarios if n != name)
            if left:
                comparisons.append(replace(c, scenarios=left))
        return replace(
            self,
            scenarios=tuple(s for s in self.scenarios if s is not gone),
            comparisons=tuple(comparisons),
        )

    def renamed(self, old: str, new: str) -> Project:
        """Return the project with a component renamed, wherever it is named."""

        def condition(expr: Expr) -> Expr:
            return substitute(expr, lambda v: Var(new, v.level) if v.name == old else v)

        return replace(
            self,
            network=self.network.renamed(old, new),
            scenarios=tuple(s.renamed(old, new) for s in self.scenarios),
            phenotypes=tuple(replace(p, condition=condition(p.condition)) for p in self.phenotypes),
            experiments=tuple(
                replace(
                    e,
                    scenario=e.scenario.renamed(old, new),
                    settle=None if e.settle is None else e.settle.renamed(old, new),
                    expect=tuple(x.renamed(old, new) for x in e.expect),
                )
                for e in self.experiments
            ),
            comparisons=tuple(
                replace(c, readouts=tuple(_swapped(c.readouts, old, new))) for c in self.comparisons
            ),
            layout={new if n == old else n: place for n, place in self.layout.items()},
            variants=tuple(
                replace(
                    v,
                    rules={
                        new if n == old else n: rule.mapped({old: new})
                        for n, rule in v.rules.items()
                    },
                )
                for v in self.variants
            ),
            kept=tuple(replace(k, component=new) if k.component == old else k for k in self.kept),
            rate_sets=tuple(r.renamed(old, new) for r in self.rate_sets),
        )

    def without(self, *names: str) -> Project:
        """Return the project without some components; conditions then see them at level 0.

        Expectations about such a component, and comparisons of nothing else, are left out.
        """
        gone = set(names)

        def condition(expr: Expr) -> Expr:
            return substitute(expr, lambda v: FALSE if v.name in gone else v)

        experiments = []
        for e in self.experiments:
            left = (x.without(*names) for x in e.expect)
            expect = tuple(x for x in left if x is not None)
            if expect:
                experiments.append(
                    replace(
                        e,
                        scenario=e.scenario.without(*names),
                        settle=None if e.settle is None else e.settle.without(*names),
                        expect=expect,
                    )
                )
        comparisons = []
        for c in self.comparisons:
            kept = [i for i, name in enumerate(c.readouts) if name not in gone]
            if kept:
                readouts = tuple(c.readouts[i] for i in kept)
                labels = tuple(c.labels[i] for i in kept) if c.labels else ()
                comparisons.append(replace(c, readouts=readouts, labels=labels))
        variants = []
        for v in self.variants:
            rules = {
                n: rule.mapped(dict.fromkeys(gone, FALSE))
                for n, rule in v.rules.items()
                if n not in gone
            }
            if rules:
                variants.append(replace(v, rules=rules))
        return replace(
            self,
            network=self.network.without(*names),
            scenarios=tuple(s.without(*names) for s in self.scenarios),
            phenotypes=tuple(replace(p, condition=condition(p.condition)) for p in self.phenotypes),
            experiments=tuple(experiments),
            comparisons=tuple(comparisons),
            layout={n: place for n, place in self.layout.items() if n not in gone},
            variants=tuple(variants),
            kept=tuple(k for k in self.kept if k.component not in gone),
            rate_sets=tuple(r.without(*names) for r in self.rate_sets),
        )


def _swapped(names: Iterable[str], old: str, new: str) -> Iterator[str]:
    return (new if name == old else name for name in names)


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark to the user about a file that was read or written.

    Parameters
    ----------
    severity
        ``"info"`` (nothing is lost), or ``"warning"`` (something is lost, changed or doubtful).
    message
        One sentence.
    line, column
        Position in the file, from 1; None if there is no single position.
    """

    severity: str
    message: str
    line: int | None = None
    column: int | None = None

    __repr__ = brief

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line is not None else ""
        return f"{place}{self.message}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A project read from a file, with remarks.

    Parameters
    ----------
    project
        The project.
    remarks
        Remarks to the user.
    format
        The format of the file, by name.
    settings
        Names of files beside it that hold settings for it and were not used; some may be chosen.
    """

    project: Project
    remarks: tuple[Remark, ...] = ()
    format: str = ""
    settings: tuple[str, ...] = ()

    __repr__ = brief
