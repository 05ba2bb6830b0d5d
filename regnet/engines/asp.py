"""Answer-set programming with clingo: fixed points and trap spaces.

The atom "v can be b" stands for a value b that variable v takes somewhere in the space. A space is
a trap space exactly when, for every product of a sum of products of f_v (and of not f_v), "all its
literals can be" implies "v can be 1" (can be 0). Any sum of products will do, so no prime
implicants are computed; minimal trap spaces are the minimal answers. The idea of writing rules down
in negation normal form where that is safe, and as decision diagrams only elsewhere, is that of
tsconj (Trinh, Benhamou, Pastva and Soliman, AAAI 2024, doi 10.1609/aaai.v38i9.28930); programs go
to clingo as numbers (aspif), without text grounding.

Clingo chooses only in a feedback vertex set: with that decided, no circuit is left, and what the
rules derive for the other variables is the smallest space around the choice. So a minimal trap
space is known by what it allows in that set alone, and what clingo has to remember of each to find
no larger one is short. Answers come as rows of bytes, which are turned into anything else only
where somebody looks: clingo finds them ten times as fast as Python can put them into dictionaries.
"""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Any, TypeAlias

from regnet.boolean import BooleanNetwork
from regnet.diagram import Cube, Diagram
from regnet.engines import Deadline
from regnet.feedback import feedback_vertex_set
from regnet.logic import And, Const, Expr, Not, Var, variables
from regnet.memory import without_collection
from regnet.space import FREE

Values = dict[int, bool]
"""Variables with the value they are fixed at; free ones are absent."""


ALWAYS = 0
"""In the place of an atom: what is always possible."""


_Pair: TypeAlias = tuple[int | None, int | None]
"""The atoms of "can be 1" and "can be 0"; `ALWAYS`, or None for never."""


class _Program:
    """An aspif program over "v can be b".

    Parameters
    ----------
    variables
        The variables, in the order in which answers list them.
    chosen
        Those whose values are chosen, unless all are; those of the others are derived.
    """

    def __init__(self, variables: Sequence[int], chosen: Sequence[int] | None = None) -> None:
        self.variables = tuple(variables)
        self.chosen = self.variables if chosen is None else tuple(chosen)
        self.can = {v: (2 * i + 1, 2 * i + 2) for i, v in enumerate(self.variables)}  # 1, then 0
        self.next = 2 * len(self.variables) + 1
        self.lines = ["asp 1 0 0"]
        self.bodies: dict[int, list[Sequence[int]]] = {}  # of each derived atom
        if len(self.chosen) < len(self.variables):
            derived = self.can.keys() - set(self.chosen)
            self.bodies = {atom: [] for v in derived for atom in self.can[v]}
        for one, zero in self.can.values():
            self.lines.append(f"1 0 0 0 2 -{one} -{zero}")
        for place, v in enumerate(self.chosen):
            one, zero = self.can[v]
            self.lines.append(f"1 1 2 {one} {zero} 0 0")
            for number, atom in ((2 * place, one), (2 * place + 1, zero)):  # what is shown
                self.lines.append(f"4 {len(str(number))} {number} 1 {atom}")

    def text(self, prefer: int | None) -> str:
        """Return the program; `prefer` is how clingo decides on what is chosen, if it matters."""
        ends = []
        if prefer is not None and self.bodies:
            for v in self.chosen:
                ends += [f"7 {prefer} {atom} 1 1 0" for atom in self.can[v]]
        return "\n".join([*self.lines, *ends, "0\n"])

    def rows(self, found: Sequence[bytes]) -> list[bytes]:
        """Return rows of all variables for answers that say what is chosen.

        The rest follows from the rules, for all answers together: they are the bits of one number.
        """
        if not found:
            return []
        import numpy as np

        count = len(found)
        cells = np.array([np.frombuffer(answer, np.uint8) for answer in found]).T
        if self.bodies:
            chosen = np.packbits(cells, axis=1, bitorder="little")
            atoms = (atom for v in self.chosen for atom in self.can[v])
            possible = {
                atom: int.from_bytes(bits.tobytes(), "little")
                for atom, bits in zip(atoms, chosen, strict=True)
            }
            every = (1 << count) - 1
            for head in self._derivation:
                ways = 0
                for body in self.bodies[head]:
                    way = every
                    for atom in body:
                        way &= possible[atom]
                    ways |= way
                possible[head] = ways
            size = (count + 7) // 8
            packed = b"".join(
                possible[atom].to_bytes(size, "little")
                for pair in self.can.values()
                for atom in pair
            )
            bits = np.frombuffer(packed, np.uint8).reshape(2 * len(self.can), size)
            cells = np.unpackbits(bits, axis=1, count=count, bitorder="little")
        one, zero = cells[0::2].T, cells[1::2].T
        return [row.tobytes() for row in np.where(one & zero, np.uint8(FREE), one)]

    @cached_property
    def _derivation(self) -> list[int]:
        """The derived atoms, each after those that it is derived from."""
        needs = {head: {a for body in bodies for a in body} for head, bodies in self.bodies.items()}
        return [atom for atom in TopologicalSorter(needs).static_order() if atom in needs]

    def atom(self) -> int:
        self.next += 1
        return self.next - 1

    def implies(self, body: Sequence[int], head: int) -> None:
        if len(body) == 1:  # most, and large networks have many
            self.lines.append(f"1 0 1 {head} 0 1 {body[0]}")
        else:
            self.lines.append(f"1 0 1 {head} 0 {len(body)} {' '.join(map(str, body))}".rstrip())
        if head in self.bodies:
            self.bodies[head].append(body)

    def forbid(self, *literals: int) -> None:
        self.lines.append(f"1 0 0 0 {len(literals)} {' '.join(map(str, literals))}".rstrip())

    def forbid_oscillation(self) -> None:
        for one, zero in self.can.values():
            self.forbid(one, zero)

    def add_cubes(self, v: int, value: bool, cubes: Iterable[Cube]) -> None:
        """State that each product makes `value` of `v` possible."""
        head = self.can[v][not value]
        for cube in cubes:
            body = [self.can[u][not b] for u, b in cube]
            if head not in body:
                self.implies(body, head)

    def add_expression(self, v: int, expr: Expr, can: Mapping[str, tuple[int, int]]) -> bool:
        """State what a Boolean rule makes possible, as it is written; `can` is for its names.

        Return False, with nothing stated, where a threshold has both signs: the form in which the
        rule is written would then allow too much.
        """
        literal = expr.arg if isinstance(expr, Not) else expr
        if isinstance(literal, Var):  # every second rule of a large network
            pair = can[literal.name]
            for head, atom in zip(
                self.can[v], pair if literal is expr else pair[::-1], strict=True
            ):
                self._derive(head, (atom,), every=True)
            return True
        begin = len(self.lines)
        signs: dict[str, bool] = {}
        never = None
        done: list[_Pair] = []
        work: list[tuple[Expr, bool] | tuple[list[_Pair], int, bool]] = [(expr, True)]
        while work:
            step = work.pop()
            if len(step) == 3:
                pairs, count, every = step
                pairs += done[len(done) - count :]
                del done[len(done) - count :]
            else:
                node, sign = step
                if isinstance(node, Const):
                    done.append((ALWAYS, never) if node.value is sign else (never, ALWAYS))
                    continue
                args = (node,) if isinstance(node, Var) else node.args
                if isinstance(node, Not):
                    sign = not sign
                pairs, deeper = [], []
                for arg in args:  # literals at once, the rest in turn
                    positive = sign
                    if isinstance(arg, Not) and isinstance(arg.arg, Var):
                        arg, positive = arg.arg, not sign
                    if not isinstance(arg, Var):
                        deeper.append((arg, sign))
                        continue
                    name = arg.name
                    if signs.setdefault(name, positive) is not positive:
                        del self.lines[begin:]
                        return False
                    pairs.append(can[name] if positive else can[name][::-1])
                every = isinstance(node, And) is sign
                if deeper:
                    work.append((pairs, len(deeper), every))
                    work += deeper
                    continue
            if len(pairs) == 1:
                done += pairs
                continue
            ones, zeros = zip(*pairs, strict=True)
            if not work:  # the whole rule needs no atom of its own
                one, zero = self.can[v]
                self._derive(one, ones, every=every)
                self._derive(zero, zeros, every=not every)
                return True
            done.append((self._join(ones, every=every), self._join(zeros, every=not every)))
        for possible, head in zip(done[0], self.can[v], strict=True):
            self._derive(head, (possible,), every=True)
        return True

    def _derive(self, head: int, args: Sequence[int | None], *, every: bool) -> None:
        """State that all of `args`, or any of them, make the atom `head` true."""
        if every:
            if None not in args and head not in args:
                self.implies([a for a in args if a], head)
            return
        for a in args:
            if a is not None and a != head:
                self.implies((a,) if a else (), head)

    def _join(self, args: Sequence[int | None], *, every: bool) -> int | None:
        """Return the atom of "all of these", or "any of these"; `ALWAYS`, or None for never."""
        decides, neutral = (None, ALWAYS) if every else (ALWAYS, None)
        if decides in args:
            return decides
        needed = [a for a in args if a]  # what is left is not neutral
        if len(needed) < 2:
            return needed[0] if needed else neutral
        atom = self.atom()
        self._derive(atom, needed, every=every)
        return atom


FIXED_POINTS, MINIMAL, MAXIMAL = "fixed points", "minimal trap spaces", "maximal trap spaces"


def fixed_points(
    network: BooleanNetwork,
    *,
    limit: int | None = None,
    outside: Iterable[Mapping[int, bool]] = (),
    deadline: Deadline,
) -> Iterator[Values]:
    """Yield the fixed points, each a value for every variable; none that lies in `outside`."""
    program = _program(network, _choice(network))
    program.forbid_oscillation()
    for space in outside:
        program.forbid(*(program.can[v][not value] for v, value in space.items()))
    yield from _values(network, _solve(program, None, limit, deadline))


def minimal_trap_spaces(
    network: BooleanNetwork, *, limit: int | None = None, deadline: Deadline
) -> Iterator[Values]:
    """Yield the trap spaces that contain no smaller one."""
    yield from _values(network, rows(network, MINIMAL, limit=limit, deadline=deadline))


def maximal_trap_spaces(
    network: BooleanNetwork, *, limit: int | None = None, deadline: Deadline
) -> Iterator[Values]:
    """Yield the trap spaces that only the whole state space contains."""
    yield from _values(network, rows(network, MAXIMAL, limit=limit, deadline=deadline))


def rows(
    network: BooleanNetwork, kind: str, *, limit: int | None = None, deadline: Deadline
) -> Iterator[bytes]:
    """Yield `FIXED_POINTS`, `MINIMAL` or `MAXIMAL` trap spaces as rows.

    A row has one byte for each variable in ``network.order``: 0, 1, or `FREE`.
    """
    if kind == MAXIMAL:
        program = _program(network)
        program.forbid(*(atom for pair in program.can.values() for atom in pair))
        yield from _solve(program, _TRUE, limit, deadline)
        return
    program = _program(network, _choice(network))
    if kind == FIXED_POINTS:
        program.forbid_oscillation()
    yield from _solve(program, None if kind == FIXED_POINTS else _FALSE, limit, deadline)


def rows_of_rules(
    rules: Sequence[tuple[str, Expr | None]],
    kind: str,
    *,
    limit: int | None = None,
    deadline: Deadline,
) -> Iterator[bytes]:
    """Yield `MINIMAL` trap spaces or `FIXED_POINTS` of a large Boolean network, as rows.

    Rules go to clingo as they are written; only those in which a regulator has both signs go
    through a diagram. Without any reduction, so that 100,000 components are read in seconds.

    Parameters
    ----------
    rules
        Name and rule of each component; None for an input. A row has one byte for each.
    """
    with without_collection():
        program = _program_of_rules(rules)
    if kind == FIXED_POINTS:
        program.forbid_oscillation()
    yield from _solve(program, None if kind == FIXED_POINTS else _FALSE, limit, deadline)


def _values(network: BooleanNetwork, found: Iterable[bytes]) -> Iterator[Values]:
    for row in found:
        yield {v: b == 1 for v, b in zip(network.order, row, strict=True) if b != FREE}


def _program_of_rules(rules: Sequence[tuple[str, Expr | None]]) -> _Program:
    program = _Program(range(len(rules)))
    number = {name: i for i, (name, _) in enumerate(rules)}
    can = dict(zip(number, program.can.values(), strict=True))
    for i, (_, rule) in enumerate(rules):
        if rule is None or program.add_expression(i, rule, can):
            continue
        names = [var.name for var in variables(rule)]
        diagram = Diagram()
        f = diagram.read(rule, {(name, 1): place for place, name in enumerate(names)})
        for value, g in ((True, f), (False, diagram.negation(f))):
            cubes = (tuple((number[names[u]], b) for u, b in cube) for cube in diagram.cubes(g))
            program.add_cubes(i, value, cubes)
    return program


def _program(network: BooleanNetwork, chosen: Sequence[int] | None = None) -> _Program:
    d = network.diagram
    program = _Program(network.order, chosen)
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


def _choice(network: BooleanNetwork) -> Sequence[int]:
    """Return variables whose values decide all others; levels above 1 hang together both ways."""
    return feedback_vertex_set(network) if network.is_boolean else network.order


def _near(d: Diagram, legal: int, support: frozenset[int]) -> int:
    """Return what `legal` says of the variables in `support`."""
    return d.exists(legal, d.support(legal) - support)


_TRUE, _FALSE = 4, 5  # what clingo calls "prefer true", for most atoms, and "prefer false"
_ALL_ATOMS = {_TRUE: "3,0", _FALSE: "5,0"}


def _solve(
    program: _Program, prefer: int | None, limit: int | None, deadline: Deadline
) -> Iterator[bytes]:
    """Yield answers as they are found, in the order in which clingo finds them."""
    import clingo

    control = clingo.Control(["--warn=none", "--single-shot"])
    configuration: Any = control.configuration
    configuration.solve.models = limit or 0
    if prefer is not None and program.chosen:
        configuration.solve.enum_mode = "domRec"
        configuration.solver[0].heuristic = "Domain"
        if not program.bodies:
            configuration.solver[0].dom_mod = _ALL_ATOMS[prefer]
    handle, path = tempfile.mkstemp(suffix=".aspif")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(program.text(prefer))
        control.load_aspif([path])
    finally:
        os.unlink(path)
    program.lines.clear()  # large ones take memory
    found: deque[bytes] = deque()
    read = _reader(2 * len(program.chosen))
    finished, patience = False, 0.05
    with control.solve(on_model=lambda model: found.append(read(model)), async_=True) as solving:
        try:
            while not finished:
                finished = solving.wait(min(patience, deadline.left() or patience))
                patience = min(
                    2 * patience, 0.4
                )  # rows are completed together, the more the better
                yield from program.rows([found.popleft() for _ in range(len(found))])
                deadline.check()
            yield from program.rows(list(found))
        finally:
            if not finished:
                solving.cancel()


def _reader(width: int) -> Callable[[Any], bytes]:
    """Return what turns an answer of clingo into bytes: for each number whether it is shown.

    All symbols of an answer come in one call of clingo's C interface; asking for each atom takes
    fifty times as long.
    """
    import clingo
    import numpy as np
    from clingo import _internal

    fill: Any = _internal._lib.clingo_model_symbols
    shown = _internal._lib.clingo_show_type_shown
    memory: Any = _internal._ffi
    symbols = memory.new("clingo_symbol_t[]", width + 1)  # none at all has no buffer
    numbers = np.frombuffer(memory.buffer(symbols), np.uint64)
    zero = np.uint64(clingo.Number(0)._rep)  # the symbol of a number is that of 0 plus the number

    def read(model: Any) -> bytes:
        numbers.fill(0)  # no symbol is 0
        fill(model._rep, shown, symbols, width)
        cells = np.zeros(width, np.uint8)
        cells[numbers[numbers > 0] - zero] = 1
        return cells.tobytes()

    return read
