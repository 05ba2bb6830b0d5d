"""Scripting: what was done in the window, as the Python that does it.

Edits are told by comparing the project before and after, so nothing that can be done in the window
is left out; results are told by what they say of their origin. A session is a list of `Entry`s that
runs from top to bottom and gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any

import regnet
from gui.document import Result
from regnet.analysis.attractors import Attractors
from regnet.analysis.commitment import Commitment
from regnet.analysis.compare import Comparison
from regnet.analysis.confront import Confrontation
from regnet.analysis.control import Interventions
from regnet.analysis.courses import Courses, method_of
from regnet.analysis.dose import DoseResponse
from regnet.analysis.dose.pulses import PulseResponse
from regnet.analysis.explain.several import Explanations
from regnet.analysis.query import Answer
from regnet.analysis.screen import Screen, pairs, single_perturbations
from regnet.analysis.sensitivity import Sensitivity
from regnet.logic import Expr
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space

_WIDTH = 88
_MODULES = (
    "analysis.commitment", "analysis.compare", "analysis.control", "analysis.courses",
    "analysis.dose", "analysis.dose.pulses", "analysis.dose.words", "analysis.explain.several",
    "analysis.query", "analysis.sensitivity", "evidence", "report", "temporal",
)  # fmt: skip


class Kind(Enum):
    """What an entry is about."""

    EDIT = "edit"
    RESULT = "result"
    ACT = "act"


@dataclass(frozen=True)
class Entry:
    """One thing that was done: a line for people, statements, and the projects around it."""

    kind: Kind
    title: str
    statements: tuple[str, ...]
    before: Project
    after: Project

    @property
    def code(self) -> str:
        """The comment and the statements."""
        return "\n".join([f"# {self.title}", *self.statements])


class Session:
    """What was done since a project was opened."""

    def __init__(self, start: Project) -> None:
        self.start = start
        self.entries: list[Entry] = []

    @property
    def now(self) -> Project:
        """The project after everything that was done."""
        return self.entries[-1].after if self.entries else self.start

    def edit(self, title: str, before: Project, after: Project) -> None:
        """Note an edit; one that undoes or continues the last one becomes one with it."""
        statements = edit_statements(before, after)
        last = self.entries[-1] if self.entries else None
        if last is not None and last.kind is Kind.EDIT:
            if last.before == after:
                self.entries.pop()
                return
            both = edit_statements(last.before, after)
            if len(both) == len(last.statements) == len(statements) == 1:
                self.entries[-1] = Entry(Kind.EDIT, title, both, last.before, after)
                return
        if statements:
            self.entries.append(Entry(Kind.EDIT, title, statements, before, after))

    def name_edit(self, title: str) -> None:
        """Give the last entry another title, if it is an edit."""
        if title and self.entries and self.entries[-1].kind is Kind.EDIT:
            self.entries[-1] = replace(self.entries[-1], title=title)

    def result(self, result: Result) -> None:
        """Note a result, at the place where the network was the one that it is about."""
        digest = result.origin.digest
        place = len(self.entries)
        while place and self.entries[place - 1].after.network.digest != digest:
            place -= 1
        project = self.entries[place - 1].after if place else self.start
        if project.network.digest != digest:
            return
        statements = result_statements(result, project)
        self.entries.insert(place, Entry(Kind.RESULT, result.title, statements, project, project))

    def act(self, title: str, code: str) -> None:
        """Note something else that was done."""
        self.entries.append(Entry(Kind.ACT, title, (code,), self.now, self.now))

    def text(self, load: str) -> str:
        """Return the whole script; `load` is the expression that loads the project."""
        body = "\n\n".join([f"project = {load}", *(entry.code for entry in self.entries)])
        imports = ["import regnet"]
        imports += [f"import regnet.{m}" for m in _MODULES if f"regnet.{m}." in body]
        if "Path(" in body:
            imports.insert(0, "from pathlib import Path")
        if "replace(" in body:
            imports.insert(0, "from dataclasses import replace")
        first = [line for line in imports if line.startswith("from")]
        rest = [line for line in imports if not line.startswith("from")]
        head = "\n".join([*first, *([""] if first else []), *rest])
        return f"{head}\n\n{body}\n"


# --- edits -------------------------------------------------------------------------------------


def edit_statements(before: Project, after: Project) -> tuple[str, ...]:
    """Return the statements that turn one project into another."""
    if before == after:
        return ()
    one = _single_statement(before, after)
    if one:
        return (one,)
    made = before
    statements: list[str] = []
    for field in fields(Project):
        old, new = getattr(made, field.name), getattr(after, field.name)
        if old == new:
            continue
        if field.name == "network":
            statements += _network_statements(old, new)
        elif field.name == "scenarios":
            statements += _scenario_statements(made, after)
        elif field.name == "layout" and all(name in new for name in old):
            moved = {n: place for n, place in new.items() if old.get(n) != place}
            statements.append(
                f"project = replace(project, layout={{**project.layout, {write(moved)[1:]})"
            )
        else:
            statements.append(_call("project = replace", "project", f"{field.name}={write(new)}"))
    return tuple(statements)


def _single_statement(before: Project, after: Project) -> str:
    """Return the one statement for renaming or deleting components, or an empty string."""
    gone = [n for n in before.network.names if n not in after.network]
    new = [n for n in after.network.names if n not in before.network]
    if len(gone) == len(new) == 1 and before.renamed(gone[0], new[0]) == after:
        return f"project = project.renamed({gone[0]!r}, {new[0]!r})"
    if gone and not new and before.without(*gone) == after:
        return _call("project = project.without", *map(repr, gone))
    return ""


def _network_statements(before: LogicalNetwork, after: LogicalNetwork) -> list[str]:
    made = before
    statements = []
    gone = [n for n in before.names if n not in after]
    if gone:
        return [_call("project = replace", "project", f"network={write(after)}")]
    for component in after.components:
        if component.name not in made or made[component.name] != component:
            made = made.with_component(component)
            added = _call("project.network.with_component", write(component))
            statements.append(_call("project = replace", "project", f"network={added}"))
    if made != after:
        return [_call("project = replace", "project", f"network={write(after)}")]
    return statements


def _scenario_statements(before: Project, after: Project) -> list[str]:
    names = [s.name for s in before.scenarios]
    wanted = [s.name for s in after.scenarios]
    gone = [n for n in names if n not in wanted]
    new = [n for n in wanted if n not in names]
    made = before
    statements = []
    if len(gone) == len(new) == 1 and names.index(gone[0]) == wanted.index(new[0]):
        scenario = after.scenario(new[0])
        made = made.with_scenario(scenario, instead_of=gone[0])
        statements.append(
            _call("project = project.with_scenario", write(scenario), f"instead_of={gone[0]!r}")
        )
        gone = []
    for name in gone:
        made = made.without_scenario(name)
        statements.append(f"project = project.without_scenario({name!r})")
    for scenario in after.scenarios:
        if scenario not in made.scenarios:
            made = made.with_scenario(scenario)
            statements.append(_call("project = project.with_scenario", write(scenario)))
    if made.scenarios != after.scenarios:
        return [_call("project = replace", "project", f"scenarios={write(after.scenarios)}")]
    return statements


# --- results -----------------------------------------------------------------------------------


_NAMES: dict[type, str] = {
    Answer: "answer",
    Attractors: "attractors",
    Comparison: "comparison",
    Confrontation: "experiments",
    Courses: "courses",
    DoseResponse: "dose",
    Interventions: "interventions",
    PulseResponse: "pulses",
    Screen: "screen",
    Sensitivity: "sensitivity",
}


def name_of(result: Result) -> str:
    """Return the variable that holds a result."""
    kind = _NAMES.get(type(result.value), "result")
    return f"{kind}_{result.number}"


def result_statements(result: Result, project: Project) -> tuple[str, ...]:
    """Return the statements that compute a result again and print what it says."""
    value, name = result.value, name_of(result)
    match value:
        case Attractors():
            arguments = ["project.network"]
            if result.origin.scenario != Scenario():
                arguments.append(_scenario(result.origin.scenario, project))
            if project.phenotypes:
                arguments.append("phenotypes=project.phenotypes")
            call = _call(f"{name} = regnet.find_attractors", *arguments)
            label = f"{result.title}:"
            return (call, f"print({label!r}, {name}.count)")
        case Screen():
            call = _call(f"{name} = regnet.screen", *_screen_arguments(value, project))
            label = f"{result.title}:"
            return (
                call,
                f"print({label!r}, sum(row.changed is True for row in {name}.rows), "
                f'"of", len({name}.rows), "rows differ")',
            )
        case Comparison():
            both = [_scenario(a.origin.scenario, project) for a in (value.before, value.after)]
            if project.phenotypes:
                both.append("phenotypes=project.phenotypes")
            function = f"{name} = regnet.analysis.compare.compare_scenarios"
            return (_call(function, "project.network", *both), f"print({name}.sentence)")
        case DoseResponse():
            call = _call(f"{name} = regnet.analysis.dose.find_dose_response",
                         *_dose_arguments(value, project))  # fmt: skip
            told = "regnet.analysis.dose.words.verdict(curve)"
            loop = f"for curve in {name}.reference.curves:"
            return (call, f"{loop}\n    print(curve.readout, {told})")
        case PulseResponse():
            call = _call(f"{name} = regnet.analysis.dose.pulses.find_pulse_response",
                         *_pulse_arguments(value, project))  # fmt: skip
            told = f"regnet.analysis.dose.words.pulse_verdict(curve, {name}.by)"
            loop = f"for curve in {name}.curves:"
            return (call, f"{loop}\n    print(curve.readout, {told})")
        case Confrontation():
            arguments = ["project"]
            ids = [verdict.experiment.id for verdict in value.verdicts]
            if ids != [experiment.id for experiment in project.experiments]:
                arguments.append(f"only={write(ids)}")
            call = _call(f"{name} = regnet.confront", *arguments)
            loop = f"for verdict in {name}.verdicts:"
            return (call, f"{loop}\n    print(verdict.experiment.id, verdict.holds)")
        case Sensitivity():
            call = f"{name} = regnet.analysis.sensitivity.find_sensitivity(project)"
            return (call, f'print(len({name}.unprotected), "of", len({name}.rows), "unnoticed")')
        case Courses():
            call = _call(f"{name} = regnet.analysis.courses.simulate",
                         *_course_arguments(value, project))  # fmt: skip
            loop = f"for course in {name}.readouts:"
            return (call, f"{loop}\n    print(course.name, course.mean[-1])")
        case Interventions():
            call = _call(f"{name} = regnet.analysis.control.find_interventions",
                         *_intervention_arguments(value, project))  # fmt: skip
            return (call, f"for one in {name}.found:\n    print(one.cost, one.perturbation)")
        case Answer():
            formula = ["project.network", "project.phenotypes"]
            read = _call("regnet.temporal.parse_query", repr(str(value.formula)), *formula)
            arguments = ["project.network", _scenario(result.origin.scenario, project), read]
            call = _call(f"{name} = regnet.analysis.query.query", *arguments)
            return (call, f"print({name}.formula, {name}.holds, {name}.argument)")
        case Explanations():
            arguments = ["project.network", _scenario(result.origin.scenario, project)]
            arguments += [repr(value.component), "phenotypes=project.phenotypes"]
            call = _call(f"{name} = regnet.analysis.explain.several.find_explanations", *arguments)
            loop = f"for one in {name}.found:"
            return (call, f"{loop}\n    print(one.number, one.explanation.levels)")
        case Commitment():
            asked = ["project.network", _scenario(result.origin.scenario, project)]
            run = _call("regnet.analysis.commitment.random_run", *asked)
            arguments = [*asked, run, "phenotypes=project.phenotypes"]
            call = _call(f"{name} = regnet.analysis.commitment.find_commitment", *arguments)
            return (call, f"print({name}.turns)")
        case _:
            return (f"# computed in the window: {type(value).__name__}",)


def _intervention_arguments(found: Interventions, project: Project) -> list[str]:
    """Return what was asked of interventions, without what is at its default."""
    target, choice = found.target, found.choice
    wanted = write(target)
    if target in project.phenotypes:
        wanted = f"project.phenotypes[{project.phenotypes.index(target)}]"
    arguments = [
        "project.network",
        wanted,
        _scenario(found.origin.scenario, project),
        f"max_size={found.max_size}",
    ]
    for option in ("allow", "forbid", "cuts", "costs", "limit"):
        if value := getattr(choice, option):
            arguments.append(f"{option}={write(value)}")
    return [*arguments, *_phenotypes(list(found.before), project)]


def _dose_arguments(answer: DoseResponse, project: Project) -> list[str]:
    names = [curve.readout for curve in answer.reference.curves]
    arguments = [
        "project.network",
        _scenario(answer.origin.scenario, project),
        repr(answer.dose),
        f"readouts={write([n for n in names if n in project.network])}",
        *_phenotypes(names, project),
    ]
    if answer.knock_outs:
        arguments.append(f"knock_outs={write([p.perturbation for p in answer.knock_outs])}")
    if answer.then:
        arguments.append(f"then={write(answer.then)}")
    return arguments


def _pulse_arguments(answer: PulseResponse, project: Project) -> list[str]:
    """Return what was asked of pulses, without what is at its default."""
    names = [curve.readout for curve in answer.curves if not curve.top]
    readouts = [curve.readout for curve in answer.curves if curve.top]
    arguments = [
        "project.network",
        _scenario(answer.origin.scenario, project),
        repr(answer.dose),
        repr(answer.level),
        write(list(answer.amounts)),
        f"until={answer.until:g}",
    ]
    if answer.by != "duration":
        arguments += [f"by={answer.by!r}", f"every={answer.every:g}"]
    arguments.append(f"readouts={write(readouts)}")
    arguments += _phenotypes(names, project)
    if not answer.rates.is_uniform or answer.rates.default != 1:
        arguments.append(f"rates={write(answer.rates)}")
    if answer.schedule:
        arguments.append(f"schedule={write(list(answer.schedule))}")
    if answer.settle:
        arguments.append(f"settle={answer.settle:g}")
    if answer.origin.seed is not None:
        arguments += [f"trajectories={answer.trajectories}", f"seed={answer.origin.seed}"]
    if answer.method != "auto":
        arguments.append(f"method={answer.method!r}")
    return arguments


def _course_arguments(courses: Courses, project: Project) -> list[str]:
    """Return what a time course was asked, without what is at its default."""
    names = [course.name for course in courses.readouts]
    arguments = [
        "project.network",
        _scenario(courses.origin.scenario, project),
        f"until={courses.times[-1]:g}",
        f"points={len(courses.times) - 1}",
    ]
    if not courses.rates.is_uniform or courses.rates.default != 1:
        arguments.append(f"rates={write(courses.rates)}")
    if courses.settle:
        arguments.append(f"settle={courses.settle:g}")
    if courses.schedule:
        arguments.append(f"schedule={write(list(courses.schedule))}")
    arguments += _phenotypes([share.name for share in courses.shares], project)
    if courses.arrivals:
        arguments.append(f"first={write([arrival.condition for arrival in courses.arrivals])}")
    if len(names) < len(project.network):
        arguments.append(f"readouts={write(names)}")
    if courses.trajectories:
        arguments += [f"trajectories={courses.trajectories}", f"seed={courses.origin.seed}"]
        arguments.append(f"method={method_of(courses)!r}")
    return arguments


def _phenotypes(names: Sequence[str], project: Project) -> list[str]:
    """Return the argument for the phenotypes among some names, if there are any."""
    wanted = [p.name for p in project.phenotypes if p.name in names]
    if not wanted:
        return []
    if len(wanted) == len(project.phenotypes):
        return ["phenotypes=project.phenotypes"]
    return [f"phenotypes=[p for p in project.phenotypes if p.name in {write(wanted)}]"]


def _screen_arguments(screen: Screen, project: Project) -> list[str]:
    network = project.network
    contexts = ", ".join(_scenario(context, project) for context in screen.contexts)
    arguments = ["project.network", f"[{contexts}]"]
    done = list(dict.fromkeys(row.perturbation for row in screen.rows if row.perturbation))
    if not screen.complete:
        arguments.append("# it was stopped early: these are the perturbations that it reached")
    if done != single_perturbations(network):
        arguments.append(f"perturbations={_perturbations(done, network)}")
    if screen.phenotypes == project.phenotypes and project.phenotypes:
        arguments.append("phenotypes=project.phenotypes")
    elif screen.phenotypes:
        names = [p.name for p in screen.phenotypes]
        arguments.append(f"phenotypes=[p for p in project.phenotypes if p.name in {write(names)}]")
    if screen.readouts:
        arguments.append(f"readouts={write(list(screen.readouts))}")
    return arguments


def _perturbations(done: Sequence[Perturbation], network: LogicalNetwork) -> str:
    singles = single_perturbations(network)
    if len(done) > len(singles) and done == [*singles, *pairs(network)]:
        return "[*regnet.single_perturbations(project.network), *regnet.pairs(project.network)]"
    if all(len(p.clamps) == 1 and not p.cuts for p in done):
        held = [next(iter(p.clamps.items())) for p in done]
        if all(low == high for _, (low, high) in held) and len(done) > 4:
            rows = write([(name, low) for name, (low, _) in held])
            return f"[regnet.Perturbation(regnet.Space({{n: level}})) for n, level in {rows}]"
    return write(list(done))


def _scenario(scenario: Scenario, project: Project) -> str:
    if scenario in project.scenarios:
        return f"project.scenario({scenario.name!r})"
    return write(scenario)


def report_code(
    results: Sequence[Result],
    screen: Result | None,
    *,
    further: Sequence[Result] = (),
    compare: bool,
    date: str,
    unwanted: Sequence[str],
    folder: str,
    forms: Sequence[str],
) -> str:
    """Return the statements that make a report and write it."""
    arguments = ["project", f"attractors=[{', '.join(name_of(r) for r in results)}]"]
    if screen is not None:
        arguments.append(f"screen={name_of(screen)}")
    if further:
        arguments.append(f"further=[{', '.join(name_of(r) for r in further)}]")
    if compare:
        arguments.append(
            "comparisons=[regnet.find_attractors(project.network, s, phenotypes=project.phenotypes)"
            " for s in regnet.report.compared_scenarios(project)]"
        )
    if date:
        arguments.append(f"date={date!r}")
    lines = [_call("report = regnet.build_report", *arguments)]
    if unwanted:
        kept = f"tuple(s for s in report.sections if s.key not in {write(sorted(unwanted))})"
        lines.append(_call("report = replace", "report", f"sections={kept}"))
    lines.append(
        _call("regnet.write_report", "report", repr(folder), f"forms={write(list(forms))}")
    )
    return "\n".join(lines)


# --- values ------------------------------------------------------------------------------------


def write(value: Any) -> str:
    """Return an expression that gives an equal value.

    >>> from regnet.space import Space
    >>> write(Perturbation(Space({"LIF": 0})))
    "regnet.Perturbation(regnet.Space({'LIF': 0}))"
    """
    match value:
        case Space():
            return f"regnet.Space({write(value.levels())})"
        case Expr():
            return f"regnet.parse({str(value)!r})"
        case tuple():
            return f"({', '.join(map(write, value))}{',' * (len(value) == 1)})"
        case list():
            return f"[{', '.join(map(write, value))}]"
        case frozenset():
            inside = ", ".join(map(write, sorted(value)))
            return f"frozenset({{{inside}}})" if value else "frozenset()"
        case Mapping():
            return "{" + ", ".join(f"{write(k)}: {write(v)}" for k, v in value.items()) + "}"
    if is_dataclass(value) and not isinstance(value, type):
        return _write_object(value)
    return repr(value)


def _write_object(value: Any) -> str:
    """Return the call that makes a dataclass, without what is at its default."""
    kind = type(value)
    home = "regnet" if hasattr(regnet, kind.__name__) else kind.__module__
    parts: list[str] = []
    in_order = True
    for field in (f for f in fields(value) if f.init):
        own = getattr(value, field.name)
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        if own == default:
            in_order = False
            continue
        parts.append(write(own) if in_order else f"{field.name}={write(own)}")
    return _call(f"{home}.{kind.__name__}", *parts)


def _call(function: str, *arguments: str) -> str:
    """Return a call, on several lines where one is too long."""
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= _WIDTH and "\n" not in line and "#" not in line:
        return line
    inside = "".join(
        "    " + argument.replace("\n", "\n    ") + ("" if argument[:1] == "#" else ",") + "\n"
        for argument in arguments
    )
    return f"{function}(\n{inside})"
