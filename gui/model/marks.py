"""Marks: the meanings of edge styles in the drawing, as words and colour roles; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

CLAIMED = [1.0, 3.0]
"""Dash pattern of an edge that is claimed, but used in no rule."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The style of a marked edge: its meaning, a letter on it, a colour and a dash pattern.

    Without a colour the edge keeps the colour of its sign.
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
"""The marks that a `Trace` can give an edge."""
