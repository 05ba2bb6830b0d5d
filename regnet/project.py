"""Project: a model with everything people keep beside it.

This is what `regnet.formats` reads and writes; the model file itself is `regnet.formats.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from regnet.errors import UnknownNameError
from regnet.evidence import Comparison, Experiment, Phenotype, Reference
from regnet.network import LogicalNetwork, Rule
from regnet.scenario import Scenario


@dataclass(frozen=True)
class Variant:
    """Another answer to an open question of the model: some components with other rules.

    Parameters
    ----------
    name
        Short key.
    title
        What is different, in a sentence.
    rules
        Component -> its rule in this variant.
    note
        Why one might think so, or what would decide it.
    """

    name: str
    title: str
    rules: Mapping[str, Rule]
    note: str = ""

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


@dataclass(frozen=True)
class Project:
    """A network with scenarios, phenotypes, experiments, references, layout and notes.

    Parameters
    ----------
    network
        The model.
    title, source, licence, note
        What it is, where it comes from, under which terms, and a paragraph for people.
    references
        What components, claims and experiments cite.
    scenarios
        Named scenarios; the wild type needs none.
    phenotypes
        Names for attractors, in order of precedence.
    experiments
        What the model has to reproduce.
    comparisons
        Scenarios that a report sets side by side.
    layout
        Component -> (x, y) of its centre, where a person placed it.
    variants
        Other answers to open questions; the experiments tell them apart.
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
    comparisons: tuple[Comparison, ...] = ()
    layout: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()

    def scenario(self, name: str) -> Scenario:
        """Return the scenario of that name; raise `UnknownNameError` if there is none."""
        for scenario in self.scenarios:
            if scenario.name == name:
                return scenario
        raise UnknownNameError("scenario", name, [s.name for s in self.scenarios])

    def as_variant(self, name: str) -> Project:
        """Return the project with the network of a variant; `UnknownNameError` if there is none."""
        for variant in self.variants:
            if variant.name == name:
                return replace(self, network=variant.apply(self.network))
        raise UnknownNameError("variant", name, [v.name for v in self.variants])


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should know about a file that was read or written.

    Parameters
    ----------
    severity
        ``"info"`` (nothing is lost), or ``"warning"`` (something is lost, changed or doubtful).
    message
        One sentence.
    line, column
        Place in the file, counted from 1; None where there is no one place.
    """

    severity: str
    message: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line is not None else ""
        return f"{place}{self.message}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A project as it was read, and what there is to say about the file."""

    project: Project
    remarks: tuple[Remark, ...] = ()
