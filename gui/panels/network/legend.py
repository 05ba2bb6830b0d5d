"""Legend of the network drawing: the keys of reports, and those of what only the window marks."""

from __future__ import annotations

from collections.abc import Sequence

from gui.model.marks import CLAIMED, MARKS, Mark
from gui.model.selection import Painting, Trace
from regnet.analysis.structure import Edge
from regnet.figures import marks
from regnet.figures.marks import Dot, Key, Line, Text
from regnet.figures.network import ASSUMPTION, KEY_WIDTH, edge_key, network_keys
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation


def legend_keys(
    network: LogicalNetwork,
    edges: Sequence[Edge],
    painting: Painting | None,
    done: Perturbation,
    *,
    claimed: bool = False,
    trace: Trace | None = None,
) -> list[Key]:
    """Return the keys of a drawing, with only those that occur."""
    levels = painting.levels if painting is not None else None
    keys = network_keys(network, edges, levels=levels, done=done, free="changes or is free")
    found = [MARKS[key] for key in MARKS if trace is not None and key in trace.marks.values()]
    if found:  # dashes then have another meaning
        keys = [key for key in keys if key.words != ASSUMPTION]
    if len(found) > 1 or any(mark.letter for mark in found):
        keys += [_mark_key(mark) for mark in found]
    if claimed and not (trace is not None and trace.is_alone):
        keys.append(edge_key("claimed, but in no rule", "+", _lengths(CLAIMED, 1.4)))
    middle = KEY_WIDTH / 2
    if done.cuts:
        line = edge_key("cut", "+", (5.0, 3.0), role="faint-ink")
        cross = [
            Line(((middle - 5, -5 * side), (middle + 5, 5 * side)), "lost", 2.2)
            for side in (-1.0, 1.0)
        ]
        keys.append(Key("cut", (*line.marks, *cross), KEY_WIDTH))
    if painting is not None and painting.before is not None:
        for words, sign, role in (("rose", "▲", "gained"), ("fell", "▼", "lost")):
            keys.append(Key(words, (Text(middle, 0, sign, role, 12, bold=True),), KEY_WIDTH))
    elif painting is not None:
        keys.append(edge_key("source below its threshold", "+", role="faint-ink"))
    return keys


def _mark_key(mark: Mark) -> Key:
    """Return the key of a marked edge: its line, and the letter on it."""
    role, middle = mark.role or "ink", KEY_WIDTH / 2
    ends = ((0.0, 0.0), (KEY_WIDTH, 0.0))
    shown: list[marks.Mark] = [Line(ends, role, 1.8, _lengths(mark.dashes, 1.8))]
    if mark.letter:
        shown.append(Dot(middle, 0, 6.5, "paper"))
        shown.append(Text(middle, 0, mark.letter, role, 11, bold=True))
    return Key(mark.words, tuple(shown), KEY_WIDTH)


def _lengths(dashes: Sequence[float], weight: float) -> tuple[float, ...]:
    """Return the lengths of dashes that Qt gives in widths of the line."""
    return tuple(dash * weight for dash in dashes)
