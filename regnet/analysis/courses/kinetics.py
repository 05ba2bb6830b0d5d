"""Kinetics: how fast components move, and what is changed while time passes."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from regnet.boolean import BooleanNetwork, Encoding, encode
from regnet.diagram import Function
from regnet.errors import EngineError, NetworkError, ParseError, UnknownNameError
from regnet.logic import Expr, variables
from regnet.network import LogicalNetwork
from regnet.rates import Rate, RateLaw, Rates, parse_rate, parse_rates
from regnet.scenario import Perturbation, Scenario, parse_cut
from regnet.space import Range, Space, parse_levels

__all__ = [
    "Change", "Episode", "Rates", "Setup", "parse_change", "parse_rate", "parse_rates", "set_up",
]  # fmt: skip


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
        From when to when; before time 0 the network settles, and none crosses time 0. Some time
        passes in each: changes at one moment are one.
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
    whole: bool = False,
) -> Setup:
    """Return what every run does.

    Only what the readouts and conditions depend on is kept: the rest cannot change an answer,
    unless the `whole` network is asked whether it has settled.

    Raises
    ------
    RegnetError
        If something does not fit the network, or comes after the end.
    """
    if scenario.update != "asynchronous":
        raise EngineError(
            f"time courses move one component at a time; the update {scenario.update} has no rates"
        )
    rates.check(network)
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
        values = dict(encoding.restriction(_set_at(change, perturbation, network)))
        if change.time == begins[-1][0]:  # no time passes in between, so nothing is seen there
            values = {**begins.pop()[2], **values}
        begins.append((change.time, encodings[perturbation], values))
    ends = [*(begin for begin, *_ in begins[1:]), until]
    episodes = tuple(
        Episode(begin, end, e.network, tuple(e.read(c) for c in conditions), values)
        for (begin, e, values), end in zip(begins, ends, strict=True)
    )
    named = {var.name for condition in conditions for var in variables(condition)}
    wanted = {*encoding.names} if whole else {*readouts, *named}
    order = _upstream(encoding, episodes, wanted | named)
    kept = [i for i, group in enumerate(encoding.groups) if group[0] in order]
    clamps = scenario.perturbation.clamps
    ladders = []
    speeds = {}
    for i in kept:
        name, group = encoding.names[i], encoding.groups[i]
        low, high = start.get(name, clamps.get(name, (0, len(group))))
        ladders.append((group, low, high))
        speeds.update(dict.fromkeys(group, _numbers(name, rates)))
    return Setup(
        episodes,
        tuple(encoding.names[i] for i in kept),
        encoding,
        tuple(sorted(order)),
        tuple(ladders),
        speeds,
    )


def _numbers(name: str, rates: Rates) -> tuple[float, float]:
    """Return the rates of a component, which have to be numbers."""

    def number(rate: Rate) -> float:
        if isinstance(rate, RateLaw):
            raise EngineError(f"the rate of {name} depends on the state, which is not followed yet")
        return rate

    up, down = rates.of(name)
    return number(up), number(down)


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
