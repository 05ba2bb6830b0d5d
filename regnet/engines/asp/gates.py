"""Gates: the program of a large network, from its rules as they are written.

A rule becomes gates, each a conjunction or disjunction of signed variables and other gates, stored
in a few arrays. "Can be 1" and "can be 0" then follow by one clause for each gate and input. Before
clingo is called,

- gates without targets are removed, recursively, as in `regnet.reduction`;
- variables that copy or negate another one share its atoms;
- a feedback vertex set is chosen: a small one where the network is, else one that a search in
  depth finds in linear time; and an order in which everything else follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from regnet.diagram import Diagram
from regnet.engines.asp.solving import Pair, choice_of, planes_of, rows_of
from regnet.feedback import feedback_vertices
from regnet.logic import And, Const, Expr, Not, Or, Var, variables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regnet.engines.asp.solving import Cells

    Ints: TypeAlias = NDArray[np.int64]

ANY, EVERY, SPLIT, OPEN = range(4)
"""Kinds of gates.

`SPLIT` can be 1 when its first input can, and can be 0 when its second can be 1; it holds a rule in
which a variable has both signs, for which one form would allow too much. `OPEN` is a free input.
"""

CAREFUL = 2_000
"""Maximum number of gates for which a small feedback vertex set is searched for."""


class Gates:
    """The program of a Boolean network's rules.

    Parameters
    ----------
    rules
        Name and rule of each component; None for an input.
    oscillation
        Whether variables may be both 0 and 1.
    watch
        Called regularly, to stop a long construction.
    """

    # the gates are as few as clingo's preprocessing would leave, which takes as long as the search
    options: Sequence[str] = ("--eq=0", "--sat-prepro=0")
    is_derived = True

    def __init__(
        self,
        rules: Sequence[tuple[str, Expr | None]],
        *,
        oscillation: bool,
        watch: Callable[[], None] = lambda: None,
    ) -> None:
        self.count = len(rules)
        self.oscillation = oscillation
        self._wire(rules, watch)
        self._trim()
        self._share()
        self._order()

    # --- from rules to gates ---

    def _wire(self, rules: Sequence[tuple[str, Expr | None]], watch: Callable[[], None]) -> None:
        """Assign numbers to gates: component i has i, and 2 g + 1 denotes "not g"."""
        number = {name: 2 * i for i, (name, _) in enumerate(rules)}
        kinds = bytearray([OPEN]) * self.count
        inputs: list[Sequence[int]] = [()] * self.count
        for i, (_, rule) in enumerate(rules):
            if not i & 0x3FF:
                watch()
            if rule is None:
                continue
            begin = len(inputs)
            _add(rule, i, number, kinds, inputs)
            own = inputs[i] if len(inputs) == begin else [*inputs[i], *chain(*inputs[begin:])]
            if len(own) > 1:
                named = [u >> 1 for u in own]
                if len(set(named)) < len(named) and not _is_unate(rule):
                    _add_split(rule, i, number, kinds, inputs)
        self.kinds = np.frombuffer(bytes(kinds), np.uint8)
        self.sizes = np.fromiter(map(len, inputs), np.int64, len(inputs))
        self.starts = np.cumsum(self.sizes) - self.sizes
        self.flat = np.fromiter(chain.from_iterable(inputs), np.int64)

    # --- what clingo need not see ---

    def _trim(self) -> None:
        """Find the gates that nothing uses, and then those that only they used, in layers."""
        uses = np.bincount(self.flat >> 1, minlength=len(self.kinds))
        self.trimmed: list[Ints] = []
        layer = np.flatnonzero((uses == 0) & (self.kinds != OPEN))
        while len(layer):
            self.trimmed.append(layer)
            used = self._inputs(layer) >> 1
            np.subtract.at(uses, used, 1)
            used = np.unique(used)
            layer = used[(uses[used] == 0) & (self.kinds[used] != OPEN)]

    def _share(self) -> None:
        """Merge gates that copy or negate another gate."""
        count = len(self.kinds)
        self.stands = 2 * np.arange(count)  # the signed gate that represents each gate
        self.live = np.ones(count, np.bool_)
        for layer in self.trimmed:
            self.live[layer] = False
        follows = self.live & (self.sizes == 1) & (self.kinds <= EVERY)
        for _ in range(2):
            stands = 2 * np.arange(count)
            stands[follows] = self.flat[self.starts[follows]]
            for _ in range(count.bit_length()):
                stands = stands[stands >> 1] ^ (stands & 1)
            around = follows[stands >> 1]  # what leads into a circuit never arrives
            if not around.any():
                break
            follows &= ~around
        self.stands = stands
        self.live &= ~follows
        self.flat = self.stands[self.flat >> 1] ^ (self.flat & 1)

    def _order(self) -> None:
        """Choose a feedback vertex set among the gates, and put all others in order."""
        flat = (self.flat >> 1).tolist()
        starts = self.starts.tolist()
        inputs = [flat[a : a + n] for a, n in zip(starts, self.sizes.tolist(), strict=True)]
        live = np.flatnonzero(self.live).tolist()
        chosen = bytearray((self.live & (self.kinds == OPEN)).tobytes())
        if len(live) <= CAREFUL:
            for gate in feedback_vertices({g: inputs[g] for g in live}):
                chosen[gate] = True
        untouched, under_way, done = range(3)
        state = bytearray(np.where(self.live, untouched, done).astype(np.uint8))
        order = [gate for gate in live if chosen[gate]]
        for gate in order:
            state[gate] = done
        for root in live:
            if state[root]:
                continue
            state[root] = under_way
            stack = [(root, iter(inputs[root]))]
            while stack:
                gate, rest = stack[-1]
                for u in rest:
                    if not state[u]:
                        state[u] = under_way
                        stack.append((u, iter(inputs[u])))
                        break
                    if state[u] == under_way:
                        chosen[u] = True
                else:
                    stack.pop()
                    state[gate] = done
                    order.append(gate)
        self.order = np.array(order, np.int64)
        self.chosen = np.flatnonzero(np.frombuffer(chosen, np.bool_))

    def _inputs(self, gates: Ints) -> Ints:
        """Return the concatenated inputs of some gates."""
        sizes = self.sizes[gates]
        before = np.cumsum(sizes) - sizes
        places = np.repeat(self.starts[gates] - before, sizes) + np.arange(sizes.sum())
        return np.take(self.flat, places)

    # --- the program ---

    @property
    def width(self) -> int:
        """Number of atoms that are chosen."""
        return 2 * len(self.chosen)

    def text(self, prefer: int | None) -> str:
        """Return the program: "gate g can be 1" is the atom 2 g + 1, "can be 0" is 2 g + 2."""
        opened = self.kinds[self.chosen] == OPEN
        pairs = [
            ((2 * g + 1, 2 * g + 2), is_open, 0)
            for g, is_open in zip(self.chosen.tolist(), opened.tolist(), strict=True)
        ]
        parts = ["asp 1 0 0", *choice_of(pairs, prefer)]
        if not self.oscillation:
            parts += [f"1 0 0 0 2 {one} {zero}" for (one, zero), _, _ in pairs]
        for kind in (ANY, EVERY, SPLIT):
            of_kind = self.order[self.kinds[self.order] == kind]
            for size in np.unique(self.sizes[of_kind]).tolist():
                gates = of_kind[self.sizes[of_kind] == size]
                clauses, numbers = self._clauses(gates, kind, size)
                parts.append("\n".join([clauses] * len(gates)) % tuple(numbers.ravel().tolist()))
        return "\n".join([*parts, "0\n"])

    def _clauses(self, gates: Ints, kind: int, size: int) -> tuple[str, Ints]:
        """Return the clauses of gates of one kind and size as a pattern, with its numbers."""
        inputs = self._inputs(gates).reshape(len(gates), size)
        one, zero = 2 * gates[:, None] + 1, 2 * gates[:, None] + 2
        single = "1 0 1 %d 0 1 %d"
        if kind == SPLIT:
            numbers = [one, inputs[:, :1] + 1, zero, inputs[:, 1:] + 1]
            return f"{single}\n{single}", np.hstack(numbers)
        together, apart, turned = (one, zero, 0) if kind == EVERY else (zero, one, 1)
        numbers = [together, (inputs ^ turned) + 1]
        for j in range(size):
            numbers += [apart, (inputs[:, j : j + 1] ^ 1 ^ turned) + 1]
        whole = " ".join(["1 0 1 %d 0", str(size), *["%d"] * size])
        return "\n".join([whole, *[single] * size]), np.hstack(numbers)

    # --- the way back ---

    def rows(self, found: Cells) -> Iterator[bytes]:
        """Yield rows of all components for answers that say what is chosen.

        The rest follows from the gates, for all answers together: they are the bits of one number.
        """
        every = (1 << len(found)) - 1
        can = [0] * (2 * len(self.kinds))  # in which answers a signed gate can be 1
        planes = planes_of(found)
        for place, g in enumerate(self.chosen.tolist()):
            can[2 * g], can[2 * g + 1] = planes[2 * place], planes[2 * place + 1]
        decided = set(self.chosen.tolist())
        self._follow([g for g in self.order.tolist() if g not in decided], can, every)
        for g in np.flatnonzero(self.stands != 2 * np.arange(len(self.stands))).tolist():
            u = int(self.stands[g])
            can[2 * g], can[2 * g + 1] = can[u], can[u ^ 1]
        for layer in reversed(self.trimmed):
            self._follow(layer.tolist(), can, every)
        pairs: list[Pair] = list(zip(can[: 2 * self.count : 2], can[1::2], strict=False))
        return rows_of(pairs, len(found))

    def _follow(self, gates: Sequence[int], can: list[int], every: int) -> None:
        """Derive what gates can be from what their inputs can be."""
        some = np.array(gates, np.int64)
        flat = iter(self._inputs(some).tolist())
        kinds, sizes = self.kinds[some].tolist(), self.sizes[some].tolist()
        for g, kind, size in zip(gates, kinds, sizes, strict=True):
            if kind == SPLIT:
                can[2 * g], can[2 * g + 1] = can[next(flat)], can[next(flat)]
                continue
            turned = kind == ANY
            whole, part = every, 0
            for _ in range(size):
                u = next(flat) ^ turned
                whole &= can[u]
                part |= can[u ^ 1]
            can[2 * g + turned], can[2 * g + (not turned)] = whole, part


def _add(
    rule: Expr, gate: int, number: dict[str, int], kinds: bytearray, inputs: list[Sequence[int]]
) -> None:
    """Make a gate hold a rule; the gates that it needs come last."""
    work = [(rule, gate)]
    while work:
        node, gate = work.pop()
        if isinstance(node, Const):
            kinds[gate] = EVERY if node.value else ANY  # of nothing
            continue
        kinds[gate] = ANY if type(node) is Or else EVERY
        own: list[int] = []
        for arg in node.args if type(node) is And or type(node) is Or else (node,):
            if type(arg) is Var:
                own.append(number[arg.name])
                continue
            turned = 0
            while type(arg) is Not:
                arg, turned = arg.arg, 1 - turned
            if type(arg) is Var:
                own.append(number[arg.name] + turned)
            else:
                own.append(2 * len(inputs) + turned)
                work.append((arg, len(inputs)))
                inputs.append(())
                kinds.append(ANY)
        inputs[gate] = own


def _is_unate(rule: Expr) -> bool:
    """Return whether every variable has one sign wherever a rule names it."""
    signs: dict[str, bool] = {}
    work = [(rule, True)]
    while work:
        node, sign = work.pop()
        if isinstance(node, Var):
            if signs.setdefault(node.name, sign) is not sign:
                return False
        elif isinstance(node, Not):
            work.append((node.arg, not sign))
        else:
            work += [(arg, sign) for arg in node.args]
    return True


def _add_split(
    rule: Expr, gate: int, number: dict[str, int], kinds: bytearray, inputs: list[Sequence[int]]
) -> None:
    """Make a gate hold the sums of products of a rule and of its opposite."""
    names = [var.name for var in variables(rule)]
    diagram = Diagram()
    f = diagram.read(rule, {(name, 1): place for place, name in enumerate(names)})
    sums = []
    for g in (f, diagram.negation(f)):
        products = []
        for cube in diagram.cubes(g):
            products.append(2 * len(inputs))
            inputs.append([number[names[u]] + (not b) for u, b in cube])
            kinds.append(EVERY)
        sums.append(2 * len(inputs))
        inputs.append(products)
        kinds.append(ANY)
    kinds[gate], inputs[gate] = SPLIT, sums
