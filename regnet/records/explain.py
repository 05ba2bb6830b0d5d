"""Explanations as records."""

from __future__ import annotations

from typing import Any

from regnet.analysis.explain import Explanation
from regnet.analysis.explain.chains import Link
from regnet.analysis.explain.explanation_text import condition_words, headline, link_words
from regnet.analysis.explain.several import Explanations
from regnet.figures.theme import level_text
from regnet.network import LogicalNetwork
from regnet.records.data import Rows, count_to_json, head, level_cell, levels_to_json, range_to_json


def explanations_to_json(
    found: Explanations, network: LogicalNetwork, *, timed: bool = True
) -> dict[str, Any]:
    """Return explanations of a component in some attractors as JSON data.

    `timed` as in `attractors_to_json`.
    """
    return {
        **head(found.origin, found.complete, found.missing, timed=timed),
        "component": found.component,
        "explanations": [
            {
                "attractor": one.number,
                "phenotypes": list(one.attractor.phenotypes),
                **_explanation(one.explanation, network),
            }
            for one in found.found
        ],
    }


def _explanation(answer: Explanation, network: LogicalNetwork) -> dict[str, Any]:
    return {
        "words": headline(answer, network),
        "at": levels_to_json(answer.at),
        "target": range_to_json(answer.target),
        "because": levels_to_json(answer.because),
        "chain": [_link(link, network) for link in answer.links],
        "edges": [
            {"source": source, "target": target, "sign": sign}
            for source, target, sign in answer.edges
        ],
        "loops": [list(loop) for loop in answer.loops],
        "circuit": list(answer.circuit),
        "phases": [
            {
                "level": phase.level,
                "moves": phase.moves,
                "states": phase.states,
                "reasons": [
                    {"levels": levels_to_json(reason), "states": states}
                    for reason, states in phase.reasons
                ],
            }
            for phase in answer.phases
        ],
        "changes": [
            {"levels": levels_to_json(change.levels), "target": range_to_json(change.target)}
            for change in answer.changes
        ],
        "size": answer.size,
        "interventions": [
            {
                "clamps": levels_to_json(intervention.clamps),
                "released": list(intervention.released),
                "levels": range_to_json(intervention.levels),
                "attractors": count_to_json(intervention.attractors),
                "phenotypes": list(intervention.phenotypes),
            }
            for intervention in answer.interventions
        ],
    }


def _link(link: Link, network: LogicalNetwork) -> dict[str, Any]:
    return {
        "component": link.name,
        "levels": range_to_json(link.levels),
        "kind": link.kind,
        "reason": None if link.reason is None else levels_to_json(link.reason),
        "reasons": [levels_to_json(reason) for reason in link.reasons],
        "against": levels_to_json(link.against),
        "in_vain": link.in_vain,
        "words": link_words(link, network),
    }


def explanations_to_rows(found: Explanations, network: LogicalNetwork) -> Rows:
    """Return a heading and a row for each link, phase, change and intervention."""
    rows: Rows = [["attractor", "what", "component", "levels", "because", "words"]]
    for one in found.found:
        label, name, answer = f"A{one.number}", found.component, one.explanation
        for link in answer.links:
            what = "in vain" if link.in_vain else "link"
            because = "" if link.reason is None else str(link.reason)
            rows.append([label, what, link.name, level_cell(link.levels), because,
                         link_words(link, network)])  # fmt: skip
        for phase in answer.phases:
            what = f"phase {('falling', 'steady', 'rising')[phase.moves + 1]}"
            because = " or ".join(str(reason) for reason, _ in phase.reasons)
            words = " or ".join(condition_words(reason, network) for reason, _ in phase.reasons)
            rows.append([label, what, name, phase.level, because, words])
        for change in answer.changes:
            rows.append([label, "change", name, level_cell(change.target), str(change.levels),
                         condition_words(change.levels, network)])  # fmt: skip
        for intervention in answer.interventions:
            rows.append([label, "intervention", name, level_cell(intervention.levels),
                         str(intervention), "; ".join(intervention.phenotypes)])  # fmt: skip
    return rows


def explanations_summary(found: Explanations) -> str:
    """Return at which levels a component was explained, in a few words."""
    levels = [f"{level_text(one.explanation.levels)} in A{one.number}" for one in found.found]
    sure = f"{found.origin.guarantee} ✓ " if found.complete else ""
    return f"{sure}{found.component} " + (f"at {', at '.join(levels)}" if levels else "is open")
