"""From a text of SBML-qual to a project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from regnet.exchange.exclusive import Overlap, overlaps_told, with_told_rules
from regnet.exchange.portable import read_stands_for, some
from regnet.exchange.xmltext import Document, Element, parse
from regnet.extras import install_command
from regnet.files import Source
from regnet.formats.sbml.math import levels_compared
from regnet.formats.sbml.parts import (
    HIGHEST_LEVEL,
    QUAL,
    START,
    chosen_names,
    listed,
    number,
    read_transition,
)
from regnet.network import Claim, Component, LogicalNetwork, Rule
from regnet.project import Kept, Project, Reading, Remark
from regnet.scenario import Scenario
from regnet.space import Space

_OURS = re.compile(r"<\?regnet .*?\?>\n?")
_ENCODING = re.compile(r"(\A\s*<\?xml[^>]*?\bencoding\s*=\s*)([\"'])[\w.-]+\2")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BLOCK = re.compile(r"</?(?:\w+:)?(?:p|br|div|li|ul|ol|h\d|tr|table|body)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_ESCAPED = re.compile(r"</(?:a|div|font|li|p|span|ul)>|<br ?/?>")
_HTML = re.compile(r"</?[a-z]\w*(?:\s+[\w:-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>", re.IGNORECASE)
_COMPARTMENT = re.compile(r"(<(?:\w+:)?compartment\b)(?:[^\"'>]|\"[^\"]*\"|'[^']*')*")
_QUAL = re.compile(rb"http://www\.sbml\.org/sbml/level3/version\d+/qual/version\d+")
_DEEPEST_FOR_LIBSBML = 200
"""libSBML recurses; far deeper trees end the process."""
_LARGEST_FOR_LIBSBML, _LONGEST_FOR_LIBSBML = 4 * 2**20, 2**19
"""Bytes of a file and of one transition, in which time grows with the square of the length."""
_MOST_COMPLAINTS = 5


@dataclass(slots=True)
class _Species:
    """A species, and the component it becomes."""

    element: Element
    key: str
    title: str
    name: str = ""
    top: int = 1
    start: int | None = None


class Reader:
    """A document on its way to a project."""

    def __init__(self, source: Source, names: str, constants: str) -> None:
        self.remarks: list[Remark] = []
        self.claims: list[Claim] = []
        self.overlaps: list[tuple[str, Overlap, Element]] = []
        self.document = self._parsed(source)
        self.which, self.constants = names, constants
        self.model = self._model()
        self.listings = {id(e): one for one in self.model.children for e in one.children}
        self.species = self._species()
        self.names = {one.key: one.name for one in self.species}
        self.tops = {one.name: one.top for one in self.species}

    def read(self) -> Reading:
        """Return the project, with remarks."""
        rules, kept = self._transitions()
        components, texts = [], []
        compartments = self._compartments()
        for one in self.species:
            note = plain_text(one.element, self.document)
            place = compartments.get(one.key, "")
            components.append(
                Component(one.name, rules.get(one.name), one.top, compartment=place, note=note)
            )
            texts.append(Kept("sbml", "species", self._source(one.element), one.name))
        network = LogicalNetwork(tuple(components), tuple(self.claims))
        start = Space({one.name: one.start for one in self.species if one.start is not None})
        project = Project(
            network,
            title=self.model.attributes.get("name", "").strip(),
            note=plain_text(self.model, self.document),
            scenarios=(Scenario(START, start=start),) if start else (),
            layout=layout_of(self.document, self.names),
            kept=(Kept("sbml", "document", self._skeleton()), *texts, *kept),
        )
        told = [words for target, words in self.document.instructions if target == "regnet"]
        project = with_told_rules(project, told)
        self._say_names()
        for words, at in overlaps_told(self.overlaps, "GINsim uses neither, bioLQM one of them"):
            self._remark("warning", words, at)
        self.remarks += complaints(self.document)
        return Reading(project, tuple(self.remarks))

    def _parsed(self, source: Source) -> Document:
        """Return the document, with the namespace of SBML-qual corrected if it is misspelt."""
        document = parse(source.data, source.name)
        corrected = _QUAL.sub(QUAL.encode(), document.data)
        if corrected == document.data:
            return document
        self.remarks.append(Remark("warning", f"the namespace of SBML-qual is read as {QUAL}"))
        return parse(corrected, source.name)

    def _model(self) -> Element:
        root = self.document.root
        if root.tag != "sbml":
            raise self.document.error(f"this is no SBML but {root.tag}", root, "<sbml>")
        if root.attributes.get("level", "3") != "3":
            raise self.document.error(
                f"this is SBML level {root.attributes['level']}; logical models need level 3", root
            )
        model = root.find("model")
        if model is None:
            raise self.document.error("this SBML file holds no model", root, "<model>")
        return model

    def _species(self) -> list[_Species]:
        listing = self.model.find("listOfQualitativeSpecies", "/qual/")
        if listing is None:
            raise self.document.error(
                "this SBML file has no qualitative species, so it is no logical model (SBML-qual)",
                self.model, "listOfQualitativeSpecies",
            )  # fmt: skip
        found = []
        seen: dict[str, Element] = {}
        for element in listed(self.model, "listOfQualitativeSpecies", "qualitativeSpecies"):
            key = element.attributes.get("id", "").strip()
            if not key:
                raise self.document.error("this species has no id", element)
            if key in seen:
                raise self.document.error(
                    f"the species {key} is there a second time; the first is in line "
                    f"{seen[key].line}", element,
                )  # fmt: skip
            seen[key] = element
            found.append(_Species(element, key, element.attributes.get("name", "")))
        names = chosen_names([(one.key, one.title) for one in found], self.which)
        stand = dict(self._stand_for())
        for one, name in zip(found, names, strict=True):
            one.name = stand.get(one.key, name) if self.which == "auto" else name
        self._set_levels(found)
        return found

    def _stand_for(self) -> Iterator[tuple[str, str]]:
        """Yield the instructions of regnet about replaced names."""
        for target, words in self.document.instructions:
            if target == "regnet" and (pair := read_stands_for(words)):
                yield pair

    def _set_levels(self, found: list[_Species]) -> None:
        """Read the levels of species; if there is no maximum, take the highest level used."""
        document, assumed = self.document, []
        used = self._levels_used()
        for one in found:
            one.start = number(document, one.element, "initialLevel")
            top = number(document, one.element, "maxLevel")
            if top is None:
                top = max(1, used.get(one.key, 1), one.start or 0)
                assumed.append(one)
            if top > HIGHEST_LEVEL:
                raise document.error(
                    f"{one.key} has {top + 1} levels; regnet reads up to {HIGHEST_LEVEL + 1}",
                    one.element,
                )
            if top == 0:
                self._remark("info", f"{one.name} has the level 0 only; 1 is added", one.element)
            one.top = max(1, top)
            if one.start is not None and one.start > one.top:
                raise document.error(
                    f"{one.key} starts at {one.start}, above its highest level {one.top}",
                    one.element, f"an initialLevel up to {one.top}",
                )  # fmt: skip
        if assumed:
            names = some(f"{one.name} (to {one.top})" for one in assumed)
            self._remark(
                "info", f"no maxLevel is given, so the highest level used is taken: {names}",
                assumed[0].element,
            )  # fmt: skip

    def _levels_used(self) -> dict[str, int]:
        used: dict[str, int] = {}

        def use(key: str, level: int | None) -> None:
            used[key] = max(used.get(key, 1), level or 0)

        for transition in listed(self.model, "listOfTransitions", "transition"):
            terms = [
                term
                for tag in ("functionTerm", "defaultTerm")
                for term in listed(transition, "listOfFunctionTerms", tag)
            ]
            reached = max((number(self.document, t, "resultLevel") or 0 for t in terms), default=1)
            for output in listed(transition, "listOfOutputs", "output"):
                use(output.attributes.get("qualitativeSpecies", ""), reached)
            for item in listed(transition, "listOfInputs", "input"):
                key = item.attributes.get("qualitativeSpecies", "")
                use(key, number(self.document, item, "thresholdLevel"))
            for term in terms:
                if math := term.find("math"):
                    for key, level in levels_compared(math).items():
                        use(key, level)
        return used

    def _transitions(self) -> tuple[dict[str, Rule], list[Kept]]:
        document = self.document
        rules: dict[str, Rule] = {}
        kept, first = [], dict[str, Element]()
        constant = {o.key for o in self.species if o.element.attributes.get("constant") == "true"}
        for transition in listed(self.model, "listOfTransitions", "transition"):
            outputs = list(listed(transition, "listOfOutputs", "output"))
            if not outputs:
                key = transition.attributes.get("id", "")
                raise document.error(f"the transition {key} has no output", transition)
            for output in outputs:
                key = output.attributes.get("qualitativeSpecies", "")
                if key not in self.names:
                    raise document.error(f"the output {key!r} is no species", output)
                effect = output.attributes.get("transitionEffect", "assignmentLevel")
                if effect != "assignmentLevel":
                    raise document.error(
                        f"a transition adds to {key} ({effect}), which logical rules cannot say",
                        output, 'transitionEffect="assignmentLevel"',
                    )  # fmt: skip
                if key in constant:
                    raise document.error(f"{key} is constant but has a transition", output)
                name = self.names[key]
                if name in rules:
                    raise document.error(
                        f"{key} has a second transition; the first is in line {first[name].line}",
                        output, "one transition for each species",
                    )  # fmt: skip
                read = read_transition(transition, document, self.names, self.tops, name)
                rules[name], first[name] = read.rule, transition
                if read.overlap:
                    self.overlaps.append((name, read.overlap, transition))
                self.claims += [Claim(s, name, sign) for s, sign in read.signs.items()]
                if len(outputs) == 1:
                    kept.append(Kept("sbml", "transition", self._source(transition), name))
        if self.constants == "fixed":
            for one in self.species:
                if one.key in constant and one.start is not None:
                    rules[one.name] = Rule.constant(one.start)
        return rules, kept

    def _compartments(self) -> dict[str, str]:
        """Return where species are, unless they are all in one place."""
        titles = {
            c.attributes.get("id", ""): c.attributes.get("name") or c.attributes.get("id", "")
            for c in listed(self.model, "listOfCompartments", "compartment")
        }
        places = {one.key: one.element.attributes.get("compartment", "") for one in self.species}
        if len(set(places.values())) < 2:
            return {}
        if len(set(titles.values())) < len(titles):
            titles = {}
        return {key: titles.get(place, place).strip() for key, place in places.items()}

    def _source(self, element: Element) -> str:
        """Return the text of an element of a list in the model, with what the list declares."""
        return self.document.source(element, within=(self.model, self.listings[id(element)]))

    def _skeleton(self) -> str:
        """Return the document without its species and transitions."""
        out, at = [], 0
        data = self.document.data
        for child in self.model.children:
            if child.tag in ("listOfQualitativeSpecies", "listOfTransitions"):
                out.append(data[at : child.start].rstrip())
                at = child.end
        out.append(data[at:])
        text = _OURS.sub("", b"".join(out).decode())
        text = _COMPARTMENT.sub(_with_constant, text)
        return _ENCODING.sub(r"\1\2UTF-8\2", text)

    def _say_names(self) -> None:
        if all(one.key == one.name for one in self.species):
            return
        first = next(one for one in self.species if one.key != one.name)
        self._remark(
            "info",
            f"components are called by their names, not by ids such as {first.key} "
            f"({first.name}); the ids are kept",
            first.element,
        )

    def _remark(self, severity: str, message: str, at: Element) -> None:
        self.remarks.append(Remark(severity, message, at.line, at.column))


def _with_constant(tag: re.Match[str]) -> str:
    """Return the start of a compartment with the attribute that it has to have."""
    return tag[0] if re.search(r"\sconstant\s*=", tag[0]) else f'{tag[1]} constant="true"'


def plain_text(element: Element, document: Document) -> str:
    """Return the notes of an element as plain text, a line for each paragraph.

    Cell Collective writes its HTML as text within a paragraph, which is no text either.
    """
    notes = element.find("notes")
    if notes is None:
        return ""
    words = _COMMENT.sub("", document.source(notes))
    words = unescape(_TAG.sub("", _BLOCK.sub("\v", words)))
    if _ESCAPED.search(words):
        words = unescape(_HTML.sub("", _BLOCK.sub("\v", words)))
    lines = (" ".join(line.split()) for line in words.split("\v"))
    return "\n".join(line for line in lines if line)


def layout_of(document: Document, names: dict[str, str]) -> dict[str, tuple[float, float]]:
    """Return component -> (x, y) of its centre, as the first layout of a document says."""
    places: dict[str, tuple[float, float]] = {}
    for node in document.root.walk():
        if "/layout/" not in node.space or node.tag not in ("generalGlyph", "speciesGlyph"):
            continue
        key = node.attributes.get("reference") or node.attributes.get("species") or ""
        box = node.find("boundingBox")
        at, size = (box.find("position"), box.find("dimensions")) if box else (None, None)
        if key not in names or names[key] in places or at is None:
            continue
        try:
            x, y = float(at.attributes["x"]), float(at.attributes["y"])
            width = float(size.attributes["width"]) if size else 0.0
            height = float(size.attributes["height"]) if size else 0.0
        except (KeyError, ValueError):
            continue
        place = (x + width / 2, y + height / 2)
        if all(abs(v) < 1e9 for v in place):
            places[names[key]] = place
    return places


def complaints(document: Document) -> list[Remark]:
    """Return what libSBML finds wrong with a document that could be read nevertheless.

    It checks the rules of the specification; what it says are warnings, because many files in use
    break a rule without being unclear.
    """
    if document.depth > _DEEPEST_FOR_LIBSBML:
        return [Remark("info", "the file nests too deep to be checked by libSBML")]
    changes = (node for node in document.root.walk() if node.tag == "transition")
    longest = max((node.end - node.start for node in changes), default=0)
    if len(document.data) > _LARGEST_FOR_LIBSBML or longest > _LONGEST_FOR_LIBSBML:
        return [Remark("info", "the file is too large to be checked by libSBML in seconds")]
    try:
        import libsbml
    except ModuleNotFoundError:
        words = f"not checked by libSBML, which is not installed: {install_command('sbml')}"
        return [Remark("info", words)]
    checked = libsbml.readSBMLFromString(_ENCODING.sub(r"\1\2UTF-8\2", document.data.decode()))
    for category in (
        libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, libsbml.LIBSBML_CAT_MODELING_PRACTICE,
    ):  # fmt: skip
        checked.setConsistencyChecks(category, False)
    checked.checkConsistency()
    errors = [checked.getError(i) for i in range(checked.getNumErrors())]
    found: dict[tuple[str, int], Remark] = {}
    for error in errors:
        if error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR:
            words = f"{_detail(error)} (libSBML, rule {error.getErrorId()})"
            line = error.getLine()
            found.setdefault((words, line), Remark("warning", words, line or None))
    remarks = list(found.values())
    if len(remarks) > _MOST_COMPLAINTS:
        more = f"libSBML finds {len(remarks) - _MOST_COMPLAINTS} more faults of this kind"
        remarks = [*remarks[:_MOST_COMPLAINTS], Remark("warning", more)]
    return remarks


def _detail(error: Any) -> str:
    """Return the part of a message of libSBML that speaks of this file, not of the rule."""
    *_, detail = error.getMessage().rpartition("Reference: ")
    lines = [line.strip() for line in detail.splitlines()[1:] if line.strip()]
    words = " ".join(lines) or error.getShortMessage()
    return str(words).rstrip(".")
