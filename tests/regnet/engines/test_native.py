"""The compiled search against a walk over every state."""

from __future__ import annotations

import random
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regnet.boolean import Encoding, encode
from regnet.deadline import Deadline, OutOfTime
from regnet.engines import native
from regnet.engines.native.clauses import Ints, Packed
from regnet.engines.native.multishot import MultiShot
from regnet.feedback import feedback_vertex_set
from regnet.formats import load
from regnet.logic import parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.scenario import Perturbation
from regnet.space import Space
from tests.brute import Box, Brute
from tests.strategies import boolean_networks, networks, random_boolean

Singles = list[tuple[str, int]]


class Compiled:
    """A network ready for the compiled search, with every level of every component to hold."""

    def __init__(self, network: LogicalNetwork) -> None:
        self.network = network
        self.encoding: Encoding = encode(network, settled=False)
        self.order = self.encoding.network.order
        self.clauses = native.clauses_of(
            self.encoding.network, feedback_vertex_set(self.encoding.network)
        )
        self.singles: Singles = [
            (name, level) for name, top in network.tops.items() for level in range(top + 1)
        ]
        self.clamps = native.Clamps.of(
            [list(self.values({name: level}).items()) for name, level in self.singles]
        )

    def values(self, levels: dict[str, int]) -> dict[int, bool]:
        return self.encoding.restriction({n: (x, x) for n, x in levels.items()})

    def mutants(self, size: int) -> Ints:
        rows = [
            chosen
            for chosen in combinations(range(len(self.singles)), size)
            if len({self.singles[i][0] for i in chosen}) == size
        ]
        return np.array(rows, np.int32).reshape(-1, size)

    def brute(self, mutant: Ints) -> Brute:
        levels = dict(self.singles[i] for i in mutant.tolist() if i >= 0)
        return Brute(self.network, Perturbation(Space(levels)))

    def boxes(self, found: Packed, mutant: int) -> set[Box]:
        boxes = []
        for row in range(found.starts[mutant], found.starts[mutant + 1]):
            space = self.encoding.space(
                Packed.fixed_in(found.rows[row], len(self.order)), complete=True
            )
            boxes.append(tuple(space[name] for name in self.encoding.names))
        assert len(set(boxes)) == len(boxes)
        return set(boxes)


def check(network: LogicalNetwork) -> None:
    compiled = Compiled(network)
    for size in (1, 2):
        mutants = compiled.mutants(size)
        found = native.minimal_trap_spaces(compiled.clauses, compiled.clamps, mutants)
        assert not found.stopped.any()
        for m, mutant in enumerate(mutants):
            expected = compiled.brute(mutant).minimal_trap_spaces()
            assert compiled.boxes(found, m) == expected, (network, mutant)


@settings(max_examples=15)
@given(st.one_of(boolean_networks(5), networks(3, 2), networks(2, 3)))
def test_that_minimal_trap_spaces_of_all_singles_and_pairs_are_those_of_every_state(network):
    check(network)


@pytest.mark.slow
def test_that_28000_random_mutants_have_the_trap_spaces_of_every_state():
    assert check_random_mutants(28_000) >= 28_000


def test_that_some_hundred_random_mutants_have_the_trap_spaces_of_every_state():
    assert check_random_mutants(500) >= 500


class Boxes:
    """Every box of a few Boolean components at once; finds trap spaces by looking at all states."""

    def __init__(self, size: int) -> None:
        self.boxes: list[Box] = list(product(((0, 0), (1, 1), (0, 1)), repeat=size))
        self.states = list(product((0, 1), repeat=size))
        lows, highs = (np.array([[r[i] for r in box] for box in self.boxes]) for i in (0, 1))
        states = np.array(self.states)
        self.within = ((lows[:, None] <= states) & (states <= highs[:, None])).all(axis=2)
        self.free = (lows < highs) @ (1 << np.arange(size))
        inside = ((lows[:, None] >= lows) & (highs[:, None] <= highs)).all(axis=2)
        self.smaller = inside & ~np.eye(len(self.boxes), dtype=bool)

    def minimal_trap_spaces(self, targets: np.ndarray) -> set[Box]:
        """Return them for a network given as the targets of all components in all states."""
        moves = (targets != np.array(self.states)) @ (1 << np.arange(targets.shape[1]))
        leaves = np.bitwise_or.reduce(np.where(self.within, moves, 0), axis=1) & ~self.free
        trap = leaves == 0
        return {self.boxes[b] for b in np.flatnonzero(trap & ~self.smaller[trap].any(axis=0))}


def check_random_mutants(least: int) -> int:
    chance = random.Random(8)
    boxes = Boxes(6)
    count = 0
    while count < least:
        network = random_boolean(chance, 6)
        compiled = Compiled(network)
        table = np.array(list(Brute(network).targets.values()))
        for size in (1, 2):
            mutants = compiled.mutants(size)
            found = native.minimal_trap_spaces(compiled.clauses, compiled.clamps, mutants)
            for m, mutant in enumerate(mutants.tolist()):
                targets = table.copy()
                for i in mutant:
                    name, level = compiled.singles[i]
                    targets[:, network.names.index(name)] = level
                assert compiled.boxes(found, m) == boxes.minimal_trap_spaces(targets)
                count += 1
    return count


@given(st.one_of(boolean_networks(4), networks(3, 2)))
def test_that_what_parents_carry_over_changes_no_answer(network):
    compiled = Compiled(network)
    singles, pairs = compiled.mutants(1), compiled.mutants(2)
    known = native.minimal_trap_spaces(compiled.clauses, compiled.clamps, singles)
    parents = np.ascontiguousarray(pairs[:, ::-1])  # a pair without one is the other
    parents[::3, 0] = -1
    carried = native.minimal_trap_spaces(
        compiled.clauses, compiled.clamps, pairs, parents=parents, known=known
    )
    alone = native.minimal_trap_spaces(compiled.clauses, compiled.clamps, pairs)
    for m in range(len(pairs)):
        assert compiled.boxes(carried, m) == compiled.boxes(alone, m)


@given(st.one_of(boolean_networks(4), networks(3, 2)))
def test_that_clingo_gives_the_same_where_the_search_is_given_up(network):
    compiled = Compiled(network)
    program = MultiShot(compiled.clauses)
    mutants = compiled.mutants(1)
    found = native.minimal_trap_spaces(compiled.clauses, compiled.clamps, mutants)
    for m, (single,) in enumerate(mutants.tolist()):
        atoms = compiled.clamps.atoms[slice(*compiled.clamps.starts[single : single + 2])].tolist()
        rows = program.minimal_trap_spaces(atoms, limit=100, deadline=Deadline())
        assert rows is not None
        own = found.rows[found.starts[m] : found.starts[m + 1]]
        assert sorted(rows.tolist()) == sorted(own.tolist())


def test_that_a_search_that_takes_too_long_is_given_up_and_marked():
    network = LogicalNetwork(
        tuple(Component(n, Rule(((parse(n), 1),))) for n in "ABCDEFGH")  # 256 fixed points
    )
    compiled = Compiled(network)
    mutants = compiled.mutants(1)
    few = native.minimal_trap_spaces(compiled.clauses, compiled.clamps, mutants, max_spaces=100)
    assert few.stopped.all()
    assert len(few.rows) == 0
    short = native.minimal_trap_spaces(compiled.clauses, compiled.clamps, mutants, max_nodes=100)
    assert short.stopped.all()
    everything = native.minimal_trap_spaces(compiled.clauses, compiled.clamps, mutants)
    assert np.diff(everything.starts).tolist() == [128] * len(mutants)


def test_that_what_is_not_reached_in_time_is_marked(models: Path):
    compiled = Compiled(load(models / "lif_lifr.toml").network)
    pairs = compiled.mutants(2)
    everything = native.minimal_trap_spaces(compiled.clauses, compiled.clamps, pairs)
    nothing = native.minimal_trap_spaces(
        compiled.clauses, compiled.clamps, pairs, deadline=Deadline(0)
    )
    assert nothing.stopped.all()
    assert nothing.starts.tolist() == [0] * (len(pairs) + 1)
    clock = Clock(3)
    some = native.minimal_trap_spaces(compiled.clauses, compiled.clamps, pairs, deadline=clock)
    reached = np.flatnonzero(~some.stopped)
    assert 0 < len(reached) < len(pairs)
    assert reached.tolist() == list(range(len(reached)))
    assert some.starts[len(reached)] == some.starts[-1] == len(some.rows)
    for m in reached:
        assert compiled.boxes(some, m) == compiled.boxes(everything, m)


class Clock(Deadline):
    """A deadline that passes when it was looked at so many times."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.looks = looks

    def left(self) -> float | None:
        self.looks -= 1
        return float(max(0, self.looks))


def test_that_clingo_stops_at_its_limit_and_its_deadline():
    network = LogicalNetwork(tuple(Component(n, Rule.of(n)) for n in "ABCDEFGH"))
    program = MultiShot(Compiled(network).clauses)
    assert program.minimal_trap_spaces([], limit=255, deadline=Deadline()) is None
    rows = program.minimal_trap_spaces([], limit=256, deadline=Deadline())
    assert rows is not None
    assert len(rows) == 256
    with pytest.raises(OutOfTime):
        program.minimal_trap_spaces([], limit=256, deadline=Deadline(0))


def test_that_classes_number_equal_rows_alike():
    rows = np.array([[1, 2], [3, 0], [1, 2], [1, 3], [3, 0]], np.uint64)
    everything = np.array([3], np.uint64)
    nothing = np.zeros((2, 1), np.uint64)
    keys, kind, first = native.classes(rows, everything, nothing)
    assert kind.tolist() == [0, 1, 0, 2, 1]
    assert first.tolist() == [0, 1, 3]
    assert keys[:, -1].tolist() == [0, 0, 1]  # 1 and 3 share a variable that is both


def test_that_it_works_where_nothing_may_be_kept_on_disk(tmp_path: Path, monkeypatch):
    from numba.core import caching

    from regnet.engines.native.compiling import compiled

    class Nowhere(caching.CacheImpl):  # type: ignore[misc]
        def __init__(self, function: object) -> None:
            raise RuntimeError("cannot cache function: no locator available")

    monkeypatch.setattr(caching, "CompileResultCacheImpl", Nowhere)
    assert compiled(_double)(21) == 42


def _double(number: int) -> int:
    return 2 * number
