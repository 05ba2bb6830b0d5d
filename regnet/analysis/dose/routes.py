"""Routes: the paths along which a dose acts on a readout, at a level where the readout changes.

Between two levels of the dose some components change. A step of a path acts there if moving its
source from the levels before to those after changes the target level of the next component, with
the other components as before, or as after. Paths whose steps act are preferred, then shorter ones;
steps from a component with equal levels before and after (it acts only transiently) are used only
if there is no other path. A readout that rises along one path and falls along another is the target
of an incoherent feed-forward loop (Mangan and Alon 2003, doi 10.1073/pnas.2133841100).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING, TypeAlias

from regnet.analysis.explain.reasons import Target
from regnet.analysis.structure import interaction_graph
from regnet.brief import brief
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation, Scenario
from regnet.space import Range

if TYPE_CHECKING:
    import networkx

MOST_PATHS = 20_000
"""Maximum number of partial paths followed for each bound, the most promising first."""

CERTAIN, SOMETIMES, PASSING = 1, 3, 100
"""Cost of a step that acts before and after, on one side only, or only transiently."""

_Way: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], str]
"""Members, signs of the steps, and their product."""


@dataclass(frozen=True, slots=True)
class SignedPath:
    """A path from the dose to a readout.

    Parameters
    ----------
    members
        Components from the dose to the readout, both included.
    signs
        The sign of each step.
    sign
        Their product; ``"±"`` if one of them is.
    passing
        Members with equal levels on both sides of the bound, which act only transiently.
    """

    members: tuple[str, ...]
    signs: tuple[str, ...]
    sign: str
    passing: tuple[str, ...] = ()

    __repr__ = brief

    def __str__(self) -> str:
        arrows = {"+": " → ", "-": " ⊣ ", "±": " ± "}
        steps = zip(self.signs, self.members[1:], strict=True)
        return self.members[0] + "".join(arrows[sign] + name for sign, name in steps)


@dataclass(frozen=True, slots=True)
class Bound:
    """A level of the dose at which a readout changes.

    Parameters
    ----------
    readout
        The component that changes.
    level
        It changes between the level before and this one.
    moves
        1 if it rises there, -1 if it falls.
    paths
        The best paths of that sign whose steps act at this bound, all of equal rank.
    complete
        Whether all paths were compared, so that no better or equal one is missing.
    """

    readout: str
    level: int
    moves: int
    paths: tuple[SignedPath, ...]
    complete: bool = True

    __repr__ = brief


@dataclass(frozen=True, slots=True)
class FeedForward:
    """Paths of both signs from the dose to a readout: an incoherent feed-forward loop.

    `meet` is the first component that a rising and a falling path share after the dose.
    """

    readout: str
    rising: tuple[SignedPath, ...]
    falling: tuple[SignedPath, ...]
    meet: str

    __repr__ = brief


def find_bounds(
    network: LogicalNetwork,
    scenario: Scenario,
    dose: str,
    spaces: Sequence[Mapping[str, Range]],
    changes: Iterable[tuple[str, int, int]],
) -> tuple[Bound, ...]:
    """Return the paths along which a dose makes its readouts change.

    Parameters
    ----------
    network, scenario
        The network, unperturbed, and the scenario.
    dose
        The input or component.
    spaces
        Ranges of all components for each level of the dose, from 0.
    changes
        The changes: a readout, the level of the dose of the step, and 1 or -1.
    """
    clamps = scenario.perturbation.clamps.without(dose)
    perturbed = Perturbation(clamps, scenario.perturbation.cuts).apply(network)
    graph = interaction_graph(perturbed)
    graph.remove_edges_from(list(graph.in_edges(dose)))
    targets: dict[str, Target] = {}
    bounds = []
    for readout, level, moves in changes:
        before, after = spaces[level - 1], spaces[level]
        _weigh(graph, perturbed, targets, dose, before, after)
        same = {name for name in before if before[name] == after[name]}
        found, complete = _best(graph, dose, readout, moves)
        paths = tuple(
            SignedPath(members, signs, sign, tuple(name for name in members if name in same))
            for members, signs, sign in found
        )
        bounds.append(Bound(readout, level, moves, paths, complete))
    return tuple(bounds)


def _weigh(
    graph: networkx.DiGraph[str],
    network: LogicalNetwork,
    targets: dict[str, Target],
    dose: str,
    before: Mapping[str, Range],
    after: Mapping[str, Range],
) -> None:
    """Give each step its cost at a bound; None to steps from the dose that do not act."""
    for source, target, data in graph.edges(data=True):
        if before[source] == after[source]:
            data["cost"] = PASSING
            continue
        if target not in targets:
            targets[target] = Target(network, target)
        rule = targets[target]
        acts = sum(
            rule.range(side) != rule.range({**side, source: other[source]})
            for side, other in ((before, after), (after, before))
        )
        data["cost"] = {2: CERTAIN, 1: SOMETIMES, 0: None if source == dose else PASSING}[acts]


def _best(
    graph: networkx.DiGraph[str], dose: str, readout: str, moves: int
) -> tuple[list[_Way], bool]:
    """Return the cheapest paths of a sign, and whether all were compared.

    The most promising partial path is extended first; the rest costs at least as much as the
    cheapest walk of a matching sign (A*: Hart, Nilsson and Raphael 1968,
    doi 10.1109/TSSC.1968.300136).
    """
    if dose == readout:
        return [], True
    wanted = "+" if moves > 0 else "-"
    ahead = _walks_to(graph, readout)

    def least(node: str, sign: str) -> int | None:
        """Return a lower bound of the cost of the rest of a path; None if no sign matches."""
        rest = ahead.get(node, {})
        costs = (cost for s, cost in rest.items() if _product((sign, s)) in ("±", wanted))
        return min(costs, default=None)

    found: list[_Way] = []
    first = least(dose, "+")
    todo: list[tuple[int, int, tuple[str, ...], tuple[str, ...], int]] = []
    if first is not None:
        todo.append((first, 0, (dose,), (), 0))
    best, number = None, 0
    while todo:
        promise, _, members, signs, cost = heappop(todo)
        if best is not None and promise > best:
            break
        if members[-1] == readout:
            best = promise
            found.append((members, signs, _product(signs)))
            continue
        if number > MOST_PATHS:
            return found, False
        for after, data in graph.adj[members[-1]].items():
            if after in members or data["cost"] is None:
                continue
            longer = (*signs, data["sign"])
            rest = least(after, _product(longer))
            if rest is not None:
                number += 1
                spent = cost + data["cost"]
                heappush(todo, (spent + rest, number, (*members, after), longer, spent))
    return found, True


def _product(signs: Iterable[str]) -> str:
    """Return the sign of a path."""
    signs = tuple(signs)
    return "±" if "±" in signs else "+-"[signs.count("-") % 2]


def _walks_to(graph: networkx.DiGraph[str], readout: str) -> dict[str, dict[str, int]]:
    """Return the cost of the cheapest walk of each sign from each component to a readout."""
    found: dict[str, dict[str, int]] = {}
    todo = [(0, readout, "+")]
    while todo:
        cost, node, sign = heappop(todo)
        if sign in found.setdefault(node, {}):
            continue
        found[node][sign] = cost
        for before, data in graph.pred[node].items():
            if data["cost"] is not None and before != readout:  # a path ends there
                heappush(todo, (cost + data["cost"], before, _product((data["sign"], sign))))
    return found


def find_feed_forwards(bounds: Iterable[Bound]) -> tuple[FeedForward, ...]:
    """Return each readout that rises at one bound and falls at another, with the paths of both."""
    by_readout: dict[str, list[Bound]] = {}
    for bound in bounds:
        by_readout.setdefault(bound.readout, []).append(bound)
    found = []
    for readout, own in by_readout.items():
        rising = _signed(own, 1)
        falling = _signed(own, -1)
        if rising and falling:
            others = {name for path in falling for name in path.members[1:]}
            meet = next(name for name in rising[0].members[1:] if name in others)
            found.append(FeedForward(readout, rising, falling, meet))
    return tuple(found)


def _signed(bounds: Iterable[Bound], moves: int) -> tuple[SignedPath, ...]:
    paths = [path for bound in bounds if bound.moves == moves for path in bound.paths]
    return tuple(dict.fromkeys(path for path in paths if path.sign != "±"))
