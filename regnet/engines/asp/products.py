"""Products: the program of a network whose functions are decision diagrams.

Many answers often differ only in inputs without effect there. So an input may be left open: it
matters if, for one of the products that contain it, the rest of the product is possible and so is
the value that the product does not lead to. Otherwise every product with it is impossible or leads
to the only value of its variable, in this space and in all within it: the space is a minimal trap
space for all values of the input, or for none. Clingo chooses the inputs that matter, and one
answer represents all combinations of the others. Each trap space belongs to exactly one answer,
because which inputs matter follows from the other variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from graphlib import TopologicalSorter
from itertools import chain, compress, pairwise
from typing import TYPE_CHECKING

from regnet.boolean import BooleanNetwork
from regnet.diagram import Cube, Diagram
from regnet.engines.asp.solving import choice_of, planes_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regnet.engines.asp.solving import Cells


MAX_WAYS = 5_000
"""A function with more ways through its diagram is not written down as products."""


class Program:
    """An aspif program over "v can be b".

    Parameters
    ----------
    variables
        The variables, in the order in which answers list them.
    chosen
        Those whose values are chosen, unless all are; those of the others are derived.
    inputs
        Those that nothing decides.
    may_leave
        Whether inputs that do not matter are left open; what they act on must be chosen too, so
        that nothing derived hangs on them.
    """

    options: Sequence[str] = ()

    def __init__(
        self,
        variables: Sequence[int],
        chosen: Sequence[int] | None = None,
        inputs: frozenset[int] = frozenset(),
        *,
        may_leave: bool = False,
    ) -> None:
        self.variables = tuple(variables)
        self.chosen = self.variables if chosen is None else tuple(chosen)
        self.inputs = inputs
        self.can = {v: (2 * i + 1, 2 * i + 2) for i, v in enumerate(self.variables)}  # 1, then 0
        self.matters = {v: 2 * len(self.can) + 1 + i for i, v in enumerate(inputs) if may_leave}
        self.lines = [
            f"1 0 0 0 2 -{one} -{zero}"
            for v, (one, zero) in self.can.items()
            if v not in self.matters
        ]
        self.nodes = 2 * len(self.can) + len(self.matters)  # the last atom until now
        self.has_nodes = False
        self.bodies: dict[int, list[Sequence[int]]] = {}  # of each derived atom
        if len(self.chosen) < len(self.variables):
            derived = self.can.keys() - set(self.chosen)
            self.bodies = {atom: [] for v in derived for atom in self.can[v]}

    @property
    def width(self) -> int:
        """Number of atoms that are chosen."""
        return 2 * len(self.chosen)

    @property
    def is_derived(self) -> bool:
        """Whether some atoms are derived from the others."""
        return bool(self.bodies or self.matters or self.has_nodes)

    def text(self, prefer: int | None) -> str:
        """Return the program; `prefer` is how clingo decides on what is chosen, if it matters."""
        pairs = [(self.can[v], v in self.inputs, self.matters.get(v, 0)) for v in self.chosen]
        choice = choice_of(pairs, prefer if self.is_derived else None)
        return "\n".join(["asp 1 0 0", *choice, *self.lines, "0\n"])

    def rows(self, found: Cells) -> Iterator[bytes]:
        """Yield rows of all variables for answers that say what is chosen.

        The rest follows from the rules, for all answers together: they are the bits of one number.
        Inputs that were left open are given both values in turn.
        """
        atoms = (atom for v in self.chosen for atom in self.can[v])
        possible = dict(zip(atoms, planes_of(found), strict=True))
        every = (1 << len(found)) - 1
        for head in self._derivation:
            ways = 0
            for body in self.bodies[head]:
                way = every
                for atom in body:
                    way &= possible[atom]
                ways |= way
            possible[head] = ways
        pairs = [(possible[one], possible[zero]) for one, zero in self.can.values()]
        rows = rows_of(pairs, len(found))
        if not self.matters:
            return rows
        places = [place for place, v in enumerate(self.variables) if v in self.matters]
        left = [(every ^ (pairs[place][0] | pairs[place][1]), 0) for place in places]
        return chain.from_iterable(
            _each(row, [*compress(places, is_left)])
            for row, is_left in zip(rows, rows_of(left, len(found)), strict=True)
        )

    @cached_property
    def _derivation(self) -> list[int]:
        """The derived atoms, each after those that it is derived from."""
        needs = {head: {a for body in bodies for a in body} for head, bodies in self.bodies.items()}
        return [atom for atom in TopologicalSorter(needs).static_order() if atom in needs]

    def implies(self, body: Sequence[int], head: int) -> None:
        """State that all atoms of `body` together make `head` possible."""
        self.lines.append(f"1 0 1 {head} 0 {len(body)} {' '.join(map(str, body))}".rstrip())
        if head in self.bodies:
            self.bodies[head].append(body)

    def forbid(self, *literals: int) -> None:
        """State that not all literals hold."""
        self.lines.append(f"1 0 0 0 {len(literals)} {' '.join(map(str, literals))}".rstrip())

    def forbid_oscillation(self) -> None:
        """State that no variable can be both."""
        for one, zero in self.can.values():
            self.forbid(one, zero)

    def add_cubes(self, v: int, value: bool, cubes: Iterable[Cube]) -> None:
        """State that each product makes `value` of `v` possible."""
        head = self.can[v][not value]
        for cube in cubes:
            body = [self.can[u][not b] for u, b in cube]
            if head in body:
                continue
            self.implies(body, head)
            left = [self.matters[u] for u, _ in cube if u in self.matters]
            if left:
                rest = {self.can[u][not b] for u, b in cube if u not in self.matters}
                rest.add(self.can[v][value])
                for matters in left:
                    self.implies([*rest], matters)

    def add_diagram(self, v: int, value: bool, d: Diagram, g: int) -> None:
        """State that each way through a diagram makes `value` of `v` possible.

        Some function of what is possible would need too many products. A node of its diagram can be
        1 where a branch can be taken that leads to 1, or to a node that can be; no way asks for a
        variable twice, so the values on it are possible together.
        """
        atoms = {1: 0}
        for node in d.nodes(g):
            self.nodes += 1
            atoms[node] = self.nodes
            if self.bodies:
                self.bodies[self.nodes] = []
            u = d.variable(node)
            for b, child in enumerate(d.branches(node)):
                if child:
                    rest = [atoms[child]] if child != 1 else []
                    self.implies([self.can[u][not b], *rest], atoms[node])
        self.implies([atoms[g]], self.can[v][not value])
        self.has_nodes = True


def program_of(
    network: BooleanNetwork, chosen: Sequence[int] | None = None, *, may_leave: bool = False
) -> Program:
    """Return the program of a network; parameters as of `Program`."""
    d = network.diagram
    legal = network.admissible
    both = [g for f in network.functions.values() for g in (f, d.negation(f))]
    large = {g for g in both if legal == 1 and d.ways(g) > MAX_WAYS}
    may_leave &= not large  # products determine which inputs matter
    program = Program(network.order, chosen, network.inputs, may_leave=may_leave)
    for group in network.groups:  # a space that means something is a range of levels
        for low, high in pairwise(group):
            program.implies((program.can[high][0],), program.can[low][0])
            program.implies((program.can[low][1],), program.can[high][1])
    for v, f in network.functions.items():
        d.watch()
        for value, g in ((True, f), (False, d.negation(f))):
            if g in large:
                program.add_diagram(v, value, d, g)
                continue
            if legal == 1:
                cubes = d.cubes(g)
            else:
                near = _near(d, legal, d.support(g))
                cubes = [
                    cube
                    for cube in d.cubes(d.both(g, near), d.either(g, d.negation(near)))
                    if d.both(d.cube(cube), near)
                ]
            program.add_cubes(v, value, cubes)
    return program


def _each(row: bytes, places: Sequence[int]) -> Iterator[bytes]:
    """Yield a row with all combinations of 0 and 1 at some positions."""
    yield row
    changed = bytearray(row)
    for number in range(1, 1 << len(places)):  # of a Gray code: one place changes at a time
        changed[places[(number & -number).bit_length() - 1]] ^= 1
        yield bytes(changed)


def _near(d: Diagram, legal: int, support: frozenset[int]) -> int:
    """Return what `legal` says of the variables in `support`."""
    return d.exists(legal, d.support(legal) - support)
