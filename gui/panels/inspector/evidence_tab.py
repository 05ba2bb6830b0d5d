"""EvidenceTab: the evidence for the rule of a component, or for one of its edges.

Both have a kind, a confidence and references. The experiments listed are those that would detect a
change, or, as long as that is not known, those that cite the same references.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document
from gui.model.ledger import ROLES, Support, coverage, ledger, support_of
from gui.model.selection import Selection
from gui.widgets.controls import Words
from gui.widgets.icons import icon
from gui.widgets.linked import Linked, clear, heading, link, reference_html, written
from gui.widgets.style import style, theme
from regnet.analysis.structure import edges_to_draw
from regnet.errors import RegnetError
from regnet.evidence import Reference
from regnet.network import CONFIDENCES, SOURCE_KINDS, Claim, Component, LogicalNetwork

_ARROWS = {"+": "→", "-": "⊣", "±": "±→"}


class EvidenceTab(QWidget):
    """The evidence for a rule or an edge: references, and experiments with verdicts."""

    def __init__(self, document: Document, selection: Selection) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self._component: Component | None = None
        self._signs: dict[tuple[str, str], str] = {}
        self._wanted: tuple[str, str] | None = None
        self._is_old = True
        self.about = QComboBox()
        self.about.setAccessibleName("The rule or edge of the evidence")
        self.kind = QComboBox()
        self.kind.setAccessibleName("Kind of source")
        self.confidence = QComboBox()
        self.confidence.setAccessibleName("Confidence")
        for box, words in ((self.kind, SOURCE_KINDS), (self.confidence, CONFIDENCES)):
            box.addItem("not said", "")
            for word in words:
                box.addItem(word, word)
        self._references = QVBoxLayout()
        self._references.setSpacing(6)
        self.entry = QComboBox()
        self.entry.setEditable(True)
        self.entry.setAccessibleName("Add a reference")
        self.entry.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for box in (self.about, self.entry):
            box.setSizeAdjustPolicy(
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
        form.addRow("About", self.about)
        form.addRow("Based on", self.kind)
        form.addRow("Confidence", self.confidence)
        row = QHBoxLayout()
        row.addWidget(self.entry, 1)
        row.addWidget(add)
        self.note = Words()
        self.experiments = Linked()
        self.experiments.followed.connect(partial(selection.ask, "experiments"))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addLayout(form)
        column.addWidget(self.note)
        column.addWidget(heading("References"))
        column.addLayout(self._references)
        column.addLayout(row)
        column.addWidget(heading("Experiments"))
        column.addWidget(self.experiments)
        column.addStretch(1)
        self.about.activated.connect(self._show)
        self.kind.activated.connect(self._set_kind)
        self.confidence.activated.connect(self._set_confidence)
        document.results_changed.connect(self._show_experiments)
        style().changed.connect(self._show_experiments)

    # --- display ---

    def show_component(self, component: Component) -> None:
        """Show the evidence for a component, or for its chosen edge."""
        same = self._component is not None and self._component.name == component.name
        self._wanted = self.about.currentData() if same else None
        self._component = component
        self._is_old = True
        if self.isVisible():
            self._fill(component)

    def showEvent(self, event: QShowEvent) -> None:
        """Show changes made while the tab was hidden."""
        super().showEvent(event)
        if self._is_old and self._component is not None:
            self._fill(self._component)

    def _fill(self, component: Component) -> None:
        self._is_old = False
        network = self._document.network
        self._signs = _signs(network, component.name)
        self.about.clear()
        rule = "input" if component.is_input else "rule"
        self.about.addItem(f"{component.name}: its {rule}", ("", component.name))
        for (source, target), sign in self._signs.items():
            self.about.addItem(f"{source} {_ARROWS[sign]} {target}", (source, target))
        self._choose(self._wanted or ("", component.name))

    def show_edge(self, source: str, target: str) -> None:
        """Show the evidence for an edge of the displayed component."""
        self._wanted = (source, target)
        if not self._is_old:
            self._choose(self._wanted)

    def _choose(self, subject: tuple[str, str]) -> None:
        places = [i for i in range(self.about.count()) if self.about.itemData(i) == subject]
        self.about.setCurrentIndex(places[0] if places else 0)
        self._show()

    @property
    def subject(self) -> tuple[str, str]:
        """The displayed edge, as source and target; an empty source for the rule."""
        source, target = self.about.currentData()
        return source, target

    def _known(self) -> Component | Claim:
        """Return the object with the evidence: the component, or the claim about the edge."""
        source, target = self.subject
        network = self._document.network
        if not source:
            return network[target]
        known = (c for c in network.claims if (c.source, c.target) == (source, target))
        return next(known, None) or Claim(source, target, self._signs[source, target])

    def _show(self) -> None:
        if self._component is None or self._component.name not in self._document.network:
            return
        project, known = self._document.project, self._known()
        self.kind.setCurrentIndex(self.kind.findData(known.kind))
        self.confidence.setCurrentIndex(self.confidence.findData(known.confidence))
        self.note.setText(known.note if isinstance(known, Claim) else "")
        self.note.setVisible(bool(self.note.text()))
        clear(self._references)
        listed = {r.key: r for r in project.references}
        for key in known.refs:
            self._references.addWidget(self._reference(key, listed.get(key)))
        if not known.refs:
            text = f"No evidence for {self._title}. Add a reference, or say it is an assumption."
            none = Words(text)
            none.setEnabled(False)
            self._references.addWidget(none)
        self.entry.clear()
        self.entry.addItem("")
        for reference in project.references:
            if reference.key not in known.refs:
                self.entry.addItem(f"{reference.key}: {reference.text}"[:80], reference.key)
        self.entry.setCurrentIndex(0)
        self._show_experiments()

    @property
    def _title(self) -> str:
        source, target = self.subject
        return f"{source} {_ARROWS[self._signs[source, target]]} {target}" if source else target

    def _show_experiments(self) -> None:
        if self._is_old or self._component is None:
            return
        if self._component.name not in self._document.network:
            return
        project, results = self._document.project, self._document.results
        source, target = self.subject
        found = coverage(results)
        supports = support_of(project, ledger(project, results), found, target, source)
        parts = [_support_html(support) for support in supports]
        if not parts:
            if not project.experiments:
                parts = ["Untested: the model has no experiments."]
            elif found is not None:
                parts = ["? untested: no experiment would detect a change here."]
            else:
                parts = ["? untested: no experiment cites the same references."]
        self.experiments.setText("<br>".join(parts))

    def _reference(self, key: str, reference: Reference | None) -> QWidget:
        widget = QFrame()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        label = Linked(reference_html(key, reference))
        label.setAccessibleName(f"Reference {key}")
        row.addWidget(label, 1)
        remove = QToolButton()
        remove.setAutoRaise(True)
        remove.setProperty("icon_name", "close")
        remove.setIcon(icon("close"))
        remove.setAccessibleName(f"Remove reference {key}")
        remove.setToolTip(f"Remove reference {key}")
        remove.clicked.connect(partial(self._remove, key))
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        return widget

    # --- editing ---

    def _set_kind(self) -> None:
        self._put("Evidence of", kind=self.kind.currentData())

    def _set_confidence(self) -> None:
        self._put("Confidence in", confidence=self.confidence.currentData())

    def _remove(self, key: str) -> None:
        self._put(f"Remove {key} from", refs=tuple(r for r in self._known().refs if r != key))

    def _add(self) -> None:
        text = self.entry.currentText().strip()
        if not text or self._component is None:
            return
        references = self._document.project.references
        known = {r.key: r for r in references}
        index = self.entry.findText(text)
        key = self.entry.itemData(index) if index > 0 else text if text in known else ""
        if not key:
            reference = _new_reference(text, known)
            key = reference.key
            references = (*references, reference)
        cited = self._known().refs
        if key not in cited:
            self._put(f"Cite {key} for", references=references, refs=(*cited, key))

    def _put(
        self, text: str, *, references: tuple[Reference, ...] | None = None, **changes: Any
    ) -> None:
        """Change the evidence, as one undo step; an edge gets a claim if it has none."""
        project, known = self._document.project, self._known()
        changed = replace(known, **changes)
        network = project.network
        try:
            if isinstance(changed, Claim):
                ends = (changed.source, changed.target)
                claims = list(network.claims)
                places = [i for i, c in enumerate(claims) if (c.source, c.target) == ends]
                if places:
                    claims[places[0]] = changed
                else:
                    claims.append(changed)
                network = network.with_claims(claims)
            else:
                network = network.with_component(changed)
        except RegnetError as error:
            self._document.say(error)
            return
        if references is None:
            references = project.references
        changed_project = replace(project, network=network, references=references)
        self._document.change(f"{text} {self._title}", changed_project)


def _support_html(support: Support) -> str:
    entry = support.entry
    colour = theme()[ROLES[entry.state] if entry.is_current else "muted"].name()
    verdict = f"<span style='color:{colour}'>{written(entry.words)}</span>"
    title = link(entry.experiment.id, f"{entry.experiment.id} {entry.experiment.title}")
    return f"<b>{verdict}</b> {title}: {written(support.words)}"


def _signs(network: LogicalNetwork, name: str) -> dict[tuple[str, str], str]:
    """Return the edges into a component and out of it, with their signs."""
    claimed = {(c.source, c.target): c.sign for c in network.claims}
    signs = {(edge.source, name): edge.sign for edge in edges_to_draw(network, name)[0]}
    signs |= {ends: sign for ends, sign in claimed.items() if ends[1] == name and ends not in signs}
    for component in network.components:
        ends = (name, component.name)
        rule = component.rule
        if (
            rule is not None
            and ends not in signs
            and any(v.name == name for v in rule.thresholds())
        ):
            acting = {e.source: e.sign for e in edges_to_draw(network, component.name)[0]}
            signs[ends] = acting.get(name) or claimed.get(ends, "±")
    return signs


def _new_reference(text: str, known: dict[str, Reference]) -> Reference:
    """Return a reference from a typed DOI, PMID or text."""
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
