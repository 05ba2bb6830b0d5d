"""Control: the smallest sets of interventions that bring about a wanted outcome.

A set works when every attractor under it shows the target. Sets are proposed smallest first and
judged one at a time; each that fails leaves a *refutation*: a trap space with an attractor without
the target, cut down to the variables that hold it up. Whoever leaves those alone leaves the
attractor alone, so one refutation rules out many sets, and what comes back as "all sets" is proved
(implicit hitting sets: Moreno-Centeno and Karp 2013, doi 10.1287/opre.1120.1139; refutations are
learned as in BoNesis: Chevalier, Noel, Calzone, Zinovyev and Pauleve 2020,
doi 10.1007/978-3-030-60327-4_1).

A set is rejected only by such a certificate, and accepted only when its consequences alone decide
the target or when all attractors under it were found.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from regnet.analysis import Origin, Progress, silent
from regnet.analysis.attractors import INTERRUPTED, Attractors, find_attractors
from regnet.analysis.certificate import certify
from regnet.analysis.cores import closure
from regnet.analysis.reachability import ancestors, find_reachable, inside, upstream
from regnet.boolean import BooleanNetwork, encode
from regnet.diagram import Function
from regnet.engines import Deadline, OutOfTime, find
from regnet.engines.hitting import Candidates, TrapSpaces
from regnet.errors import EngineError, NetworkError
from regnet.evidence import Phenotype
from regnet.logic import Expr, Var, conjunction, describe, variables
from regnet.network import LogicalNetwork
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Space

DEFAULT_LIMIT = 1_000
"""How many sets are listed when nobody says how many."""

PATIENCE = 20.0
"""Seconds after which a set is left open whose attractors are not all found."""

SHOWS = ("every attractor", "some attractors", "no attractor")
"""How widely a phenotype is shown."""

Literals = dict[int, bool]


@dataclass(frozen=True, slots=True)
class Intervention:
    """A set of interventions that works, and no part of it does.

    Parameters
    ----------
    perturbation
        What is done, on top of the scenario; empty where nothing has to be done.
    cost
        Sum of the costs of what is done.
    why
        How it is known, in a few words.
    phenotypes
        Phenotype -> one of `SHOWS`, under the intervention; empty where nobody asked.
    """

    perturbation: Perturbation
    cost: float
    why: str
    phenotypes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Interventions:
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
        Up to this size nothing is missing; -1 where not even "nothing has to be done" was decided.
    max_size
        The size that was asked for.
    candidates
        How many single interventions there were to choose from.
    judged
        How many sets were looked at one by one; all others are ruled out by what these showed.
    before
        Phenotype -> one of `SHOWS`, without any intervention.
    complete, missing
        False, with a sentence, when a limit or the time ran out.
    """

    origin: Origin
    target: Phenotype
    found: tuple[Intervention, ...]
    proved: int
    max_size: int
    candidates: int
    judged: int
    before: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True
    missing: str = ""


def find_interventions(
    network: LogicalNetwork,
    target: Expr | Phenotype,
    scenario: Scenario | None = None,
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
    target
        A condition that has to hold in all states of every attractor, or a phenotype.
    scenario
        What is given: perturbation, start and update mode. With a start, only attractors that can
        be reached from it count; components that are held start at their level.
    max_size
        How many interventions a set may have.
    allow
        Components that may be held, and whose effects may be cut. Default: all but those that the
        target names, because holding these is no answer, and those that the scenario holds.
    forbid
        Components that may not be held, nor edges to or from them be cut.
    cuts
        Also cut edges between two components: the target's rule then sees the source at level 0.
    costs
        Component (``"X"``) or edge (``"X->Y"``) -> cost; what is not named costs 1.
    phenotypes
        Side effects to report: which of these are shown before and after.
    limit
        Stop after so many sets (default `DEFAULT_LIMIT`).
    timeout
        Seconds; what was found by then is returned.
    progress
        Who is told how far it is.

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
    options = _options(network, goal, scenario, allow, forbid, cuts, costs or {})
    search = _Search(network, scenario, goal, options, max_size, deadline, progress)
    limit = limit or DEFAULT_LIMIT
    found: list[Intervention] = []
    missing, before = "", dict[str, str]()
    try:
        for chosen, why in search.run():
            if len(found) == limit:
                missing = f"only the first {limit} sets were looked for"
                break
            found.append(_intervention([options[i] for i in sorted(chosen)], why))
    except OutOfTime:
        missing = f"the time was over before all sets of {search.proved + 1} were judged"
    except KeyboardInterrupt:
        missing = INTERRUPTED
    if search.open and not missing:
        missing = f"not decided: {'; '.join(search.open)}"
    if missing:
        search.proved = min(search.proved, *(search.undecided or (search.proved,)))
    asked = tuple(phenotypes)
    if asked:
        progress(None, "side effects")
        try:
            before = _shown(network, scenario, asked, deadline)
            found = [
                replace(one, phenotypes=_shown(network, scenario.perturbed(one.perturbation), asked,
                                               deadline))
                for one in found
            ]  # fmt: skip
        except (OutOfTime, KeyboardInterrupt):
            missing = missing or "the side effects were not looked at in time"
    found.sort(key=lambda one: (one.cost, len(one.perturbation.clamps) + len(one.perturbation.cuts),
                                str(one.perturbation)))  # fmt: skip
    origin = Origin.of(
        network,
        scenario,
        engine="sat",
        version=find("sat").version(),
        why=f"{search.judged} sets judged one by one; what refuted them rules out the others",
        guarantee="bounded" if missing else "exact",
        seconds=time.perf_counter() - started,
    )
    return Interventions(
        origin,
        goal,
        tuple(found),
        search.proved,
        max_size,
        len(options),
        search.judged,
        before,
        not missing,
        missing,
    )


def _shown(
    network: LogicalNetwork,
    scenario: Scenario,
    phenotypes: tuple[Phenotype, ...],
    deadline: Deadline,
) -> dict[str, str]:
    """Return how widely each phenotype is shown."""
    deadline.check()
    found = find_attractors(network, scenario, phenotypes=phenotypes, timeout=deadline.left())
    if found.missing == INTERRUPTED:
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


# --- what can be done ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Option:
    """One intervention: a component held at a level, or an edge cut."""

    name: str
    level: int = 0
    cut: Cut | None = None
    cost: float = 1.0

    def __str__(self) -> str:
        return str(self.cut) if self.cut else f"{self.name}={self.level}"


def _options(
    network: LogicalNetwork,
    goal: Phenotype,
    scenario: Scenario,
    allow: Collection[str],
    forbid: Collection[str],
    cuts: bool,
    costs: Mapping[str, float],
) -> tuple[_Option, ...]:
    """Return what may be done, of all that can have an effect on the target."""
    for name in (*allow, *forbid, *(n for key in costs for n in key.split("->"))):
        network[name.strip()]
    for key, cost in costs.items():
        if not cost >= 0:
            raise NetworkError(f"{key} cannot cost {cost}")
    kept = {v.name for v in variables(goal.condition)} | scenario.perturbation.clamps.keys()
    held = set(allow or set(network.names) - kept) - set(forbid)
    acting = _acting(network, goal, scenario)
    options = [
        _Option(c.name, level, cost=costs.get(c.name, 1.0))
        for c in acting.components
        if c.name in held
        for level in range(c.top + 1)
    ]
    if cuts:
        done = {(cut.source, cut.target) for cut in scenario.perturbation.cuts}
        for c in acting.components:
            for source in dict.fromkeys(v.name for v in c.rule.thresholds()) if c.rule else ():
                if source == c.name or {source, c.name} & set(forbid) or (source, c.name) in done:
                    continue
                if not allow or source in allow:
                    cost = costs.get(f"{source}->{c.name}", 1.0)
                    options.append(_Option(c.name, cut=Cut(source, c.name), cost=cost))
    return tuple(options)


def _acting(network: LogicalNetwork, goal: Phenotype, scenario: Scenario) -> LogicalNetwork:
    """Return the perturbed network, or what of it acts on the target."""
    perturbed = scenario.perturbation.apply(network)
    if goal.kind:  # whether an attractor is a fixed point depends on every component
        return perturbed
    return upstream(perturbed, [v.name for v in variables(goal.condition)])


def _intervention(options: Iterable[_Option], why: str) -> Intervention:
    chosen = tuple(options)
    return Intervention(_perturbation(chosen), sum(o.cost for o in chosen), why)


def _perturbation(options: Iterable[_Option]) -> Perturbation:
    chosen = tuple(options)
    clamps = Space({o.name: o.level for o in chosen if o.cut is None})
    return Perturbation(clamps, frozenset(o.cut for o in chosen if o.cut))


# --- the search ------------------------------------------------------------------------------


@dataclass
class _Refutation:
    """Why a set fails, as what has to stay for that.

    `held` are variables that keep a value; `free` variables that move among themselves as they do;
    `reasons` says for a variable which values of others it rests on; `needs` are the members of the
    set without which it would not hold; `moved` are variables that move on the way there.
    """

    held: Literals = field(default_factory=dict)
    free: set[int] = field(default_factory=set)
    reasons: dict[int, Literals] = field(default_factory=dict)
    needs: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)
    way: list[tuple[int, Literals]] = field(default_factory=list)


class _Search:
    """One run of `find_interventions`."""

    def __init__(
        self,
        network: LogicalNetwork,
        scenario: Scenario,
        goal: Phenotype,
        options: tuple[_Option, ...],
        max_size: int,
        deadline: Deadline,
        progress: Progress,
    ) -> None:
        self.goal, self.options, self.max_size = goal, options, max_size
        self.deadline, self.progress = deadline, progress
        self.network = _acting(network, goal, scenario)
        start = scenario.start_of(network)
        self.start = Space({name: start[name] for name in self.network.names if name in start})
        self.begins = bool(start)
        self.scenario = Scenario(start=self.start, update=scenario.update)
        self.encoding = encode(self.network, settled=False)
        self.boolean = self.encoding.network
        self.diagram = self.boolean.diagram
        self.diagram.watch = deadline.check
        self.condition = self.encoding.read(goal.condition)
        self.index = {name: i for i, name in enumerate(self.network.names)}
        self.owner = {v: i for i, group in enumerate(self.encoding.groups) for v in group}
        self.proved = -1
        self.judged = 0
        self.open: list[str] = []
        self.undecided: list[int] = []
        edges = [self._edge(o.cut) for o in options if o.cut]
        self.traps = TrapSpaces(self.boolean, self.condition, edges)
        exclusive: dict[tuple[str, str], list[int]] = {}
        for i, option in enumerate(options):
            key = (option.cut.source, option.name) if option.cut else ("", option.name)
            exclusive.setdefault(key, []).append(i)
        self.candidates = Candidates(len(options), exclusive.values(), max_size)
        self.users = self._users()
        self.names = [v.name for v in variables(goal.condition)]

    def _edge(self, cut: Cut) -> tuple[int, int]:
        return self.index[cut.source], self.index[cut.target]

    def _users(self) -> dict[int, list[int]]:
        users: dict[int, list[int]] = {}
        for v, f in self.boolean.functions.items():
            for u in self.diagram.support(f):
                users.setdefault(u, []).append(v)
        return users

    def run(self) -> Iterator[tuple[frozenset[int], str]]:
        """Yield the sets that work, smaller ones first, with how that is known."""
        for size in range(self.max_size + 1):
            while True:
                chosen = self.candidates.next(size, deadline=self.deadline)
                if chosen is None:
                    break
                self.judged += 1
                self.progress(None, f"sets of {size}: {self.judged} judged")
                why = self._judge(chosen)
                if why:
                    self.candidates.require((), chosen)
                    yield chosen, why
            self.proved = size

    def _judge(self, chosen: frozenset[int]) -> str:
        """Return how it is known that a set works; else learn why not and return nothing."""
        network = self._under(chosen)
        if not self.begins:
            levels = {self.index[o.name]: o.level for o in self._clamps(chosen)}
            cut = {self._edge(o.cut) for i in chosen if (o := self.options[i]).cut}
            if trap := self.traps.find(levels, cut, deadline=self.deadline):
                self._learn(chosen, self._static(network, chosen, trap))
                return ""
            if refutation := self._absurd(network, chosen):
                self._learn(chosen, refutation)
                return ""
        constants = self._constants(network)
        if not self.goal.kind and self.diagram.restrict(self.condition, constants) == 1:
            return "follows from what is held, whatever the order of updates"
        perturbation = _perturbation(self.options[i] for i in chosen)
        scenario = self.scenario.perturbed(perturbation)
        left = self.network
        if not self.begins and not self.goal.kind:
            # what is constant in the end cuts off what acted on it
            fixed = self.encoding.space(constants).fixed
            scenario = scenario.perturbed(Perturbation(Space(fixed)))
            left = upstream(scenario.perturbation.apply(left), self.names)
            scenario = self.scenario
            if scenario.update == "asynchronous" and self._certified(network, constants):
                return "every attractor lies in a minimal trap space, and all of these have it"
        found = find_attractors(
            left,
            scenario,
            phenotypes=[self.goal],
            timeout=self.deadline.within(PATIENCE).left(),
        )
        if found.missing == INTERRUPTED:
            raise KeyboardInterrupt
        bad = next((a for a in found.attractors if self.goal.name not in a.phenotypes), None)
        if bad is not None and (found.complete or not self._doubtful(found)):
            seed = {**constants, **self.encoding.restriction(bad.seed)}
            self._learn(chosen, self._refutation(network, chosen, seed, scenario))
            return ""
        self.deadline.check()
        if found.complete:
            return f"all attractors found: {found.origin.why}"
        self.open.append(f"{perturbation}: {found.missing}")
        self.undecided.append(len(chosen) - 1)
        self._exclude(chosen)
        return ""

    def _doubtful(self, found: Attractors) -> bool:
        """Tell whether an attractor that is listed may be none, or none that is reached."""
        return self.begins or any(a.size is None for a in found.attractors)

    def _clamps(self, chosen: Iterable[int]) -> list[_Option]:
        return [o for i in chosen if (o := self.options[i]).cut is None]

    def _constants(self, network: BooleanNetwork) -> Literals:
        """Return the variables that are constant in every attractor; the start is not asked."""
        d, known = self.diagram, dict[int, bool]()
        functions = dict(network.targets)
        fresh = [v for v, f in functions.items() if f < 2]
        while fresh:
            known.update((v, bool(functions[v])) for v in fresh)
            touched = {u for v in fresh for u in self.users.get(v, ())} - known.keys()
            fresh = []
            for v in sorted(touched):
                functions[v] = d.restrict(functions[v], known)
                if functions[v] < 2:
                    fresh.append(v)
        return known

    def _under(self, chosen: Iterable[int], without: Collection[int] = ()) -> BooleanNetwork:
        """Return the network under a set, each variable on its own."""
        d, functions = self.diagram, dict(self.boolean.functions)
        for i in chosen:
            option = self.options[i]
            if i not in without and option.cut:
                self._cut(functions, option.cut)
        for i in chosen:
            option = self.options[i]
            if i not in without and option.cut is None:
                for place, v in enumerate(self.encoding.groups[self.index[option.name]]):
                    functions[v] = int(place < option.level)
        return BooleanNetwork(d, tuple((v,) for v in self.boolean.order), functions)

    def _cut(self, functions: dict[int, Function], cut: Cut) -> None:
        source, target = self._edge(cut)
        gone = dict.fromkeys(self.encoding.groups[source], False)
        for v in self.encoding.groups[target]:
            functions[v] = self.diagram.restrict(functions[v], gone)

    # --- refutations ---

    def _static(
        self, network: BooleanNetwork, chosen: frozenset[int], trap: Mapping[int, bool]
    ) -> _Refutation:
        """Return what of a trap space without the target holds itself up."""
        refutation = _Refutation()
        wanted = self._implicant(self.diagram.negation(self.condition), trap, ())
        self._hold(refutation, network, chosen, trap, wanted)
        return refutation

    def _certified(self, network: BooleanNetwork, constants: Literals) -> bool:
        """Tell whether minimal trap spaces hold all attractors, and each is within the target."""
        d = self.diagram
        condition = d.restrict(self.condition, constants)
        part = ancestors(inside(network, constants), condition)
        certificate = certify(part, deadline=self.deadline)
        return certificate.proved and all(
            d.restrict(condition, space) == 1 for space in certificate.spaces
        )

    def _absurd(self, network: BooleanNetwork, chosen: frozenset[int]) -> _Refutation | None:
        """Return why no attractor can show the target in all its states; None if not known.

        Suppose one does. What the target fixes never changes in it; a variable whose function is
        constant then is constant too; and so on, until something that was said to be constant is
        told to change. That happens where the target would have to switch itself off.
        """
        d, functions = self.diagram, network.targets
        known: Literals = {v: bool(f) for v, f in functions.items() if f < 2}
        reasons: dict[int, Literals] = {v: {} for v in known}
        acts = set(known)  # what is held by its function, not because the target asks for it
        fresh = list(known)
        while True:
            left = d.restrict(self.condition, known)
            if left == 0:
                because = self._implicant(d.negation(self.condition), known, ())
                return self._traced(_Refutation(), chosen, known, reasons, acts, because)
            for v in sorted(d.support(left)):
                for value in (True, False):
                    if v not in known and d.restrict(left, {v: not value}) == 0:
                        without = d.negation(d.restrict(self.condition, {v: not value}))
                        reasons[v] = self._implicant(without, known, ())
                        known[v] = value
                        fresh.append(v)
            if not fresh:
                return None
            touched = {u for v in fresh for u in (v, *self.users.get(v, ()))}
            fresh = []
            for v in sorted(touched - acts):
                f = d.restrict(functions[v], known)
                if f > 1:
                    continue
                because = self._implicant(
                    functions[v] if f else d.negation(functions[v]), known, ()
                )
                if known.get(v, bool(f)) is not bool(f):
                    refutation = _Refutation(free={v}, reasons={v: because})
                    because = {**because, v: known[v]}
                    return self._traced(refutation, chosen, known, reasons, acts, because)
                if v not in known:
                    known[v], reasons[v] = bool(f), because
                    acts.add(v)
                    fresh.append(v)

    def _traced(
        self,
        refutation: _Refutation,
        chosen: frozenset[int],
        known: Literals,
        reasons: Mapping[int, Literals],
        acts: Collection[int],
        because: Literals,
    ) -> _Refutation:
        """Add to a refutation what its reasons rest on in turn."""
        clamp_of = {self.index[o.name]: i for i in chosen if not (o := self.options[i]).cut}
        todo = list(because)
        while todo:
            v = todo.pop()
            if v in refutation.held:
                continue
            refutation.held[v] = known[v]
            if self.owner[v] in clamp_of:
                refutation.needs.add(clamp_of[self.owner[v]])
                continue
            if v in acts:
                refutation.reasons[v] = reasons[v]
            todo += reasons[v]
        self._need_cuts(refutation, chosen)
        return refutation

    def _refutation(
        self,
        network: BooleanNetwork,
        chosen: frozenset[int],
        seed: Mapping[int, bool],
        scenario: Scenario,
    ) -> _Refutation | None:
        """Return what an attractor rests on, given one of its states; None if not known."""
        d = self.diagram
        around = closure(network, seed)
        left = d.restrict(self.condition, around)
        if left == 0 and not self.goal.kind:
            refutation = self._static(network, chosen, around)
        else:
            refutation = _Refutation()
            if self.goal.kind:
                refutation.free = set(network.order) - around.keys()
                wanted = set(around)
            else:
                todo, wanted = list(d.support(left)), set(d.support(self.condition))
                while todo:
                    v = todo.pop()
                    if v not in refutation.free:
                        refutation.free.add(v)
                        todo += d.support(d.restrict(network.targets[v], around))
            for v in refutation.free:
                support = d.support(network.targets[v])
                wanted |= support
                refutation.reasons[v] = {u: around[u] for u in support if u in around}
            held = {v: around[v] for v in wanted if v in around}
            self._hold(refutation, network, chosen, around, held)
        if self.begins and not self._led(refutation, network, scenario, seed):
            return None
        return refutation

    def _hold(
        self,
        refutation: _Refutation,
        network: BooleanNetwork,
        chosen: frozenset[int],
        trap: Mapping[int, bool],
        wanted: Literals,
    ) -> None:
        """Add variables with a value, and what holds them there."""
        clamp_of = {self.index[o.name]: i for i in chosen if not (o := self.options[i]).cut}
        todo = list(wanted.items())
        held = refutation.held
        while todo:
            v, value = todo.pop()
            if v in held:
                continue
            held[v] = value
            if self.owner[v] in clamp_of:
                refutation.needs.add(clamp_of[self.owner[v]])
                continue
            f = network.targets[v]
            known = {**held, **wanted}
            reasons = self._implicant(f if value else self.diagram.negation(f), trap, known)
            refutation.reasons[v] = reasons
            todo += reasons.items()
        self._need_cuts(refutation, chosen)

    def _need_cuts(self, refutation: _Refutation, chosen: frozenset[int]) -> None:
        for i in chosen:
            if (cut := self.options[i].cut) and self._rests_on(refutation, cut):
                refutation.needs.add(i)

    def _rests_on(self, refutation: _Refutation, cut: Cut) -> bool:
        """Tell whether a refutation may need an edge to be cut."""
        source, target = self._edge(cut)
        sources = self.encoding.groups[source]
        for v in self.encoding.groups[target]:
            if v not in refutation.held and v not in refutation.free and v not in refutation.moved:
                continue
            if not self.diagram.support(self.boolean.functions[v]).isdisjoint(sources):
                return True
        return False

    def _implicant(
        self, f: Function, values: Mapping[int, bool], free: Collection[int]
    ) -> Literals:
        """Return few of these values that make a function true; those in `free` cost nothing."""
        d = self.diagram
        kept = {v: values[v] for v in sorted(d.support(f)) if v in values}
        legal = self._legal(f)
        for v in sorted(kept, key=lambda v: (v in free, v)):
            value = kept.pop(v)
            left = d.restrict(f, kept)
            if left != 1 and (legal == 1 or d.meet(d.both(d.negation(left), legal), d.cube(kept))):
                kept[v] = value
        return kept

    def _legal(self, f: Function) -> Function:
        """Return the states that mean something, as far as a function's variables go."""
        d = self.diagram
        if self.boolean.is_boolean:
            return 1
        support = d.support(f)
        return d.conjunction(
            d.ladder([v for v in group if v in support])
            for group in self.encoding.groups
            if len(group) > 1 and not support.isdisjoint(group)
        )

    def _led(
        self,
        refutation: _Refutation,
        network: BooleanNetwork,
        scenario: Scenario,
        seed: Mapping[int, bool],
    ) -> bool:
        """Add the way from the start to a refutation; False if none was found."""
        if scenario.update != "asynchronous":
            return False
        wanted = {**refutation.held, **{v: seed[v] for v in refutation.free}}
        literals = []
        names = {v: (name, level) for (name, level), v in self.encoding.number.items()}
        for v, value in sorted(wanted.items()):
            var = Var(*names[v])
            literals.append(var if value else ~var)
        found = find_reachable(
            self.network, scenario, conjunction(literals), timeout=self.deadline.left()
        )
        if found.path is None:
            return False
        states = [self.encoding.restriction(state) for state in found.path]
        for before, after in pairwise(states):
            for v in before:
                if before[v] is not after[v]:
                    f = network.targets[v]
                    f = f if after[v] else self.diagram.negation(f)
                    reasons = self._implicant(f, before, refutation.held)
                    refutation.way.append((v, reasons))
                    refutation.moved.add(v)
        return True

    # --- what a refutation rules out ---

    def _learn(self, chosen: frozenset[int], refutation: _Refutation | None) -> None:
        """Rule out every set that leaves a refutation alone."""
        if refutation is None:
            self._exclude(chosen)
            return
        needs = set(refutation.needs)
        if self.begins:
            needs |= self._started(chosen, refutation)
        hits = [i for i, o in enumerate(self.options) if self._hits(o, refutation)]
        self.candidates.require(hits, needs)

    def _exclude(self, chosen: frozenset[int]) -> None:
        self.candidates.require(set(range(len(self.options))) - chosen, chosen)

    def _hits(self, option: _Option, refutation: _Refutation) -> bool:
        """Tell whether an intervention may disturb a refutation."""
        resting = [refutation.held, *(reasons for _, reasons in refutation.way)]
        if option.cut is None:
            group = self.encoding.groups[self.index[option.name]]
            if any(v in refutation.free or v in refutation.moved for v in group):
                return True
            return any(
                literals.get(v, place < option.level) is not (place < option.level)
                for place, v in enumerate(group)
                for literals in resting
            )
        source, target = self._edge(option.cut)
        sources, targets = self.encoding.groups[source], self.encoding.groups[target]
        acts = self.boolean.functions
        for v in targets:
            if v in refutation.free and any(
                u not in refutation.held or refutation.held[u]
                for u in self.diagram.support(acts[v]).intersection(sources)
            ):
                return True
        reasons = [refutation.reasons.get(v, {}) for v in targets]
        reasons += [literals for v, literals in refutation.way if v in targets]
        return any(literals.get(u, False) for literals in reasons for u in sources)

    def _started(self, chosen: frozenset[int], refutation: _Refutation) -> set[int]:
        """Return the members of a set whose component would start elsewhere without them."""
        needs = set()
        begin = self.encoding.restriction(self.start)
        resting = [refutation.held, *(reasons for _, reasons in refutation.way)]
        for i in chosen:
            option = self.options[i]
            if option.cut is None:
                group = self.encoding.groups[self.index[option.name]]
                at = {v: begin[v] for v in group if v in begin}
                if any(lits.get(v, value) is not value for v, value in at.items()
                       for lits in resting):  # fmt: skip
                    needs.add(i)
        return needs
