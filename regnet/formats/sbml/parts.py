"""Shared parts of reading and writing SBML-qual: names of components, and transitions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from regnet.errors import EngineError
from regnet.exchange.exclusive import Overlap, find_overlap
from regnet.exchange.portable import unused
from regnet.exchange.xmltext import Document, Element
from regnet.formats.sbml.math import read_condition
from regnet.logic import TRUE, Expr
from regnet.network import Rule

CORE = "http://www.sbml.org/sbml/level3/version1/core"
QUAL = "http://www.sbml.org/sbml/level3/version1/qual/version1"
LAYOUT = "http://www.sbml.org/sbml/level3/version1/layout/version1"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
QUALIFIERS = "http://biomodels.net/biology-qualifiers/"
XHTML = "http://www.w3.org/1999/xhtml"

START = "initial state"
"""Name of the scenario of the initial levels of a file."""

HIGHEST_LEVEL = 1_000

SIGNS = {"+": "positive", "-": "negative", "±": "dual"}
_READ_SIGNS = {word: sign for sign, word in SIGNS.items()}

_CORE_ATTRIBUTES = {"metaid", "sboTerm"}
_ALLOWED: dict[str, set[str]] = {
    "transition": {"id", "name"},
    "listOfInputs": set(),
    "listOfOutputs": set(),
    "listOfFunctionTerms": set(),
    "input": {"id", "name", "qualitativeSpecies", "transitionEffect", "sign", "thresholdLevel"},
    "output": {"id", "name", "qualitativeSpecies", "transitionEffect"},
    "functionTerm": {"resultLevel"},
    "defaultTerm": {"resultLevel"},
}
_NUMBERED = re.compile(r"([A-Za-z]{1,4}_?)\d+\Z")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Transition:
    """How the level of a component follows from others, as a file says it."""

    rule: Rule
    signs: dict[str, str]
    """Regulator -> the sign that its input claims."""
    whole: bool
    """Whether it says all that we would say and no more, so that it can be written as it stands."""
    overlap: Overlap | None
    """Two levels whose terms hold at once, if there are any."""


def chosen_names(species: Sequence[tuple[str, str]], which: str = "auto") -> list[str]:
    """Return the names of components for ids and names of species.

    ``"ids"`` takes the ids and ``"names"`` the names, if there are any; ``"auto"`` takes the names
    if all ids are merely numbered, such as ``S_12``. A duplicate name gets its id appended.
    """
    titles = [_BLANKS.sub(" ", name).strip() for _, name in species]
    if which == "auto":
        numbered = head_of_numbered(key for key, _ in species)
        which = "names" if numbered and all(titles) else "ids"
    if which == "ids":
        return [key for key, _ in species]
    often: dict[str, int] = {}
    for title in titles:
        often[title] = often.get(title, 0) + 1
    taken: set[str] = {title for title, count in often.items() if count == 1 and title}
    names = []
    for (key, _), title in zip(species, titles, strict=True):
        name = title
        if not title or often[title] > 1:
            name = unused(f"{title}_{key}" if title else key, taken)
            taken.add(name)
        names.append(name)
    return names


def head_of_numbered(ids: Iterable[str]) -> str:
    """Return what stands before the number in ids that say nothing; empty if they say something.

    >>> head_of_numbered(["S_1", "S_12"]), head_of_numbered(["S_1", "STAT3"])
    ('S_', '')
    """
    heads = {match[1] if (match := _NUMBERED.match(key)) else "" for key in ids}
    return heads.pop() if len(heads) == 1 else ""


def is_called(component: str, title: str, key: str) -> bool:
    """Return whether a component has the name that its species gave it."""
    clean = _BLANKS.sub(" ", title).strip()
    return bool(clean) and component in (clean, f"{clean}_{key}")


def number(document: Document, element: Element, attribute: str) -> int | None:
    """Return the whole number in an attribute, or None if there is none."""
    value = element.attributes.get(attribute)
    if value is None:
        return None
    if not re.fullmatch(r"\s*\+?\d{1,9}\s*", value):
        raise document.error(f"{attribute} is {value!r}", element, "a level: 0, 1, 2 ..")
    return int(value)


def listed(parent: Element | None, listing: str, item: str) -> Iterable[Element]:
    """Return the items of the lists of one name in an element."""
    if parent is None:
        return ()
    return (found for one in parent.all(listing) for found in one.all(item))


def read_transition(
    transition: Element,
    document: Document,
    names: Mapping[str, str],
    tops: Mapping[str, int],
    target: str,
) -> Transition:
    """Return what a transition means for one of its outputs.

    The target is the result level of the term that holds, the highest if several hold, or else
    that of the default term.
    """
    key = transition.attributes.get("id", "")
    thresholds: dict[str, int | None] = {}
    claimed: dict[str, str] = {}
    regulators: set[str] = set()
    whole = True
    for item in listed(transition, "listOfInputs", "input"):
        source = item.attributes.get("qualitativeSpecies", "")
        if source not in names:
            raise document.error(f"the input {source!r} of {key or target} is no species", item)
        effect = item.attributes.get("transitionEffect", "none")
        if effect != "none":
            raise document.error(
                f"the transition {key} uses up its input {source} ({effect}), "
                "which logical rules cannot say",
                item, 'transitionEffect="none"',
            )  # fmt: skip
        regulators.add(names[source])
        if "sign" in item.attributes:
            sign = _READ_SIGNS.get(item.attributes["sign"].strip(), "±")
            known = claimed.setdefault(names[source], sign)
            claimed[names[source]] = sign if sign == known else "±"
        whole = whole and {"transitionEffect", "sign"} <= item.attributes.keys()
        if "id" in item.attributes:
            thresholds[item.attributes["id"]] = number(document, item, "thresholdLevel")
    top = tops[target]
    cases: list[tuple[Expr, int]] = []
    for term in listed(transition, "listOfFunctionTerms", "functionTerm"):
        level = _level(document, term, top, target)
        math = term.find("math")
        if math is None:
            raise document.error("this function term has no math", term)
        cases.append((read_condition(math, document, names, tops, thresholds), level))
    try:
        overlap = find_overlap(cases)
    except EngineError:
        overlap = None
    cases.sort(key=lambda case: -case[1])
    defaults = list(listed(transition, "listOfFunctionTerms", "defaultTerm"))
    if not cases and not defaults:
        raise document.error(
            f"the function of {target} is unknown: its transition has no terms, "
            "and regnet does not read unknown functions",
            transition, "functionTerm or defaultTerm",
        )  # fmt: skip
    if len(defaults) > 1:
        raise document.error(f"{target} has a second default term", defaults[1], "one")
    default = _level(document, defaults[0], top, target) if defaults else 0
    rule = _rule(cases, default)
    outputs = list(listed(transition, "listOfOutputs", "output"))
    whole = whole and len(outputs) == 1 and bool(defaults) and "id" in transition.attributes
    whole = whole and all(var.name in regulators for var in rule.thresholds())
    return Transition(rule, claimed, whole and _is_regular(transition), overlap)


def _is_regular(transition: Element) -> bool:
    """Return whether a transition holds nothing that the specification does not know."""
    stack = [transition]
    while stack:
        node = stack.pop()
        if node.tag in ("math", "notes", "annotation"):
            continue
        allowed = _ALLOWED.get(node.tag)
        if allowed is None or not node.attributes.keys() <= allowed | _CORE_ATTRIBUTES:
            return False
        lists = [child.tag for child in node.children if child.tag.startswith("listOf")]
        if len(lists) > len(set(lists)) or (node.tag.startswith("listOf") and not node.children):
            return False
        stack.extend(node.children)
    return True


def _rule(cases: list[tuple[Expr, int]], default: int) -> Rule:
    if not cases:
        return Rule.constant(default)
    if default:
        return Rule((*cases, (TRUE, default)))
    while len(cases) > 1 and cases[-1][1] == 0:
        cases = cases[:-1]  # a case for level 0 is redundant at the end
    return Rule(tuple(cases))


def _level(document: Document, term: Element, top: int, target: str) -> int:
    level = number(document, term, "resultLevel")
    if level is None:
        raise document.error(f"this {term.tag} has no resultLevel", term)
    if level > top:
        raise document.error(
            f"this term leads {target} to {level}, above its highest level {top}", term,
            f"a resultLevel up to {top}",
        )  # fmt: skip
    return level
