"""Edits of the current scenario by the panels, each one step of the history.

Named scenarios are never changed implicitly. The first edit of the wild type, or of a named
scenario, creates a derived scenario named after the change ("PHx + LIFR KO") and makes it current.
The name of a derived scenario follows its changes, and the scenario is removed when it no longer
differs from its base. Renaming makes it independent; `fold` merges it into its base.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from gui.model.document import Document
from gui.model.selection import WILD_TYPE, Selection
from regnet.changes import parse_changes
from regnet.errors import NetworkError
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Range, Space

_NAMED = 8  # changes that the name of a scenario lists in full


def hold(document: Document, selection: Selection, name: str, levels: int | Range | None) -> None:
    """Hold a component at a level or range in the current scenario; None frees it."""
    done = selection.scenario.perturbation
    clamps = done.clamps.without(name) if levels is None else done.clamps.with_({name: levels})
    text = f"Free {name}" if levels is None else held_text(name, clamps[name], document.network)
    scenario = replace(selection.scenario, perturbation=replace(done, clamps=clamps))
    _put(document, selection, text, scenario)


def toggle_knock_out(document: Document, selection: Selection, *names: str) -> None:
    """Knock components out in the current scenario, or free them if all are knocked out."""
    clamps = selection.scenario.perturbation.clamps
    others = [name for name in names if clamps.get(name) != (0, 0)]
    if len(names) == 1:
        hold(document, selection, names[0], 0 if others else None)
    elif names:
        intervene(document, selection, Space(dict.fromkeys(others, 0)), () if others else names)


def cut(document: Document, selection: Selection, edge: Cut) -> None:
    """Cut an edge in the current scenario."""
    done = selection.scenario.perturbation
    scenario = replace(selection.scenario, perturbation=replace(done, cuts=done.cuts | {edge}))
    _put(document, selection, f"Cut {edge.source} → {edge.target}", scenario)


def mend(document: Document, selection: Selection, edge: Cut) -> None:
    """Restore a cut edge in the current scenario."""
    done = selection.scenario.perturbation
    scenario = replace(selection.scenario, perturbation=replace(done, cuts=done.cuts - {edge}))
    _put(document, selection, f"Restore {edge.source} → {edge.target}", scenario)


def set_start(document: Document, selection: Selection, start: Space) -> None:
    """Set the start of the current scenario; an empty space means "from anywhere"."""
    text = "Start from anywhere" if not start else "Set the start"
    _put(document, selection, text, replace(selection.scenario, start=start))


def set_update(document: Document, selection: Selection, update: str) -> None:
    """Change how components are updated in the current scenario."""
    _put(document, selection, f"Update {update}", replace(selection.scenario, update=update))


def intervene(
    document: Document, selection: Selection, clamps: Space, released: Iterable[str] = ()
) -> None:
    """Change the levels at which components are held in the current scenario, and free some."""
    done = selection.scenario.perturbation
    changed = done.clamps.without(*released).with_(clamps)
    scenario = replace(selection.scenario, perturbation=replace(done, clamps=changed))
    parts = [held_text(name, levels, document.network) for name, levels in clamps.items()]
    text = _listed([*parts, *(f"{name} free" for name in released)])
    _put(document, selection, text, scenario)


def duplicate(document: Document, selection: Selection) -> None:
    """Duplicate the current scenario, and make the copy current."""
    name = free_name(f"{selection.scenario_title} copy", document.project)
    copy = replace(selection.scenario, name=name)
    document.change(f"Duplicate {selection.scenario_title}", document.project.with_scenario(copy))
    selection.choose(name)


def rename(document: Document, selection: Selection, old: str, new: str) -> None:
    """Give a scenario another name."""
    scenario = replace(document.project.scenario(old), name=new)
    document.change(f"Rename {old}", document.project.with_scenario(scenario, instead_of=old))


def delete(document: Document, selection: Selection, name: str) -> None:
    """Delete a scenario; the one it was derived from becomes current."""
    document.change(f"Delete {name}", document.project.without_scenario(name))


def base_of(scenario: Scenario, project: Project) -> Scenario | None:
    """Return the scenario that another one was derived from, or None if there is none."""
    if not scenario.name:
        return None
    bases = [s for s in project.scenarios if scenario.name.startswith(f"{s.name} + ")]
    for base in (Scenario(), *bases):
        name = derived_name(base, scenario, project.network)
        if name and re.fullmatch(re.escape(name) + r"( \d+)?", scenario.name):
            return base
    return None


def fold(document: Document, selection: Selection) -> None:
    """Merge the changes of a derived scenario into the one it was derived from."""
    derived, project = selection.scenario, document.project
    base = base_of(derived, project)
    if base is None or not base.name:
        raise NetworkError(f"{selection.scenario_title} is not derived from a named scenario")
    folded = replace(derived, name=base.name, note=base.note)
    project = project.without_scenario(derived.name).with_scenario(folded)
    document.change(f"Change {base.name}", project)
    selection.choose(base.name)


def _put(document: Document, selection: Selection, text: str, scenario: Scenario) -> None:
    """Replace the current scenario by the edited one, or add the edited one beside it."""
    before, project = selection.scenario, document.project
    scenario.check(project.network)
    if scenario == before:
        return
    known = base_of(before, project)
    base = before if known is None else known
    name = derived_name(base, scenario, project.network)
    namesake = next((s for s in project.scenarios if s.name == name), None)
    if known is not None and _does_the_same(scenario, base):
        project = project.without_scenario(before.name)
        name = base.name
    elif namesake is not None and _does_the_same(scenario, namesake):
        if known is not None:
            project = project.without_scenario(before.name)
    else:
        name = free_name(name, project)
        made = replace(scenario, name=name, note="" if known is None else before.note)
        project = project.with_scenario(made, instead_of=before.name if known is not None else "")
    document.change(text, project)
    selection.choose(name)


def _does_the_same(one: Scenario, other: Scenario) -> bool:
    return replace(one, name="", note="") == replace(other, name="", note="")


# --- text -----------------------------------------------------------------------------------


def free_name(wanted: str, project: Project) -> str:
    """Return an unused scenario name."""
    taken = {s.name for s in project.scenarios} | {WILD_TYPE}
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted} {number}", number + 1
    return name


def describe(scenario: Scenario, network: LogicalNetwork) -> str:
    """Return the changes made in a scenario: ``"LIFR KO, LIF = 1"``."""
    return ", ".join(_differences(Scenario(), scenario, network)) or WILD_TYPE


def derived_name(base: Scenario, scenario: Scenario, network: LogicalNetwork) -> str:
    """Return the name of a derived scenario, made from its base and its changes."""
    parts = _listed(_differences(base, scenario, network))
    return f"{base.name} + {parts}" if base.name else parts


def _listed(parts: list[str]) -> str:
    """Return parts separated by commas; of many, the first ones and the number of others."""
    shown = parts if len(parts) <= _NAMED else [*parts[:3], f"{len(parts) - 3} more"]
    return ", ".join(shown)


def _differences(base: Scenario, scenario: Scenario, network: LogicalNetwork) -> list[str]:
    """Return the changes of a scenario against its base, as the chips write them."""
    old, new = base.perturbation, scenario.perturbation
    parts = [
        held_text(name, levels, network)
        for name, levels in new.clamps.items()
        if old.clamps.get(name) != levels
    ]
    parts += [f"{name} free" for name in old.clamps if name not in new.clamps]
    parts += [cut_text(edge) for edge in sorted(new.cuts - old.cuts)]
    parts += [f"{edge.source} → {edge.target} restored" for edge in sorted(old.cuts - new.cuts)]
    if scenario.start != base.start:
        parts.append("another start" if scenario.start else "from anywhere")
    if scenario.update != base.update:
        parts.append(scenario.update)
    return parts


def perturbation_text(done: Perturbation, network: LogicalNetwork) -> str:
    """Return the parts of a perturbation, as the chips write them."""
    held = [held_text(name, levels, network) for name, levels in done.clamps.items()]
    return ", ".join(held + [cut_text(edge) for edge in sorted(done.cuts)])


def held_text(name: str, levels: Range, network: LogicalNetwork) -> str:
    """Return how a held component is written: ``LIFR KO``, ``LIF = 1``, ``Mass = 0–1``."""
    low, high = levels
    if low != high:
        return f"{name} = {low}–{high}"
    if low == 0 and name in network and not network[name].is_input:
        return f"{name} KO"
    return f"{name} = {low}"


def cut_text(edge: Cut) -> str:
    """Return how a cut edge is written: ``A →✕ B``."""
    text = f"{edge.source} →✕ {edge.target}"
    return f"{text} (seen at {edge.level})" if edge.level else text


def add_changes(document: Document, selection: Selection, text: str) -> None:
    """Add the changes that a user typed to the current scenario."""
    done = parse_changes(text, document.network)
    scenario = selection.scenario.perturbed(done)
    _put(document, selection, perturbation_text(done, document.network), scenario)
