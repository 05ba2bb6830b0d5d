"""Linked text, and other parts shared by panels that show details."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFont, QTextDocumentFragment
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QScrollArea, QWidget

from gui.model.document import Document
from gui.widgets.style import style
from regnet.errors import RegnetError
from regnet.evidence import Reference
from regnet.network import Component


def change_component(
    document: Document,
    component: Component,
    text: str,
    change: Callable[[Component], Component],
) -> None:
    """Replace a component of the project; errors become a message."""
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
    """Remove all items of a layout."""
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


class Linked(QLabel):
    """Text with links, which can be followed with the mouse or with Tab and Enter."""

    followed = Signal(str)
    """A link was followed: its target, unless that is a web page."""

    def __init__(self, html: str = "") -> None:
        super().__init__()
        self._html = html
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setMinimumWidth(40)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.linkActivated.connect(self._follow)
        style().changed.connect(self._repaint)
        self.setText(html)

    def setText(self, html: str) -> None:
        """Show a text."""
        self._html = html
        super().setText(html)
        self.setVisible(bool(html))

    def words(self) -> str:
        """Return the visible text."""
        plain = QTextDocumentFragment.fromHtml(self._html).toPlainText()
        return plain.replace(_BREAK, "")

    def _follow(self, target: str) -> None:
        if "://" in target:
            QDesktopServices.openUrl(QUrl(target))
        else:
            self.followed.emit(target)

    def _repaint(self) -> None:
        super().setText("")  # links keep the colour they were created with
        super().setText(self._html)


_BREAK = "\u200b"  # where a long name may be broken


def written(text: str) -> str:
    """Return a text as HTML, in which long names can be broken."""
    return escape(text).replace("_", "_" + _BREAK)


def link(target: str, text: str) -> str:
    """Return a link as HTML."""
    return f'<a href="{escape(target, quote=True)}">{written(text)}</a>'


def reference_html(key: str, reference: Reference | None, *, brief: bool = False) -> str:
    """Return a reference as HTML with links; unless `brief`, with its quotation and check."""
    if reference is None:
        return f"<b>{written(key)}</b> (not in the list of references)"
    links = []
    if reference.doi:
        links.append(link(f"https://doi.org/{reference.doi}", f"doi {reference.doi}"))
    if reference.pmid:
        page = f"https://pubmed.ncbi.nlm.nih.gov/{reference.pmid}"
        links.append(link(page, f"PMID {reference.pmid}"))
    if reference.url and not links:
        links.append(link(reference.url, "link"))
    if brief:
        return f"<b>{written(key)}</b> {written(reference.text)} {', '.join(links)}".strip()
    links += [f"checked: {written(reference.checked)}"] if reference.checked else []
    where = f"<br>{', '.join(links)}" if links else ""
    fact = f"<br><i>{written(reference.fact)}</i>" if reference.fact else ""
    return f"<b>{written(key)}</b> {written(reference.text)}{where}{fact}"


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
