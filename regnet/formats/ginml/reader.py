"""From a GINML graph, and what lies beside it in an archive, to a project."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from regnet.errors import EngineError, RegnetError
from regnet.exchange.exclusive import Overlap, find_overlap, overlaps_told, with_told_rules
from regnet.exchange.portable import plain, read_stands_for, some, unused
from regnet.exchange.xmltext import Document, Element, parse
from regnet.formats.ginml.graph import (
    Edges,
    claims_of,
    is_settled,
    number,
    read_edges,
    read_formulas,
    read_rule,
)
from regnet.network import Claim, Component, LogicalNetwork, Rule
from regnet.project import Kept, Project, Reading, Remark
from regnet.scenario import Cut, Perturbation, Scenario
from regnet.space import Range, Space

GRAPH = "GINsim-data/regulatoryGraph.ginml"
STARTS = "GINsim-data/initialState"
MUTANTS = "GINsim-data/mutant"

ID = re.compile(r"[A-Za-z0-9_-]+\Z")
_ENCODING = re.compile(r"(\A\s*<\?xml[^>]*?\bencoding\s*=\s*)([\"'])[\w.-]+\2")


class Reader:
    """A graph on its way to a project."""

    def __init__(self, data: bytes, file: str) -> None:
        self.document = parse(data, file, doctype=True, namespaces=False)
        self.remarks: list[Remark] = []
        self.unsettled: list[Element] = []
        self.overlaps: list[tuple[str, Overlap, Element]] = []
        self.graph = self._graph()
        self.nodes = self._nodes()
        self.tops = {
            key: self._top(node) for key, node in self.nodes.items()
        }  # fmt: skip

    def read(self, entries: Mapping[str, bytes] | None = None) -> Reading:
        """Return the project, with remarks; `entries` are the other files of an archive."""
        into: dict[str, list[Element]] = {key: [] for key in self.nodes}
        for edge in self.graph.all("edge"):
            target = edge.attributes.get("to", "")
            if target not in into:
                raise self.document.error(f"the edge leads to {target!r}, which is no node", edge)
            into[target].append(edge)
        components: list[Component] = []
        claims: list[Claim] = []
        kept = [Kept("ginml", "graph", self._skeleton())]
        for key, node in self.nodes.items():
            edges = read_edges(into[key], self.document, self.tops)
            components.append(self._component(key, node, self._rule(node, edges, self.tops[key])))
            notes = {e.attributes.get("from", ""): comment_of(e) for e in into[key]}
            claims += claims_of(key, edges, notes)
            kept.append(Kept("ginml", "node", self.document.source(node), key))
            if into[key]:
                texts = (self.document.source(edge) for edge in into[key])
                kept.append(Kept("ginml", "edges", "\n".join(texts), key))
        if self.unsettled:
            names = some(node.attributes["id"] for node in self.unsettled)
            words = f"nothing says where these go, so they stay at 0: {names}"
            self._remark("warning", words, self.unsettled[0])
        for words, at in overlaps_told(self.overlaps, "GINsim uses neither"):
            self._remark("warning", words, at)
        network = LogicalNetwork(tuple(components), tuple(claims))
        scenarios = self._scenarios(network, entries or {})
        kept += [Kept("ginml", name, data) for name, data in (entries or {}).items()]
        project = Project(
            network,
            note=comment_of(self.graph),
            scenarios=scenarios,
            layout=places_of(self.nodes, self.graph),
            kept=tuple(kept),
        )
        told = [words for target, words in self.document.instructions if target == "regnet"]
        project = with_told_rules(self._with_names(project, told), told)
        return Reading(project, tuple(self.remarks))

    def _graph(self) -> Element:
        root = self.document.root
        graph = root.find("graph") if root.tag == "gxl" else None
        if graph is None:
            raise self.document.error(
                "this is no GINML, the format of GINsim", root, "<gxl><graph>"
            )
        kind = graph.attributes.get("class", "regulatory")
        if kind != "regulatory":
            raise self.document.error(f"this is a {kind} graph of GINsim, no model", graph,
                                      'class="regulatory"')  # fmt: skip
        key = graph.attributes.get("id", "")
        if not ID.match(key):
            words = f"GINsim does not open a graph called {key!r}; it is written with another id"
            self._remark("warning", words, graph)
        return graph

    def _nodes(self) -> dict[str, Element]:
        nodes: dict[str, Element] = {}
        for node in self.graph.all("node"):
            key = node.attributes.get("id", "").strip()
            if not key:
                raise self.document.error("this node has no id", node)
            if key in nodes:
                raise self.document.error(
                    f"the node {key} is there a second time; the first is in line "
                    f"{nodes[key].line}", node,
                )  # fmt: skip
            nodes[key] = node
        order = [k for k in self.graph.attributes.get("nodeorder", "").split() if k in nodes]
        return {key: nodes[key] for key in dict.fromkeys([*order, *nodes])}

    def _top(self, node: Element) -> int:
        top = number(self.document, node, "maxvalue", 1)
        if top == 0:
            self._remark("info", f"{node.attributes['id']} has the level 0 only; 1 is added", node)
        return max(1, top)

    def _rule(self, node: Element, edges: Mapping[str, Edges], top: int) -> Rule | None:
        key = node.attributes.get("id", "")
        if node.attributes.get("input", "").strip() == "true":
            if any(True for _ in node.all("value")):
                self._remark("info", f"{key} is an input, so its formulas do not count", node)
            return None
        if not is_settled(node):
            self.unsettled.append(node)
        try:
            if overlap := find_overlap(read_formulas(node, edges, self.document, top)):
                self.overlaps.append((key, overlap, node))
        except EngineError as error:
            self._remark(
                "info", f"whether levels of {key} exclude each other is open: {error}", node
            )
        return read_rule(node, edges, self.document, top)

    def _component(self, key: str, node: Element, rule: Rule | None) -> Component:
        return Component(key, rule, self.tops[key], note=comment_of(node))

    def _skeleton(self) -> str:
        """Return the document without its nodes and edges."""
        out, at = [], 0
        data = self.document.data
        for child in self.graph.children:
            if child.tag in ("node", "edge"):
                out.append(data[at : child.start].rstrip())
                at = child.end
        out.append(data[at:])
        text = re.sub(r"<\?regnet .*?\?>\n?", "", b"".join(out).decode())
        return _ENCODING.sub(r"\1\2UTF-8\2", text)

    def _scenarios(
        self, network: LogicalNetwork, entries: Mapping[str, bytes]
    ) -> tuple[Scenario, ...]:
        found: list[Scenario] = []
        for name, read in ((STARTS, read_starts), (MUTANTS, read_mutants)):
            if name not in entries:
                continue
            missing: list[str] = []
            try:
                found += read(entries[name], network, {s.name for s in found}, missing)
            except RegnetError as error:
                words = f"{name} is kept but not read: {error}"
                self.remarks.append(Remark("warning", words))
            if missing:
                words = f"{name} names what the model does not have: {some(missing)}"
                self.remarks.append(Remark("warning", words))
        return tuple(found)

    def _with_names(self, project: Project, told: Iterable[str]) -> Project:
        """Return the project with the original names of ids, as recorded by regnet.

        GINsim drops the instructions of regnet but keeps the names of nodes, so a name whose plain
        form is the id counts as well.
        """
        pairs = [pair for words in told if (pair := read_stands_for(words))]
        for key, node in self.nodes.items():
            name = node.attributes.get("name", "").strip()
            if name != key and plain(name) == key:
                pairs.append((key, name))
        for key, name in pairs:
            if key in project.network and name not in project.network:
                project = project.renamed(key, name)
        return project

    def _remark(self, severity: str, message: str, at: Element) -> None:
        self.remarks.append(Remark(severity, message, at.line, at.column))


def comment_of(element: Element) -> str:
    """Return the comment that GINsim shows beside a node, an edge or a model."""
    annotation = element.find("annotation")
    comment = annotation.find("comment") if annotation else None
    return comment.text if comment else ""


def places_of(nodes: Mapping[str, Element], graph: Element) -> dict[str, tuple[float, float]]:
    """Return node -> (x, y) of its centre."""
    sizes: dict[str, tuple[str, str]] = {}
    for style in graph.all("nodestyle"):
        size = style.attributes.get("width", "0"), style.attributes.get("height", "0")
        sizes.setdefault(style.attributes.get("name", ""), size)
    places = {}
    for key, node in nodes.items():
        setting = node.find("nodevisualsetting")
        shape = setting and (setting.find("rect") or setting.find("ellipse"))
        if shape:
            words = shape.attributes
            size = words.get("width", "0"), words.get("height", "0")
        elif setting:
            words = setting.attributes
            size = sizes.get(words.get("style", ""), ("0", "0"))
        else:
            continue
        try:
            x, y, width, height = (float(v) for v in (words["x"], words["y"], *size))
        except (KeyError, ValueError):
            continue
        if max(abs(x), abs(y), abs(width), abs(height)) < 1e9:
            places[key] = (x + width / 2, y + height / 2)
    return places


def read_starts(
    data: bytes, network: LogicalNetwork, taken: set[str], missing: list[str]
) -> list[Scenario]:
    """Return the initial states and the inputs of a model as scenarios.

    Their names differ from those `taken`; what the network does not have goes to `missing`.
    """
    document = parse(data, STARTS, doctype=True, namespaces=False)
    found: list[Scenario] = []
    for element in document.root.children:
        if element.tag not in ("initialState", "input"):
            continue
        levels: dict[str, int | Range] = {}
        for part in element.attributes.get("value", "").split():
            name, *numbers = part.split(";")
            reached = sorted(int(n[:9]) for n in numbers if n.isascii() and n.isdecimal())
            if not reached or len(reached) < len(numbers):
                raise document.error(f"{part!r} is no level", element)
            if name in network and reached[-1] <= network[name].top:
                levels[name] = (reached[0], reached[-1])
            else:
                missing.append(part)
        title = _title(element, taken)
        if element.tag == "input":
            found.append(Scenario(title, Perturbation(Space(levels))))
        else:
            found.append(Scenario(title, start=Space(levels)))
    return found


def read_mutants(
    data: bytes, network: LogicalNetwork, taken: set[str], missing: list[str]
) -> list[Scenario]:
    """Return the mutants of a model as scenarios; the wild type needs none."""
    document = parse(data, MUTANTS, doctype=True, namespaces=False)
    found: list[Scenario] = []
    for mutant in (e for e in document.root.walk() if e.tag == "mutant"):
        clamps: dict[str, int | Range] = {}
        cuts: set[Cut] = set()
        for change in mutant.children:
            target = change.attributes.get("target", "")
            if change.tag == "change" and target in network:
                top = network[target].top
                low = min(_bound(document, change, "min", 0), top)
                high = min(_bound(document, change, "max", top), top)
                clamps[target] = (low, max(low, high))
            elif change.tag == "regulatorChange" and target in network:
                source = change.attributes.get("regulator", "")
                level = number(document, change, "value", 0)
                cut = Perturbation(cuts=frozenset({Cut(source, target, level)}))
                try:
                    cut.check(network)
                except RegnetError:
                    missing.append(str(cut))
                else:
                    cuts |= cut.cuts
            elif change.tag != "annotation":
                missing.append(target or change.tag)
        perturbation = Perturbation(Space(clamps), frozenset(cuts))
        if perturbation:
            found.append(Scenario(_title(mutant, taken), perturbation, note=comment_of(mutant)))
    return found


def _bound(document: Document, change: Element, attribute: str, default: int) -> int:
    """Return an end of a range; GINsim writes -1 if there is none."""
    none = change.attributes.get(attribute) == "-1"
    return default if none else number(document, change, attribute, default)


def _title(element: Element, taken: set[str]) -> str:
    """Return the name of a scenario that no other has, and take it."""
    name = " ".join(element.attributes.get("name", "").split())
    title = unused(name or element.tag, taken)
    taken.add(title)
    return title
