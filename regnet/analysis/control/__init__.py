"""Control: the minimal sets of interventions that reach a target.

A set works if every attractor under it shows the target. Sets are proposed smallest first and
tested one at a time; each that fails leaves a *refutation*: a trap space with an attractor without
the target, reduced to the variables that maintain it, or to a few that can leave the target from
every state of it (`escape_walks`). An intervention that touches none of these preserves the
attractor, so one refutation rules out many sets, and an answer of "all sets" is proved
(implicit hitting sets: Moreno-Centeno and Karp 2013, doi 10.1287/opre.1120.1139; refutations are
learned as in BoNesis: Chevalier, Noel, Calzone, Zinovyev and Pauleve 2020,
doi 10.1007/978-3-030-60327-4_1).

A set is rejected only by such a certificate, and accepted only if the target follows from it by
propagation, if every attractor is proved to lie in a trap space within the target, or if all
attractors under it were found.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from regnet.analysis import INTERRUPTED, Listed, Origin, Progress, Result, asks, silent
from regnet.analysis.attractors import Attractors, find_attractors
from regnet.analysis.control.refutation import Option, Refutation, Refuter
from regnet.analysis.reachability import upstream
from regnet.boolean import BooleanNetwork
from regnet.brief import brief
from regnet.deadline import Deadline, OutOfTime
from regnet.engines import find
from regnet.engines.hitting import Candidates, Edge, TrapSpaces
from regnet.errors import EngineError, NetworkError
from regnet.evidence import Phenotype
from regnet.logic import Expr, describe, variables
from regnet.network import LogicalNetwork
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Space

DEFAULT_LIMIT = 1_000
"""Default limit on listed sets."""

PATIENCE = 20.0
"""Time limit in seconds for finding the attractors under one set; after that it stays open."""

TRAPPED = "every attractor lies in a trap space within it"

SHOWS = ("every attractor", "some attractors", "no attractor")
"""In which attractors a phenotype occurs."""


@dataclass(frozen=True, slots=True)
class Intervention:
    """A minimal set of interventions that works, up to a part named by `doubt`.

    Parameters
    ----------
    perturbation
        The interventions, added to the scenario; empty if none is needed.
    cost
        Sum of the costs.
    why
        How it is known, in a few words.
    phenotypes
        Phenotype -> one of `SHOWS`, under the intervention; empty unless asked for.
    doubt
        A subset of which it was not decided whether it works; None if no subset does.
    """

    perturbation: Perturbation
    cost: float
    why: str
    phenotypes: Mapping[str, str] = field(default_factory=dict)
    doubt: Perturbation | None = None

    __repr__ = brief


@dataclass(frozen=True, slots=True)
class Choice:
    """The allowed interventions, as passed to `find_interventions`.

    Parameters
    ----------
    allow, forbid
        Components that may, and may not, be held; empty for the default.
    cuts
        Whether edges may be cut too.
    costs
        Component or edge -> cost, where it is not 1.
    limit
        Maximum number of sets listed, or None for `DEFAULT_LIMIT`.
    """

    allow: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    cuts: bool = False
    costs: Mapping[str, float] = field(default_factory=dict)
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Interventions(Listed[Intervention], Result):
    """All minimal sets of interventions up to a size, cheapest first.

    Parameters
    ----------
    origin
        What was asked, and who answered.
    target
        What every attractor has to show.
    found
        The sets.
    proved
        Size up to which the list is complete; -1 if even the empty set was not decided.
    max_size
        The size that was asked for.
    candidates
        Number of single interventions to choose from.
    judged
        Number of sets tested one by one; all others are ruled out by their refutations.
    before
        Phenotype -> one of `SHOWS`, without any intervention.
    complete, missing
        Whether the answer is complete, and if not, what is missing.
    choice
        The allowed interventions.
    interrupted
        Whether the user stopped it; side effects are then not computed.
    """

    _LISTED = "found"

    target: Phenotype
    found: tuple[Intervention, ...]
    proved: int
    max_size: int
    candidates: int
    judged: int
    before: Mapping[str, str] = field(default_factory=dict)
    choice: Choice = field(default_factory=Choice)

    @property
    def left_out(self) -> tuple[str, ...]:
        """The components that were not held, though some are upstream of the target."""
        allow, forbid = set(self.choice.allow), set(self.choice.forbid)
        kept = _kept(self.target, self.origin.scenario)
        return tuple(
            name
            for name in self.origin.components
            if name in forbid or (name not in allow if allow else name in kept)
        )


@asks("control")
def find_interventions(
    network: LogicalNetwork,
    scenario: Scenario | None,
    target: Expr | Phenotype,
    *,
    max_size: int = 3,
    allow: Collection[str] = (),
    forbid: Collection[str] = (),
    cuts: bool = False,
    costs: Mapping[str, float] | None = None,
    phenotypes: Iterable[Phenotype] = (),
    limit: int | None = None,
    timeout: float | None = None,
    progress: Progress = silent,
) -> Interventions:
    """Return all minimal sets of interventions after which every attractor shows the target.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Perturbation, start and update mode. With a start, only attractors reachable from it count;
        held components start at their level.
    target
        A condition that has to hold in all states of every attractor, or a phenotype.
    max_size
        Maximum number of interventions in a set.
    allow
        Components that may be held, and whose effects may be cut. Default: all except those that
        the target names, as holding these would be trivial, and those that the scenario holds.
    forbid
        Components that may not be held, and whose edges may not be cut.
    cuts
        Whether edges may be cut: the rule of the target then sees the source at level 0.
    costs
        Component (``"X"``) or edge (``"X->Y"``) -> cost; the default cost is 1.
    phenotypes
        Side effects to report: which of these are shown before and after.
    limit
        Maximum number of sets (default `DEFAULT_LIMIT`).
    timeout
        Time limit in seconds; sets found by then are returned.
    progress
        Progress callback.

    Returns
    -------
    Interventions
        Exact and complete up to `max_size`, unless `Interventions.missing` says what is missing.
        Most-permissive scenarios are answered for minimal trap spaces.

    Raises
    ------
    RegnetError
        If a name does not exist, or the scenario or the target does not fit the network.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> toggle = LogicalNetwork((
    ...     Component("A", Rule.of("!B")), Component("B", Rule.of("!A")),
    ...     Component("C", Rule.of("A")),
    ... ))
    >>> answer = find_interventions(toggle, toggle.parse("C"))
    >>> [str(one.perturbation) for one in answer.found], answer.complete
    (['A=1', 'B=0'], True)
    """
    scenario = scenario or Scenario()
    scenario.check(network)
    goal = target if isinstance(target, Phenotype) else Phenotype(describe(target), target)
    network.check(goal.condition)
    if max_size < 0:
        raise EngineError(f"a set cannot have {max_size} interventions")
    started = time.perf_counter()
    deadline = Deadline(timeout)
    choice = Choice(tuple(allow), tuple(forbid), cuts, dict(costs or {}), limit)
    options = _options(network, goal, scenario, choice)
    search = _Search(network, scenario, goal, options, max_size, deadline, progress)
    limit = limit or DEFAULT_LIMIT
    found: list[Intervention] = []
    missing, interrupted, before = "", False, dict[str, str]()
    try:
        for chosen, why in search.run():
            if len(found) == limit:
                missing = f"only the first {limit} sets were looked for"
                break
            part = search.undecided_part(chosen)
            if part is None:
                found.append(_intervention([options[i] for i in sorted(chosen)], why))
            else:
                doubt = _perturbation(options[i] for i in sorted(part))
                alone = f"{doubt} alone" if doubt else "the empty set"
                why += f"; whether {alone} works as well was not decided"
                one = _intervention([options[i] for i in sorted(chosen)], why)
                found.append(replace(one, doubt=doubt))
    except OutOfTime:
        missing = f"the time limit was reached before all sets of {search.proved + 1} were tested"
    except KeyboardInterrupt:
        missing, interrupted = INTERRUPTED, True
    if search.open and not missing:
        missing = f"not decided: {'; '.join(search.open)}"
    doubted = [one.perturbation.label for one in found if one.doubt is not None]
    if doubted:
        more = f" and {len(doubted) - 3} more sets" if len(doubted) > 3 else ""
        missing += f"; so perhaps not smallest: {', '.join(doubted[:3])}{more}"
    if missing:
        search.proved = min([search.proved, *(len(part) - 1 for part in search.undecided)])
    asked = tuple(phenotypes)
    if asked and not interrupted:
        progress(None, "side effects")
        try:
            before = _shown(network, scenario, asked, deadline)
            found = [
                replace(one, phenotypes=_shown(network, scenario.perturbed(one.perturbation), asked,
                                               deadline))
                for one in found
            ]  # fmt: skip
        except (OutOfTime, KeyboardInterrupt):
            missing = missing or "the side effects were not computed in time"
    found.sort(key=lambda one: (one.cost, len(one.perturbation.clamps) + len(one.perturbation.cuts),
                                str(one.perturbation)))  # fmt: skip
    origin = Origin.of(
        network,
        scenario,
        engine="sat",
        version=find("sat").version(),
        why=f"{search.judged:,} set{'s' * (search.judged != 1)} tested one by one; their "
        "refutations rule out the others",
        guarantee="bounded" if missing else "exact",
        seconds=time.perf_counter() - started,
    )
    return Interventions(
        origin=origin,
        target=goal,
        found=tuple(found),
        proved=search.proved,
        max_size=max_size,
        candidates=len(options),
        judged=search.judged,
        before=before,
        missing=missing,
        choice=choice,
        interrupted=interrupted,
    )


def _shown(
    network: LogicalNetwork,
    scenario: Scenario,
    phenotypes: tuple[Phenotype, ...],
    deadline: Deadline,
) -> dict[str, str]:
    """Return in which attractors each phenotype occurs."""
    deadline.check()
    found = find_attractors(network, scenario, phenotypes=phenotypes, timeout=deadline.left())
    if found.interrupted:
        raise KeyboardInterrupt
    if not found.complete:
        return {}
    shown = {}
    for phenotype in phenotypes:
        having = sum(phenotype.name in a.phenotypes for a in found.attractors)
        every, some, none = SHOWS
        shown[phenotype.name] = (
            none if not having else every if having == len(found.attractors) else some
        )
    return shown


# --- candidates ------------------------------------------------------------------------


def _kept(goal: Phenotype, scenario: Scenario) -> set[str]:
    """Return the components that are not held by default: those of the target and those held."""
    return {v.name for v in variables(goal.condition)} | scenario.perturbation.clamps.keys()


def _options(
    network: LogicalNetwork,
    goal: Phenotype,
    scenario: Scenario,
    choice: Choice,
) -> tuple[Option, ...]:
    """Return the allowed interventions that can have an effect on the target."""
    allow, forbid, costs = choice.allow, choice.forbid, choice.costs
    for name in (*allow, *forbid, *(n for key in costs for n in key.split("->"))):
        network[name.strip()]
    for key, cost in costs.items():
        if not cost >= 0:
            raise NetworkError(f"{key} cannot cost {cost}")
    kept = _kept(goal, scenario)
    held = set(allow or set(network.names) - kept) - set(forbid)
    acting = _acting(network, goal, scenario)
    options = [
        Option(c.name, level, cost=costs.get(c.name, 1.0))
        for c in acting.components
        if c.name in held
        for level in range(c.top + 1)
    ]
    if choice.cuts:
        done = {(cut.source, cut.target) for cut in scenario.perturbation.cuts}
        for c in acting.components:
            for source in dict.fromkeys(v.name for v in c.rule.thresholds()) if c.rule else ():
                if source == c.name or {source, c.name} & set(forbid) or (source, c.name) in done:
                    continue
                if not allow or source in allow:
                    cost = costs.get(f"{source}->{c.name}", 1.0)
                    options.append(Option(c.name, cut=Cut(source, c.name), cost=cost))
    return tuple(options)


def _acting(network: LogicalNetwork, goal: Phenotype, scenario: Scenario) -> LogicalNetwork:
    """Return the perturbed network, or the part of it upstream of the target."""
    perturbed = scenario.perturbation.apply(network)
    if goal.kind:  # whether an attractor is a fixed point depends on every component
        return perturbed
    return upstream(perturbed, [v.name for v in variables(goal.condition)])


def _intervention(options: Iterable[Option], why: str) -> Intervention:
    chosen = tuple(options)
    return Intervention(_perturbation(chosen), sum(o.cost for o in chosen), why)


def _perturbation(options: Iterable[Option]) -> Perturbation:
    chosen = tuple(options)
    clamps = Space({o.name: o.level for o in chosen if o.cut is None})
    return Perturbation(clamps, frozenset(o.cut for o in chosen if o.cut))


# --- the search ------------------------------------------------------------------------------


class _Search:
    """One run of `find_interventions`."""

    def __init__(
        self,
        network: LogicalNetwork,
        scenario: Scenario,
        goal: Phenotype,
        options: tuple[Option, ...],
        max_size: int,
        deadline: Deadline,
        progress: Progress,
    ) -> None:
        self.goal, self.options, self.max_size = goal, options, max_size
        self.deadline, self.progress = deadline, progress
        self.network = _acting(network, goal, scenario)
        start = scenario.start_of(network)
        own = Space({name: start[name] for name in self.network.names if name in start})
        self.scenario = Scenario(start=own, update=scenario.update)
        self.own = own
        self.names = [v.name for v in variables(goal.condition)]
        self.proved = -1
        self.judged = 0
        self.open: list[str] = []
        self.undecided: list[frozenset[int]] = []
        exclusive: dict[tuple[str, str], list[int]] = {}
        for i, option in enumerate(options):
            key = (option.cut.source, option.name) if option.cut else ("", option.name)
            exclusive.setdefault(key, []).append(i)
        self.candidates = Candidates(len(options), exclusive.values(), max_size)

    @cached_property
    def refuter(self) -> Refuter:
        """The refuter of sets, created lazily as encoding large networks is slow."""
        return Refuter(self.network, self.own, self.goal, self.options, self.deadline)

    @cached_property
    def traps(self) -> TrapSpaces:
        """The trap spaces that refute sets."""
        refuter = self.refuter
        edges = [refuter.edge(o.cut) for o in self.options if o.cut]
        return TrapSpaces(refuter.boolean, refuter.condition, edges)

    def run(self) -> Iterator[tuple[frozenset[int], str]]:
        """Yield the sets that work, smaller ones first, with the argument for each."""
        for size in range(self.max_size + 1):
            while True:
                chosen = self.candidates.next(size, deadline=self.deadline)
                if chosen is None:
                    break
                self.judged += 1
                self.progress(None, f"sets of {size}: {self.judged} tested")
                why = self._judge(chosen)
                if why:
                    self.candidates.require((), chosen)
                    yield chosen, why
            self.proved = size

    def undecided_part(self, chosen: frozenset[int]) -> frozenset[int] | None:
        """Return the largest subset of a set of which it was not decided whether it works."""
        return max((part for part in self.undecided if part < chosen), key=len, default=None)

    def _judge(self, chosen: frozenset[int]) -> str:
        """Return the argument that a set works; else learn a refutation and return nothing."""
        refuter = self.refuter
        network = refuter.under(chosen)
        if not refuter.begins:
            levels = {refuter.index[o.name]: o.level for o in refuter.clamps(chosen)}
            cut = {refuter.edge(o.cut) for i in chosen if (o := self.options[i]).cut}
            if trap := self.traps.find(levels, cut, deadline=self.deadline):
                self._learn(chosen, refuter.trapped(network, chosen, trap))
                return ""
            if refutation := refuter.absurd(network, chosen):
                self._learn(chosen, refutation)
                return ""
        constants = refuter.constants(network)
        if not self.goal.kind and refuter.diagram.restrict(refuter.condition, constants) == 1:
            return "follows from what is held, for any order of updates"
        perturbation = _perturbation(self.options[i] for i in chosen)
        scenario = self.scenario.perturbed(perturbation)
        left = self.network
        if not refuter.begins and not self.goal.kind:
            # a component that becomes constant is cut off from its regulators
            fixed = refuter.encoding.space(constants).fixed
            scenario = scenario.perturbed(Perturbation(Space(fixed)))
            left = upstream(scenario.perturbation.apply(left), self.names)
            scenario = self.scenario
            if scenario.update != "synchronous":
                part = refuter.relevant(network, constants)
                trap = self.traps.doubtful(levels, cut, part.order, deadline=self.deadline)
                if trap is None:
                    if scenario.update == "most-permissive":
                        return "all minimal trap spaces have it"
                    if refuter.is_certified(part, constants):
                        return TRAPPED
                elif why := self._unkept(network, cut, trap):
                    self._learn(chosen, refuter.unkept(network, chosen, trap, *why))
                    return ""
        found = find_attractors(
            left,
            scenario,
            phenotypes=[self.goal],
            timeout=self.deadline.within(PATIENCE).left(),
        )
        if found.interrupted:
            raise KeyboardInterrupt
        bad = next((a for a in found.attractors if self.goal.name not in a.phenotypes), None)
        if bad is not None and (found.complete or not self._doubtful(found)):
            seed = {**constants, **refuter.encoding.restriction(bad.seed)}
            self._learn(chosen, refuter.resting(network, chosen, seed, scenario))
            return ""
        self.deadline.check()
        if found.complete:
            return f"all attractors found: {found.origin.why}"
        self.open.append(f"{perturbation}: {found.missing}")
        self.undecided.append(chosen)
        self._exclude(chosen)
        return ""

    def _unkept(
        self, network: BooleanNetwork, cut: Collection[Edge], trap: Mapping[int, bool]
    ) -> tuple[set[int], set[int]] | None:
        """Return the variables by which no attractor in a trap space has the target.

        Return None if there is no such argument.
        """
        refuter = self.refuter
        if self.scenario.update == "asynchronous":
            return refuter.escape_walks.find(network.functions, trap)
        why = self.traps.everywhere(cut, trap, deadline=self.deadline)
        if why is None:
            return None
        moving, held = why
        return {v for i in moving for v in refuter.encoding.groups[i]}, held

    def _doubtful(self, found: Attractors) -> bool:
        """Return whether a listed attractor may not exist or not be reached."""
        return self.refuter.begins or any(a.size is None for a in found.attractors)

    def _learn(self, chosen: frozenset[int], refutation: Refutation | None) -> None:
        """Rule out this set and every other one that does not touch the refutation."""
        if refutation is not None:
            hits = {i for i, o in enumerate(self.options) if self.refuter.hits(o, refutation)}
            needs = self.refuter.needs(chosen, refutation)
            if chosen.isdisjoint(hits) and needs <= chosen:
                self.candidates.require(hits, needs)
                return
        self._exclude(chosen)

    def _exclude(self, chosen: frozenset[int]) -> None:
        self.candidates.require(set(range(len(self.options))) - chosen, chosen)
