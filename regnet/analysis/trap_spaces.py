"""Fixed points and trap spaces: states and spaces that the network never leaves."""

from __future__ import annotations

from dataclasses import dataclass

from regnet.analysis import Origin
from regnet.space import Space


@dataclass(frozen=True, slots=True)
class Spaces:
    """Fixed points, or minimal or maximal trap spaces; components that are free are absent.

    `kind` is ``"fixed points"``, ``"minimal trap spaces"`` or ``"maximal trap spaces"``. Inputs
    that are free are listed level by level. `complete` is False when a limit or the time ran out.
    """

    origin: Origin
    kind: str
    spaces: tuple[Space, ...]
    complete: bool = True
    missing: str = ""
