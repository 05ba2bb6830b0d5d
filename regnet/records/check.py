"""Verdicts of experiments, and what they notice, as records."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from regnet.analysis.check import OUTCOMES, Confrontation, Finding, Verdict
from regnet.analysis.robustness import Robust, Robustness
from regnet.analysis.sensitivity import Sensitivity
from regnet.evidence import EXPERIMENT_KINDS
from regnet.records.data import (
    Rows,
    counted,
    describe_witness,
    head,
    levels_to_json,
    path_to_json,
    summarised,
    told,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def confrontation_to_json(result: Confrontation, *, timed: bool = True) -> dict[str, Any]:
    """Return the verdicts on a model as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **head(result.origin, result.complete, result.missing, timed=timed),
        "kinds": {
            kind: {"as_expected": held, "total": total}
            for kind, (held, total) in verdicts_by_kind(result.verdicts).items()
        },
        "experiments": [_verdict(verdict, timed=timed) for verdict in result.verdicts],
    }


def sensitivity_to_json(result: Sensitivity, *, timed: bool = True) -> dict[str, Any]:
    """Return what experiments notice as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **head(result.origin, result.complete, result.missing, timed=timed),
        "holding": list(result.experiments),
        "mutations": [
            {
                "kind": row.mutation.kind,
                "component": row.mutation.component,
                "source": row.mutation.source,
                "change": row.mutation.change,
                "noticed": list(row.noticed),
                "undecided": list(row.undecided),
            }
            for row in result.rows
        ],
    }


_WORDS: Mapping[str, str] = {
    "abstract": "findings of the abstract",
    "paper": "findings of papers",
    "text": "statements of the text alone",
    "prediction": "predictions",
    "requirement": "requirements",
    "": "experiments",
}


def verdicts_by_kind(verdicts: Iterable[Verdict]) -> dict[str, tuple[int, int]]:
    """Return for each kind of experiment how many came out as expected, and their total.

    Kinds are in the order of `regnet.evidence.EXPERIMENT_KINDS`, those without one last.
    """
    found: dict[str, tuple[int, int]] = {}
    listed = tuple(verdicts)
    for kind in (*EXPERIMENT_KINDS, ""):
        of_kind = [v for v in listed if v.experiment.kind == kind]
        if of_kind:
            found[kind] = sum(v.as_expected is True for v in of_kind), len(of_kind)
    return found


def experiments_in_words(verdicts: Iterable[Verdict]) -> str:
    """Return how many experiments of each kind hold, and how many disagreements are known.

    Observations are never added to requirements or predictions.
    """
    sums = verdicts_by_kind(verdicts)
    known = sums.pop("disagreement", None)
    if not sums and known is None:
        return "no experiment was judged"
    if list(sums) == [""]:
        held, total = sums[""]
        words = f"{held} of {counted(total, 'experiment')} hold"
    else:
        names = {**_WORDS, "": "others"}
        words = ", ".join(
            f"{names[kind]} {held} of {total}" for kind, (held, total) in sums.items()
        )
        words += " hold" if words else ""
    if known is None:
        return words
    declared, total = known
    last = counted(total, "known disagreement")
    if declared < total:
        last += f", {declared} of them as declared"
    return f"{words}; {last}" if words else last


def _verdict(verdict: Verdict, *, timed: bool) -> dict[str, Any]:
    return {
        "id": verdict.experiment.id,
        "title": verdict.experiment.title,
        "kind": verdict.experiment.kind,
        "holds": verdict.holds,
        "as_expected": verdict.as_expected,
        "seconds": round(verdict.seconds, 3) if timed else None,
        "expectations": [_finding(finding) for finding in verdict.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "expected": str(finding.expectation),
        "holds": finding.holds,
        "argument": finding.argument,
        "path": path_to_json(finding.path),
        "attractor": None if finding.attractor is None else levels_to_json(finding.attractor),
        "rates": finding.rates,
        "sampled": finding.sampled,
        "numbers": [
            {"what": n.what, "where": n.where, "value": n.value, "low": n.low, "high": n.high}
            for n in finding.numbers
        ],
    }


def robustness_to_json(result: Robustness, *, timed: bool = True) -> dict[str, Any]:
    """Return shares of random rates as JSON data; `timed` as in `attractors_to_json`."""
    return {
        **head(result.origin, result.complete, result.missing, timed=timed),
        "factor": result.factor,
        "sets": result.sets,
        "varied": result.rates,
        "expectations": [
            {
                "experiment": row.experiment,
                "kind": row.kind,
                "expected": str(row.expectation),
                "holds": row.holds,
                "fails": row.fails,
                "sets": row.sets,
                "share": None if not row.sets else
                {"value": row.holds / row.sets, "low": row.low, "high": row.high},
                "proved": row.proved,
                "proved_by": row.proved_by,
                "sampled": row.sampled,
                "missing": row.missing,
            }
            for row in result.rows
        ],
    }  # fmt: skip


def robustness_to_rows(result: Robustness) -> Rows:
    """Return a heading and a row for each expectation about time."""
    rows: Rows = [["experiment", "kind", "expected", "holds", "fails", "sets", "low", "high",
                   "proved", "by"]]  # fmt: skip
    for row in result.rows:
        rows.append([row.experiment, row.kind, str(row.expectation), row.holds, row.fails, row.sets,
                     round(row.low, 4), round(row.high, 4), proved_words(row).partition(":")[0],
                     row.proved_by])  # fmt: skip
    return rows


PROOFS = (
    "Structure: it follows from which states come after each other, whatever the rates. Coupling: "
    "two scenarios are run by the same clocks, and one is never behind the other."
)
"""What proves something for all rates, in sentences."""


def proved_words(row: Robust) -> str:
    """Return what is proved for all rates and by what, in a few words; empty if nothing is."""
    if row.proved is None:
        return ""
    words = f"{'holds' if row.proved else 'fails'} for all rates"
    return f"{words}: {row.proved_by}" if row.proved_by else words


def robust_by_kind(rows: Iterable[Robust]) -> list[tuple[str, tuple[Robust, ...]]]:
    """Return the rows of each kind of experiment, in the order of kinds, with their sum in words.

    >>> from regnet.evidence import Expectation
    >>> from regnet.logic import parse
    >>> first = Expectation("first", parse("A"), before=parse("B"))
    >>> robust_by_kind([Robust("E", first, 20, 0, 20, kind="text")])[0][0]
    'statements of the text alone 1 of 1'
    """
    listed = tuple(rows)
    names = {**_WORDS, "disagreement": "known disagreements", "": "others"}
    if not any(row.kind for row in listed):
        names[""] = "expectations about time"
    found = []
    for kind in (*EXPERIMENT_KINDS, ""):
        chosen = tuple(row for row in listed if row.kind == kind)
        if chosen:
            always = sum(row.holds == row.sets > 0 for row in chosen)
            found.append((f"{names[kind]} {always} of {len(chosen)}", chosen))
    return found


def share_words(row: Robust) -> str:
    """Return for how many sets of rates an expectation holds, with its band.

    >>> from regnet.evidence import Expectation
    >>> from regnet.logic import parse
    >>> first = Expectation("first", parse("A"), before=parse("B"))
    >>> share_words(Robust("E", first, 290, 6, 300, 0.938, 0.984))
    '290 of 300 (93.8–98.4 %), open in 4'
    """
    if not row.sets:
        return "not judged"
    open_ = row.sets - row.holds - row.fails
    band = f"{100 * row.low:.1f}–{100 * row.high:.1f} %"
    return f"{row.holds} of {row.sets} ({band})" + (f", open in {open_}" if open_ else "")


def robustness_summary(result: Robustness) -> str:
    """Return how many expectations of each kind hold under all rates drawn, in a few words."""
    sums = ", ".join(words for words, _ in robust_by_kind(result.rows))
    about = "about time: " if any(row.kind for row in result.rows) else ""
    text = f"{about}{sums or 'nothing'} hold under every set of rates drawn"
    return summarised(result.origin, text, result.missing)


def confrontation_to_rows(result: Confrontation) -> Rows:
    """Return a heading and a row for each expectation of each experiment."""
    rows: Rows = [["experiment", "kind", "expected", "holds", "argument", "shown by"]]
    for verdict in result.verdicts:
        for finding in verdict.findings:
            shown = describe_witness(finding.path, finding.attractor)
            rows.append([verdict.experiment.id, verdict.experiment.kind, str(finding.expectation),
                         told(finding.holds), finding.argument, shown])  # fmt: skip
    return rows


def sensitivity_to_rows(result: Sensitivity) -> Rows:
    """Return a heading and a row for each mutation."""
    rows: Rows = [["kind", "component", "change", "noticed by", "undecided"]]
    for row in result.rows:
        mutation = row.mutation
        rows.append([mutation.kind, mutation.component, mutation.change, " ".join(row.noticed),
                     " ".join(row.undecided)])  # fmt: skip
    return rows


def confrontation_to_junit(result: Confrontation) -> str:
    """Return verdicts as JUnit XML, which continuous integration shows: a test per experiment.

    An experiment that could not be decided is an error, one that did not come out as expected a
    failure. A known disagreement that fails, as it has to, is skipped. Experiments of one kind are
    a suite, so that no sum mixes what was observed with what is predicted or required; the kind is
    also the class of a test.
    """
    from xml.etree import ElementTree

    network = _xml_text(result.origin.network or "model")
    suites = ElementTree.Element("testsuites", _junit_counts(result.verdicts))
    for kind in verdicts_by_kind(result.verdicts) or ("",):
        verdicts = tuple(v for v in result.verdicts if v.experiment.kind == kind)
        name = f"{network}.{kind}" if kind else network
        about = {"name": name, **_junit_counts(verdicts)}
        suite = ElementTree.SubElement(suites, "testsuite", about)
        for verdict in verdicts:
            _junit_case(ElementTree.SubElement(suite, "testcase", {"classname": name}), verdict)
    ElementTree.indent(suites)
    text = ElementTree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _junit_counts(verdicts: Collection[Verdict]) -> dict[str, str]:
    outcomes = [(v.holds is None, v.as_expected is False, v.outcome) for v in verdicts]
    return {
        "tests": str(len(verdicts)),
        "failures": str(sum(wrong for _, wrong, _ in outcomes)),
        "errors": str(sum(undecided for undecided, _, _ in outcomes)),
        "skipped": str(sum(outcome == "disagrees" for _, _, outcome in outcomes)),
        "time": f"{sum(v.seconds for v in verdicts):.3f}",
    }


def _junit_case(case: Element, verdict: Verdict) -> None:
    """Fill in the test of an experiment."""
    from xml.etree import ElementTree

    case.set("name", _xml_text(f"{verdict.experiment.id} {verdict.experiment.title}".strip()))
    case.set("time", f"{verdict.seconds:.3f}")
    if verdict.outcome == "holds":
        return
    if verdict.outcome == "disagrees":
        ElementTree.SubElement(case, "skipped", {"message": "known disagreement"})
        return
    what, decides = ("error", None) if verdict.holds is None else ("failure", verdict.holds)
    lines = [OUTCOMES["holds now"]] if verdict.outcome == "holds now" else []
    for finding in verdict.findings:
        if finding.holds is decides:
            shown = describe_witness(finding.path, finding.attractor)
            lines.append(f"{finding.expectation}: {finding.argument}")
            lines += [f"  shown by: {shown}"] if shown else []
    fault = ElementTree.SubElement(case, what, {"message": _xml_text(lines[0])})
    fault.text = _xml_text("\n".join(lines))


def _xml_text(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", text)


def confrontation_summary(result: Confrontation) -> str:
    """Return how many experiments of each kind hold, in a few words."""
    return summarised(result.origin, experiments_in_words(result.verdicts), result.missing)


def sensitivity_summary(result: Sensitivity) -> str:
    """Return how many mutations the experiments notice, in a few words."""
    noticed = sum(bool(row.noticed) for row in result.rows)
    text = f"experiments notice {noticed} of {counted(len(result.rows), 'mutation')}"
    return summarised(result.origin, text, result.missing)
