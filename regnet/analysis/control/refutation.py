"""Refutations: why a set of interventions fails, and which other sets fail for the same reason.

A refutation is a trap space with an attractor that does not show the target, reduced to the
variables that maintain it; or the reason why no attractor at all can show it. A set of
interventions that affects none of these variables fails as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from regnet.analysis.attractors.certificate import MAX_SPACES, covering
from regnet.analysis.attractors.cores import closure
from regnet.analysis.control.escape_walks import EscapeWalks
from regnet.analysis.reachability import ancestors, find_reachable, inside
from regnet.boolean import BooleanNetwork, encode
from regnet.deadline import Deadline
from regnet.diagram import Function
from regnet.engines.asp import minimal_trap_spaces
from regnet.evidence import Phenotype
from regnet.logic import Var, conjunction
from regnet.network import LogicalNetwork
from regnet.scenario import Cut, Scenario
from regnet.space import Space

Literals = dict[int, bool]
"""Variables with the value that each keeps."""


@dataclass(frozen=True, slots=True)
class Option:
    """One intervention: a component held at a level, or an edge cut."""

    name: str
    level: int = 0
    cut: Cut | None = None
    cost: float = 1.0

    def __str__(self) -> str:
        return str(self.cut) if self.cut else f"{self.name}={self.level}"


@dataclass
class Refutation:
    """Why a set fails, as the variables on which that depends.

    `held` are variables that keep a value; `free` are variables that move; `reasons` maps a
    variable to the values of others that it depends on; `needs` are the members of the set without
    which the refutation would not hold; `moved` are variables that move on the way there.
    """

    held: Literals = field(default_factory=dict)
    free: set[int] = field(default_factory=set)
    reasons: dict[int, Literals] = field(default_factory=dict)
    needs: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    way: list[tuple[int, Literals]] = field(default_factory=list)


class Refuter:
    """Finds refutations for a network and a target.

    Parameters
    ----------
    network
        The perturbed network, or the part of it upstream of the target.
    start
        Where it starts; empty if attractors count whether or not they are reached.
    goal
        The target.
    options
        The interventions; a set is represented by their indices.
    deadline
        When to stop.
    """

    def __init__(
        self,
        network: LogicalNetwork,
        start: Space,
        goal: Phenotype,
        options: tuple[Option, ...],
        deadline: Deadline,
    ) -> None:
        self.network, self.start, self.goal, self.options = network, start, goal, options
        self.begins = bool(start)
        self.deadline = deadline
        self.encoding = encode(network, settled=False, watch=deadline.check)
        self.boolean = self.encoding.network
        self.is_boolean = self.boolean.is_boolean
        self.diagram = self.boolean.diagram
        self.condition = self.encoding.read(goal.condition)
        self.escape_walks = EscapeWalks(self.boolean, self.condition, deadline)
        # Parts and their targets, both as functions; proofs do not depend on a start.
        self.proved: set[tuple[object, Function]] = set()
        self.index = {name: i for i, name in enumerate(network.names)}
        self.owner = {v: i for i, group in enumerate(self.encoding.groups) for v in group}
        self.users: dict[int, list[int]] = {}
        for v, f in self.boolean.functions.items():
            for u in self.diagram.support(f):
                self.users.setdefault(u, []).append(v)

    def edge(self, cut: Cut) -> tuple[int, int]:
        """Return the indices of the source and the target of an edge."""
        return self.index[cut.source], self.index[cut.target]

    def clamps(self, chosen: Iterable[int]) -> list[Option]:
        """Return the members of a set that hold a component."""
        return [o for i in chosen if (o := self.options[i]).cut is None]

    def constants(self, network: BooleanNetwork) -> Literals:
        """Return the variables that are constant in every attractor, whatever the start."""
        d, known = self.diagram, dict[int, bool]()
        functions = dict(network.targets)
        fresh = [v for v, f in functions.items() if f < 2]
        while fresh:
            known.update((v, bool(functions[v])) for v in fresh)
            touched = {u for v in fresh for u in self.users.get(v, ())} - known.keys()
            fresh = []
            for v in sorted(touched):
                functions[v] = d.restrict(functions[v], known)
                if functions[v] < 2:
                    fresh.append(v)
        return known

    def under(self, chosen: Iterable[int], without: Collection[int] = ()) -> BooleanNetwork:
        """Return the network under a set, with each variable in a group of its own."""
        d, functions = self.diagram, dict(self.boolean.functions)
        for i in chosen:
            option = self.options[i]
            if i not in without and option.cut:
                self._cut(functions, option.cut)
        for i in chosen:
            option = self.options[i]
            if i not in without and option.cut is None:
                for place, v in enumerate(self.encoding.groups[self.index[option.name]]):
                    functions[v] = int(place < option.level)
        return BooleanNetwork(d, tuple((v,) for v in self.boolean.order), functions)

    def _cut(self, functions: dict[int, Function], cut: Cut) -> None:
        source, target = self.edge(cut)
        gone = dict.fromkeys(self.encoding.groups[source], False)
        for v in self.encoding.groups[target]:
            functions[v] = self.diagram.restrict(functions[v], gone)

    # --- refutations ---

    def trapped(
        self, network: BooleanNetwork, chosen: frozenset[int], trap: Mapping[int, bool]
    ) -> Refutation:
        """Return the self-sustaining part of a trap space without the target."""
        refutation = Refutation()
        wanted = self._implicant(self.diagram.negation(self.condition), trap, ())
        self._hold(refutation, network, chosen, trap, wanted)
        return refutation

    def unkept(
        self,
        network: BooleanNetwork,
        chosen: frozenset[int],
        trap: Literals,
        movers: Collection[int],
        held: Collection[int],
    ) -> Refutation:
        """Return the refutation that a trap space cannot keep the target, by moving variables.

        `held` are the variables whose values in the trap space are needed.
        """
        refutation = Refutation(free=set(movers) - set(held))
        wanted = {v: trap[v] for v in held}
        for v in refutation.free:
            support = self.diagram.support(network.functions[v])
            refutation.reasons[v] = {u: value for u, value in wanted.items() if u in support}
        self._hold(refutation, network, chosen, trap, wanted)
        return refutation

    def relevant(self, network: BooleanNetwork, constants: Literals) -> BooleanNetwork:
        """Return the variables upstream of the target, without constant ones."""
        condition = self.diagram.restrict(self.condition, constants)
        return ancestors(inside(network, constants), condition)

    def is_certified(self, part: BooleanNetwork, constants: Literals) -> bool:
        """Return whether every attractor is proved to lie in a trap space within the target.

        A trap space within the target needs no search.
        """
        d = self.diagram
        todo = [(part, d.restrict(self.condition, constants))]
        proved = set[tuple[object, Function]]()
        while todo:
            part, condition = todo.pop()
            if (part.key, condition) in self.proved | proved:
                continue
            proved.add((part.key, condition))
            minimal = list(minimal_trap_spaces(part, limit=MAX_SPACES, deadline=self.deadline))
            if len(minimal) == MAX_SPACES or any(d.restrict(condition, m) != 1 for m in minimal):
                return False
            spaces = covering(part, minimal, deadline=self.deadline)
            if spaces is None:
                return False
            for space in spaces:
                left = d.restrict(condition, space)
                if left != 1:
                    todo.append((ancestors(inside(part, space), left), left))
        self.proved |= proved
        return True

    def absurd(self, network: BooleanNetwork, chosen: frozenset[int]) -> Refutation | None:
        """Return why no attractor can show the target in all its states; None if not known.

        Suppose one does. The variables fixed by the target never change in it; then a variable
        whose function is constant is constant too; and so on, until a constant variable would have
        to change. This happens where the target would switch itself off.
        """
        d, functions = self.diagram, network.targets
        known: Literals = {v: bool(f) for v, f in functions.items() if f < 2}
        reasons: dict[int, Literals] = {v: {} for v in known}
        acts = set(known)  # variables held by their functions, not by the target
        fresh = list(known)
        while True:
            left = d.restrict(self.condition, known)
            if left == 0:
                because = self._implicant(d.negation(self.condition), known, ())
                return self._traced(Refutation(), chosen, known, reasons, acts, because)
            for v in sorted(d.support(left)):
                for value in (True, False):
                    if v not in known and d.restrict(left, {v: not value}) == 0:
                        without = d.negation(d.restrict(self.condition, {v: not value}))
                        reasons[v] = self._implicant(without, known, ())
                        known[v] = value
                        fresh.append(v)
            if not fresh:
                return None
            touched = {u for v in fresh for u in (v, *self.users.get(v, ()))}
            fresh = []
            for v in sorted(touched - acts):
                f = d.restrict(functions[v], known)
                if f > 1:
                    continue
                because = self._implicant(
                    functions[v] if f else d.negation(functions[v]), known, ()
                )
                if known.get(v, bool(f)) is not bool(f):
                    refutation = Refutation(free={v}, reasons={v: because})
                    because = {**because, v: known[v]}
                    return self._traced(refutation, chosen, known, reasons, acts, because)
                if v not in known:
                    known[v], reasons[v] = bool(f), because
                    acts.add(v)
                    fresh.append(v)

    def _traced(
        self,
        refutation: Refutation,
        chosen: frozenset[int],
        known: Literals,
        reasons: Mapping[int, Literals],
        acts: Collection[int],
        because: Literals,
    ) -> Refutation:
        """Add the reasons of the reasons to a refutation, transitively."""
        clamp_of = {self.index[o.name]: i for i in chosen if not (o := self.options[i]).cut}
        todo = list(because)
        while todo:
            v = todo.pop()
            if v in refutation.held:
                continue
            refutation.held[v] = known[v]
            if self.owner[v] in clamp_of:
                refutation.needs.add(clamp_of[self.owner[v]])
                continue
            if v in acts:
                refutation.reasons[v] = reasons[v]
            todo += reasons[v]
        self._need_cuts(refutation, chosen)
        return refutation

    def resting(
        self,
        network: BooleanNetwork,
        chosen: frozenset[int],
        seed: Mapping[int, bool],
        scenario: Scenario,
    ) -> Refutation | None:
        """Return the variables that maintain an attractor, given a state; None if unknown."""
        d = self.diagram
        around = closure(network, seed)
        left = d.restrict(self.condition, around)
        if left == 0 and not self.goal.kind:
            refutation = self.trapped(network, chosen, around)
        else:
            refutation = Refutation()
            if self.goal.kind:
                refutation.free = set(network.order) - around.keys()
                wanted = set(around)
            else:
                todo, wanted = list(d.support(left)), set(d.support(self.condition))
                while todo:
                    v = todo.pop()
                    if v not in refutation.free:
                        refutation.free.add(v)
                        todo += d.support(d.restrict(network.targets[v], around))
            for v in refutation.free:
                support = d.support(network.targets[v])
                wanted |= support
                refutation.reasons[v] = {u: around[u] for u in support if u in around}
            held = {v: around[v] for v in wanted if v in around}
            self._hold(refutation, network, chosen, around, held)
        if self.begins and not self._led(refutation, network, scenario, seed):
            return None
        return refutation

    def _hold(
        self,
        refutation: Refutation,
        network: BooleanNetwork,
        chosen: frozenset[int],
        trap: Mapping[int, bool],
        wanted: Literals,
    ) -> None:
        """Add variables with a value, and the variables that hold them there."""
        clamp_of = {self.index[o.name]: i for i in chosen if not (o := self.options[i]).cut}
        todo = list(wanted.items())
        held = refutation.held
        while todo:
            v, value = todo.pop()
            if v in held:
                continue
            held[v] = value
            if self.owner[v] in clamp_of:
                refutation.needs.add(clamp_of[self.owner[v]])
                continue
            f = network.targets[v]
            known = {**held, **wanted}
            reasons = self._implicant(f if value else self.diagram.negation(f), trap, known)
            refutation.reasons[v] = reasons
            todo += reasons.items()
        self._need_cuts(refutation, chosen)

    def _need_cuts(self, refutation: Refutation, chosen: frozenset[int]) -> None:
        for i in chosen:
            if (cut := self.options[i].cut) and self._rests_on(refutation, cut):
                refutation.needs.add(i)

    def _rests_on(self, refutation: Refutation, cut: Cut) -> bool:
        """Return whether a refutation may need an edge to be cut."""
        source, target = self.edge(cut)
        sources = self.encoding.groups[source]
        for v in self.encoding.groups[target]:
            if v not in refutation.held and v not in refutation.free and v not in refutation.moved:
                continue
            if not self.diagram.support(self.boolean.functions[v]).isdisjoint(sources):
                return True
        return False

    def _implicant(
        self, f: Function, values: Mapping[int, bool], free: Collection[int]
    ) -> Literals:
        """Return a small set of values that makes a function true; those in `free` are free."""
        d = self.diagram
        kept = {v: values[v] for v in sorted(d.support(f)) if v in values}
        legal = self._legal(f)
        for v in sorted(kept, key=lambda v: (v in free, v)):
            value = kept.pop(v)
            left = d.restrict(f, kept)
            if left != 1 and (legal == 1 or d.meet(d.both(d.negation(left), legal), d.cube(kept))):
                kept[v] = value
        return kept

    def _legal(self, f: Function) -> Function:
        """Return the valid level codes over the variables of a function."""
        d = self.diagram
        if self.is_boolean:
            return 1
        support = d.support(f)
        return d.conjunction(
            d.ladder([v for v in group if v in support])
            for group in self.encoding.groups
            if len(group) > 1 and not support.isdisjoint(group)
        )

    def _led(
        self,
        refutation: Refutation,
        network: BooleanNetwork,
        scenario: Scenario,
        seed: Mapping[int, bool],
    ) -> bool:
        """Add the path from the start to a refutation; return False if none was found."""
        if scenario.update != "asynchronous":
            return False
        wanted = {**refutation.held, **{v: seed[v] for v in refutation.free}}
        literals = []
        names = {v: (name, level) for (name, level), v in self.encoding.number.items()}
        for v, value in sorted(wanted.items()):
            var = Var(*names[v])
            literals.append(var if value else ~var)
        found = find_reachable(
            self.network, scenario, conjunction(literals), timeout=self.deadline.left()
        )
        if found.path is None:
            return False
        states = [self.encoding.restriction(state) for state in found.path]
        for before, after in pairwise(states):
            for v in before:
                if before[v] is not after[v]:
                    f = network.targets[v]
                    f = f if after[v] else self.diagram.negation(f)
                    reasons = self._implicant(f, before, refutation.held)
                    refutation.way.append((v, reasons))
                    refutation.moved.add(v)
        return True

    # --- sets ruled out ---

    def needs(self, chosen: frozenset[int], refutation: Refutation) -> set[int]:
        """Return the members of a set without which it may not fail in this way."""
        needs = set(refutation.needs)
        return needs | self._started(chosen, refutation) if self.begins else needs

    def hits(self, option: Option, refutation: Refutation) -> bool:
        """Return whether an intervention may invalidate a refutation."""
        resting = [refutation.held, *(reasons for _, reasons in refutation.way)]
        if option.cut is None:
            group = self.encoding.groups[self.index[option.name]]
            if any(v in refutation.free or v in refutation.moved for v in group):
                return True
            return any(
                literals.get(v, place < option.level) is not (place < option.level)
                for place, v in enumerate(group)
                for literals in resting
            )
        source, target = self.edge(option.cut)
        sources, targets = self.encoding.groups[source], self.encoding.groups[target]
        acts = self.boolean.functions
        for v in targets:
            if v in refutation.free and any(
                u not in refutation.held or refutation.held[u]
                for u in self.diagram.support(acts[v]).intersection(sources)
            ):
                return True
        reasons = [refutation.reasons.get(v, {}) for v in targets]
        reasons += [literals for v, literals in refutation.way if v in targets]
        return any(literals.get(u, False) for literals in reasons for u in sources)

    def _started(self, chosen: frozenset[int], refutation: Refutation) -> set[int]:
        """Return the members of a set whose component would start elsewhere without them."""
        needs = set()
        begin = self.encoding.restriction(self.start)
        resting = [refutation.held, *(reasons for _, reasons in refutation.way)]
        for i in chosen:
            option = self.options[i]
            if option.cut is None:
                group = self.encoding.groups[self.index[option.name]]
                at = {v: begin[v] for v in group if v in begin}
                if any(lits.get(v, value) is not value for v, value in at.items()
                       for lits in resting):  # fmt: skip
                    needs.add(i)
        return needs
