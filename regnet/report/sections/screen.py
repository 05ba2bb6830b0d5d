"""Screens of perturbations."""

from __future__ import annotations

from regnet.analysis.screen import Screen, ScreenRow
from regnet.figures.heatmap import screen_matrix
from regnet.figures.theme import ADAPTIVE, LIGHT, level_text
from regnet.project import Project
from regnet.records import describe_scenario
from regnet.report.document import Block, Cell, Facts, Section, Table, Text
from regnet.report.sections.phrases import (
    MOST_LISTED,
    certainty,
    count,
    figures_of,
    screen_words,
)
from regnet.scenario import Perturbation
from regnet.screens import Rows

METHODS = {
    "screen": "Each component was held at each of its levels, one at a time unless said otherwise, "
    "and the attractors compared with those of the wild type in the same context. The outcome "
    "changes where the attractors have other phenotypes or a readout spans other levels; where "
    "neither was asked for, where the number of attractors differs.",
}
"""Question -> how it is answered, for the methods of a report."""

CONTEXTS_ABREAST = 4


def screen_section(screen: Screen, project: Project) -> Section:
    """Return the perturbation screen as a matrix, and a table of what changed."""
    if isinstance(screen.rows, Rows):
        return _findings_section(screen, screen.rows)
    changed = {r.perturbation for r in screen.rows if r.changed}
    unsure = [r for r in screen.rows if r.perturbation and r.changed is None]
    contexts = tuple((c.name or "as it is", describe_scenario(c)) for c in screen.contexts)
    sure = certainty(screen.origin, screen.complete, screen.missing)
    blocks: list[Block] = [
        Text(f"{screen_words(screen)}. {sure} What is done in each context:"),
        Facts(contexts),
    ]
    order = list(dict.fromkeys(r.perturbation for r in screen.rows if r.perturbation))
    drawn = [p for p in order if p in changed]
    few = {Perturbation(), *drawn[:MOST_LISTED]}
    rows = [r for r in screen.rows if r.perturbation in few]
    caption = "A cell shows the level" if screen.readouts else "A cell counts the attractors"
    caption += " after a perturbation, context by context."
    if len(drawn) > MOST_LISTED:
        caption += f" The first {MOST_LISTED} of {len(drawn):,}; screen.csv has all."
    if drawn:
        plain = screen_matrix(screen, project.network, rows=rows, theme=LIGHT)
        adaptive = screen_matrix(screen, project.network, rows=rows, theme=ADAPTIVE)
        blocks += figures_of("screen", plain, adaptive, caption)
    else:
        tried = "No perturbation that was tried changes an outcome."
        blocks.append(Text(tried if order else "No perturbation was tried."))
    if screen.phenotypes:
        blocks += _screen_tables(screen)
    open_ = {r.perturbation for r in unsure}
    if idle := [p.label for p in order if p not in changed | open_]:
        told = ", ".join(idle[:MOST_LISTED])
        more = f" and {len(idle) - MOST_LISTED:,} more" if len(idle) > MOST_LISTED else ""
        blocks.append(Text(f"No change was found in any context with: {told}{more}.", "note"))
    if unsure:
        names = ", ".join(sorted({_where(r) for r in unsure})[:20])
        blocks.append(Text(f"Not certain for {count(len(unsure), 'row')}: {names}.", "note"))
    return Section("screen", "Perturbation screen", tuple(blocks))


def _where(row: ScreenRow) -> str:
    """Return what is done in a row, and in which context if it has a name."""
    return f"{row.perturbation.label} in {row.context}" if row.context else row.perturbation.label


def _findings_section(screen: Screen, rows: Rows) -> Section:
    """Return what stands out in a screen that is kept in a folder."""
    found = rows.findings
    contexts = tuple((c.name or "as it is", describe_scenario(c)) for c in screen.contexts)
    sure = certainty(screen.origin, screen.complete, screen.missing)
    blocks: list[Block] = [
        Text(
            f"{screen_words(screen)}. {sure} All rows are kept as Parquet files; what stands out "
            "follows, and screen-findings.csv has it as a table."
        ),
        Facts(contexts),
    ]
    essential: list[tuple[Cell, ...]] = [
        (name, e.context, " or ".join(f"{e.component}={level}" for level in e.levels))
        for name, own in found.essential.items()
        for e in own
    ]
    together: list[tuple[Cell, ...]] = [
        (
            s.perturbation.label,
            s.context,
            "; ".join(s.gained),
            "; ".join(s.lost),
            " ".join(f"{n}={level_text(r)}" for n, r in (s.readouts or {}).items()),
        )
        for s in found.synergies
    ]
    if essential:
        caption = "Components without which no attractor has a phenotype of the wild type."
        columns = ("Phenotype", "Context", "Gone with")
        blocks.append(_first(columns, essential, (2.0, 1.0, 1.0), caption, len(essential)))
    if together:
        head = ("Perturbation", "Context", "Gained", "Lost", "Levels")
        caption = "Effects of combined perturbations that none of their parts has."
        widths = (1.5, 1.0, 1.5, 1.5, 1.0)
        blocks.append(_first(head, together, widths, caption, found.synergy_count))
    if found.unsure:
        blocks.append(Text(f"Not certain for {count(found.unsure, 'row')}.", "note"))
    return Section("screen", "Perturbation screen", tuple(blocks))


def _first(
    head: tuple[str, ...],
    rows: list[tuple[Cell, ...]],
    widths: tuple[float, ...],
    caption: str,
    number: int,
) -> Table:
    shown = tuple(rows[:MOST_LISTED])
    if number > len(shown):
        caption += f" The first {len(shown)} of {number:,}."
    return Table(head, shown, widths, caption)


def _screen_tables(screen: Screen) -> list[Block]:
    """Return what changed, a row for each perturbation and a column for each context."""
    by_place = {(r.perturbation, r.context): r for r in screen.rows}
    changed = list(dict.fromkeys(r.perturbation for r in screen.rows if r.changed))
    blocks: list[Block] = []
    for first in range(0, len(screen.contexts) if changed else 0, CONTEXTS_ABREAST):
        contexts = [c.name for c in screen.contexts[first : first + CONTEXTS_ABREAST]]
        rows: list[tuple[Cell, ...]] = []
        for done in changed[:MOST_LISTED]:
            rows.append((done.label, *(_outcome(by_place.get((done, c))) for c in contexts)))
        caption = "Phenotypes where the outcome differs from the wild type; empty where none does."
        if len(changed) > len(rows):
            caption += f" The first {len(rows)} of {len(changed):,}; screen.csv has all."
        head = ("Perturbation", *(c or "as it is" for c in contexts))
        blocks.append(Table(head, tuple(rows), (1.3, *(2.0 for _ in contexts)), caption))
    return blocks


def _outcome(row: ScreenRow | None) -> str:
    if row is None or not row.changed:
        return ""
    phenotypes = ", ".join(
        name if count == 1 else f"{name} ×{count:,}" for name, count in row.phenotypes.items()
    )
    return phenotypes or "no named phenotype"
