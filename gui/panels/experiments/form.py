"""ExperimentForm: the fields of an experiment, checked before they are applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import EMPTY
from gui.model.ledger import done_words, given_words
from gui.model.selection import WILD_TYPE
from gui.panels.experiments.edits import (
    COUNTED,
    FLAGS,
    SPANS,
    TIMED_HINTS,
    read_expectation,
    with_experiment,
    written_expectation,
)
from gui.widgets.controls import Words
from gui.widgets.icons import icon
from gui.widgets.linked import clear
from gui.widgets.style import style, theme
from regnet.errors import RegnetError
from regnet.evidence import EXPECTATIONS, EXPERIMENT_KINDS, Expectation, Experiment
from regnet.project import Project
from regnet.scenario import Scenario

_NO_KIND = "not said"
_NOT, _AS_IT_WAS = "not first", "as it was"


class ExperimentForm(QWidget):
    """A form for a new or an edited experiment."""

    taken = Signal(object, str)
    """The experiment, and the id of the one it replaces."""

    given_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._project = EMPTY
        self._was: Experiment | None = None
        self._before = ""
        self._scenario = Scenario()
        self._current = Scenario()
        self.key, self.title = QLineEdit(), QLineEdit()
        self.source, self.refs, self.note = QLineEdit(), QLineEdit(), QLineEdit()
        for field, name, hint in (
            (self.key, "Key", "short and unique"),
            (self.title, "Title", "one sentence: what was observed or is expected"),
            (self.source, "Source", "the source, in words"),
            (self.refs, "References", "keys of references, separated by spaces"),
            (self.note, "Note", "a sentence for people"),
        ):
            field.setAccessibleName(f"{name} of the experiment")
            field.setPlaceholderText(hint)
        self.kind = QComboBox()
        self.kind.setAccessibleName("Kind of experiment")
        self.kind.addItem(_NO_KIND, "")
        for kind, meaning in EXPERIMENT_KINDS.items():
            self.kind.addItem(kind, kind)
            self.kind.setItemData(self.kind.count() - 1, meaning, Qt.ItemDataRole.ToolTipRole)
        self.scenario = Words()
        self.use_current = QPushButton("Use the current scenario")
        self.use_current.clicked.connect(self._use_current)
        self.settle = QComboBox()
        self.settle.setAccessibleName("Equilibrate first in")
        self.settle.setToolTip(
            "The network first equilibrates there, and the experiment starts from its attractors"
        )
        self.settle.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.settle.setMinimumContentsLength(14)
        self.rows: list[tuple[QComboBox, QLineEdit]] = []
        self._known: dict[tuple[str, str], list[Expectation]] = {}
        self._rows = QVBoxLayout()
        self._rows.setSpacing(3)
        self.more = QPushButton("Add an expectation")
        self.more.clicked.connect(lambda: self._add_row("reachable", ""))
        self.trouble = Words()
        self.trouble.hide()
        self.save = QPushButton("Save")
        self.save.setDefault(True)
        self.save.clicked.connect(self.take)
        give_up = QPushButton("Cancel")
        give_up.clicked.connect(self.given_up)
        self._put_together(give_up)
        style().changed.connect(self._paint)
        self._paint()

    def _put_together(self, give_up: QPushButton) -> None:
        where = QHBoxLayout()
        where.addWidget(self.scenario, 1)
        where.addWidget(self.use_current)
        expected = QVBoxLayout()
        expected.setSpacing(3)
        expected.addLayout(self._rows)
        more = QHBoxLayout()
        more.addWidget(self.more)
        more.addStretch(1)
        expected.addLayout(more)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(5)
        form.addRow("Key", self.key)
        form.addRow("Title", self.title)
        form.addRow("Kind", self.kind)
        form.addRow("Scenario", where)
        form.addRow("Equilibration", self.settle)
        form.addRow("Expected", expected)
        form.addRow("Source", self.source)
        form.addRow("References", self.refs)
        form.addRow("Note", self.note)
        buttons = QHBoxLayout()
        buttons.addWidget(self.trouble, 1)
        buttons.addStretch(1)
        buttons.addWidget(give_up)
        buttons.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.addLayout(form)
        column.addLayout(buttons)
        column.addStretch(1)

    # --- content ---

    def show_experiment(
        self,
        project: Project,
        experiment: Experiment,
        current: Scenario,
        *,
        instead_of: str = "",
        typed: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Fill the form.

        Parameters
        ----------
        project
            The project of the experiment.
        experiment
            Initial content of the fields.
        current
            The scenario that the button inserts.
        instead_of
            The id of the experiment it replaces; empty for a new one.
        typed
            Initial expectations of a new experiment, as kind and text.
        """
        self._project, self._before, self._was = project, instead_of, experiment
        self._scenario, self._current = experiment.scenario, current
        self.key.setText(experiment.id)
        self.title.setText(experiment.title)
        self.kind.setCurrentIndex(self.kind.findData(experiment.kind))
        self.source.setText(experiment.source)
        self.refs.setText(" ".join(experiment.refs))
        self.note.setText(experiment.note)
        self.settle.clear()
        self.settle.addItem(_NOT, None)
        if experiment.settle is not None and experiment.settle not in project.scenarios:
            self.settle.addItem(_AS_IT_WAS, experiment.settle)
        for scenario in (Scenario(), *project.scenarios):
            self.settle.addItem(scenario.name or WILD_TYPE, scenario)
            if scenario == experiment.settle and self.settle.currentIndex() == 0:
                self.settle.setCurrentIndex(self.settle.count() - 1)
        if experiment.settle is not None and self.settle.currentIndex() == 0:
            self.settle.setCurrentIndex(1)
        clear(self._rows)
        self.rows.clear()
        self._known.clear()
        for kind, text in typed:
            self._add_row(kind, text)
        for expectation in experiment.expect:
            text = written_expectation(expectation)
            self._known.setdefault((expectation.kind, text), []).append(expectation)
            self._add_row(expectation.kind, text)
        self._show_scenario()
        self._say("")

    def _show_scenario(self) -> None:
        shown = Experiment("", "", self._scenario, ())
        network = self._project.network
        name = self._scenario.name or WILD_TYPE
        self.scenario.setText(
            f"{name}: {done_words(shown, network)}; starts {given_words(shown, network)}"
        )
        self.use_current.setEnabled(self._scenario != self._current)

    def _use_current(self) -> None:
        self._scenario = self._current
        self._show_scenario()

    def _add_row(self, expected: str, text: str) -> None:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        kind = QComboBox()
        kind.setAccessibleName("What is expected")
        for word, meaning in EXPECTATIONS.items():
            kind.addItem(word)
            kind.setItemData(kind.count() - 1, meaning, Qt.ItemDataRole.ToolTipRole)
        kind.setCurrentText(expected)
        field = QLineEdit(text)
        field.setAccessibleName("Condition, number or range")
        field.returnPressed.connect(self.take)
        gone = QToolButton()
        gone.setAutoRaise(True)
        gone.setProperty("icon_name", "close")
        gone.setIcon(icon("close"))
        gone.setAccessibleName("Remove this expectation")
        gone.setToolTip("Remove this expectation")
        pair = (kind, field)
        gone.clicked.connect(partial(self._drop_row, row, pair))
        kind.currentTextChanged.connect(partial(self._fit, pair))
        line.addWidget(kind)
        line.addWidget(field, 1)
        line.addWidget(gone)
        self._rows.addWidget(row)
        self.rows.append(pair)
        self._fit(pair, expected)

    def _drop_row(self, row: QWidget, pair: tuple[QComboBox, QLineEdit]) -> None:
        self.rows.remove(pair)
        self._rows.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _fit(self, pair: tuple[QComboBox, QLineEdit], kind: str) -> None:
        box, field = pair
        box.setToolTip(EXPECTATIONS[kind])
        field.setVisible(kind not in FLAGS)
        field.setPlaceholderText(
            TIMED_HINTS.get(kind)
            or ("how many" if kind in COUNTED else "X=0..2" if kind == SPANS else "A & !B:2")
        )

    # --- applying ---

    def take(self) -> None:
        """Apply the form, or say in one sentence why it is invalid."""
        try:
            expect = []
            # Unchanged parts are kept, including scenarios without a name.
            known = {key: list(same) for key, same in self._known.items()}
            for kind, field in self.rows:
                same = known.get((kind.currentText(), field.text()))
                try:
                    expect.append(
                        same.pop(0) if same else self._expected(kind.currentText(), field.text())
                    )
                except RegnetError:
                    field.setFocus()
                    raise
            assert self._was is not None
            experiment = replace(
                self._was,
                id=self.key.text().strip(),
                title=self.title.text().strip(),
                kind=self.kind.currentData(),
                holds_in=self._was.holds_in if self.kind.currentData() == "disagreement" else (),
                scenario=self._scenario,
                expect=tuple(expect),
                source=self.source.text().strip(),
                refs=tuple(self.refs.text().replace(",", " ").split()),
                note=self.note.text().strip(),
                settle=self.settle.currentData(),
            )
            with_experiment(self._project, experiment, self._before)  # it has to fit
        except RegnetError as error:
            self._say(str(error))
            return
        self.taken.emit(experiment, self._before)

    def _expected(self, kind: str, text: str) -> Expectation:
        return read_expectation(kind, text, self._project.network, self._project.scenarios)

    def _say(self, text: str) -> None:
        self.trouble.setText(text[:1].upper() + text[1:])
        self.trouble.setVisible(bool(text))

    def _paint(self) -> None:
        self.trouble.setStyleSheet(f"color: {theme()['error'].name()};")
