"""Wiring: default rules for components of which only the regulators and their signs are known.

None of them is correct for every component; each is a common initial assumption. So one is used
only if requested by name, and the rules are marked as assumptions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from regnet.errors import UnknownNameError
from regnet.logic import Expr, Not, conjunction, disjunction
from regnet.project import Kept, Project

_ASSUMED = "default rule"
INPUT = "input"

DEFAULT_RULES = {
    "inhibitor-wins": "on if any activator is on and no inhibitor is",
    "all-activators": "on if every activator is on and no inhibitor is",
    "any-activator": "on if any activator is on, or no inhibitor is",
}
"""Name -> when a component is on; the parts that it has no regulators for are left out."""


def default_rule(name: str, activators: Sequence[Expr], inhibitors: Sequence[Expr]) -> Expr:
    """Return the condition under which a component is on.

    Parameters
    ----------
    name
        One of `DEFAULT_RULES`.
    activators, inhibitors
        Its activators and inhibitors; at least one regulator.

    Raises
    ------
    UnknownNameError
        If there is no such default rule.

    Examples
    --------
    >>> from regnet.logic import Var
    >>> a, b, c = map(Var, "ABC")
    >>> [str(default_rule(name, [a, b], [c])) for name in DEFAULT_RULES]
    ['(A | B) & !C', 'A & B & !C', 'A | B | !C']
    """
    if name not in DEFAULT_RULES:
        raise UnknownNameError("default rule", name, DEFAULT_RULES)
    activated = (conjunction if name == "all-activators" else disjunction)(activators)
    free = conjunction([Not(inhibitor) for inhibitor in inhibitors])
    if not inhibitors:
        return activated
    if not activators:
        return free
    return (disjunction if name == "any-activator" else conjunction)([activated, free])


def keep_assumed(format: str, name: str, condition: Expr | None, component: str) -> Kept:
    """Return what is kept with a model so that its answers can say what they rest on.

    Without a condition, the component is taken as an input.
    """
    text = INPUT if condition is None else f"{name}: {condition}"
    return Kept(format, _ASSUMED, text, component)


def assumed(project: Project) -> Iterator[tuple[str, list[str]]]:
    """Yield each default rule in use, with its components.

    `INPUT` denotes regulated components that are taken as inputs.
    """
    found: dict[str, list[str]] = {}
    for kept in project.kept:
        if kept.what != _ASSUMED or kept.component not in project.network:
            continue
        rule = project.network[kept.component].rule
        name, _, condition = str(kept.content).partition(": ")
        same = name == INPUT if rule is None else str(rule.reaches(1)) == condition
        if same:
            found.setdefault(name, []).append(kept.component)
    yield from found.items()
