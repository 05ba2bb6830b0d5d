"""The meaning of nodes and edges of a GINML graph.

An edge acts from its threshold on, until the next edge of the same source takes over: at most one
edge of a source is active. A parameter holds where the active edges are exactly those it names; in
a formula ``X`` is "some edge of X is active", ``X:2`` "the edge with threshold 2 is the active one"
and ``X#1`` "the first edge is". The target is the highest value that holds, else 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from regnet.errors import ParseError
from regnet.exchange.xmltext import Document, Element
from regnet.logic import (
    FALSE,
    TRUE,
    Const,
    Dialect,
    Expr,
    Not,
    Var,
    conjunction,
    disjunction,
    parse,
    substitute,
)
from regnet.network import Claim, Rule

FORMULA = Dialect("GINML", r"[\w.-]+(?:[:#]\d+)?")
"""The language of ``exp``: names may hold ``-``, and an edge is named behind ``:`` or ``#``."""

HIGHEST_LEVEL = 1_000
_SIGNS = {"positive": "+", "negative": "-"}


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges from one source to one target.

    Parameters
    ----------
    source
        The id of the node they start at.
    thresholds
        The level each acts from, rising.
    signs
        ``positive``, ``negative`` or another word, for each.
    keys
        Name of an edge in parameters -> its place among the thresholds.
    """

    source: str
    thresholds: tuple[int, ...]
    signs: tuple[str, ...]
    keys: Mapping[str, int]

    def active(self, place: int) -> Expr:
        """Return "this edge is the active one"."""
        from_level = Var(self.source, self.thresholds[place])
        if place + 1 == len(self.thresholds):
            return from_level
        return conjunction((from_level, Not(Var(self.source, self.thresholds[place + 1]))))

    def between(self, first: int, last: int) -> Expr:
        """Return the condition that one of these edges is active, or none of them for -1."""
        low = TRUE if first < 0 else Var(self.source, self.thresholds[first])
        high = self.thresholds[last + 1] if last + 1 < len(self.thresholds) else 0
        return conjunction((low, Not(Var(self.source, high)))) if high else low

    @property
    def sign(self) -> str:
        """The sign of a claim: + - or ±."""
        signs = {_SIGNS.get(sign, "±") for sign in self.signs}
        return signs.pop() if len(signs) == 1 else "±"


def number(document: Document, element: Element, attribute: str, default: int) -> int:
    """Return the level in an attribute, or a default if there is none."""
    value = element.attributes.get(attribute, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdecimal() and int(value[:9]) <= HIGHEST_LEVEL):
        raise document.error(
            f"{attribute} is {value!r}", element, f"a level from 0 to {HIGHEST_LEVEL}"
        )
    return int(value)


def read_edges(
    elements: Iterable[Element], document: Document, tops: Mapping[str, int]
) -> dict[str, Edges]:
    """Return source -> its edges to one target.

    Raises
    ------
    ParseError
        If an edge starts nowhere, or acts from a level that does not exist.
    """
    found: dict[str, list[tuple[int, str, list[str]]]] = {}
    for element in elements:
        source = element.attributes.get("from", "")
        if source not in tops:
            raise document.error(f"the edge starts at {source!r}, which is no node", element)
        key = element.attributes.get("id", "")
        if effects := element.attributes.get("effects", "").split():
            for effect in effects:
                level, _, sign = effect.partition(":")
                if not (level.isascii() and level.isdecimal()):
                    raise document.error(f"{effect!r} is no effect", element, "1:positive")
                found.setdefault(source, []).append((int(level), sign, [f"{key}:{level}"]))
            found[source][-len(effects)][2].append(key)
        else:
            level = str(number(document, element, "minvalue", 1))
            sign = element.attributes.get("sign", "").strip()
            found.setdefault(source, []).append((int(level), sign, [key]))
    edges = {}
    for source, parts in found.items():
        parts.sort(key=lambda part: part[0])
        thresholds = tuple(level for level, _, _ in parts)
        if thresholds[0] < 1 or thresholds[-1] > tops[source]:
            raise document.error(
                f"an edge of {source} acts from {thresholds[-1] or 0}, but {source} has the "
                f"levels 0 to {tops[source]}",
                next(e for e in elements if e.attributes.get("from") == source),
            )  # fmt: skip
        if len(set(thresholds)) < len(thresholds):
            raise document.error(
                f"two edges of {source} act from the same level",
                next(e for e in elements if e.attributes.get("from") == source),
            )
        keys = {key: place for place, (_, _, names) in enumerate(parts) for key in names}
        edges[source] = Edges(source, thresholds, tuple(sign for _, sign, _ in parts), keys)
    return edges


def read_rule(node: Element, edges: Mapping[str, Edges], document: Document, top: int) -> Rule:
    """Return the rule of a node that is no input."""
    cases = [case for case in read_formulas(node, edges, document, top) if case[1]]
    settled = _parameters(node, edges, document, top)
    for level in sorted(set(settled.values()) - {0}):
        cases.append((_diagram(settled, list(edges.values()), level), level))
    joined: dict[int, list[Expr]] = {}
    for condition, level in cases:
        joined.setdefault(level, []).append(condition)
    ordered = sorted(joined.items(), reverse=True)
    rule = Rule(tuple((disjunction(parts), level) for level, parts in ordered))
    return rule if rule.cases else Rule.constant(0)


def read_formulas(
    node: Element, edges: Mapping[str, Edges], document: Document, top: int
) -> list[tuple[Expr, int]]:
    """Return what the formulas of a node mean, each with the value it leads to."""
    found: list[tuple[Expr, int]] = []
    for value in node.all("value") if edges else ():
        level = _value(document, value, top)
        found += [(_formula(exp, edges, document), level) for exp in value.all("exp")]
    return found


def is_settled(node: Element) -> bool:
    """Return whether a node says anything of its target."""
    return (bool(node.children) and any(
        child.tag in ("value", "parameter") for child in node.children
    )) or "basevalue" in node.attributes  # fmt: skip


def claims_of(target: str, edges: Mapping[str, Edges], notes: Mapping[str, str]) -> list[Claim]:
    """Return what the edges to one target claim."""
    return [Claim(e.source, target, e.sign, note=notes.get(e.source, "")) for e in edges.values()]


def _value(document: Document, element: Element, top: int) -> int:
    level = number(document, element, "val", 0)
    if level > top:
        raise document.error(f"val is {level}, above the highest level {top}", element)
    return level


def _formula(exp: Element, edges: Mapping[str, Edges], document: Document) -> Expr:
    """Return what a formula means."""

    def meant(var: Var) -> Expr:
        name = var.name
        if name in edges:
            return Var(name, edges[name].thresholds[0])
        head, mark, digits = name.rpartition(":") if ":" in name else name.rpartition("#")
        if head in edges:
            own = edges[head]
            place = int(digits[:9]) - 1
            if mark == ":":
                if int(digits[:9]) not in own.thresholds:
                    raise document.error(f"there is no edge of {head} from level {digits}", exp)
                place = own.thresholds.index(int(digits))
            if not 0 <= place < len(own.thresholds):
                raise document.error(f"{head} has no edge {digits} to this node", exp)
            return own.active(place)
        raise document.error(f"the formula names {head or name}, but no edge leads from there", exp)

    text = exp.attributes.get("str", "")
    try:
        read = parse(text, dialect=FORMULA)
    except ParseError as error:
        message = f"in the formula {text!r}, {error}"
        raise document.error(message if len(text) < 200 else str(error), exp) from None
    return substitute(read, meant)


def _parameters(
    node: Element, edges: Mapping[str, Edges], document: Document, top: int
) -> dict[tuple[int, ...], int]:
    """Return the active edge of each source (-1: none) -> the value that a parameter gives."""
    owners = {
        key: (index, place)
        for index, own in enumerate(edges.values())
        for key, place in own.keys.items()
    }
    found: dict[tuple[int, ...], int] = {}
    if "basevalue" in node.attributes:
        base = number(document, node, "basevalue", 0)
        if base > top:
            raise document.error(f"basevalue is {base}, above the highest level {top}", node)
        found[(-1,) * len(edges)] = base
    for parameter in node.all("parameter"):
        level = _value(document, parameter, top)
        active = [-1] * len(edges)
        fits = True
        for key in parameter.attributes.get("idActiveInteractions", "").split():
            if key not in owners:
                raise document.error(
                    f"the parameter names {key!r}, which is no edge here", parameter
                )
            index, place = owners[key]
            fits = fits and active[index] in (-1, place)  # two edges of a source never act at once
            active[index] = place
        if fits:
            found[tuple(active)] = max(level, found.get(tuple(active), 0))
    return found


def _diagram(settled: Mapping[tuple[int, ...], int], sources: list[Edges], level: int) -> Expr:
    """Return the condition under which the parameters give at least a level.

    They are decided source by source, with equal parts shared: a list of all combinations becomes
    a condition of modest size.
    """
    rows = frozenset(key for key, value in settled.items() if value >= level)
    known: dict[tuple[int, frozenset[tuple[int, ...]]], Expr] = {}

    def condition(depth: int, rest: frozenset[tuple[int, ...]]) -> Expr:
        if not rest:
            return FALSE
        if depth == len(sources):
            return TRUE
        if (depth, rest) in known:
            return known[depth, rest]
        own = sources[depth]
        parts: dict[int, set[tuple[int, ...]]] = {}
        for row in rest:
            parts.setdefault(row[0], set()).add(row[1:])
        branches: list[tuple[int, int, frozenset[tuple[int, ...]]]] = []
        for place in range(-1, len(own.thresholds)):
            then = frozenset(parts.get(place, ()))
            if branches and branches[-1][2] == then:
                branches[-1] = (branches[-1][0], place, then)
            else:
                branches.append((place, place, then))
        result = disjunction(
            [
                conjunction((own.between(first, last), inner))
                for first, last, then in branches
                if not isinstance(inner := condition(depth + 1, then), Const) or inner.value
            ]
        )
        known[depth, rest] = result
        return result

    return condition(0, rows)
