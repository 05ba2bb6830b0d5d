"""Inspecting: what the parts of the inspector share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QScrollArea, QWidget

from gui.document import Document
from regnet.errors import RegnetError
from regnet.network import Component


def change_component(
    document: Document,
    component: Component,
    text: str,
    change: Callable[[Component], Component],
) -> None:
    """Put a changed component into the project; trouble becomes a message."""
    project = document.project
    if component.name not in project.network:
        return
    try:
        changed = change(project.network[component.name])
        network = project.network.with_component(changed)
    except RegnetError as error:
        document.say(error)
        return
    document.change(text, replace(project, network=network))


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            continue
        widget, inside = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inside is not None:
            clear(inside)


def heading(text: str) -> QLabel:
    """Return the title of a part."""
    label = QLabel(text)
    font = QFont(label.font())
    font.setBold(True)
    label.setFont(font)
    return label


def scrolled(widget: QWidget) -> QScrollArea:
    """Return a widget that scrolls where there is no room for it."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(widget)
    return area
