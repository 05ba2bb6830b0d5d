"""Texts about commitment: the attractors a run can still reach, and its points of no return."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from regnet.analysis import found_words
from regnet.analysis.attractors import Attractor
from regnet.analysis.commitment import Commitment, Open
from regnet.space import Space


def label(number: int) -> str:
    """Return the label of an attractor from its index.

    >>> label(0)
    'A1'
    """
    return f"A{number + 1}"


def labels(numbers: Sequence[int]) -> str:
    """Return several attractors as ``A1``, ``A1 and A2`` or ``A1, A2 and A3``."""
    *rest, last = [label(number) for number in numbers]
    return f"{', '.join(rest)} and {last}" if rest else last


def traits(attractor: Attractor) -> str:
    """Return the kind and the phenotypes of an attractor."""
    return "; ".join((attractor.kind, *attractor.phenotypes))


def differences(found: Commitment, *, most: int = 8) -> list[str]:
    """Return for each attractor the first levels that differ between attractors."""
    spaces = [attractor.space for attractor in found.attractors]
    names = [n for n in found.origin.components if len({space[n] for space in spaces}) > 1]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return [f"{Space({n: space[n] for n in names[:most]})}{more}" for space in spaces]


def moved(found: Commitment, step: int) -> str:
    """Return which components move in the step to a state, with the levels they move to."""
    if step == 0:
        return "the start"
    names = found.origin.components
    pairs = zip(names, found.path[step - 1], found.path[step], strict=True)
    return " ".join(f"{name}={now}" for name, then, now in pairs if then != now)


def told_steps(found: Commitment) -> list[int]:
    """Return the steps to report: the start, those that lose an attractor, and the last."""
    changes = [n for n, (a, b) in enumerate(pairwise(found.open), start=1) if a != b]
    return sorted({0, *changes, len(found.path) - 1})


def marks(reached: Open) -> list[str]:
    """Return for each attractor whether it can still be reached."""
    return [{True: "open", False: "closed", None: "?"}[one] for one in reached]


def lead(found: Commitment) -> str:
    """Return in one sentence where the run can end, and at which step it is decided."""
    number, settled = len(found.attractors), found.settled
    steps = len(found.path) - 1
    if not found.names_all:
        return f"{found_words(number, 'attractor', found.missing)}, so where it ends is open"
    if number == 1:
        return "only one attractor can be reached from the start, so nothing is decided on the way"
    words = f"{number} attractors can be reached from the start"
    if settled is None:
        turns = len(found.turns)
        closed = f"{turns} of its {steps} steps lose{'s' if turns == 1 else ''} some of them"
        return f"{words}; {closed if turns else f'its {steps} steps lose none of them'}"
    (left,) = (n for n, reached in enumerate(found.open[settled]) if reached)
    return f"{words}; from step {settled} of {steps} on only {label(left)} is left"


def turn_words(found: Commitment) -> list[str]:
    """Return each point of no return in a sentence."""
    told = []
    for step, closed in found.turns.items():
        before = found.open[step - 1]
        sure = all(before[number] is not None for number in closed)
        where = f"Step {step} ({moved(found, step)})"
        what = f"{labels(closed)} can no longer be reached"
        told.append(
            f"{where} is a point of no return: {what}." if sure else f"At step {step} {what}."
        )
    return told
