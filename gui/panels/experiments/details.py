"""ExperimentDetails: one experiment in full: perturbation, expectations, findings and witnesses.

Links lead to what can be shown: ``paint:`` or ``play:`` with the index of the finding, or
``scenario``.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.model.ledger import ROLES, STATES, Entry, done_words, given_words
from gui.widgets.linked import Linked, link, reference_html, written
from gui.widgets.style import style, theme
from regnet.analysis.check import Finding
from regnet.evidence import EXPERIMENT_KINDS
from regnet.project import Project
from regnet.records import describe_witness


class ExperimentDetails(QWidget):
    """The details of one experiment."""

    asked = Signal(str)
    """A link was followed: ``"paint:2"``, ``"play:0"`` or ``"scenario"``."""

    def __init__(self) -> None:
        super().__init__()
        self._entry: Entry | None = None
        self._project: Project | None = None
        self._otherwise = ""
        self.words = Linked()
        self.words.followed.connect(self.asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.addWidget(self.words)
        column.addStretch(1)
        style().changed.connect(self._show)

    def show_entry(self, entry: Entry | None, project: Project, otherwise: str = "") -> None:
        """Show an experiment, or why there is none."""
        self._entry, self._project, self._otherwise = entry, project, otherwise
        self._show()

    def _show(self) -> None:
        if self._entry is None or self._project is None:
            self.words.setText(written(self._otherwise))
            return
        self.words.setText(_html(self._entry, self._project))


def _html(entry: Entry, project: Project) -> str:
    experiment, network = entry.experiment, project.network
    named = f" ({written(experiment.scenario.name)})" if experiment.scenario.name else ""
    head = (
        f"<b>{written(experiment.id)} {written(experiment.title)}</b><br>"
        f"Given: {written(given_words(experiment, network))}. "
        f"Do: {written(done_words(experiment, network))}{named}. "
        f"{link('scenario', 'Open its scenario')}"
    )
    parts = [head]
    findings = entry.verdict.findings if entry.verdict is not None else ()
    if findings:
        old = "" if entry.is_current else _coloured("Before the edit: ", "muted")
        parts += [old + _finding(place, finding) for place, finding in enumerate(findings)]
    else:
        parts += [f"– {written(str(expectation))}" for expectation in experiment.expect]
    told = [written(EXPERIMENT_KINDS[experiment.kind])] if experiment.kind else []
    told += [f"holds in {written(', '.join(experiment.holds_in))}"] if experiment.holds_in else []
    told += [written(experiment.source)] if experiment.source else []
    told += [f"“{written(experiment.quote)}”"] if experiment.quote else []
    known = {reference.key: reference for reference in project.references}
    told += [reference_html(key, known.get(key), brief=True) for key in experiment.refs]
    told += [f"<i>{written(experiment.note)}</i>"] if experiment.note else []
    if told:
        parts.append("<br>".join(told))
    return "".join(f"<p style='margin:0 0 7px 0'>{part}</p>" for part in parts)


def _finding(place: int, finding: Finding) -> str:
    state = "open" if finding.holds is None else "holds" if finding.holds else "fails"
    text = (
        f"<b>{_coloured(STATES[state], ROLES[state])}</b> "
        f"{written(str(finding.expectation))}<br>{written(finding.argument)}"
    )
    if finding.path and len(finding.path) > 1:
        steps = written(describe_witness(finding.path))
        play = link(f"play:{place}", "Play the path in Run")
        end = link(f"paint:{place}", "paint its end")
        text += f"<br>path: {steps}. {play}, {end}"
    elif finding.path:
        text += f"<br>{link(f'paint:{place}', 'Paint this state')}"
    elif finding.attractor is not None:
        shown = written(describe_witness(None, finding.attractor) or "all at 0")
        text += f"<br>attractor: {shown}. {link(f'paint:{place}', 'Paint it')}"
    return text


def _coloured(text: str, role: str) -> str:
    return f"<span style='color:{theme()[role].name()}'>{written(text)}</span>"
