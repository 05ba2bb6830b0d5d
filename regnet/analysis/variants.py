"""Variants: which experiments tell other answers to the open questions of a model apart."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass

from regnet.analysis import OUT_OF_TIME, Listed, Origin, Progress, Result, asks, silent
from regnet.analysis.batch import Map
from regnet.analysis.check import Confrontation, Verdict, confront
from regnet.brief import brief
from regnet.deadline import Deadline
from regnet.errors import NetworkError
from regnet.project import Project
from regnet.scenario import Scenario


@dataclass(frozen=True, slots=True)
class VariantCheck:
    """What one variant says to the experiments.

    Parameters
    ----------
    name, title
        Of the variant; both are empty for the model as it is.
    verdicts
        One for each experiment; fewer where the time ended.
    """

    name: str
    title: str
    verdicts: tuple[Verdict, ...]

    __repr__ = brief

    @property
    def failed(self) -> tuple[str, ...]:
        """Ids of the experiments that do not come out as expected."""
        return tuple(v.experiment.id for v in self.verdicts if v.as_expected is False)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class VariantChecks(Listed[VariantCheck], Result):
    """What each variant of a model says to its experiments.

    Parameters
    ----------
    checks
        The model as it is, and then each variant in the order of the file.
    """

    _LISTED = "checks"

    checks: tuple[VariantCheck, ...]

    @property
    def telling(self) -> tuple[str, ...]:
        """Ids of the experiments that do not have one outcome in all of them."""
        outcomes: dict[str, set[bool | None]] = {}
        for check in self.checks:
            for verdict in check.verdicts:
                outcomes.setdefault(verdict.experiment.id, set()).add(verdict.holds)
        return tuple(name for name, seen in outcomes.items() if len(seen) > 1)

    @property
    def alike(self) -> tuple[tuple[str, ...], ...]:
        """Groups of two or more that no experiment tells apart; the model as it is is ``""``."""
        groups: dict[tuple[tuple[str, bool | None], ...], list[str]] = {}
        for check in self.checks:
            key = tuple((v.experiment.id, v.holds) for v in check.verdicts)
            groups.setdefault(key, []).append(check.name)
        return tuple(tuple(group) for group in groups.values() if len(group) > 1)


@asks("variants")
def check_variants(
    project: Project,
    *,
    only: Collection[str] | None = None,
    rates: str = "",
    timeout: float | None = None,
    each: float | None = None,
    map: Map = map,
    progress: Progress = silent,
) -> VariantChecks:
    """Return what each variant of a model says to its experiments.

    An experiment that a variant's rules cannot change is not run again.

    Parameters
    ----------
    project
        A network with experiments and variants.
    only
        Ids of experiments; default all.
    rates
        Rate set by which expectations about time are judged, as in `confront`.
    timeout
        Seconds for everything; what is not decided by then stays open.
    each
        Seconds for each question that an experiment asks.
    map
        How experiments are run: the built-in `map`, or one that uses several processes.
    progress
        Progress callback.

    Raises
    ------
    RegnetError
        If there are no variants, an id does not exist, or an experiment does not fit the network.

    Examples
    --------
    >>> from regnet import examples
    >>> found = check_variants(examples.load("lif_lifr"), only=["C12c"])
    >>> [check.name for check in found.checks][:3]
    ['', 'V1', 'V2']
    """
    if not project.variants:
        raise NetworkError("the model has no variants")
    started = time.perf_counter()
    deadline = Deadline(timeout)
    first: Confrontation | None = None
    checks: list[VariantCheck] = []
    missing, interrupted = [], False
    guarantees = set()
    for number, variant in enumerate((None, *project.variants)):
        name = "" if variant is None else variant.name
        progress(number / (len(project.variants) + 1), name or "the model as it is")
        left = deadline.left()
        if interrupted or left == 0:
            break
        result = confront(
            project if variant is None else project.as_variant(name),
            only=only, rates=rates, before=first, timeout=left, each=each, map=map,
        )  # fmt: skip
        first = first or result
        checks.append(VariantCheck(name, variant.title if variant else "", result.verdicts))
        guarantees.add(result.origin.guarantee)
        interrupted = result.interrupted
        if result.missing:
            missing.append(f"{name or 'the model as it is'}: {result.missing}")
    if len(checks) <= len(project.variants) and not interrupted:
        missing.append(f"{OUT_OF_TIME}: {len(checks) - 1} of {len(project.variants)} variants")
    sure = "bounded" if missing else "sampled" if "sampled" in guarantees else "exact"
    origin = Origin.of(
        project.network,
        scenario=Scenario("experiments"),
        engine="auto",
        why="each expectation by the cheapest argument that decides it, where the rules of the "
        "variant can change it",
        guarantee=sure,
        seconds=time.perf_counter() - started,
    )
    return VariantChecks(
        origin=origin,
        checks=tuple(checks),
        missing="; ".join(missing),
        interrupted=interrupted,
    )
