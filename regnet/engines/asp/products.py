"""Products: the program of a network whose functions are decision diagrams."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING

from regnet.boolean import BooleanNetwork
from regnet.diagram import Cube, Diagram
from regnet.engines.asp.solving import choice_of, planes_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regnet.engines.asp.solving import Cells


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
    """

    options: Sequence[str] = ()

    def __init__(
        self,
        variables: Sequence[int],
        chosen: Sequence[int] | None = None,
        inputs: frozenset[int] = frozenset(),
    ) -> None:
        self.variables = tuple(variables)
        self.chosen = self.variables if chosen is None else tuple(chosen)
        self.inputs = inputs
        self.can = {v: (2 * i + 1, 2 * i + 2) for i, v in enumerate(self.variables)}  # 1, then 0
        self.lines = [f"1 0 0 0 2 -{one} -{zero}" for one, zero in self.can.values()]
        self.bodies: dict[int, list[Sequence[int]]] = {}  # of each derived atom
        if len(self.chosen) < len(self.variables):
            derived = self.can.keys() - set(self.chosen)
            self.bodies = {atom: [] for v in derived for atom in self.can[v]}

    @property
    def width(self) -> int:
        """How many atoms are chosen."""
        return 2 * len(self.chosen)

    @property
    def is_derived(self) -> bool:
        """Whether some atoms are derived from the others."""
        return bool(self.bodies)

    def text(self, prefer: int | None) -> str:
        """Return the program; `prefer` is how clingo decides on what is chosen, if it matters."""
        pairs = [(self.can[v], v in self.inputs) for v in self.chosen]
        choice = choice_of(pairs, prefer if self.is_derived else None)
        return "\n".join(["asp 1 0 0", *choice, *self.lines, "0\n"])

    def rows(self, found: Cells) -> Iterator[bytes]:
        """Yield rows of all variables for answers that say what is chosen.

        The rest follows from the rules, for all answers together: they are the bits of one number.
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
        return rows_of(pairs, len(found))

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
            if head not in body:
                self.implies(body, head)


def program_of(network: BooleanNetwork, chosen: Sequence[int] | None = None) -> Program:
    """Return the program of a network."""
    d = network.diagram
    program = Program(network.order, chosen, network.inputs)
    legal = network.admissible
    for group in network.groups:  # a space that means something is a range of levels
        for low, high in pairwise(group):
            program.implies((program.can[high][0],), program.can[low][0])
            program.implies((program.can[low][1],), program.can[high][1])
    for v, f in network.functions.items():
        for value, g in ((True, f), (False, d.negation(f))):
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


def _near(d: Diagram, legal: int, support: frozenset[int]) -> int:
    """Return what `legal` says of the variables in `support`."""
    return d.exists(legal, d.support(legal) - support)
