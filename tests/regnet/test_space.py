"""Spaces: ranges of levels that intersect, contain and print."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regnet.errors import NetworkError
from regnet.space import FREE, PackedSpace, Space

ranges = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda r: (min(r), max(r)))
spaces = st.dictionaries(st.sampled_from("ABC"), ranges).map(Space)


def states(space: Space) -> set[tuple[int, int, int]]:
    """Return all states on A, B, C with levels 0 to 3 that are in the space."""
    levels = [range(space.get(n, (0, 3))[0], space.get(n, (0, 3))[1] + 1) for n in "ABC"]
    return {(a, b, c) for a in levels[0] for b in levels[1] for c in levels[2]}


@given(spaces, spaces)
def test_that_the_intersection_holds_the_states_of_both(a: Space, b: Space) -> None:
    both = a & b
    assert (states(both) if both is not None else set()) == states(a) & states(b)


@given(spaces, spaces)
def test_that_containing_means_holding_every_state(a: Space, b: Space) -> None:
    full = dict.fromkeys("ABC", (0, 3))
    assert a.contains(b.with_({n: r for n, r in full.items() if n not in b})) == (
        states(b) <= states(a)
    )


@given(spaces)
def test_that_spaces_are_values(a: Space) -> None:
    twin = Space(dict(reversed(list(a.items()))))
    assert twin == a
    assert hash(twin) == hash(a)
    assert pickle.loads(pickle.dumps(a)) == a
    assert a.without(*a) == Space()
    assert a.renamed("A", "Z").renamed("Z", "A") == a


def test_that_levels_and_ranges_read_as_people_write_them() -> None:
    space = Space({"LIF": 2, "Mass": (0, 1)})
    assert str(space) == "LIF=2 Mass=0..1"
    assert space.fixed == {"LIF": 2}
    assert space.levels() == {"LIF": 2, "Mass": (0, 1)}


@pytest.mark.parametrize("levels", [(2, 1), (-1, 0), -1])
def test_that_an_empty_range_is_refused(levels: int | tuple[int, int]) -> None:
    with pytest.raises(NetworkError, match="is not a range of levels"):
        Space({"X": levels})


@pytest.mark.parametrize("space", [Space(), Space({"LIF": 2, "Mass": (0, 1)})])
def test_that_a_space_from_another_process_is_found_in_a_table(space: Space) -> None:
    hash(space)
    script = "import pickle, sys; s = pickle.load(sys.stdin.buffer); print(s in {type(s)(s): 0})"
    ran = subprocess.run(
        [sys.executable, "-c", script], input=pickle.dumps(space), capture_output=True, check=True
    )
    assert ran.stdout.strip() == b"True"


def test_that_a_packed_space_is_a_space_like_any_other() -> None:
    packed = PackedSpace(("A", "B", "C"), bytes((1, FREE, 0)))
    assert packed == Space({"A": 1, "C": 0})
    assert hash(packed) == hash(Space({"C": 0, "A": 1}))
    assert pickle.loads(pickle.dumps(packed)) == packed
    assert packed & Space({"B": 1}) == Space({"A": 1, "B": 1, "C": 0})
    assert not hasattr(packed, "levels_of_nobody")
