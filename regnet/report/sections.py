"""Sections: one function for each part of a report, from results to blocks.

The parts share how levels, scenarios and counts are put into words, so they stand in one module.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from regnet.analysis import GUARANTEES, Origin
from regnet.analysis.attractors import Attractors
from regnet.analysis.screen import Screen, ScreenRow
from regnet.analysis.structure import Structure
from regnet.evidence import Comparison
from regnet.figures import (
    ADAPTIVE,
    LIGHT,
    MAX_DRAWN,
    MAX_ROWS,
    attractor_heatmap,
    level_step,
    level_text,
    network_figure,
    network_layout,
    screen_matrix,
)
from regnet.logic import Expr, Var, unparse
from regnet.network import Component, LogicalNetwork
from regnet.project import Project
from regnet.records import describe_scenario
from regnet.report.document import Block, Cell, Facts, Figure, Level, Link, Section, Table, Text
from regnet.scenario import Perturbation
from regnet.space import Range

MOST_LISTED = 150
"""Rows that a table of the report shows; the data files have all."""

MOST_RULES = 400
MOST_CIRCUITS = 40

MOST_LEVELS = 20
"""Components up to which a table spells out every attractor's levels beside the heat map."""

CONTEXTS_ABREAST = 4

WIDE = 1300
"""Drawings wider than this are small on a page."""


# --- the first page --------------------------------------------------------------------------


def summary(
    project: Project,
    attractors: Sequence[Attractors],
    screen: Screen | None,
    comparisons: Sequence[Attractors],
    structure: Structure,
) -> Section:
    """Return what a reader should know after one page."""
    network = project.network
    blocks: list[Block] = []
    by_scenario = {found.origin.scenario.name: found for found in comparisons}
    for comparison in project.comparisons:
        answers = [by_scenario[name] for name in comparison.scenarios if name in by_scenario]
        if len(answers) == len(comparison.scenarios):
            blocks += _comparison(comparison, answers, network)
    if project.note:
        blocks += [Text(p) for p in project.note.strip().split("\n\n")]
    counts = f"{_count(len(network), 'component')}, {_count(len(structure.edges), 'edge')}"
    items: list[tuple[str, Cell]] = [("Model", f"{counts}, {_inputs(network)}")]
    for found in attractors:
        items.append((f"Attractors, {_name(found.origin)}", _attractor_words(found)))
    if screen is not None:
        items.append(("Screen", _screen_words(screen)))
    if project.source:
        items.append(("Source", project.source))
    if project.licence:
        items.append(("Licence", project.licence))
    return Section("summary", "Summary", (*blocks, Facts(tuple(items))))


def _comparison(
    comparison: Comparison, answers: Sequence[Attractors], network: LogicalNetwork
) -> list[Block]:
    labels = comparison.labels or comparison.readouts
    columns = [[_taken(found, name) for found in answers] for name in comparison.readouts]
    sentences = [
        sentence
        for label, taken in zip(labels, columns, strict=True)
        if (sentence := _course(label, taken, comparison.scenarios))
    ]
    sentences.sort(key=lambda s: "on both sides" not in s)
    blocks: list[Block] = [Text(comparison.title, "lead")]
    if sentences:
        blocks.append(Text(" ".join(sentences)))
    head = [name if name == label else f"{label} ({name})"
            for name, label in zip(comparison.readouts, labels, strict=True)]  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    common = set.intersection(*(set(_deeds(found)) for found in answers))
    for position, found in enumerate(answers):
        levels = [
            _level_cell(network[name], taken[position])
            for name, taken in zip(comparison.readouts, columns, strict=True)
        ]
        phenotypes = dict.fromkeys(p for a in found.attractors for p in a.phenotypes)
        own = " ".join(deed for deed in _deeds(found) if deed not in common)
        what = f"{found.origin.scenario.name}\n{own}".strip()
        rows.append((what, *levels, ", ".join(phenotypes)))
    widths = (2.4, *(1.4 for _ in levels), 2.0)
    note = comparison.note
    if not all(found.complete for found in answers):
        note = f"{note} Not every list of attractors is complete.".strip()
    blocks.append(Table(("Scenario", *head, "Phenotypes"), tuple(rows), widths, note))
    return blocks


def _deeds(found: Attractors) -> list[str]:
    """Return what is done in a scenario, clamp by clamp and cut by cut."""
    done = found.origin.scenario.perturbation
    clamps = [f"{name}={level_text(levels)}" for name, levels in done.clamps.items()]
    return [*clamps, *(str(cut) for cut in sorted(done.cuts))]


def _taken(found: Attractors, name: str) -> list[Range]:
    """Return the levels or ranges that a component has in the attractors, lowest first."""
    return sorted({a.space[name] for a in found.attractors if name in a.space})


def _level_cell(component: Component, taken: Sequence[Range]) -> Cell:
    if not taken:
        return "?"
    text = " or ".join(level_text(levels) for levels in taken)
    if len(taken) > 1 or taken[0][0] != taken[0][1]:
        return Level(text, None, "" if len(taken) > 1 else "keeps changing")
    level = taken[0][0]
    meaning = component.meanings[level] if component.meanings else ""
    return Level(text, level_step(level, component.top), meaning)


def _course(label: str, taken: Sequence[Sequence[Range]], scenarios: Sequence[str]) -> str:
    """Return how a readout changed along a series of scenarios, in a sentence.

    In the past tense, which fits labels in the singular and the plural. Empty for fewer than
    three scenarios, or where a readout has no single level.
    """
    if len(taken) < 3 or any(len(t) != 1 or t[0][0] != t[0][1] for t in taken):
        return ""
    levels = [t[0][0] for t in taken]
    listed = ", ".join(map(str, levels))
    steps = [b - a for a, b in pairwise(levels) if b != a]
    what = label[:1].upper() + label[1:]
    if not steps:
        return f"{what} stayed at {levels[0]}."
    if all(s > 0 for s in steps):
        return f"{what} rose and never fell ({listed})."
    if all(s < 0 for s in steps):
        return f"{what} fell and never rose ({listed})."
    turns = sum((a > 0) != (b > 0) for a, b in pairwise(steps))
    if turns > 1:
        return f"{what} went up and down ({listed})."
    extreme = max(levels) if steps[0] > 0 else min(levels)
    where = " and ".join(s for s, v in zip(scenarios, levels, strict=True) if v == extreme)
    word, other = ("peaked", "lower") if steps[0] > 0 else ("dipped", "higher")
    return f"{what} {word} at {where}, {other} on both sides ({listed})."


# --- the network -----------------------------------------------------------------------------


def network_section(project: Project, structure: Structure) -> Section:
    """Return the drawing of the network."""
    network = project.network
    if not network.components:
        return Section("network", "Network", (Text("The model has no components."),))
    if len(network) > MAX_DRAWN:
        text = (
            f"A drawing of {len(network):,} components could not be read; "
            "edges.csv lists every edge with its sign."
        )
        return Section("network", "Network", (Text(text),))
    layout = network_layout(network, structure.edges, fixed=project.layout)
    plain, adaptive = (
        network_figure(network, edges=structure.edges, layout=layout, theme=theme)
        for theme in (LIGHT, ADAPTIVE)
    )
    caption = (
        "The edges follow from the rules: an arrow raises the level its target is heading for, "
        "a bar lowers it."
    )
    if any(c.compartment for c in network.components):
        caption += " Bands are compartments."
    if layout.width > WIDE:
        caption += " network.svg is the same drawing at full size."
    return Section("network", "Network", (Figure("network", plain, adaptive, caption),))


# --- attractors ------------------------------------------------------------------------------


def attractor_section(project: Project, attractors: Sequence[Attractors]) -> Section:
    """Return tables and heat maps of attractors."""
    blocks: list[Block] = []
    for number, found in enumerate(attractors, start=1):
        suffix = "" if number == 1 else f"-{number}"
        scenario = found.origin.scenario
        blocks.append(Text(f"{_name(found.origin)}: {describe_scenario(scenario)}", "lead"))
        certainty = _certainty(found.origin, found.complete, found.missing)
        blocks.append(Text(f"{_attractor_words(found)}. {certainty}"))
        shown = found.attractors[:MOST_LISTED]
        if shown:
            part = Attractors(found.origin, shown, found.complete, found.missing)
            blocks.append(_attractor_table(part, len(found.attractors), suffix))
            blocks += _heatmaps(part, project.network, suffix)
    if project.phenotypes:
        rows = tuple(
            (p.name, readable(p.condition, project.network.tops) + _only(p.kind), p.note)
            for p in project.phenotypes
        )
        head = ("Phenotype", "Holds in all states of the attractor", "Note")
        blocks.append(Table(head, rows, (1.3, 2, 2)))
    return Section("attractors", "Attractors", tuple(blocks))


def _only(kind: str) -> str:
    words = {"fixed point": "fixed points", "cyclic": "cycles", "complex": "not fixed points"}
    return f" (only {words[kind]})" if kind else ""


def _attractor_table(found: Attractors, total: int, suffix: str) -> Table:
    conditional = any(a.condition for a in found.attractors)
    listed = len(found.origin.components) <= MOST_LEVELS  # the heat map has them all
    rows: list[tuple[Cell, ...]] = []
    for number, a in enumerate(found.attractors, start=1):
        given = (str(a.condition) if a.condition else "",) if conditional else ()
        states = f"{a.size:,}" if a.size is not None else "not counted"
        levels = ", ".join(
            f"{name}={level_text(levels)}" for name, levels in a.space.items() if levels[1] > 0
        )
        kind = a.kind.replace(" ", "\u00a0")
        last = (levels,) if listed else ()
        rows.append((f"A{number}", kind, states, *given, ", ".join(a.phenotypes), *last))
    caption = "Components that are not listed are at 0." if listed else ""
    if total > len(rows):
        caption = f"The first {len(rows)} of {total:,}; attractors{suffix}.csv has all. {caption}"
    inputs, levels_head = ("Inputs",) if conditional else (), ("Levels",) if listed else ()
    head = ("", "Kind", "States", *inputs, "Phenotypes", *levels_head)
    widths = (0.65, 1.1, 0.8, *((1.7,) if conditional else ()), 1.8, *((4.2,) if listed else ()))
    return Table(head, tuple(rows), widths, caption)


def _heatmaps(found: Attractors, network: LogicalNetwork, suffix: str) -> list[Block]:
    caption = "Levels in each attractor."
    if len(found.attractors) > 2 * MAX_ROWS:
        caption += f" The first {2 * MAX_ROWS} are drawn."
        found = replace(found, attractors=found.attractors[: 2 * MAX_ROWS])
    plain = attractor_heatmap(found, network, theme=LIGHT)
    adaptive = attractor_heatmap(found, network, theme=ADAPTIVE)
    return _figures(f"attractors{suffix}", plain, adaptive, caption)


def _figures(name: str, plain: Sequence[str], adaptive: Sequence[str], caption: str) -> list[Block]:
    blocks: list[Block] = []
    for part, pair in enumerate(zip(plain, adaptive, strict=True), start=1):
        several = len(plain) > 1
        which = f" Part {part} of {len(plain)}." if several else ""
        own = f"{name}-part-{part}" if several else name
        blocks.append(Figure(own, *pair, f"{caption}{which}"))
    return blocks


def _attractor_words(found: Attractors) -> str:
    if not found.attractors:
        return "none found"
    kinds: dict[str, int] = {}
    for a in found.attractors:
        kinds[a.kind] = kinds.get(a.kind, 0) + a.valuations
    words = ", ".join(_count(number, _KIND_WORDS[kind]) for kind, number in kinds.items())
    if any(a.condition for a in found.attractors):
        words += " over all input combinations"
        if found.count > len(found.attractors):
            words += f", in {_count(len(found.attractors), 'group')}"
    phenotypes = dict.fromkeys(p for a in found.attractors for p in a.phenotypes)
    if 0 < len(phenotypes) <= 6:
        words += f" ({', '.join(phenotypes)})"
    return words if found.complete else f"{words}; the list is incomplete"


_KIND_WORDS = {
    "fixed point": "fixed point", "cyclic": "cycle", "complex": "complex attractor",
}  # fmt: skip


def _certainty(origin: Origin, complete: bool, missing: str) -> str:
    if origin.guarantee == "exact" and complete:
        return "Exact: nothing is missing and nothing is wrong."
    words = GUARANTEES.get(origin.guarantee, "")
    reason = f" Missing: {missing.rstrip('.')}." if missing else ""
    return f"{origin.guarantee.capitalize()}: {words}.{reason}"


# --- the screen ------------------------------------------------------------------------------


def screen_section(screen: Screen, network: LogicalNetwork) -> Section:
    """Return the perturbation screen as a matrix, and a table of what changed."""
    changed = {r.perturbation for r in screen.rows if r.changed}
    unsure = [r for r in screen.rows if r.perturbation and r.changed is None]
    contexts = tuple((c.name or "as it is", describe_scenario(c)) for c in screen.contexts)
    certainty = _certainty(screen.origin, screen.complete, screen.missing)
    blocks: list[Block] = [
        Text(f"{_screen_words(screen)}. {certainty} What is done in each context:"),
        Facts(contexts),
    ]
    order = list(dict.fromkeys(r.perturbation for r in screen.rows if r.perturbation))
    drawn = order if len(order) <= MOST_LISTED else [p for p in order if p in changed]
    few = set(drawn[:MOST_LISTED])
    rows = [r for r in screen.rows if r.perturbation in few]
    caption = "A cell shows the level" if screen.readouts else "A cell counts the attractors"
    caption += " after a perturbation, context by context."
    if len(few) < len(order):
        first = "the first of " if len(few) < len(drawn) else ""
        caption += (
            f" Drawn are {len(few)} of {len(order):,} perturbations, {first}those that change "
            "something; screen.csv has all."
        )
    plain = screen_matrix(screen, network, rows=rows, theme=LIGHT)
    adaptive = screen_matrix(screen, network, rows=rows, theme=ADAPTIVE)
    blocks += _figures("screen", plain, adaptive, caption)
    blocks += _screen_tables(screen)
    if unsure:
        names = ", ".join(sorted({f"{r.perturbation.label} in {r.context}" for r in unsure})[:20])
        blocks.append(Text(f"Not certain for {_count(len(unsure), 'row')}: {names}.", "note"))
    return Section("screen", "Perturbation screen", tuple(blocks))


def _screen_tables(screen: Screen) -> list[Block]:
    """Return what changed, a row for each perturbation and a column for each context."""
    by_place = {(r.perturbation, r.context): r for r in screen.rows}
    changed = list(dict.fromkeys(r.perturbation for r in screen.rows if r.changed))
    blocks: list[Block] = []
    for first in range(0, len(screen.contexts) if changed else 0, CONTEXTS_ABREAST):
        contexts = [c.name for c in screen.contexts[first : first + CONTEXTS_ABREAST]]
        rows: list[tuple[Cell, ...]] = []
        for done in changed[:MOST_LISTED]:
            outcomes = [
                _outcome(by_place.get((done, c)), by_place.get((Perturbation(), c)))
                for c in contexts
            ]
            rows.append((done.label, *outcomes))
        caption = "What differs from the wild type; empty where nothing does."
        if len(changed) > len(rows):
            caption += f" The first {len(rows)} of {len(changed):,}; screen.csv has all."
        head = ("Perturbation", *(c or "as it is" for c in contexts))
        blocks.append(Table(head, tuple(rows), (1.0, *(2.0 for _ in contexts)), caption))
    return blocks


def _outcome(row: ScreenRow | None, wild: ScreenRow | None) -> str:
    if row is None or not row.changed:
        return ""
    phenotypes = ", ".join(
        name if count == 1 else f"{name} ×{count:,}" for name, count in row.phenotypes.items()
    )
    readouts = ", ".join(
        f"{name}={level_text(levels)}"
        for name, levels in row.readouts.items()
        if wild is None or wild.readouts.get(name) != levels
    )
    return "\n".join(part for part in (phenotypes, readouts) if part) or "no named phenotype"


def _screen_words(screen: Screen) -> str:
    rows = [r for r in screen.rows if r.perturbation]
    perturbations = len({r.perturbation for r in rows})
    changed = sum(r.changed is True for r in rows)
    words = (
        f"{_count(perturbations, 'perturbation')} in {_count(len(screen.contexts), 'context')}; "
        f"{changed:,} of {_count(len(rows), 'combination')} change the outcome"
    )
    return words if screen.complete else f"{words}; the screen is incomplete"


# --- the model -------------------------------------------------------------------------------


def rules_section(project: Project) -> Section:
    """Return the rules, level by level, with what they rest on."""
    network = project.network
    shown = network.components[:MOST_RULES]
    columns: list[tuple[str, float, list[Cell]]] = [
        ("Component", 1.3, [f"{c.name}\n{c.compartment}".strip() for c in shown]),
        ("Levels", 1.5, [_levels(c) for c in shown]),
        ("Rule", 2.8, [_rule(c, network) for c in shown]),
        ("Basis", 2.4, [_basis(c) for c in shown]),
    ]
    if network.is_boolean and not any(c.meanings for c in shown):
        del columns[1]
    if not any(columns[-1][2]):
        del columns[-1]
    caption = "The first condition that holds gives the level a component is heading for, else 0."
    if len(network) > MOST_RULES:
        caption += f" The first {MOST_RULES} of {len(network):,}; model.toml has all."
    heads, widths, cells = zip(*columns, strict=True)
    table = Table(heads, tuple(zip(*cells, strict=True)), widths, caption)
    return Section("rules", "Rules", (table,))


def _levels(component: Component) -> str:
    meanings = [f"{level} {text}" for level, text in enumerate(component.meanings)]
    return "\n".join(meanings) or f"0 to {component.top}"


def _basis(component: Component) -> str:
    confidence = f"{component.confidence} confidence" if component.confidence else ""
    words = [part for part in (component.kind, confidence, " ".join(component.refs)) if part]
    return "\n".join(part for part in (", ".join(words), component.note) if part)


def _rule(component: Component, network: LogicalNetwork) -> str:
    if component.rule is None:
        return "input: keeps its level"
    lines = []
    for condition, level in component.rule.cases:
        text = readable(condition, network.tops)
        if len(text) > 600:
            text = text[:600].rsplit(" ", 1)[0] + " … (model.toml has all of it)"
        lines.append(text if component.top == 1 and level == 1 else f"{level} if {text}")
    return "\n".join(lines)


_ATOM = re.compile("(!?)\x00(\\d+)\x00")
_BETWEEN = re.compile("\x00(\\d+)\x00 & !\x00(\\d+)\x00")


def readable(condition: Expr, tops: Mapping[str, int]) -> str:
    """Return a condition as people write it.

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


def scenario_section(project: Project) -> Section | None:
    """Return the named scenarios."""
    if not project.scenarios:
        return None
    rows = tuple((s.name, describe_scenario(s), s.note) for s in project.scenarios)
    table = Table(("Scenario", "What is done", "Note"), rows, (1.2, 2.4, 2.4))
    return Section("scenarios", "Scenarios", (table,))


def structure_section(structure: Structure) -> Section:
    """Return inputs, outputs, feedback and claims."""
    inputs, outputs = ", ".join(structure.inputs) or "none", ", ".join(structure.outputs) or "none"
    items: list[tuple[str, Cell]] = [("Inputs", inputs), ("Regulate nothing", outputs)]
    if structure.constants:
        items.append(("Constant", str(structure.constants)))
    if structure.idle:
        idle = ", ".join(f"{source} in the rule of {target}" for source, target in structure.idle)
        items.append(("Named without effect", idle))
    for members in structure.feedback[:10]:
        items.append((f"Feedback among {len(members)}", ", ".join(members)))
    blocks: list[Block] = [Facts(tuple(items))]
    if structure.circuits:
        words = {"+": "positive", "-": "negative", "±": "both"}
        shown = structure.circuits[:MOST_CIRCUITS]
        rows = tuple((words[c.sign], str(len(c.members)), str(c)) for c in shown)
        caption = _count(len(structure.circuits), "circuit") + "."
        if not structure.all_circuits:
            caption = (
                f"There are more than {len(structure.circuits):,} circuits; "
                f"counted are those of up to {_count(structure.longest_circuit, 'member')}."
            )
        if len(shown) < len(structure.circuits):
            caption += f" The {len(shown)} shortest are shown."
        blocks.append(Table(("Circuit", "Length", "Path"), rows, (0.8, 0.6, 5), caption))
    elif not structure.all_circuits:
        blocks.append(Text("Circuits were not listed: the network is too large."))
    differing = [c for c in structure.claims if c.verdict != "agrees"]
    if structure.claims:
        agreed = len(structure.claims) - len(differing)
        blocks.append(Text(f"{_count(agreed, 'cited edge')} agree with the rules in sign."))
    if differing:
        claim_rows = tuple(
            (f"{c.source} → {c.target}", c.claimed or "–", c.found or "–", c.verdict)
            for c in differing[:MOST_LISTED]
        )
        head = ("Edge", "Cited", "From the rules", "Verdict")
        blocks.append(Table(head, claim_rows, (3, 1, 1, 2)))
    return Section("structure", "Structure", tuple(blocks))


def reference_section(project: Project) -> Section | None:
    """Return the references, each with a link where there is one."""
    if not project.references:
        return None
    rows: list[tuple[Cell, ...]] = []
    for r in project.references:
        link: Cell = ""
        if r.doi:
            link = Link(f"doi {r.doi}", f"https://doi.org/{_quoted(r.doi)}")
        elif r.pmid:
            link = Link(f"PMID {r.pmid}", f"https://pubmed.ncbi.nlm.nih.gov/{_quoted(r.pmid)}/")
        elif r.url.startswith(("https://", "http://")):
            link = Link(r.url, r.url)
        text = "\n".join(part for part in (r.text, r.fact) if part)
        rows.append((r.key, text, link, r.checked))
    head = ("Key", "Source and what it says", "Link", "How checked")
    table = Table(head, tuple(rows), (0.6, 4, 1.8, 1.1))
    return Section("references", "References", (table,))


def _quoted(identifier: str) -> str:
    from urllib.parse import quote

    return quote(identifier, safe="/")


# --- methods ---------------------------------------------------------------------------------


def method_section(
    project: Project,
    attractors: Sequence[Attractors],
    screen: Screen | None,
    comparisons: Sequence[Attractors],
    date: str,
) -> Section:
    """Return how the numbers were made, and how to make them again."""
    origins = [found.origin for found in (*attractors, *comparisons)]
    origins += [screen.origin] if screen else []
    engines = dict.fromkeys(_engine(o) for o in origins)
    updates = dict.fromkeys(o.scenario.update for o in origins)
    versions = dict.fromkeys(o.regnet for o in origins if o.regnet)
    guarantees = dict.fromkeys(o.guarantee for o in origins)
    shown = [found.origin for found in attractors] + ([screen.origin] if screen else [])
    reasons = dict.fromkeys(o.why for o in shown if o.why)
    items: list[tuple[str, Cell]] = [
        ("Model", f"{project.network.name or project.title}, digest {project.network.digest}"),
        ("Update", "; ".join(_UPDATE_WORDS[u] for u in updates)),
    ]
    if engines:
        items.append(("Engine", "; ".join(engines)))
    if reasons:
        items.append(("Choice of engine", "; ".join(reasons)))
    items += [(f"Guarantee: {g}", f"{GUARANTEES.get(g, '')}") for g in guarantees]
    if versions:
        items.append(("regnet", ", ".join(versions)))
    if date:
        items.append(("Date", date))
    text = (
        "An attractor is a smallest set of states that the network never leaves. Components move "
        "one level at a time towards the level their rule gives. Edges and their signs are "
        "computed from the rules. The script reproduce.py beside this report computes the numbers "
        "again from model.toml and compares them with the data files."
    )
    blocks: tuple[Block, ...] = (Text(text), Facts(tuple(items)))
    return Section("methods", "Methods", blocks)


_UPDATE_WORDS = {
    "asynchronous": "asynchronous (one component at a time)",
    "synchronous": "synchronous (all components at once)",
    "most-permissive": "most-permissive (also what finer models of the same rules could do)",
}


def _engine(origin: Origin) -> str:
    return f"{origin.engine} ({origin.version})" if origin.version else origin.engine


# --- words -----------------------------------------------------------------------------------


def _count(number: int, what: str) -> str:
    """Return a number with its noun.

    >>> _count(1, "edge"), _count(1200, "edge")
    ('1 edge', '1,200 edges')
    """
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _name(origin: Origin) -> str:
    scenario = origin.scenario
    return scenario.name or ("Perturbed" if scenario.perturbation else "Wild type")


def _inputs(network: LogicalNetwork) -> str:
    return _count(len(network.inputs), "input") if network.inputs else "no inputs"
