"""Tour: seven steps through the liver model, each performed in the window.

A card in the corner explains the step; the part of the window concerned is framed. The tour works
in a copy that belongs to no file, so that nothing has to be saved, and can be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.model.selection import Painting
from gui.widgets.style import style, theme
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario

if TYPE_CHECKING:
    from gui.shell.main_window import MainWindow

INJURY = "PHx"
OVERDOSE = "overdose before PHx"
RELEASE = "HepArrest"
RESCUE = f"{OVERDOSE} + {RELEASE} KO"
_BEAT = 450  # milliseconds for a step of the network
_LONGEST = 60  # maximum number of steps shown


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its title, its text, its panel, and its action.

    With `is_run` the network is painted step by step from the start of the scenario.
    """

    title: str
    text: str
    panel: str
    act: Callable[[MainWindow], object]
    is_run: bool = False


def _watch(window: MainWindow) -> None:
    window.selection.choose(INJURY)
    window.run()


def _overdose(window: MainWindow) -> None:
    window.selection.choose(OVERDOSE)


def run_of(network: LogicalNetwork, scenario: Scenario) -> list[Painting]:
    """Return a run from the start of a scenario as paintings, one for each step.

    Of several components that can change, the first in the order of the network does.
    """
    from regnet.analysis.trace import Dynamics

    dynamics = Dynamics(network, scenario)
    states = [dynamics.first()]
    while (following := dynamics.successors(states[-1])) and len(states) <= _LONGEST:
        states.append(following[0])
    last = len(states) - 1
    return [
        Painting(dynamics.space([state]), f"{scenario.name}, step {number} of {last}")
        for number, state in enumerate(states)
    ]


def _find(window: MainWindow) -> None:
    window.selection.choose(OVERDOSE)
    window.run()


def _knock_out(window: MainWindow) -> None:
    """Knock out the brake in a copy of the overdose, unless that was done before."""
    from dataclasses import replace

    from regnet.scenario import Perturbation
    from regnet.space import Space

    project = window.document.project
    if all(s.name != RESCUE for s in project.scenarios):
        scenario = project.scenario(OVERDOSE).perturbed(Perturbation(Space({RELEASE: 0})))
        start = scenario.start.without(RELEASE)
        scenario = replace(scenario, name=RESCUE, note="", start=start)
        is_clean = not window.document.is_dirty
        window.document.change(f"Knock out {RELEASE}", project.with_scenario(scenario))
        if is_clean:
            window.document.stack.setClean()  # what the tour does is nothing to be lost
    window.selection.choose(RESCUE)
    window.selection.select(RELEASE)
    window.run()


def _compare(window: MainWindow) -> None:
    panel = window.panels.get("compare")
    if panel is not None and hasattr(panel, "choose_scenarios"):
        panel.choose_scenarios(OVERDOSE, RESCUE)


def _nothing(_window: MainWindow) -> None:
    """Do nothing: the user reads."""


STEPS = (
    Step(
        "Watch the signal",
        "Part of the liver was removed. Injured cells release LIF, which acts through LIFR on the "
        "vessels; these send HGF, liver cells divide, mass is restored, and the signal ends. Watch "
        "the colours: this is the scenario “{INJURY}”, one change at a time.",
        "network",
        _watch,
        is_run=True,
    ),
    Step(
        "Give too much LIF",
        f"In the scenario “{OVERDOSE}” too much LIF was given long before the same injury. The bar "
        f"above shows the changes; right-click a component for more. Watch: vessels and HGF are at "
        f"their highest from the start, but no liver cell divides.",
        "network",
        _overdose,
        is_run=True,
    ),
    Step(
        "See why it fails",
        "Vessels and HGF are at their highest, yet mass stays at 0 while the body wastes. This is "
        "the upper end of the Goldilocks window: a higher dose does harm. Move through the states "
        "with the arrow keys; the chosen one is painted on the network.",
        "attractors",
        _find,
    ),
    Step(
        f"Knock out {RELEASE}",
        f"Too much LIF also arrests liver cells. In a copy of the scenario {RELEASE} is knocked "
        f"out, as its component now shows; Undo reverts everything.",
        "network",
        _knock_out,
    ),
    Step(
        "Compare",
        "The overdose with and without the brake, side by side: which attractors are lost, gained "
        "or shifted, and which components differ.",
        "compare",
        _compare,
    ),
    Step(
        "Try everything",
        "The screen tries every knock-out and every forced level in as many scenarios as you like. "
        "It estimates the duration before you start; rows appear as they are computed, and each "
        "one can be painted or opened.",
        "screen",
        _nothing,
    ),
    Step(
        "Share the results",
        "The report collects your results, with figures, references and a script that computes "
        "them again. Choose its contents, and export it. That was the tour: now explore the model "
        "yourself.",
        "report",
        _nothing,
    ),
)


class Tour(QFrame):
    """The card of the tour, in the corner of a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("tour")
        self.setAutoFillBackground(True)
        self.setAccessibleName("Guided tour")
        self._window = window
        self.number = 0
        self._frame = QFrame(window)
        self._frame.setObjectName("tour-frame")
        self._frame.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.count = QLabel()
        self.title = QLabel()
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.skip = QPushButton("Leave the tour")
        self.skip.setFlat(True)
        self.skip.clicked.connect(self.leave)
        self.back = QPushButton("Back")
        self.back.clicked.connect(lambda: self.go_to(self.number - 1))
        self.next = QPushButton("Next")
        self.next.setDefault(True)
        self.next.clicked.connect(lambda: self.go_to(self.number + 1))
        row = QHBoxLayout()
        row.addWidget(self.skip)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(8)
        for widget in (self.count, self.title, self.text):
            column.addWidget(widget)
        column.addLayout(row)
        self.setFixedWidth(400)
        self._run: list[Painting] = []
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(_BEAT)
        self._clock.timeout.connect(self._beat)
        window.document.reset.connect(self.leave)
        window.installEventFilter(self)
        style().changed.connect(self._paint)
        self._paint()
        self.hide()
        self._frame.hide()

    def start(self) -> None:
        """Begin with the first step."""
        self.go_to(0)

    def leave(self) -> None:
        """Remove the card and the frame."""
        self._halt()
        self.hide()
        self._frame.hide()

    def go_to(self, number: int) -> None:
        """Do a step; after the last one the tour is over."""
        if number >= len(STEPS):
            self.leave()
            return
        self.number = max(number, 0)
        step = STEPS[self.number]
        self.count.setText(f"Step {self.number + 1} of {len(STEPS)}")
        self.title.setText(f"<h3>{step.title}</h3>")
        self.text.setText(step.text)
        self.back.setEnabled(self.number > 0)
        self.next.setText("Finish" if self.number == len(STEPS) - 1 else "Next")
        if step.panel in self._window.panels:
            self._window.selection.ask(step.panel)
        self._halt()
        self._window.selection.paint(None)
        step.act(self._window)
        if step.is_run:
            self._run = run_of(self._window.document.network, self._window.selection.scenario)
            self._beat()
        self.show()
        self._place()
        self.next.setFocus()

    def _beat(self) -> None:
        """Paint the next step of the run."""
        if self._run:
            self._window.selection.paint(self._run.pop(0))
            self._clock.start()

    def _halt(self) -> None:
        self._clock.stop()
        self._run = []

    def _place(self) -> None:
        self.setFixedHeight(self.heightForWidth(self.width()))
        room = self._window.rect()
        self.move(room.right() - self.width() - 24, room.bottom() - self.height() - 48)
        panel = self._window.panels.get(STEPS[self.number].panel)
        self._frame.setVisible(panel is not None and panel.isVisible())
        if panel is not None:
            corner = panel.mapTo(self._window, panel.rect().topLeft())
            self._frame.setGeometry(panel.rect().translated(corner).adjusted(-2, -2, 2, 2))
            self._frame.raise_()
        self.raise_()

    def _paint(self) -> None:
        colours = theme()
        self.setStyleSheet(
            f"#tour {{ background: palette(window); border: 2px solid {colours['selected'].name()};"
            " border-radius: 8px; }"
        )
        self._frame.setStyleSheet(
            f"#tour-frame {{ border: 3px solid {colours['selected'].name()}; border-radius: 4px; }}"
        )
        self.count.setStyleSheet(f"color: {colours['muted'].name()};")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)


def can_tour(window: QWidget) -> bool:
    """Return whether the model of the tour is open in a window, as a copy without a file."""
    document = getattr(window, "document", None)
    if document is None or document.path is not None:
        return False
    names = {s.name for s in document.project.scenarios}
    return {INJURY, OVERDOSE} <= names and RELEASE in document.network
