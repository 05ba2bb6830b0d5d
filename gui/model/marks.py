"""Marks: what the look of an edge on a drawing means, in words and roles of colours; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

CLAIMED = [1.0, 3.0]
"""Dashes of an edge that is claimed, but that no rule has."""

SIGN_ROLES = {"+": "plus", "-": "minus", "±": "dual"}

SIGN_WORDS = {"+": "activates", "-": "inhibits", "±": "activates or inhibits"}


@dataclass(frozen=True, slots=True)
class Mark:
    """How an edge looks that is marked: what it means, a letter on it, a colour and dashes.

    Without a colour it has that of its sign.
    """

    words: str
    letter: str = ""
    role: str = ""
    dashes: tuple[float, ...] = ()


MARKS = {
    "leads": Mark("leads to it"),
    "against": Mark("acts the other way, overridden", dashes=(2, 3)),
    "pass": Mark("experiments rest on it, and hold", "✓", "good"),
    "fail": Mark("an experiment that rests on it fails", "✗", "error", (7, 3)),
    "untested": Mark("not tested by an experiment", "?", "muted", (1.5, 3)),
}
"""What a `Trace` can say of an edge."""
