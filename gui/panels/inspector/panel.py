"""Inspector: the properties, evidence and explanation of the selected component.

A field writes to the document when it loses focus or Enter is pressed, as one undo step. A rule is
checked while it is typed and applied only when it is valid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document, Result
from gui.model.runner import Runner
from gui.model.selection import Painting, Selection
from gui.panels.inspector.evidence_tab import EvidenceTab
from gui.panels.inspector.rule_section import RuleSection
from gui.panels.inspector.why_tab import WhyTab
from gui.widgets.controls import Empty, OnLeaving
from gui.widgets.describe import fitting
from gui.widgets.linked import change_component, heading, scrolled
from regnet.analysis.explain.several import Explanations
from regnet.errors import RegnetError
from regnet.network import Component, Rule
from regnet.project import Project

MAX_TOP = 9


class InspectorPanel(QWidget):
    """Tabs about one component: its properties, its evidence, and why it is at its level."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self.properties = PropertiesTab(document)
        self.evidence = EvidenceTab(document, selection)
        self.why = WhyTab(document, selection, runner)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName("About the component")
        self.tabs.setStyleSheet("QTabBar::tab { padding: 6px 10px; }")
        self.tabs.addTab(scrolled(self.properties), "About")
        self.tabs.addTab(scrolled(self.evidence), "Evidence")
        self.tabs.addTab(scrolled(self.why), "Why")
        self._empty = Empty("Select a component to see its rule, its levels and its evidence.")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        document.changed.connect(self._follow)
        selection.components_changed.connect(self._show)
        selection.asked.connect(self._on_asked)
        self._show()

    def sizeHint(self) -> QSize:
        """Return a size with room for a rule."""
        return QSize(330, 600)

    def _follow(self, before: Project, after: Project) -> None:
        parts = ("network", "references", "experiments")
        if any(getattr(before, part) is not getattr(after, part) for part in parts):
            self._show()

    def _show(self) -> None:
        name = self._selection.component
        if name not in self._document.network:
            self._stack.setCurrentWidget(self._empty)
            return
        component = self._document.network[name]
        self.properties.show_component(component)
        self.evidence.show_component(component)
        self.why.show_component(component)
        self._stack.setCurrentWidget(self.tabs)

    def _on_asked(self, panel: str, what: str) -> None:
        if panel != self.objectName():
            return
        result = self._document.result_of(what)
        if result is not None and isinstance(result.value, Explanations):
            self._show_explanations(result)
            return
        if self._stack.currentWidget() is not self.tabs:
            return
        if what == "why":
            self.tabs.setCurrentIndex(2)
            return
        if what.startswith("evidence"):
            self.tabs.setCurrentIndex(1)
            source = what.removeprefix("evidence").strip()
            if source:
                self.evidence.show_edge(source, self._selection.component)
            return
        self.tabs.setCurrentIndex(0)
        if what == "name":
            self.properties.name.setFocus()
            self.properties.name.selectAll()
        elif what == "rule":
            self.properties.rule.focus_first()

    def _show_explanations(self, result: Result) -> None:
        """Show the first explanation of a result, and paint the state that it explains."""
        if self._document.is_stale(result):
            self._document.say(f"{result.title}: the model has changed since", "info")
            return
        found: Explanations = result.value
        if not found.found:
            self._document.say(f"{result.title}: {found.missing}", "info")
            return
        first = found.found[0]
        caption = f"A{first.number}, {first.attractor.kind}, {result.title}"
        levels = fitting(first.attractor.space, self._document.network)
        scenario = result.origin.scenario
        self._selection.select(found.component)
        self._selection.paint(Painting(levels, caption, None, first.attractor, scenario))
        self.tabs.setCurrentIndex(2)
        self.why.show_answer(first.explanation)


class PropertiesTab(QWidget):
    """Name, compartment, levels, rule and note."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._component: Component | None = None
        self._filling = False
        self.name = QLineEdit()
        self.name.setAccessibleName("Name")
        self.compartment = QComboBox()
        self.compartment.setEditable(True)
        self.compartment.setAccessibleName("Compartment")
        self.compartment.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.top = QSpinBox()
        self.top.setAccessibleName("Highest level")
        self.top.setRange(1, MAX_TOP)
        self.top.setMaximumWidth(70)
        self.meanings: list[QLineEdit] = []
        self._meanings = QVBoxLayout()
        self._meanings.setSpacing(3)
        self.rule = RuleSection(document)
        self.note = QPlainTextEdit()
        self.note.setAccessibleName("Note")
        self.note.setPlaceholderText("A sentence for people")
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(84)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setVerticalSpacing(6)
        form.addRow("Name", self.name)
        form.addRow("Place", self.compartment)
        form.addRow("Highest level", self.top)
        form.addRow("Levels", self._meanings)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addLayout(form)
        column.addWidget(self.rule)
        column.addWidget(heading("Note"))
        column.addWidget(self.note)
        column.addStretch(1)
        self.name.editingFinished.connect(self._rename)
        self.compartment.activated.connect(lambda _: self._set_compartment())
        line = self.compartment.lineEdit()
        assert line is not None
        line.setAccessibleName("Compartment")
        line.setPlaceholderText("none")
        line.editingFinished.connect(self._set_compartment)
        self.top.valueChanged.connect(self._set_top)
        OnLeaving(self.note, self._set_note)

    def show_component(self, component: Component) -> None:
        """Show another component."""
        if self._component is not None and component.name != self._component.name:
            self._set_note()
        self._filling = True
        try:
            is_other = self._component is None or component.name != self._component.name
            self._component = component
            self.name.setText(component.name)
            self.name.setCursorPosition(0)
            self.name.setToolTip(component.name)
            self._fill_compartments(component)
            self.top.setValue(component.top)
            self._fill_meanings(component)
            self.rule.show_component(component)
            if is_other or not self.note.hasFocus():
                self.note.setPlainText(component.note)
        finally:
            self._filling = False

    def _fill_compartments(self, component: Component) -> None:
        known = dict.fromkeys(c.compartment for c in self._document.network.components)
        self.compartment.clear()
        self.compartment.addItems([name for name in known if name])
        self.compartment.setCurrentText(component.compartment)

    def _fill_meanings(self, component: Component) -> None:
        count = component.top + 1
        while len(self.meanings) > count:
            self._meanings.takeAt(len(self.meanings) - 1)
            self.meanings.pop().parentWidget().deleteLater()  # type: ignore[union-attr]
        while len(self.meanings) < count:
            level = len(self.meanings)
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(QLabel(str(level)))
            field = QLineEdit()
            field.setAccessibleName(f"Meaning of level {level}")
            field.setPlaceholderText("what it means")
            field.editingFinished.connect(self._set_meanings)
            line.addWidget(field, 1)
            self._meanings.addWidget(row)
            self.meanings.append(field)
        for level, field in enumerate(self.meanings):
            field.setText(component.meanings[level] if component.meanings else "")

    # --- editing ---

    def _put(self, text: str, change: Callable[[Component], Component]) -> None:
        if self._filling or self._component is None:
            return
        change_component(self._document, self._component, text, change)
        name = self._component.name
        if name in self._document.network:
            self.show_component(self._document.network[name])

    def _rename(self) -> None:
        if self._filling or self._component is None:
            return
        old, new = self._component.name, self.name.text().strip()
        if new == old:
            return
        try:
            project = self._document.project.renamed(old, new)
        except RegnetError as error:
            self._document.say(error)
            self.name.setText(old)
            return
        self._document.change(f"Rename {old}", project)

    def _set_compartment(self) -> None:
        wanted = self.compartment.currentText().strip()
        if self._component is not None and wanted != self._component.compartment:
            text = f"Move {self._component.name} to {wanted or 'no place'}"
            self._put(text, lambda c: replace(c, compartment=wanted))

    def _set_top(self, top: int) -> None:
        def change(c: Component) -> Component:
            meanings = (*c.meanings[: top + 1], *[""] * (top - c.top)) if c.meanings else ()
            rule = c.rule
            if rule is not None and any(level > top for _, level in rule.cases):
                rule = Rule(tuple((condition, min(level, top)) for condition, level in rule.cases))
            return replace(c, top=top, meanings=meanings, rule=rule)

        if self._component is not None and top != self._component.top:
            self._put(f"Levels of {self._component.name}", change)

    def _set_meanings(self) -> None:
        texts = tuple(field.text().strip() for field in self.meanings)
        meanings = texts if any(texts) else ()
        if self._component is not None and meanings != self._component.meanings:
            self._put(
                f"Meanings of {self._component.name}", lambda c: replace(c, meanings=meanings)
            )

    def _set_note(self) -> None:
        note = self.note.toPlainText().strip()
        if self._component is not None and note != self._component.note.strip():
            self._put(f"Note on {self._component.name}", lambda c: replace(c, note=note))
