"""Arguments: conversion of text and names to the values that analyses take.

A project may be given for a network, the name of a scenario for the scenario, text for a condition,
a formula or a perturbation, and one name for a list of one. All analyses convert their arguments
here, by the name of the parameter, so that it is uniform; invalid text is a RegnetError. Values of
the right type are passed unchanged.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from regnet.changes import parse_changes
from regnet.errors import NetworkError, RegnetError, UnknownNameError
from regnet.evidence import Phenotype
from regnet.logic import Expr
from regnet.project import Project
from regnet.scenario import Perturbation, Scenario
from regnet.space import Space
from regnet.temporal import Formula, of, parse_query

_CHANGE = re.compile(r"[=%\[]|->|→|\bKO\b", re.IGNORECASE)
"""Characters by which a text is a perturbation and not the name of a scenario."""

Reader: TypeAlias = Callable[[Any, Project], Any]
"""Converts an argument for a model."""

Usual: TypeAlias = Callable[[Project, Mapping[str, Any]], Mapping[str, Any]]
"""Returns default arguments for a project, given those that were passed."""


def bound(
    function: Callable[..., Any],
    signature: inspect.Signature,
    arguments: tuple[Any, ...],
    options: Mapping[str, Any],
) -> inspect.BoundArguments:
    """Return the arguments of a call, in which the scenario may be omitted.

    ``query(project, "EF A")`` is ``query(project, None, "EF A")``.

    Raises
    ------
    TypeError
        If the call does not fit, as from a plain call of the function.
    """
    try:
        return signature.bind(*arguments, **options)
    except TypeError as error:
        if arguments and "scenario" in signature.parameters and "scenario" not in options:
            try:
                return signature.bind(arguments[0], None, *arguments[1:], **options)
            except TypeError:
                pass
        raise TypeError(f"{function.__name__}() {error}") from None


def read_arguments(
    signature: inspect.Signature,
    given: dict[str, Any],
    *,
    untouched: Iterable[str] = (),
    readers: Mapping[str, Reader] | None = None,
    usual: Usual | None = None,
) -> Project:
    """Convert arguments to values, in place, and return the model.

    Parameters
    ----------
    signature
        Signature of the function; its first parameter is the model.
    given
        Its arguments by name.
    untouched
        Parameters that are not converted.
    readers
        Further readers by parameter.
    usual
        Further values taken from a project by default.
    """
    about = next(iter(signature.parameters))
    asked = given[about]
    model = _model(asked)
    given[about] = model.network if about == "network" else model
    for name, value in given.items():
        reader = (readers or {}).get(name) or READERS.get(name)
        if value is not None and reader is not None and name not in untouched:
            given[name] = reader(value, model)
    if isinstance(asked, Project) and about == "network":
        if "phenotypes" in signature.parameters:
            given.setdefault("phenotypes", model.phenotypes)
        given |= {} if usual is None else usual(model, given)
    return model


def _model(value: Any) -> Project:
    model = Project.of(value)
    if model.unknown:
        raise NetworkError(
            f"a model cannot be analysed without the rule of {', '.join(model.unknown[:3])}"
        )
    return model


def _wrong(what: str, value: object, expected: str) -> RegnetError:
    text = repr(value)
    shown = f"{text[:60]}…" if len(text) > 60 else text
    return NetworkError(f"{what} cannot be {shown}: give {expected}")


# --- one thing ---------------------------------------------------------------------------------


def read_scenario(value: Any, model: Project) -> Scenario:
    """Return the scenario of that name, or the one that a text or a dict describes."""
    if isinstance(value, Scenario):
        return value
    if isinstance(value, str):
        known = [scenario.name for scenario in model.scenarios]
        if value in known:
            return model.scenario(value)
        if value == "wild type":
            return Scenario()
        if _CHANGE.search(value):
            return Scenario(perturbation=parse_changes(value, model.network))
        if not known:
            text = f"there is no scenario {value!r}: the model has none, and a network never has"
            raise NetworkError(text)
        raise UnknownNameError("scenario", value, known)
    if isinstance(value, Perturbation | Mapping):
        return Scenario(perturbation=Perturbation.of(value))
    raise _wrong("a scenario", value, "a Scenario, the name of one, or levels such as 'LIF=0'")


def read_condition(value: Any, model: Project) -> Expr:
    """Return a condition; the name of a phenotype denotes its condition."""
    if isinstance(value, Phenotype):
        return value.condition
    if isinstance(value, str):
        named = [p for p in model.phenotypes if p.name == value]
        return named[0].condition if named else model.network.parse(value)
    if isinstance(value, Expr):
        return value
    raise _wrong("a condition", value, "text such as 'Mass:2 & !LIF'")


def read_target(value: Any, model: Project) -> Phenotype | Expr:
    """Return the phenotype of that name, or a condition."""
    if isinstance(value, Phenotype):
        return value
    named = [p for p in model.phenotypes if p.name == value]
    return named[0] if named else read_condition(value, model)


def read_formula(value: Any, model: Project) -> Formula:
    """Return a formula such as ``EF Mass:2``."""
    if isinstance(value, Formula):
        return value
    if isinstance(value, Expr):
        return of(value)
    if isinstance(value, str):
        return parse_query(value, model.network, model.phenotypes)
    raise _wrong("a formula", value, "text such as 'EF Mass:2'")


def read_perturbation(value: Any, model: Project) -> Perturbation:
    """Return a perturbation; the name of a component alone denotes its knock-out."""
    if isinstance(value, Perturbation):
        return value
    if isinstance(value, str):
        if value in model.network:
            return Perturbation({value: 0})
        return parse_changes(value, model.network)
    if isinstance(value, Mapping):
        return Perturbation.of(value)
    raise _wrong("a perturbation", value, "a Perturbation, or text such as 'LIF=0, A->B'")


def _read_phenotype(value: Any, model: Project) -> Phenotype:
    if isinstance(value, Phenotype):
        return value
    if isinstance(value, str):
        for phenotype in model.phenotypes:
            if phenotype.name == value:
                return phenotype
        raise UnknownNameError("phenotype", value, [p.name for p in model.phenotypes])
    raise _wrong("a phenotype", value, "a Phenotype, or its name")


def _read_state(value: Any, model: Project) -> Any:
    """Return a state, as levels in the order of the network, from levels by name."""
    if not isinstance(value, str | Mapping):
        return value
    levels = Space.of(value).fixed
    for name in levels:
        model.network[name]
    missing = [name for name in model.network if name not in levels]
    if missing:
        raise NetworkError(f"a state needs a level of each component, also of {missing[0]}")
    return tuple(levels[name] for name in model.network)


# --- several -----------------------------------------------------------------------------------


def several(read: Reader) -> Reader:
    """Return the reader of several values, or of a single one, from the reader of one."""

    def read_all(value: Any, model: Project) -> Any:
        if not isinstance(value, list | tuple | set | frozenset | Iterator):
            whole = not isinstance(value, str | Mapping) and isinstance(value, Iterable)
            return value if whole else (read(value, model),)
        return tuple(read(one, model) for one in value)

    return read_all


def _read_phenotypes(value: Any, model: Project) -> Any:
    if isinstance(value, Mapping):
        return tuple(Phenotype(name, read_condition(c, model)) for name, c in value.items())
    return several(_read_phenotype)(value, model)


def _read_names(value: Any, _model: Project) -> Any:
    return (value,) if isinstance(value, str) else value


READERS: Mapping[str, Reader] = {
    "scenario": read_scenario,
    "before": read_scenario,
    "after": read_scenario,
    "contexts": several(read_scenario),
    "condition": read_condition,
    "first": several(read_condition),
    "target": read_target,
    "formula": read_formula,
    "perturbations": several(read_perturbation),
    "knock_outs": several(read_perturbation),
    "phenotypes": _read_phenotypes,
    "then": lambda value, _model: Space.of(value),
    "start": _read_state,
    "path": several(_read_state),
    "readouts": _read_names,
    "allow": _read_names,
    "forbid": _read_names,
    "only": _read_names,
    "targets": _read_names,
    "variants": _read_names,
}
"""Parameter -> its reader, in all analyses."""
