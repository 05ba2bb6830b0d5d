"""Extras: further answers for a report, each with the usual form of its question.

``regnet report --with`` and the report panel of the window ask for the same; for more options, pass
results of the analyses to `build_report`.
"""

from __future__ import annotations

from inspect import signature
from typing import Any

from regnet.analysis import Asked, Progress, silent
from regnet.errors import RegnetError
from regnet.project import Project
from regnet.questions import EXTRAS, ask, scenarios_of
from regnet.scenario import Scenario


def parse_extra(text: str) -> tuple[str, str]:
    """Read a further answer such as ``dose=X``: a key of `EXTRAS`, and what it is about.

    Raises
    ------
    RegnetError
        If there is no such key, or if something is missing or too much behind it.

    Examples
    --------
    >>> parse_extra("query=EF A:1")
    ('query', 'EF A:1')
    """
    key, _, about = text.partition("=")
    if key not in EXTRAS or bool(about) is not bool(EXTRAS[key][0].about):
        forms = [f"{k}={extra.about}" if extra.about else k for k, (extra, _) in EXTRAS.items()]
        raise RegnetError(
            f"{text!r} is nothing that a report can have: "
            f"use {', '.join(forms[:-1])} or {forms[-1]}"
        )
    return key, about


def find_extra(
    project: Project,
    scenario: Scenario,
    what: str,
    about: str = "",
    *,
    engine: str = "auto",
    timeout: float | None = None,
    progress: Progress = silent,
) -> Any:
    """Return one further answer in a scenario.

    Parameters
    ----------
    project
        The model.
    scenario
        One of its scenarios, or another.
    what
        A key of `EXTRAS`. Simulations use the first of `scenarios_of`.
    about
        The component, the condition or the formula; empty if the key needs none.
    engine, timeout, progress
        As in the analyses; an engine only if the analysis has a choice.

    Raises
    ------
    RegnetError
        If `about` is not in the network, or not a formula.
    """
    question = EXTRAS[what][1]
    scenario, *_ = scenarios_of(project, scenario, what)
    usual = question.part("report.sections", "usual")
    common = {"scenario": scenario, "timeout": timeout, "engine": engine}
    known = signature(question.ask).parameters
    options = {name: value for name, value in common.items() if name in known}
    options |= usual(project, scenario, what, about)
    return ask(Asked(question.name, options), project, progress=progress)
