"""Query templates: temporal questions in plain words. Independent of Qt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Template:
    """A question with one or two gaps for conditions.

    Parameters
    ----------
    words
        The question, with gaps ``{a}`` and ``{b}``.
    formula
        The corresponding temporal formula.
    """

    words: str
    formula: str

    @property
    def gaps(self) -> int:
        """Number of conditions it takes."""
        return 2 if "{b}" in self.words else 1

    @property
    def title(self) -> str:
        """The question with dots in its gaps."""
        return self.words.format(a="…", b="…")

    def fill(self, a: str, b: str = "") -> str:
        """Return the formula for these conditions."""
        return self.formula.format(a=_guarded(a), b=_guarded(b))


TEMPLATES = (
    Template("Can {a} be reached?", "EF {a}"),
    Template("Is {a} sure to be reached?", "AF {a}"),
    Template("Does {a} always hold?", "AG {a}"),
    Template("Can {a} hold for ever?", "EG {a}"),
    Template("Does every run end in {a} permanently?", "AG EF AG {a}"),
    Template("Can a run end in {a} permanently?", "EF AG {a}"),
    Template("Can {a} always be reached again, whatever happens?", "AG EF {a}"),
    Template("Can {a} hold until {b}?", "E[{a} U {b}]"),
    Template("Does {a} always hold until {b}?", "A[{a} U {b}]"),
    Template("After {a}, can {b} always be reached?", "AG ({a} -> EF {b})"),
    Template("After {a}, is {b} sure to follow?", "AG ({a} -> AF {b})"),
    Template("Must {a} come before {b}?", "!E[!{a} U ({b} & !{a})]"),
)
"""The available questions, the most common first."""


def _guarded(condition: str) -> str:
    """Return a condition, in parentheses where operator precedence requires them.

    >>> _guarded("Mass:2"), _guarded("A & B"), _guarded('"partial recovery"')
    ('Mass:2', '(A & B)', '"partial recovery"')
    """
    text = condition.strip()
    quoted = len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1]
    return text if quoted or text.replace(":", "").replace("_", "").isalnum() else f"({text})"
