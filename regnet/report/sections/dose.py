"""How readouts follow a dose."""

from __future__ import annotations

from typing import Any

from regnet.analysis.dose import DoseResponse
from regnet.analysis.dose.dose_text import (
    feed_forward_words,
    time_causes,
    time_verdict,
    time_words,
    times_heading,
    verdict,
)
from regnet.analysis.simulate import dynamics_of
from regnet.figures.dose import dose_figure, rows_of
from regnet.figures.theme import ADAPTIVE, LIGHT, level_text
from regnet.project import Project
from regnet.records import describe_scenario
from regnet.report.document import Block, Section, Table, Text
from regnet.report.sections.phrases import certainty, compared_readouts, figures_of
from regnet.scenario import UPDATES, Perturbation, Scenario
from regnet.space import Space

METHODS = {
    "dose": "A dose response holds one component at each of its levels and compares the "
    "attractors; paths by which a dose acts are paths of the signed network.",
}
"""Question -> how it is answered, for the methods of a report."""


def dose_response_section(answer: DoseResponse, project: Project) -> Section:
    """Return a dose response as charts and a table, with what turns the curves."""
    network = project.network
    sure = certainty(answer.origin, answer.complete, answer.missing)
    given = describe_scenario(answer.origin.scenario)
    then = f" When the network has settled, {answer.then} is set at once." if answer.then else ""
    about = f"{answer.dose} is held at each of its levels ({given}).{then} {sure}"
    blocks: list[Block] = [Text(about)]
    blocks += [Text(sentence) for sentence in feed_forward_words(answer)]
    if rows_of(answer, network.tops):
        plain, adaptive = (dose_figure(answer, network, theme=t) for t in (LIGHT, ADAPTIVE))
        read = any(curve.readout in network for curve in answer.reference.curves)
        more = "; after them, what depends on the rates" if answer.reference.times else ""
        caption = (
            f"{'Levels' if read else 'Phenotypes'} in the attractors at each level of "
            f"{answer.dose}{more}."
        )
        blocks += figures_of("dose", (plain,), (adaptive,), caption)
    levels = [f"{answer.dose}={level}" for level in range(network[answer.dose].top + 1)]
    rows = []
    for curve in answer.reference.curves:
        if curve.readout in network:
            cells = ["?" if r is None else level_text(r) for r in curve.ranges]
        else:
            names = {(0, 0): "none", (0, 1): "some", (1, 1): "all", None: "?"}
            cells = [names[r] for r in curve.ranges]
        rows.append((curve.readout, *cells, verdict(curve)))
    widths = (2.0, *(1.0 for _ in levels), 1.6)
    caption = f"Readouts at each level of {answer.dose}."
    blocks.append(Table(("Readout", *levels, "Verdict"), tuple(rows), widths, caption))
    if answer.reference.times:
        timed = tuple(
            (c.question.label, *map(time_words, c.points), time_verdict(c))
            for c in answer.reference.times
        )
        caption = f"{times_heading(answer)}."
        blocks.append(Table(("In time", *levels, "Verdict"), timed, widths, caption))
        blocks += [Text(sentence) for sentence in time_causes(answer)]
    ways = tuple(
        (bound.readout, f"{'rises' if bound.moves > 0 else 'falls'} at {bound.level}", str(path))
        for bound in answer.bounds
        for path in bound.paths
    )
    if ways:
        caption = f"Along which paths {answer.dose} acts where a readout changes."
        if not all(bound.complete for bound in answer.bounds):
            caption += " Not all paths were compared: there may be better ones."
        blocks.append(Table(("Readout", "Change", "Path"), ways, (1.4, 1.2, 5), caption))
    return Section("dose", f"Dose of {answer.dose}", tuple(blocks))


def usual(project: Project, scenario: Scenario, _key: str, about: str) -> dict[str, Any]:
    """Return the options with which a report asks this; keys as in `regnet.questions.EXTRAS`."""
    readouts = compared_readouts(project)
    options = {"dose": about, "readouts": readouts, "phenotypes": project.phenotypes}
    held = scenario.perturbed(Perturbation(Space({about: 0})))
    if not held.open_components(project.network) and scenario.update == UPDATES[0]:
        options |= {"first": project.timed, **dynamics_of(project, scenario).pace()}
    return options
