"""Brief: one-line representations of values, for Python prompts and notebooks.

Shortened ones end in "…": these lines are for display only, not for digests or scripts.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from reprlib import Repr
from typing import Any

LONGEST = 280
"""Maximum length of a value that is shown as Python code."""

_PARTS = Repr()
_PARTS.maxother = _PARTS.maxstring = LONGEST // 3
_PARTS.maxlevel = 3


def brief(value: Any) -> str:
    """Return the call that creates a dataclass, without defaults, shortened if long.

    A class uses it by the line ``__repr__ = brief``.
    """
    told = [(f.name, getattr(value, f.name)) for f in fields(value) if not _is_default(value, f)]
    whole = ", ".join(f"{name}={part!r}" for name, part in told)
    if len(whole) > LONGEST - len(type(value).__name__):
        whole = ", ".join(f"{name}={_PARTS.repr(part)}" for name, part in told)
    return f"{type(value).__name__}({shortened(whole)})"


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return a text, shortened if long."""
    return f"{text[: longest - 20]}…" if len(text) > longest else text


def _is_default(value: Any, field: Field[Any]) -> bool:
    held = getattr(value, field.name)
    if field.default_factory is not MISSING:
        return bool(held == field.default_factory())
    return type(held) is type(field.default) and bool(held == field.default)
