"""Analyses: one module per question, one function per answer.

Each is a plain function ``find_..(network, scenario, *, options, progress=silent)`` that the
command line, a notebook and the window call alike. Each answer is a frozen value that carries its
`Origin`: what was asked, of which network, by which engine, and how sure the answer is.
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
"""Called with the fraction done (None where it is not known) and a few words."""


def silent(fraction: float | None, words: str) -> None:
    """Ignore progress."""


INTERRUPTED = "the search was interrupted"
OUT_OF_TIME = "the time limit was reached before the search ended"
LIMITED = "only the first"
"""How what is missing begins, by what ended a search: a person, the time, or a limit on answers."""


def found_words(number: int, noun: str, missing: str = "") -> str:
    """Return how many answers were found, never more than the search can say.

    Parameters
    ----------
    number
        How many were found.
    noun
        What they are, in the singular.
    missing
        What is missing; empty where the search is complete.

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
        return f"{counted} among those looked at"
    if missing.startswith(LIMITED):
        return f"the first {counted}" if number > 1 else f"the first {noun}"
    if missing.startswith(OUT_OF_TIME):
        return f"{counted} found before the time limit"
    if missing.startswith(INTERRUPTED):
        return f"{counted} found before the interruption"
    return f"{counted} listed, not all is decided"


GUARANTEES = {
    "exact": "proved for this model: nothing is missing and nothing is wrong",
    "bounded": "all that is said is right; something is missing, and it says what",
    "sampled": "estimated from random runs",
}
"""How sure an answer is, with what that means."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an answer comes from; enough to repeat it and to see that it is stale.

    Parameters
    ----------
    network, digest, components
        Name, digest and component names of the unperturbed network.
    scenario
        What was asked.
    engine, version
        Which engine answered, and its version.
    why
        Why this engine was used, in a few words.
    guarantee
        A key of `GUARANTEES`.
    seconds
        Wall-clock time.
    seed
        Seed of the random numbers, or None where chance played no part in the answer.
    regnet
        Version of regnet.
    asked
        The call that was made, or None for a part of another answer.
    open_inputs
        Inputs that may be at several levels, over which the answer is: see `title`.
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
        """What to call the scenario that was asked of."""
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
    """What every answer has.

    Parameters
    ----------
    origin
        What was asked, of which network, and who answered.
    missing
        What is missing, in one sentence; empty where nothing is.
    interrupted
        Whether a person stopped it.
    """

    origin: Origin
    missing: str = ""
    interrupted: bool = False

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing
