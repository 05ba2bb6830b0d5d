"""Attractors: the attractors of a scenario, as a table and a heat map with a common cursor.

The selected row is painted on the network; two selected rows are painted as a difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import (
    QItemSelection,
    Qt,
)
from PySide6.QtGui import QGuiApplication, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document, Result
from gui.model.runner import Runner, Task
from gui.model.selection import Painting, Selection
from gui.panels.attractors.table import GROUPS, AttractorTable, filter_of, label, summary, tops_of
from gui.panels.attractors.view import AttractorView
from gui.results.again import run_attractors
from gui.widgets import exports
from gui.widgets.actions import add_action
from gui.widgets.condition_field import example
from gui.widgets.controls import Empty, empty_page
from gui.widgets.describe import describe, fitting
from gui.widgets.heatmap import HeatMap, HeatMapContent, Line
from gui.widgets.icons import icon
from gui.widgets.question import stacked
from gui.widgets.style import style, theme
from regnet.analysis import GUARANTEES
from regnet.analysis.attractors import Attractors
from regnet.exchange.dynamics import caveats_of
from regnet.figures.heatmap import Cell, level_cell
from regnet.project import Project
from regnet.records import Rows, to_csv
from regnet.records.attractors import attractors_to_rows


class AttractorsPanel(QWidget):
    """The attractors of one answer, as a table and a heat map."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self._shown: Result | None = None
        self._is_old = False  # the table does not show this answer yet
        self._painting: Painting | None = None
        self._row = 0
        self._following = False
        self._sorted_by = ""
        self._task: Task | None = None
        self._make_head()
        self._make_views()
        self._make_actions()
        self._empty = Empty("")
        self._find = QPushButton()
        self._find.clicked.connect(self._run)
        nothing = empty_page(self._empty, self._find)
        self._page = QWidget()
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._head)
        column.addWidget(self._note)
        column.addLayout(self._bar)
        column.addWidget(self._views)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._page)
        self._stack.addWidget(nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.addWidget(self._stack)
        self._follow()
        self._list_results()

    # --- construction ---

    def _make_head(self) -> None:
        self.results = QComboBox()
        self.results.setAccessibleName("Answer to show")
        self.results.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.results.setMinimumContentsLength(20)
        self.badge = QLabel()
        self.badge.setObjectName("badge")
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self._head = QHBoxLayout()
        self._head.addWidget(self.results)
        self._head.addWidget(self.badge)
        self._head.addWidget(self.summary, 1)
        self.note_text = QLabel()
        self.note_text.setWordWrap(True)
        self._again = QPushButton("Run again")
        self._again.clicked.connect(self._run)
        self._note = QWidget()
        self._note.setObjectName("note")
        self._note.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self._note)
        row.setContentsMargins(8, 3, 4, 3)
        row.addWidget(self.note_text, 1)
        row.addWidget(self._again)
        self.filter = QLineEdit()
        self._hint()
        self.filter.setAccessibleName("Filter attractors")
        self.filter.setClearButtonEnabled(True)
        self.grouping = QComboBox()
        self.grouping.setAccessibleName("Group attractors")
        self.grouping.addItems(GROUPS)
        self._bar = QHBoxLayout()
        self._bar.addWidget(self.filter, 1)
        self._bar.addWidget(self.grouping)

    def _make_views(self) -> None:
        self.model = AttractorTable(self)
        self.table = AttractorView(self.model)
        self.map = HeatMap("Levels of the components in each attractor")
        self._views = stacked(self.table, self.map, [300, 420])

    def _make_actions(self) -> None:
        act = partial(add_action, self, menu="Analyse")
        self.copy = act("&Copy attractors", self.copy_text, shortcut=QKeySequence.StandardKey.Copy,
                        tip="Copy the chosen rows, or all that are shown, for a spreadsheet",
                        icon_name="copy")  # fmt: skip
        self.copy_as_csv = act("Copy attractors as CS&V", self.copy_csv)
        self.transpose = act("&Transpose the heat map", None, icon_name="table", checkable=True,
                             tip="Show components as rows and attractors as columns")  # fmt: skip
        self.transpose.toggled.connect(self.map.set_transposed)
        self.export = act("&Export attractors…", self._ask_export, icon_name="export",
                          tip="Save as CSV, SVG or PNG what is shown")  # fmt: skip
        for action in (self.transpose, self.copy, self.export):
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAutoRaise(True)
            button.setAccessibleName(action.text().replace("&", ""))
            self._bar.addWidget(button)
        self.menu = QMenu(self)
        self.menu.addActions([self.copy, self.copy_as_csv, self.export])
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(
            lambda point: self.menu.popup(self.table.viewport().mapToGlobal(point))
        )

    def _follow(self) -> None:
        self.results.activated.connect(self._choose_result)
        self.filter.textChanged.connect(self._apply_filter)
        self.grouping.currentTextChanged.connect(self._group)
        self.table.selectionModel().selectionChanged.connect(self._chosen)
        self.table.header().sortIndicatorChanged.connect(self._table_sorted)
        self.model.modelReset.connect(self._show_rows)
        self.map.line_chosen.connect(self.choose)
        self.map.column_chosen.connect(self._selection.select)
        self.map.column_sorted.connect(self.sort_by_component)
        self._document.results_changed.connect(self._list_results)
        self._document.changed.connect(self._project_changed)
        self._selection.scenario_changed.connect(self._scenario_changed)
        self._selection.components_changed.connect(self._show_components)
        self._selection.painting_changed.connect(self._painted)
        self._selection.asked.connect(self._on_asked)
        self._runner.submitted.connect(self._watch)
        style().changed.connect(self._restyle)

    # --- which answer ---

    @property
    def found(self) -> Attractors | None:
        """The answer that is shown."""
        return self._shown.value if self._shown else None

    def _answers(self) -> list[Result]:
        return [r for r in reversed(self._document.results) if isinstance(r.value, Attractors)]

    def _list_results(self) -> None:
        answers = self._answers()
        known = {self.results.itemData(i) for i in range(self.results.count())}
        self.results.clear()
        for result in answers:
            stale = " (stale)" if self._document.is_stale(result) else ""
            self.results.addItem(
                f"{result.number}: {_scenario_title(result)}{stale}", result.number
            )
        newest = answers[0] if answers else None
        keeps = self._shown in answers and newest is not None and newest.number in known
        self.show_result(self._shown if keeps else newest)

    def _choose_result(self, place: int) -> None:
        number = self.results.itemData(place)
        self.show_result(next((r for r in self._answers() if r.number == number), None))

    def _on_asked(self, panel: str, what: str) -> None:
        if panel == self.objectName() and what:
            self.show_result(next((r for r in self._answers() if str(r.number) == what), None))

    def show_result(self, result: Result | None) -> None:
        """Show an answer, or a notice that there is none."""
        is_other = result is not self._shown
        self._shown = result
        if result is not None:
            self.results.setCurrentIndex(self.results.findData(result.number))
        found = self.found
        if is_other and found is not None:
            self._is_old = True
            if self.isVisible():
                self._fill(found)
        self._show_state()

    def showEvent(self, event: QShowEvent) -> None:
        """Fill the table, which may be large, when it is first shown."""
        super().showEvent(event)
        self._renew()

    def _renew(self) -> None:
        """Fill the table if it is out of date; commands also arrive while it is hidden."""
        if self._is_old and self.found is not None:
            self._fill(self.found)

    def _fill(self, found: Attractors) -> None:
        """List the attractors of another answer."""
        self._is_old = False
        self.model.show_answer(found, tops_of(found, self._document.network))
        conditions = len({a.condition for a in found.attractors})
        grouped = 1 < conditions <= 0.75 * len(found.attractors)
        self._painting, self._sorted_by = None, ""
        self.table.header().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        for field in (self.filter, self.grouping):
            field.blockSignals(True)
        self.filter.clear()
        self.grouping.setCurrentText(GROUPS[1] if grouped else GROUPS[0])
        for field in (self.filter, self.grouping):
            field.blockSignals(False)
        self.model.grouping = self.grouping.currentText()
        self._apply_filter("")

    def _scenario_changed(self) -> None:
        """Show the latest answer for the current scenario."""
        for result in self._answers():
            if _same_question(result, self._selection) and not self._document.is_stale(result):
                self.show_result(result)
                return
        self._show_state()

    def _hint(self) -> None:
        condition = example(self._document.project)
        such = f", or a condition such as {condition}" if condition else ""
        self.filter.setPlaceholderText(f"Filter: a word{such}")

    def _project_changed(self, before: Project, after: Project) -> None:
        self._hint()
        if before.network is not after.network:
            self._list_results()

    def _run(self) -> None:
        run_attractors(self._document, self._selection, self._runner)

    def _watch(self, task: Task) -> None:
        if task.title.startswith("Attractors, "):
            self._task = task
            task.ended.connect(self._show_state)
            self._show_state()

    # --- state and messages ---

    def _show_state(self) -> None:
        """Show the answer with its badge and note, or why there is none."""
        found, title = self.found, self._selection.scenario_title
        self._stack.setCurrentIndex(0 if found else 1)
        for action in (self.copy, self.copy_as_csv, self.export, self.transpose):
            action.setEnabled(found is not None)
        searching = self._task is not None and not self._task.is_over
        self._find.setVisible(not self._document.is_empty and not searching)
        self._find.setText(f"Find the attractors of {title}")
        if self._document.is_empty:
            self._empty.setText("There is no network yet: open a model, or add a component.")
        elif searching:
            self._empty.setText("Looking for attractors…")
        else:
            self._empty.setText(f"Press Ctrl+R to find the attractors of {title}.")
        if found is None:
            return
        self.badge.setText(found.origin.guarantee)
        self.badge.setToolTip(
            f"{GUARANTEES[found.origin.guarantee]}\n{found.origin.engine}: {found.origin.why}"
        )
        self.summary.setText(summary(found))
        self._show_note(found, title, searching=searching)
        self._restyle()

    def _show_note(self, found: Attractors, title: str, *, searching: bool) -> None:
        assert self._shown is not None
        if self._document.is_stale(self._shown):
            note = "Stale: the model has changed since these were found."
        elif not _same_question(self._shown, self._selection):
            of = _scenario_title(self._shown)
            edited = of == title
            note = f"These are of {of}" + (" as it was before it was edited." if edited else
                                           f"; the current scenario is {title}.")  # fmt: skip
        elif found.missing:
            note = f"Incomplete: {found.missing}."
        else:
            note = ""
        self._again.setVisible(bool(note) and not note.startswith("Incomplete"))
        told = caveats_of(self._document.project, found)
        note = " ".join(filter(None, (note, *told)))
        self._note.setVisible(bool(note))
        self.note_text.setText(note)
        self._again.setText("Looking…" if searching else f"Find those of {title}")
        self._again.setEnabled(not searching)

    def _restyle(self) -> None:
        colours = theme()
        found = self.found
        sure = found is not None and found.origin.guarantee == "exact"
        ink = colours["good" if sure else "warning"].name()
        self.badge.setStyleSheet(
            f"#badge {{ color: {ink}; border: 1px solid {ink}; border-radius: 4px;"
            f" padding: 1px 6px; font-weight: 600; }}"
        )
        self._note.setStyleSheet(
            f"#note {{ background: {colours['warning-paper'].name()}; border-radius: 4px; }}"
            f"#note QLabel {{ color: {colours['ink'].name()}; }}"
        )
        for button in self.findChildren(QToolButton):
            action = button.defaultAction()
            if action is not None and action.property("icon_name"):
                action.setIcon(icon(str(action.property("icon_name"))))

    # --- sorting and filtering ---

    def _group(self, grouping: str) -> None:
        self.model.grouping = grouping
        self.model.rebuild()

    def _apply_filter(self, text: str) -> None:
        shown = self._shown
        is_fresh = shown is not None and not self._document.is_stale(shown)
        scenario = shown.origin.scenario if shown is not None and is_fresh else None
        self.model.keeps, problem = filter_of(text, self._document.network, scenario)
        self.filter.setToolTip(problem or "Conditions keep the attractors in which they hold")
        self.model.rebuild()

    def _table_sorted(self, _column: int) -> None:
        self._sorted_by = ""

    def sort_by_component(self, name: str) -> None:
        """Sort by the level of a component, highest first; a second call reverses the order."""
        self._renew()
        turned = self._sorted_by == name and self.model.is_descending
        self._sorted_by = name
        levels = [a.space.get(name, (0, 0)) for a in self.model.found]
        self.model.sort_by(lambda i: (sum(levels[i]), levels[i]), descending=not turned)

    def _show_rows(self) -> None:
        """Show the current rows of the model, in both views."""
        model, found = self.model, self.found
        self.table.show_groups()
        if found is None:
            return
        names = found.origin.components
        lines = [
            Line(row, label(row, model.found[row]), group.title)
            for group in model.groups
            for row in group.rows
        ]
        caption = f"Attractors of {self._name_of_answer()}"
        self.map.show_content(
            HeatMapContent(lines, names, self._cell, caption, self._tip, self._line_tip)
        )
        self._show_components()
        self._choose_again()

    def _choose_again(self) -> None:
        """Restore the choice after the rows have moved."""
        if self._painting is None:
            return
        self._following = True
        is_there = self.table.choose(self._row)
        self._following = False
        if is_there:
            self.map.choose_line(self._row)

    def _name_of_answer(self) -> str:
        assert self._shown is not None
        network = self._shown.origin.network or self._document.title
        return f"{network}, {_scenario_title(self._shown)}"

    def _cell(self, line: Line, name: str) -> Cell:
        attractor = self.model.found[line.key]
        varies = name in attractor.follows or name in attractor.condition
        levels = attractor.space.get(name)
        return level_cell(levels, self.model.tops.get(name, 1), varies=varies)

    def _line_tip(self, line: Line) -> str:
        return describe(line.key, self.model.found[line.key])

    def _tip(self, name: str) -> str:
        if name not in self._document.network:
            return name
        component = self._document.network[name]
        return " - ".join(part for part in (name, component.compartment, component.note) if part)

    # --- choosing ---

    def choose(self, row: int) -> None:
        """Choose an attractor, as a click in the table does."""
        self._renew()
        self.table.choose(row)

    @property
    def chosen(self) -> list[int]:
        """The attractors that are chosen."""
        return self.table.chosen

    def _chosen(self, _on: QItemSelection, _off: QItemSelection) -> None:
        if self._following:
            return
        rows, current = self.chosen, self.model.row_of(self.table.currentIndex())
        if not rows:
            return
        last = current if current in rows else rows[-1]
        self._row = last
        self.map.choose_line(last)
        others = [row for row in rows if row != last]
        before = others[0] if len(others) == 1 else None
        self._painting = self._as_painting(last, before)
        self._selection.paint(self._painting)

    def _as_painting(self, row: int, before: int | None) -> Painting:
        assert self._shown is not None
        attractor = self.model.found[row]
        title = _scenario_title(self._shown)
        caption = f"A{row + 1}, {', '.join(attractor.phenotypes) or attractor.kind}, {title}"
        old = None
        if before is not None:
            caption = f"A{row + 1} against A{before + 1}, {title}"
            old = fitting(self.model.found[before].space, self._document.network)
        is_stale = self._document.is_stale(self._shown)
        return Painting(
            fitting(attractor.space, self._document.network),
            caption,
            old,
            attractor=None if is_stale else attractor,
            scenario=None if is_stale else self._shown.origin.scenario,
        )

    def _painted(self) -> None:
        """Clear the choice when another panel paints the network, or clears the colouring."""
        if self._painting is not None and self._selection.painting != self._painting:
            self._painting = None
            self._following = True
            self.table.selectionModel().clear()
            self._following = False
            self.map.choose_line(None)

    def _show_components(self) -> None:
        self.map.choose_columns(self._selection.components)

    # --- export ---

    def shown_rows(self, rows: Iterable[int] | None = None) -> Rows:
        """Return a heading and the attractors that are shown, or these, as a table."""
        self._renew()
        found = self.found
        if found is None:
            return []
        table = attractors_to_rows(found)
        return [table[0], *(table[row + 1] for row in (self.model.rows if rows is None else rows))]

    def copy_text(self) -> None:
        """Copy the chosen rows, or all, with tabs between the cells."""
        lines = self._chosen_rows()
        text = "\n".join("\t".join("" if c is None else str(c) for c in line) for line in lines)
        QGuiApplication.clipboard().setText(text)

    def copy_csv(self) -> None:
        """Copy the chosen rows, or all, as CSV."""
        QGuiApplication.clipboard().setText(to_csv(self._chosen_rows()))

    def _chosen_rows(self) -> Rows:
        self._renew()
        return self.shown_rows(self.chosen or None)

    @property
    def contents(self) -> exports.Contents:
        """Return the exports: the visible rows, in the order shown."""
        self._renew()
        return {
            ".csv": lambda: to_csv(self.shown_rows()),
            **self.map.contents(),
        }

    def _ask_export(self) -> None:
        exports.ask(self, self._document, "attractors", self.contents, self._share)

    def _share(self) -> str:
        """Return how many attractors are shown, in words, if a filter hides some."""
        shown, total = len(self.model.rows), len(self.model.found)
        return f"{shown:,} of {total:,} attractors, those that the filter shows" * (shown < total)


def _scenario_title(result: Result) -> str:
    return result.origin.title


def _same_question(result: Result, selection: Selection) -> bool:
    asked, now = result.origin.scenario, selection.scenario
    return (asked.perturbation, asked.start, asked.update) == (
        now.perturbation, now.start, now.update,
    )  # fmt: skip
