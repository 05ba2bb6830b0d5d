"""From a project to a text of SBML-qual, with what another tool once wrote around it.

Ids are never changed: annotations and layouts refer to them. Species and transitions are written
anew, except that a transition whose rule is still the same stays as it stood; notes and annotations
are copied, and so is all of the document that is not about species and transitions. The module is
long because names, places, species and the document around them are settled together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from regnet.errors import RegnetError
from regnet.exchange.annotations import Annotation, annotations_of
from regnet.exchange.exclusive import exclusive_cases, pushed, told_rule
from regnet.exchange.portable import (
    falling_cases,
    leaving_out,
    plain,
    signs,
    some,
    stands_for,
    unused,
)
from regnet.exchange.xmltext import Document, Element, attribute, parse, text
from regnet.formats.sbml.math import MATH, write_condition
from regnet.formats.sbml.parts import (
    CORE,
    LAYOUT,
    QUAL,
    QUALIFIERS,
    RDF,
    SIGNS,
    START,
    XHTML,
    chosen_names,
    head_of_numbered,
    is_called,
    listed,
    read_transition,
)
from regnet.formats.sbml.reader import layout_of, plain_text
from regnet.logic import Const
from regnet.network import Component, Rule
from regnet.project import Project, Remark
from regnet.scenario import Scenario

_ID = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)
_START_TAG = re.compile(
    r"<(?P<name>[^\s/>]+)(?P<rest>(?:[^\"'>]|\"[^\"]*\"|'[^']*')*?)(?P<end>/?>)"
)
_FRESH = f"""<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="{CORE}" level="3" version="1">
  <model>
  </model>
</sbml>
"""
_HELD = ("title", "note", "notes", "claims", "compartments", "scenarios", "layout")
_WIDTH, _HEIGHT = 80, 40
_EVERYWHERE = "default"
"""Id of the compartment of a model that names none."""

Part = tuple[Document, Element]


class Writer:
    """A project on its way to text."""

    def __init__(self, project: Project) -> None:
        self.project, self.network = project, project.network
        self.remarks: list[Remark] = []
        self.told: list[str] = []
        kept = [k for k in project.kept if k.format == "sbml"]
        skeleton = next((str(k.content) for k in kept if k.what == "document"), _FRESH)
        self.document = _intact(skeleton) or parse(_FRESH)
        model = self.document.root.find("model")
        assert model
        self.model = model
        raw = self.document.source(self.document.root)
        self.core = raw[1 : raw.index("sbml")]  # the prefix of core elements, mostly none
        self.head = self._root_tag(raw)
        self.species = self._parts("species")
        self.annotations = annotations_of(project, but="sbml")
        self.metaids = {node.attributes.get("metaid", "") for node in self.document.root.walk()}
        self.transitions = self._parts("transition")
        self.claims: dict[str, dict[str, str]] = {}
        for claim in self.network.claims:
            self.claims.setdefault(claim.target, {})[claim.source] = claim.sign
        self.ids = self._identifiers()
        self.titles = {c.name: self._title(c) for c in self.network.components}
        self.compartments, self.new_compartments = self._places()
        self.unchanged = self._unchanged()
        self.taken = self._taken()

    def write(self) -> tuple[str, tuple[Remark, ...]]:
        """Return the text, and what it cannot hold."""
        start = self._start()
        lists = [
            ("qual:listOfQualitativeSpecies", [self._species(c, start) for c in self.components]),
            ("qual:listOfTransitions", [self._transition(c) for c in self.components if c.rule]),
        ]
        body = "".join("\n" + _listing(name, items, 2) for name, items in lists if items)
        if not lists[1][1]:
            words = "without any rule there is no list of transitions, and AEON opens no such file"
            self.remarks.append(Remark("info", words))
        written = self._document(body)
        self.remarks += leaving_out("an SBML file", self.project, *_HELD)
        return written, tuple(self.remarks)

    @property
    def components(self) -> tuple[Component, ...]:
        """The components of the network."""
        return self.network.components

    # --- what was kept ---

    def _parts(self, what: str) -> dict[str, Part]:
        """Return component -> its kept element, read in the namespaces of the document."""
        parts = {}
        for one in self.project.kept:
            if one.format == "sbml" and one.what == what and one.component:
                end = f"</{self.core}sbml>"
                read = _parsed(f"{self.head}{one.content!s}{end}")
                if read and read.root.children:
                    parts[one.component] = (read, read.root.children[0])
        return parts

    def _root_tag(self, raw: str) -> str:
        """Return the start tag of the document, with all that SBML-qual has to have there."""
        tag = _START_TAG.match(raw)
        assert tag
        rest = tag["rest"]
        prefixes = dict(self.document.root.declared)
        wanted = {"level": "3", "version": "1"}
        if "qual" not in prefixes:
            wanted["xmlns:qual"] = QUAL
        wanted["qual:required"] = "true"
        if self.project.layout and "layout" not in prefixes:
            wanted |= {"xmlns:layout": LAYOUT, "layout:required": "false"}
        for name, value in wanted.items():
            if not re.search(rf"\s{name}\s*=", rest):
                rest += f" {name}={attribute(value)}"
        return f"<{tag['name']}{rest}>"

    def _written_head(self) -> str:
        """Return the start tag without other prefixes for SBML-qual, by which libSBML would go."""
        head = self.head
        for prefix, space in self.document.root.declared:
            if space == QUAL and prefix != "qual":
                for name in (f"xmlns:{prefix}", f"{prefix}:required"):
                    head = re.sub(rf"\s{re.escape(name)}\s*=\s*(\"[^\"]*\"|'[^']*')", "", head)
        return head

    def _unchanged(self) -> set[str]:
        """Return the components whose transition can stay as it stood."""
        if self._written_head() != self.head:
            return set()
        names = {key: name for name, key in self.ids.items()}
        found: set[str] = set()
        overlapping: list[str] = []
        for c in self.components:
            if c.rule is None or c.name not in self.transitions:
                continue
            document, element = self.transitions[c.name]
            try:
                read = read_transition(element, document, names, self.network.tops, c.name)
            except RegnetError:
                continue  # it names what is no longer there
            if read.whole and read.rule == c.rule and read.signs == self.claims.get(c.name, {}):
                if read.overlap is None:
                    found.add(c.name)
                else:
                    overlapping.append(c.name)
        if overlapping:
            words = "terms that hold at once, of which programs take one or none, now exclude"
            self.remarks.append(Remark("info", f"{words} each other: {some(overlapping)}"))
        return found

    def _taken(self) -> set[str]:
        """Return all ids that no new element may have."""
        elements = [self.model, *(self.transitions[name][1] for name in self.unchanged)]
        found = {key for e in elements for n in e.walk() if (key := n.attributes.get("id"))}
        return found | set(self.ids.values()) | set(self.compartments.values())

    # --- names and places ---

    def _identifiers(self) -> dict[str, str]:
        """Return the id of each component: the one it came with, or else one like its name."""
        came = {n: element.attributes.get("id", "") for n, (_, element) in self.species.items()}
        ids = {name: key for name, key in came.items() if name in self.network and _ID.match(key)}
        taken = {node.attributes.get("id", "") for node in self.model.walk()} | set(ids.values())
        head = head_of_numbered(ids.values())
        new = [name for name in self.network.names if name not in ids]
        for name in sorted(new, key=lambda name: not _ID.match(name)):  # fine names stay
            like = f"{head}{len(taken)}" if head else name if _ID.match(name) else plain(name)
            ids[name] = unused(like, taken)
            taken.add(ids[name])
        renamed = [f"{n} as {ids[n]}" for n in self.network.names if not _ID.match(n)]
        if renamed and not self.species:
            words = "names that cannot be ids are written beside ids like them"
            self.remarks.append(Remark("info", f"{words}: {some(renamed)}"))
        return {name: ids[name] for name in self.network.names}

    def _title(self, component: Component) -> str:
        """Return the name of a species."""
        if component.name not in self.species:
            return component.name
        title = self.species[component.name][1].attributes.get("name", "")
        key = self.ids[component.name]
        same = component.name == key or is_called(component.name, title, key)
        return title if same else component.name

    def _instructions(self) -> str:
        """Return what only regnet reads: names a reader would not choose, and rules as written."""
        chosen = chosen_names([(self.ids[n], self.titles[n]) for n in self.network.names])
        out = []
        for name, would in zip(self.network.names, chosen, strict=True):
            if name != would:
                out.append(stands_for(self.ids[name], name))
        out += self.told
        return "".join(f"<?regnet {words}?>\n" for words in out)

    def _places(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return component -> id of its compartment, and the new compartments: id -> name."""
        there = {
            one.attributes.get("id", ""): one.attributes.get("name", "")
            for one in listed(self.model, "listOfCompartments", "compartment")
        }
        known = {title.strip() or key: key for key, title in there.items()}
        known |= {key: key for key in there}
        taken = {*there, *self.ids.values()}
        new: dict[str, str] = {}
        places = {}
        for c in self.components:
            old = self.species[c.name][1].attributes if c.name in self.species else {}
            only = next(iter(there)) if len(there) == 1 else ""
            wanted = c.compartment or old.get("compartment", "") or only
            if wanted not in known:
                key = unused(plain(wanted) if wanted else _EVERYWHERE, taken)
                taken.add(key)
                known[wanted] = key
                new[key] = wanted
            places[c.name] = known[wanted]
        return places, new

    def _start(self) -> Scenario:
        """Return the scenario of the initial levels."""
        scenarios = self.project.scenarios
        plain = [s for s in scenarios if s.start and not s.perturbation]
        chosen = next((s for s in plain if s.name == START), plain[0] if plain else Scenario())
        others = [s.name for s in scenarios if s is not chosen]
        if chosen.name and chosen.name != START:
            words = f"the start of {chosen.name} is written as the initial levels"
            self.remarks.append(Remark("info", words))
        if others:
            words = f"an SBML file holds no scenario but one start; not {some(others)}"
            self.remarks.append(Remark("warning", words))
        if ranges := [n for n in chosen.start if n not in chosen.start.fixed]:
            words = f"an SBML file cannot start at a range of levels: {some(ranges)}"
            self.remarks.append(Remark("warning", words))
        return chosen

    # --- species and transitions ---

    def _species(self, component: Component, start: Scenario) -> str:
        old = self.species.get(component.name)
        described = _copied(old, "annotation")
        named = _core_attributes(old)
        if not old and (own := self.annotations.get(component.name)):
            named = {"metaid": unused(f"meta_{self.ids[component.name]}", self.metaids)}
            described = self._described(own, str(named["metaid"]))
        attributes: dict[str, object] = {
            **named,
            "qual:id": self.ids[component.name],
        }
        if title := self.titles[component.name]:
            attributes["qual:name"] = title
        attributes["qual:compartment"] = self.compartments[component.name]
        attributes["qual:constant"] = "true" if component.rule is None else "false"
        if component.name in start.start.fixed:
            attributes["qual:initialLevel"] = start.start.fixed[component.name]
        attributes["qual:maxLevel"] = component.top
        inner = [self._notes(component.note, old), described]
        return _element("qual:qualitativeSpecies", attributes, inner, 3)

    def _described(self, annotations: Iterable[Annotation], about: str) -> str:
        """Return identifiers and links as the RDF that SBML asks for."""
        parts: dict[str, list[str]] = {}
        for one in annotations:
            items = parts.setdefault(one.qualifier, [])
            items.append(f"<rdf:li rdf:resource={attribute(one.uri)}/>")
        said = "".join(
            f"<bqbiol:{qualifier}><rdf:Bag>{''.join(items)}</rdf:Bag></bqbiol:{qualifier}>"
            for qualifier, items in parts.items()
        )
        return (
            f'<{self.core}annotation><rdf:RDF xmlns:rdf="{RDF}" xmlns:bqbiol="{QUALIFIERS}">'
            f'<rdf:Description rdf:about="#{about}">{said}</rdf:Description></rdf:RDF>'
            f"</{self.core}annotation>"
        )

    def _transition(self, component: Component) -> str:
        assert component.rule
        old = self.transitions.get(component.name)
        if old and component.name in self.unchanged:
            return "      " + old[0].source(old[1])
        key = self.ids[component.name]
        inputs = [
            _element("qual:input", {
                "qual:id": self._fresh(f"tr_{key}_in_{self.ids[source]}"),
                "qual:qualitativeSpecies": self.ids[source],
                "qual:transitionEffect": "none",
                "qual:sign": sign,
            }, [], 5)
            for source, sign in self._signs(component).items()
        ]  # fmt: skip
        output = _element("qual:output", {
            "qual:id": self._fresh(f"tr_{key}_out"),
            "qual:qualitativeSpecies": key,
            "qual:transitionEffect": "assignmentLevel",
        }, [], 5)  # fmt: skip
        inner = [
            _copied(old, "notes"),
            _copied(old, "annotation"),
            _listing("qual:listOfInputs", inputs, 4) if inputs else "",
            _listing("qual:listOfOutputs", [output], 4),
            _listing("qual:listOfFunctionTerms", self._terms(component), 4),
        ]
        attributes = {**_core_attributes(old), "qual:id": self._fresh(f"tr_{key}")}
        return _element("qual:transition", attributes, inner, 3)

    def _signs(self, component: Component) -> dict[str, str]:
        """Return regulator -> sign: as claimed, or else as in the rule."""
        assert component.rule
        claimed = self.claims.get(component.name, {})
        found = claimed | signs(component.rule) | claimed  # the order of the file they came from
        return {source: SIGNS[sign] for source, sign in found.items()}

    def _terms(self, component: Component) -> list[str]:
        """Return the default term, and a function term for each level, which exclude each other.

        bioLQM takes the opposite of a condition for level 1, whatever level it leads to; so above
        level 1 only thresholds are negated.
        """
        assert component.rule
        cases, default = falling_cases(component.rule), 0
        otherwise = [cases.pop()] if cases and isinstance(cases[-1][0], Const) else []
        if otherwise:
            default = otherwise[0][1]
        if cases:
            exclusive = exclusive_cases(Rule(tuple(cases)))
            cases = [(c if level == 1 else pushed(c), level) for c, level in exclusive]
        self.told += told_rule(component, cases + otherwise)
        terms = [_element("qual:defaultTerm", {"qual:resultLevel": default}, [], 5)]
        for condition, level in cases:
            math = write_condition(condition, self.ids.__getitem__, 7)
            inner = f'            <math xmlns="{MATH}">{math}\n            </math>'
            terms.append(_element("qual:functionTerm", {"qual:resultLevel": level}, [inner], 5))
        return terms

    def _fresh(self, wanted: str) -> str:
        made = unused(wanted, self.taken)
        self.taken.add(made)
        return made

    def _notes(self, note: str, old: Part | None) -> str:
        """Return notes with the text of a note: the original ones if the text is unchanged."""
        if old and plain_text(old[1], old[0]) == note:
            return _copied(old, "notes")
        if not note:
            return ""
        lines = "".join(f"<p>{text(line)}</p>" for line in note.splitlines() if line.strip())
        tag = f"{self.core}notes"
        return f'<{tag}><body xmlns="{XHTML}">{lines}</body></{tag}>'

    # --- the document around them ---

    def _document(self, body: str) -> str:
        """Return the document with its lists, and with what changed around them."""
        document, model = self.document, self.model
        raw = document.source(model)
        tag = _START_TAG.match(raw)
        assert tag
        name, rest = tag["name"], tag["rest"]
        inner = ""
        if tag["end"] == ">":
            inner = raw[tag.end() : raw.rindex("</")]
        if self.project.title != model.attributes.get("name", "").strip():
            rest = re.sub(r"\sname\s*=\s*(\"[^\"]*\"|'[^']*')", "", rest)
            rest += f" name={attribute(self.project.title)}" if self.project.title else ""
        if not re.search(r"\sid\s*=", rest):
            key = plain(self.network.name or self.project.title or "model")
            rest = f" id={attribute(self._fresh(key))}{rest}"
        inner = self._with_notes(inner)
        inner = self._with_compartments(inner)
        inner = self._with_layout(inner)
        tail = re.search(r"\s*\Z", inner)
        assert tail
        inner = inner[: tail.start()] + body + (tail[0] or "\n  ")
        before = document.data[: document.root.start].decode()
        head = document.data[document.root.start : model.start].decode()
        between = head[_START_TAG.match(head).end() :]  # type: ignore[union-attr]
        after = document.data[model.end :].decode()
        model_text = f"<{name}{rest}>{inner}</{name}>"
        return f"{before}{self._instructions()}{self._written_head()}{between}{model_text}{after}"

    def _with_notes(self, inner: str) -> str:
        document, model = self.document, self.model
        if plain_text(model, document) == self.project.note:
            return inner
        if (old := model.find("notes")) is not None:
            inner = inner.replace(document.source(old), "", 1)
        notes = self._notes(self.project.note, None)
        return f"\n    {notes}{inner}" if notes else inner

    def _with_compartments(self, inner: str) -> str:
        if not self.new_compartments:
            return inner
        made = ""
        for key, title in self.new_compartments.items():
            named = f" name={attribute(title)}" if title and title != key else ""
            made += f'\n      <{self.core}compartment id="{key}"{named} constant="true"/>'
        end = f"</{self.core}listOfCompartments>"
        if end in inner:
            at = inner.index(end)
            return inner[:at].rstrip() + made + "\n    " + inner[at:]
        tag = f"{self.core}listOfCompartments"
        listing = f"\n    <{tag}>{made}\n    </{tag}>"
        ahead = [e for e in (self.model.find("notes"), self.model.find("annotation")) if e]
        at = 0
        if self.project.note and not any(e.tag == "notes" for e in ahead):
            at = inner.index(f"</{self.core}notes>") + len(f"</{self.core}notes>")
        for element in ahead:
            source = self.document.source(element)
            if source in inner:
                at = max(at, inner.index(source) + len(source))
        return inner[:at] + listing + inner[at:]

    def _with_layout(self, inner: str) -> str:
        names = {key: name for name, key in self.ids.items()}
        layout = dict(self.project.layout)
        if layout_of(self.document, names) == layout:
            return inner
        for old in self.model.all("listOfLayouts"):
            inner = inner.replace(self.document.source(old), "", 1)
        if not layout:
            return inner
        glyphs = [self._glyph(name, place) for name, place in layout.items()]
        width = max(x for x, _ in layout.values()) + _WIDTH
        height = max(y for _, y in layout.values()) + _HEIGHT
        size = f'<layout:dimensions layout:width="{width:g}" layout:height="{height:g}"/>'
        listing = _listing("layout:listOfAdditionalGraphicalObjects", glyphs, 4)
        key = self._fresh("layout")
        one = _element("layout:layout", {"layout:id": key}, [size, listing], 3)
        return inner.rstrip() + "\n" + _listing("layout:listOfLayouts", [one], 2) + "\n  "

    def _glyph(self, name: str, place: tuple[float, float]) -> str:
        x, y = place[0] - _WIDTH / 2, place[1] - _HEIGHT / 2
        box = (
            f'<layout:boundingBox><layout:position layout:x="{x!r}" layout:y="{y!r}"/>'
            f'<layout:dimensions layout:width="{_WIDTH}" layout:height="{_HEIGHT}"/>'
            "</layout:boundingBox>"
        )
        key = self.ids[name]
        attributes = {"layout:id": self._fresh(f"glyph_{key}"), "layout:reference": key}
        return _element("layout:generalGlyph", attributes, [box], 5)


def _core_attributes(old: Part | None) -> dict[str, object]:
    attributes = old[1].attributes if old else {}
    return {k: v for k, v in attributes.items() if k in ("metaid", "sboTerm")}


def _copied(old: Part | None, tag: str) -> str:
    """Return a part of a kept element as it stood."""
    inner = old[1].find(tag) if old else None
    return "" if old is None or inner is None else old[0].source(inner, within=(old[1],))


def _element(name: str, attributes: Mapping[str, object], inner: Iterable[str], depth: int) -> str:
    indent = "  " * depth
    words = "".join(f" {key}={attribute(value)}" for key, value in attributes.items())
    parts = [part for part in inner if part]
    if not parts:
        return f"{indent}<{name}{words}/>"
    body = "\n".join(p if p.startswith("  ") else f"{indent}  {p}" for p in parts)
    return f"{indent}<{name}{words}>\n{body}\n{indent}</{name}>"


def _listing(name: str, items: Iterable[str], depth: int) -> str:
    return _element(name, {}, items, depth)


def _parsed(source: str) -> Document | None:
    try:
        return parse(source)
    except RegnetError:
        return None


def _intact(source: str) -> Document | None:
    """Return a kept document, if it is one that we can write into."""
    read = _parsed(source)
    fine = read is not None and read.root.tag == "sbml" and read.root.find("model")
    return read if fine else None
