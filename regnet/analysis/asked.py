"""Asked: the call behind an answer, so that it can be made again.

The public functions are plain functions; `asks` has each answer carry what it was asked. That
is filled in here alone, from the arguments, and nowhere guessed back from the answer.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection, Iterator, KeysView, Mapping, ValuesView
from dataclasses import dataclass, field, replace
from typing import Any, ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")

_LEFT_OUT = frozenset({"network", "project", "map", "progress"})
"""Arguments that are no part of a question: what it is asked of, and how it is carried out."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked.

    Parameters
    ----------
    question
        A key of `regnet.questions.QUESTIONS`.
    options
        Parameter -> value, for every option that was not at its default. The network or project
        is not among them: a question can be asked again of another one.
    """

    question: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the question with its options that are numbers or words.

        >>> print(Asked("attractors", {"limit": 1, "engine": "bdd", "phenotypes": ()}))
        attractors (limit 1, engine bdd)
        """
        simple = [
            f"{name.replace('_', ' ')} {value:g}"
            if isinstance(value, float)
            else f"{name.replace('_', ' ')}{'' if value is True else f' {value}'}"
            for name, value in self.options.items()
            if isinstance(value, bool | int | float | str)
        ]
        return f"{self.question} ({', '.join(simple)})" if simple else self.question

    def with_(self, **options: Any) -> Asked:
        """Return the same question with other values for some options."""
        return Asked(self.question, {**self.options, **options})

    def without(self, *names: str) -> Asked:
        """Return the same question with some options at their defaults."""
        kept = {name: value for name, value in self.options.items() if name not in names}
        return Asked(self.question, kept)


def asks(
    name: str, *, besides: Collection[str] = ()
) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Return a decorator for a function whose answers carry what it was asked.

    Parameters
    ----------
    name
        Key of the question in `regnet.questions.QUESTIONS`.
    besides
        Further parameters that are no part of the question, such as earlier answers that spare
        work.
    """

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        signature = inspect.signature(function)
        left_out = _LEFT_OUT.union(besides)

        @functools.wraps(function)
        def ask(*arguments: _P.args, **options: _P.kwargs) -> _R:
            bound = signature.bind(*arguments, **options)
            for key, value in bound.arguments.items():
                if isinstance(value, Iterator):  # it can be read only once
                    bound.arguments[key] = tuple(value)
            asked = Asked(name, _options(signature, bound.arguments, left_out))
            answer: Any = function(*bound.args, **bound.kwargs)
            return replace(answer, origin=replace(answer.origin, asked=asked))  # type: ignore[no-any-return]

        return ask

    return decorate


def _options(
    signature: inspect.Signature, arguments: Mapping[str, Any], left_out: Collection[str]
) -> dict[str, Any]:
    """Return the arguments that are not at their default, as values that do not change."""
    found: dict[str, Any] = {}
    for name, value in arguments.items():
        parameter = signature.parameters[name]
        if parameter.kind is parameter.VAR_KEYWORD:
            found |= {key: _frozen(part) for key, part in value.items() if key not in left_out}
        elif name not in left_out:
            frozen = _frozen(value)
            if parameter.default is parameter.empty or frozen != parameter.default:
                found[name] = frozen
    return found


def _frozen(value: Any) -> Any:
    match value:
        case list():
            return tuple(value)
        case KeysView() | ValuesView():
            return tuple(value)
        case set():
            return frozenset(value)
        case dict():
            return dict(value)
        case _:
            return value
