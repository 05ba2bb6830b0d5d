"""Texts of explanations, for the terminal, reports and the window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from regnet.analysis.explain import Explanation
from regnet.analysis.explain.chains import LINK_KINDS, Link
from regnet.analysis.explain.phases import Phase
from regnet.network import LogicalNetwork
from regnet.space import Range, Space


def literal(name: str, levels: Range, top: int) -> str:
    """Return levels of a component in the usual notation.

    >>> literal("HGF", (2, 2), 2), literal("LIF", (1, 2), 2), literal("Mass", (0, 1), 2)
    ('HGF=2', 'LIF≥1', 'Mass≤1')
    """
    low, high = levels
    if low == high:
        return f"{name}={low}"
    if high == top:
        return f"{name}≥{low}"
    return f"{name}≤{high}" if low == 0 else f"{name}={low}..{high}"


def joined(parts: Iterable[str]) -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``."""
    *rest, last = list(parts) or ["nothing"]
    return f"{', '.join(rest)} and {last}" if rest else last


def condition_words(space: Mapping[str, Range], network: LogicalNetwork) -> str:
    """Return all the levels of a space as a phrase."""
    return joined(literal(name, levels, network[name].top) for name, levels in space.items())


def link_words(link: Link, network: LogicalNetwork) -> str:
    """Return why one component is at its level: which regulators drive or block it.

    >>> from regnet.analysis.explain import explain_at
    >>> from regnet.network import Component, Rule
    >>> parts = Component("Dose"), Component("Brake"), Component("X", Rule.of("Dose & !Brake"))
    >>> net = LogicalNetwork(parts)
    >>> answer = explain_at(net, None, "X", Space({"Dose": 1, "Brake": 1, "X": 0}))
    >>> link_words(answer.links[0], net)
    'Brake=1 blocks it, although Dose=1 drives it'
    """
    if link.reason is None:
        return LINK_KINDS[link.kind]
    roles: dict[str, list[str]] = {}
    for name, levels in link.reason.items():
        text = literal(name, levels, network[name].top)
        role = _role(link.signs[name], levels, network[name].top)
        if name != link.name:
            roles.setdefault(role, []).append(text)
    phrases = [f"{joined(texts)} {_verb(role, len(texts))}" for role, texts in roles.items()]
    if link.name in link.reason:
        phrases.append(f"it is {_at(link.reason[link.name], network[link.name].top)} already")
    words = joined(phrases)
    if link.against:
        return f"{words}, although {_against_words(link, network)}"
    return words


def _role(sign: str, levels: Range, top: int) -> str:
    low, high = levels
    if sign == "±" or (low > 0 and high < top):
        return "decides"
    present = low > 0
    if sign == "+":
        return "drives" if present else "lacks"
    return "blocks" if present else "spares"


def _verb(role: str, count: int) -> str:
    several = count > 1
    match role:
        case "drives":
            return "drive it" if several else "drives it"
        case "blocks":
            return "block it" if several else "blocks it"
        case "lacks":
            return "do not drive it" if several else "does not drive it"
        case "spares":
            return "do not block it" if several else "does not block it"
        case _:
            return "decide" if several else "decides"


def _at(levels: Range, top: int) -> str:
    low, high = levels
    if low == high:
        return f"at {low}"
    if high == top:
        return f"at {low} or above"
    return f"at {high} or below" if low == 0 else f"between {low} and {high}"


def _against_words(link: Link, network: LogicalNetwork) -> str:
    phrases = []
    for sign, verb in (("+", "drive"), ("-", "block")):
        acting = {name: at for name, at in link.against.items() if link.signs[name] == sign}
        if not acting:
            continue
        # with two levels, the higher one needs no mention
        highest = all(1 < network[name].top == low for name, (low, _) in acting.items())
        several = len(acting) > 1
        most = f" ({'their highest levels' if several else 'its highest level'})" if highest else ""
        texts = joined(str(Space({name: levels})) for name, levels in acting.items())
        phrases.append(f"{texts}{most} {verb}{'' if several else 's'} it")
    return joined(phrases)


def headline(answer: Explanation, network: LogicalNetwork) -> str:
    """Return the answer in one sentence."""
    name, (low, high) = answer.component, answer.levels
    if low != high:
        words = f"{name} keeps changing between {low} and {high}"
        if answer.circuit:
            ring = circuit_words(answer.circuit)
            on = name in answer.circuit
            return f"{words}: {'it is on' if on else 'it follows'} the negative circuit {ring}."
        return f"{words}."
    if not answer.links:
        return f"{name} stays at {low}, for different reasons in different states."
    first = answer.links[0]
    (target, _) = answer.target
    if first.reason is None:
        return f"{name} is at {low}: {LINK_KINDS[first.kind]}."
    meanings = network[name].meanings
    meaning = f" ({meanings[low]})" if meanings else ""
    moves = f"stays at {low}{meaning}"
    if target != low:
        moves = f"is at {low}{meaning} and heads for {target}"
    return f"{name} {moves}: {link_words(first, network)}."


def circuit_words(members: tuple[str, ...]) -> str:
    """Return the members of a circuit with arrows, back to the first."""
    return " → ".join((*members, members[0]))


def loop_words(loop: tuple[str, ...], answer: Explanation) -> str:
    """Return which components maintain each other."""
    texts = [str(Space({name: answer.at[name]})) for name in loop]
    return (
        f"{texts[0]} maintains itself"
        if len(texts) == 1
        else f"{joined(texts)} maintain each other"
    )


def phase_words(phase: Phase) -> str:
    """Return the behaviour of a component in a phase.

    >>> phase_words(Phase(1, -1, 3, ()))
    'at 1, about to fall'
    """
    return f"at {phase.level}, {('about to fall', 'staying', 'about to rise')[phase.moves + 1]}"


def change_words(answer: Explanation, network: LogicalNetwork) -> list[str]:
    """Return the changes that would change the target level at once, each with the new target."""
    return [
        f"{condition_words(change.levels, network)} (to {_plain(change.target)})"
        for change in answer.changes
    ]


def remedy_words(answer: Explanation) -> str:
    """Return the effect of the interventions, or that there are none; empty if not searched for."""
    if not answer.size:
        return ""
    away = "settle" if answer.levels[0] != answer.levels[1] else f"leave {answer.levels[0]}"
    if answer.interventions:
        return f"{answer.component} would {away} permanently with:"
    what = "one other component" if answer.size == 1 else f"up to {answer.size} other components"
    words = f"Holding {what} would not make {answer.component} {away} permanently"
    return f"{words}{'' if answer.complete else ', as far as was searched'}."


def in_vain_words(answer: Explanation, network: LogicalNetwork) -> list[str]:
    """Return the opposing regulators that are at their highest level but overridden."""
    return [
        f"{link.name}={answer.at[link.name][0]}"
        for link in answer.links
        if link.in_vain
        and link.kind == "rule"
        and answer.at[link.name][0] == network.tops[link.name]
    ]


def when_words(phase: Phase, network: LogicalNetwork, *, most: int = 4) -> str:
    """Return the reasons of a phase, the most frequent ones."""
    when = " or ".join(condition_words(reason, network) for reason, _ in phase.reasons[:most])
    more = len(phase.reasons) - most
    if more <= 0:
        return when
    return f"{when} or for {more} more reason{'' if more == 1 else 's'}"


def _plain(levels: Range) -> str:
    low, high = levels
    return str(low) if low == high else f"{low}..{high}"
