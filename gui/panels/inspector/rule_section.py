"""RuleSection: the rule of a component, checked while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.model.claims import Doubt, doubts, term, with_term
from gui.model.document import Document
from gui.widgets.controls import Words
from gui.widgets.linked import change_component, clear, heading
from gui.widgets.rule_editor import RuleEditor
from gui.widgets.style import style, theme
from regnet.analysis.structure import QUICK_DIAGRAM, edges_into
from regnet.errors import EngineError, ParseError, RegnetError
from regnet.logic import Const, Expr, unparse
from regnet.network import Claim, Component, Rule


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
        column.addWidget(heading("Rule"))
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
        draft = self._document.drafts.get(component.name, {})
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
            for level, own in _conditions(component.rule, component.top).items():
                if level in self.editors:
                    text = draft.get(level, own)
                    editor = self.editors[level]
                    editor.set_names(names)
                    if editor.toPlainText() != text:
                        editor.setPlainText(text)
        finally:
            self._filling = False
        self._check()

    def _make_editors(self, component: Component) -> None:
        clear(self._rows)
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
            self._keep_draft()

    def _keep_draft(self) -> None:
        """Keep what is typed until it is taken or given up, whatever is looked at meanwhile."""
        if self._component is None:
            return
        texts = {level: e.toPlainText().strip() for level, e in self.editors.items()}
        same = texts == _conditions(self._component.rule, self._component.top)
        self._document.keep_draft(self._component.name, None if same else texts)

    def _read(self) -> Rule | None:
        """Return the rule in the editors, or None after reporting its error."""
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
        """Say whether the rule is valid, and list the regulators with their signs."""
        if self._component is None:
            return None
        if self._component.rule is None:
            self._say("An input: its level is set by scenarios.", right=True)
            self._show_doubts(doubts(self._document.network, self._component.name, ()))
            return None
        rule = self._read()
        if rule is None:
            return None
        changed = self._document.network.with_rule(self._component.name, rule)
        try:
            edges = edges_into(changed, self._component.name, room=QUICK_DIAGRAM)
        except EngineError:
            self._show_doubts(())
            self._say("✓ too complex to determine who activates and who inhibits", right=True)
            return rule
        self._show_doubts(doubts(changed, self._component.name, edges))
        acting = [f"{e.sign} {e.source}" for e in edges]
        same = rule == self._component.rule
        note = "" if same else "  (press Enter to apply)"
        if acting:
            self._say(f"✓ acting: {',  '.join(acting)}{note}", right=True)
        else:
            self._say(f"✓ nothing acts on it: it is constant{note}", right=True)
        return rule

    def _show_doubts(self, found: Sequence[Doubt]) -> None:
        """Show the claims that the rule does not support, and offer to add them."""
        clear(self._doubts)
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
                button.setAccessibleName(f"Add {text} to the rule")
                button.setToolTip("Add it to the rule; Enter then applies the rule")
                button.clicked.connect(partial(self.put_in, doubt.claim, joint))
                buttons.addWidget(button)
            buttons.addStretch(1)
            self._doubts.addLayout(buttons)

    def put_in(self, claim: Claim, joint: str) -> None:
        """Propose the rule with the source of a claim added; Enter applies it."""
        if not self.editors and self._component is not None:
            rule = Rule.of(term(claim))
            text = f"Rule of {self._component.name}"
            change_component(self._document, self._component, text, lambda c: replace(c, rule=rule))
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
        if rule is None:
            return
        self._document.keep_draft(self._component.name, None)
        if rule != self._component.rule:
            change_component(
                self._document,
                self._component,
                f"Rule of {self._component.name}",
                lambda c: replace(c, rule=rule),
            )

    def _give_up(self) -> None:
        """Restore the displayed rule."""
        if self._component is not None and self._component.name in self._document.network:
            self._document.keep_draft(self._component.name, None)
            self.show_component(self._document.network[self._component.name])

    def _set_input(self, is_input: bool) -> None:
        if self._filling or self._component is None:
            return
        rule = None if is_input else Rule.constant(0)
        text = f"Make {self._component.name} an input" if is_input else "Give it a rule"
        change_component(self._document, self._component, text, lambda c: replace(c, rule=rule))


def _conditions(rule: Rule | None, top: int) -> dict[int, str]:
    """Return the condition for each level above 0; the highest one that holds applies."""
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
    """Return the position of an error: its column, or else that of the name it concerns."""
    if isinstance(error, ParseError) and error.column is not None:
        lead = len(text) - len(text.lstrip())
        return error.column + lead
    name = getattr(error, "name", "")
    return max(text.find(name), 0) + 1 if name else 1
