"""Responses to pulses of a dose."""

from __future__ import annotations

from typing import Any

from regnet.analysis.dose.dose_text import (
    about,
    amount,
    differs_late,
    given,
    late_title,
    pulse_verdict,
)
from regnet.analysis.dose.pulses import AMOUNTS, PulseResponse, parse_amounts
from regnet.analysis.simulate import BANDS, counted_words, dynamics_of
from regnet.figures.pulses import pulse_charts, pulse_figure
from regnet.figures.theme import ADAPTIVE, LIGHT
from regnet.project import Project
from regnet.records import describe_scenario
from regnet.report.document import Block, Section, Table, Text
from regnet.report.sections.phrases import certainty, compared_readouts, figures_of
from regnet.scenario import Scenario

METHODS = {
    "pulses": "A dose that is given for some of the time was followed by a time course for each "
    "amount (Stoll et al. 2012), exactly where few states can be reached and by random runs "
    "(Gillespie 1977) elsewhere.",
}
"""Question -> how it is answered, for the methods of a report."""

_DRAWN = 6  # charts in one drawing
_COLUMNS = 7  # amounts in one table; of more, the data files have the others


def pulse_response_section(answer: PulseResponse, _project: Project) -> Section:
    """Return the response to pulses as charts and a table, with verdicts."""
    sure = certainty(answer.origin, answer.complete, answer.missing)
    basis = f" Of the model: {'; '.join(answer.basis)}." if answer.basis else ""
    settled = f" It ran for {answer.settle:g} before time 0." if answer.settle else ""
    changes = "; ".join(map(str, answer.schedule))
    done = f" Changed besides: {changes}." if changes else ""
    what = given(answer)
    blocks: list[Block] = [
        Text(
            f"{what} ({describe_scenario(answer.origin.scenario)}). A component that is about to "
            f"move does so at a rate ({answer.rates}).{basis}{settled}{done} {sure}"
        )
    ]
    charts = pulse_charts(answer)
    drawn = [c.curve.readout for c in charts if c.curve.turns] or [c.curve.readout for c in charts]
    plain, adaptive = (
        [
            pulse_figure(answer, names=drawn[first : first + _DRAWN], theme=theme)
            for first in range(0, len(drawn), _DRAWN)
        ]
        for theme in (LIGHT, ADAPTIVE)
    )
    bands = f"; {BANDS}" if answer.origin.guarantee == "sampled" else ""
    told = counted_words([chart.curve.counts for chart in charts], answer.undecided)
    words = " ".join(("", *told))
    caption = f"Mean levels of components and probabilities of phenotypes{bands}.{words}"
    blocks += figures_of("pulses", plain, adaptive, caption)
    places = _places(len(answer.amounts))
    titles = ("Readout", *(amount(answer.amounts[i], answer.by) for i in places), "Verdict")
    rows = tuple(
        row
        for curve in (chart.curve for chart in charts)
        for row in (
            (
                f"{curve.readout}, {curve.measure}" if curve.counts == "settled" else curve.readout,
                *(about(curve.values[i]) for i in places),
                pulse_verdict(curve, answer.by),
            ),
            *(
                [(late_title(answer), *(about(curve.late[i]) for i in places), "")]
                if differs_late(curve)
                else []
            ),
        )
    )
    caption = "The two amounts of a verdict bracket the half-maximal change."
    blocks.append(Table(titles, rows, (1.8, *(1.0 for _ in places), 2.4), caption))
    by = "how long it is given" if answer.by == "duration" else "the share of time"
    title = f"Dose of {answer.dose}, by {by}: {answer.origin.title}"
    return Section("pulses", title, tuple(blocks))


def _places(count: int) -> list[int]:
    """Return which amounts a table has: the first, the last, and some between."""
    if count <= _COLUMNS:
        return list(range(count))
    return sorted({round(i * (count - 1) / (_COLUMNS - 1)) for i in range(_COLUMNS)})


def usual(project: Project, scenario: Scenario, key: str, about: str) -> dict[str, Any]:
    """Return the options with which a report asks this; keys as in `regnet.questions.EXTRAS`."""
    return {
        **dynamics_of(project, scenario, until=0.0).options(),  # read when it has settled
        "dose": about,
        "level": project.network[about].top,
        "amounts": parse_amounts(AMOUNTS[key], key),
        "by": key,
        "readouts": compared_readouts(project),
        "phenotypes": project.phenotypes,
    }
