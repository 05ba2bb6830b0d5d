"""Menus of the changes of a component or an edge in the current scenario."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from gui.model import edits, network_edits
from gui.model.document import Document
from gui.model.selection import Selection
from regnet.errors import RegnetError
from regnet.scenario import Cut


def component_menu(parent: QWidget, document: Document, selection: Selection, name: str) -> QMenu:
    """Return a menu to knock a component out, hold it at a level, or free it."""
    menu = QMenu(parent)
    menu.setObjectName("component-menu")
    component = document.network[name]
    held = selection.scenario.perturbation.clamps.get(name)

    def add(text: str, level: int | None) -> None:
        action = menu.addAction(text)
        action.setCheckable(level is not None)
        action.setChecked(level is not None and held == (level, level))
        action.setEnabled(level is not None or held is not None)
        action.triggered.connect(partial(hold, document, selection, name, level))

    if not component.is_input:
        add(f"Knock out {name}", 0)
    for level in range(0 if component.is_input else 1, component.top + 1):
        meaning = f"  ({component.meanings[level]})" if component.meanings else ""
        add(f"Hold {name} at {level}{meaning}", level)
    add(f"Free {name}", None)
    return menu


def edge_menu(
    parent: QWidget,
    document: Document,
    selection: Selection,
    source: str,
    target: str,
    *,
    is_claimed: bool = False,
) -> QMenu:
    """Return a menu to cut or restore an edge, and to see its evidence.

    With `is_claimed` no rule has the edge yet: the menu offers to add it.
    """
    menu = QMenu(parent)
    menu.setObjectName("edge-menu")
    done = selection.scenario.perturbation
    cuts = [c for c in done.cuts if (c.source, c.target) == (source, target)]

    def inspect(what: str) -> None:
        selection.select(target)
        selection.ask("inspector", what)

    if is_claimed:
        text = f"Add {source} to the rule of {target}…"
        menu.addAction(text).triggered.connect(partial(inspect, "rule"))
    elif cuts:
        mend = menu.addAction(f"Restore {source} → {target}")
        mend.triggered.connect(lambda: edits.mend(document, selection, cuts[0]))
    else:
        cut = menu.addAction(f"Cut {source} → {target}")
        cut.triggered.connect(lambda: edits.cut(document, selection, Cut(source, target)))
    evidence = menu.addAction(f"Evidence for {source} → {target}…")
    evidence.triggered.connect(partial(inspect, f"evidence {source}"))
    if any((c.source, c.target) == (source, target) for c in document.network.claims):
        away = menu.addAction("Remove the claim")
        away.triggered.connect(partial(network_edits.unclaim, document, source, target))
    return menu


def hold(document: Document, selection: Selection, name: str, level: int | None) -> None:
    """Hold a component at a level, or free it; errors become a message."""
    try:
        edits.hold(document, selection, name, level)
    except RegnetError as error:
        document.say(error)
