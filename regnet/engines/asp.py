"""Answer-set programming with clingo: fixed points and trap spaces.

The atom "v can be b" stands for a value b that variable v takes somewhere in the space. A space is
a trap space exactly when, for every product of a sum of products of f_v (and of not f_v), "all its
literals can be" implies "v can be 1" (can be 0). Any sum of products will do, so no prime
implicants are computed; minimal trap spaces are the minimal answers. The idea of writing rules down
in negation normal form where that is safe, and as decision diagrams only elsewhere, is that of
tsconj (Trinh, Benhamou, Pastva and Soliman, AAAI 2024, doi 10.1609/aaai.v38i9.28930); programs go
to clingo as numbers (aspif), without text grounding.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from regnet.boolean import BooleanNetwork
from regnet.diagram import Cube, Diagram
from regnet.engines import Deadline
from regnet.logic import And, Const, Expr, Not, Var, variables
from regnet.memory import without_collection

Values = dict[int, bool]
"""Variables with the value they are fixed at; free ones are absent."""


ALWAYS = 0
"""In the place of an atom: what is always possible."""


_Pair: TypeAlias = tuple[int | None, int | None]
"""The atoms of "can be 1" and "can be 0"; `ALWAYS`, or None for never."""


class _Program:
    """An aspif program over "v can be b"."""

    def __init__(self, variables: Sequence[int]) -> None:
        self.variables = tuple(variables)
        self.can = {v: (2 * i + 1, 2 * i + 2) for i, v in enumerate(self.variables)}  # 1, then 0
        self.next = 2 * len(self.variables) + 1
        self.lines = ["asp 1 0 0"]
        for one, zero in self.can.values():
            self.lines.append(f"1 1 2 {one} {zero} 0 0")
            self.lines.append(f"1 0 0 0 2 -{one} -{zero}")

    def atom(self) -> int:
        self.next += 1
        return self.next - 1

    def implies(self, body: Sequence[int], head: int) -> None:
        self.lines.append(f"1 0 1 {head} 0 {len(body)} {' '.join(map(str, body))}".rstrip())

    def forbid(self, *literals: int) -> None:
        self.lines.append(f"1 0 0 0 {len(literals)} {' '.join(map(str, literals))}".rstrip())

    def add_cubes(self, v: int, value: bool, cubes: Iterable[Cube]) -> None:
        """State that each product makes `value` of `v` possible."""
        head = self.can[v][not value]
        for cube in cubes:
            body = [self.can[u][not b] for u, b in cube]
            if head not in body:
                self.implies(body, head)

    def add_expression(self, v: int, expr: Expr, number: Mapping[tuple[str, int], int]) -> bool:
        """State what a rule makes possible, as it is written.

        Return False, with nothing stated, where a threshold has both signs: the form in which the
        rule is written would then allow too much.
        """
        begin = len(self.lines)
        signs: dict[tuple[str, int], bool] = {}
        can, never = self.can, None
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
                    key = arg.name, arg.level
                    if signs.setdefault(key, positive) is not positive:
                        del self.lines[begin:]
                        return False
                    one, zero = can[number[key]]
                    pairs.append((one, zero) if positive else (zero, one))
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
                one, zero = can[v]
                self._derive(one, ones, every=every)
                self._derive(zero, zeros, every=not every)
                return True
            done.append((self._join(ones, every=every), self._join(zeros, every=not every)))
        for possible, head in zip(done[0], can[v], strict=True):
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


def fixed_points(
    network: BooleanNetwork,
    *,
    limit: int | None = None,
    outside: Iterable[Mapping[int, bool]] = (),
    deadline: Deadline,
) -> Iterator[Values]:
    """Yield the fixed points, each a value for every variable; none that lies in `outside`."""
    program = _program(network)
    for one, zero in program.can.values():
        program.forbid(one, zero)
    for space in outside:
        program.forbid(*(program.can[v][not value] for v, value in space.items()))
    yield from _solve(program, (), limit, deadline)


def minimal_trap_spaces(
    network: BooleanNetwork, *, limit: int | None = None, deadline: Deadline
) -> Iterator[Values]:
    """Yield the trap spaces that contain no smaller one."""
    yield from _solve(_program(network), _MINIMAL, limit, deadline)


def maximal_trap_spaces(
    network: BooleanNetwork, *, limit: int | None = None, deadline: Deadline
) -> Iterator[Values]:
    """Yield the trap spaces that only the whole state space contains."""
    program = _program(network)
    program.forbid(*(atom for pair in program.can.values() for atom in pair))
    yield from _solve(program, _MAXIMAL, limit, deadline)


def trap_spaces_of_rules(
    rules: Sequence[tuple[str, Expr | None]],
    *,
    fixed_only: bool = False,
    limit: int | None = None,
    deadline: Deadline,
) -> Iterator[dict[str, bool]]:
    """Yield minimal trap spaces (or fixed points) of a large Boolean network.

    Rules go to clingo as they are written; only those in which a regulator has both signs go
    through a diagram. Without any reduction, so that 100,000 components are read in seconds.

    Parameters
    ----------
    rules
        Name and rule of each component; None for an input.
    fixed_only
        Yield fixed points instead.
    """
    with without_collection():
        program = _program_of_rules(rules)
    if fixed_only:
        for one, zero in program.can.values():
            program.forbid(one, zero)
    names_of = [name for name, _ in rules]
    for values in _solve(program, () if fixed_only else _MINIMAL, limit, deadline):
        yield {names_of[v]: value for v, value in values.items()}


def _program_of_rules(rules: Sequence[tuple[str, Expr | None]]) -> _Program:
    number = {(name, 1): i for i, (name, _) in enumerate(rules)}
    program = _Program(range(len(rules)))
    for i, (_, rule) in enumerate(rules):
        if rule is None or program.add_expression(i, rule, number):
            continue
        names = [(var.name, var.level) for var in variables(rule)]
        diagram = Diagram()
        f = diagram.read(rule, {key: place for place, key in enumerate(names)})
        for value, g in ((True, f), (False, diagram.negation(f))):
            cubes = (tuple((number[names[u]], b) for u, b in cube) for cube in diagram.cubes(g))
            program.add_cubes(i, value, cubes)
    return program


def _program(network: BooleanNetwork) -> _Program:
    d = network.diagram
    program = _Program(network.order)
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


_MINIMAL = ("domRec", "5,0")  # prefer false: least atoms
_MAXIMAL = ("domRec", "3,0")  # prefer true: most atoms


def _solve(
    program: _Program, mode: tuple[str, str] | tuple[()], limit: int | None, deadline: Deadline
) -> Iterator[Values]:
    """Yield answers as they are found, in the order in which clingo finds them."""
    import clingo

    control = clingo.Control(["--warn=none", "--single-shot"])
    configuration: Any = control.configuration
    configuration.solve.models = limit or 0
    if mode:
        configuration.solve.enum_mode = mode[0]
        configuration.solver[0].heuristic = "Domain"
        configuration.solver[0].dom_mod = mode[1]
    program.lines.append("0\n")
    handle, path = tempfile.mkstemp(suffix=".aspif")
    try:
        with os.fdopen(handle, "w") as file:
            file.write("\n".join(program.lines))
        control.load_aspif([path])
    finally:
        os.unlink(path)
    pairs = [(v, *program.can[v]) for v in program.variables]
    found: deque[Values] = deque()
    news = threading.Condition()

    def keep(model: Any) -> None:
        holds: Callable[[int], bool] = model.is_true
        values = {}
        for v, one, zero in pairs:
            if not holds(one):
                values[v] = False
            elif not holds(zero):
                values[v] = True
        with news:
            found.append(values)
            news.notify()

    finished = False
    with control.solve(on_model=keep, async_=True) as solving:
        try:
            while not finished:
                finished = solving.wait(0 if found else min(0.05, deadline.left() or 0.05))
                while found:
                    yield found.popleft()
                deadline.check()
            while found:
                yield found.popleft()
        finally:
            if not finished:
                solving.cancel()
