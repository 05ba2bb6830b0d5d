"""Brief: values in one short line, as a Python prompt and a notebook show them.

What is cut ends in "…": these lines are for people, and no digest or script is made of them.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from reprlib import Repr
from typing import Any

LONGEST = 280
"""Characters up to which a value is shown as the Python that makes it again."""

_PARTS = Repr()
_PARTS.maxother = _PARTS.maxstring = LONGEST // 3
_PARTS.maxlevel = 3


def brief(value: Any) -> str:
    """Return a dataclass as the call that makes it, without defaults, cut where it is long.

    A class has it by the line ``__repr__ = brief``.
    """
    told = [(f.name, getattr(value, f.name)) for f in fields(value) if not _is_default(value, f)]
    whole = ", ".join(f"{name}={part!r}" for name, part in told)
    if len(whole) > LONGEST - len(type(value).__name__):
        whole = ", ".join(f"{name}={_PARTS.repr(part)}" for name, part in told)
    return f"{type(value).__name__}({shortened(whole)})"


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return a text, cut where it is long."""
    return f"{text[: longest - 20]}…" if len(text) > longest else text


def _is_default(value: Any, field: Field[Any]) -> bool:
    held = getattr(value, field.name)
    if field.default_factory is not MISSING:
        return bool(held == field.default_factory())
    return type(held) is type(field.default) and bool(held == field.default)
