"""The meaning of a file to the program it is written for, found without the readers of regnet.

A file that regnet reads back correctly may still have another meaning elsewhere: GINsim, for
example, uses neither of two formulas that hold at once. Each reader here implements one format by
its documentation, and gives the target level of each component in a state:

- SBML-qual (doi 10.2390/biecoll-jib-2015-270): the result level of the term that holds, or the
  default; two terms for other levels that hold at once contradict each other.
- GINML (doi 10.1007/978-1-61779-361-5_23): the value of the formula that holds, none where formulas
  for several values do; else that of the parameter for exactly the active edges; else 0.
- BooleanNet (doi 10.1186/1751-0473-3-16): the value of the expression behind ``*=``.
- MaBoSS (doi 10.1186/1752-0509-6-116): away from where it is if its rate there is above 0, as named
  constants are taken to be; ``logic`` is a text that rates may use.

This module is long because the readers share the parser of formulas and nothing with regnet's own.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from regnet.exchange.interchange import BooleanForm
from regnet.exchange.xmltext import Element, parse
from regnet.network import LogicalNetwork

State = Mapping[str, int]
Test = Callable[[State], bool]

MOST_STATES = 4096
"""Maximum number of states of the regulators of a component that are enumerated."""
SAMPLED_STATES = 500


@dataclass(frozen=True, slots=True)
class Target:
    """How a program finds the level that one component heads for.

    Parameters
    ----------
    name
        Its id in the file.
    top
        Its highest level.
    reads
        The ids that the level depends on.
    level
        State -> the level; None where the file contradicts itself.
    """

    name: str
    top: int
    reads: frozenset[str]
    level: Callable[[State], int | None]


@dataclass(frozen=True, slots=True)
class Meaning:
    """Whether a program reads a file with its intended meaning.

    Parameters
    ----------
    program
        The program, or the specification that programs follow.
    differing
        Component -> the different meaning and an example state, in words.
    sampled
        Components tested on a sample of states, because they have too many.
    followed
        Whether the file could be interpreted; if not, nothing is known.
    """

    program: str
    differing: Mapping[str, str]
    sampled: tuple[str, ...]
    followed: bool = True


def meaning_of(format: str, data: bytes, network: LogicalNetwork) -> Meaning | None:
    """Compare what a program reads in a file with the network that was written to it.

    Components are compared by their place. None is the answer for formats that mean the same to
    everyone.
    """
    if format not in _PROGRAMS:
        return None
    program, read = _PROGRAMS[format]
    try:
        targets = read(data)
        return _compared(program, targets, network)
    except (RecursionError, ValueError, LookupError, AttributeError, AssertionError):
        return Meaning(program, {}, (), followed=False)  # deep, or in words that are rarely used


def _compared(program: str, targets: list[Target], network: LogicalNetwork) -> Meaning:
    if len(targets) != len(network):
        network = BooleanForm(network, any_name=True).boolean
    if len(targets) != len(network):
        words = f"{len(targets)} components, where there are {len(network)}"
        return Meaning(program, {"the model": words}, ())
    names = dict(zip((t.name for t in targets), network.names, strict=True))
    ids = {name: key for key, name in names.items()}
    tops = network.tops
    differing: dict[str, str] = {}
    sampled: list[str] = []
    for target in targets:
        name = names[target.name]
        rule = network[name].rule
        regulators = {names[key] for key in target.reads} | {name}
        regulators |= {v.name for v in rule.thresholds()} if rule else set()
        ordered = [n for n in network.names if n in regulators]
        if prod(tops[n] + 1 for n in ordered) > MOST_STATES:
            sampled.append(name)
        for levels in _states([tops[n] for n in ordered]):
            state = dict(zip(ordered, levels, strict=True))
            meant = network.target(name, state)
            found = target.level({ids[n]: level for n, level in state.items()})
            if found != meant:
                where = " ".join(f"{n}={level}" for n, level in state.items())
                got = "two levels at once" if found is None else f"{found}"
                differing[name] = f"{got} instead of {meant} at {where}"
                break
    return Meaning(program, differing, tuple(sampled))


def _states(tops: list[int]) -> Iterator[tuple[int, ...]]:
    """Yield all states, or a sample that is the same each time."""
    if prod(top + 1 for top in tops) <= MOST_STATES:
        yield from product(*(range(top + 1) for top in tops))
        return
    chance = random.Random(1)
    for _ in range(SAMPLED_STATES):
        yield tuple(chance.randint(0, top) for top in tops)


# --- text formulas ---------------------------------------------------------------------------

_TOKEN = re.compile(r"\s*([()!&|]|[^\s()!&|]+)")
_WORDS = {"not": "!", "and": "&", "or": "|", "True": "1", "False": "0"}


class _Formula:
    """A formula with ``! & |``, parentheses and atoms, by recursive descent."""

    def __init__(self, text: str, atom: Callable[[str], Test]) -> None:
        self.tokens = [_WORDS.get(token, token) for token in _TOKEN.findall(text)]
        self.atom = atom
        self.test = self.disjunction()
        if self.tokens:
            raise ValueError(f"{self.tokens[0]!r} is left over")

    def disjunction(self) -> Test:
        parts = [self.conjunction()]
        while self.tokens and self.tokens[0] == "|":
            self.tokens.pop(0)
            parts.append(self.conjunction())
        return lambda s: any(part(s) for part in parts)

    def conjunction(self) -> Test:
        parts = [self.literal()]
        while self.tokens and self.tokens[0] == "&":
            self.tokens.pop(0)
            parts.append(self.literal())
        return lambda s: all(part(s) for part in parts)

    def literal(self) -> Test:
        token = self.tokens.pop(0)
        if token == "!":
            inner = self.literal()
            return lambda s: not inner(s)
        if token == "(":
            inner = self.disjunction()
            if self.tokens.pop(0) != ")":
                raise ValueError("a parenthesis is not closed")
            return inner
        return self.atom(token)


# --- SBML-qual -------------------------------------------------------------------------------

_RELATIONS: dict[str, Callable[[int, int], bool]] = {
    "eq": int.__eq__, "neq": int.__ne__, "geq": int.__ge__,
    "gt": int.__gt__, "leq": int.__le__, "lt": int.__lt__,
}  # fmt: skip


def _sbml(data: bytes) -> list[Target]:
    model = parse(data).root.find("model")
    assert model
    changes = {
        output.attributes["qualitativeSpecies"]: transition
        for transition in _listed(model, "listOfTransitions", "transition")
        for output in _listed(transition, "listOfOutputs", "output")
    }
    return [
        _species(species, changes.get(species.attributes["id"]))
        for species in _listed(model, "listOfQualitativeSpecies", "qualitativeSpecies")
    ]


def _listed(parent: Element, listing: str, item: str) -> list[Element]:
    return [found for one in parent.all(listing) for found in one.all(item)]


def _species(species: Element, transition: Element | None) -> Target:
    key, top = species.attributes["id"], int(species.attributes.get("maxLevel", 1))
    if transition is None:
        return Target(key, top, frozenset(), lambda s: s[key])
    inputs = _listed(transition, "listOfInputs", "input")
    thresholds = {
        i.attributes["id"]: int(i.attributes["thresholdLevel"])
        for i in inputs
        if "thresholdLevel" in i.attributes
    }
    default, terms = 0, list[tuple[int, Test]]()
    for listing in transition.all("listOfFunctionTerms"):
        for term in listing.children:
            level = int(term.attributes["resultLevel"])
            if term.tag == "defaultTerm":
                default = level
            elif math := term.find("math"):
                terms.append((level, _math(math.children[0], thresholds)))

    def level_in(state: State) -> int | None:
        held = {level for level, test in terms if test(state)}
        return default if not held else held.pop() if len(held) == 1 else None

    named = {node.text for node in transition.walk() if node.tag == "ci"} - thresholds.keys()
    return Target(key, top, frozenset(named), level_in)


def _math(node: Element, thresholds: Mapping[str, int]) -> Test:
    if node.tag in ("true", "false"):
        return lambda _: node.tag == "true"
    if node.tag == "ci":
        return lambda s: s[node.text] >= 1
    operator, *arguments = node.children
    if operator.tag in _RELATIONS:
        relation = _RELATIONS[operator.tag]
        left, right = (_number(argument, thresholds) for argument in arguments)
        return lambda s: relation(left(s), right(s))
    parts = [_math(argument, thresholds) for argument in arguments]
    match operator.tag:
        case "and":
            return lambda s: all(part(s) for part in parts)
        case "or":
            return lambda s: any(part(s) for part in parts)
        case "not":
            return lambda s: not parts[0](s)
        case "xor":
            return lambda s: sum(part(s) for part in parts) % 2 == 1
        case "implies":
            return lambda s: not parts[0](s) or parts[1](s)
    raise ValueError(f"{operator.tag} is no operator of SBML-qual")


def _number(node: Element, thresholds: Mapping[str, int]) -> Callable[[State], int]:
    if node.tag == "cn":
        value = int(float(node.text))
    elif node.text in thresholds:
        value = thresholds[node.text]
    else:
        return lambda s: s[node.text]
    return lambda _: value


# --- GINML -----------------------------------------------------------------------------------


def _ginml(data: bytes) -> list[Target]:
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read("GINsim-data/regulatoryGraph.ginml")
    graph = parse(data, doctype=True, namespaces=False).root.find("graph")
    assert graph
    into: dict[str, list[tuple[str, int, set[str]]]] = {}
    for edge in graph.all("edge"):
        words = edge.attributes
        levels = [int(e.partition(":")[0]) for e in words.get("effects", "").split()]
        for level in levels or [int(words.get("minvalue", 1))]:
            keys = {words["id"], f"{words['id']}:{level}"} if not levels else {
                f"{words['id']}:{level}", *([words["id"]] if level == levels[-1] else [])
            }  # fmt: skip
            into.setdefault(words["to"], []).append((words["from"], level, keys))
    nodes = {node.attributes["id"]: node for node in graph.all("node")}
    order = [key for key in graph.attributes.get("nodeorder", "").split() if key in nodes]
    return [_node(nodes[key], into.get(key, [])) for key in dict.fromkeys([*order, *nodes])]


def _node(node: Element, edges: list[tuple[str, int, set[str]]]) -> Target:
    key, top = node.attributes["id"], int(node.attributes.get("maxvalue", 1))
    if node.attributes.get("input") == "true":
        return Target(key, top, frozenset(), lambda s: s[key])
    thresholds: dict[str, list[int]] = {}
    for source, level, _ in edges:
        thresholds[source] = sorted([*thresholds.get(source, []), level])

    def active(state: State, source: str) -> int:
        """Return the threshold of the edge that acts, 0 for none."""
        return max((t for t in thresholds[source] if state[source] >= t), default=0)

    def atom(word: str) -> Test:
        source, mark, number = re.fullmatch(r"(.*?)(?:([:#])(\d+))?", word).groups()  # type: ignore[union-attr]
        if not mark:
            return lambda s: active(s, source) > 0
        level = int(number) if mark == ":" else thresholds[source][int(number) - 1]
        return lambda s: active(s, source) == level

    formulas = [
        (int(value.attributes["val"]), _Formula(exp.attributes["str"], atom).test)
        for value in node.all("value")
        for exp in value.all("exp")
    ]
    parameters: dict[frozenset[tuple[str, int]], int] = {}
    if "basevalue" in node.attributes:
        parameters[frozenset()] = int(node.attributes["basevalue"])
    for parameter in node.all("parameter"):
        named = parameter.attributes.get("idActiveInteractions", "").split()
        acting = frozenset((s, t) for s, t, keys in edges if keys & set(named))
        parameters[acting] = int(parameter.attributes["val"])

    def level_in(state: State) -> int:
        held = {level for level, test in formulas if test(state)}
        if held:
            return held.pop() if len(held) == 1 else 0
        acting = frozenset((s, active(state, s)) for s in thresholds if active(state, s))
        return parameters.get(acting, 0)

    return Target(key, top, frozenset(thresholds), level_in)


# --- BooleanNet ------------------------------------------------------------------------------


_RULE = re.compile(r"\s*(?:\d+\s*:)?\s*(\S+?)\s*\*\s*=(.*)")


def _booleannet(data: bytes) -> list[Target]:
    rules: dict[str, str] = {}
    for line in data.decode().splitlines():
        if found := _RULE.match(line.partition("#")[0]):
            rules[found[1]] = found[2]
    return [_line(name, text, frozenset(rules)) for name, text in rules.items()]


def _line(name: str, text: str, names: frozenset[str]) -> Target:
    read: set[str] = set()

    def atom(word: str) -> Test:
        if word in ("0", "1"):
            return lambda _: word == "1"
        if word not in names:
            raise ValueError(f"{word!r} has no rule")
        read.add(word)
        return lambda s: s[word] >= 1

    test = _Formula(text, atom).test
    return Target(name, 1, frozenset(read), lambda s: int(test(s)))


# --- MaBoSS ----------------------------------------------------------------------------------

_BLOCK = re.compile(r"\bnode\s+(\w+)\s*\{(.*?)\}", re.IGNORECASE | re.DOTALL)
_ASIDE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"])*"', re.DOTALL)


def _maboss(data: bytes) -> list[Target]:
    plain = _ASIDE.sub("", data.decode()).replace("&&", "&").replace("||", "|")
    plain = re.sub(r"\b(NOT|AND|OR)\b", lambda word: word[1].lower(), plain)
    blocks = _BLOCK.findall(plain)
    return [_block(name, text, frozenset(key for key, _ in blocks)) for name, text in blocks]


def _block(name: str, text: str, names: frozenset[str]) -> Target:
    said = dict(part.split("=", 1) for part in text.split(";") if part.strip())
    words = {key.strip(): value for key, value in said.items()}
    words.setdefault("rate_up", "@logic ? 1 : 0")
    words.setdefault("rate_down", "@logic ? 0 : 1")
    for key in ("rate_up", "rate_down"):
        words[key] = re.sub(r"@(\w+)", lambda use: f"({words[use[1]]})", words[key])
    read: set[str] = set()

    def atom(word: str) -> Test:
        if word not in names:
            raise ValueError(f"{word!r} is no node")
        read.add(word)
        return lambda s: s[word] >= 1

    rises, falls = (_rate(words[key], atom) for key in ("rate_up", "rate_down"))
    return Target(
        name,
        1,
        frozenset({name, *read}),
        lambda s: int(not falls(s)) if s[name] else int(rises(s)),
    )


def _rate(text: str, atom: Callable[[str], Test]) -> Test:
    """Return whether a rate is above 0: a number, a named constant, or a choice of rates."""
    text = text.strip()
    while text.startswith("(") and _closing(text) == len(text) - 1:
        text = text[1:-1].strip()
    depth, ask, open_ = 0, -1, 0
    for i, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if sign == "?" and not depth:
            ask, open_ = (i if ask < 0 else ask), open_ + 1
        elif sign == ":" and not depth:
            open_ -= 1
            if not open_:
                when = _Formula(text[:ask], atom).test
                then, other = _rate(text[ask + 1 : i], atom), _rate(text[i + 1 :], atom)
                return lambda s: then(s) if when(s) else other(s)
    above = re.fullmatch(r"\$\w+", text) is not None or float(text) > 0
    return lambda _: above


def _closing(text: str) -> int:
    """Return where the parenthesis that a text begins with is closed."""
    depth = 0
    for i, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return i
    raise ValueError("a parenthesis is not closed")


_PROGRAMS: dict[str, tuple[str, Callable[[bytes], list[Target]]]] = {
    "sbml": ("SBML-qual as it is specified", _sbml),
    "ginml": ("GINsim", _ginml),
    "zginml": ("GINsim", _ginml),
    "booleannet": ("BooleanNet", _booleannet),
    "maboss": ("MaBoSS", _maboss),
}
