"""Claims: drawn or cited edges that the rules do not contain, and how to add them. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from regnet.analysis.structure import Edge
from regnet.errors import RegnetError
from regnet.logic import Or, parse, write_name
from regnet.network import Claim, LogicalNetwork

WORDS = {"+": "activates", "-": "inhibits", "±": "acts on"}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A claim that disagrees with the rule of its target, and a sentence that explains why.

    `can_add` is true if the source can be added to the rule, which does not use it yet.
    """

    claim: Claim
    words: str
    can_add: bool


def unused_claims(network: LogicalNetwork) -> tuple[Claim, ...]:
    """Return the claims whose source does not occur in the rule of the target."""
    named: dict[str, set[str]] = {}
    for target in {claim.target for claim in network.claims}:
        rule = network[target].rule
        named[target] = {v.name for v in rule.thresholds()} if rule is not None else set()
    return tuple(c for c in network.claims if c.source not in named[c.target])


def doubts(network: LogicalNetwork, name: str, acting: Iterable[Edge]) -> list[Doubt]:
    """Return the claims about edges into a component that its rule does not support.

    Parameters
    ----------
    network, name
        The network and the component.
    acting
        The edges that follow from the rule, as `regnet.analysis.structure.edges_into` finds them.
    """
    signs = {edge.source: edge.sign for edge in acting}
    rule = network[name].rule
    named = {v.name for v in rule.thresholds()} if rule is not None else set()
    found = []
    for claim in network.claims:
        if claim.target != name:
            continue
        said = f"{claim.source} {WORDS[claim.sign]} {name}, it is claimed"
        if claim.source not in named:
            found.append(Doubt(claim, f"{said}, but the rule never uses it.", can_add=True))
        elif claim.source not in signs:
            text = f"{said}, but its level makes no difference to the rule."
            found.append(Doubt(claim, text, can_add=False))
        elif claim.sign not in (signs[claim.source], "±"):
            does = WORDS[signs[claim.source]] if signs[claim.source] != "±" else "does both"
            found.append(Doubt(claim, f"{said}, but in the rule it {does}.", can_add=False))
    return found


def term(claim: Claim) -> str:
    """Return the source as a term of a rule: negated if it inhibits."""
    return ("!" if claim.sign == "-" else "") + write_name(claim.source)


def with_term(text: str, claim: Claim, joint: str) -> str:
    """Return a condition with the source of a claim appended by ``&`` or ``|``.

    >>> with_term("A | B", Claim("C", "X", "-"), "&")
    '(A | B) & !C'
    """
    text = text.strip()
    if not text:
        return term(claim)
    try:
        is_or = isinstance(parse(text), Or)
    except RegnetError:
        is_or = True
    return (
        f"({text}) {joint} {term(claim)}"
        if joint == "&" and is_or
        else (f"{text} {joint} {term(claim)}")
    )
