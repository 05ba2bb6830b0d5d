"""Texts about dose responses: verdicts on curves and on the Goldilocks window."""

from __future__ import annotations

from collections.abc import Sequence

from regnet.analysis.dose import DoseResponse
from regnet.analysis.dose.curve_changes import Turn
from regnet.analysis.dose.curves import Curve
from regnet.analysis.dose.pulses import PulseCurve, PulseResponse
from regnet.analysis.dose.times import TimeCurve, TimePoint
from regnet.analysis.simulate.clock import FirstTime, first_words
from regnet.analysis.simulate.estimate import Estimate
from regnet.rates import time_words as unit_words


def verdict(curve: Curve) -> str:
    """Return the verdict on a curve, in a few words.

    >>> verdict(Curve("Mass", ((1, 1), (2, 2), (0, 0)), "window", (1, 1)))
    'window at 1'
    >>> verdict(Curve("HGF", ((0, 0), (1, 1), (2, 2)), "monotone", (2, 2)))
    'rises at 1 and 2'
    """
    match curve.shape:
        case "none":
            return "always the same"
        case "threshold" | "monotone":
            levels = [level for level, _ in curve.steps]
            *rest, last = map(str, levels)
            at = f"{', '.join(rest)} and {last}" if rest else last
            return f"{'rises' if curve.steps[0][1] > 0 else 'falls'} at {at}"
        case "window" | "dip":
            assert curve.best is not None
            low, high = curve.best
            return (
                f"{curve.shape} at {low}" if low == high else f"{curve.shape} from {low} to {high}"
            )
        case _:
            return curve.shape


def window(curve: Curve, reference: Curve) -> str:
    """Return the change of the Goldilocks window (the best doses) against a reference.

    >>> before = Curve("Mass", ((1, 1), (2, 2), (0, 0)), "window", (1, 1))
    >>> window(Curve("Mass", ((1, 1), (2, 2), (2, 2)), "threshold", (1, 2)), before)
    'open to the top from 1'
    """
    assert reference.best is not None
    if curve.shape == "unknown":
        return "unknown"
    levels, top = curve.reaching(reference), len(curve.ranges) - 1
    low, high = reference.best
    if not levels:
        return "closed"
    if levels == tuple(range(low, high + 1)):
        return "as before"
    if len(levels) == top + 1:
        return "open at every dose"
    if levels == tuple(range(levels[0], top + 1)):
        return f"open to the top from {levels[0]}"
    return f"open at {', '.join(map(str, levels))}"


def feed_forward_words(answer: DoseResponse) -> list[str]:
    """Return a sentence for each incoherent feed-forward."""
    return [
        f"Incoherent feed-forward loop: {answer.dose} raises {found.readout} along one path and "
        f"lowers it along another; the paths meet at {found.meet}."
        for found in answer.feed_forwards
    ]


# --- time ------------------------------------------------------------------------------------


def time_words(point: TimePoint | None) -> str:
    """Return what a dose comes to in time.

    >>> time_words(TimePoint(outcome="never")), time_words(TimePoint(Estimate(3.5, 3.5, 3.5)))
    ('never', '3.500')
    >>> time_words(TimePoint(outcome="sometimes", ever=0.25))
    'in 25 %'
    """
    if point is None or point.missing:
        return "?"
    ever = None if point.ever is None else Estimate(point.ever, point.ever, point.ever)
    return first_words(FirstTime(point.outcome, point.value, ever))


def time_verdict(curve: TimeCurve) -> str:
    """Return where on a dose a time is soonest, or a value at a time is highest."""
    if curve.best is None:
        told = {"none": "hardly changes", "irregular": "turns more than once", "unknown": "unknown"}
        return told[curve.shape]
    low, high = curve.best
    is_dip, is_first = curve.shape == "dip", curve.question.at is None
    best = ("latest" if is_dip else "soonest") if is_first else ("lowest" if is_dip else "highest")
    return f"{best} at {low}" if low == high else f"{best} from {low} to {high}"


def time_moves(curve: TimeCurve, moves: int) -> str:
    """Return what becomes of a time, or of a value at a time, where it changes."""
    up, down = ("sooner", "later") if curve.question.at is None else ("higher", "lower")
    return up if moves > 0 else down


def time_causes(answer: DoseResponse) -> list[str]:
    """Return from which doses on each first time is another, and along which paths."""
    told = []
    for curve in answer.reference.times:
        if curve.question.at is not None:
            continue
        for level, moves in curve.steps:
            own = [bound for bound in curve.bounds if bound.level == level]
            paths = "; ".join(str(path) for bound in own for path in bound.paths)
            by = f"by {paths}" if paths else "and no path shows why"
            if not all(bound.complete for bound in own):
                by += " (not all paths were compared)"
            how = time_moves(curve, moves)
            told.append(f"{curve.question.what} comes {how} from {answer.dose}={level} on, {by}.")
    return told


def times_heading(answer: DoseResponse) -> str:
    """Return what the times of a dose are, from when, and with which rates."""
    curves = answer.reference.times
    parts = []
    if any(curve.question.at is None for curve in curves):
        parts.append("mean first times")
    at = next((curve.question.at for curve in curves if curve.question.at is not None), None)
    if at is not None:
        parts.append(f"mean levels and probabilities at time {at:g}")
    begin = f"from {answer.then} on" if answer.then else "from the start"
    text = f"{' and '.join(parts)}, in {unit_words(answer.unit)} {begin}, with "
    text += "; ".join(answer.basis)
    if any(p is not None and p.outcome == "sometimes" for curve in curves for p in curve.points):
        text += "; in a share of the courses only where a percentage stands"
    return f"{text[:1].upper()}{text[1:]}"


# --- pulses ----------------------------------------------------------------------------------


def amount(value: float, by: str) -> str:
    """Return an amount of a dose.

    >>> amount(0.25, "share"), amount(2.5, "duration")
    ('25 %', '2.5')
    """
    return f"{100 * value:g} %" if by == "share" else f"{value:g}"


def about(value: Estimate) -> str:
    """Return a number with half the width of its band, unless that rounds to zero.

    >>> about(Estimate(0.5, 0.48, 0.51)), about(Estimate(1.0, 1.0, 1.0))
    ('0.50 ±0.02', '1.00')
    """
    error = max(value.high - value.value, value.value - value.low)
    return f"{value.value:.2f}" if error < 0.005 else f"{value.value:.2f} ±{error:.2f}"


def given(answer: PulseResponse) -> str:
    """Return how a dose is given, and when its outcome is read."""
    held = f"{answer.dose}={answer.level}"
    how = (
        "in one pulse from time 0"
        if answer.by == "duration"
        else f"for a share of each cycle of {answer.every:g}"
    )
    return f"{held} {how}; {reading(answer)}"


def reading(answer: PulseResponse) -> str:
    """Return when the outcome is read, how long after the dose, and whether it is stationary."""
    if answer.by == "share":
        return f"averaged over the last cycle before {answer.until:g}{_settled(answer)}"
    ended = [a for a in answer.amounts if a < answer.until]
    after = f", {answer.until - ended[-1]:g} after the end of the longest" if ended else ""
    again = f", and at {answer.late:g}" if answer.late else ""
    return f"read at {answer.until:g}{after}{again}{_settled(answer)}"


def _settled(answer: PulseResponse) -> str:
    """Return whether the last reading is stationary."""
    if answer.settled is None:
        return ""
    return ", when nothing changes any more" if answer.settled else ", when it still changes"


def late_title(answer: PulseResponse) -> str:
    """Return the title of the later reading."""
    return f"in the long run ({answer.late:g})" if answer.settled else f"at {answer.late:g}"


def differs_late(curve: PulseCurve) -> bool:
    """Return whether the later reading of a curve differs."""
    pairs = zip(curve.values, curve.late, strict=False)
    return any(abs(a.value - b.value) >= 0.005 for a, b in pairs)


def axis(answer: PulseResponse) -> str:
    """Return the axis title of the amounts of a dose, with their unit."""
    if answer.by == "duration":
        return f"how long {answer.dose}={answer.level} is given ({unit_words(answer.unit)})"
    return f"share of time with {answer.dose}={answer.level}"


def pulse_verdict(curve: PulseCurve, by: str) -> str:
    """Return the verdict on a curve, where half of each change occurs, and its confidence.

    >>> turns = Turn(1, 1, 2), Turn(-1, 4, 8)
    >>> pulse_verdict(PulseCurve("Mass", 2, (), "window", (2, 3), turns, 0.98), "duration")
    'window: opens at 1–2, closes at 4–8 (98 % sure)'
    """
    said = "hardly changes"
    if curve.turns:
        said = _turned(curve.shape, curve.turns, by)
        late = [value.value for value in curve.late]
        if late and max(late) - min(late) < 0.05 * max(curve.top, 1):
            said += ", not in the long run"
    sure = min(round(100 * curve.sure), 99)
    return said if curve.sure == 1 else f"{said} ({sure} % sure)"


def _turned(shape: str, turns: Sequence[Turn], by: str) -> str:
    verbs = ["rises" if turn.moves > 0 else "falls" for turn in turns]
    is_window = shape in ("window", "dip")
    if is_window:
        verbs = ["opens", "closes"]
    told = (
        f"{verb} at {amount(turn.low, by).removesuffix(' %')}–{amount(turn.high, by)}"
        for verb, turn in zip(verbs, turns, strict=True)
    )
    return (f"{shape}: " if is_window else "") + ", ".join(told)
