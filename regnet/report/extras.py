"""Extras: further answers for a report, each asked as its question is usually meant.

``regnet report --with`` and the report panel of the window ask for the same; who wants to ask in
more detail gives `build_report` results of the analyses themselves.
"""

from __future__ import annotations

from typing import TypeAlias

from regnet.analysis import Progress, silent
from regnet.analysis.commitment import Commitment, find_commitment, random_run
from regnet.analysis.courses import Courses, simulate
from regnet.analysis.dose import DoseResponse, find_dose_response
from regnet.analysis.dose.pulses import AMOUNTS, PulseResponse, find_pulse_response, parse_amounts
from regnet.analysis.explain.several import Explanations, find_explanations
from regnet.analysis.query import Answer, query
from regnet.project import Project
from regnet.report import compared_readouts
from regnet.scenario import Scenario
from regnet.temporal import parse_query

Extra: TypeAlias = Answer | Commitment | Courses | DoseResponse | Explanations | PulseResponse

_EVERY, _UNTIL, _LONG = 8.0, 20.0, 40.0  # units of time


def find_extra(
    project: Project,
    scenario: Scenario,
    what: str,
    about: str = "",
    *,
    engine: str = "auto",
    timeout: float | None = None,
    progress: Progress = silent,
) -> Extra:
    """Return one further answer in a scenario.

    Parameters
    ----------
    project
        The model.
    scenario
        One of its scenarios, or another.
    what
        ``time``: courses in time; ``commitment``: where a random run gives up an attractor, the
        same run each time; ``why``: why a component is at its level; ``query``: whether a formula
        holds; ``dose``, ``duration``, ``share``: what follows from the level of a component, from
        how long or for what share of the time it is at its highest.
    about
        The component, or the formula; nothing for ``time`` and ``commitment``.
    engine, timeout, progress
        As in the analyses.

    Raises
    ------
    RegnetError
        If `about` names nothing of the network, or is no formula.
    """
    network, phenotypes = project.network, project.phenotypes
    readouts = compared_readouts(project)
    if what == "why":
        return find_explanations(
            network, scenario, about, phenotypes=phenotypes,
            engine=engine, timeout=timeout, progress=progress,
        )  # fmt: skip
    if what == "query":
        formula = parse_query(about, network, phenotypes)
        return query(network, scenario, formula, timeout=timeout, progress=progress)
    if what == "commitment":
        run = random_run(network, scenario)
        return find_commitment(
            network, scenario, run, phenotypes=phenotypes, timeout=timeout, progress=progress
        )
    if what == "time":
        return simulate(
            network, scenario, phenotypes=phenotypes, timeout=timeout, progress=progress
        )
    if what == "dose":
        return find_dose_response(
            network, scenario, about, readouts=readouts, phenotypes=phenotypes,
            engine=engine, timeout=timeout, progress=progress,
        )  # fmt: skip
    is_share = what == "share"
    return find_pulse_response(
        network, scenario, about, network[about].top, parse_amounts(AMOUNTS[what], what),
        by=what, every=_EVERY if is_share else 0.0, until=_LONG if is_share else _UNTIL,
        readouts=readouts, phenotypes=phenotypes, timeout=timeout, progress=progress,
    )  # fmt: skip
