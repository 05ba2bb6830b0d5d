"""Kinetics: how fast components move, and what is changed while time passes."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from regnet.boolean import BooleanNetwork, Encoding, encode
from regnet.diagram import Function
from regnet.errors import EngineError, NetworkError, ParseError, UnknownNameError
from regnet.logic import Expr, variables
from regnet.network import LogicalNetwork
from regnet.scenario import Perturbation, Scenario, parse_cut, parse_levels
from regnet.space import Range, Space


@dataclass(frozen=True, slots=True)
class Rates:
    """How often a component that is about to move does so, per unit of time.

    A component at rate r waits 1 / r on average before it moves by one level; if its target moves
    back in the meantime it does not move. Time has no unit but the one that rates give it.

    Parameters
    ----------
    default
        Rate of every component that is not named.
    own
        ``(component, up, down)``: rates of rising and of falling; 0 means never.

    Examples
    --------
    >>> print(Rates().with_rate(10, "LIF", "STAT3").with_rate((0.2, 1), "Mass"))
    LIF STAT3 at 10, Mass at 0.2 up and 1 down, others at 1
    """

    default: float = 1.0
    own: tuple[tuple[str, float, float], ...] = ()

    def __post_init__(self) -> None:
        for rate in (self.default, *(r for _, up, down in self.own for r in (up, down))):
            if not 0 <= rate < math.inf:
                raise NetworkError(f"a rate cannot be {rate:g}")

    def with_rate(self, rate: float | tuple[float, float], *components: str) -> Rates:
        """Return these rates with one rate, or one up and one down, for a class of components."""
        up, down = rate if isinstance(rate, tuple) else (rate, rate)
        kept = tuple(entry for entry in self.own if entry[0] not in components)
        return replace(self, own=(*kept, *((name, up, down) for name in components)))

    def of(self, name: str) -> tuple[float, float]:
        """Return how fast a component rises and falls."""
        rates = {entry[0]: entry[1:] for entry in self.own}
        return rates.get(name, (self.default, self.default))

    @property
    def is_uniform(self) -> bool:
        """Whether everything moves at one rate."""
        return all(up == down == self.default for _, up, down in self.own)

    def __str__(self) -> str:
        if self.is_uniform:
            return f"all at {self.default:g}"
        classes: dict[str, list[str]] = {}
        for name, up, down in self.own:
            speed = f"{up:g}" if up == down else f"{up:g} up and {down:g} down"
            classes.setdefault(speed, []).append(name)
        named = (f"{' '.join(names)} at {speed}" for speed, names in classes.items())
        return ", ".join((*named, f"others at {self.default:g}"))


def parse_rate(text: str) -> tuple[tuple[str, ...], tuple[float, float]]:
    """Read ``A,B=10``, or ``A=0.2/1`` for 0.2 up and 1 down.

    >>> parse_rate("LIF,STAT3=10")
    (('LIF', 'STAT3'), (10.0, 10.0))
    """
    names, equals, speeds = text.rpartition("=")
    up, _, down = speeds.partition("/")
    components = tuple(names.replace(",", " ").split())
    try:
        rates = float(up), float(down or up)
    except ValueError:
        rates = -1.0, -1.0
    if not equals or not components or not all(0 <= rate < math.inf for rate in rates):
        raise ParseError(f"{text!r} is not a rate", expected="A=10, A,B=10 or A=0.2/1 (up/down)")
    return components, rates


def parse_rates(texts: Iterable[str]) -> Rates:
    """Read several rates, as `parse_rate` reads each; a later one for a component counts."""
    rates = Rates()
    for text in texts:
        components, rate = parse_rate(text)
        rates = rates.with_rate(rate, *components)
    return rates


@dataclass(frozen=True, slots=True)
class Change:
    """What an experimenter does at one moment.

    Parameters
    ----------
    time
        When; time 0 is where recording begins.
    levels
        Components that are set to a level at once and then left to themselves: surgery, or a dose
        of an input, which keeps what it is given.
    perturbation
        Clamps and cuts that act from then on, on top of earlier ones; clamped components are at
        their clamp at once, as they are at a start.
    release
        Components whose clamp, or whose incoming cuts, end: an inhibitor is withdrawn.

    Examples
    --------
    >>> print(Change(5, Space({"Mass": 0}), Perturbation(Space({"LIF_dose": 2}))))
    at 5: set Mass=0, hold LIF_dose=2
    """

    time: float
    levels: Space = field(default_factory=Space)
    perturbation: Perturbation = field(default_factory=Perturbation)
    release: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.time < math.inf:
            raise NetworkError(f"nothing can be changed at time {self.time:g}: time starts at 0")
        for name, (low, high) in self.levels.items():
            if low != high:
                raise NetworkError(f"{name} can be set to one level only, not to {low}..{high}")

    def __str__(self) -> str:
        parts = [
            f"{verb} {what}"
            for verb, what in (
                ("release", " ".join(self.release)),
                ("set", str(self.levels)),
                ("hold", str(self.perturbation.clamps)),
                ("cut", " ".join(map(str, sorted(self.perturbation.cuts)))),
            )
            if what
        ]
        return f"at {self.time:g}: {', '.join(parts) or 'nothing'}"

    def apply(self, perturbation: Perturbation) -> Perturbation:
        """Return what acts after the change, given what acted before."""
        cuts = frozenset(c for c in perturbation.cuts if c.target not in self.release)
        left = Perturbation(perturbation.clamps.without(*self.release), cuts)
        return left.then(self.perturbation)

    def check(self, network: LogicalNetwork, before: Perturbation) -> None:
        """Raise if it names what does not exist, or releases what is not held."""
        Scenario(perturbation=self.perturbation, start=self.levels).check(network)
        for name in self.release:
            network[name]
            if name not in before.clamps and all(cut.target != name for cut in before.cuts):
                raise NetworkError(f"{name} is not held at {self.time:g}: nothing to release")


_VERBS = ("set", "hold", "cut", "release")


def parse_change(text: str) -> Change:
    """Read ``5 set Mass=0 hold LIF_dose=2``; ``cut 'A->B'`` and ``release X`` work alike.

    >>> print(parse_change("5 set Mass=0 hold LIF=2, VEGF=0 release HGF"))
    at 5: release HGF, set Mass=0, hold LIF=2 VEGF=0
    """
    expected = "5 set Mass=0 hold LIF=2 release VEGF"
    time, *words = text.replace(",", " ").replace(":", " ", 1).split() or [""]
    said: dict[str, list[str]] = {}
    verb = ""
    for word in words:
        if word in _VERBS:
            verb = word
            said.setdefault(verb, [])
        elif not verb:
            raise ParseError(f"{text!r} is not a change", expected=expected)
        else:
            said[verb].append(word)
    try:
        moment = float(time)
    except ValueError:
        moment = math.nan
    if not said or not all(said.values()) or not 0 <= moment < math.inf:
        raise ParseError(f"{text!r} is not a change", expected=expected)
    return Change(
        moment,
        parse_levels(" ".join(said.get("set", ()))),
        Perturbation(
            parse_levels(" ".join(said.get("hold", ()))),
            frozenset(parse_cut(word) for word in said.get("cut", ())),
        ),
        tuple(said.get("release", ())),
    )


# --- what every run does ---------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Episode:
    """A stretch of time in which nothing is changed from outside.

    Parameters
    ----------
    begin, end
        From when to when; before time 0 the network settles, and none crosses time 0.
    network
        The Boolean network of what acts; the same object in every episode in which the same acts.
    observed
        The conditions that are watched, as functions of it.
    set
        Variables that are set when it begins, with their values.
    """

    begin: float
    end: float
    network: BooleanNetwork
    observed: tuple[Function, ...]
    set: Mapping[int, bool]


@dataclass(frozen=True, eq=False)
class Setup:
    """Everything that the runs of one question share.

    Parameters
    ----------
    episodes
        One after the other.
    components
        Those that matter: readouts, what conditions name, and all that these depend on.
    encoding
        The variables of all components.
    order
        The variables of `components`, ascending.
    ladders
        For each of `components` its variables and the levels between which it may start.
    rates
        Variable -> rate of becoming 1 and of becoming 0.
    """

    episodes: tuple[Episode, ...]
    components: tuple[str, ...]
    encoding: Encoding
    order: tuple[int, ...]
    ladders: tuple[tuple[tuple[int, ...], int, int], ...]
    rates: Mapping[int, tuple[float, float]]


def set_up(
    network: LogicalNetwork,
    scenario: Scenario,
    *,
    rates: Rates,
    until: float,
    settle: float,
    schedule: Iterable[Change],
    conditions: Sequence[Expr],
    readouts: Collection[str],
) -> Setup:
    """Return what every run does.

    Only what the readouts and conditions depend on is kept: the rest cannot change an answer.

    Raises
    ------
    RegnetError
        If something does not fit the network, or comes after the end.
    """
    if scenario.update != "asynchronous":
        raise EngineError(
            f"time courses move one component at a time; the update {scenario.update} has no rates"
        )
    for name, *_ in rates.own:
        network[name]
    for condition in conditions:
        network.check(condition)
    start = scenario.start_of(network)
    perturbation = scenario.perturbation
    encoding = encode(perturbation.apply(network), settled=False)
    encodings = {perturbation: encoding}  # pulses come back to what acted before
    begins: list[tuple[float, Encoding, dict[int, bool]]] = [(0.0 - settle, encoding, {})]
    changes = sorted(schedule, key=lambda change: change.time)
    if settle and (not changes or changes[0].time):
        changes.insert(0, Change(0.0))
    for change in changes:
        change.check(network, perturbation)
        if change.time >= until:
            raise NetworkError(f"the change {change} comes after the end at {until:g}")
        perturbation = change.apply(perturbation)
        if perturbation not in encodings:
            encodings[perturbation] = encode(perturbation.apply(network), settled=False)
        values = encoding.restriction(_set_at(change, perturbation, network))
        begins.append((change.time, encodings[perturbation], values))
    ends = [*(begin for begin, *_ in begins[1:]), until]
    episodes = tuple(
        Episode(begin, end, e.network, tuple(e.read(c) for c in conditions), values)
        for (begin, e, values), end in zip(begins, ends, strict=True)
    )
    named = {var.name for condition in conditions for var in variables(condition)}
    order = _upstream(encoding, episodes, {*readouts, *named})
    kept = [i for i, group in enumerate(encoding.groups) if group[0] in order]
    clamps = scenario.perturbation.clamps
    ladders = []
    speeds = {}
    for i in kept:
        name, group = encoding.names[i], encoding.groups[i]
        low, high = start.get(name, clamps.get(name, (0, len(group))))
        ladders.append((group, low, high))
        speeds.update(dict.fromkeys(group, rates.of(name)))
    return Setup(
        episodes,
        tuple(encoding.names[i] for i in kept),
        encoding,
        tuple(sorted(order)),
        tuple(ladders),
        speeds,
    )


def _set_at(change: Change, acting: Perturbation, network: LogicalNetwork) -> Mapping[str, Range]:
    """Return where a change puts components; what is set stays within what is held."""
    put: dict[str, int | Range] = dict(change.perturbation.clamps)
    for name, (level, _) in change.levels.items():
        low, high = acting.clamps.get(name, (0, network[name].top))
        put[name] = min(max(level, low), high)
    return Space(put)


def _upstream(encoding: Encoding, episodes: Sequence[Episode], names: set[str]) -> set[int]:
    """Return the variables of some components and of all that these depend on, at any time."""
    group_of = {v: group for group in encoding.groups for v in group}
    unknown = names - set(encoding.names)
    if unknown:
        raise UnknownNameError("component", min(unknown), encoding.names)
    todo = [v for n, group in zip(encoding.names, encoding.groups, strict=True)
            if n in names for v in group]  # fmt: skip
    found = set(todo)
    while todo:
        v = todo.pop()
        for episode in episodes:
            support = episode.network.diagram.support(episode.network.functions[v])
            for w in {u for s in support for u in group_of[s]} - found:
                found.add(w)
                todo.append(w)
    return found
