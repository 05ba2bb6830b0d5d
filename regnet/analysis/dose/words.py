"""Words for dose responses: verdicts on curves and windows, as people read them."""

from __future__ import annotations

from regnet.analysis.dose import DoseResponse
from regnet.analysis.dose.curves import Curve


def verdict(curve: Curve) -> str:
    """Return what a curve does, in a few words.

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
    """Return what became of the best doses of the reference.

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
        f"Incoherent feed-forward: {answer.dose} raises {found.readout} on one way and lowers it "
        f"on another; the ways meet at {found.meet}."
        for found in answer.feed_forwards
    ]
