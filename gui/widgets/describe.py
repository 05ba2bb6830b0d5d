"""Descriptions of attractors, and the part of a state that fits the current network."""

from __future__ import annotations

from collections.abc import Mapping

from regnet.analysis.attractors import Attractor
from regnet.network import LogicalNetwork
from regnet.space import Space


def changing(attractor: Attractor) -> list[str]:
    """Return the components that keep changing within an attractor."""
    settled = {*attractor.follows, *attractor.condition}
    return [n for n, (low, high) in attractor.space.items() if low != high and n not in settled]


def condition_text(condition: Space, tops: Mapping[str, int]) -> str:
    """Return an input condition in words, without unrestricted inputs."""
    bound = {n: r for n, r in condition.items() if r != (0, tops.get(n, r[1]))}
    if not bound:
        return "for all inputs"
    parts = [f"{n} = {low}" if low == high else f"{n} = {low}–{high}"
             for n, (low, high) in bound.items()]  # fmt: skip
    return ", ".join(parts)


def describe(row: int, attractor: Attractor) -> str:
    """Return the tool tip of an attractor."""
    size = "" if attractor.size in (1, None) else f", {attractor.size:,} states"
    said = [f"A{row + 1}: {', '.join(attractor.phenotypes) or 'no phenotype'}"]
    said.append(f"{attractor.kind}{size}")
    if attractor.valuations > 1:
        said.append(f"one for each of {attractor.valuations:,} input combinations")
    if attractor.condition:
        said.append(f"when {str(attractor.condition)[:300]}")
    moving = changing(attractor)
    if moving:
        shown = ", ".join(moving[:8]) + (f" and {len(moving) - 8} more" if len(moving) > 8 else "")
        said.append(f"keep changing: {shown}")
    return "\n".join(said)


def fitting(space: Space, network: LogicalNetwork) -> Space:
    """Return the part of a space that fits the current network."""
    return Space({n: r for n, r in space.items() if n in network and r[1] <= network[n].top})
