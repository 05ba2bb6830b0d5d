"""Tables over levels become rules."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from regnet.exchange.leveltable import LevelTable

TOPS = st.lists(st.integers(1, 3), min_size=1, max_size=3)


@given(st.data(), TOPS, st.integers(1, 3))
def test_that_a_rule_has_the_targets_of_its_table(
    data: st.DataObject, tops: list[int], top: int
) -> None:
    inputs = [(f"x{n}", t) for n, t in enumerate(tops)]
    states = list(product(*(range(t + 1) for t in tops)))
    targets = data.draw(st.lists(st.integers(0, top), min_size=len(states), max_size=len(states)))
    table = LevelTable(inputs)
    assert table.size == len(states)
    levels = range(1, top + 1)
    whole = table.rule([table.everywhere([t >= k for t in targets]) for k in levels])
    rows = table.rule(
        [table.rows([s for s, t in zip(states, targets, strict=True) if t >= k]) for k in levels]
    )
    for state, target in zip(states, targets, strict=True):
        named = {name: level for (name, _), level in zip(inputs, state, strict=True)}
        assert whole.target(named) == rows.target(named) == target


def test_that_a_row_with_any_level_covers_all_of_them() -> None:
    table = LevelTable([("x", 2), ("y", 1)])
    rule = table.rule([table.rows([(None, 1)])])
    assert str(rule.reaches(1)) == "y"
