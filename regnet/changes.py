"""Changes: perturbations as text, in the notation of regnet or of GINsim.

The names of the network are known here, so they may hold blanks, and a mistake has a column.
"""

from __future__ import annotations

import re

from regnet.errors import ParseError, UnknownNameError
from regnet.network import LogicalNetwork
from regnet.scenario import Cut, Perturbation
from regnet.space import Space

_HELD = re.compile(
    r"\s*(?:KO\b|E(?P<ectopic>\d+)\b|[=%]\s*(?P<low>\d+)(?:(?:\.\.|:|–|-)(?P<high>\d+))?"
    r"|\[\s*(?P<first>\d+)\s*,\s*(?P<last>\d+)\s*\])",
    re.IGNORECASE,
)
_ARROW = re.compile(r"\s*(?:->|→|:)\s*")
_SEEN = re.compile(r"\s*[=%]\s*(\d+)")
_GAP = re.compile(r"[\s,;]*")


def parse_changes(text: str, network: LogicalNetwork) -> Perturbation:
    """Parse the changes of a scenario that a user types.

    Several changes may be separated by spaces, commas or semicolons: ``LIFR KO``, ``LIF=1``,
    ``Mass=0..1``, ``A->B`` (cut), and the same as GINsim writes them: ``LIFR%0``, ``LIF E1``,
    ``Mass [0,1]``, ``A:B%0``.

    Raises
    ------
    ParseError, UnknownNameError, NetworkError
        If a part is not understood; nothing is ever skipped.
    """
    names = sorted(network.names, key=len, reverse=True)
    done = Perturbation()
    at = _end(_GAP, text, 0)
    while at < len(text):
        name, after = _name_at(text, at, names)
        held, arrow = _HELD.match(text, after), _ARROW.match(text, after)
        if held is not None:
            levels = [held[g] for g in ("low", "high", "first", "last") if held[g] is not None]
            low = int(held["ectopic"] or (levels[0] if levels else 0))
            high = int(levels[1]) if len(levels) > 1 else low
            part = Perturbation(Space({name: (low, high)}))
            after = held.end()
        elif arrow is not None:
            target, after = _name_at(text, arrow.end(), names)
            seen = _SEEN.match(text, after)
            part = Perturbation(cuts=frozenset({Cut(name, target, int(seen[1]) if seen else 0)}))
            after = seen.end() if seen else after
        else:
            raise ParseError(
                f"it is not clear what to do with {name}",
                column=after + 1,
                expected="KO, =1, =0..1 or ->B",
            )
        part.check(network)
        done = done.then(part)
        at = _end(_GAP, text, after)
    return done


def _name_at(text: str, at: int, names: list[str]) -> tuple[str, int]:
    """Return the longest name that stands at a place, and where it ends."""
    for name in names:
        end = at + len(name)
        if text.startswith(name, at) and not (
            text[end : end + 1].isalnum() or text[end:][:1] == "_"
        ):
            return name, end
    token = re.match(r"[^\s,;=%\[]*", text[at:])
    raise UnknownNameError("component", (token[0] if token else "") or text[at:], names)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
