"""Shown: how an answer looks at a Python prompt and in a notebook, and as a data frame.

What it shows comes from the records and sections of reports, so that it is what the command line
says. They lie above the analyses and are found by name when something is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, ClassVar, Generic, TypeVar, overload

from regnet.project import Project

_T = TypeVar("_T")
_A = TypeVar("_A")


class Beside:
    """The model that an answer is about, for showing it; it does not go to another process."""

    __slots__ = ("project",)

    def __init__(self, project: Project | None = None) -> None:
        self.project = project

    def __reduce__(self) -> tuple[type[Beside], tuple[()]]:
        return Beside, ()


_NOWHERE = Beside()


def with_model(answer: _A, project: Project) -> _A:
    """Return an answer that was just made, with its model beside it."""
    if isinstance(answer, Shown):
        object.__setattr__(answer, "_beside", Beside(project))
    return answer


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shown:
    """What can be shown. An answer is true, also where it lists nothing."""

    _beside: Beside = field(default_factory=lambda: _NOWHERE, init=False, compare=False)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        text: str = import_module("regnet.notebook").in_a_line(self)
        return text

    def _repr_html_(self) -> str:
        html: str = import_module("regnet.notebook").answer_html(self, self._beside.project)
        return html

    def to_frame(self, kind: str = "pandas") -> Any:
        """Return the answer as a data frame: the rows that ``--format csv`` writes.

        Parameters
        ----------
        kind
            ``"pandas"`` or ``"polars"``; it has to be installed.

        Raises
        ------
        MissingPackageError
            If it is not.
        RegnetError
            If the answer is no table, or was read from a file and needs its model for that.
        """
        return import_module("regnet.notebook").frame(self, self._beside.project, kind)


class Listed(Generic[_T]):
    """An answer that is a sequence, of what its field `_LISTED` holds."""

    __slots__ = ()

    _LISTED: ClassVar[str]

    @property
    def _items(self) -> Sequence[_T]:
        items: Sequence[_T] = getattr(self, self._LISTED)
        return items

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[_T]:
        return iter(self._items)

    @overload
    def __getitem__(self, place: int) -> _T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[_T]: ...
    def __getitem__(self, place: int | slice) -> _T | Sequence[_T]:
        return self._items[place]
