"""Kinetics: transition rates, and scheduled changes."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from regnet.boolean import BooleanNetwork, Encoding, encode
from regnet.diagram import Function
from regnet.errors import EngineError, NetworkError, ParseError, UnknownNameError
from regnet.logic import Expr, variables
from regnet.network import LogicalNetwork
from regnet.rates import RateLaw, Rates, parse_rate, parse_rates
from regnet.scenario import Perturbation, Scenario, parse_cut
from regnet.space import Range, Space, parse_levels

__all__ = [
    "Change", "Episode", "Rates", "Setup", "parse_change", "parse_rate", "parse_rates", "set_up",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A scheduled change at one time.

    Parameters
    ----------
    time
        When; time 0 is the start of recording.
    levels
        Components that are set to a level once and then follow their rules: surgery, or a dose of
        an input, which keeps the level.
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
        """Return the perturbation after the change, given the one before."""
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
    """Parse ``5 set Mass=0 hold LIF_dose=2``; ``cut 'A->B'`` and ``release X`` are also allowed.

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


class Choice(NamedTuple):
    """A rate that depends on the state.

    Parameters
    ----------
    variables
        The components that move at it.
    side
        0 if it is the rate of becoming 1, 1 if it is that of becoming 0.
    rates
        Its possible values.
    bits
        Functions of the state, which are the bits of the number of the present one among `rates`,
        the lowest first.
    """

    variables: tuple[int, ...]
    side: int
    rates: tuple[float, ...]
    bits: tuple[Function, ...]


class Draw(NamedTuple):
    """How some variables are drawn together for the start: rows of values, and how likely each."""

    variables: tuple[int, ...]
    rows: tuple[tuple[bool, ...], ...]
    chances: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Acting:
    """What acts in an episode, the same object in all equal episodes.

    Parameters
    ----------
    network
        The Boolean network.
    observed
        The observed conditions, as functions of it.
    rates
        Variable -> rate of becoming 1 and of becoming 0.
    choices
        State-dependent rates; `rates` holds 0 for them.
    """

    network: BooleanNetwork
    observed: tuple[Function, ...]
    rates: Mapping[int, tuple[float, float]]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, eq=False)
class Episode:
    """A time interval without scheduled changes.

    Parameters
    ----------
    begin, end
        Begin and end; the network equilibrates before time 0, and no interval contains time 0.
        Intervals are not empty: simultaneous changes are merged.
    acting
        What acts.
    set
        Variables that are set when it begins, with their values.
    """

    begin: float
    end: float
    acting: Acting
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
    draws
        How they start; the draws are independent of each other.
    """

    episodes: tuple[Episode, ...]
    components: tuple[str, ...]
    encoding: Encoding
    order: tuple[int, ...]
    draws: tuple[Draw, ...]


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
    """Return the setup that all runs share.

    Only components upstream of the readouts and conditions are kept, as others cannot affect the
    answer, unless it asks whether the `whole` network has settled.

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
    perturbation = scenario.perturbation
    encodings = {perturbation: encode(perturbation.apply(network), settled=False)}
    begins: list[tuple[float, Perturbation, dict[int, bool]]] = [(0.0 - settle, perturbation, {})]
    changes = sorted(schedule, key=lambda change: change.time)
    if settle and (not changes or changes[0].time):
        changes.insert(0, Change(0.0))
    for change in changes:
        change.check(network, perturbation)
        if change.time >= until:
            raise NetworkError(f"the change {change} comes after the end at {until:g}")
        perturbation = change.apply(perturbation)
        if perturbation not in encodings:  # pulses return to earlier settings
            encodings[perturbation] = encode(perturbation.apply(network), settled=False)
        encoding = encodings[perturbation]
        values = dict(encoding.restriction(_set_at(change, perturbation, network)))
        if change.time == begins[-1][0]:  # no time passes in between, so nothing is seen there
            values = {**begins.pop()[2], **values}
        begins.append((change.time, perturbation, values))
    acting = {p: _acting(encodings[p], p.seen_by(rates), conditions) for _, p, _ in begins}
    named = {var.name for condition in conditions for var in variables(condition)}
    encoding = encodings[scenario.perturbation]
    wanted = {*encoding.names} if whole else {*readouts, *named}
    order = _upstream(encoding, tuple(acting.values()), wanted | named)
    acting = {p: _about(part, order) for p, part in acting.items()}
    ends = [*(begin for begin, *_ in begins[1:]), until]
    kept = [i for i, group in enumerate(encoding.groups) if group[0] in order]
    return Setup(
        tuple(
            Episode(begin, end, acting[p], values)
            for (begin, p, values), end in zip(begins, ends, strict=True)
        ),
        tuple(encoding.names[i] for i in kept),
        encoding,
        tuple(sorted(order)),
        tuple(_draws({encoding.names[i]: encoding.groups[i] for i in kept}, scenario, network)),
    )


def _acting(encoding: Encoding, rates: Rates, conditions: Sequence[Expr]) -> Acting:
    """Return what acts, with the rates of that time."""
    numbers: dict[int, tuple[float, float]] = {}
    choices = []
    for name, group in zip(encoding.names, encoding.groups, strict=True):
        both = rates.of(name)
        up, down = (0.0 if isinstance(rate, RateLaw) else rate for rate in both)
        numbers.update(dict.fromkeys(group, (up, down)))
        for side, rate in enumerate(both):
            if isinstance(rate, RateLaw):
                choices.append(_choice(rate, tuple(group), side, encoding))
    observed = tuple(encoding.read(condition) for condition in conditions)
    return Acting(encoding.network, observed, numbers, tuple(choices))


def _choice(law: RateLaw, group: tuple[int, ...], side: int, encoding: Encoding) -> Choice:
    """Return a rate that depends on the state as bits of the number of what it is."""
    rates = tuple(dict.fromkeys((0.0, *(float(rate) for _, rate in law.cases))))
    diagram = encoding.network.diagram
    bits = [0] * (len(rates) - 1).bit_length()  # where no case holds it is 0, the first of them
    for when, rate in reversed(law.cases):
        holds, number = encoding.read(when), rates.index(float(rate))
        bits = [diagram.ite(holds, number >> k & 1, bit) for k, bit in enumerate(bits)]
    return Choice(group, side, rates, tuple(bits))


def _about(acting: Acting, order: Collection[int]) -> Acting:
    """Return the part that is about some variables."""
    return replace(
        acting,
        rates={v: acting.rates[v] for v in order},
        choices=tuple(choice for choice in acting.choices if choice.variables[0] in order),
    )


def _draws(
    groups: Mapping[str, Sequence[int]], scenario: Scenario, network: LogicalNetwork
) -> Iterator[Draw]:
    """Yield how the components with these variables start."""
    start, clamps = scenario.start_of(network), scenario.perturbation.clamps
    drawn = [
        part
        for group in start.drawn
        if (part := group.without(*(set(group.components) - set(groups)))) is not None
    ]
    for group in drawn:
        own = tuple(v for name in group.components for v in groups[name])
        rows = (
            tuple(
                place < level
                for name, level in zip(group.components, levels, strict=True)
                for place in range(len(groups[name]))
            )
            for levels, _ in group.rows
        )
        yield Draw(own, tuple(rows), tuple(chance for _, chance in group.rows))
    together = {name for group in drawn for name in group.components}
    for name, variables_ in groups.items():
        if name not in together:
            top = len(variables_)
            low, high = start.get(name, clamps.get(name, (0, top)))
            rows_ = tuple(
                tuple(place < level for place in range(top)) for level in range(low, high + 1)
            )
            yield Draw(tuple(variables_), rows_, (1 / len(rows_),) * len(rows_))


def _set_at(change: Change, acting: Perturbation, network: LogicalNetwork) -> Mapping[str, Range]:
    """Return where a change puts components; what is set stays within what is held."""
    put: dict[str, int | Range] = dict(change.perturbation.clamps)
    for name, (level, _) in change.levels.items():
        low, high = acting.clamps.get(name, (0, network[name].top))
        put[name] = min(max(level, low), high)
    return Space(put)


def _upstream(encoding: Encoding, acting: Sequence[Acting], names: set[str]) -> set[int]:
    """Return the variables of some components and of all that these depend on, at any time."""
    group_of = {v: group for group in encoding.groups for v in group}
    unknown = names - set(encoding.names)
    if unknown:
        raise UnknownNameError("component", min(unknown), encoding.names)
    chosen: dict[int, list[tuple[Acting, Function]]] = {}
    for part in acting:
        for choice in part.choices:
            for v in choice.variables:
                chosen.setdefault(v, []).extend((part, bit) for bit in choice.bits)
    todo = [v for n, group in zip(encoding.names, encoding.groups, strict=True)
            if n in names for v in group]  # fmt: skip
    found = set(todo)
    while todo:
        v = todo.pop()
        functions = [(part, part.network.functions[v]) for part in acting]
        for part, function in (*functions, *chosen.get(v, ())):
            support = part.network.diagram.support(function)
            for w in {u for s in support for u in group_of[s]} - found:
                found.add(w)
                todo.append(w)
    return found
