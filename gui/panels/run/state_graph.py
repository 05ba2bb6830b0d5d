"""StateGraph: the graph of all states reachable from the start of a run, with the run marked."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document
from gui.model.runner import Runner, Task
from gui.model.selection import Painting, Selection
from gui.model.walk import Walk
from gui.panels.run.state_canvas import KeyStrip, StateScene, StateView
from gui.panels.run.state_plan import StatePlan, explore, plan_states
from gui.widgets import exports
from gui.widgets.actions import add_action
from gui.widgets.controls import Empty
from gui.widgets.style import style
from regnet.analysis.trace import States
from regnet.records import Rows, to_csv
from regnet.space import Space

_MOST_OPENED = 400  # states of one group; more would be illegible


class StateGraph(QWidget):
    """The drawing, its summary, and the button that computes it."""

    wanted = Signal()
    """Request to draw it: `draw` it once the run is ready."""

    looked = Signal(object)
    """A state or a group was chosen: its `Painting`."""

    entered = Signal(tuple)
    """Request to continue the run from this state."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self._walk: Walk | None = None
        self._task: Task | None = None
        self.scene = StateScene()
        self.view = StateView(self.scene)
        self.draw_action = add_action(
            self, "&Draw all states", self.wanted.emit, menu="Simulate",
            tip="Find every state reachable from the start",
        )  # fmt: skip
        self.export = add_action(
            self, "Export the state graph…",
            lambda: exports.ask(self, self._document, "states", self.contents),
            menu="Simulate", icon_name="export", tip="Save the drawing of the states",
        )  # fmt: skip
        self.draw_button = QPushButton("Draw all states")
        self.draw_button.clicked.connect(self.draw_action.trigger)
        fit = QToolButton()
        fit.setDefaultAction(add_action(self, "&Fit the state graph", self.view.fit,
                                        icon_name="fit", tip="Show the whole graph"))  # fmt: skip
        fit.setAccessibleName("Fit the state graph")
        self.said = QLabel()
        self.said.setWordWrap(True)
        top = QHBoxLayout()
        top.addWidget(self.said, 1)
        top.addWidget(self.draw_button)
        top.addWidget(fit)
        self.empty = Empty("")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.empty)
        self._keys = KeyStrip(self.scene)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addWidget(self._keys)
        self.view.chosen.connect(self.look_at)
        self.view.opened.connect(self.open_box)
        style().changed.connect(self.scene.update)

    # --- drawing ---

    def follow(self, walk: Walk | None) -> None:
        """Mark a run; the drawing stays, even if it was made for another run."""
        self._walk = walk
        self.draw_action.setEnabled(walk is not None)
        if walk is None:
            self.export.setEnabled(False)
            return
        self.scene.show_run(walk.states, walk.state)
        self._show_state()

    def forget(self) -> None:
        """Drop the drawing, as another project was opened."""
        self.scene.show_plan(None)

    def draw(self, walk: Walk) -> Task:
        """Find every state reachable from the start of a run, and draw them."""
        self._walk = walk
        if self._task is not None:
            self._task.stop()
        self._task = task = self._runner.submit(
            f"States, {self._selection.scenario_title}",
            explore,
            self._document.network,
            self._selection.scenario,
            walk.moments[0].state,
            self._document.project.phenotypes,
        )
        task.finished.connect(self.show_plan)
        task.ended.connect(self._show_state)
        self._show_state()
        return task

    def show_plan(self, plan: StatePlan) -> None:
        """Show a finished drawing."""
        self.scene.show_plan(plan)
        if self._walk is not None:
            self.scene.show_run(self._walk.states, self._walk.state)
        self._show_state()
        self.view.fit()

    def _is_old(self) -> bool:
        plan, walk = self.scene.plan, self._walk
        if plan is None or walk is None:
            return False
        origin = plan.found.origin
        return (
            origin.digest != self._document.network.digest
            or origin.components != self._document.network.names  # the order of levels in a state
            or origin.scenario != self._selection.scenario
            or plan.found.states[plan.found.start[0]] != walk.moments[0].state
        )

    def _show_state(self) -> None:
        plan = self.scene.plan
        self._keys.refresh()
        busy = self._task is not None and not self._task.is_over
        self._stack.setCurrentIndex(0 if plan else 1)
        self.export.setEnabled(plan is not None)
        self.empty.setText(
            "Exploring the states…" if busy
            else "Press Draw all states to see every state reachable from the start."
        )  # fmt: skip
        old = self._is_old()
        self.draw_button.setVisible(not busy and (plan is None or old))
        self.draw_button.setText("Redraw" if plan else "Draw all states")
        if plan is None:
            self.said.setText("")
            return
        text = _told(plan)
        if busy:
            text = "Exploring the states…"
        elif old:
            text = "This was drawn for another start, scenario or network. " + text
        self.said.setText(text)

    # --- user input ---

    def look_at(self, name: str) -> None:
        """Paint the chosen state or group."""
        plan = self.scene.plan
        if plan is None or self._is_old():
            return
        node = plan.nodes[name]
        told = ", ".join(node.lines)
        if len(node.states) == 1:
            state = plan.found.states[node.states[0]]
            levels = Space(dict(zip(plan.found.names, state, strict=True)))
            self.looked.emit(Painting(levels, f"a state, {told}"))
        else:
            group = plan.found.groups[node.group]
            self.looked.emit(Painting(plan.found.space(group), told))

    def open_box(self, name: str) -> None:
        """Open a group of states, or continue the run from a single state."""
        plan = self.scene.plan
        if plan is None or self._walk is None or name not in plan.nodes:
            return
        node = plan.nodes[name]
        if len(node.states) > 1:
            self._open_group(plan, node.group, len(node.states))
        elif not self._is_old():
            self.entered.emit(plan.found.states[node.states[0]])

    def _open_group(self, plan: StatePlan, group: int, count: int) -> None:
        if count > _MOST_OPENED:
            self._document.say(
                f"these are {count:,} states: more than {_MOST_OPENED} would be illegible", "info"
            )
            return
        task = self._runner.submit(
            "Drawing", plan_states, plan.found, plan.opened | {group}, quiet=True
        )
        task.finished.connect(self.show_plan)

    @property
    def contents(self) -> exports.Contents:
        """Return the exports of the graph."""
        scene, plan = self.scene, self.scene.plan
        caption = f"States of {self._document.title}, {self._selection.scenario_title}"
        explained = _told(plan) if plan else ""
        size = scene.extent(explained)
        paint = partial(scene.paint_export, caption=caption, explained=explained)
        return {
            ".svg": lambda: exports.as_svg(size, caption, paint),
            ".png": lambda: exports.as_png(size, paint),
            ".csv": lambda: to_csv(state_rows(plan.found) if plan else []),
        }


def state_rows(found: States) -> Rows:
    """Return a heading and a row for each state, with the group it is in."""
    group_of = {state: number for number, g in enumerate(found.groups) for state in g.states}
    rows: Rows = [["state", "group", "kind", *found.names]]
    for number, state in enumerate(found.states):
        group = group_of[number]
        rows.append([number + 1, group + 1, found.groups[group].kind, *state])
    return rows


def _told(plan: StatePlan) -> str:
    """Return a summary of a drawing."""
    found = plan.found
    groups = [g for g in found.groups if g.is_attractor]
    names = dict.fromkeys(", ".join(g.phenotypes) or g.kind for g in groups)
    ends = len(groups)
    count = len(found.states)
    parts = [f"{count:,} states" if count != 1 else "1 state"]
    parts.append(f"{ends} attractor{'s' if ends != 1 else ''}")
    text = ", ".join(parts) + (f" ({'; '.join(list(names)[:4])})." if names else ".")
    if len(plan.nodes) < count:
        text += " States that lead to the same attractors are drawn as one box."
    digits = ", ".join(plan.digits[:20]) + (", …" if len(plan.digits) > 20 else "")
    if digits and any(len(node.states) == 1 for node in plan.nodes.values()):
        text += f" Digits: {digits}."
    if plan.left_out:
        text += f" {plan.left_out:,} small groups are left out."
    if found.missing:
        text += f" Incomplete: {found.missing}."
    return text
