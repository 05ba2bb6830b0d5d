"""Attractors: where the network ends up, from anywhere or from a start."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import prod

from regnet.analysis import Origin, Progress, silent
from regnet.analysis.attractors.cores import Cores, Solution
from regnet.analysis.attractors.regions import Cycle, Region
from regnet.boolean import BooleanNetwork, Encoding, encode
from regnet.diagram import Function
from regnet.engines import Deadline, OutOfTime, find
from regnet.errors import EngineError
from regnet.evidence import Phenotype
from regnet.network import LogicalNetwork
from regnet.reduction import Group, Reduction, parts, reduce
from regnet.scenario import Scenario
from regnet.space import Space


@dataclass(frozen=True, slots=True)
class Attractor:
    """A smallest set of states that the network never leaves.

    Parameters
    ----------
    kind
        ``"fixed point"`` (one state), ``"cyclic"`` (each state has exactly one successor) or
        ``"complex"`` (any other; for most-permissive updates every attractor of several states).
    size
        Number of states, or None where it was not counted.
    space
        Each component with the range it takes over the attractor's states.
    seed
        One state of the attractor.
    phenotypes
        Names of the phenotypes that hold in all its states.
    condition
        Levels of the free inputs under which it exists, as ranges; empty when no input is free.
        Every combination of input levels in `condition` has exactly one such attractor.
    valuations
        How many input combinations `condition` covers.
    follows
        Components that are settled by the inputs and differ between the combinations in
        `condition`; their range in `space` runs over the combinations, not over one attractor.
    """

    kind: str
    size: int | None
    space: Space
    seed: Space
    phenotypes: tuple[str, ...] = ()
    condition: Space = field(default_factory=Space)
    valuations: int = 1
    follows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attractors:
    """The attractors of a network in a scenario: by input condition, fixed points first.

    `complete` is False when a limit or the time ran out, or when nothing proves that there are no
    more; `missing` then says in one sentence what is missing. `total` is how many there are, each
    input combination counted and whether or not they are all listed; None where it is not known.
    """

    origin: Origin
    attractors: tuple[Attractor, ...]
    complete: bool = True
    missing: str = ""
    total: int | None = None

    @property
    def count(self) -> int:
        """How many attractors are listed, each input combination counted."""
        return sum(a.valuations for a in self.attractors)

    @property
    def interrupted(self) -> bool:
        """Whether a person stopped the search."""
        return INTERRUPTED in self.missing


DEFAULT_LIMIT = 10_000
"""How many attractors are listed when nobody says how many."""

COUNTING = 30.0
"""Seconds for counting the attractors under all input combinations, before they are listed."""

INTERRUPTED = "the search was interrupted"
"""What is missing when a person stopped the search."""


def find_attractors(
    network: LogicalNetwork,
    scenario: Scenario | None = None,
    *,
    phenotypes: Iterable[Phenotype] = (),
    engine: str = "auto",
    limit: int | None = None,
    timeout: float | None = None,
    progress: Progress = silent,
) -> Attractors:
    """Return the attractors of a network in a scenario.

    Parameters
    ----------
    network
        The network, unperturbed.
    scenario
        Perturbation, start and update mode; default the wild type, asynchronous, from anywhere.
    phenotypes
        Names to give to attractors.
    engine
        ``"auto"`` chooses by what is left after reduction; otherwise a name in
        `regnet.engines.ENGINES`.
    limit
        Stop after so many (default `DEFAULT_LIMIT`); attractors that differ only in inputs which
        change nothing else count once.
    timeout
        Seconds; what was found by then is returned.
    progress
        Who is told how far it is.

    Returns
    -------
    Attractors
        Exact and complete, unless `Attractors.missing` says what is missing.

    Raises
    ------
    RegnetError
        If the scenario does not fit the network, or the engine cannot answer this.

    Examples
    --------
    >>> from regnet.network import Component, Rule
    >>> toggle = LogicalNetwork((Component("A", Rule.of("!B")), Component("B", Rule.of("!A"))))
    >>> [str(a.space) for a in find_attractors(toggle).attractors]
    ['A=0 B=1', 'A=1 B=0']
    """
    scenario = scenario or Scenario()
    if engine != "auto" and scenario.update not in find(engine).answers:
        raise EngineError(f"the engine {engine} does not find {scenario.update} attractors")
    started = time.perf_counter()
    search = _Search(network, scenario, tuple(phenotypes), engine, Deadline(timeout), progress)
    limit = limit or DEFAULT_LIMIT
    found: list[Attractor] = []
    missing = ""
    total = None
    try:
        total = search.total()
        for attractor in search.run():
            if len(found) == limit:
                missing = f"only the first {limit} were looked for"
                break
            found.append(attractor)
    except OutOfTime:
        missing = "the time was over before the search ended"
    except OverflowError:
        missing = "a cycle is too long to be put together"
    except KeyboardInterrupt:
        missing = INTERRUPTED
    doubts = search.cores.doubts
    found.sort(key=_order)
    origin = Origin.of(
        network,
        scenario=scenario,
        engine=" + ".join(search.cores.used) or "reduction",
        version=", ".join(dict.fromkeys(find(name).version() for name in search.cores.used)),
        why=search.why(),
        guarantee="bounded" if missing or doubts else "exact",
        seconds=time.perf_counter() - started,
    )
    if doubts:
        total = None
    elif missing and total is not None:
        missing += f"; there are {total:,} with each input combination counted"
    elif not missing:
        total = sum(a.valuations for a in found)
    missing = missing or "; ".join(dict.fromkeys(doubts))
    return Attractors(origin, tuple(found), not missing, missing, total)


def _order(attractor: Attractor) -> tuple[object, ...]:
    return (
        tuple(attractor.condition.values()),
        attractor.kind != "fixed point",
        tuple(attractor.space.values()),
        tuple(attractor.seed.values()),
    )


class _Search:
    """One run of `find_attractors`: reduce, solve the parts, put the answers together."""

    def __init__(
        self,
        network: LogicalNetwork,
        scenario: Scenario,
        phenotypes: tuple[Phenotype, ...],
        engine: str,
        deadline: Deadline,
        progress: Progress,
    ) -> None:
        perturbed = scenario.perturbation.apply(network)
        begin = scenario.start_of(network)
        self.network = perturbed
        self.synchronous = scenario.update == "synchronous"
        self.encoding: Encoding = encode(perturbed, settled=not begin)
        self.begin = begin
        self.start = self.encoding.restriction(begin) if begin else None
        self.phenotypes = [(p, self.encoding.read(p.condition)) for p in phenotypes]
        for phenotype in phenotypes:
            network.check(phenotype.condition)
        self.cores = Cores(scenario.update, engine, self.start, deadline, progress)
        self.engine = engine
        self.deadline = deadline
        self.memo: dict[object, list[Solution]] = {}
        self.numbers: dict[object, int] = {}
        self.diagram = self.encoding.network.diagram
        self.diagram.watch = deadline.check
        boolean = self.encoding.network
        self.inputs = [g for g in boolean.groups if g[0] in boolean.inputs]
        self.left = len(boolean.groups)

    def why(self) -> str:
        """Say in a few words what the engine had to do."""
        asked = "" if self.engine == "auto" else "asked for; "
        total = len(self.network)
        if not self.cores.largest:
            return f"{asked}all {total} components follow from their regulators"
        return (
            f"{asked}{self.left} of {total} components are left after reduction, "
            f"{self.cores.largest} variables in the largest part"
        )

    def run(self) -> Iterator[Attractor]:
        """Yield the attractors as they are found."""
        if self.synchronous and self.start is not None:
            solutions = self.cores.reached_synchronously(self.encoding.network)
        else:
            reduction = self._reduce(self.encoding.network, {})
            self.left = len(reduction.core.groups)
            solutions = self._solutions(reduction, {})
        for solution in solutions:
            yield from self._attractors(solution)

    def total(self) -> int | None:
        """Return how many attractors there are, each input combination counted, without listing.

        Inputs are set one at a time. What is left falls into independent parts, whose numbers
        multiply, and parts that return are remembered: the work grows with how many different parts
        there are, not with how many attractors. None without free inputs, and where it takes long.
        """
        boolean = self.encoding.network
        if not boolean.inputs or (self.synchronous and self.start is not None):
            return None
        whole, left = self.deadline, self.deadline.left()
        patience, self.cores.patience = self.cores.patience, 0.0  # sizes make no difference
        self._stop_at(whole.within(COUNTING if left is None else left / 2))
        number = None
        try:
            number = self._number(self._reduce(boolean, {}))
        except OutOfTime:
            if self.cores.doubts:  # they may come from the time, of which there is more later
                self.cores.doubts.clear()
                self.memo.clear()
        self._stop_at(whole)
        self.cores.patience = patience
        return number

    def _stop_at(self, deadline: Deadline) -> None:
        self.deadline = self.cores.deadline = deadline
        self.diagram.watch = deadline.check

    def _number(self, reduction: Reduction) -> int:
        cores = sorted(parts(reduction.core), key=lambda p: (len(p.order), p.order))
        return prod(map(self._number_of_part, cores))

    def _number_of_part(self, part: BooleanNetwork) -> int:
        key = part.key
        if key not in self.numbers:
            self.deadline.check()
            group = self._most_used_input(part) if part.inputs else ()
            if not part.inputs:
                answers = list(self.cores.solve(part))
                number = len(answers)
                if all(a.region.size for a in answers):
                    self.memo[key] = answers
            elif len(part.order) == len(part.inputs):
                number = len(list(self._levels(group, {})))
            else:
                number = sum(
                    self._number(self._reduce(part, values)) for values in self._levels(group, {})
                )
            if self.cores.doubts:
                raise OutOfTime
            self.numbers[key] = number
        return self.numbers[key]

    def _reduce(self, network: BooleanNetwork, values: Mapping[int, bool]) -> Reduction:
        start = None if self.start is None else {**self.start, **values}
        return reduce(network, values, start=start, synchronous=self.synchronous)

    def _solutions(self, reduction: Reduction, condition: Mapping[int, bool]) -> Iterator[Solution]:
        """Yield the attractors of a reduced network: the product over its parts."""
        empty: Region | Cycle = Cycle(self.diagram) if self.synchronous else Region(self.diagram)
        base = Solution(empty, condition, reduction.fixed, reduction.driven, reduction.settled)
        # large parts last, so that the product starts to flow early
        cores = sorted(parts(reduction.core), key=lambda p: (len(p.order), p.order))
        return self._product(base, cores)

    def _product(self, base: Solution, cores: list[BooleanNetwork]) -> Iterator[Solution]:
        if not cores:
            yield base
            return
        *rest, last = cores
        for answer in self._part(last):
            for joined in base.joined(answer):
                yield from self._product(joined, rest)

    def _part(self, part: BooleanNetwork) -> Iterator[Solution]:
        """Yield the attractors of one part, remembered for parts that return."""
        key = part.key
        if key in self.memo:
            yield from self.memo[key]
            return
        answers = []
        for answer in self._fresh(part):
            answers.append(answer)
            yield answer
        self.memo[key] = answers

    def _fresh(self, part: BooleanNetwork) -> Iterator[Solution]:
        if not part.inputs:
            yield from self.cores.solve(part)
            return
        if len(part.order) == len(part.inputs):  # an input that nothing left depends on
            yield Solution(Cycle(self.diagram) if self.synchronous else Region(self.diagram))
            return
        group = self._most_used_input(part)
        for values in self._levels(group, {}):
            self.deadline.check()
            yield from self._solutions(self._reduce(part, values), values)

    def _most_used_input(self, part: BooleanNetwork) -> Group:
        d, uses = part.diagram, dict.fromkeys(part.inputs, 0)
        for v in part.order:
            if v not in part.inputs:
                for u in d.support(part.targets[v]) & part.inputs:
                    uses[u] += 1
        groups = [g for g in self.inputs if part.inputs & set(g)]
        return max(groups, key=lambda g: (sum(uses.get(v, 0) for v in g), -g[0]))

    def _levels(self, group: Group, condition: Mapping[int, bool]) -> Iterator[dict[int, bool]]:
        """Yield each level that an input can have under a condition, as variable values."""
        low, high = self._range_of_input(group, condition)
        for level in range(low, high + 1):
            yield {v: place < level for place, v in enumerate(group)}

    def _range_of_input(self, group: Group, condition: Mapping[int, bool]) -> tuple[int, int]:
        known = {**(self.start or {}), **condition}
        low = sum(known.get(v) is True for v in group)
        return low, sum(known.get(v) is not False for v in group)

    # --- from a solution to what people read ---

    def _attractors(self, solution: Solution) -> Iterator[Attractor]:
        """Put back what was taken out; split on inputs where the answer depends on them."""
        d = self.diagram
        values = {**solution.fixed, **solution.condition}
        inputs = {v: g for g in self.inputs for v in g if v not in values}
        formulas: dict[int, Function] = {}

        def seen(f: Function) -> Function:
            return d.compose(d.restrict(f, values), formulas)

        for group, targets in solution.settled:
            for v, target in zip(group, targets, strict=True):
                f = seen(target)
                if f < 2:
                    values[v] = bool(f)
                else:
                    formulas[v] = f
        region = solution.region
        for group, targets in reversed(solution.driven):
            functions = [seen(target) for target in targets]
            support = frozenset().union(*(d.support(f) for f in functions))
            asked = support & inputs.keys()
            if asked and support != asked:
                yield from self._split(solution, inputs[min(asked)])
                return
            if asked:
                for v, f in zip(group, functions, strict=True):
                    if f < 2:
                        values[v] = bool(f)
                    else:
                        formulas[v] = f
            else:
                region, fixed = region.driven(group, functions)
                values.update(fixed)
        names: list[str] = []
        for phenotype, condition in self.phenotypes:
            f = seen(condition)
            asked = d.support(f) & inputs.keys()
            if asked:
                yield from self._split(solution, inputs[min(asked)])
                return
            if phenotype.fits(region.kind) and not region.can(d.negation(f)):
                names.append(phenotype.name)
        yield self._attractor(solution, region, values, formulas, names)

    def _split(self, solution: Solution, group: Group) -> Iterator[Attractor]:
        for values in self._levels(group, solution.condition):
            condition = {**solution.condition, **values}
            yield from self._attractors(replace(solution, condition=condition))

    def _attractor(
        self,
        solution: Solution,
        region: Region | Cycle,
        values: Mapping[int, bool],
        formulas: Mapping[int, Function],
        names: list[str],
    ) -> Attractor:
        d = self.diagram
        condition: dict[str, int | tuple[int, int]] = {}
        lowest = dict(values)
        allowed = []  # the input combinations, as a function
        for name, group in zip(self.encoding.names, self.encoding.groups, strict=True):
            if group not in self.inputs:
                continue
            low, high = self._range_of_input(group, solution.condition)
            condition[name] = (low, high)
            lowest.update({v: place < low for place, v in enumerate(group)})
            decided = {v: place < low for place, v in enumerate(group) if not low <= place < high}
            allowed += [d.cube(decided), d.ladder(group[low:high])]
        combinations = d.conjunction(allowed)

        def can(v: int, value: bool) -> bool:
            if v in values:
                return values[v] is value
            if v in formulas:
                f = formulas[v] if value else d.negation(formulas[v])
                return d.both(f, combinations) != 0
            return region.can(d.literal(v, value))

        space: dict[str, int | tuple[int, int]] = {}
        follows = []
        lowest.update({v: bool(d.restrict(f, lowest)) for v, f in formulas.items()})
        seed = self.encoding.space({**region.seed(), **lowest}, complete=True)
        for name, group in zip(self.encoding.names, self.encoding.groups, strict=True):
            if name in condition:
                space[name] = condition[name]
                continue
            space[name] = (
                sum(not can(v, False) for v in group),
                sum(can(v, True) for v in group),
            )
            if any(v in formulas for v in group):
                follows.append(name)
        return Attractor(
            kind="complex" if region.kind == "cyclic" and self._permissive() else region.kind,
            size=region.size,
            space=Space(space),
            seed=seed,
            phenotypes=tuple(names),
            condition=Space(condition),
            valuations=prod(high - low + 1 for low, high in Space(condition).values()),
            follows=tuple(follows),
        )

    def _permissive(self) -> bool:
        return self.cores.update == "most-permissive"
