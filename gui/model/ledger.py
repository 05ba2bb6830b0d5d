"""Ledger: the verdict on each experiment, and which experiments support an edge.

A verdict is current if neither the experiment nor the network has changed since. After an edit
earlier verdicts stay visible, marked as old, until the model is checked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gui.model import edits
from gui.model.document import Result
from regnet.analysis.check import Confrontation, Finding, Verdict
from regnet.analysis.robustness import Robustness
from regnet.analysis.sensitivity import Sensitivity
from regnet.evidence import Experiment
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.records.check import experiments_in_words

STATES = {
    "holds": "✓ holds",
    "fails": "✗ fails",
    "open": "? open",
    "disagrees": "≠ disagrees",
    "holds now": "! holds now",
}
"""The states of an experiment, and their text in tables."""

ROLES = {
    "holds": "good",
    "fails": "error",
    "open": "warning",
    "disagrees": "muted",
    "holds now": "error",
}
"""The colour role of each state, always shown together with its text."""

QUESTION = "Experiments"
"""The title of the answer about all experiments."""

_LOSS = "would notice its loss"
COVERAGE = "What the experiments protect"
"""The title of the answer about mutations."""

RATES = "Under other rates"
"""The title of the answer about random rates."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An experiment, its newest verdict, and whether that verdict is current."""

    experiment: Experiment
    verdict: Verdict | None = None
    is_current: bool = False

    @property
    def state(self) -> str:
        """A key of `STATES`."""
        return "open" if self.verdict is None else self.verdict.outcome

    @property
    def words(self) -> str:
        """The text of the verdict in tables."""
        if self.verdict is None:
            return "– not checked"
        return STATES[self.state] if self.is_current else f"{STATES[self.state]}, before the edit"

    @property
    def decisive(self) -> Finding | None:
        """The decisive finding: the first that fails, else the first open one, else the first."""
        findings = self.verdict.findings if self.verdict else ()
        for outcome in (False, None, True):
            for finding in findings:
                if finding.holds is outcome:
                    return finding
        return None


def ledger(project: Project, results: Sequence[Result]) -> tuple[Entry, ...]:
    """Return the entry of each experiment of a project, in order."""
    digest = project.network.digest
    current: dict[str, Verdict] = {}
    newest: dict[str, Verdict] = {}
    for result in results:
        if isinstance(result.value, Confrontation):
            known = {v.experiment.id: v for v in result.value.verdicts}
            newest |= known
            if result.origin.digest == digest:
                current |= known
    entries = []
    for experiment in project.experiments:
        verdict = current.get(experiment.id)
        if verdict is not None and verdict.experiment == experiment:
            entries.append(Entry(experiment, verdict, is_current=True))
        else:
            entries.append(Entry(experiment, newest.get(experiment.id)))
    return tuple(entries)


def known_before(entries: Iterable[Entry], results: Sequence[Result]) -> Confrontation | None:
    """Return all verdicts as one confrontation, for reuse by a new check."""
    last = next((r.value for r in reversed(results) if isinstance(r.value, Confrontation)), None)
    if last is None:
        return None
    return replace(last, verdicts=tuple(e.verdict for e in entries if e.verdict is not None))


def coverage(results: Sequence[Result]) -> Sensitivity | None:
    """Return the latest answer about what the experiments detect, or None.

    After an edit it still says which experiments supported an edge; verdicts may be newer.
    """
    found = (r.value for r in reversed(results) if isinstance(r.value, Sensitivity))
    return next(found, None)


def robustness(results: Sequence[Result]) -> Robustness | None:
    """Return the latest answer about random rates, or None."""
    found = (r.value for r in reversed(results) if isinstance(r.value, Robustness))
    return next(found, None)


# --- what rests on what ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Support:
    """An experiment that supports a component or an edge, with the reason and which of both."""

    entry: Entry
    words: str
    is_edge: bool = True


def support_of(
    project: Project,
    entries: Iterable[Entry],
    found: Sensitivity | None,
    target: str,
    source: str = "",
) -> tuple[Support, ...]:
    """Return the experiments that support a rule, or one of its edges.

    Parameters
    ----------
    project, entries
        The project, and its `ledger`.
    found
        Its `coverage`: the experiments are then those that detect a change of the rule, or the loss
        of the edge. Without it they are those that share a reference.
    target, source
        The component whose rule it is, and the regulator; empty for the rule as a whole.
    """
    noticed: dict[str, str] = {}
    for row in found.rows if found else ():
        mutation = row.mutation
        if mutation.component == target and (not source or mutation.source == source):
            whole = mutation.kind == "edge" and bool(source)
            for identifier in row.noticed:
                if whole:
                    noticed[identifier] = _LOSS
                else:
                    noticed.setdefault(identifier, "would notice a change")
    refs = set(references_of(project.network, target, source))
    supports = []
    for entry in entries:
        experiment = entry.experiment
        shared = [key for key in experiment.refs if key in refs]
        if experiment.id in noticed:
            words = noticed[experiment.id]
            supports.append(Support(entry, words, is_edge=words == _LOSS))
        elif shared and found is None:
            supports.append(Support(entry, f"cites {', '.join(shared)} too"))
    return tuple(supports)


def references_of(network: LogicalNetwork, target: str, source: str = "") -> tuple[str, ...]:
    """Return the reference keys that a component, or the claim of an edge, cites."""
    if not source:
        return network[target].refs
    return next((c.refs for c in network.claims if (c.source, c.target) == (source, target)), ())


def edge_marks(
    project: Project, entries: Sequence[Entry], found: Sensitivity | None
) -> dict[tuple[str, str], str]:
    """Return for each edge ``"pass"``, ``"fail"`` or ``"untested"``: keys of `edge_item.MARKS`.

    With `coverage` an edge passes if an experiment that holds would detect its loss.
    """
    marks = {}
    for component in project.network.components:
        rule = component.rule
        for source in dict.fromkeys(v.name for v in rule.thresholds()) if rule else ():
            states = {
                support.entry.state
                for support in support_of(project, entries, found, component.name, source)
                if support.is_edge and support.entry.is_current
            }
            mark = "fail" if "fails" in states else "pass" if "holds" in states else "untested"
            marks[source, component.name] = mark
    return marks


# --- text -------------------------------------------------------------------------------------


def given_words(experiment: Experiment, network: LogicalNetwork) -> str:
    """Return the start of an experiment, in words."""
    parts = []
    if experiment.settle is not None:
        before = experiment.settle
        settled = before.name or edits.perturbation_text(before.perturbation, network)
        parts.append(f"settled with {settled or 'nothing done'}")
    start = experiment.scenario.start
    on = [f"{name}={levels[0]}" for name, levels in start.items() if levels == (levels[0],) * 2]
    above = [text for text in on if not text.endswith("=0")]
    if start and len(on) == len(start) and len(on) > 4:
        rest = f"{len(on) - len(above)} at 0"
        parts.append(", ".join([*above, rest] if len(above) < len(on) else above))
    elif start:
        parts.append(str(start).replace(" ", ", "))
    if experiment.scenario.update != "asynchronous":
        parts.append(experiment.scenario.update)
    return "; ".join(parts) or "from anywhere"


def done_words(experiment: Experiment, network: LogicalNetwork, *, brief: bool = False) -> str:
    """Return the changes made in an experiment; with `brief`, the name of its scenario if any."""
    if brief and experiment.scenario.name:
        return experiment.scenario.name
    words = edits.perturbation_text(experiment.scenario.perturbation, network)
    return words or "nothing"


def expected_words(experiment: Experiment) -> str:
    """Return what an experiment expects, in one line."""
    return "; ".join(map(str, experiment.expect))


def observed_words(entry: Entry) -> str:
    """Return the finding of the model, in one line."""
    finding = entry.decisive
    if finding is None:
        return ""
    if finding.holds is True:
        return finding.argument
    return f"{finding.expectation}: {finding.argument}"


def summary_words(entries: Sequence[Entry]) -> str:
    """Return how many experiments of each kind hold, and how many fail, are open or unchecked."""
    total = len(entries)
    if not total:
        return "no experiments"
    checked = [e for e in entries if e.verdict is not None and e.is_current]
    parts = []
    if any(e.experiment.kind for e in entries) and checked:
        parts.append(experiments_in_words(e.verdict for e in checked if e.verdict is not None))
        states = [("fails", "fail"), ("holds now", "hold now"), ("open", "open")]
    else:
        states = [("holds", "hold"), ("fails", "fail"), ("open", "open")]
    for state, word in states:
        count = sum(e.state == state for e in checked)
        if count:
            verb = word if count != 1 or state == "open" else state
            parts.append(f"{count} {verb}")
    old = total - len(checked)
    if old:
        known = any(entry.verdict is not None for entry in entries)
        parts.append(f"{old} not checked{' since the edit' if known else ''}")
    return f"{total} experiment{'' if total == 1 else 's'}: {', '.join(parts)}"
