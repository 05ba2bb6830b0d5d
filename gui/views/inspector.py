"""Inspector: everything about the component that is selected, and the place to edit it.

A field writes to the document when it is left or Enter is pressed, as one step of the history. A
rule is checked while it is typed and taken only when it is right; until then the old one holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.claims import Doubt, doubts, term, with_term
from gui.controls import Empty, OnLeaving, Words
from gui.document import Document
from gui.icons import icon
from gui.jobs import Runner
from gui.rule_editor import RuleEditor
from gui.selection import Selection
from gui.style import style, theme
from gui.why import explain
from regnet.analysis.structure import edges_into
from regnet.errors import ParseError, RegnetError
from regnet.evidence import Reference
from regnet.logic import Const, Expr, unparse
from regnet.network import CONFIDENCES, KINDS, Claim, Component, LogicalNetwork, Rule
from regnet.project import Project

MAX_TOP = 9


class InspectorPanel(QWidget):
    """Tabs about one component: what it is, what is known about it, and why it is as it is."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self.properties = PropertiesTab(document)
        self.evidence = EvidenceTab(document)
        self.why = WhyTab(document, selection)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName("About the component")
        self.tabs.addTab(_scrolled(self.properties), "Component")
        self.tabs.addTab(_scrolled(self.evidence), "Evidence")
        self.tabs.addTab(_scrolled(self.why), "Why")
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
        """Ask for room for a rule."""
        return QSize(330, 600)

    def _follow(self, before: Project, after: Project) -> None:
        if before.network is not after.network or before.references is not after.references:
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
        if panel != self.objectName() or self._stack.currentWidget() is not self.tabs:
            return
        if what == "why":
            self.tabs.setCurrentIndex(2)
            return
        self.tabs.setCurrentIndex(0)
        if what == "name":
            self.properties.name.setFocus()
            self.properties.name.selectAll()
        elif what == "rule":
            self.properties.rule.focus_first()


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
        column.addWidget(_heading("Note"))
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
        """Show a component, in the place of the one that was shown."""
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
        _change_component(self._document, self._component, text, change)
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


class RuleSection(QWidget):
    """The rule of a component: a condition for each level above 0, the highest first."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._component: Component | None = None
        self._filling = False
        self.is_input = QCheckBox("Input: no rule, keeps its level")
        self.is_input.toggled.connect(self._set_input)
        self.editors: dict[int, RuleEditor] = {}
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.verdict = Words()
        self._is_right = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(_heading("Rule"))
        column.addWidget(self.is_input)
        column.addLayout(self._rows)
        column.addWidget(self.verdict)
        self.doubts = QWidget()
        self.doubts.setObjectName("doubts")
        self.doubts.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._doubts = QVBoxLayout(self.doubts)
        self._doubts.setContentsMargins(8, 6, 8, 6)
        self._doubts.setSpacing(4)
        column.addWidget(self.doubts)
        style().changed.connect(self._paint_verdict)

    def focus_first(self) -> None:
        """Put the cursor into the first condition."""
        for editor in self.editors.values():
            editor.setFocus()
            editor.selectAll()
            return
        self.is_input.setFocus()

    def show_component(self, component: Component) -> None:
        """Show the rule of a component."""
        before, self._component = self._component, component
        self._filling = True
        try:
            self.is_input.setChecked(component.rule is None)
            same = before is not None and (before.name, before.top) == (
                component.name,
                component.top,
            )
            if not same or (component.rule is None) != (not self.editors):
                self._make_editors(component)
            names = list(self._document.network.names)
            for level, text in _conditions(component.rule, component.top).items():
                if level in self.editors:
                    editor = self.editors[level]
                    editor.set_names(names)
                    if editor.toPlainText() != text:
                        editor.setPlainText(text)
        finally:
            self._filling = False
        self._check()

    def _make_editors(self, component: Component) -> None:
        _clear(self._rows)
        self.editors = {}
        if component.rule is None:
            return
        for level in range(component.top, 0, -1):
            editor = RuleEditor(f"Condition for level {level} of {component.name}")
            editor.textChanged.connect(self._on_text)
            editor.accepted.connect(self._accept)
            editor.given_up.connect(self._give_up)
            words = "On if" if component.top == 1 else f"Level {level} if"
            label = QLabel(words if level == component.top else f"else level {level} if")
            label.setBuddy(editor)
            self._rows.addWidget(label)
            self._rows.addWidget(editor)
            self.editors[level] = editor

    # --- checking and editing ---

    def _on_text(self) -> None:
        if not self._filling:
            self._check()

    def _read(self) -> Rule | None:
        """Return the rule that the editors hold, or None after saying what is wrong with it."""
        network = self._document.network
        cases: list[tuple[Expr, int]] = []
        right = True
        for level, editor in self.editors.items():
            text = editor.toPlainText().strip()
            editor.mark(None)
            if not text:
                continue
            try:
                cases.append((network.parse(text), level))
            except RegnetError as error:
                if right:
                    self._say(_sentence(error, level, len(self.editors)), right=False)
                right = False
                editor.mark(_column(error, editor.toPlainText()))
        if not right:
            return None
        return Rule(tuple(cases)) if cases else Rule.constant(0)

    def _check(self) -> Rule | None:
        """Say whether the rule is right, and who acts with which sign."""
        if self._component is None:
            return None
        if self._component.rule is None:
            self._say("It comes from outside; scenarios set it.", right=True)
            self._show_doubts(doubts(self._document.network, self._component.name, ()))
            return None
        rule = self._read()
        if rule is None:
            return None
        changed = self._document.network.with_rule(self._component.name, rule)
        edges = edges_into(changed, self._component.name)
        self._show_doubts(doubts(changed, self._component.name, edges))
        acting = [f"{e.sign} {e.source}" for e in edges]
        same = rule == self._component.rule
        note = "" if same else "  (Enter takes it)"
        if acting:
            self._say(f"✓ acting: {',  '.join(acting)}{note}", right=True)
        else:
            self._say(f"✓ nothing acts on it: it is constant{note}", right=True)
        return rule

    def _show_doubts(self, found: Sequence[Doubt]) -> None:
        """Say which claims the rule does not bear out, and offer to put them in."""
        _clear(self._doubts)
        self.doubts.setVisible(bool(found))
        for doubt in found:
            self._doubts.addWidget(Words(doubt.words))
            if not doubt.can_add:
                continue
            buttons = QHBoxLayout()
            is_empty = not any(e.toPlainText().strip() for e in self.editors.values())
            for joint, word in (("&", "and"), ("|", "or")):
                if is_empty and joint == "|":
                    continue
                text = term(doubt.claim) if is_empty else f"… {word} {term(doubt.claim)}"
                button = QPushButton(text)
                button.setAccessibleName(f"Put {text} into the rule")
                button.setToolTip("Put it into the rule; Enter then takes the rule")
                button.clicked.connect(partial(self.put_in, doubt.claim, joint))
                buttons.addWidget(button)
            buttons.addStretch(1)
            self._doubts.addLayout(buttons)

    def put_in(self, claim: Claim, joint: str) -> None:
        """Propose the rule with the source of a claim in it; the person takes it with Enter."""
        if not self.editors and self._component is not None:
            rule = Rule.of(term(claim))
            text = f"Rule of {self._component.name}"
            _change_component(
                self._document, self._component, text, lambda c: replace(c, rule=rule)
            )
            return
        empty = not any(e.toPlainText().strip() for e in self.editors.values())
        for editor in self.editors.values():
            if empty or editor.toPlainText().strip():
                text = with_term(editor.toPlainText(), claim, joint)
                editor.setPlainText(text)
                editor.propose(len(text) - len(term(claim)))
                editor.setFocus()

    def _say(self, words: str, *, right: bool) -> None:
        self._is_right = right
        self.verdict.setText(words)
        self._paint_verdict()

    def _paint_verdict(self) -> None:
        colours = theme()
        colour = colours["muted" if self._is_right else "error"]
        self.verdict.setStyleSheet(f"color: {colour.name()};")
        self.doubts.setStyleSheet(
            f"#doubts {{ background: {colours['warning-paper'].name()}; border-radius: 4px; }}"
            f"#doubts QLabel {{ color: {colours['ink'].name()}; }}"
        )

    def _accept(self) -> None:
        if self._filling or self._component is None or not self.editors:
            return
        if self._component.name not in self._document.network:
            return
        texts = {level: e.toPlainText().strip() for level, e in self.editors.items()}
        if texts == _conditions(self._component.rule, self._component.top):
            return
        rule = self._check()
        if rule is not None and rule != self._component.rule:
            _change_component(
                self._document,
                self._component,
                f"Rule of {self._component.name}",
                lambda c: replace(c, rule=rule),
            )

    def _give_up(self) -> None:
        """Show the rule as it is."""
        if self._component is not None and self._component.name in self._document.network:
            self.show_component(self._document.network[self._component.name])

    def _set_input(self, is_input: bool) -> None:
        if self._filling or self._component is None:
            return
        rule = None if is_input else Rule.constant(0)
        text = f"Make {self._component.name} an input" if is_input else "Give it a rule"
        _change_component(self._document, self._component, text, lambda c: replace(c, rule=rule))


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
        column.addWidget(_heading("References"))
        column.addLayout(self._references)
        column.addLayout(row)
        column.addWidget(_heading("What is claimed of its edges"))
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
        _clear(self._references)
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
            _change_component(self._document, self._component, text, change)


class WhyTab(QWidget):
    """Why a component is at its level in what the network is painted with."""

    def __init__(self, document: Document, selection: Selection) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self._component: Component | None = None
        self.words = Words()
        self._causes = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.addWidget(self.words)
        column.addLayout(self._causes)
        column.addStretch(1)
        selection.painting_changed.connect(self._show)
        selection.scenario_changed.connect(self._show)

    def show_component(self, component: Component) -> None:
        """Explain a component."""
        self._component = component
        self._show()

    def _show(self) -> None:
        _clear(self._causes)
        if self._component is None:
            return
        words, causes = self._explained(self._component.name)
        self.words.setText(words)
        for name in causes:
            button = QToolButton()
            button.setText(f"Look at {name}")
            button.setAutoRaise(True)
            button.setAccessibleName(f"Look at {name}")
            button.clicked.connect(partial(self._selection.select, name))
            self._causes.addWidget(button)

    def _explained(self, name: str) -> tuple[str, tuple[str, ...]]:
        painting, network = self._selection.painting, self._document.network
        if painting is None:
            return "Pick an attractor or another state to paint; then this says why.", ()
        done = self._selection.scenario.perturbation
        low, high = painting.levels.get(name, (0, network.tops.get(name, 1)))
        now = str(low) if low == high else f"{low} to {high}"
        head = f"{painting.caption}: {name} is at {now}."
        if name in done.clamps:
            held, last = done.clamps[name]
            at = str(held) if held == last else f"{held} to {last}"
            return f"{head}\n\nThe scenario holds it at {at}.", ()
        try:
            changed = done.apply(network)
        except RegnetError as error:
            return str(error), ()
        reason = explain(changed, name, painting.levels)
        return f"{head}\n\n{reason.words}", reason.causes


# --- parts -----------------------------------------------------------------------------------


def _change_component(
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


def _conditions(rule: Rule | None, top: int) -> dict[int, str]:
    """Return the condition for each level above 0; the highest whose condition holds is taken."""
    if rule is None:
        return {}
    levels = [level for _, level in rule.cases]
    if levels == sorted(set(levels), reverse=True) and 0 not in levels:
        found = {level: condition for condition, level in rule.cases}
    else:
        found = {level: rule.reaches(level) for level in range(top, 0, -1)}
    return {
        level: "" if found.get(level, Const(False)) == Const(False) else unparse(found[level])
        for level in range(top, 0, -1)
    }


def _sentence(error: RegnetError, level: int, count: int) -> str:
    where = f"Level {level}: " if count > 1 else ""
    text = str(error)
    return f"{where}{text[:1].upper()}{text[1:]}"


def _column(error: RegnetError, text: str) -> int:
    """Return where an error is: its column, or else where the name it is about stands."""
    if isinstance(error, ParseError) and error.column is not None:
        lead = len(text) - len(text.lstrip())
        return error.column + lead
    name = getattr(error, "name", "")
    return max(text.find(name), 0) + 1 if name else 1


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


def _clear(layout: QLayout) -> None:
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
            _clear(inside)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    font = QFont(label.font())
    font.setBold(True)
    label.setFont(font)
    return label


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(widget)
    return area
