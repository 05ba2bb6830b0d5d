"""Engines: the programs that find answers, behind functions of agreed names.

Each engine is a module; this table says what it can do. An engine gets a `BooleanNetwork` and
yields what it finds as it finds it: when it ends by itself the answer is complete, when it raises
`regnet.deadline.OutOfTime` what it yielded stays right. Engines do not know each other;
`regnet.analysis` chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from regnet.diagram import Function
from regnet.errors import MissingPackageError, UnknownNameError
from regnet.extras import install_command
from regnet.version import VERSION

Path: TypeAlias = tuple[dict[int, bool], tuple[int, ...]]
"""A run under asynchronous updates: the values at its start, and which variable moves when."""


@dataclass(frozen=True, slots=True)
class StateSet:
    """An attractor as returned by an engine.

    `states` is the set as a function of the network's variables; `size` its number of states;
    `cyclic` is whether it has several states and each has exactly one successor.
    """

    states: Function
    size: int
    cyclic: bool = False


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine and its capabilities.

    Parameters
    ----------
    name
        Its name for ``--engine``, which is also that of its module in `regnet.engines`.
    summary
        A one-line description.
    package
        The package it needs; empty for built-in engines.
    answers
        Which questions it can answer: ``"asynchronous"``, ``"synchronous"``, ``"most-permissive"``
        attractors, ``"fixed points"``, ``"trap spaces"``, ``"time courses"``.
    """

    name: str
    summary: str
    package: str
    answers: frozenset[str]

    def version(self) -> str:
        """Return the installed version; raise `MissingPackageError` if there is none."""
        from importlib.metadata import PackageNotFoundError, version

        if not self.package:
            return f"regnet {VERSION}"
        try:
            return f"{self.package} {version(self.package)}"
        except PackageNotFoundError:
            wanted = install_command("primes") if self.name == "primes" else "reinstall regnet"
            raise MissingPackageError(
                f"the engine {self.name} needs the package {self.package}, which is not "
                f"installed: {wanted}"
            ) from None


ENGINES: dict[str, Engine] = {
    engine.name: engine
    for engine in (
        Engine(
            "explicit",
            "every state, up to 24 variables after reduction; the reference",
            "",
            frozenset({"asynchronous", "synchronous"}),
        ),
        Engine(
            "asp",
            "answer-set programming: fixed points, minimal and maximal trap spaces",
            "clingo",
            frozenset({"most-permissive", "fixed points", "trap spaces"}),
        ),
        Engine(
            "bdd",
            "symbolic sets of states: asynchronous attractors of larger networks",
            "biodivine_aeon",
            frozenset({"asynchronous"}),
        ),
        Engine(
            "sat",
            "simulation, then a proof by incremental SAT: synchronous attractors",
            "python-sat",
            frozenset({"synchronous"}),
        ),
        Engine(
            "kernel",
            "random runs in continuous time, compiled: time courses of any size",
            "numba",
            frozenset({"time courses"}),
        ),
        Engine(
            "primes",
            "pyboolnet's prime implicants: trap spaces, for cross-checks",
            "pyboolnet",
            frozenset({"most-permissive", "fixed points", "trap spaces"}),
        ),
    )
}


def find(name: str) -> Engine:
    """Return the engine of that name; raise `UnknownNameError` if there is none."""
    if name not in ENGINES:
        raise UnknownNameError("engine", name, ["auto", *ENGINES])
    return ENGINES[name]
