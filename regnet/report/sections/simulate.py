"""Time courses."""

from __future__ import annotations

from typing import Any

from regnet.analysis.simulate import BANDS, SHARES, Arrival, Courses, counted_words, dynamics_of
from regnet.analysis.simulate.estimate import Band, Estimate
from regnet.figures.courses import courses_figure
from regnet.figures.theme import ADAPTIVE, LIGHT, level_text
from regnet.logic import Expr
from regnet.project import Project
from regnet.records import describe_scenario
from regnet.report.document import Block, Section, Table, Text
from regnet.report.sections.phrases import (
    certainty,
    count,
    figures_of,
    readable,
)
from regnet.scenario import Scenario
from regnet.space import Space

METHODS = {
    "simulate": "In time the model is a continuous-time Markov chain: a component that is about to "
    "move does so at its rate (Stoll et al. 2012). Where the states that can be reached are few, "
    "the chain was solved by uniformisation (Jensen 1953) and the numbers are exact; else they are "
    "estimated from random runs (Gillespie 1977), with bands of 95 % (Wilson 1927). Bands cover "
    "the chance of the runs, not what is not known of the rates or of the biology. What is said "
    "of time depends on the rates; attractors do not.",
}
"""Question -> how it is answered, for the methods of a report."""

MOST_DRAWN = 8
"""Maximum number of components and phenotypes drawn, those first that the model compares."""

_QUANTILES = tuple(f"{share:.0%} by" for share in SHARES)
_LISTED = 12  # outcomes
_STILL = 1e-3  # smaller changes are not reported


def courses_section(answer: Courses, project: Project) -> Section:
    """Return time courses as charts and tables: where things end, first times, the long run."""
    name = answer.origin.title
    blocks: list[Block] = [Text(_about(answer))]
    moving = _moving(answer, project)
    drawn = list(moving)[:MOST_DRAWN]
    if drawn:
        plain, adaptive = (
            courses_figure([answer], names=drawn, theme=t) for t in (LIGHT, ADAPTIVE)
        )
        bands = f"; {BANDS}" if answer.trajectories else ""
        rest = len(moving) - len(drawn)
        others = f" The data files have {count(rest, 'more course')}." if rest else ""
        counts = [share.counts for share in answer.shares if share.name in drawn]
        told = counted_words(counts, answer.undecided)
        words = " ".join(("", *told))
        caption = (
            f"Mean levels of components and probabilities of phenotypes{bands}.{words}{others}"
        )
        blocks += figures_of("time", (plain,), (adaptive,), caption)
        measures = {s.name: s.measure for s in answer.shares if s.counts != "holds"}
        rows = tuple(
            (
                ", ".join((quantity, *filter(None, [measures.get(quantity)]))),
                _told(moving[quantity][0]),
                _told(moving[quantity][-1]),
                _span(moving[quantity]),
            )
            for quantity in drawn
        )
        head = ("Quantity", "At time 0", f"At time {answer.times[-1]:g}", "From lowest to highest")
        caption = "Mean levels and probabilities at the beginning and at the end."
        blocks.append(Table(head, rows, (2.4, 1.4, 2, 1.8), caption))
    else:
        blocks.append(Text("Nothing that is followed changes."))
    if answer.arrivals:
        tops = {c.name: c.top for c in project.network.components}
        arrivals = tuple(_arrival(arrival, tops) for arrival in answer.arrivals)
        titles = ("First time that", "By the end", "Mean of these", *_QUANTILES, "Eventually")
        caption = "First times."
        blocks.append(Table(titles, arrivals, (2.4, 1.8, 1.8, 0.9, 0.9, 0.9, 1.3), caption))
    if answer.outcomes:
        alike = _alike([outcome.space for outcome in answer.outcomes])
        outcomes = tuple(
            (
                f"{outcome.probability:.4f}",
                "fixed point" if outcome.rests else "keeps changing",
                _levels(outcome.space, alike),
            )
            for outcome in answer.outcomes[:_LISTED]
        )
        caption = "In the long run, if nothing is changed any more; components not named are at 0"
        caption += " or the same in all of these." if alike else "."
        blocks.append(Table(("Probability", "There it", "Where"), outcomes, (1.1, 1.2, 6), caption))
    return Section("time", f"Time courses: {name}", tuple(blocks))


def _about(answer: Courses) -> str:
    scenario = answer.origin.scenario
    how = f"{answer.trajectories:,} random runs" if answer.trajectories else "linear algebra"
    basis = f" Of the model: {'; '.join(answer.basis)}." if answer.basis else ""
    settled = f" It ran for {answer.settle:g} before time 0." if answer.settle else ""
    changes = "; ".join(map(str, answer.schedule))
    done = f" Changed on the way: {changes}." if changes else ""
    done += _averaged(answer)
    return (
        f"From time 0 to {answer.times[-1]:g} ({describe_scenario(scenario)}), by {how}; a "
        f"component that is about to move does so at a rate ({answer.rates}).{basis}{settled}"
        f"{done} " + certainty(answer.origin, answer.complete, answer.missing)
    )


def _averaged(answer: Courses) -> str:
    """Return over what the numbers are averages, where the start does not say where all begin."""
    scenario, origin = answer.origin.scenario, answer.origin
    fixed = {
        name
        for space in (scenario.start, scenario.perturbation.clamps)
        for name, (low, high) in space.items()
        if low == high
    }
    drawn = {name for group in getattr(scenario.start, "drawn", ()) for name in group.components}
    free = [name for name in origin.components if name not in fixed | drawn]
    if not free:
        return ""
    inputs = f", among them the inputs {', '.join(origin.open_inputs)}" * bool(origin.open_inputs)
    return (
        f" The start leaves {count(len(free), 'component')} free{inputs}: every number is an "
        "average over all their levels, each equally likely."
    )


def _moving(answer: Courses, project: Project) -> dict[str, Band]:
    """Return what changes: what the model compares, then phenotypes, then the other components."""
    compared = [name for c in project.comparisons for name in c.readouts]
    means = {course.name: course.mean for course in answer.readouts}
    found = {name: means[name] for name in compared if name in means}
    found |= {share.name: share.band for share in answer.shares if share.name not in found}
    found |= {name: band for name, band in means.items() if name not in found}
    return {
        name: band for name, band in found.items() if max(band.values) - min(band.values) > _STILL
    }


def _arrival(arrival: Arrival, tops: dict[str, int]) -> tuple[str, ...]:
    condition: Expr = arrival.condition
    return (
        readable(condition, tops),
        _told(arrival.arrived[-1]),
        "-" if arrival.mean is None else _told(arrival.mean),
        *("-" if at is None else f"{at:.3g}" for at, _, _ in arrival.quantiles),
        "-" if arrival.ever is None else f"{arrival.ever:.4f}",
    )


def _told(estimate: Estimate) -> str:
    value, low, high = estimate.value, estimate.low, estimate.high
    return f"{value:.4f}" if low == high else f"{value:.3f} ({low:.3f}–{high:.3f})"


def _span(band: Band) -> str:
    return f"{min(band.values):.3f} to {max(band.values):.3f}"


def _alike(spaces: list[Space]) -> set[str]:
    if len(spaces) < 2:
        return set()
    return {n for n, levels in spaces[0].items() if all(s[n] == levels for s in spaces)}


def _levels(space: Space, alike: set[str]) -> str:
    shown = (
        f"{name}={level_text(levels)}"
        for name, levels in space.items()
        if name not in alike and levels != (0, 0)
    )
    return ", ".join(shown) or "all at 0"


def usual(project: Project, scenario: Scenario, _key: str, _about: str) -> dict[str, Any]:
    """Return the options with which a report asks this; keys as in `regnet.questions.EXTRAS`."""
    dynamics = dynamics_of(project, scenario)
    return {
        **dynamics.options(),
        "until": dynamics.until,
        "readouts": dynamics.readouts,
        "phenotypes": project.phenotypes,
        "first": project.timed,
    }
