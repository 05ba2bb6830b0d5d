"""ScenarioBar: the perturbation, start and update of the current scenario, for all tools."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, QStringListModel, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QWidget,
    QWidgetAction,
)

from gui.model import edits
from gui.model.document import Document
from gui.model.runner import Runner
from gui.model.selection import WILD_TYPE, Selection
from gui.widgets.controls import Chip, MenuButton
from regnet.errors import RegnetError
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.scenario import UPDATES, parse_start
from regnet.space import Space

_SUGGESTED = 3000
"""Networks with more components get no suggestions, as the list would be too long."""


class ChipRow(QWidget):
    """A row of chips; those that do not fit are in a menu."""

    def __init__(self) -> None:
        super().__init__()
        self.chips: list[Chip] = []
        self.more = MenuButton(self)
        self.more.setAutoRaise(True)
        self.more.setMenu(QMenu(self.more))
        self.more.hide()
        self.hint = QLabel("nothing is changed", self)
        self.hint.setEnabled(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a small size; the layout gives it all room that is left."""
        return QSize(120, 28)

    def minimumSizeHint(self) -> QSize:
        """Return room for one chip."""
        return QSize(90, 28)

    def set_chips(self, chips: list[Chip]) -> None:
        """Replace the chips."""
        for chip in self.chips:
            chip.setParent(None)
            chip.deleteLater()
        self.chips = chips
        for chip in chips:
            chip.setParent(self)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Update how many chips fit."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        x, gap, height = 0, 4, self.height()
        hidden: list[Chip] = []
        widths = [chip.sizeHint().width() for chip in self.chips]
        room = self.width()
        if sum(widths) + gap * len(widths) > room:
            room -= 64
        for chip, width in zip(self.chips, widths, strict=True):
            if hidden or x + width > room:
                hidden.append(chip)
                chip.hide()
                continue
            tall = chip.sizeHint().height()
            chip.setGeometry(x, (height - tall) // 2, width, tall)
            chip.show()
            x += width + gap
        self.more.setVisible(bool(hidden))
        self.hint.setVisible(not self.chips and self.hint.sizeHint().width() + 4 <= self.width())
        self.hint.setGeometry(4, 0, max(self.width() - 4, 0), height)
        if hidden:
            count = len(hidden)
            self.more.setText(f"+{count}" if count < len(self.chips) else f"{count} changes")
            self.more.setAccessibleName(f"{count} more changes")
            self.more.setToolTip("\n".join(chip.text for chip in hidden))
            menu = self.more.menu()
            menu.clear()
            for chip in hidden:
                menu.addAction(f"Remove {chip.text}").triggered.connect(chip.removed)
            size = self.more.sizeHint()
            self.more.setGeometry(x, (height - size.height()) // 2, size.width(), size.height())


class ScenarioBar(QWidget):
    """The current scenario, with all its changes."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection = document, selection
        self._filling = False
        self.names = QComboBox()
        self.names.setAccessibleName("Current scenario")
        self.names.setToolTip("The current scenario of all tools")
        self.names.setMinimumContentsLength(14)
        self.names.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.chips = ChipRow()
        self.entry = QLineEdit()
        self.entry.setAccessibleName("Add a change to the scenario")
        self.entry.setPlaceholderText("Add: X KO, X=1, A->B")
        self.entry.setToolTip(
            "Knock out: LIFR KO     Hold: LIF=1 or Mass=0..1     Cut an edge: LIF->LIFR\n"
            "Several changes may be entered, separated by spaces."
        )
        self.entry.setFixedWidth(180)
        self._suggestions = QStringListModel(self)
        completer = QCompleter(self._suggestions, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.entry.setCompleter(completer)
        self.start = MenuButton()
        self.start.setAutoRaise(True)
        self._make_start_menu()
        self.update_mode = QComboBox()
        self.update_mode.setAccessibleName("How components are updated")
        self.update_mode.addItems([u.capitalize() for u in UPDATES])
        for number, tip in enumerate(
            (
                "One component at a time moves one level towards its target",
                "All components move one level towards their targets at once",
                "Components may pass through intermediate levels, as quantitative ones do",
            )
        ):
            self.update_mode.setItemData(number, tip, Qt.ItemDataRole.ToolTipRole)
        label = QLabel("Scenario")
        label.setBuddy(self.names)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 2, 0)
        row.setSpacing(6)
        row.addWidget(label)
        row.addWidget(self.names)
        row.addWidget(self.chips, 1)
        for widget in (self.entry, self.start, self.update_mode):
            row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.names.activated.connect(self._choose)
        self.entry.returnPressed.connect(self._add)
        self.update_mode.activated.connect(self._set_update)
        document.changed.connect(self._follow)
        selection.scenario_changed.connect(self._show)
        self._fill_names()
        self._fill_suggestions(document.network)
        self._show()

    # --- the start ---

    def _make_start_menu(self) -> None:
        menu = QMenu(self.start)
        menu.addAction("From anywhere").triggered.connect(partial(self._set_start, Space()))
        self._from_paint = menu.addAction("From the painted levels")
        self._from_paint.triggered.connect(self._start_from_paint)
        menu.addSeparator()
        self.start_entry = QLineEdit()
        self.start_entry.setAccessibleName("Levels to start from")
        self.start_entry.setPlaceholderText("or type levels: LIF=0 Mass=0..1")
        self.start_entry.setMinimumWidth(320)
        self.start_entry.returnPressed.connect(self._start_from_text)
        typed = QWidgetAction(menu)
        typed.setDefaultWidget(self.start_entry)
        menu.addAction(typed)
        menu.aboutToShow.connect(self._show_start)
        self.start.setMenu(menu)

    def _show_start(self) -> None:
        painting = self._selection.painting
        self._from_paint.setEnabled(painting is not None and bool(painting.levels))
        self.start_entry.setText(str(self._selection.scenario.start))

    def _start_from_paint(self) -> None:
        if self._selection.painting is not None:
            self._set_start(self._selection.painting.levels)

    def _start_from_text(self) -> None:
        try:
            start = parse_start(self.start_entry.text())
        except RegnetError as error:
            self._document.say(error)
            return
        if self._set_start(start):
            self.start.menu().close()

    def _set_start(self, start: Space) -> bool:
        try:
            edits.set_start(self._document, self._selection, start)
        except RegnetError as error:
            self._document.say(error)
            return False
        return True

    # --- user input ---

    def _choose(self, row: int) -> None:
        self._selection.choose(self.names.itemData(row))

    def _add(self) -> None:
        if not self.entry.text().strip():
            return
        try:
            edits.add_changes(self._document, self._selection, self.entry.text())
        except RegnetError as error:
            self._document.say(error)
            return
        self.entry.clear()

    def _set_update(self, row: int) -> None:
        edits.set_update(self._document, self._selection, UPDATES[row])

    # --- display ---

    def _follow(self, before: Project, after: Project) -> None:
        if before.scenarios is not after.scenarios:
            self._fill_names()
        if before.network is not after.network:
            self._fill_suggestions(after.network)
            self._show()

    def _fill_names(self) -> None:
        self.names.clear()
        self.names.addItem(WILD_TYPE, "")
        for scenario in self._document.project.scenarios:
            self.names.addItem(scenario.name, scenario.name)
            self.names.setItemData(
                self.names.count() - 1, scenario.note, Qt.ItemDataRole.ToolTipRole
            )
        self._show_name()

    def _fill_suggestions(self, network: LogicalNetwork) -> None:
        words = []
        if len(network) <= _SUGGESTED:
            for c in network.components:
                words += [] if c.is_input else [f"{c.name} KO"]
                words += [f"{c.name}={n}" for n in range(0 if c.is_input else 1, c.top + 1)]
        self._suggestions.setStringList(words)

    def _show_name(self) -> None:
        self.names.setCurrentIndex(max(self.names.findData(self._selection.scenario.name), 0))

    def _show(self) -> None:
        scenario, network = self._selection.scenario, self._document.network
        chips = []
        for name, levels in scenario.perturbation.clamps.items():
            text = edits.held_text(name, levels, network)
            meanings = network[name].meanings if name in network else ()
            tip = f"{text} ({meanings[levels[0]]})" if meanings and levels[0] == levels[1] else text
            is_input = name in network and network[name].is_input
            chip = Chip(text, tip, strong=not is_input)
            chip.removed.connect(partial(self._free, name))
            chip.clicked.connect(partial(self._selection.select, name))
            chips.append(chip)
        for edge in sorted(scenario.perturbation.cuts):
            chip = Chip(edits.cut_text(edge), f"The edge {edge} is cut", strong=True)
            chip.removed.connect(partial(edits.mend, self._document, self._selection, edge))
            chip.clicked.connect(partial(self._selection.select, edge.target))
            chips.append(chip)
        self.chips.set_chips(chips)
        start = scenario.start
        self.start.setText(f"Start: {len(start)} set" if start else "Start: anywhere")
        self.start.setToolTip(f"Starts from {start}" if start else "Starts from anywhere")
        self.start.setAccessibleName(self.start.text())
        self.update_mode.setCurrentIndex(UPDATES.index(scenario.update))
        self._show_name()
        for widget in (self.entry, self.start, self.update_mode):
            widget.setEnabled(bool(len(network)))

    def _free(self, name: str) -> None:
        edits.hold(self._document, self._selection, name, None)
