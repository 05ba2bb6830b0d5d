"""Terminal: how answers look to a person: tables that fit 80 columns, and a progress line.

A network may have hundreds of components, so tables show what differs between the answers; what is
the same everywhere, and what is at 0 everywhere, is folded into one paragraph each. Colours and the
progress line appear only in a terminal. All tables are here, so that they look alike.
"""

from __future__ import annotations

import io
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import IO, TYPE_CHECKING

from regnet.analysis import Origin
from regnet.analysis.attractors import Attractor, Attractors
from regnet.analysis.confront import Confrontation, Verdict
from regnet.analysis.reachability import QUANTIFIERS, Query, Reachability
from regnet.analysis.screen import Screen, ScreenRow
from regnet.analysis.sensitivity import Sensitivity
from regnet.analysis.trap_spaces import Spaces
from regnet.logic import describe
from regnet.project import Project
from regnet.records import describe_witness
from regnet.space import Range, Space

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from regnet.analysis.structure import Structure

MOST = 40
"""Attractors, spaces or rows that a table shows; the other output formats hold all of them."""


def rendered(show: Callable[[Console], None], *, coloured: bool = False) -> str:
    """Return what `show` prints, as wide as the terminal, or 100 columns where there is none."""
    from rich.console import Console

    buffer = io.StringIO()
    width = shutil.get_terminal_size((100, 24)).columns
    show(
        Console(
            file=buffer,
            width=width,
            force_terminal=coloured,
            markup=False,
            emoji=False,
            highlight=False,
        )
    )
    text = buffer.getvalue()
    if coloured:
        return text
    return "".join(line.rstrip() + "\n" for line in text.splitlines())


class Meter:
    """One line on the terminal that says how far the work is; silent when it is not a terminal."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._shown = False
        self._last = 0.0

    def __call__(self, fraction: float | None, words: str) -> None:
        """Show how far it is, at most ten times a second."""
        now = time.monotonic()
        if now - self._last < 0.1 or not self._stream.isatty():
            return
        self._last = now
        share = "" if fraction is None else f"{100 * fraction:3.0f} % "
        self._write(f"\r\x1b[K{share}{words}"[:90])
        self._shown = True

    def clear(self) -> None:
        """Remove the line."""
        if self._shown:
            self._write("\r\x1b[K")
            self._shown = False

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


# --- attractors, fixed points and trap spaces ------------------------------------------------


def show_attractors(out: Console, answer: Attractors, tops: Mapping[str, int]) -> None:
    """Print attractors: what each is, then how they differ; `tops` are the highest levels."""
    number = len(answer.attractors)
    _heading(out, answer.origin, _found(answer))
    shown = answer.attractors[:MOST]
    _listing(out, shown, tops)
    _matrix(out, answer.origin, "A", [_levels_of(attractor) for attractor in shown])
    if any(attractor.condition for attractor in shown):
        out.print("0/1 depends on the inputs; 0..1 changes within the attractor.", style="dim")
    _rest(out, number, "attractors")
    _footer(out, answer.origin, missing=answer.missing)


def _listing(out: Console, shown: Sequence[Attractor], tops: Mapping[str, int]) -> None:
    """Print one line for each attractor, under the inputs for which it exists."""
    from rich.padding import Padding

    widest = max((len(_size(attractor)) for attractor in shown), default=0)
    labels = iter(_labels("A", shown))
    for condition, group in groupby(shown, key=lambda a: (a.condition, a.valuations)):
        if condition[0]:
            out.print(f" {_when(*condition, tops)}:", style="bold")
        table = _table(header=False)
        for width in (len(str(len(shown))) + 1, len("fixed point"), widest, None):
            table.add_column(width=width, overflow="fold")
        for attractor in group:
            phenotypes = "; ".join(attractor.phenotypes)
            table.add_row(next(labels), attractor.kind, _size(attractor), phenotypes)
        out.print(Padding(table, (0, 0, 0, 2 if condition[0] else 0)))
    if shown:
        out.print()


def _when(condition: Space, valuations: int, tops: Mapping[str, int]) -> str:
    bound = Space({name: r for name, r in condition.items() if r != (0, tops[name])})
    listed = " ".join(_cut_short(str(bound).split(), most=10))
    words = f"when {listed}" if bound else "whatever the inputs are"
    return words if valuations == 1 else f"{words} (each of {valuations:,} input combinations)"


def show_spaces(out: Console, answer: Spaces) -> None:
    """Print fixed points or trap spaces: how they differ."""
    kind = answer.kind.removesuffix("s")
    _heading(out, answer.origin, _counted(len(answer.spaces), kind))
    letter = "F" if kind == "fixed point" else "T"
    names = answer.origin.components
    shown = [
        {name: _written(space[name]) if name in space else "*" for name in names}
        for space in answer.spaces[:MOST]
    ]
    _matrix(out, answer.origin, letter, shown)
    if any("*" in levels.values() for levels in shown):
        out.print("* is free to take any of its levels.", style="dim")
    _rest(out, len(answer.spaces), answer.kind)
    _footer(out, answer.origin, missing=answer.missing)


def _found(answer: Attractors) -> str:
    number = len(answer.attractors)
    text = _counted(number, "attractor")
    if answer.count != number:
        text += f" ({answer.count:,} with each input combination counted)"
    return text


def _heading(out: Console, origin: Origin, found: str) -> None:
    from rich.text import Text

    scenario = origin.scenario
    parts = [origin.network, scenario.name, str(scenario.perturbation or "")]
    if scenario.start:
        parts.append(f"from {scenario.start}" if len(scenario.start) <= 4 else "from its start")
    out.print(Text.assemble((", ".join(part for part in parts if part), "bold"), f": {found}"))
    out.print()


def _footer(out: Console, origin: Origin, *, missing: str = "") -> None:
    if missing:
        out.print(f"Incomplete: {missing}", style="bold")
    engine = " ".join(part for part in (origin.engine, f"({origin.version})") if part != "()")
    why = f": {origin.why}" if origin.why else ""
    parts = (
        origin.guarantee,
        f"{origin.scenario.update} update",
        f"engine {engine}{why}",
        f"{origin.seconds:.2f} s",
    )
    out.print(" · ".join(parts), style="dim")


def _rest(out: Console, number: int, what: str, *, most: int = MOST) -> None:
    if number > most:
        out.print(f"and {number - most:,} more {what}: --format csv or json lists them all")


def _matrix(
    out: Console, origin: Origin, letter: str, columns: Sequence[Mapping[str, str]]
) -> None:
    """Print the levels that differ as a table, in blocks that fit; fold the rest."""
    if not columns:
        return
    labels = _labels(letter, columns)
    differing, same = [], {}
    for name in origin.components:
        values = [column[name] for column in columns]
        if len(set(values)) == 1:
            same[name] = values[0]
        else:
            differing.append((name, values))
    if differing:
        widest = max(len(name) for name, _ in differing)
        cell = max(len(text) for text in (*labels, *(v for _, values in differing for v in values)))
        fitting = max(1, (out.width - widest - 3) // (cell + 3))
        for first in range(0, len(columns), fitting):
            block = slice(first, first + fitting)
            table = _table("", *labels[block], right=True)
            for name, values in differing:
                table.add_row(name, *(_coloured(value) for value in values[block]))
            out.print(table)
            out.print()
    alone = len(columns) == 1
    _paragraph(
        out,
        "Levels" if alone else "The same in all",
        [f"{name}={value}" for name, value in same.items() if value not in ("0", "*")],
    )
    everywhere = "" if alone else " in all"
    for value, what in (("0", "At 0"), ("*", "Free")):
        names = [name for name in same if same[name] == value]
        _paragraph(out, f"{what}{everywhere}", names)


def _paragraph(out: Console, title: str, words: Sequence[str]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    if words:
        # A name is never broken at a line's end.
        text = Text.assemble((f"{title}: ", "bold"), "  ".join(_cut_short(words)))
        out.print(Padding(text, (0, 0, 1, 1)))


def _labels(letter: str, items: Sequence[object]) -> list[str]:
    return [f"{letter}{number}" for number in range(1, len(items) + 1)]


def _levels_of(attractor: Attractor) -> dict[str, str]:
    levels = {}
    for name, (low, high) in attractor.space.items():
        # What the inputs settle is one level in each case: 0/1, not 0..1.
        by_inputs = name in attractor.follows or name in attractor.condition
        levels[name] = _written(attractor.condition.get(name, (low, high)))
        if by_inputs:
            levels[name] = levels[name].replace("..", "/")
    return levels


def _size(attractor: Attractor) -> str:
    return "size unknown" if attractor.size is None else _counted(attractor.size, "state")


def _written(levels: Range) -> str:
    low, high = levels
    return str(low) if low == high else f"{low}..{high}"


def _coloured(value: str) -> Text:
    from rich.text import Text

    style = "dim" if value == "0" else "bold" if value.isdecimal() else "yellow"
    return Text(value, style=style)


# --- screens ---------------------------------------------------------------------------------


def show_screen(out: Console, screen: Screen) -> None:
    """Print a screen: the wild type, what changes something, and what changes nothing."""
    rows = screen.rows
    perturbed = [row for row in rows if row.perturbation]
    changed = [row for row in perturbed if row.changed]
    several = len(screen.contexts) > 1
    what = f"{len(perturbed):,} perturbations, {len(changed):,} change the outcome"
    if several:
        out.print(
            f"{screen.origin.network}, {len(screen.contexts)} scenarios: {what}", style="bold"
        )
        out.print()
    else:
        _heading(out, screen.origin, what)
    for scenario in screen.contexts:
        here = [row for row in rows if row.context == scenario.name]
        if several:
            out.print(f"In {scenario.name or 'the wild type'}:", style="bold")
        names = ["phenotypes"] if screen.phenotypes else []
        table = _table("perturbation", "attractors", *names, *screen.readouts)
        shown = [row for row in here if not row.perturbation or row.changed or _failed(row)]
        for row in shown[: 5 * MOST]:
            spans = [row.readouts.get(name) for name in screen.readouts]
            table.add_row(
                row.perturbation.label,
                row.status if row.attractors is None else f"{row.attractors:,}",
                *([_phenotypes(row)] if names else []),
                *("-" if span is None else _written(span) for span in spans),
            )
        out.print(table)
        _rest(out, len(shown), "rows", most=5 * MOST)
        out.print()
        same = [row.perturbation.label for row in here if row.changed is False]
        _paragraph(out, "Nothing changes with", same)
        unsure = [row for row in here if row.perturbation and row.changed is None]
        unsure_labels = [row.perturbation.label for row in unsure if not _failed(row)]
        _paragraph(out, "Not certain", unsure_labels)
    _footer(out, screen.origin, missing=screen.missing)


# --- queries and experiments -----------------------------------------------------------------

_VERDICTS = {True: ("holds", "green"), False: ("fails", "bold red"), None: ("open", "yellow")}


def show_reachability(out: Console, query: Query, found: Reachability) -> None:
    """Print the answer to a query: whether it holds, how that is known, and the path."""
    word = {True: "holds", False: "does not hold", None: "is not decided"}[query.holds(found)]
    _heading(out, found.origin, f"{query} {word}")
    out.print(f" {describe(query.sought)} {_reached(found)}.")
    out.print()
    if found.path:
        steps = len(found.path) - 1
        words = f"A path of {_counted(steps, 'step')}; S1 is the start." if steps else "The start:"
        out.print(f" {words}")
        out.print()
        columns = [{n: _written(r) for n, r in state.items()} for state in found.path]
        _matrix(out, found.origin, "S", columns)
    missing = "" if found.complete else found.argument
    _footer(out, found.origin, missing=missing)


def _reached(found: Reachability) -> str:
    words = {True: QUANTIFIERS["EF"], False: QUANTIFIERS["NEF"], None: "is open"}
    return f"{words[found.holds]}: {found.argument}"


def show_confrontation(out: Console, result: Confrontation, *, details: bool = False) -> None:
    """Print a line for each experiment, and what every one that fails expected.

    `details` tells it of those that hold as well.
    """
    held = sum(verdict.holds is True for verdict in result.verdicts)
    total = len(result.verdicts)
    out.print(f"{result.origin.network}: {held} of {total} experiments hold", style="bold")
    out.print()
    widest = max((len(verdict.experiment.id) for verdict in result.verdicts), default=1)
    for verdict in result.verdicts:
        _verdict(out, verdict, widest, details=details or verdict.holds is not True)
    out.print()
    _footer(out, result.origin, missing=result.missing)


def _verdict(out: Console, verdict: Verdict, widest: int, *, details: bool) -> None:
    from rich.padding import Padding
    from rich.text import Text

    word, style = _VERDICTS[verdict.holds]
    experiment = verdict.experiment
    table = _table(header=False)
    for width in (len("holds"), widest, None):
        table.add_column(width=width, overflow="fold")
    table.add_row(Text(word, style=style), experiment.id, experiment.title)
    out.print(table)
    if not details:
        return
    table = _table(header=False)
    table.add_column(width=len("holds"))
    table.add_column(overflow="fold")
    for finding in verdict.findings:
        word, style = _VERDICTS[finding.holds]
        lines = [finding.argument]
        if finding.attractor is not None or (finding.path and len(finding.path) > 1):
            shown = describe_witness(finding.path, finding.attractor)
            lines.append(f"{'path' if finding.path else 'attractor'}: {shown}")
        told = Text.assemble(str(finding.expectation), ("\n" + "\n".join(lines), "dim"))
        table.add_row(Text(word, style=style), told)
    out.print(Padding(table, (0, 0, 0, widest + 9)))


def show_sensitivity(out: Console, result: Sensitivity) -> None:
    """Print which experiments notice each mutation, and what no experiment protects."""
    noticed = sum(bool(row.noticed) for row in result.rows)
    total = _counted(len(result.rows), "mutation")
    out.print(f"{result.origin.network}: experiments notice {noticed} of {total}", style="bold")
    out.print()
    for kind, title in (("edge", "edge cut"), ("threshold", "threshold"), ("gate", "gate")):
        rows = [row for row in result.rows if row.mutation.kind == kind]
        if not rows:
            continue
        table = _table("in the rule of", title, "noticed by")
        for row in rows:
            by = f"{len(row.noticed)}: {' '.join(row.noticed[:4])}" if row.noticed else "nobody"
            more = " .." if len(row.noticed) > 4 else ""
            open_ = f" ({len(row.undecided)} open)" if row.undecided else ""
            change = row.mutation.change.removesuffix(" cut")
            table.add_row(row.mutation.component, change, f"{by}{more}{open_}")
        out.print(table)
        out.print()
    alone = [row for row in result.unprotected if row.mutation.kind == "edge"]
    words = [row.mutation.change.removesuffix(" cut") for row in alone]
    _paragraph(out, "Edges that no experiment protects", words or ["none"])
    counts = dict.fromkeys(result.experiments, 0)
    for row in result.rows:
        for identifier in row.noticed:
            counts[identifier] += 1
    idle = [identifier for identifier, count in counts.items() if not count]
    _paragraph(out, "Experiments that notice nothing", idle)
    _footer(out, result.origin, missing=result.missing)


def _failed(row: ScreenRow) -> bool:
    return row.attractors is None


def _phenotypes(row: ScreenRow) -> str:
    words = [
        name if number == row.attractors else f"{name} ({number:,})"
        for name, number in row.phenotypes.items()
    ]
    return "; ".join(words) or "-"


def _cut_short(words: Sequence[str], *, most: int = 3 * MOST) -> list[str]:
    if len(words) <= most:
        return list(words)
    return [*words[:most], f"and {len(words) - most:,} more"]


# --- reports ---------------------------------------------------------------------------------


def show_report(
    out: Console,
    project: Project,
    attractors: Attractors,
    screen: Screen,
    comparisons: Sequence[Attractors],
    files: Sequence[Path],
) -> None:
    """Print in short what a report says, and where it is."""
    _heading(out, attractors.origin, _found(attractors))
    _paragraph(out, "Among them", _outcomes(attractors, counted=True))
    by_scenario = {answer.origin.scenario.name: answer for answer in comparisons}
    for comparison in project.comparisons:
        out.print(comparison.title, style="bold")
        table = _table("", *(comparison.labels or comparison.readouts), "outcome")
        for name in comparison.scenarios:
            answer = by_scenario[name]
            levels = [_spanned(answer, readout) for readout in comparison.readouts]
            table.add_row(name, *levels, "; ".join(_outcomes(answer)) or "-")
        out.print(table)
        out.print()
    perturbed = [row for row in screen.rows if row.perturbation]
    changed = sum(row.changed is True for row in perturbed)
    contexts = _counted(len(screen.contexts), "scenario")
    out.print(
        f"Screen: {changed:,} of {len(perturbed):,} perturbations in {contexts} change the outcome."
    )
    reasons = [attractors.missing, *(answer.missing for answer in comparisons), screen.missing]
    for missing in dict.fromkeys(reasons):
        if missing:
            out.print(f"Incomplete: {missing}", style="bold")
    out.print()
    folder = files[0].parent if files else ""
    _paragraph(out, f"Written to {folder}", [file.name for file in files])


def _outcomes(answer: Attractors, *, counted: bool = False) -> list[str]:
    numbers: dict[str, int] = {}
    for attractor in answer.attractors:
        for name in attractor.phenotypes:
            numbers[name] = numbers.get(name, 0) + attractor.valuations
    return [f"{name} ({number:,})" if counted else name for name, number in numbers.items()]


def _spanned(answer: Attractors, name: str) -> str:
    ranges = [attractor.space[name] for attractor in answer.attractors]
    if not ranges:
        return "-"
    return _written((min(low for low, _ in ranges), max(high for _, high in ranges)))


# --- models and engines ----------------------------------------------------------------------


def show_project(out: Console, project: Project, structure: Structure) -> None:
    """Print what a model is made of."""
    network = project.network
    out.print(project.title or network.name, style="bold")
    for text in (project.source, *project.note.split("\n\n")):
        if text:
            out.print(" ".join(text.split()), "", sep="\n")
    signs = [edge.sign for edge in structure.edges]
    levels = sum(1 for top in network.tops.values() if top > 1)
    circuits = [circuit.sign for circuit in structure.circuits]
    listed = _by_sign(circuits) + ("" if structure.all_circuits else ", and more")
    size = f"{len(network):,}" + (f", {levels} of them with more than two levels" if levels else "")
    facts = [
        ("components", size),
        ("inputs", ", ".join(_cut_short(network.inputs))),
        ("outputs", ", ".join(_cut_short(structure.outputs))),
        ("constant", " ".join(_cut_short(str(structure.constants).split()))),
        ("edges", _by_sign(signs)),
        ("circuits", listed if structure.longest_circuit else "not listed: the network is large"),
        ("scenarios", "; ".join(s.name for s in project.scenarios)),
        ("phenotypes", "; ".join(p.name for p in project.phenotypes)),
        ("experiments", str(len(project.experiments) or "")),
        ("references", str(len(project.references) or "")),
        ("digest", network.digest),
    ]
    table = _table(header=False)
    for title, text in facts:
        if text:
            table.add_row(title, text)
    out.print(table)
    wrong = [check for check in structure.claims if check.verdict != "agrees"]
    if network.claims:
        found = "all agree with the rules" if not wrong else "these differ from the rules:"
        out.print(f" {_counted(len(network.claims), 'cited edge')}: {found}")
    for check in wrong[:MOST]:
        out.print(f"   {check.source} -> {check.target}: {check.verdict}")
    for source, target in structure.idle[:MOST]:
        out.print(f" {source} is named in the rule of {target} but never matters there")


def _by_sign(signs: Iterable[str]) -> str:
    listed = list(signs)
    words = {"+": "positive", "-": "negative", "±": "both"}
    parts = [f"{listed.count(sign)} {word}" for sign, word in words.items() if sign in listed]
    return f"{len(listed):,}" + (f" ({', '.join(parts)})" if parts else "")


def show_table(out: Console, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a plain table."""
    table = _table(*header)
    for row in rows:
        table.add_row(*row)
    out.print(table)


def _table(*columns: str, header: bool = True, right: bool = False) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    box = SIMPLE_HEAD if header else None
    table = Table(box=box, show_header=header, show_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if right and number else "left", overflow="fold")
    return table


def _counted(number: int, what: str) -> str:
    if number == 1:
        return f"1 {what}"
    return f"{number:,} {what}s" if number else f"no {what}s"
