"""EvidenceTab: what the rule of a component and its edges rest on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.controls import Words
from gui.document import Document
from gui.icons import icon
from gui.inspecting import change_component, clear, heading
from regnet.evidence import Reference
from regnet.network import CONFIDENCES, KINDS, Component, LogicalNetwork


class EvidenceTab(QWidget):
    """What the rule and the edges rest on."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._component: Component | None = None
        self.kind = QComboBox()
        self.kind.setAccessibleName("What the rule rests on")
        self.confidence = QComboBox()
        self.confidence.setAccessibleName("Confidence")
        for box, words in ((self.kind, KINDS), (self.confidence, CONFIDENCES)):
            box.addItem("not said", "")
            for word in words:
                box.addItem(word, word)
        self._references = QVBoxLayout()
        self._references.setSpacing(6)
        self.entry = QComboBox()
        self.entry.setEditable(True)
        self.entry.setAccessibleName("Add a reference")
        self.entry.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.entry.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        line = self.entry.lineEdit()
        assert line is not None
        line.setAccessibleName("Add a reference")
        line.setPlaceholderText("key, DOI, PMID or text")
        line.returnPressed.connect(self._add)
        add = QToolButton()
        add.setProperty("icon_name", "add")
        add.setIcon(icon("add"))
        add.setAccessibleName("Add the reference")
        add.setToolTip("Add the reference")
        add.clicked.connect(self._add)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("Rests on", self.kind)
        form.addRow("Confidence", self.confidence)
        row = QHBoxLayout()
        row.addWidget(self.entry, 1)
        row.addWidget(add)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addLayout(form)
        column.addWidget(heading("References"))
        column.addLayout(self._references)
        column.addLayout(row)
        column.addWidget(heading("What is claimed of its edges"))
        self.claims = Words()
        column.addWidget(self.claims)
        column.addStretch(1)
        self.kind.activated.connect(self._set_kind)
        self.confidence.activated.connect(self._set_confidence)

    def show_component(self, component: Component) -> None:
        """Show what is known about a component."""
        self._component = component
        project = self._document.project
        self.kind.setCurrentIndex(self.kind.findData(component.kind))
        self.confidence.setCurrentIndex(self.confidence.findData(component.confidence))
        clear(self._references)
        known = {r.key: r for r in project.references}
        for key in component.refs:
            self._references.addWidget(self._reference(key, known.get(key)))
        if not component.refs:
            text = f"No evidence for {component.name}. Add a reference, or say it is an assumption."
            none = Words(text)
            none.setEnabled(False)
            self._references.addWidget(none)
        self.entry.clear()
        self.entry.addItem("")
        for reference in project.references:
            if reference.key not in component.refs:
                self.entry.addItem(f"{reference.key}: {reference.text}"[:80], reference.key)
        self.entry.setCurrentIndex(0)
        self.claims.setText(_claims_text(project.network, component.name))

    def _reference(self, key: str, reference: Reference | None) -> QWidget:
        widget = QFrame()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        label = QLabel(_reference_html(key, reference))
        label.setWordWrap(True)
        label.setMinimumWidth(40)
        label.setOpenExternalLinks(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        label.setAccessibleName(f"Reference {key}")
        row.addWidget(label, 1)
        remove = QToolButton()
        remove.setAutoRaise(True)
        remove.setProperty("icon_name", "close")
        remove.setIcon(icon("close"))
        remove.setAccessibleName(f"Take reference {key} away")
        remove.setToolTip(f"Take reference {key} away")
        remove.clicked.connect(partial(self._remove, key))
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        return widget

    # --- editing ---

    def _set_kind(self) -> None:
        word = self.kind.currentData()
        self._put("Evidence of", lambda c: replace(c, kind=word))

    def _set_confidence(self) -> None:
        word = self.confidence.currentData()
        self._put("Confidence in", lambda c: replace(c, confidence=word))

    def _remove(self, key: str) -> None:
        self._put(
            f"Take {key} from", lambda c: replace(c, refs=tuple(r for r in c.refs if r != key))
        )

    def _add(self) -> None:
        text = self.entry.currentText().strip()
        if not text or self._component is None:
            return
        project = self._document.project
        known = {r.key: r for r in project.references}
        index = self.entry.findText(text)
        key = self.entry.itemData(index) if index > 0 else text if text in known else ""
        if not key:
            reference = _new_reference(text, known)
            key = reference.key
            project = replace(project, references=(*project.references, reference))
        component = self._component
        if key in component.refs:
            return
        network = project.network.with_component(replace(component, refs=(*component.refs, key)))
        self._document.change(f"Cite {key} for {component.name}", replace(project, network=network))

    def _put(self, text: str, change: Callable[[Component], Component]) -> None:
        if self._component is not None:
            text = f"{text} {self._component.name}"
            change_component(self._document, self._component, text, change)


def _reference_html(key: str, reference: Reference | None) -> str:
    from html import escape

    if reference is None:
        return f"<b>{escape(key)}</b> (not in the list of references)"
    link = ""
    if reference.doi:
        link = f' <a href="https://doi.org/{escape(reference.doi)}">doi</a>'
    elif reference.pmid:
        link = f' <a href="https://pubmed.ncbi.nlm.nih.gov/{escape(reference.pmid)}">PubMed</a>'
    elif reference.url:
        link = f' <a href="{escape(reference.url)}">link</a>'
    fact = f"<br><i>{escape(reference.fact)}</i>" if reference.fact else ""
    return f"<b>{escape(key)}</b> {escape(reference.text)}{link}{fact}"


def _new_reference(text: str, known: dict[str, Reference]) -> Reference:
    """Return a reference for what a person typed: a DOI, a PMID, or words."""
    import re

    doi = re.search(r"10\.\d{4,}/\S+", text)
    pmid = re.fullmatch(r"(?:PMID:?\s*)?(\d{4,9})", text, re.IGNORECASE)
    number = len(known) + 1
    while f"R{number}" in known:
        number += 1
    return Reference(
        f"R{number}",
        text,
        doi=doi[0].rstrip(".,;") if doi else "",
        pmid=pmid[1] if pmid else "",
    )


def _claims_text(network: LogicalNetwork, name: str) -> str:
    lines = []
    for claim in network.claims:
        if name in (claim.source, claim.target):
            known = ", ".join(p for p in (claim.kind, claim.confidence, *claim.refs) if p)
            lines.append(
                f"{claim.source} {claim.sign} {claim.target}" + (f": {known}" * bool(known))
            )
            if claim.note:
                lines.append(f"    {claim.note}")
    return "\n".join(lines) if lines else "Nothing."
