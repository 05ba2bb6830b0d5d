"""JSON: faults have a place, and what would hurt is refused."""

from __future__ import annotations

import time

import pytest

from regnet.errors import ParseError
from regnet.exchange.jsontext import read_json

REFUSALS = {
    "cut off": ('{"a":\n [1,', 2, 5, "no JSON"),
    "too deep": ("[" * 500 + "]" * 500, 1, 201, "nests too deep"),
    "a key twice": ('{"a": 1,\n "a": 2}', 2, 2, "the key 'a' stands twice"),
    "no number": ('{"a": NaN}', 1, 7, "NaN is no JSON number"),
    "a huge number": ("[" + "9" * 10_000 + "]", None, None, "a number is too long"),
    "nothing": ("", 1, 1, "no JSON"),
}


@pytest.mark.parametrize(("text", "line", "column", "words"), REFUSALS.values(), ids=REFUSALS)
def test_that_a_fault_is_told_with_its_place(
    text: str, line: int | None, column: int | None, words: str
) -> None:
    with pytest.raises(ParseError) as caught:
        read_json(text, "m.json")
    assert words in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


def test_that_brackets_in_strings_do_not_nest() -> None:
    assert read_json('\ufeff["' + "[" * 500 + r'\"]"]', "") == ["[" * 500 + '"]']


def test_that_a_string_that_never_ends_is_refused_quickly() -> None:
    before = time.process_time()
    with pytest.raises(ParseError):
        read_json('"' + '\\"' * 200_000, "")
    assert time.process_time() - before < 1
