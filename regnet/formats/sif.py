"""SIF, the simple interaction format of Cytoscape: ``A -> B``, an edge a line; no rules.

``A 1 B`` and ``A -1 B`` (CellNOpt), ``A -> B``, ``A -| B``, ``A <-> B`` (druglogics), words such as
``A activates B`` and ``A inhibits B C D`` are edges with a sign; other words, such as ``pp``, are
edges without. A line with one word is a component. Words are separated by tabs in a file that
has any, else by spaces. Nodes ``and1``, ``and2`` with edges in and out are AND gates of CellNOpt.

Edges become claims on components whose rule is unknown, so that the model cannot be analysed,
unless a default rule is requested by name (see `regnet.exchange.wiring`). Written are the edges:
``->`` activates, ``-|`` inhibits, ``-?`` does either, ``-o`` is named by the rule without effect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from regnet.errors import MissingRulesError, ParseError
from regnet.exchange.interchange import all_edges
from regnet.exchange.portable import some, unused
from regnet.exchange.rulebook import lines_of
from regnet.exchange.wiring import DEFAULT_RULES, default_rule, keep_assumed
from regnet.logic import Expr, Not, Var, conjunction
from regnet.network import Claim, Component, LogicalNetwork, Rule
from regnet.project import UNKNOWN, Kept, Project, Reading, Remark

_ARROWS = {"+": "->", "-": "-|", "±": "-?", "": "-o"}
_ARROW = re.compile(r"(?P<back>[<|⊣]?)[-=]+(?P<forth>[>|⊣]?)|(?P<plain>[→⊣⊢])")
_WORDS = (
    ("+", re.compile(r"\+|\+?[1-9][\d.]*|a|act|pos|up|(?:activat|stimulat|induc|promot|enhanc"
                     r"|positiv|up-?regulat|increas)[\w-]*(?: .*)?", re.IGNORECASE)),
    ("-", re.compile(r"-|[-−][1-9][\d.]*|i|inh|neg|down|(?:inhibit|repress|suppress|block"
                     r"|negativ|down-?regulat|decreas)[\w-]*(?: .*)?", re.IGNORECASE)),
)  # fmt: skip
_UNSIGNED = {"-?", "-o", "±", "0"}
_GATE = re.compile(r"and\d+\Z", re.IGNORECASE)
_EXPECTED = "a line such as: A -> B, A 1 B, A inhibits B, or a component alone"


def read(text: str, file: str = "", *, unknown: str = "refuse", rule: str = "") -> Reading:
    r"""Read the edges of a SIF text as claims, with rules if a default rule is requested.

    Parameters
    ----------
    text
        The text.
    file
        Its name, for messages.
    unknown
        How to treat components whose rule is unknown: ``"refuse"`` or ``"keep"`` them.
    rule
        A key of `regnet.exchange.wiring.DEFAULT_RULES`, for every component that is regulated.

    Raises
    ------
    ParseError
        With line, column and what was expected there.
    MissingRulesError
        If no default rule is requested, and components without one are not to be kept.

    Examples
    --------
    >>> project = read("A -> B\nC -| B", rule="inhibitor-wins").project
    >>> str(project.network["B"].rule.reaches(1)), project.network.inputs
    ('A & !C', ('A', 'C'))
    """
    if unknown not in ("refuse", "keep"):
        raise ParseError(f"unknown is {unknown!r}", expected="refuse or keep")
    return _Reader(text, file).read(rule, keep=unknown == "keep")


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return the edges of a project as SIF, and a remark on what that leaves out.

    Names hold no tabs and line breaks there, so these become blanks.
    """
    network = project.network
    names = {name: name for name in network.names}
    taken = set(names)
    for name in names:
        clean = " ".join(name.split())
        if clean != name:
            names[name] = unused(clean, taken)
            taken.add(names[name])
    unknown = set(project.unknown)
    edges = [(e.source, e.sign, e.target) for e in all_edges(network)]
    edges += [(c.source, c.sign, c.target) for c in network.claims if c.target in unknown]
    lines = [f"{names[s]}\t{_ARROWS[sign]}\t{names[t]}" for s, sign, t in edges]
    joined = {name for source, _, target in edges for name in (source, target)}
    lines += [names[name] for name in network.names if name not in joined]
    remark = Remark("warning", "a SIF file holds the edges only: no rules, levels or anything else")
    return "\n".join(lines) + "\n", (remark,)


def fits(text: str) -> bool:
    """Return whether a text looks like SIF: edges of known signs, one a line."""
    reader = _Reader(text, "")
    try:
        edges = list(reader.edges())
    except ParseError:
        return False
    gated = any("&" in name or "^" in name for name in reader.nodes)  # rules of boolSim
    return bool(edges) and not reader.unsigned and not gated


@dataclass(slots=True)
class _Regulators:
    """The regulators of a component: source -> signs, with the first line of each."""

    signs: dict[str, set[str]] = field(default_factory=dict)
    line: int = 0


class _Reader:
    """The lines of a file, and the network that they make."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = lines_of(text)
        self.tabs = "\t" in text
        self.nodes: dict[str, None] = {}
        self.unsigned: dict[str, int] = {}  # relation that says no sign -> its first line

    def read(self, rule: str, *, keep: bool) -> Reading:
        into: dict[str, _Regulators] = {}
        out: dict[str, set[str]] = {}
        for source, sign, target, number in self.edges():
            regulators = into.setdefault(target, _Regulators(line=number))
            regulators.signs.setdefault(source, set()).add(sign)
            out.setdefault(source, set()).add(target)
        gates = {n for n in self.nodes if _GATE.match(n) and n in into and n in out}
        self._check_gates(gates, into)
        names = [name for name in self.nodes if name not in gates]
        claims = {
            name: self._claims(name, into[name], gates, into) for name in names if name in into
        }
        remarks = self._remarks(names, gates, claims)
        kept: tuple[Kept, ...] = ()
        rules: dict[str, Expr] = {}
        if rule:
            made = {name: self._rule(rule, into[name], gates, into) for name in claims}
            rules = {name: expr for name, expr in made.items() if expr is not None}
            remarks.insert(0, self._assumed(rule, len(rules)))
            kept = tuple(keep_assumed("sif", rule, expr, name) for name, expr in made.items())
            free = [name for name in made if name not in rules]
            if free:
                words = f"taken as input, because no edge into them has one sign: {some(free)}"
                remarks.append(Remark("warning", words))
        elif claims and not keep:
            raise self._missing(list(claims))
        else:
            kept = tuple(Kept("sif", UNKNOWN, "", name) for name in claims)
        note = f"default rule {rule}: {DEFAULT_RULES[rule]}" if rule else ""
        components = tuple(
            Component(name, Rule.of(rules[name]), kind="assumption", note=note)
            if name in rules
            else Component(name)
            for name in names
        )
        every = tuple(claim for one in claims.values() for claim in one)
        network = LogicalNetwork(components, every, Path(self.file).stem)
        note = self._assumed(rule, len(rules)).message if rule else ""
        return Reading(Project(network, note=note, kept=kept), tuple(remarks))

    def edges(self) -> Iterator[tuple[str, str, str, int]]:
        """Yield source, sign, target and line of every edge; record every node."""
        for number, line in enumerate(self.lines, start=1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            words = self._words(line)
            if len(words) == 1:
                self.nodes.setdefault(words[0])
                continue
            if len(words) == 2:
                raise ParseError(
                    "this line names an edge without its target", file=self.file, line=number,
                    column=len(line.rstrip()) + 1, expected=_EXPECTED,
                )  # fmt: skip
            source, relation, *targets = words
            forth, back = _signs(relation)
            if "±" in (forth, back) and relation not in _UNSIGNED:
                self.unsigned.setdefault(relation, number)
            self.nodes.setdefault(source)
            for target in targets:
                self.nodes.setdefault(target)
                if forth:
                    yield source, forth, target, number
                if back:
                    yield target, back, source, number

    def _words(self, line: str) -> list[str]:
        if not self.tabs:
            return line.split()
        if "\t" in line:
            return [" ".join(word.split()) for word in line.split("\t") if word.strip()]
        words = line.split()
        known = len(words) > 2 and "±" not in _signs(words[1])
        return words if known else [" ".join(words)]

    def _check_gates(self, gates: set[str], into: dict[str, _Regulators]) -> None:
        for gate in sorted(gates):
            fault = ""
            if any(source in gates for source in into[gate].signs):
                fault = f"the AND gate {gate} has another one as its input"
            elif any(len(s) > 1 or "±" in s for s in into[gate].signs.values()):
                fault = f"an edge into the AND gate {gate} has no sign, or both"
            if fault:
                raise ParseError(fault, file=self.file, line=into[gate].line,
                                 expected="components with 1 or -1 as its inputs")  # fmt: skip

    def _claims(
        self, target: str, own: _Regulators, gates: set[str], into: dict[str, _Regulators]
    ) -> list[Claim]:
        """Return the edges into a component, those through AND gates from the gates' inputs."""
        signs: dict[str, set[str]] = {}
        for source, found in own.signs.items():
            if source not in gates:
                signs.setdefault(source, set()).update(found)
                continue
            for name, inner in into[source].signs.items():
                both = {"+" if a == b else "-" for a in inner for b in found if b != "±"}
                signs.setdefault(name, set()).update(both or {"±"})
        return [
            Claim(name, target, next(iter(found)) if len(found) == 1 else "±")
            for name, found in signs.items()
        ]

    def _rule(
        self,
        rule: str,
        own: _Regulators,
        gates: set[str],
        into: dict[str, _Regulators],
    ) -> Expr | None:
        """Return the default rule of a component; None if no edge into it has one sign."""
        acting: dict[str, list[Expr]] = {"+": [], "-": []}
        for source, found in own.signs.items():
            if len(found) > 1 or "±" in found:
                continue
            parts: list[Expr] = [Var(source)]
            if source in gates:
                inner = into[source].signs.items()
                parts = [Var(name) if "+" in one else Not(Var(name)) for name, one in inner]
            acting[next(iter(found))].append(conjunction(parts))
        if not (acting["+"] or acting["-"]):
            return None
        return default_rule(rule, acting["+"], acting["-"])

    def _assumed(self, rule: str, count: int) -> Remark:
        default_rule(rule, (Var("A"),), ())  # complain of its name before all else
        which = "the one component" if count == 1 else f"each of {count:,} components"
        return Remark(
            "warning",
            f"the file holds wiring only; {which} that something acts on has the default rule "
            f"{rule} ({DEFAULT_RULES[rule]}), which is an assumption",
        )

    def _missing(self, names: list[str]) -> MissingRulesError:
        ways = "; ".join(f"{name} ({words})" for name, words in DEFAULT_RULES.items())
        prefix = f"{self.file}: " if self.file else ""
        return MissingRulesError(
            f"{prefix}wiring only: no rule for {some(names)}; choose a default rule with "
            f"--option rule=NAME: {ways}",
            DEFAULT_RULES,
        )

    def _remarks(
        self, names: list[str], gates: set[str], claims: dict[str, list[Claim]]
    ) -> list[Remark]:
        remarks = []
        if gates:
            words = f"read as AND gates of CellNOpt: {some(sorted(gates))}"
            remarks.append(Remark("info", words))
        for relation, number in self.unsigned.items():
            message = f"{relation!r} says no sign; such edges are in no default rule"
            remarks.append(Remark("warning", message, number))
        both = [
            f"{c.source} to {c.target}" for one in claims.values() for c in one if c.sign == "±"
        ]
        if both:
            message = f"edges of both signs or none, which are in no default rule: {some(both)}"
            remarks.append(Remark("warning", message))
        free = [name for name in names if name not in claims]
        if free:
            words = f"taken as input, because nothing acts on them: {some(free)}"
            remarks.append(Remark("info", words))
        return remarks


@lru_cache(1024)
def _signs(relation: str) -> tuple[str, str]:
    """Return the sign of an edge to the target and of one back; empty if there is none."""
    if relation in _UNSIGNED:
        return "±", ""
    for sign, words in _WORDS:
        if words.fullmatch(relation):
            return sign, ""
    found = _ARROW.fullmatch(relation)
    if found is None or relation.strip("-=") == "":
        return "±", ""
    kinds = {">": "+", "<": "+", "→": "+", "|": "-", "⊣": "-", "⊢": "-", "": ""}
    if found["plain"]:
        return kinds[found["plain"]], ""
    return kinds[found["forth"]], kinds[found["back"]]
