"""Scripting: the actions in the window as Python code.

Edits are derived by comparing the project before and after, so that every possible edit is covered;
results from the question in their `Origin`. A session is a list of `Entry` objects that runs from
top to bottom and gives the same numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any

import regnet
from gui.model.document import Result
from regnet.errors import RegnetError
from regnet.evidence import Phenotype
from regnet.logic import Expr
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.questions import QUESTIONS, question_of
from regnet.scenario import Scenario
from regnet.space import Space
from regnet.temporal import Formula

_WIDTH = 88
_MODULE = re.compile(r"\b(regnet(?:\.[a-z_]+)+)\.\w+")


class Kind(Enum):
    """The kind of an entry."""

    EDIT = "edit"
    RESULT = "result"
    ACT = "act"


@dataclass(frozen=True)
class Entry:
    """One action: a comment line, statements, and the projects before and after."""

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
    """The actions since a project was opened."""

    def __init__(self, start: Project) -> None:
        self.start = start
        self.entries: list[Entry] = []

    @property
    def now(self) -> Project:
        """The project after all actions."""
        return self.entries[-1].after if self.entries else self.start

    def edit(self, title: str, before: Project, after: Project) -> None:
        """Record an edit; one that undoes or continues the last one is merged with it."""
        last = self.entries[-1] if self.entries else None
        if last is not None and last.kind is Kind.EDIT and last.before == after:
            self.entries.pop()
            return
        statements = edit_statements(before, after)
        if last is not None and last.kind is Kind.EDIT:
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
        """Record a result, after the entry at which the network was that of the result."""
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
        """Record another action."""
        self.entries.append(Entry(Kind.ACT, title, (code,), self.now, self.now))

    def text(self, load: str) -> str:
        """Return the whole script; `load` is the expression that loads the project."""
        body = "\n\n".join([f"project = {load}", *(entry.code for entry in self.entries)])
        modules = {match[1] for match in _MODULE.finditer(body)}
        imports = ["import regnet", *sorted(f"import {module}" for module in modules)]
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
            try:
                made = made.with_component(component)
            except RegnetError:  # its rule names a component that is added later
                return [_call("project = replace", "project", f"network={write(after)}")]
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


def name_of(result: Result) -> str:
    """Return the variable name of a result."""
    question = question_of(result.value)
    return f"{question.kind if question else 'result'}_{result.number}"


def result_statements(result: Result, project: Project) -> tuple[str, ...]:
    """Return the statements that compute a result again and print its summary."""
    asked, name = result.origin.asked, name_of(result)
    if asked is None:
        return (f"# {type(result.value).__name__}: its question is not known",)
    question = QUESTIONS[asked.question]
    arguments = ["project" if question.of_project else "project.network"]
    arguments += [
        f"{option}={_option(option, value, project)}" for option, value in asked.options.items()
    ]
    call = _call(f"{name} = {_place_of(question.ask)}", *arguments)
    return (call, f"print({f'{result.title}:'!r}, regnet.questions.summary_of({name}))")


def _option(name: str, value: Any, project: Project) -> str:
    """Return the expression for an option; objects of the project are referred to by name."""
    if name == "phenotypes":
        return _phenotypes(value, project)
    match value:
        case Scenario():
            return _scenario(value, project)
        case Phenotype() if value in project.phenotypes:
            return f"project.phenotypes[{project.phenotypes.index(value)}]"
        case Formula():
            reading = ("project.network", "project.phenotypes")
            return _call("regnet.temporal.parse_query", repr(str(value)), *reading)
        case tuple() if any(isinstance(part, Scenario) for part in value):
            return f"[{', '.join(_scenario(part, project) for part in value)}]"
        case _:
            return write(value)


def _phenotypes(asked: Sequence[Phenotype], project: Project) -> str:
    if tuple(asked) == project.phenotypes:
        return "project.phenotypes"
    if all(phenotype in project.phenotypes for phenotype in asked):
        names = write([phenotype.name for phenotype in asked])
        return f"[p for p in project.phenotypes if p.name in {names}]"
    return write(list(asked))


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
    author: str,
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
    arguments += [f"{name}={text!r}" for name, text in (("author", author), ("date", date)) if text]
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
    """Return an expression that evaluates to an equal value.

    >>> from regnet.scenario import Perturbation
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


def _place_of(thing: Any) -> str:
    """Return the shortest public name of a function or a class."""
    name = thing.__name__
    is_public = getattr(regnet, name, None) is thing
    return f"regnet.{name}" if is_public else f"{thing.__module__}.{name}"


def _write_object(value: Any) -> str:
    """Return the call that creates a dataclass, without default values."""
    kind = type(value)
    parts: list[str] = []
    in_order = True
    for field in (f for f in fields(value) if f.init):
        own = getattr(value, field.name)
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        if own == default:
            in_order = False
            continue
        parts.append(write(own) if in_order else f"{field.name}={write(own)}")
    return _call(_place_of(kind), *parts)


def _call(function: str, *arguments: str) -> str:
    """Return a call, on several lines if one is too long."""
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= _WIDTH and "\n" not in line and "#" not in line:
        return line
    inside = "".join(
        "    " + argument.replace("\n", "\n    ") + ("" if argument[:1] == "#" else ",") + "\n"
        for argument in arguments
    )
    return f"{function}(\n{inside})"
