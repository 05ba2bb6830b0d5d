"""Analyses: one module per question, one function per answer.

Each is a plain function ``find_..(network, scenario, *, options, progress=silent)``, which the
command line, notebooks and the window call. Each answer is an immutable value with its `Origin`:
the question, the network, the engine, and the guarantee.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from regnet.analysis.asked import Asked, Asking, asks, reads
from regnet.analysis.shown import Listed, Shown
from regnet.brief import brief
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.version import VERSION

__all__ = [
    "GUARANTEES", "Asked", "Asking", "Listed", "Origin", "Progress", "Result", "Shown", "asks",
    "reads", "silent",
]  # fmt: skip

Progress: TypeAlias = Callable[[float | None, str], None]
"""Progress callback, called with the fraction done (None if unknown) and a short text."""


def silent(fraction: float | None, words: str) -> None:
    """Ignore progress."""


INTERRUPTED = "the search was interrupted"
OUT_OF_TIME = "the time limit was reached before the search ended"
LIMITED = "only the first"
"""Beginning of `missing` by the cause that ended a search: user, time limit, or limit on
answers."""


def found_words(number: int, noun: str, missing: str = "") -> str:
    """Return the number of answers in words that claim no more than the search showed.

    Parameters
    ----------
    number
        Number of answers found.
    noun
        What they are, in the singular.
    missing
        What is missing; empty if the search is complete.

    Examples
    --------
    >>> found_words(0, "fixed point"), found_words(0, "fixed point", OUT_OF_TIME)
    ('no fixed points', 'no fixed point found before the time limit')
    >>> found_words(2, "attractor"), found_words(2, "attractor", "only the first 2 were listed")
    ('2 attractors', 'the first 2 attractors')
    """
    counted = f"{number:,} {noun}{'' if number == 1 else 's'}" if number else f"no {noun}"
    if not missing:
        return counted if number else f"{counted}s"
    if missing.startswith(LIMITED) and not number:
        return f"{counted} among those examined"
    if missing.startswith(LIMITED):
        return f"the first {counted}" if number > 1 else f"the first {noun}"
    if missing.startswith(OUT_OF_TIME):
        return f"{counted} found before the time limit"
    if missing.startswith(INTERRUPTED):
        return f"{counted} found before the interruption"
    return f"{counted} listed, some undecided"


GUARANTEES = {
    "exact": "proved for this model: complete and correct",
    "bounded": "all statements are correct, but something is missing, as stated",
    "sampled": "estimated from random runs",
}
"""The guarantees of an answer, with their meanings."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The provenance of an answer: enough to repeat it and to see whether it is stale.

    Parameters
    ----------
    network, digest, components
        Name, digest and component names of the unperturbed network.
    scenario
        What was asked.
    engine, version
        The engine that answered, and its version.
    why
        Why this engine was used, in a few words.
    guarantee
        A key of `GUARANTEES`.
    seconds
        Wall-clock time.
    seed
        Random seed, or None if the answer does not depend on random numbers.
    regnet
        Version of regnet.
    asked
        The call that was made, or None for a part of another answer.
    open_inputs
        Free inputs that the answer ranges over: see `title`.
    """

    network: str
    digest: str
    components: tuple[str, ...]
    scenario: Scenario
    engine: str
    version: str = ""
    why: str = ""
    guarantee: str = "exact"
    seconds: float = 0.0
    seed: int | None = None
    regnet: str = VERSION
    asked: Asked | None = None
    open_inputs: tuple[str, ...] = ()

    __repr__ = brief

    @property
    def title(self) -> str:
        """The title of the scenario of the question."""
        return self.scenario.title(self.open_inputs)

    @classmethod
    def of(
        cls,
        network: LogicalNetwork,
        scenario: Scenario,
        *,
        engine: str,
        version: str = "",
        why: str = "",
        guarantee: str = "exact",
        seconds: float = 0.0,
        seed: int | None = None,
    ) -> Origin:
        """Return the origin of an answer about an unperturbed network."""
        return cls(
            network.name,
            network.digest,
            network.names,
            scenario,
            engine,
            version,
            why,
            guarantee,
            seconds,
            seed,
            open_inputs=scenario.open_inputs(network),
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Result(Shown):
    """The base class of answers.

    Parameters
    ----------
    origin
        The question, the network and the engine.
    missing
        What is missing, in one sentence; empty if complete.
    interrupted
        Whether the user stopped it.
    """

    origin: Origin
    missing: str = ""
    interrupted: bool = False

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing
