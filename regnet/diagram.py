"""Decision diagrams: Boolean functions as numbers, equal exactly when the functions are equal.

One `Diagram` holds many reduced ordered binary decision diagrams (Bryant 1986,
doi 10.1109/TC.1986.1676819) that share nodes. A function is the number of its root; 0 is false, 1
is true. As equal functions are equal numbers, regulators without effect vanish, and networks can be
compared and cached by their functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import pairwise
from operator import and_, or_
from typing import TypeAlias, TypeVar

from regnet.errors import EngineError
from regnet.logic import And, Const, Expr, Not, Var, fold, variables

Function: TypeAlias = int
"""The number of a function in its diagram."""

Cube: TypeAlias = tuple[tuple[int, bool], ...]
"""A conjunction: variables with the value each must have."""

_T = TypeVar("_T")

NEVER: Function = 0
ALWAYS: Function = 1

TABLE_VARIABLES = 16
"""Expressions on this many variables or fewer are read through their truth table."""

FEW_VARIABLES = 10
"""Sums of products of functions of at most this many variables are found on their truth table."""

MAX_SUPPORT = 700
"""Expressions on more variables are built only if they join literals: else they may explode."""

ROOM = 300
"""Walks recurse so deep; what lies deeper is done by loops, which are slower."""

KEPT_NODES = 1_000
"""The node lists of functions up to this size are cached, for repeated evaluation."""

_LAST = 1 << 60  # the terminals come after every variable


class Diagram:
    """A store of Boolean functions over variables numbered from 0, in that order."""

    def __init__(self) -> None:
        self.watch: Callable[[], None] = _nothing  # called now and then, to stop long work
        self._variable = [_LAST, _LAST]
        self._low = [0, 1]
        self._high = [0, 1]
        # All of these are known by numbers, and in one diagram a number is a function.
        self._unique: dict[tuple[int, int, int], int] = {}
        self._ite: dict[tuple[int, int, int], int] = {}
        self._nodes: dict[int, list[int]] = {}
        self._cubes: dict[int, list[Cube]] = {}
        self._tables: dict[int, tuple[int, Sequence[int], int]] = {}
        self._cubes_of_both: dict[int, tuple[list[Cube], list[Cube]]] = {}
        self._signs: dict[int, dict[int, int]] = {}
        self._support: dict[int, frozenset[int]] = {0: frozenset(), 1: frozenset()}

    def __len__(self) -> int:
        """Return how many nodes are stored."""
        return len(self._variable)

    # --- building ---

    def node(self, variable: int, low: Function, high: Function) -> Function:
        """Return "if `variable` then `high` else `low`", whose variables all come after it."""
        if low == high:
            return low
        key = (variable, low, high)
        found = self._unique.get(key)
        if found is None:
            found = self._unique[key] = len(self._variable)
            self._variable.append(variable)
            self._low.append(low)
            self._high.append(high)
            if not found & 0x3FFF:
                self.watch()
        return found

    def literal(self, variable: int, value: bool = True) -> Function:
        """Return "the variable has this value"."""
        return self.node(variable, 0, 1) if value else self.node(variable, 1, 0)

    def ite(self, f: Function, g: Function, h: Function, room: int = ROOM) -> Function:
        """Return "if f then g else h"; `room` is how deep it may recurse."""
        if f == 1 or g == h:
            return g
        if f == 0:
            return h
        if g == 1 and h == 0:
            return f
        key = (f, g, h)
        found = self._ite.get(key)
        if found is not None:
            return found
        if not room:
            return self._deep_ite(key)
        variable, low, high = self._variable, self._low, self._high
        top = min(variable[f], variable[g], variable[h])
        f0, f1 = (low[f], high[f]) if variable[f] == top else (f, f)
        g0, g1 = (low[g], high[g]) if variable[g] == top else (g, g)
        h0, h1 = (low[h], high[h]) if variable[h] == top else (h, h)
        room -= 1
        found = self.node(top, self.ite(f0, g0, h0, room), self.ite(f1, g1, h1, room))
        self._ite[key] = found
        return found

    def _deep_ite(self, key: tuple[int, int, int]) -> Function:
        """Return `ite` of what is too deep for recursion: children first, then what needs them."""
        stack = [key]
        while stack:
            asked = stack[-1]
            top = min(self._variable[f] for f in asked)
            pending, parts = [], []
            for branch in (self._low, self._high):
                f, g, h = (branch[x] if self._variable[x] == top else x for x in asked)
                if f == 1 or g == h:
                    parts.append(g)
                elif f == 0:
                    parts.append(h)
                elif g == 1 and h == 0:
                    parts.append(f)
                elif (known := self._ite.get((f, g, h))) is not None:
                    parts.append(known)
                else:
                    pending.append((f, g, h))
            if pending:
                stack.extend(pending)
            else:
                self._ite[asked] = self.node(top, *parts)
                stack.pop()
        return self._ite[key]

    def _below(self, f: Function, walk: Callable[[Function, int], _T]) -> _T:
        """Return what a walk with a memory gives for f, its nodes taken children first."""
        for g in self.nodes(f):
            walk(g, 1)  # the children are known, so this goes no deeper
        return walk(f, 0)

    def negation(self, f: Function) -> Function:
        """Return "not f"."""
        return self.ite(f, 0, 1)

    def both(self, f: Function, g: Function) -> Function:
        """Return "f and g"."""
        return self.ite(f, g, 0)

    def either(self, f: Function, g: Function) -> Function:
        """Return "f or g"."""
        return self.ite(f, 1, g)

    def conjunction(self, functions: Iterable[Function]) -> Function:
        """Return "all of these"."""
        return self._balanced(functions, 1)

    def disjunction(self, functions: Iterable[Function]) -> Function:
        """Return "any of these"."""
        return self._balanced(functions, 0)

    def _balanced(self, functions: Iterable[Function], neutral: int) -> Function:
        """Join in pairs, so that intermediate results stay small."""
        join = self.both if neutral else self.either
        level = list(functions)
        while len(level) > 1:
            paired = [join(a, b) for a, b in zip(level[::2], level[1::2], strict=False)]
            if len(level) % 2:
                paired.append(level[-1])
            level = paired
        return level[0] if level else neutral

    def cube(self, literals: Mapping[int, bool] | Cube) -> Function:
        """Return "all of these variables have these values"."""
        items = literals.items() if isinstance(literals, Mapping) else literals
        result = 1
        for variable, value in sorted(items, reverse=True):
            result = self.node(variable, 0, result) if value else self.node(variable, result, 0)
        return result

    def ladder(self, group: Sequence[int]) -> Function:
        """Return "no variable of the group holds without those before it"."""
        return self.conjunction(
            self.either(self.literal(low), self.literal(high, False))
            for low, high in pairwise(group)
        )

    def read(self, expr: Expr, number: Mapping[tuple[str, int], int]) -> Function:
        """Return the function of an expression.

        Parameters
        ----------
        expr
            The expression.
        number
            ``(name, level)`` of each threshold -> number of its variable.

        Raises
        ------
        EngineError
            If the expression has more than `MAX_SUPPORT` variables and is more than literals that
            are joined by AND, or by OR.
        """
        used = sorted({number[v.name, v.level] for v in variables(expr)})
        if len(used) > MAX_SUPPORT and not _joins_literals(expr):
            raise EngineError(
                f"a condition on {len(used)} components is too large to analyse exactly"
            )
        if len(used) <= TABLE_VARIABLES:
            columns, full = truth_columns(len(used))
            place = dict(zip(used, columns, strict=True))

            def visit(node: Expr, values: list[int]) -> int:
                match node:
                    case Const(value):
                        return full if value else 0
                    case Var(name, level):
                        return place[number[name, level]]
                    case Not():
                        return full ^ values[0]
                    case And():
                        return reduce(and_, values, full)
                    case _:
                        return reduce(or_, values, 0)

            return self.from_table(fold(expr, visit), used)

        def join(node: Expr, values: list[int]) -> int:
            match node:
                case Const(value):
                    return int(value)
                case Var(name, level):
                    return self.literal(number[name, level])
                case Not():
                    return self.negation(values[0])
                case And():
                    return self.conjunction(values)
                case _:
                    return self.disjunction(values)

        return fold(expr, join)

    def from_table(self, table: int, order: Sequence[int]) -> Function:
        """Return the function with this truth table.

        Bit ``s`` of `table` is the value in state ``s``, where ``s`` read as a binary number gives
        the values of `order` (ascending), the first variable first.
        """
        memo: dict[tuple[int, int], int] = {}
        count = len(order)

        def build(bits: int, depth: int) -> int:
            size = 1 << (count - depth)
            if bits == 0:
                return 0
            if bits == (1 << size) - 1:
                return 1
            found = memo.get((bits, depth))
            if found is None:
                half = size >> 1
                low = build(bits & ((1 << half) - 1), depth + 1)
                high = build(bits >> half, depth + 1)
                found = memo[bits, depth] = self.node(order[depth], low, high)
            return found

        f = build(table, 0)
        if count <= FEW_VARIABLES:
            self._tables[f] = table, order, (1 << (1 << count)) - 1
        return f

    # --- asking ---

    def variable(self, f: Function) -> int:
        """Return the first variable a function asks."""
        return self._variable[f]

    def branches(self, f: Function) -> tuple[Function, Function]:
        """Return what is left when the first variable is 0, and when it is 1."""
        return self._low[f], self._high[f]

    def support(self, f: Function) -> frozenset[int]:
        """Return the variables that the function depends on."""
        known = self._support
        found = known.get(f)
        if found is None:
            variable, low, high = self._variable, self._low, self._high
            below, seen, stack = {variable[f]}, {f}, [low[f], high[f]]
            while stack:
                g = stack.pop()
                if g in seen:
                    continue
                seen.add(g)
                if g in known:
                    below |= known[g]
                else:
                    below.add(variable[g])
                    stack += low[g], high[g]
            found = known[f] = frozenset(below)
        return found

    def meet(self, f: Function, g: Function) -> bool:
        """Return whether f and g are true together somewhere, without building "f and g"."""
        variable, low, high = self._variable, self._low, self._high
        seen: set[tuple[int, int]] = set()
        stack = [(f, g)]
        while stack:
            pair = stack.pop()
            a, b = pair
            if a == 0 or b == 0 or pair in seen:
                continue
            if a == 1 or b == 1 or a == b:
                return True
            seen.add(pair)
            if not len(seen) & 0xFFFF:
                self.watch()
            va, vb = variable[a], variable[b]
            if va == vb:
                stack.append((low[a], low[b]))
                stack.append((high[a], high[b]))
            elif va < vb:
                stack.append((low[a], b))
                stack.append((high[a], b))
            else:
                stack.append((a, low[b]))
                stack.append((a, high[b]))
        return False

    def restrict(self, f: Function, values: Mapping[int, bool]) -> Function:
        """Return the function with some variables set."""
        if values.keys().isdisjoint(self.support(f)):  # the many values are not gone through
            return f
        memo: dict[int, int] = {}

        def walk(g: int, room: int) -> int:
            if g < 2:
                return g
            found = memo.get(g)
            if found is None:
                if not room:
                    return self._below(g, walk)
                room -= 1
                value = values.get(self._variable[g])
                if value is None:
                    low, high = walk(self._low[g], room), walk(self._high[g], room)
                    found = self.node(self._variable[g], low, high)
                else:
                    found = walk(self._high[g] if value else self._low[g], room)
                memo[g] = found
            return found

        return walk(f, ROOM)

    def compose(self, f: Function, change: Mapping[int, Function]) -> Function:
        """Return the function with some variables replaced by functions."""
        if change.keys().isdisjoint(self.support(f)):
            return f
        memo: dict[int, int] = {0: 0, 1: 1}

        def walk(g: int, room: int) -> int:
            found = memo.get(g)
            if found is None:
                if not room:
                    return self._below(g, walk)
                room -= 1
                variable = self._variable[g]
                test = change.get(variable)
                if test is None:
                    test = self.literal(variable)
                high, low = walk(self._high[g], room), walk(self._low[g], room)
                found = memo[g] = self.ite(test, high, low)
            return found

        return walk(f, ROOM)

    def exists(self, f: Function, hidden: frozenset[int]) -> Function:
        """Return "some values of the hidden variables make f true"."""
        memo: dict[int, int] = {0: 0, 1: 1}

        def walk(g: int, room: int) -> int:
            found = memo.get(g)
            if found is None:
                if not room:
                    return self._below(g, walk)
                low, high = walk(self._low[g], room - 1), walk(self._high[g], room - 1)
                variable = self._variable[g]
                found = (
                    self.either(low, high) if variable in hidden else self.node(variable, low, high)
                )
                memo[g] = found
            return found

        return f if hidden.isdisjoint(self.support(f)) else walk(f, ROOM)

    def count(self, f: Function, order: Sequence[int]) -> int:
        """Return in how many states of the variables `order` (ascending) the function holds."""
        place = {variable: i for i, variable in enumerate(order)}
        place[_LAST] = len(order)
        memo: dict[int, int] = {0: 0, 1: 1}

        def walk(g: int, room: int) -> int:  # states of the variables from g's own on
            found = memo.get(g)
            if found is None:
                if not room:
                    return self._below(g, walk)
                here = place[self._variable[g]]
                found = 0
                for child in (self._low[g], self._high[g]):
                    found += walk(child, room - 1) << (place[self._variable[child]] - here - 1)
                memo[g] = found
            return found

        return walk(f, ROOM) << place[self._variable[f]]

    def choose(
        self, f: Function, value: bool, fixed: Mapping[int, bool], ladder: Mapping[int, int]
    ) -> dict[int, bool] | None:
        """Return values with which a function is `value` in a box, or None if it never is there.

        One walk over the function, whatever the box; what it builds is the answer alone.

        Parameters
        ----------
        f, value
            The function, and what it has to be.
        fixed
            Variables that have one value in the box; the others have both.
        ladder
            Variable -> number of its component, where that has several levels: a level is never
            held without those below it, whose variables come first.

        Returns
        -------
        dict
            Values of variables that are not fixed; those left out do not matter.
        """
        variable, low, high = self._variable, self._low, self._high
        came: dict[int, tuple[int, int, bool]] = {f: (-1, -1, False)}
        stack = [f]
        while stack:
            g = stack.pop()
            if g < 2:
                if g != value:
                    continue
                chosen: dict[int, bool] = {}
                while g != f:
                    g, v, side = came[g]
                    if v not in fixed:
                        chosen[v] = side
                return chosen
            v = variable[g]
            known = fixed.get(v)
            if known is not True:
                below = low[g]
                group = ladder.get(v, -1)
                while group >= 0 and below > 1 and ladder.get(variable[below], -2) == group:
                    below = low[below]
                if below not in came:
                    came[below] = (g, v, False)
                    stack.append(below)
            if known is not False and high[g] not in came:
                came[high[g]] = (g, v, True)
                stack.append(high[g])
        return None

    def first(self, f: Function) -> dict[int, bool]:
        """Return values that make the function true; variables left out do not matter.

        The smallest such state in the order of the variables, so the same function always gives
        the same answer.
        """
        values: dict[int, bool] = {}
        while f > 1:
            value = self._low[f] == 0
            values[self._variable[f]] = value
            f = self._high[f] if value else self._low[f]
        return values

    def nodes(self, f: Function) -> Sequence[Function]:
        """Return the inner nodes of a function, children before parents."""
        found = self._nodes.get(f)
        if found is not None:
            return found
        seen = {0, 1}
        out: list[int] = []
        stack = [f]
        while stack:
            g = stack[-1]
            if g in seen:
                stack.pop()
                continue
            pending = [c for c in (self._low[g], self._high[g]) if c not in seen]
            if pending:
                stack.extend(pending)
            else:
                stack.pop()
                seen.add(g)
                out.append(g)
        if len(out) <= KEPT_NODES:
            self._nodes[f] = out
        return out

    def evaluate(self, f: Function, columns: Mapping[int, int], full: int) -> int:
        """Return the function's value in many states at once.

        Bit ``s`` of ``columns[v]`` is the value of variable ``v`` in state ``s``; `full` has a 1
        for every state.
        """
        values = {0: 0, 1: full}
        variables, lows, highs = self._variable, self._low, self._high
        for g in self.nodes(f):
            column, low, high = columns[variables[g]], lows[g], highs[g]
            if low == 0:
                values[g] = column & values[high]
            elif high == 0:
                values[g] = (full ^ column) & values[low]
            elif low == 1:
                values[g] = (full ^ column) | values[high]
            elif high == 1:
                values[g] = column | values[low]
            else:
                values[g] = (column & values[high]) | ((full ^ column) & values[low])
        return values[f]

    def cubes(self, f: Function, upper: Function | None = None) -> list[Cube]:
        """Return an irredundant sum of products that covers f and stays within `upper`.

        Minato-Morreale (Minato 1992, doi 10.1007/978-1-4613-1381-5); `upper` lets the caller
        ignore states that cannot occur. Without it, the answer is cached. From `ROOM` variables
        on the products are disjoint ones, which may be longer than they need to be.
        """
        if upper is None and f in self._cubes:
            return self._cubes[f]
        if upper is None and len(self.support(f)) <= FEW_VARIABLES:
            table, order, _ = self._table(f)
            found = self._cubes[f] = table_cubes(table, order)
            return found
        memo: dict[tuple[int, int], tuple[int, tuple[Cube, ...]]] = {}

        def cover(lower: int, upper: int, room: int) -> tuple[int, tuple[Cube, ...]]:
            if lower == 0:
                return 0, ()
            if upper == 1:
                return 1, ((),)
            key = (lower, upper)
            found = memo.get(key)
            if found is not None:
                return found
            if not room:
                return lower, tuple(self.paths(lower))
            room -= 1
            v = min(self._variable[lower], self._variable[upper])
            l0, l1 = self._split(lower, v)
            u0, u1 = self._split(upper, v)
            f0, c0 = cover(self.both(l0, self.negation(u1)), u0, room)
            f1, c1 = cover(self.both(l1, self.negation(u0)), u1, room)
            rest0 = self.both(l0, self.negation(f0))
            rest1 = self.both(l1, self.negation(f1))
            fd, cd = cover(self.either(rest0, rest1), self.both(u0, u1), room)
            covered = self.either(self.node(v, f0, f1), fd)
            cubes = (
                *(((v, False), *c) for c in c0),
                *(((v, True), *c) for c in c1),
                *cd,
            )
            memo[key] = covered, cubes
            return memo[key]

        found = list(cover(f, f if upper is None else upper, ROOM)[1])
        if upper is None:
            self._cubes[f] = found
        return found

    def cubes_of_both(self, f: Function) -> tuple[list[Cube], list[Cube]]:
        """Return `cubes` of f, and of "not f"."""
        if len(self.support(f)) > FEW_VARIABLES:
            return self.cubes(f), self.cubes(self.negation(f))
        known = self._cubes_of_both.get(f)
        if known is None:
            table, order, full = self._table(f)
            known = table_cubes(table, order), table_cubes(full ^ table, order)
            self._cubes_of_both[f] = known
        return known

    def _table(self, f: Function) -> tuple[int, Sequence[int], int]:
        """Return the truth table of a function, of which variables, and that of "always"."""
        if f in self._tables:
            return self._tables[f]
        order = sorted(self.support(f))
        columns, full = truth_columns(len(order))
        return self.evaluate(f, dict(zip(order, columns, strict=True)), full), order, full

    def signs(self, f: Function) -> Mapping[int, int]:
        """Return for each variable 1 if it can only raise f, -1 if only lower it, 0 if both."""
        found = self._signs.get(f)
        if found is None:
            found = self._signs[f] = {}
            for u in sorted(self.support(f)):
                low, high = self.restrict(f, {u: False}), self.restrict(f, {u: True})
                raises, lowers = self.ite(low, 0, high), self.ite(high, 0, low)
                found[u] = (raises != 0) - (lowers != 0)
        return found

    def _split(self, f: Function, variable: int) -> tuple[Function, Function]:
        return (self._low[f], self._high[f]) if self._variable[f] == variable else (f, f)

    def states(self, f: Function, order: Sequence[int]) -> Iterator[dict[int, int]]:
        """Yield the states of the variables `order` in which the function holds, as 0 and 1."""
        for cube in self.paths(f):
            fixed = {v: int(value) for v, value in cube}
            free = [v for v in order if v not in fixed]
            for number in range(1 << len(free)):
                yield {**fixed, **{v: number >> i & 1 for i, v in enumerate(free)}}

    def ways(self, f: Function) -> int:
        """Return how many `paths` a function has."""
        ways = {0: 0, 1: 1}
        for g in self.nodes(f):
            ways[g] = ways[self._low[g]] + ways[self._high[g]]
        return ways[f]

    def paths(self, f: Function) -> Iterator[Cube]:
        """Yield disjoint cubes that together are the function."""
        way: list[tuple[int, bool]] = []
        stack: list[tuple[int, int, Cube]] = [(f, 0, ())]
        while stack:
            g, length, step = stack.pop()
            way[length:] = step
            if g == 1:
                yield tuple(way)
            elif g:
                v = self._variable[g]
                stack.append((self._high[g], len(way), ((v, True),)))
                stack.append((self._low[g], len(way), ((v, False),)))


def _joins_literals(expr: Expr) -> bool:
    return all(
        isinstance(arg, Var) or (isinstance(arg, Not) and isinstance(arg.arg, Var))
        for arg in (expr.arg if isinstance(expr, Not) else expr).args
    )


def _nothing() -> None:
    """Do nothing."""


def table_cubes(table: int, order: Sequence[int]) -> list[Cube]:
    """Return the products of `Diagram.cubes` for a truth table, as `Diagram.from_table` reads it.

    The same recursion as there; on few variables a table is worked on many times faster.
    """
    full = [(1 << (1 << k)) - 1 for k in range(len(order) + 1)]
    nothing: tuple[int, list[Cube]] = 0, []

    def cover(lower: int, upper: int, k: int) -> tuple[int, list[Cube]]:  # of the last k variables
        if upper == full[k]:
            return upper, [()]
        v, k = order[-k], k - 1
        half, mask = 1 << k, full[k]
        l0, l1 = lower & mask, lower >> half
        u0, u1 = upper & mask, upper >> half
        only0, only1 = l0 & ~u1, l1 & ~u0
        f0, c0 = cover(only0, u0, k) if only0 else nothing
        f1, c1 = cover(only1, u1, k) if only1 else nothing
        rest = l0 & ~f0 | l1 & ~f1
        fd, cd = cover(rest, u0 & u1, k) if rest else nothing
        cubes = [((v, False), *c) for c in c0]
        cubes += [((v, True), *c) for c in c1]
        return (f0 | fd) | (f1 | fd) << half, cubes + cd

    return cover(table, table, len(order))[1] if table else []


def truth_columns(count: int) -> tuple[list[int], int]:
    """Return, for `count` variables, the truth table of each and the table of "always".

    A table is a number whose bit ``s`` is the value in state ``s``; ``s`` read as a binary number
    gives the values of the variables, the first variable first.
    """
    states = 1 << count
    full = (1 << states) - 1
    columns = []
    for i in reversed(range(count)):
        block = 1 << i
        pattern, width = ((1 << block) - 1) << block, 2 * block
        while width < states:
            pattern |= pattern << width
            width *= 2
        columns.append(pattern)
    return columns, full
