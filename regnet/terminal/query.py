"""Answers to queries in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.analysis.query import Answer
from regnet.analysis.query.answer_text import answer_word, answer_words, path_words
from regnet.terminal.layout import footer, heading, print_matrix, written

if TYPE_CHECKING:
    from rich.console import Console


def show_answer(out: Console, found: Answer) -> None:
    """Print the answer to a query: whether it holds, how that is known, and a run that shows it."""
    from rich.padding import Padding

    heading(out, found.origin, f"{found.formula} {answer_word(found)}")
    for sentence in answer_words(found):
        out.print(Padding(sentence, (0, 0, 0, 1)))
    out.print()
    if found.path:
        out.print(Padding(path_words(found), (0, 0, 0, 1)))
        out.print()
        columns = [{n: written(r) for n, r in state.items()} for state in found.path]
        print_matrix(out, found.origin, "S", columns)
    footer(out, found.origin, missing=found.missing)
