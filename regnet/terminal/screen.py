"""Screens in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from regnet.analysis import Origin
from regnet.analysis.batch import heading_words
from regnet.analysis.screen import Screen, ScreenRow
from regnet.space import Range

if TYPE_CHECKING:
    from rich.console import Console

    from regnet.analysis.screen.findings import Findings
    from regnet.analysis.screen.synergy import Synergy

from regnet.terminal.layout import (
    MAX_ROWS,
    counted,
    cut_short,
    footer,
    heading,
    paragraph,
    rest,
    table_of,
    written,
)

_MAX_LEVELS = 6
"""Levels that one cell lists."""


def show_screen(out: Console, screen: Screen) -> None:
    """Print a screen: the wild type, what changes something, and what changes nothing."""
    rows = screen.rows
    perturbed = [row for row in rows if row.perturbation]
    changed = [row for row in perturbed if row.changed]
    several = len(screen.contexts) > 1
    is_wide = sum(len(name) + 3 for name in screen.readouts) > out.width // 2
    levels = ["what changes"] if is_wide else screen.readouts
    open_rows = sum(row.changed is None for row in perturbed)
    what = changing_words(len(perturbed), len(changed), open_rows)
    what += heading_words(screen.missing)
    if several:
        _heading_of_several(out, screen.origin, len(screen.contexts), what)
    else:
        heading(out, screen.origin, what)
    for scenario in screen.contexts:
        here = [row for row in rows if row.context == scenario.name]
        if several:
            out.print(f"In {scenario.name or 'the wild type'}:", style="bold")
        names = ["phenotypes"] if screen.phenotypes else []
        table = table_of("perturbation", "attractors", *names, *levels)
        wild = next((row for row in here if not row.perturbation), None)
        shown = [row for row in here if not row.perturbation or row.changed or _failed(row)]
        for row in shown[: 5 * MAX_ROWS]:
            spans = [row.readouts.get(name) for name in screen.readouts]
            cells = ["-" if span is None else written(span) for span in spans]
            table.add_row(
                row.perturbation.label,
                row.status if row.attractors is None else f"{row.attractors:,}",
                *([_phenotypes(row)] if names else []),
                *([_moved(row, wild)] if is_wide else cells),
            )
        out.print(table)
        rest(out, len(shown), "rows", most=5 * MAX_ROWS)
        out.print()
        same = [row.perturbation.label for row in here if row.changed is False]
        paragraph(out, "Nothing changes with", same)
        unsure = [row for row in here if row.perturbation and row.changed is None]
        unsure_labels = [row.perturbation.label for row in unsure if not _failed(row)]
        paragraph(out, "Not certain", unsure_labels)
    footer(out, screen.origin, missing=screen.missing)


def changing_words(number: int, changed: int, unsure: int) -> str:
    """Return how many perturbations change the outcome, and for how many that is not decided."""
    change = f"{changed:,} {'changes' if changed == 1 else 'change'} the outcome"
    what = f"{counted(number, 'perturbation')}, {change}"
    return f"{what}, {unsure:,} {'is' if unsure == 1 else 'are'} not decided" if unsure else what


def _failed(row: ScreenRow) -> bool:
    return row.attractors is None


def _heading_of_several(out: Console, origin: Origin, scenarios: int, found: str) -> None:
    out.print(f"{origin.network}, {scenarios} scenarios: {found}", style="bold")
    out.print()


def _moved(row: ScreenRow, wild: ScreenRow | None) -> str:
    """Return the readouts that differ from the wild type and are not held."""
    before = {} if wild is None else wild.readouts
    return _levels(
        {
            name: levels
            for name, levels in row.readouts.items()
            if name not in row.perturbation.clamps and levels != before.get(name)
        }
    )


def _levels(readouts: Mapping[str, Range] | None) -> str:
    words = [f"{name}={written(levels)}" for name, levels in (readouts or {}).items()]
    return "  ".join(cut_short(words, most=_MAX_LEVELS)) or "-"


def _phenotypes(row: ScreenRow) -> str:
    words = [
        name if number == row.attractors else f"{name} ({number:,})"
        for name, number in row.phenotypes.items()
    ]
    return "; ".join(words) or "-"


def show_findings(
    out: Console,
    origin: Origin,
    findings: Findings,
    missing: str,
    parts: Sequence[str] = (),
    folder: str = "",
) -> None:
    """Print what stands out in a screen.

    `parts` are ``"essential"``, ``"synergy"`` and ``"lethal"``, or none for a few lines of each;
    `folder` is where all rows are.
    """
    from rich.padding import Padding

    several = len(findings.wild) > 1
    perturbed = findings.rows - len(findings.wild)
    what = changing_words(perturbed, findings.changed, findings.unsure) + heading_words(missing)
    if several:
        _heading_of_several(out, origin, len(findings.wild), what)
    else:
        heading(out, origin, what)
    most = MAX_ROWS if parts else 8
    if "essential" in parts or (not parts and findings.essential):
        table = table_of("phenotype", *(["in"] if several else []), "is gone with")
        for name, own in findings.essential.items():
            for context in dict.fromkeys(e.context for e in own):
                words = [
                    f"{e.component}={level}"
                    for e in own
                    if e.context == context
                    for level in e.levels
                ]
                where = [context or "wild type"] if several else []
                table.add_row(name, *where, "  ".join(cut_short(words)))
        out.print("Essential components", style="bold")
        out.print(table if table.row_count else "No phenotype goes with a single component.")
        out.print()
    if "synergy" in parts or (not parts and findings.synergies):
        number = findings.synergy_count
        many = f"{number:,} synergies" if number != 1 else "1 synergy"
        out.print(f"Only together: {many}", style="bold")
        _show_synergies(out, findings.synergies, findings.synergy_count, most, several)
    if "lethal" in parts or (not parts and findings.lethal):
        if not findings.lethal:
            out.print("No phenotype is abolished only by a combination.", style="bold")
        for name, found in findings.lethal.items():
            number = findings.lethal_count[name]
            words = [
                f"{s.perturbation.label} ({s.context})" if several else s.perturbation.label
                for s in found[:most]
            ]
            if number > len(words):
                words.append(f"and {number - len(words):,} more")
            out.print(f"{name}: gone with {counted(number, 'combination')}", style="bold")
            out.print(Padding("; ".join(words), (0, 0, 1, 1)))
    if findings.failed:
        out.print(f"{counted(findings.failed, 'row')} could not be computed.")
    if findings.unsure > findings.failed:
        out.print(f"{counted(findings.unsure - findings.failed, 'row')} may miss attractors.")
    if folder and missing:
        out.print(f"{findings.rows:,} rows are in {folder}; --resume continues from them")
    elif folder:
        out.print(f"All {findings.rows:,} rows are in {folder}")
    footer(out, origin, missing=missing)


def _show_synergies(
    out: Console, found: Sequence[Synergy], number: int, most: int, several: bool
) -> None:
    shown = found[:most]
    kinds = ["gained", "lost"] if any(s.gained or s.lost for s in shown) else []
    kinds += ["levels"] if any(s.readouts for s in shown) else []
    table = table_of("perturbation", *(["in"] if several else []), *kinds)
    for s in shown:
        where = [s.context or "wild type"] if several else []
        cells = {
            "gained": "; ".join(s.gained) or "-",
            "lost": "; ".join(s.lost) or "-",
            "levels": _levels(s.readouts),
        }
        table.add_row(s.perturbation.label, *where, *(cells[kind] for kind in kinds))
    if number:
        out.print(table)
    if number > min(most, len(found)):
        out.print(f"and {number - min(most, len(found)):,} more")
    out.print()
