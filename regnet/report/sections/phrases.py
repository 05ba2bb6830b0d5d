"""Phrases for counts, levels and guarantees, shared by the sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from regnet.analysis import GUARANTEES, Origin, found_words
from regnet.analysis.attractors import Attractors
from regnet.analysis.conditions import Conditions
from regnet.analysis.screen import Screen
from regnet.evidence import ScenarioTable
from regnet.logic import Expr, Var, unparse
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.questions import question_of
from regnet.records import describe_scenario
from regnet.report.document import Block, Figure, Table
from regnet.scenario import Scenario
from regnet.screens import Rows

MOST_LISTED = 150
"""Rows that a table of the report shows; the data files have all."""

_KIND_WORDS = {
    "fixed point": "fixed point", "cyclic": "cycle", "complex": "complex attractor",
    "cyclic or complex": "cyclic or complex attractor",
}  # fmt: skip

_ATOM = re.compile("(!?)\x00(\\d+)\x00")
_BETWEEN = re.compile("\x00(\\d+)\x00 & !\x00(\\d+)\x00")


def count(number: int, what: str) -> str:
    """Return a number with its noun.

    >>> count(1, "edge"), count(1200, "edge")
    ('1 edge', '1,200 edges')
    """
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def name_of(origin: Origin) -> str:
    """Return what to call the scenario of a result."""
    if origin.scenario.perturbation and not origin.scenario.name:
        return "Perturbed"
    title = origin.title
    return title if origin.scenario.name else title[:1].upper() + title[1:]


def inputs_of(network: LogicalNetwork) -> str:
    """Return how many inputs there are, in words."""
    return count(len(network.inputs), "input") if network.inputs else "no inputs"


def certainty(origin: Origin, complete: bool, missing: str) -> str:
    """Return how sure a result is, in a sentence."""
    if origin.guarantee == "exact" and complete:
        return "Exact for this model: the computation leaves nothing out and guesses nothing."
    words = GUARANTEES.get(origin.guarantee, "")
    reason = f" Missing: {missing.rstrip('.')}." if missing else ""
    return f"{origin.guarantee.capitalize()}: {words}.{reason}"


def basis_words(result: Any) -> str:
    """Return of what an answer is, with update and start, and how sure it is: for captions."""
    origin = result.origin
    sure = origin.guarantee if result.complete else f"{origin.guarantee}, not complete"
    runs = getattr(result, "trajectories", 0)
    if origin.guarantee == "sampled" and runs:
        sure += f" from {count(runs, 'random run')}"
    if origin.seed is not None:
        sure += f", seed {origin.seed}"
    if isinstance(result, Screen):
        return basis_of_several([result], result.contexts)
    if isinstance(result, Conditions):
        return basis_of_several([one.courses for one in result.conditions])
    question = question_of(result)
    if question is not None and question.of_project:
        return f"Each experiment with its own start and update; {sure}."
    name, given = name_of(origin), describe_scenario(origin.scenario)
    return f"{name}: {given} update; {sure}."


def basis_of_several(answers: Sequence[Any], scenarios: Sequence[Scenario] = ()) -> str:
    """Return what `basis_words` does for answers in several scenarios."""
    of = scenarios or [answer.origin.scenario for answer in answers]
    updates = " or ".join(dict.fromkeys(scenario.update for scenario in of))
    starts = {bool(scenario.start) for scenario in of}
    where = "each from its start" if starts == {True} else "from anywhere"
    if len(starts) > 1:
        where = "each from its start, where it has one, else from anywhere"
    sure = " or ".join(dict.fromkeys(answer.origin.guarantee for answer in answers))
    if not all(answer.complete for answer in answers):
        sure += ", not complete"
    return f"{updates[:1].upper()}{updates[1:]} update, {where}; {sure}."


def based(blocks: Iterable[Block], result: Any) -> tuple[Block, ...]:
    """Return blocks whose tables and figures say what they rest on."""
    basis = basis_words(result)
    return tuple(
        replace(block, basis=block.basis or basis) if isinstance(block, Table | Figure) else block
        for block in blocks
    )


def attractor_words(found: Attractors) -> str:
    """Return how many attractors of which kinds were found, in words."""
    if not found.attractors:
        return found_words(0, "attractor", found.missing)
    kinds: dict[str, int] = {}
    for a in found.attractors:
        kinds[a.kind] = kinds.get(a.kind, 0) + a.valuations
    words = ", ".join(count(number, _KIND_WORDS[kind]) for kind, number in kinds.items())
    if any(a.condition for a in found.attractors):
        words += " over all input combinations"
        if found.count > len(found.attractors):
            words += f", in {count(len(found.attractors), 'group')}"
    phenotypes = dict.fromkeys(p for a in found.attractors for p in a.phenotypes)
    if 0 < len(phenotypes) <= 6:
        words += f" ({', '.join(phenotypes)})"
    return words if found.complete else f"{words}; the list is incomplete"


def figures_of(
    name: str, plain: Sequence[str], adaptive: Sequence[str], caption: str
) -> list[Block]:
    """Return the parts of a drawing, each for paper and for the screen."""
    blocks: list[Block] = []
    for part, pair in enumerate(zip(plain, adaptive, strict=True), start=1):
        several = len(plain) > 1
        which = f" Part {part} of {len(plain)}." if several else ""
        own = f"{name}-part-{part}" if several else name
        blocks.append(Figure(own, *pair, f"{caption}{which}"))
    return blocks


def readable(condition: Expr, tops: Mapping[str, int]) -> str:
    """Return a condition in mathematical notation.

    >>> from regnet.logic import parse
    >>> readable(parse("A & !(B | C:2 | C=1)"), {"A": 1, "B": 1, "C": 2})
    'A ∧ ¬(B ∨ C=2 ∨ C=1)'
    """
    atoms: list[Var] = []  # the text names them by number while the operators are replaced
    written: dict[int, str] = {}

    def number(var: Var) -> str:
        atoms.append(var)
        return f"\x00{len(atoms) - 1}\x00"

    def exactly(match: re.Match[str]) -> str:
        low, high = atoms[int(match[1])], atoms[int(match[2])]
        if (low.name, low.level + 1) != (high.name, high.level):
            return match[0]
        written[int(match[1])] = f"{low.name}={low.level}"
        return f"\x00{match[1]}\x00"

    def atom(match: re.Match[str]) -> str:
        position, negated = int(match[2]), bool(match[1])
        if position in written:
            return written[position]
        var = atoms[position]
        top = tops.get(var.name, 1)
        if top == 1:
            return f"¬{var.name}" if negated else var.name
        if negated:
            return f"{var.name}=0" if var.level == 1 else f"{var.name}<{var.level}"
        return f"{var.name}={var.level}" if var.level == top else f"{var.name}≥{var.level}"

    text = _BETWEEN.sub(exactly, unparse(condition, atom=number))
    text = text.replace("&", "∧").replace("|", "∨").replace("!(", "¬(")
    return _ATOM.sub(atom, text)


def screen_words(screen: Screen) -> str:
    """Return how many perturbations change something, in words."""
    if isinstance(screen.rows, Rows):
        words = (
            f"{count(len(screen.rows), 'run')} in {count(len(screen.contexts), 'context')}; "
            f"{screen.rows.changed:,} change something"
        )
        return words if screen.complete else f"{words}; the screen is incomplete"
    rows = [r for r in screen.rows if r.perturbation]
    perturbations = len({r.perturbation for r in rows})
    changed = sum(r.changed is True for r in rows)
    words = (
        f"{count(perturbations, 'perturbation')} in {count(len(screen.contexts), 'context')}; "
        f"{changed:,} of {count(len(rows), 'combination')} change the outcome"
    )
    return words if screen.complete else f"{words}; the screen is incomplete"


MOST_COMPARED, MOST_READ = 12, 5
"""Scenarios and readouts of the table that a report makes where the model compares none."""


def shown_comparisons(project: Project) -> tuple[ScenarioTable, ...]:
    """Return the comparisons of a model; where it has none, one of the scenarios that it names.

    That reads what the model's own output names, else what regulates nothing.
    """
    if project.comparisons or not project.scenarios:
        return project.comparisons
    network = project.network
    acting = {v.name for c in network.components if c.rule for v in c.rule.thresholds()}
    ends = [c.name for c in network.components if c.name not in acting and c.rule is not None]
    readouts = tuple(project.rate_set().timing.readouts or ends)[:MOST_READ]
    scenarios = tuple(s.name for s in project.scenarios)
    if not readouts:
        return ()
    note = ""
    if len(scenarios) > MOST_COMPARED:
        note = f"The first {MOST_COMPARED} of {len(scenarios):,} scenarios."
    title = "Where the scenarios of the model end"
    return (ScenarioTable(title, scenarios[:MOST_COMPARED], readouts, note=note),)


def filled(table: Table) -> Table:
    """Return a table without the columns in which no row has anything."""
    kept = [
        n
        for n in range(len(table.head))
        if not table.rows or any(row[n] != "" for row in table.rows)
    ]
    return replace(
        table,
        head=tuple(table.head[n] for n in kept),
        rows=tuple(tuple(row[n] for n in kept) for row in table.rows),
        widths=tuple(table.widths[n] for n in kept),
    )


def compared_readouts(project: Project) -> tuple[str, ...]:
    """Return the components that the project's comparisons read, for a screen to read as well."""
    return project.compared_readouts
