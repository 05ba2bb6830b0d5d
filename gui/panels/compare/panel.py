"""Compare: two scenarios side by side, with attractors lost, gained, shifted or the same."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document, Result
from gui.model.runner import Runner, Task
from gui.model.selection import WILD_TYPE, Painting, Selection
from gui.panels.compare.pair_table import (
    CHANGES,
    COLUMNS,
    INPUTS,
    MARKS,
    PairTable,
    as_painting,
    attractor_number,
    inputs_text,
    sides,
    some,
)
from gui.widgets import exports
from gui.widgets.actions import add_action
from gui.widgets.controls import Empty, empty_page
from gui.widgets.describe import describe
from gui.widgets.heatmap import HeatMap, HeatMapContent, Line
from gui.widgets.question import stacked
from gui.widgets.style import style, theme
from regnet.analysis.compare import Comparison, Pair, compare_scenarios
from regnet.exchange.dynamics import caveats_of
from regnet.figures.heatmap import Cell, level_cell
from regnet.project import Project
from regnet.records import Rows, to_csv
from regnet.scenario import Scenario


class ComparePanel(QWidget):
    """Two scenarios, a summary, a row per attractor, and the levels before and after.

    The second scenario follows the current one until another one is chosen.
    """

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self._shown: Result | None = None
        self._painting: Painting | None = None
        self._task: Task | None = None
        self._following = False
        self._make_head()
        self._make_views()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.addLayout(self._head)
        column.addWidget(self._stack, 1)
        self._follow()
        self._list_scenarios()

    # --- construction ---

    def _make_head(self) -> None:
        self.before, self.after = QComboBox(), QComboBox()
        self.before.setAccessibleName("Scenario before")
        self.after.setAccessibleName("Scenario after")
        for box in (self.before, self.after):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(12)
            box.view().setTextElideMode(Qt.TextElideMode.ElideNone)
        self.swap = add_action(self, "S&wap before and after", self._swap, menu="Analyse",
                               tip="Swap the two scenarios")  # fmt: skip
        self.compare = add_action(
            self, "&Compare with the wild type", self.compare_with_wild_type, menu="Analyse",
            shortcut="Ctrl+K", everywhere=True, icon_name="compare",
            tip="Show which attractors the current scenario loses, gains and shifts",
        )  # fmt: skip
        swap = QToolButton()
        swap.setText("⇄")
        swap.setAccessibleName("Swap before and after")
        swap.setToolTip("Swap the two scenarios")
        swap.clicked.connect(self.swap.trigger)
        self._head = QHBoxLayout()
        self._head.addWidget(QLabel("Before"))
        self._head.addWidget(self.before, 1)
        self._head.addWidget(swap)
        self._head.addWidget(QLabel("After"))
        self._head.addWidget(self.after, 1)
        self._head.addStretch(1)

    def _make_views(self) -> None:
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = self.sentence.font()
        font.setPointSizeF(font.pointSizeF() * 1.15)
        self.sentence.setFont(font)
        self.note = QLabel()
        self.note.setObjectName("note")
        self.note.setWordWrap(True)
        self._again = QPushButton("Compare again")
        self._again.clicked.connect(self.run)
        self.changed_only = QCheckBox("Leave out what is the same")
        self.changed_only.setChecked(True)
        self.few_columns = QCheckBox("Only components that change")
        self.few_columns.setChecked(True)
        self.copy = add_action(self, "Copy the comparison", self.copy_text, icon_name="copy",
                               menu="Analyse", shortcut=QKeySequence.StandardKey.Copy,
                               tip="Copy the rows for a spreadsheet")  # fmt: skip
        self.export = add_action(
            self, "Export the comparison…",
            lambda: exports.ask(self, self._document, "comparison", self.contents),
            icon_name="export", menu="Analyse", tip="Save as CSV, SVG or PNG what is shown",
        )  # fmt: skip
        options = QHBoxLayout()
        options.addWidget(self.changed_only)
        options.addWidget(self.few_columns)
        options.addStretch(1)
        for action in (self.copy, self.export):
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAutoRaise(True)
            button.setAccessibleName(action.text())
            options.addWidget(button)
        self.model = PairTable()
        self.table = self._make_table()
        self.map = HeatMap("Levels before and after")
        views = stacked(self.table, self.map, [260, 420])
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 4, 0, 0)
        notes = QHBoxLayout()
        notes.addWidget(self.note, 1)
        notes.addWidget(self._again)
        column.addWidget(self.sentence)
        column.addLayout(notes)
        column.addLayout(options)
        column.addWidget(views, 1)
        self._empty = Empty("")
        self._run_button = QPushButton("Compare")
        self._run_button.clicked.connect(self.run)
        self._stack = QStackedWidget()
        self._stack.addWidget(page)
        self._stack.addWidget(empty_page(self._empty, self._run_button))

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setAccessibleName("Attractors before and after")
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(24)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column, width in ((1, 180), (INPUTS, 210)):  # long ones leave room for the changes
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, width)
        header.setSectionResizeMode(CHANGES, QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return table

    def _follow(self) -> None:
        for box in (self.before, self.after):
            box.activated.connect(self._picked)
        self.changed_only.toggled.connect(self._show)
        self.few_columns.toggled.connect(self._show_map)
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        self.map.line_chosen.connect(lambda key: self.choose(key // 2))
        self.map.column_chosen.connect(self._selection.select)
        self._document.changed.connect(self._project_changed)
        self._document.results_changed.connect(self._resolve)
        self._selection.scenario_changed.connect(self._scenario_changed)
        self._selection.components_changed.connect(
            lambda: self.map.choose_columns(self._selection.components)
        )
        self._selection.painting_changed.connect(self._painted)
        self._selection.asked.connect(self._on_asked)
        style().changed.connect(self._restyle)

    # --- which scenarios ---

    def _list_scenarios(self) -> None:
        names = ["", *(s.name for s in self._document.project.scenarios)]
        for box in (self.before, self.after):
            kept, place = box.currentData(), box.currentIndex()
            same_size = box.count() == len(names)
            box.clear()
            for name in names:
                box.addItem(name or WILD_TYPE, name)
            found = box.findData(kept)
            box.setCurrentIndex(found if found >= 0 else place if same_size else 0)

    def _project_changed(self, before: Project, after: Project) -> None:
        if before.scenarios is not after.scenarios:
            self._list_scenarios()
        self._resolve()

    def _scenario_changed(self) -> None:
        """Let the second scenario follow the current one, unless it is the first."""
        self._list_scenarios()  # the signal of a rename may arrive before that of the document
        name = self._selection.scenario.name
        if name and name != self.before.currentData():
            self.after.setCurrentIndex(self.after.findData(name))
        self._resolve()

    def _scenario(self, box: QComboBox) -> Scenario:
        name = box.currentData()
        return self._document.project.scenario(name) if name else Scenario()

    @property
    def question(self) -> tuple[Scenario, Scenario]:
        """The scenarios that are chosen, before and after."""
        return self._scenario(self.before), self._scenario(self.after)

    def choose_scenarios(self, before: str, after: str) -> None:
        """Choose two scenarios by name; an empty name stands for the wild type."""
        self.before.setCurrentIndex(self.before.findData(before))
        self.after.setCurrentIndex(self.after.findData(after))
        self._picked()

    def _on_asked(self, panel: str, what: str) -> None:
        """Show the scenarios of a result."""
        if panel != self.objectName():
            return
        for result in self._document.results:
            if str(result.number) == what and isinstance(result.value, Comparison):
                both = (result.value.before, result.value.after)
                names = [found.origin.scenario.name for found in both]
                for box, name in zip((self.before, self.after), names, strict=True):
                    box.setCurrentIndex(max(box.findData(name), 0))
                self._resolve()

    def compare_with_wild_type(self) -> None:
        """Compare the current scenario with the wild type, and show it."""
        self._selection.ask(self.objectName())
        name = self._selection.scenario.name
        if not name:
            self._document.say("choose a scenario first: the wild type is the current one", "info")
            return
        self.choose_scenarios("", name)

    def _swap(self) -> None:
        self.choose_scenarios(self.after.currentData(), self.before.currentData())

    def _picked(self) -> None:
        self._resolve()
        if self._shown is None or self._is_old():
            self.run()

    # --- running ---

    def run(self) -> Task | None:
        """Find the attractors of both scenarios and match them."""
        before, after = self.question
        if self._document.is_empty or before == after:
            return None
        if self._task is not None:
            self._task.stop()
        title = f"Compare {before.name or WILD_TYPE} with {after.name or WILD_TYPE}"
        self._task = task = self._runner.submit(
            title,
            compare_scenarios,
            self._document.network,
            before,
            after,
            phenotypes=self._document.project.phenotypes,
        )
        task.finished.connect(partial(self._document.add_result, title))
        task.ended.connect(self._resolve)
        self._resolve()
        return task

    def _resolve(self) -> None:
        """Show the latest answer to the question, or why there is none."""
        asked = [scenario.name for scenario in self.question]
        answers = [
            r for r in reversed(self._document.results)
            if isinstance(r.value, Comparison)
            and [a.origin.scenario.name for a in (r.value.before, r.value.after)] == asked
        ]  # fmt: skip
        shown = answers[0] if answers else None
        is_other = shown is not self._shown
        self._shown = shown
        if is_other:
            self._painting = None
            self._show()
        self._show_state()

    @property
    def found(self) -> Comparison | None:
        """The comparison that is shown."""
        return self._shown.value if self._shown else None

    def _is_old(self) -> bool:
        if self._shown is None or self.found is None:
            return False
        asked = (self.found.before.origin.scenario, self.found.after.origin.scenario)
        return self._document.is_stale(self._shown) or asked != self.question

    def _show_state(self) -> None:
        before, after = self.question
        found, busy = self.found, self._task is not None and not self._task.is_over
        self._stack.setCurrentIndex(0 if found else 1)
        for action in (self.copy, self.export):
            action.setEnabled(found is not None)
        can_run = not self._document.is_empty and before != after
        self._run_button.setVisible(can_run and not busy)
        self.compare.setEnabled(not self._document.is_empty)
        self._empty.setText(self._why_empty(before, after, busy=busy))
        if found is None:
            return
        self.sentence.setText(found.sentence)
        notes = []
        if self._shown is not None and self._document.is_stale(self._shown):
            notes.append("Stale: the model has changed since this was compared.")
        elif self._is_old():
            notes.append("One of the two scenarios has been edited since this was compared.")
        if found.missing:
            notes.append(f"Incomplete: {found.missing}.")
        if found.held:
            notes.append(f"Held differently, so not counted as a change: {some(found.held)}.")
        notes += caveats_of(self._document.project, found.after)
        self.note.setText(" ".join(notes))
        self.note.setVisible(bool(notes))
        self._again.setVisible(self._is_old() and not busy)
        self._restyle()

    def _why_empty(self, before: Scenario, after: Scenario, *, busy: bool) -> str:
        if self._document.is_empty:
            return "There is no network yet: open a model, or add a component."
        if busy:
            return "Comparing…"
        if not self._document.project.scenarios:
            return "There is only the wild type.\nKnock out a component, then compare."
        if before == after:
            return "Choose two scenarios that differ."
        return f"Press Compare to see what {after.name or WILD_TYPE} changes."

    def _restyle(self) -> None:
        warns = self._is_old() or (self.found is not None and self.found.missing)
        colour = theme()["warning" if warns else "muted"]
        self.note.setStyleSheet(f"#note {{ color: {colour.name()}; }}")

    # --- display ---

    def _show(self) -> None:
        found = self.found
        tops = dict(self._document.network.tops)
        differs = found is not None and any(p.kind != "same" for p in found.pairs)
        self.changed_only.setEnabled(differs)
        only = differs and self.changed_only.isChecked()
        self._following = True
        self.model.show_pairs(found, tops, changed_only=only)
        self._following = False
        conditional = found is not None and any(any(p.conditions) for p in found.pairs)
        self.table.setColumnHidden(INPUTS, not conditional)
        self._show_map()

    def _show_map(self) -> None:
        found = self.found
        if found is None:
            self.map.show_content(HeatMapContent())
            return
        lines = []
        for place, pair in enumerate(self.model.rows):
            title = self._title(pair)
            for side, attractor in enumerate(sides(found, pair)):
                if attractor is not None:
                    number, nearest = attractor_number(pair, side)
                    words = ("before", "after")[side] + (", nearest" if nearest else "")
                    lines.append(Line(2 * place + side, f"{words}: A{number + 1}", title))
        names = found.origin.components
        if self.few_columns.isChecked():
            seen = {n for pair in self.model.rows for n in pair.changed}
            names = tuple(n for n in names if n in seen or n in found.held) or names
        self.map.show_content(
            HeatMapContent(lines, names, self._cell, found.sentence, line_tips=self._line_tip)
        )

    def _title(self, pair: Pair) -> str:
        row = pair.before if pair.before is not None else pair.after
        name = f"A{(row or 0) + 1} " + self.model.text(pair, 1).removesuffix("–")
        inputs = inputs_text(pair, self.model.tops)
        mark = MARKS[pair.kind]
        return "  ".join(part for part in (mark, name.rstrip(), inputs) if part)

    def _line_tip(self, line: Line) -> str:
        assert self.found is not None
        pair, side = self.model.rows[line.key // 2], line.key % 2
        attractor = sides(self.found, pair)[side]
        assert attractor is not None
        return describe(attractor_number(pair, side)[0], attractor)

    def _cell(self, line: Line, name: str) -> Cell:
        found, (place, side) = self.found, divmod(line.key, 2)
        assert found is not None
        pair = self.model.rows[place]
        attractor = sides(found, pair)[side]
        before = pair.levels_before
        levels = pair.levels_after if side else before
        assert attractor is not None
        assert levels is not None
        changed = side == 1 and before is not None and name in pair.changed
        cell = level_cell(
            levels.get(name),
            self.model.tops.get(name, 1),
            varies=name in attractor.follows or name in attractor.condition,
            before=before.get(name) if changed and before is not None else None,
        )
        return replace(cell, mark="changed") if changed and not cell.mark else cell

    # --- choosing ---

    def choose(self, row: int) -> None:
        """Choose a row, as a click does."""
        self.table.selectRow(row)

    def _chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        found = self.found
        if self._following or found is None or not current.isValid():
            return
        pair = self.model.rows[current.row()]
        self._painting = as_painting(found, pair, self._document.network)
        self._selection.paint(self._painting)
        if self.map.chosen_key is None or self.map.chosen_key // 2 != current.row():
            shown = [line.key for line in self.map.content.lines]
            self.map.choose_line(next(k for k in reversed(shown) if k // 2 == current.row()))

    def _painted(self) -> None:
        if self._painting is not None and self._selection.painting != self._painting:
            self._painting = None
            self._following = True
            self.table.selectionModel().clear()
            self._following = False
            self.map.choose_line(None)

    # --- export ---

    def shown_rows(self) -> Rows:
        """Return the visible rows as a table, with every level that changes."""
        rows: Rows = [["state", "phenotypes", "inputs", "before", "after", "changes"]]
        for pair in self.model.rows:
            text = [self.model.text(pair, column) for column in range(len(COLUMNS))]
            text[CHANGES] = self.model.changes(pair, most=len(pair.changed))
            rows.append([pair.kind, *text[1:]])
        return rows

    def copy_text(self) -> None:
        """Copy the sentence and the rows, with tabs between the cells."""
        if self.found is not None:
            lines = ["\t".join(map(str, row)) for row in self.shown_rows()]
            QGuiApplication.clipboard().setText("\n".join([self.found.sentence, *lines]))

    @property
    def contents(self) -> exports.Contents:
        """What can be exported."""
        return {
            ".csv": lambda: to_csv(self.shown_rows()),
            **self.map.contents(),
        }
