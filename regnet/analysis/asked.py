"""Asked: the call behind an answer, so that it can be repeated.

The public functions are plain functions; the decorator `asks` records their arguments in the
answer. The question is never reconstructed from the answer.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection, Iterator, KeysView, Mapping, ValuesView
from dataclasses import dataclass, field, replace
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast, overload

from regnet.analysis.arguments import Reader, Usual, bound, read_arguments
from regnet.analysis.shown import with_model
from regnet.brief import brief
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.scenario import Scenario

_P = ParamSpec("_P")
_R = TypeVar("_R")
_Answer = TypeVar("_Answer", covariant=True)

_LEFT_OUT = frozenset({"network", "project", "map", "progress"})
"""Arguments that are not part of a question: the subject, and how the call is executed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its options.

    Parameters
    ----------
    question
        A key of `regnet.questions.QUESTIONS`.
    options
        Parameter -> value, for every option that differs from its default. The network or project
        is not included, so that the question can be asked again of another one.
    """

    question: str
    options: Mapping[str, Any] = field(default_factory=dict)

    __repr__ = brief

    def __str__(self) -> str:
        """Return the question with those options that are numbers or words.

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


class Asking(Protocol[_P, _Answer]):
    """A function of a model that also accepts text (`regnet.analysis.arguments`).

    Calls with values are checked by their types; a project, or text, brings further text along.
    """

    __name__: str

    @overload
    def __call__(
        self, network: LogicalNetwork, /, *arguments: _P.args, **options: _P.kwargs
    ) -> _Answer: ...
    @overload
    def __call__(self, project: Project, /, *arguments: Any, **options: Any) -> _Answer: ...
    @overload
    def __call__(
        self, network: LogicalNetwork, text: str, /, *arguments: Any, **options: Any
    ) -> _Answer: ...
    @overload
    def __call__(
        self,
        network: LogicalNetwork,
        scenario: Scenario | str | None,
        text: str,
        /,
        *arguments: Any,
        **options: Any,
    ) -> _Answer: ...


def reads(
    function: Callable[Concatenate[LogicalNetwork, _P], _R],
) -> Asking[_P, _R]:
    """Return a function whose arguments may be written as text, and its network as a project."""
    signature = inspect.signature(function)

    @functools.wraps(function)
    def read(*arguments: Any, **options: Any) -> _R:
        call = bound(function, signature, arguments, options)
        read_arguments(signature, call.arguments)
        return function(*call.args, **call.kwargs)

    return cast("Asking[_P, _R]", read)


def asks(
    name: str,
    *,
    besides: Collection[str] = (),
    readers: Mapping[str, Reader] | None = None,
    usual: Usual | None = None,
) -> _Decorator:
    """Return a decorator that records the question in the answers of a function.

    Its arguments may be written as text (`regnet.analysis.arguments`); what is recorded are the
    values that were meant.

    Parameters
    ----------
    name
        Key of the question in `regnet.questions.QUESTIONS`.
    besides
        Further parameters that are not part of the question, such as earlier answers for reuse.
    readers
        How parameters of this function alone are read.
    usual
        What is taken from a project where it is asked of one and not told.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function)
        left_out = _LEFT_OUT.union(besides)

        @functools.wraps(function)
        def ask(*arguments: Any, **options: Any) -> Any:
            call = bound(function, signature, arguments, options)
            for key, value in call.arguments.items():
                if isinstance(value, Iterator):  # an iterator can be read only once
                    call.arguments[key] = tuple(value)
            model = read_arguments(
                signature, call.arguments, untouched=left_out, readers=readers, usual=usual
            )
            asked = Asked(name, _options(signature, call.arguments, left_out))
            answer = function(*call.args, **call.kwargs)
            answer = replace(answer, origin=replace(answer.origin, asked=asked))
            if not model.phenotypes:
                model = replace(model, phenotypes=tuple(asked.options.get("phenotypes", ())))
            return with_model(answer, model)

        return ask

    return cast("_Decorator", decorate)


class _Decorator(Protocol):
    @overload
    def __call__(
        self, function: Callable[Concatenate[LogicalNetwork, _P], _R], /
    ) -> Asking[_P, _R]: ...
    @overload
    def __call__(
        self, function: Callable[Concatenate[Project, _P], _R], /
    ) -> Callable[Concatenate[Project, _P], _R]: ...


def _options(
    signature: inspect.Signature, arguments: Mapping[str, Any], left_out: Collection[str]
) -> dict[str, Any]:
    """Return the arguments that differ from their defaults, as immutable values."""
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
