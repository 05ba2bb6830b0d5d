"""From a project to a GINML graph, with what GINsim once wrote around it.

A node or an edge that did not change stays as it stood. A rule that changed is written as formulas,
with the edges that it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod

from regnet.errors import EngineError, RegnetError
from regnet.exchange.annotations import annotations_of, links_of
from regnet.exchange.exclusive import Case, exclusive_cases, find_overlap, told_rule
from regnet.exchange.portable import plain, signs, some, stands_for, unused
from regnet.exchange.xmltext import Document, Element, attribute, parse, text
from regnet.formats.ginml.graph import Edges, claims_of, read_edges, read_formulas, read_rule
from regnet.formats.ginml.reader import ID, comment_of, places_of
from regnet.logic import Const, Var, unparse, variables
from regnet.network import Claim, Component
from regnet.project import Project, Remark

_FRESH = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE gxl SYSTEM "http://ginsim.org/GINML_2_2.dtd">
<gxl xmlns:xlink="http://www.w3.org/1999/xlink">
  <graph class="regulatory" id="" nodeorder="">
    <nodestyle background="#ffffff" foreground="#000000" text="#000000" shape="RECTANGLE" \
width="80" height="30"/>
    <edgestyle color="#000000" pattern="SIMPLE" line_width="1" \
properties="positive:#00c800 negative:#c80000 dual:#0000c8"/>
  </graph>
</gxl>
"""
_SIGNS = {"+": "positive", "-": "negative", "±": "dual"}
_NEW_ID = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)
_MANY_COMBINATIONS = 1 << 16
"""Combinations of active edges from which on GINsim takes long to open a model."""
_GRAPH_TAG = re.compile(r"<graph\b(?:[^\"'>]|\"[^\"]*\"|'[^']*')*?(/?)>")


class Writer:
    """A project on its way to a graph."""

    def __init__(self, project: Project) -> None:
        self.project, self.network = project, project.network
        self.remarks: list[Remark] = []
        self.told: list[str] = []
        self.overlapping: list[str] = []
        self.many: list[str] = []
        kept = {(k.what, k.component): str(k.content) for k in project.kept if k.format == "ginml"}
        self.document = _graph_of(kept.get(("graph", ""), "")) or parse(
            _FRESH, doctype=True, namespaces=False
        )
        graph = self.document.root.find("graph")
        assert graph
        self.graph = graph
        self.nodes = {n: _wrapped(c) for (what, n), c in kept.items() if what == "node"}
        self.edges = {n: _wrapped(c) for (what, n), c in kept.items() if what == "edges"}
        self.ids = self._identifiers()
        self.names = {key: name for name, key in self.ids.items()}
        self.links = annotations_of(project, but="ginml")
        self.claims: dict[str, list[Claim]] = {}
        for claim in self.network.claims:
            self.claims.setdefault(claim.target, []).append(claim)
        self.places = places_of(
            {n: d.root.children[0] for n, d in self.nodes.items() if d and d.root.children}, graph
        )

    def write(self) -> tuple[str, tuple[Remark, ...]]:
        """Return the text of the graph, and what it cannot hold."""
        nodes, edges = [], []
        for component in self.network.components:
            node, into = self._component(component)
            nodes.append(node)
            edges += into
        if self.overlapping:
            words = "formulas that held at once, which GINsim drops, now exclude each other"
            self.remarks.append(Remark("info", f"{words}: {some(self.overlapping)}"))
        if self.many:
            words = "GINsim lists every combination of regulators, which takes it long for"
            self.remarks.append(Remark("info", f"{words} {some(self.many)}"))
        raw = self.document.data.decode()
        tag = _GRAPH_TAG.search(raw, len(self.document.data[: self.graph.start].decode()))
        assert tag
        before = raw[: tag.start()]
        root = self.document.data[: self.document.root.start].decode()
        told = [f"<?regnet {words}?>\n" for words in self._instructions()]
        out = [root, *told, before[len(root) :], self._graph_tag(tag[0])]
        if tag[1]:
            inner, after = "", raw[tag.end() :]
        else:
            end = raw.index("</graph", tag.end())
            inner, after = raw[tag.end() : end], raw[end:].partition(">")[2]
        inner = self._with_comment(inner)
        body = "".join(f"\n{part}" for part in (*nodes, *edges))
        tail = re.search(r"\s*\Z", inner)
        assert tail
        out += [inner[: tail.start()], body, tail[0] or "\n  ", "</graph>", after]
        return "".join(out), tuple(self.remarks)

    # --- names ---

    def _identifiers(self) -> dict[str, str]:
        """Return the id of each component: the one it came with, or else one like its name.

        GINsim mends ids with ``-`` by replacing text, and loses a function where one id is part of
        another; so a new id holds letters, digits and underscores only.
        """
        ids: dict[str, str] = {}
        for name, kept in self.nodes.items():
            key = kept.root.children[0].attributes.get("id", "") if kept else ""
            if name in self.network and ID.match(key) and key not in ids.values():
                ids[name] = key
        taken = set(ids.values())
        new = [name for name in self.network.names if name not in ids]
        for name in sorted(new, key=lambda name: not _NEW_ID.match(name)):  # fine names stay
            ids[name] = unused(name if _NEW_ID.match(name) else plain(name), taken)
            taken.add(ids[name])
        ids = {name: ids[name] for name in self.network.names}
        if odd := [f"{n} as {i}" for n, i in ids.items() if n != i and n in new]:
            words = "names are replaced by ids that GINsim reads safely, and written beside them"
            self.remarks.append(Remark("info", f"{words}: {some(odd)}"))
        return ids

    def _instructions(self) -> Iterator[str]:
        """Yield the instructions that only regnet reads: names of ids, and rules as written."""
        for name, key in self.ids.items():
            if name != key:
                yield stands_for(key, name)
        yield from self.told

    def _graph_tag(self, tag: str) -> str:
        """Return the start of the graph: the order of its nodes, and an id that GINsim reads."""
        attributes = dict(self.graph.attributes)
        attributes["nodeorder"] = " ".join(self.ids.values())
        if not ID.match(attributes.get("id", "")):
            attributes["id"] = plain(attributes.get("id") or self.network.name or "model")
        if attributes == self.graph.attributes and not tag.endswith("/>"):
            return tag
        words = "".join(f" {key}={attribute(value)}" for key, value in attributes.items())
        return f"<graph{words}>"

    def _with_comment(self, inner: str) -> str:
        if comment_of(self.graph) == self.project.note:
            return inner
        old = self.graph.find("annotation")
        if old:
            inner = inner.replace(self.document.source(old), "", 1)
        return f"\n    {_annotation(self.project.note)}{inner}" if self.project.note else inner

    # --- nodes and edges ---

    def _component(self, component: Component) -> tuple[str, list[str]]:
        """Return the text of a node, and of the edges that lead to it."""
        kept = self.nodes.get(component.name)
        old = kept.root.children[0] if kept and kept.root.children else None
        into = self.edges.get(component.name)
        arrows = list(into.root.children) if into else []
        same = kept is not None and old is not None and self._is_same(component, kept, old, arrows)
        place = self.project.layout.get(component.name)
        if same and kept and old:
            edges = [f"    {into.source(e)}" for e in arrows] if into else []
            unmoved = place == self.places.get(component.name)
            if unmoved and comment_of(old) == component.note:
                return f"    {kept.source(old)}", edges
            rules = [kept.source(c) for c in old.children if c.tag in ("value", "parameter")]
            base = {k: v for k, v in old.attributes.items() if k == "basevalue"}
        else:
            base = {}
            edges, rules = self._rule(component, into, arrows)
        attributes: dict[str, object] = {"id": self.ids[component.name]}
        if self.ids[component.name] != component.name:
            attributes["name"] = component.name
        elif old and old.attributes.get("name"):
            attributes["name"] = old.attributes["name"]
        attributes |= {"maxvalue": component.top, **base}
        if component.rule is None:
            attributes["input"] = "true"
        parts = [*rules, self._note(component, kept, old), self._setting(component, kept, old)]
        inner = "".join(f"\n      {part}" for part in parts if part)
        words = "".join(f" {key}={attribute(value)}" for key, value in attributes.items())
        node = f"    <node{words}>{inner}\n    </node>" if inner else f"    <node{words}/>"
        return node, edges

    def _is_same(
        self, component: Component, kept: Document, old: Element, arrows: list[Element]
    ) -> bool:
        """Return whether the kept node and edges still say what the network says.

        Where formulas overlap they do not, for GINsim: they are written anew.
        """
        key = self.ids[component.name]
        if old.attributes.get("id", "").strip() != key or (
            key != component.name and old.attributes.get("name", "").strip() != component.name
        ):
            return False
        if any(e.attributes.get("from", "") not in self.names for e in arrows):
            return False
        is_input = old.attributes.get("input", "").strip() == "true"
        if is_input != (component.rule is None):
            return False
        tops = {self.ids[name]: top for name, top in self.network.tops.items()}
        try:
            if max(1, int(old.attributes.get("maxvalue", "1"))) != component.top:
                return False
            edges = read_edges(arrows, kept, tops)
            notes = {e.attributes.get("from", ""): comment_of(e) for e in arrows}
            claims = [
                replace(c, source=self.names[c.source], target=component.name)
                for c in claims_of(key, edges, notes)
            ]
            rule = None
            if not is_input:
                rule = read_rule(old, edges, kept, component.top).mapped(self.names)
                if rule == component.rule and _overlaps(old, edges, kept, component.top):
                    self.overlapping.append(component.name)
                    return False
        except (RegnetError, ValueError):
            return False
        return claims == self.claims.get(component.name, []) and rule == component.rule

    def _rule(
        self, component: Component, into: Document | None, arrows: list[Element]
    ) -> tuple[list[str], list[str]]:
        """Return fresh edges and formulas for a rule."""
        rule = component.rule
        claims = {c.source: c for c in self.claims.get(component.name, ())}
        levels: dict[str, set[int]] = {source: set() for source in claims}
        cases = exclusive_cases(rule) if rule else []
        if rule:
            self.told += told_rule(component, cases)
        for var in rule.thresholds() if rule else ():
            levels.setdefault(var.name, set())
        for var in (var for condition, _ in cases for var in variables(condition)):
            levels[var.name].add(var.level)
        seen = signs(rule) if rule else {}
        before = {e.attributes.get("from", ""): e for e in arrows}
        edges = []
        for source, used in levels.items():
            sign = _SIGNS[claims[source].sign if source in claims else seen[source]]
            old = before.get(self.ids[source])
            note = claims[source].note if source in claims else ""
            inner = self._edge_parts(into, old, note)
            edges.append(self._edge(source, component.name, sorted(used) or [1], sign, inner))
        thresholds = {source: sorted(used) or [1] for source, used in levels.items()}
        count = prod(len(used) + 1 for used in thresholds.values())
        if count >= _MANY_COMBINATIONS:
            self.many.append(f"{component.name} ({len(levels)} regulators, {count:,} combinations)")
        return edges, self._formulas(cases, thresholds) if rule else []

    def _edge(
        self, source: str, target: str, levels: list[int], sign: str, inner: list[str]
    ) -> str:
        start, end = self.ids[source], self.ids[target]
        words = {"id": f"{start}:{end}", "from": start, "to": end}
        if len(levels) == 1:
            words |= {"minvalue": str(levels[0]), "sign": sign}
        else:
            words["effects"] = " ".join(f"{level}:{sign}" for level in levels)
        told = "".join(f" {key}={attribute(value)}" for key, value in words.items())
        parts = "".join(f"\n      {part}" for part in inner)
        return f"    <edge{told}>{parts}\n    </edge>" if inner else f"    <edge{told}/>"

    def _edge_parts(self, into: Document | None, old: Element | None, note: str) -> list[str]:
        parts = []
        same = old is not None and comment_of(old) == note
        for child in old.children if into and old else ():
            if child.tag != "annotation" or same:
                assert into
                parts.append(into.source(child))
        return parts if same or not note else [_annotation(note), *parts]

    def _formulas(self, cases: list[Case], thresholds: Mapping[str, list[int]]) -> list[str]:
        out = []
        for condition, level in cases:
            if isinstance(condition, Const):
                if not thresholds:
                    return [f'<parameter val="{level}"/>']
                any_source = Var(next(iter(thresholds)), next(iter(thresholds.values()))[0])
                words = (
                    f"{self._atom(any_source, thresholds)} | !{self._atom(any_source, thresholds)}"
                )
            else:
                words = unparse(condition, atom=lambda var: self._atom(var, thresholds))
            out.append(f'<value val="{level}"><exp str={attribute(words)}/></value>')
        return out or ['<parameter val="0"/>']

    def _atom(self, var: Var, thresholds: Mapping[str, list[int]]) -> str:
        """Return "the source is at this level or above" in terms of its edges."""
        own, key = thresholds[var.name], self.ids[var.name]
        at = own.index(var.level)
        if at == 0:
            return key
        active = [f"{key}:{level}" for level in own[at:]]
        return active[0] if len(active) == 1 else f"({' | '.join(active)})"

    def _note(self, component: Component, kept: Document | None, old: Element | None) -> str:
        annotation = old.find("annotation") if old else None
        if kept and old and annotation and comment_of(old) == component.note:
            return kept.source(annotation)
        links = links_of(old) if old else [a.uri for a in self.links.get(component.name, ())]
        return _annotation(component.note, links) if component.note or links else ""

    def _setting(self, component: Component, kept: Document | None, old: Element | None) -> str:
        setting = old.find("nodevisualsetting") if old else None
        place = self.project.layout.get(component.name)
        if kept and setting and place == self.places.get(component.name):
            return kept.source(setting)
        if place is None:
            return ""
        style = setting.attributes.get("style", "") if setting else ""
        width, height = 0.0, 0.0
        for one in self.graph.all("nodestyle"):
            if one.attributes.get("name", "") == style:
                width = float(one.attributes.get("width", 0) or 0)
                height = float(one.attributes.get("height", 0) or 0)
                break
        x, y = round(place[0] - width / 2), round(place[1] - height / 2)
        return f'<nodevisualsetting x="{x}" y="{y}" style={attribute(style)}/>'


def _annotation(note: str, links: Sequence[str] = ()) -> str:
    listed = "".join(f"<link xlink:href={attribute(link)}/>" for link in links)
    told = f"<linklist>{listed}</linklist>" if links else ""
    return f"<annotation>{told}<comment>{text(note)}</comment></annotation>"


def _overlaps(node: Element, edges: Mapping[str, Edges], document: Document, top: int) -> bool:
    """Return whether formulas of a node are known to hold at once for two levels."""
    try:
        return find_overlap(read_formulas(node, edges, document, top)) is not None
    except EngineError:
        return False


def _wrapped(content: str) -> Document | None:
    try:
        return parse(f"<x>{content}</x>", namespaces=False)
    except RegnetError:
        return None


def _graph_of(content: str) -> Document | None:
    """Return a kept document, if it is one that we can write into."""
    try:
        read = parse(content, doctype=True, namespaces=False)
    except RegnetError:
        return None
    return read if read.root.tag == "gxl" and read.root.find("graph") else None
