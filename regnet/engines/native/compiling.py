"""Compiling: how functions of this engine become machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numba.core.options import DefaultOptions

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Return the function compiled when it is first called, kept on disk where that is allowed."""
    return _compiled(function, {})


def inner(function: F) -> F:
    """Return the same for a function that only compiled ones call and that makes no array.

    It holds no references to its arrays, as its caller does: counting them would cost several times
    as much as the work of a short function. The option for that is one of numba's own; without it,
    all is the same but slower.
    """
    return _compiled(function, {"_nrt": False} if hasattr(DefaultOptions, "_nrt") else {})


def _compiled(function: F, options: dict[str, bool]) -> F:
    try:
        return numba.njit(cache=True, **options)(function)  # type: ignore[no-any-return]
    except RuntimeError:  # no folder to keep it in
        return numba.njit(**options)(function)  # type: ignore[no-any-return]
