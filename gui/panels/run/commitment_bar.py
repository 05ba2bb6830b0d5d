"""CommitmentBar: the attractors a run can still reach, and its points of no return.

A worker process computes them while the run continues. A level set by hand begins a new question,
as such a step does not follow from the dynamics.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QToolButton, QVBoxLayout, QWidget

from gui.model.document import Document
from gui.model.runner import Runner, Task
from gui.model.selection import Painting, Selection
from gui.model.walk import Walk
from gui.widgets.controls import Flow, Words
from regnet.analysis.attractors import Attractor
from regnet.analysis.commitment import Commitment, find_commitment
from regnet.analysis.trace import State
from regnet.evidence import Phenotype
from regnet.exchange.dynamics import caveats_of
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario

_MOST_SHOWN = 8  # attractors with a button of their own
_LONGEST = 60.0  # time limit of one search, in seconds


class CommitmentBar(QWidget):
    """The reachable attractors, those lost, and those that the last step lost."""

    known = Signal()
    """More is known about the run."""

    wanted = Signal(int)
    """Request to go to a step of the run."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self._walk: Walk | None = None
        self._task: Task | None = None
        self._asked: tuple[object, ...] = ()
        self.found: Commitment | None = None
        self._of: tuple[object, ...] | None = None  # question of `found`, as `_key`
        self.box = QCheckBox("Track reachable attractors")
        self.box.setToolTip(
            "Show the attractors that can still be reached at each step; a step that loses one is "
            "a point of no return"
        )
        self.box.toggled.connect(self._switch)
        self.words = Words()
        self._places = QWidget()
        self._flow = Flow(self._places)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        for widget in (self.box, self._places, self.words):
            column.addWidget(widget)
        self._show()

    # --- running ---

    def follow(self, walk: Walk | None) -> None:
        """Follow a run, up to its current state."""
        self._walk = walk
        self._ask()
        self._show()

    def take(self, found: Commitment) -> None:
        """Use an answer that is already known for the displayed run."""
        self.found, self._of = found, self._key()
        self.box.setChecked(True)

    def _switch(self, on: bool) -> None:
        if not on and self._task is not None:
            self._task.stop()
        self._ask()
        self._show()
        self.known.emit()

    def _part(self) -> tuple[int, list[State], int]:
        """Return the first step, the states and the current place of the part without set levels.

        Points of no return are reported for this part only.
        """
        assert self._walk is not None
        moments, at = self._walk.moments, self._walk.at
        first = max((n for n in range(at + 1) if moments[n].by_hand), default=0)
        rest = (n for n in range(at + 1, len(moments)) if moments[n].by_hand)
        last = next(rest, len(moments))
        return first, [moment.state for moment in moments[first:last]], at - first

    def _ask(self) -> None:
        """Start the search; if one is running, start another when it ends."""
        if not self.box.isChecked() or self._walk is None:
            return
        if self._task is not None and not self._task.is_over:
            return
        _, states, at = self._part()
        network, scenario = self._document.network, self._selection.scenario
        asked = (self._key(), tuple(states), at)
        if asked == self._asked:
            return
        self._asked = asked
        before = self.found if self._of == asked[0] else None
        self._task = task = self._runner.submit(
            "Attractors still reachable", look, network, scenario, states, at,
            self._document.project.phenotypes, before, quiet=True,
        )  # fmt: skip
        task.partial.connect(partial(self._learn, asked[0]))
        task.failed.connect(self._failed)
        task.ended.connect(self.known)
        task.ended.connect(self._ask)
        task.ended.connect(self._show)

    def _key(self) -> tuple[object, ...]:
        """Return the question of an answer besides the run; levels are in the order of names."""
        project = self._document.project
        network = project.network
        return network.digest, network.names, self._selection.scenario, project.phenotypes

    def _learn(self, of: tuple[object, ...], found: tuple[Commitment, ...]) -> None:
        self.found, self._of = found[-1], of
        self._show()
        self.known.emit()

    def _failed(self, sentence: str, _details: str) -> None:
        self._document.say(sentence)

    # --- answers ---

    def _is_current(self) -> bool:
        return (
            self.box.isChecked()
            and self._walk is not None
            and self.found is not None
            and self._of == self._key()
        )

    def name(self, number: int) -> str:
        """Return the name of an attractor: its number, with its phenotypes or its kind."""
        assert self.found is not None
        attractor = self.found.attractors[number]
        return f"A{number + 1} {', '.join(attractor.phenotypes) or attractor.kind}"

    def turns(self) -> dict[int, tuple[int, ...]]:
        """Return the points of no return of the current part: step -> attractors it loses."""
        if not self._is_current():
            return {}
        assert self.found is not None
        first, states, _ = self._part()
        if list(self.found.path) != states[: len(self.found.path)]:
            return {}
        return {first + step: closed for step, closed in self.found.turns.items()}

    def closes(self, after: State) -> tuple[int, ...]:
        """Return the attractors that a step to a next state would lose, as far as is known."""
        here = self._open_here()
        if here is None or self.found is None or after not in self.found.ahead:
            return ()
        later = self.found.ahead[after]
        return tuple(n for n, reached in enumerate(later) if reached is False and here[n])

    def _open_here(self) -> tuple[bool | None, ...] | None:
        if not self._is_current():
            return None
        assert self.found is not None
        assert self._walk is not None
        places = zip(self.found.path, self.found.open, strict=True)
        return next((known for state, known in places if state == self._walk.state), None)

    # --- display ---

    def _show(self) -> None:
        while self._flow.count():
            item = self._flow.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        here = self._open_here()
        self._places.setVisible(here is not None)
        self.words.setVisible(self.box.isChecked())
        if here is None:
            busy = self.box.isChecked() and self._task is not None and not self._task.is_over
            self.words.setText("Finding the reachable attractors…" if busy else "")
            return
        assert self.found is not None
        assert self._walk is not None
        at, turns = self._walk.at, self.turns()
        closed_at = {n: step for step, closed in turns.items() for n in closed}
        order = sorted(range(len(here)), key=lambda n: (here[n] is False, n))
        for number in order[:_MOST_SHOWN]:
            self._flow.addWidget(self._button(number, here[number], closed_at.get(number)))
        self._places.updateGeometry()
        told = caveats_of(self._document.project, self.found)
        self.words.setText(" ".join((self._sentence(here, turns.get(at, ())), *told)))

    def _button(self, number: int, reached: bool | None, closed: int | None) -> QToolButton:
        name, button = self.name(number), QToolButton()
        if reached is False:
            text = f"○ {name}" + (f", lost at step {closed}" if closed is not None else "")
            button.setToolTip("It can no longer be reached" + (
                "; go to the step that lost it" if closed is not None else ""))  # fmt: skip
            button.setEnabled(closed is not None)
            if closed is not None:
                button.clicked.connect(partial(self.wanted.emit, closed))
        else:
            text = f"● {name}" if reached else f"? {name}, not known"
            button.setToolTip("It can still be reached; paint the network with it")
            assert self.found is not None
            button.clicked.connect(partial(self._paint, name, self.found.attractors[number]))
        button.setText(text)
        button.setAccessibleName(text)
        return button

    def _paint(self, name: str, attractor: Attractor) -> None:
        caption = f"{name}, {attractor.kind}, which can still be reached"
        self._selection.paint(Painting(attractor.space, caption))

    def _sentence(self, here: Sequence[bool | None], closed: Sequence[int]) -> str:
        assert self.found is not None
        left = sum(reached is not False for reached in here)
        total = len(here)
        count = f"{left} of {total} attractors can still be reached" if total > 1 else (
            "only one attractor can be reached")  # fmt: skip
        if left == 1 and total > 1:
            only = next(n for n, reached in enumerate(here) if reached is not False)
            count = f"committed to {self.name(only)}"
        if closed:
            names = " and ".join(self.name(n) for n in closed)
            count = f"Point of no return: {names} can no longer be reached; {count}"
        more = f"; {total - _MOST_SHOWN} more are not listed" if total > _MOST_SHOWN else ""
        sure = "exact" if self.found.complete else f"incomplete: {self.found.missing}"
        return f"{count[:1].upper()}{count[1:]}{more} ({sure})."


def look(
    network: LogicalNetwork,
    scenario: Scenario,
    path: Sequence[State],
    at: int,
    phenotypes: Sequence[Phenotype],
    before: Commitment | None,
) -> Iterator[Commitment]:
    """Yield the attractors reachable from a run, then from its next states; runs in a worker."""
    options = {"phenotypes": phenotypes, "timeout": _LONGEST}
    whole = find_commitment(network, scenario, path, before=before, **options)  # type: ignore[call-overload]
    yield whole
    if sum(reached is not False for reached in whole.open[at]) > 1:
        here = find_commitment(  # type: ignore[call-overload]
            network, scenario, list(islice(path, at + 1)), before=whole, ahead=True, **options
        )  # fmt: skip
        yield replace(whole, ahead=here.ahead)
