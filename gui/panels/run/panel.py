"""Run: simulate the network step by step, and draw all reachable states."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLabel,
    QListWidget,
    QSlider,
    QSpinBox,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document
from gui.model.runner import Runner, Task
from gui.model.selection import Painting, Selection
from gui.model.walk import Walk
from gui.panels.run.chart import TURN, RunChart
from gui.panels.run.commitment_bar import CommitmentBar
from gui.panels.run.level_row import LevelRow
from gui.panels.run.state_graph import StateGraph
from gui.widgets import exports
from gui.widgets.actions import add_action
from gui.widgets.controls import Empty, Flow
from gui.widgets.icons import icon
from regnet.analysis.commitment import Commitment
from regnet.analysis.trace import Dynamics, State
from regnet.errors import RegnetError
from regnet.exchange.dynamics import caveats
from regnet.logic import evaluate
from regnet.project import Project
from regnet.records import to_csv
from regnet.space import Space

STARTS = ("Scenario's start", "Painted levels", "All at level 0")
CHOICES = ("At random", "Manual choice")
_LARGE_NETWORK = 1000  # components
_MOST_OFFERED = 60  # maximum number of next steps listed
_SLOWEST, _FASTEST = 1500, 60  # milliseconds between steps


class StatesPanel(QWidget):
    """The controls of a run, its chart over time, and the state graph."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self.walk: Walk | None = None
        self._is_old = True  # whether the scenario or the model has changed since the run was made
        self._painting: Painting | None = None  # the last painting by this panel
        self._painted_levels: Space | None = None  # the last painting by another panel
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._play_on)
        self._make_controls()
        self.ends = CommitmentBar(document, selection, runner)
        self._make_run()
        self.graph = StateGraph(document, selection, runner)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self._run_page, "Over time")
        self.tabs.addTab(self.graph, "All states")
        self.tabs.tabBar().setAccessibleName("Views of the run")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._bar)
        column.addWidget(self.levels)
        column.addWidget(self.said)
        column.addWidget(self.ends)
        column.addWidget(self.tabs, 1)
        self._empty = Empty("")
        self._stack = QStackedWidget()
        self._stack.addWidget(page)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.addWidget(self._stack)
        self._follow()

    # --- construction ---

    def _make_controls(self) -> None:
        act = partial(add_action, self, menu="Simulate")
        self.restart = act("&Start again", self.start_again, tip="Go back to the start")
        self.back = act("Step &back", self.step_back, icon_name="back", shortcut="Alt+Left",
                        everywhere=True, tip="Take the last step back")  # fmt: skip
        self.play = act("&Play", None, icon_name="run", shortcut="Alt+Space", everywhere=True,
                        checkable=True, tip="Play the run, or pause")  # fmt: skip
        self.play.toggled.connect(self._play)
        self.step = act("Step &on", self.step_on, icon_name="step", shortcut="Alt+Right",
                        everywhere=True, tip="Take one step")  # fmt: skip
        self._bar = Flow()
        for action in (self.restart, self.back, self.play, self.step):
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAccessibleName(action.text().replace("&", ""))
            self._bar.addWidget(button)
        self.speed = QSlider(Qt.Orientation.Horizontal)
        self.speed.setAccessibleName("Speed")
        self.speed.setToolTip("Speed")
        self.speed.setRange(0, 100)
        self.speed.setValue(60)
        self.speed.setMinimumWidth(60)
        self.speed.setMaximumWidth(110)
        self.choice = QComboBox()
        self.choice.setAccessibleName("How the next step is chosen")
        self.choice.addItems(CHOICES)
        self.seed = QSpinBox()
        self.seed.setAccessibleName("Random seed")
        self.seed.setPrefix("seed ")
        self.seed.setRange(1, 9999)
        self.seed.setToolTip("The same seed makes the same choices")
        self.begin = QComboBox()
        self.begin.setAccessibleName("Where to start")
        self.begin.addItems(STARTS)
        for box in (self.begin, self.choice):  # so that they fit into narrow windows
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(10)
        self._bar.addWidget(self.speed)
        self._bar.addWidget(self.begin)
        self._bar.addWidget(self.choice)
        self._bar.addWidget(self.seed)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.levels = LevelRow(self._document, self._selection)

    def _make_run(self) -> None:
        self.next = QListWidget()
        self.next.setAccessibleName("Possible next steps")
        self.next.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.next.setUniformItemSizes(True)
        title = QLabel("Possible next steps")
        title.setBuddy(self.next)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(title)
        column.addWidget(self.next)
        self.chart = RunChart(self._document, self.ends)
        self._run_page = QSplitter(Qt.Orientation.Horizontal)
        self._run_page.addWidget(side)
        self._run_page.addWidget(self.chart)
        self._run_page.setSizes([180, 560])
        self._run_page.setStretchFactor(1, 1)
        self.export_run = add_action(
            self, "Export the run…",
            lambda: exports.ask(self, self._document, "run", self.run_contents),
            menu="Simulate", icon_name="export", tip="Save the levels over time",
        )  # fmt: skip

    def _follow(self) -> None:
        self.begin.currentTextChanged.connect(self._begin_elsewhere)
        self.seed.valueChanged.connect(self._reseed)
        self.choice.currentTextChanged.connect(self._show_options)
        self.speed.valueChanged.connect(self._set_speed)
        self.next.itemActivated.connect(lambda _item: self.take(self.next.currentRow()))
        self.chart.step_chosen.connect(self._go_to)
        self.chart.component_chosen.connect(lambda name: self._selection.select(name))
        self.levels.wanted.connect(self.set_level)
        self.graph.wanted.connect(self.draw_states)
        self.graph.looked.connect(self._put_on)
        self.graph.entered.connect(self._enter)
        self._document.changed.connect(self._project_changed)
        self._document.reset.connect(self._forget)
        self._selection.scenario_changed.connect(self._outdate)
        self._selection.components_changed.connect(self._show_switch)
        self._selection.painting_changed.connect(self._painted)
        self._selection.followed.connect(self.show_path)
        self._selection.asked.connect(self._on_asked)
        self.ends.known.connect(self._show_ends)
        self.ends.wanted.connect(self._go_to)
        self._outdate()

    # --- the run ---

    def _project_changed(self, before: Project, after: Project) -> None:
        if before.network is not after.network:
            self._outdate()

    def _forget(self) -> None:
        self.graph.forget()
        self._outdate()

    def _outdate(self) -> None:
        """Restart when next shown, as the question has changed."""
        self._is_old = True
        self.play.setChecked(False)
        if self.isVisible():
            self._renew()

    def showEvent(self, event: QShowEvent) -> None:
        """Restart if the question has changed since it was last shown."""
        super().showEvent(event)
        if self._is_old:
            self._renew()

    def _renew(self) -> None:
        self._is_old = False
        self.walk = None
        self.ends.follow(None)
        if self._document.is_empty:
            self._say_empty("There is no network yet: open a model, or add a component.")
            return
        try:
            dynamics = Dynamics(self._document.network, self._selection.scenario)
        except RegnetError as error:
            self._say_empty(f"{error}.")
            return
        if len(dynamics.names) > _LARGE_NETWORK:
            self._say_empty("Getting ready…")
            self._get_ready(dynamics, dynamics.first(), 0)
        else:
            self._begin(dynamics, dynamics.first())

    def _get_ready(self, dynamics: Dynamics, state: State, done: int) -> None:
        """Compute the first steps in slices, so that the window stays responsive."""
        if self._is_old or self.walk is not None:
            return  # the question has changed meanwhile
        until = min(done + _LARGE_NETWORK, len(state))
        for number in range(done, until):
            dynamics.target(number, state)  # cached
        further = partial(self._get_ready, dynamics, state, until)
        if until == len(state):
            further = partial(self._begin, dynamics, state)
        QTimer.singleShot(1, further)

    def _begin(self, dynamics: Dynamics, state: State) -> None:
        """Begin a run of these dynamics."""
        if self._is_old or self.walk is not None:
            return
        self._stack.setCurrentIndex(0)
        self.walk = Walk(dynamics, state)
        self.walk.seed = self.seed.value()
        if self.begin.currentText() == STARTS[0]:
            self._show(paint=False)
        else:
            self.start_again(paint=False)

    def _say_empty(self, text: str) -> None:
        self._empty.setText(text[:1].upper() + text[1:])
        self._stack.setCurrentIndex(1)
        for action in (self.restart, self.back, self.play, self.step, self.export_run):
            action.setEnabled(False)
        self.graph.follow(None)

    def _ready(self) -> Walk | None:
        """Return the run, restarted if out of date; commands also arrive while it is hidden."""
        if self._is_old:
            self._renew()
        return self.walk

    def _begin_elsewhere(self, _text: str) -> None:
        self.start_again()

    def start_again(self, *, paint: bool = True) -> None:
        """Go back to the chosen start."""
        walk = self._ready()
        if walk is None:
            return
        self.play.setChecked(False)
        dynamics = walk.dynamics
        first = dynamics.first(
            self._painted_levels if self.begin.currentText() == STARTS[1] else None
        )
        if self.begin.currentText() == STARTS[2]:
            clamps = self._selection.scenario.perturbation.clamps
            first = tuple(clamps.get(name, (0, 0))[0] for name in dynamics.names)
        self.walk = Walk(dynamics, first)
        self.walk.seed = self.seed.value()
        self._show(paint=paint)

    def show_path(self, path: tuple[Space, ...]) -> None:
        """Show a run along a path of the current scenario, at its first state."""
        walk = self._ready()
        if walk is None or not path:
            return
        self.play.setChecked(False)
        states = [tuple(space[name][0] for name in walk.dynamics.names) for space in path]
        self.walk = Walk(walk.dynamics, states[0])
        self.walk.seed = self.seed.value()
        for state in states[1:]:
            self.walk.go(state)
        self.walk.jump(0)
        self._show()
        self._selection.ask(self.objectName())

    def _on_asked(self, panel: str, what: str) -> None:
        """Show the run of a result, in the scenario of its question."""
        result = self._document.result_of(what) if panel == self.objectName() else None
        if result is None or not isinstance(result.value, Commitment):
            return
        found: Commitment = result.value
        name = found.origin.scenario.name
        is_known = not name or name in [s.name for s in self._document.project.scenarios]
        if self._document.is_stale(result) or not is_known:
            self._document.say(f"{result.title}: the model has changed since", "info")
            return
        self._selection.choose(name)
        names = found.origin.components
        self.show_path(tuple(Space(dict(zip(names, s, strict=True))) for s in found.path))
        self.ends.take(found)

    def step_on(self) -> None:
        """Take one step: the chosen one, or a random one."""
        walk = self._ready()
        if walk is None:
            return
        row = self.next.currentRow()
        if self._must_choose() and row >= 0:
            self.take(row)
        elif walk.step():
            self._show()

    def take(self, row: int) -> None:
        """Take one of the possible steps."""
        walk = self._ready()
        if walk is not None and 0 <= row < len(walk.options):
            walk.go(walk.options[row])
            self._show()

    def step_back(self) -> None:
        """Take the last step back."""
        self.play.setChecked(False)
        walk = self._ready()
        if walk is not None and walk.back():
            self._show()

    def _go_to(self, step: int) -> None:
        if self.walk is not None:
            self.play.setChecked(False)
            self.walk.jump(step)
            self._show()

    def _must_choose(self) -> bool:
        """Return whether the user has to choose the next step."""
        return (
            self.walk is not None
            and self.choice.currentText() == CHOICES[1]
            and self.walk.at + 1 == len(self.walk.moments)
            and len(self.walk.options) > 1
        )

    def _reseed(self, seed: int) -> None:
        """Draw the next steps with another seed."""
        if self.walk is not None:
            self.walk.seed = seed
            del self.walk.moments[self.walk.at + 1 :]
            self._show(paint=False)

    # --- playing ---

    def _play(self, on: bool) -> None:
        walk = self._ready() if on else self.walk
        if on and walk is not None:
            if walk.is_over:
                self.start_again()  # which also releases the button
                if self.walk is not None and not self.walk.is_over:
                    self.play.setChecked(True)
                else:
                    self._document.say("nothing moves from this start: it is a fixed point", "info")
                return
            self._set_speed()
            self._timer.start()
        else:
            self._timer.stop()
        self.play.setText("&Pause" if on else "&Play")
        self.play.setProperty("icon_name", "pause" if on else "run")
        self._renew_icon()

    def _renew_icon(self) -> None:
        self.play.setIcon(icon(str(self.play.property("icon_name"))))

    def _set_speed(self) -> None:
        share = self.speed.value() / 100
        self._timer.setInterval(round(_SLOWEST * (_FASTEST / _SLOWEST) ** share))

    def _play_on(self) -> None:
        if self.walk is None or self._must_choose() or not self.walk.step():
            self.play.setChecked(False)
        else:
            self._show()

    # --- display ---

    def _show(self, *, paint: bool = True) -> None:
        walk = self.walk
        assert walk is not None
        if paint:
            self._paint(walk.state, f"step {walk.at} of a run, {self._selection.scenario_title}")
        self.ends.follow(walk)
        self._show_chart(walk)
        self._show_options()
        self._show_switch()
        self.graph.follow(walk)
        self.restart.setEnabled(True)
        self.back.setEnabled(walk.at > 0)
        self.play.setEnabled(True)
        self.export_run.setEnabled(True)

    def _paint(self, state: State, caption: str) -> None:
        names = self._document.network.names
        levels = Space(dict(zip(names, state, strict=True)))
        self._put_on(Painting(levels, caption))

    def _put_on(self, painting: Painting) -> None:
        self._painting = painting
        self._selection.paint(painting)

    def _painted(self) -> None:
        """Stop playing when another panel paints the network, and store its levels."""
        painting = self._selection.painting
        if painting == self._painting:
            return
        self._painting = None
        self._painted_levels = painting.levels if painting is not None else None
        self.play.setChecked(False)

    def _show_chart(self, walk: Walk) -> None:
        self.chart.show_walk(walk, self._selection.scenario_title)

    def _show_ends(self) -> None:
        """Show the points of no return in the chart and the list."""
        if self.walk is not None:
            self._show_chart(self.walk)
            self._show_options()

    def _show_options(self) -> None:
        walk = self.walk
        if walk is None:
            return
        options = walk.options
        row = self.next.currentRow()
        self.next.clear()
        for after in options[:_MOST_OFFERED]:
            moves = [f"{name} {old} → {new}" for name, old, new in walk.moves(after)]
            closed = ", ".join(map(self.ends.name, self.ends.closes(after)))
            no_return = f"  {TURN} point of no return: loses {closed}" if closed else ""
            self.next.addItem(", ".join(moves) + no_return)
            self.next.item(self.next.count() - 1).setToolTip(no_return.strip())
        self.next.setToolTip(
            "Double-click, or press Enter, to take this step"
            + f"\nThe first {_MOST_OFFERED} are listed." * (len(options) > _MOST_OFFERED)
        )
        if options and self.choice.currentText() == CHOICES[1]:
            self.next.setCurrentRow(min(max(row, 0), self.next.count() - 1))
        self.next.setEnabled(bool(options))
        self.seed.setEnabled(self.choice.currentText() == CHOICES[0])
        self.step.setEnabled(not walk.is_over or walk.at + 1 < len(walk.moments))
        told = caveats(self._document.project, "trace", self._selection.scenario)
        self.said.setText(" ".join((self._sentence(walk, options), *told)))

    def _sentence(self, walk: Walk, options: tuple[State, ...]) -> str:
        where = f"Step {walk.at}" + (f" of {len(walk.moments) - 1}" if walk.moments[1:] else "")
        free = self._free()
        if walk.at == 0 and free and self.begin.currentText() == STARTS[0]:
            where += f", with the {free} components that the scenario leaves open at level 0"
        if not options:
            names = self._phenotypes(walk.state)
            return f"{where}: a fixed point, nothing changes any more{names}."
        if walk.state in walk.states[:-1]:
            where += ", visited before"
        if walk.dynamics.is_synchronous:
            moves = len(walk.moves(options[0]))
            one = "1 component moves" if moves == 1 else f"{moves} components move at once"
            return f"{where}: {one}."
        if len(options) == 1:
            return f"{where}: 1 possible next step."
        return f"{where}: {len(options)} possible next steps."

    def _free(self) -> int:
        """Return the number of components without a start level that are not held at one level."""
        scenario, components = self._selection.scenario, self._document.network.components
        known = {**scenario.start, **scenario.perturbation.clamps}
        ranges = (known.get(c.name, (0, c.top)) for c in components)
        return sum(low < high for low, high in ranges)

    def _phenotypes(self, state: State) -> str:
        levels = dict(zip(self._document.network.names, state, strict=True))
        names = [
            p.name for p in self._document.project.phenotypes
            if p.fits("fixed point") and evaluate(p.condition, levels)
        ]  # fmt: skip
        return f" ({', '.join(names)})" if names else ""

    # --- setting a level by hand ---

    def _show_switch(self) -> None:
        self.levels.follow(self.walk)

    def set_level(self, name: str, level: int) -> None:
        """Set the level of a component by hand, as one step of the run."""
        walk = self._ready()
        if walk is not None:
            walk.set_level(name, level)
            self._show()

    # --- all states ---

    def draw_states(self) -> Task | None:
        """Find every state reachable from the start of the run, and draw them."""
        walk = self._ready()
        if walk is None:
            return None
        self.tabs.setCurrentWidget(self.graph)
        return self.graph.draw(walk)

    def _enter(self, state: State) -> None:
        """Continue the run from a state of the drawing."""
        walk = self._ready()
        if walk is not None:
            walk.go(state, by_hand=state not in walk.options)
            self._show()

    # --- export ---

    @property
    def run_contents(self) -> exports.Contents:
        """Return the exports of a run."""
        return {
            ".csv": lambda: to_csv(self.chart.rows()),
            **self.chart.contents(),
        }
