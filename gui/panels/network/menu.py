"""The context menu of a component in the drawing."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from gui.model import network_edits
from gui.model.document import Document
from gui.model.selection import Selection
from gui.panels.network.canvas import NetworkScene
from gui.widgets.menus import component_menu


def drawn_menu(
    parent: QWidget, document: Document, selection: Selection, name: str, scene: NetworkScene
) -> QMenu:
    """Return the context menu of a component in the drawing, with entries for its neighbours."""
    menu = component_menu(parent, document, selection, name)

    def inspect(what: str) -> None:
        selection.select(name)
        selection.ask("inspector", what)

    def select_near(incoming: bool) -> None:
        near = scene.neighbours(name, incoming=incoming, outgoing=not incoming)
        selection.select([*sorted(near), name])

    menu.addSeparator()
    for text, what in (
        ("Edit rule…", "rule"), ("Rename…", "name"), ("Why this level?", "why"),
    ):  # fmt: skip
        menu.addAction(text).triggered.connect(partial(inspect, what))
    menu.addSeparator()
    for text, incoming in (("Select its regulators", True), ("Select its targets", False)):
        menu.addAction(text).triggered.connect(partial(select_near, incoming))
    menu.addSeparator()
    delete = partial(network_edits.delete, document, [name])
    menu.addAction(f"Delete {name}").triggered.connect(delete)
    return menu
