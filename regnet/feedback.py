"""Feedback: variables that every circuit of a network passes.

Once they are decided, so is the rest: searches choose among them alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from heapq import heappop, heappush

from regnet.boolean import BooleanNetwork


def feedback_vertex_set(network: BooleanNetwork) -> list[int]:
    """Return variables without which no circuit is left; small, not always smallest.

    Reductions of Levy and Low (1988, doi 10.1016/0196-6774(88)90013-2), then the variable on most
    paths.
    """
    d = network.diagram
    return feedback_vertices({v: d.support(f) for v, f in network.functions.items()}, d.watch)


def feedback_vertices(
    regulators: Mapping[int, Iterable[int]], watch: Callable[[], None] = lambda: None
) -> list[int]:
    """Return such variables, given those that regulate each; `watch` may stop long work."""
    before = {v: set(sources) for v, sources in regulators.items()}
    after: dict[int, set[int]] = {v: set() for v in before}
    for v, sources in before.items():
        for u in sources:
            after[u].add(v)
    chosen: list[int] = []

    def remove(v: int, *, bypass: bool) -> set[int]:
        touched = (before[v] | after[v]) - {v}
        for u in before[v] - {v}:
            after[u].discard(v)
            if bypass:
                after[u] |= after[v]
        for w in after[v] - {v}:
            before[w].discard(v)
            if bypass:
                before[w] |= before[v]
        del before[v], after[v]
        return touched

    queue = sorted(before)  # a heap, without repetitions
    waiting = set(queue)

    def look_at(touched: set[int]) -> None:
        for v in touched - waiting:
            heappush(queue, v)
        waiting.update(touched)

    while before:
        while queue:
            v = heappop(queue)
            waiting.discard(v)
            if v not in before:
                continue
            if v in before[v]:
                chosen.append(v)
                look_at(remove(v, bypass=False))
            elif len(before[v]) <= 1 or len(after[v]) <= 1:
                look_at(remove(v, bypass=True))
        watch()
        if before:
            v = max(before, key=lambda v: (len(before[v]) * len(after[v]), -v))
            chosen.append(v)
            look_at(remove(v, bypass=False))
    return sorted(chosen)
