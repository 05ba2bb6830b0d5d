"""WhyTab: why a component is at its level in the painted state.

The answer is that of `regnet.analysis.explain`, computed by a worker process: first the reasons,
then, if that is fast or requested, the interventions that would change the level permanently. Every
level in a sentence is a link to its component, so that a chain can be followed by clicking.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.model import edits
from gui.model.document import Document
from gui.model.runner import Runner, Task
from gui.model.selection import Painting, Selection, Trace
from gui.widgets.linked import Linked, clear, heading, link, written
from regnet.analysis.explain import Explanation, explain_at
from regnet.analysis.explain.explanation_text import (
    condition_words,
    headline,
    link_words,
    literal,
    loop_words,
    phase_words,
)
from regnet.errors import RegnetError
from regnet.exchange.dynamics import caveats_of
from regnet.network import Component, LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Range, Space

QUICK = 30
"""In networks with at most this many components, interventions are searched for at once."""

_PATIENCE = 60.0  # time limit of a search, in seconds
_MAX_LISTED = 12  # entries of a list: more do not fit a panel this narrow


class WhyTab(QWidget):
    """The reasons for the level of a component, the causal chain, and what would change it."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._selection, self._runner = document, selection, runner
        self._component: Component | None = None
        self.answer: Explanation | None = None
        """The displayed explanation."""
        self._asked: tuple[object, ...] | None = None  # question of `answer` or of the task
        self._task: Task | None = None
        self._trace: Trace | None = None
        self.words = Linked()
        self.words.followed.connect(self._selection.select)
        self.show_chain = QCheckBox("Show the chain on the network")
        self.show_chain.toggled.connect(self._trace_chain)
        self.look = QPushButton("Find what would change it permanently")
        self.look.setToolTip("Try every other component at every level")
        self.look.clicked.connect(self._look_further)
        self.cures = QVBoxLayout()
        self.cures.setSpacing(4)
        self._cures_title = heading("It would change with")
        self.outcome = Linked()
        self.outcome.followed.connect(self._selection.select)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addWidget(self.show_chain)
        column.addWidget(self._cures_title)
        column.addLayout(self.cures)
        column.addWidget(self.outcome)
        column.addWidget(self.look)
        column.addStretch(1)
        selection.painting_changed.connect(self._ask)
        selection.scenario_changed.connect(self._ask)
        selection.trace_changed.connect(self._on_trace)
        self._show()

    def show_component(self, component: Component) -> None:
        """Explain a component."""
        self._component = component
        self._ask()

    def show_answer(self, answer: Explanation) -> None:
        """Show an explanation of the painted state that is already known."""
        question = self._question()
        if question is None:
            return
        if self._task is not None:
            self._task.stop()
            self._task = None
        self._asked, self.answer = (self._document.network.digest, *question), answer
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Update the explanation when the tab is shown."""
        super().showEvent(event)
        self._ask()

    # --- asking ---

    def _question(self) -> tuple[Painting, Scenario, str] | None:
        painting, component = self._selection.painting, self._component
        if painting is None or component is None or component.name not in self._document.network:
            return None
        return painting, painting.scenario or self._selection.scenario, component.name

    def _ask(self) -> None:
        """Explain the painted state, unless that is already done or the tab is hidden."""
        if not self.isVisible():
            return
        question = self._question()
        asked = None if question is None else (self._document.network.digest, *question)
        if asked == self._asked:
            return
        self._asked, self.answer = asked, None
        if self._task is not None:
            self._task.stop()
            self._task = None
        if question is not None:
            self._submit(size=0, quiet=True)
        self._show()

    def _submit(self, *, size: int, quiet: bool) -> None:
        question = self._question()
        if question is None:
            return
        painting, scenario, name = question
        self._task = task = self._runner.submit(
            f"Why {name}",
            explain_at,
            self._document.network,
            scenario,
            name,
            painting.attractor or painting.levels,
            phenotypes=self._document.project.phenotypes,
            size=size,
            timeout=_PATIENCE,
            quiet=quiet,
        )
        task.finished.connect(partial(self._take, task))
        task.failed.connect(partial(self._fail, task))
        task.ended.connect(self._show)

    def _take(self, task: Task, answer: Explanation) -> None:
        if task is not self._task:
            return
        self._task, self.answer = None, answer
        self._show()
        if self.show_chain.isChecked():
            self._trace_chain(on=True)
        if not answer.size and self._can_change() and len(self._document.network) <= QUICK:
            self._submit(size=1, quiet=True)

    def _fail(self, task: Task, sentence: str, _details: str) -> None:
        if task is self._task:
            self._task = None
            self.words.setText(written(f"{sentence[:1].upper()}{sentence[1:]}."))

    def _look_further(self) -> None:
        self._submit(size=1, quiet=False)
        self._show()

    # --- display ---

    def _show(self) -> None:
        answer = self.answer
        self.show_chain.setVisible(answer is not None and bool(_marks(answer)))
        self._show_cures(answer)
        searching = self._task is not None and not self._task.is_over
        self.look.setVisible(answer is not None and self._can_change() and not answer.size)
        self.look.setEnabled(not searching)
        if answer is not None:
            told = caveats_of(self._document.project, answer)
            html = explanation_html(answer, self._document.network, self._caption())
            self.words.setText(html + "".join(f"<p>{written(sentence)}</p>" for sentence in told))
        elif self._question() is None:
            self.words.setText(
                "Choose a state to paint, to see why the component is at its level there."
            )
        elif searching:
            self.words.setText("Searching for reasons…")

    def _can_change(self) -> bool:
        """Return whether interventions can be searched for: the painted state is an attractor."""
        painting = self._selection.painting
        return painting is not None and painting.attractor is not None

    def _caption(self) -> str:
        painting = self._selection.painting
        return painting.caption if painting is not None else ""

    def _show_cures(self, answer: Explanation | None) -> None:
        clear(self.cures)
        network = self._document.network
        at_once = answer.changes[:_MAX_LISTED] if answer else ()
        for_good = answer.interventions[:_MAX_LISTED] if answer else ()
        for change in at_once:
            words = f"{condition_words(change.levels, network)}: to {_range(change.target)} at once"
            self.cures.addWidget(self._cure(words, change.levels, ()))
        for found in for_good:
            ends = f"to {_range(found.levels)} permanently"
            traits = f" ({'; '.join(found.phenotypes)})" if found.phenotypes else ""
            words = f"{found}: {ends}{traits}"
            self.cures.addWidget(self._cure(words, found.clamps, found.released))
        self._cures_title.setVisible(bool(at_once or for_good))
        text = ""
        if answer is not None and answer.size and not for_good:
            text = f"Holding one other component does not change {answer.component} permanently."
        if answer is not None and answer.missing:
            text = f"{text} Incomplete: {answer.missing}.".strip()
        self.outcome.setText(written(text))

    def _cure(self, words: str, clamps: Space, released: tuple[str, ...]) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        label = Linked(linked(words, clamps))
        label.followed.connect(self._selection.select)
        line.addWidget(label, 1)
        button = QToolButton()
        button.setText("Try")
        button.setAccessibleName(f"Try {words} as a scenario")
        button.setToolTip("Make it a scenario")
        button.clicked.connect(partial(self._try, clamps, released))
        line.addWidget(button)
        return row

    def _try(self, clamps: Space, released: tuple[str, ...]) -> None:
        """Make a scenario of a change, derived from the one that is explained."""
        question = self._question()
        if question is not None and question[1] != self._selection.scenario:
            self._selection.choose(question[1].name)
        try:
            edits.intervene(self._document, self._selection, clamps, released)
        except RegnetError as error:
            self._document.say(error)

    # --- the chain on the network ---

    def _trace_chain(self, on: bool) -> None:
        if on and self.answer is not None:
            name, (low, high) = self.answer.component, self.answer.levels
            caption = f"why {name} is at {low}" if low == high else f"why {name} changes"
            self._trace = Trace(_marks(self.answer), caption, names=frozenset({name}))
            self._selection.trace(self._trace)
        elif not on and self._trace is not None:
            mine, self._trace = self._trace, None
            if self._selection.traced == mine:
                self._selection.trace(None)

    def _on_trace(self) -> None:
        """Notice that another panel traces the network, or removed the trace."""
        if self._trace is not None and self._selection.traced != self._trace:
            self._trace = None
            self.show_chain.setChecked(False)


def explanation_html(answer: Explanation, network: LogicalNetwork, caption: str) -> str:
    """Return an explanation as HTML, with a link on every level."""
    names = {name for one in answer.links for name in (one.name, *(one.reason or ()), *one.against)}
    names |= {name for phase in answer.phases for reason, _ in phase.reasons for name in reason}
    parts = [f"<i>{written(caption)}</i>"] if caption else []
    parts.append(f"<b>{linked(headline(answer, network), names)}</b>")
    chain = [one for one in answer.links[1:] if not one.in_vain]
    if chain:
        lines = [
            linked(f"{literal(one.name, one.levels, network[one.name].top)}: "
                   f"{link_words(one, network)}", names)
            for one in chain[:_MAX_LISTED]
        ]  # fmt: skip
        more = len(chain) - _MAX_LISTED
        lines += [f"and {more} more, all shown on the network"] if more > 0 else []
        parts.append("Because<br>" + "<br>".join(f"•&nbsp;{line}" for line in lines))
    for loop in answer.loops:
        words = f"{loop_words(loop, answer)}: not determined by inputs or clamps."
        parts.append(linked(words, loop))
    for phase in answer.phases:
        total = sum(other.states for other in answer.phases)
        reasons = [condition_words(reason, network) for reason, _ in phase.reasons[:4]]
        more = len(phase.reasons) - 4
        reasons += [f"{more} more reasons"] if more > 0 else []
        when = linked(" or ".join(reasons), names)
        share = f"{phase.states:,} of {total:,} states"
        parts.append(f"<b>{phase_words(phase).capitalize()}</b> ({share}): when {when}")
    return "".join(f"<p style='margin-top:0'>{part}</p>" for part in parts)


def linked(text: str, names: Iterable[str]) -> str:
    """Return a sentence as HTML in which the levels of these components are links."""
    known = sorted(names, key=len, reverse=True)
    if not known:
        return written(text)
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, known))})(?=[=≥≤])[=≥≤][\d.]+")
    parts, at = [], 0
    for found in pattern.finditer(text):
        parts += [written(text[at : found.start()]), link(found[1], found[0].rstrip("."))]
        at = found.start() + len(found[0].rstrip("."))
    return "".join([*parts, written(text[at:])])


def _marks(answer: Explanation) -> dict[tuple[str, str], str]:
    """Return the edges of a causal chain with their marks."""
    marks: dict[tuple[str, str], str] = {}
    for one in answer.links:
        role = "against" if one.in_vain else "leads"
        marks |= {(name, one.name): role for name in one.reason or () if name != one.name}
        marks |= {(name, one.name): "against" for name in one.against}
    ring = answer.circuit
    if not answer.links:
        marks |= dict.fromkeys(zip(ring, ring[1:] + ring[:1], strict=True), "leads")
    return marks


def _range(levels: Range) -> str:
    low, high = levels
    return str(low) if low == high else f"{low} to {high}"
