"""Questions: the table of all questions to a model, and how to repeat them.

A question is a function in `regnet.analysis` and a line in `QUESTIONS`. Every surface that can show
an answer has a module for it, named after the question (`Question.module`), whose names follow the
type of the answer (`Question.kind`), here for ``DoseResponse``:

======================== ==========================================================
`regnet.cli`             ``DOSE``, a `regnet.cli.command.Command`
`regnet.records`         ``dose_response_to_json``, ``.._to_rows``, ``.._summary``
`regnet.terminal`        ``show_dose_response``
`regnet.report.sections` ``dose_response_section``, and ``usual`` for `Question.extras`
`gui.panels`             the panel with the key `Question.panel`
======================== ==========================================================

They are imported when they are used: the table itself loads nothing. It is what makes this module
long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from inspect import signature
from types import ModuleType
from typing import TYPE_CHECKING, Any

from regnet.errors import FormatError, RegnetError, UnknownNameError

if TYPE_CHECKING:
    from regnet.analysis import Asked
    from regnet.network import LogicalNetwork
    from regnet.project import Project
    from regnet.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Extra:
    """A question in its usual form for a report: ``regnet report --with KEY=ABOUT``.

    Parameters
    ----------
    key
        Its name for ``--with``.
    about
        The required argument: ``"X"`` for a component, ``"FORMULA"``, ``"CONDITION"``, or
        nothing.
    words
        What it answers; ``{}`` is replaced by the argument.
    title
        Title of the result; likewise.
    starts
        For simulations from a start: maximum number of scenarios of a model
        where none is named (`scenarios_of`).
    """

    key: str
    about: str
    words: str
    title: str
    starts: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a model.

    Parameters
    ----------
    name
        Its name on the command line, in `Asked` and in saved files.
    summary
        Its summary in ``regnet --help``.
    function, result
        The function and the type of its answers: module in `regnet.analysis`, a colon, and the
        name.
    module
        The module of each surface; by default `name` with underscores.
    command
        The command that asks it; by default `name`.
    panel
        Key of the panel that shows its answers in the window, or nothing.
    of_project
        Whether the function takes a whole project instead of a network.
    labels
        Whether its phenotypes only name attractors, so that all of a project are used when it is
        asked again.
    in_words_of_network
        Whether the records of its answers need the network.
    extras
        Its forms in reports.
    """

    name: str
    summary: str
    function: str
    result: str
    module: str = ""
    command: str = ""
    panel: str = ""
    of_project: bool = False
    labels: bool = False
    in_words_of_network: bool = False
    extras: tuple[Extra, ...] = field(default=())

    @property
    def home(self) -> str:
        """Name of its module in each surface."""
        return self.module or self.name.replace("-", "_")

    @property
    def kind(self) -> str:
        """The type of its answers in the way of Python's functions: ``dose_response``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.result.partition(":")[2]).lower()

    @property
    def ask(self) -> Callable[..., Any]:
        """The function that answers it."""
        function: Callable[..., Any] = _named(self.function)
        return function

    @property
    def type(self) -> type:
        """The type of its answers."""
        found: type = _named(self.result)
        return found

    def part(self, surface: str, name: str) -> Any:
        """Return a name of its module in a surface such as ``"records"``."""
        return getattr(self._surface(surface), name)

    def _surface(self, surface: str) -> ModuleType:
        return import_module(f"regnet.{surface}.{self.home}")

    def to_json(self, answer: Any, project: Project, *, timed: bool = True) -> dict[str, Any]:
        """Return an answer as JSON data; without times it is reproducible."""
        network = (project.network,) if self.in_words_of_network else ()
        data: dict[str, Any] = self.part("records", f"{self.kind}_to_json")(
            answer, *network, timed=timed
        )
        return data

    def to_rows(self, answer: Any, project: Project) -> list[list[Any]]:
        """Return an answer as rows of a table, the heading first."""
        network = (project.network,) if self.in_words_of_network else ()
        rows: list[list[Any]] = self.part("records", f"{self.kind}_to_rows")(answer, *network)
        return rows

    def section(self, answer: Any, project: Project) -> Any:
        """Return an answer as a section of a report."""
        return self.part("report.sections", f"{self.kind}_section")(answer, project)


_COMPONENT, _CONDITION, _FORMULA = "X", "CONDITION", "FORMULA"

_TABLE = (
    Question(
        "attractors",
        "find the attractors",
        "attractors:find_attractors",
        "attractors:Attractors",
        panel="attractors",
        labels=True,
    ),
    Question(
        "fixed-points",
        "find the fixed points (steady states)",
        "trap_spaces:find_fixed_points",
        "trap_spaces:Spaces",
        module="attractors",
    ),
    Question(
        "trap-spaces",
        "find the minimal trap spaces, which the network never leaves",
        "trap_spaces:find_trap_spaces",
        "trap_spaces:Spaces",
        module="attractors",
    ),
    Question(
        "screen",
        "knock out and force each component and compare with the wild type",
        "screen:screen",
        "screen:Screen",
        panel="screen",
    ),
    Question(
        "compare",
        "compare the attractors of two scenarios: what is lost, gained or shifted",
        "compare:compare_scenarios",
        "compare:Comparison",
        panel="compare",
        labels=True,
    ),
    Question(
        "query",
        "check a temporal-logic (CTL) formula and show a run as evidence",
        "query:query",
        "query:Answer",
        panel="queries",
        extras=(Extra("query", _FORMULA, "whether {} holds", "{}"),),
    ),
    Question(
        "control",
        "find minimal interventions (control) that reach a target",
        "control:find_interventions",
        "control:Interventions",
        panel="interventions",
        labels=True,
        extras=(
            Extra("control", _CONDITION, "what brings {} about", "Control of {}"),
        ),
    ),
    Question(
        "simulate",
        "simulate time courses: probabilities, first-passage times, final states",
        "simulate:simulate",
        "simulate:Courses",
        panel="courses",
        extras=(Extra("time", "", "courses in time", "Time courses", 4),),
    ),
    Question(
        "conditions",
        "find first times and time courses of scenarios and variants side by side",
        "conditions:follow_conditions",
        "conditions:Conditions",
        command="simulate",
        of_project=True,
        extras=(
            Extra(
                "conditions", "", "courses and first times of scenarios side by side",
                "Conditions side by side in time",
            ),
        ),
    ),
    Question(
        "dose",
        "find dose responses: how readouts change with a dose, and along which paths",
        "dose:find_dose_response",
        "dose:DoseResponse",
        panel="dose",
        extras=(Extra("dose", _COMPONENT, "how the outcome follows {}", "Dose of {}"),),
    ),
    Question(
        "pulses",
        "find what the outcome is when a dose is given for some of the time",
        "dose.pulses:find_pulse_response",
        "dose.pulses:PulseResponse",
        command="dose",
        panel="dose",
        extras=(
            Extra("duration", _COMPONENT, "how long {} has to be given", "Duration of {}", 1),
            Extra(
                "share", _COMPONENT, "for what share of the time {} has to be given",
                "Share of time of {}", 1,
            ),
        ),
    ),
    Question(
        "explain",
        "explain why a component is at its level, and what would change that",
        "explain.several:find_explanations",
        "explain.several:Explanations",
        panel="inspector",
        labels=True,
        in_words_of_network=True,
        extras=(Extra("why", _COMPONENT, "why {} is at its level", "Why {}"),),
    ),
    Question(
        "commitment",
        "list the attractors that can still be reached at each step of a run",
        "commitment:find_commitment",
        "commitment:Commitment",
        panel="states",
        labels=True,
        extras=(
            Extra(
                "commitment", "", "where a random run gives up an attractor",
                "Points of no return of a random run",
            ),
        ),
    ),
    Question(
        "check",
        "run the experiments that the model has to reproduce (exit code 1 if one fails)",
        "check:confront",
        "check:Confrontation",
        panel="experiments",
        of_project=True,
    ),
    Question(
        "sensitivity",
        "find which experiments notice each mutation of the rules",
        "sensitivity:find_sensitivity",
        "sensitivity:Sensitivity",
        module="check",
        command="check",
        panel="experiments",
        of_project=True,
        extras=(
            Extra(
                "sensitivity", "", "which mutations of the rules the experiments notice",
                "What the experiments protect",
            ),
        ),
    ),
    Question(
        "variants",
        "find which experiments tell the variants of the model apart",
        "variants:check_variants",
        "variants:VariantChecks",
        command="check",
        panel="experiments",
        of_project=True,
        extras=(
            Extra(
                "variants", "", "which experiments tell the variants apart",
                "Variants and experiments",
            ),
        ),
    ),
    Question(
        "robustness",
        "find for which share of random rates what is expected of time holds",
        "robustness:find_robustness",
        "robustness:Robustness",
        module="check",
        command="check",
        panel="experiments",
        of_project=True,
        extras=(
            Extra(
                "rates", "", "what is expected of time under random rates", "Under other rates",
            ),
        ),
    ),
)  # fmt: skip

QUESTIONS: Mapping[str, Question] = {question.name: question for question in _TABLE}
"""Name -> question, in the order in which they are listed."""

EXTRAS: Mapping[str, tuple[Extra, Question]] = {
    extra.key: (extra, question) for question in _TABLE for extra in question.extras
}
"""Argument of ``regnet report --with`` -> its form and question."""


def question_of(answer: Any) -> Question | None:
    """Return the question that an answer is to; None if it is no answer."""
    asked = getattr(getattr(answer, "origin", None), "asked", None)
    if asked is not None:
        return QUESTIONS[asked.question]
    name = type(answer).__name__
    return next((q for q in _TABLE if q.result.endswith(f":{name}")), None)


def summary_of(answer: Any) -> str:
    """Return what an answer says, in a few words and with how sure it is."""
    question = question_of(answer)
    if question is None:
        return ""
    summary: str = question.part("records", f"{question.kind}_summary")(answer)
    return summary


def ask(
    asked: Asked,
    project: Project,
    *,
    progress: Callable[[float | None, str], None] | None = None,
    **others: Any,
) -> Any:
    """Ask a question again, of the current project.

    Parameters
    ----------
    asked
        The question, from the `Origin` of an answer.
    project
        The model.
    progress
        Progress callback.
    **others
        Arguments that are not part of the question, such as ``map``.

    Raises
    ------
    RegnetError
        If the question does not fit the model.
    """
    question = QUESTIONS.get(asked.question)
    if question is None:
        raise UnknownNameError("question", asked.question, QUESTIONS)
    from regnet.analysis.arguments import bound

    function = question.ask
    if progress is not None:
        others["progress"] = progress
    about = project if question.of_project else project.network
    try:
        bound(function, signature(function), (about,), {**asked.options, **others})
    except TypeError as error:
        raise FormatError(f"a question of {question.name} cannot be asked so: {error}") from error
    return function(about, **asked.options, **others)


def renewed(asked: Asked, project: Project) -> Asked:
    """Return a question adapted to a project that has been edited since.

    Scenarios and phenotypes are looked up by name; deleted phenotypes, readouts and experiments are
    left out. Anything else that no longer fits is reported when it is asked.
    """
    question = QUESTIONS[asked.question]
    scenarios = {scenario.name: scenario for scenario in project.scenarios if scenario.name}
    phenotypes = {phenotype.name: phenotype for phenotype in project.phenotypes}
    known = {experiment.id for experiment in project.experiments}
    options: dict[str, Any] = {}
    for name, value in asked.options.items():
        match name:
            case "phenotypes":
                wanted = list(phenotypes) if question.labels else [p.name for p in value]
                options[name] = tuple(phenotypes[n] for n in wanted if n in phenotypes)
            case "readouts":
                options[name] = tuple(n for n in value if n in project.network)
            case "only" if value is not None:
                options[name] = tuple(identifier for identifier in value if identifier in known)
            case "contexts":
                options[name] = tuple(scenarios.get(one.name, one) for one in value)
            case "target":
                options[name] = phenotypes.get(getattr(value, "name", ""), value)
            case _ if type(value).__name__ == "Scenario":
                options[name] = scenarios.get(value.name, value)
            case _:
                options[name] = value
    return type(asked)(asked.question, options)


def scenarios_of(project: Project, scenario: Scenario, what: str) -> tuple[Scenario, ...]:
    """Return the scenarios to simulate: the one that is given, or the model's own.

    What follows runs is an average over all starts and inputs where no start is given. A
    scenario without a name and a start therefore stands for those of the model that have one and
    do not rest there, in the order of the file, with what the given one does done as well.

    Raises
    ------
    RegnetError
        If there is none.
    """
    most = EXTRAS[what][0].starts
    if not most or scenario.name or scenario.start:
        return (scenario,)
    own = [
        one.perturbed(scenario.perturbation)
        for one in project.scenarios
        if one.start and one.update == scenario.update
    ]
    moving = [one for one in own if not _rests(one, project.network)]
    if not moving:
        raise RegnetError(
            f"{what} follows runs from a start: name a scenario that has one, or give a start"
        )
    return tuple(moving[:most])


def _rests(scenario: Scenario, network: LogicalNetwork) -> bool:
    """Return whether a scenario starts in one state, which nothing leaves."""
    start = scenario.start_of(network)
    state = {name: low for name, (low, high) in start.items() if low == high}
    if len(state) < len(network):
        return False
    acting = scenario.perturbation.apply(network)
    return all(
        c.is_input or acting.target(c.name, state) == state[c.name] for c in acting.components
    )


def _named(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(f"regnet.analysis.{module}"), name)
