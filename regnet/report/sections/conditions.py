"""Several scenarios and variants in time."""

from __future__ import annotations

from typing import Any

from regnet.analysis.conditions import Conditions
from regnet.analysis.simulate import BANDS
from regnet.analysis.simulate.clock import first_words
from regnet.figures.courses import LINES, courses_figure
from regnet.figures.theme import ADAPTIVE, LIGHT
from regnet.project import Project
from regnet.rates import time_words
from regnet.records.conditions import ends_words
from regnet.report.document import Block, Section, Table, Text
from regnet.report.sections.phrases import certainty, compared_readouts, figures_of, readable
from regnet.scenario import UPDATES, Scenario

METHODS = {
    "conditions": "Several scenarios were followed in time with the same rates unless a scenario "
    "names its own. Mean first times are those of the Markov chain without an end to look until "
    "(Stoll et al. 2012), by one sparse solve where few states can be reached and by random runs "
    "(Gillespie 1977) elsewhere.",
}
"""Question -> its method, for the methods section of a report."""

MOST_LISTED = 8
"""Maximum number of conditions reported unless they are named."""


def conditions_section(found: Conditions, project: Project) -> Section:
    """Return the time courses in one figure, and a table of first times by condition."""
    sure = certainty(found.origin, found.complete, found.missing)
    blocks: list[Block] = [Text(f"All of it with {found.rates}. {sure}")]
    all_ = found.conditions
    parts = [all_[k : k + len(LINES)] for k in range(0, len(all_), len(LINES))]
    plain, adaptive = (
        [
            courses_figure(
                [one.courses for one in part], titles=[one.title for one in part], theme=theme
            )
            for part in parts
        ]
        for theme in (LIGHT, ADAPTIVE)
    )
    is_sampled = any(one.courses.trajectories for one in found.conditions)
    caption = f"Mean levels and probabilities in time{f'; {BANDS}' if is_sampled else ''}."
    blocks += figures_of("conditions", plain, adaptive, caption)
    unit, tops = time_words(found.unit), project.network.tops
    rows = tuple(
        (one.title, *(first_words(first) for first in one.firsts), ends_words(one))
        for one in found.conditions
    )
    firsts = [f"{readable(condition, tops)} first" for condition in found.first]
    words = f"Mean first times in {unit}, with {found.rates}, and the phenotypes it can end with."
    widths = (2.4, *(1.4 for _ in firsts), 2.2)
    blocks.append(Table(("Condition", *firsts, "Ends as"), rows, widths, words))
    return Section("conditions", "Conditions side by side in time", tuple(blocks))


def usual(project: Project, scenario: Scenario, _key: str, _about: str) -> dict[str, Any]:
    """Return the options with which a report asks this; keys as in `regnet.questions.EXTRAS`."""
    compared = [name for c in project.comparisons for name in c.scenarios]
    own = [scenario, *(project.scenario(name) for name in dict.fromkeys(compared))]
    if len(own) == 1:
        own += project.scenarios
    fitting = [
        one for one in own if one.update == UPDATES[0] and not one.open_components(project.network)
    ]
    return {
        "contexts": tuple({one.name or str(one): one for one in fitting}.values())[:MOST_LISTED],
        "first": project.timed,
        "readouts": compared_readouts(project),
    }
