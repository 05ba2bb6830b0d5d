"""Prime implicants as JSON, as pyboolnet writes them: ``{"A": [[{"B": 0}], [{"B": 1}]]}``.

Each component has two lists: the prime implicants of "A is 0 next" and of "A is 1 next". A
constant has one empty implicant in one list and none in the other.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from regnet.diagram import ALWAYS, NEVER, Cube, Diagram, Function
from regnet.errors import FormatError, ParseError
from regnet.exchange.interchange import BooleanForm, limited_diagram
from regnet.exchange.jsontext import read_json
from regnet.exchange.portable import leaving_out, some
from regnet.logic import Expr, Var, conjunction, disjunction, variables
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Reading, Remark

MAX_PRIMES = 200_000
"""Prime implicants of one component that are written."""


def read(text: str, file: str = "") -> Reading:
    """Read prime implicants.

    Raises
    ------
    ParseError
        If the text is no such JSON, or the two lists of a component leave out a state or overlap.

    Examples
    --------
    >>> network = read('{"A": [[{"B": 1}], [{"B": 0}]]}').project.network
    >>> str(network["A"].rule.reaches(1)), network.inputs
    ('!B', ('B',))
    """
    data = read_json(text, file)
    if not isinstance(data, dict):
        raise ParseError("the prime implicants of each component are missing", file=file, line=1)
    rules = {name: _rule(name, value, file) for name, value in data.items()}
    remarks = []
    named = dict.fromkeys(v.name for expr in rules.values() for v in variables(expr))
    implicit = [name for name in named if name not in rules]
    if implicit:
        message = f"taken as input, because no implicants are given: {some(implicit)}"
        remarks.append(Remark("info", message))
    components = [
        Component(name, None if expr == Var(name) else Rule.of(expr))
        for name, expr in rules.items()
    ]
    components += [Component(name) for name in implicit]
    network = LogicalNetwork(tuple(components), name=Path(file).stem)
    return Reading(Project(network), tuple(remarks))


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return the prime implicants of a project, and remarks on what they cannot hold.

    Raises
    ------
    FormatError
        If a component has more than `MAX_PRIMES`.
    """
    form = BooleanForm(project.network, any_name=True)
    place = {v.name: n for n, v in enumerate(form.variables)}
    lines = []
    for v in form.variables:
        used = sorted(variables(v.condition), key=lambda var: place[form.atom(var)])
        names = [form.atom(var) for var in used]
        diagram = limited_diagram(f"the rule of {v.component.name} is too large for this format")
        f = diagram.read(v.condition, {(var.name, var.level): n for n, var in enumerate(used)})
        both = []
        for function in (diagram.negation(f), f):
            cubes = prime_implicants(diagram, function, MAX_PRIMES)
            if cubes is None:
                raise FormatError(f"{v.component.name} has more than {MAX_PRIMES} prime implicants")
            both.append([{names[n]: int(value) for n, value in cube} for cube in cubes])
        lines.append(f"{json.dumps(v.name)}: {json.dumps(both)}")
    remarks = form.remarks() + leaving_out("a file of prime implicants", project)
    return "{" + ",\n".join(lines) + "}\n", tuple(remarks)


def fits(text: str) -> bool:
    """Return whether a text looks like prime implicants: an object of pairs of lists."""
    try:
        data = read_json(text, "")
    except ParseError:
        return False
    return isinstance(data, dict) and all(
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(part, list) for part in value)
        for value in data.values()
    )


def prime_implicants(diagram: Diagram, f: Function, most: int) -> list[Cube] | None:
    """Return every prime implicant of a function, shortest first; None if there are too many.

    Coudert and Madre 1992, doi 10.1109/DAC.1992.227866.
    """
    memo: dict[Function, frozenset[Cube]] = {NEVER: frozenset(), ALWAYS: frozenset({()})}
    stack = [f]
    while stack:
        g = stack[-1]
        if g in memo:
            stack.pop()
            continue
        low, high = diagram.branches(g)
        common = diagram.both(low, high)
        pending = [h for h in (low, high, common) if h not in memo]
        if pending:
            stack.extend(pending)
            continue
        stack.pop()
        v, shared = diagram.variable(g), memo[common]
        memo[g] = (
            shared
            | {((v, False), *cube) for cube in memo[low] - shared}
            | {((v, True), *cube) for cube in memo[high] - shared}
        )
        if len(memo[g]) > most:
            return None
    return sorted(memo[f], key=lambda cube: (len(cube), cube))


def _rule(name: str, value: Any, file: str) -> Expr:
    """Return the condition for 1, checked against that for 0."""

    def fault(message: str) -> ParseError:
        return ParseError(f"{name}: {message}", file=file)

    if not name or name != name.strip():
        raise fault("this cannot be the name of a component")
    if not (isinstance(value, list) and len(value) == 2):
        raise fault("there are no two lists, of implicants of 0 and of 1")
    parts = []
    for implicants in value:
        if not isinstance(implicants, list):
            raise fault("the implicants are no list")
        conditions = []
        for implicant in implicants:
            if not isinstance(implicant, dict) or any(
                v not in (0, 1) or isinstance(v, float) or not n or n != n.strip()
                for n, v in implicant.items()
            ):
                raise fault(f"{json.dumps(implicant)[:60]} is no implicant")
            conditions.append(conjunction(Var(n) if v else ~Var(n) for n, v in implicant.items()))
        parts.append(disjunction(conditions))
    off, on = parts
    numbers: dict[tuple[str, int], int] = {}
    for expr in parts:
        for v in variables(expr):
            numbers.setdefault((v.name, v.level), len(numbers))
    diagram = Diagram()
    f, g = diagram.read(on, numbers), diagram.read(off, numbers)
    if diagram.both(f, g) != NEVER:
        raise fault("the implicants of 0 and of 1 hold in the same state")
    if diagram.either(f, g) != ALWAYS:
        raise fault("some states are in no implicant, neither of 0 nor of 1")
    return on
