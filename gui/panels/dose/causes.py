"""DoseCauses: the changes from each level of a dose to the next, and the paths that cause them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from regnet.analysis.dose import DoseResponse
from regnet.analysis.dose.dose_text import feed_forward_words, time_moves, times_heading
from regnet.analysis.dose.routes import SignedPath
from regnet.analysis.dose.times import TimeCurve
from regnet.figures.theme import level_text
from regnet.space import Range

_PATH = Qt.ItemDataRole.UserRole  # members of a path, and the level at which it acts
_SHOWN = 12  # maximum number of changing components named per dose; the tip names all


class DoseCauses(QTreeWidget):
    """A list of feed-forward loops, and the causes of each change below each step of the dose."""

    path_chosen = Signal(object, int)
    """The user chose a path: its members, and the level at which it acts."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What causes each change")
        self.setHeaderLabels(["What causes each change"])
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setAlternatingRowColors(True)
        self.currentItemChanged.connect(self._choose)
        self.itemClicked.connect(self._choose)

    def show_answer(self, answer: DoseResponse | None, never: Sequence[str] = ()) -> None:
        """Show a response and the phenotypes that never occur in it, or nothing."""
        self.clear()
        if answer is None:
            return
        for sentence in feed_forward_words(answer):
            self._item(None, sentence)
        if answer.reference.times:
            self._item(None, times_heading(answer))
        levels = len(answer.reference.curves[0].ranges)
        whole = len(answer.reference.points) == levels
        for level in range(1, levels if whole else 0):
            self._add_step(answer, level)
        if never:
            self._item(None, f"No attractor at any dose is: {', '.join(never)}")

    def _add_step(self, answer: DoseResponse, level: int) -> None:
        open_ = [p.missing for p in answer.reference.points[level - 1 : level + 1] if p.missing]
        if open_:
            self._item(None, f"{answer.dose} {level - 1} → {level}: not known, {open_[0]}")
            return
        flips = answer.flips(level)
        count = "nothing changes" if not flips else f"{len(flips)} components change"
        if len(flips) == 1:
            count = "1 component changes"
        step = self._item(None, f"{answer.dose} {level - 1} → {level}: {count}")
        for bound in answer.bounds:
            if bound.level != level:
                continue
            moves = "rises" if bound.moves > 0 else "falls"
            for path in bound.paths:
                item = self._item(step, f"{bound.readout} {moves}: {path}")
                item.setData(0, _PATH, (path.members, level))
                item.setToolTip(0, _path_tip(path))
            if not bound.paths and bound.complete:
                self._item(step, f"{bound.readout} {moves}: no path of that sign acts here")
            if not bound.complete:
                best = "there may be better ones" if bound.paths else "none was found"
                self._item(step, f"{bound.readout} {moves}: not all paths were compared; {best}")
        for curve in answer.reference.times:
            for at, way in curve.steps:
                if at == level:
                    self._add_time(step, curve, level, time_moves(curve, way))
        if flips:
            words = [_flip(name, *both) for name, both in flips.items()]
            more = len(words) - _SHOWN
            rest = f" and {more} more" if more > 0 else ""
            item = self._item(step, f"changes: {', '.join(words[:_SHOWN])}{rest}")
            item.setData(0, _PATH, (tuple(flips), level))
            item.setToolTip(0, "\n".join(words))
        step.setExpanded(True)

    def _add_time(
        self, step: QTreeWidgetItem, curve: TimeCurve, level: int, moves: str
    ) -> None:  # fmt: skip
        """Add what is sooner, later, higher or lower there, and along which paths."""
        label = curve.question.label
        paths = [path for bound in curve.bounds if bound.level == level for path in bound.paths]
        for path in paths:
            item = self._item(step, f"{label}, {moves}: {path}")
            item.setData(0, _PATH, (path.members, level))
            item.setToolTip(0, _path_tip(path))
        if not paths:
            self._item(step, f"{label}, {moves}: no path shows why")

    def _item(self, above: QTreeWidgetItem | None, text: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setToolTip(0, text)
        if above is None:
            self.addTopLevelItem(item)
        else:
            above.addChild(item)
        return item

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        data = item.data(0, _PATH) if item is not None else None
        if data is not None:
            self.path_chosen.emit(*data)


def _flip(name: str, before: Range, after: Range) -> str:
    return f"{name} {level_text(before)} → {level_text(after)}"


def _path_tip(path: SignedPath) -> str:
    text = str(path)
    if path.passing:
        text += f"\n{', '.join(path.passing)} end up the same: they act only on the way"
    return text
