"""Several: the explanations of one component in the attractors of a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from regnet.analysis import Listed, Progress, Result, asks, silent
from regnet.analysis.attractors import Attractor, Attractors, find_attractors
from regnet.analysis.explain import Explanation, explain_at
from regnet.brief import brief
from regnet.deadline import Deadline
from regnet.errors import EngineError
from regnet.evidence import Phenotype
from regnet.network import LogicalNetwork
from regnet.scenario import Scenario
from regnet.space import Range


@dataclass(frozen=True, slots=True)
class Explained:
    """An attractor with its number, from 1, and the explanation of a component there."""

    number: int
    attractor: Attractor
    explanation: Explanation

    __repr__ = brief


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Explanations(Listed[Explained], Result):
    """Explanations of a component in one or more attractors.

    `complete` and `missing` also cover whether all attractors were found, `interrupted` whether the
    user stopped it.
    """

    _LISTED = "found"

    component: str
    found: tuple[Explained, ...]


@asks("explain")
def find_explanations(
    network: LogicalNetwork,
    scenario: Scenario | None,
    component: str,
    *,
    numbers: Sequence[int] = (),
    phenotypes: Iterable[Phenotype] = (),
    size: int = 1,
    engine: str = "auto",
    timeout: float | None = None,
    progress: Progress = silent,
) -> Explanations:
    """Return why a component is at its level in the attractors of a scenario.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Perturbation, start and update mode.
    component
        Its name.
    numbers
        Numbers of attractors, from 1, in the order of `find_attractors`; by default the first one
        for each level, or range of levels, of the component.
    phenotypes
        Names for attractors, also for those after interventions.
    size
        Maximum number of components in an intervention.
    engine, progress
        As in `find_attractors`.
    timeout
        Time limit in seconds: half for the attractors, the rest for the explanations.

    Raises
    ------
    RegnetError
        If there is no such component or attractor.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    >>> answer = find_explanations(toggle, None, "A")
    >>> [(one.number, str(one.explanation.links[0].reason)) for one in answer.found]
    [(1, 'B=1'), (2, 'B=0')]
    """
    network[component]
    phenotypes = tuple(phenotypes)
    deadline = Deadline(timeout)
    attractors = find_attractors(
        network,
        scenario,
        phenotypes=phenotypes,
        engine=engine,
        timeout=None if timeout is None else timeout / 2,
        progress=progress,
    )
    if attractors.interrupted:
        raise KeyboardInterrupt
    chosen, absent = _chosen(attractors, component, numbers)
    found: list[Explained] = []
    doubts = [attractors.missing, *(f"A{number} was not found" for number in absent)]
    interrupted = False
    for place, (number, attractor) in enumerate(chosen):
        left = deadline.left()
        try:
            explanation = explain_at(
                network,
                scenario,
                component,
                at=attractor,
                phenotypes=phenotypes,
                size=size,
                timeout=None if left is None else left / (len(chosen) - place),
                progress=progress,
            )
        except KeyboardInterrupt:
            if not found:
                raise
            interrupted = True
        else:
            found.append(Explained(number, attractor, explanation))
            doubts.append(explanation.missing)
            interrupted = explanation.interrupted
        if interrupted:
            if len(found) < len(chosen):
                doubts.append(f"{len(found)} of {len(chosen)} attractors are explained")
            break
    missing = "; ".join(dict.fromkeys(doubt for doubt in doubts if doubt))
    origin = found[0].explanation.origin if found else attractors.origin
    if missing:
        origin = replace(origin, guarantee="bounded")
    return Explanations(
        origin=origin,
        component=component,
        found=tuple(found),
        missing=missing,
        interrupted=interrupted,
    )


def _chosen(
    attractors: Attractors, component: str, numbers: Sequence[int]
) -> tuple[list[tuple[int, Attractor]], list[int]]:
    """Return the attractors to explain with their numbers, and numbers that were not found."""
    numbered = list(enumerate(attractors.attractors, start=1))
    absent = [n for n in dict.fromkeys(numbers) if not 1 <= n <= len(numbered)]
    if absent and (attractors.complete or absent[0] < 1):
        raise EngineError(f"there is no attractor A{absent[0]}: there are {len(numbered)}")
    if numbers:
        return [numbered[n - 1] for n in dict.fromkeys(numbers) if n not in absent], absent
    first: dict[Range, tuple[int, Attractor]] = {}
    for number, attractor in numbered:
        first.setdefault(attractor.space[component], (number, attractor))
    return list(first.values()), []
