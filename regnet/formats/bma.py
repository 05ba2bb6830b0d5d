"""BMA models (BioModelAnalyzer, Microsoft; Benque and others 2012): variables with formulas.

A variable has a range of levels and a target formula; without one it is the mean of its activators
less the mean of its inhibitors. A variable in the formula of another is scaled to the range of that
one, the result is rounded half up and kept within the range; a step changes a variable by one level
towards its target, as here. The formulas become rules over levels; everything else in the file
(identifiers, layout, properties) is kept and written back, and so is each formula whose rule was
not changed. Files are JSON, current or older, or the XML of BMA's analyser and of its older editors
(``AnalysisInput``, ``Model``, ``LocalData``), which is written as JSON.

Formulas, reading and writing are in one module, because the writer keeps each formula that the
reader would turn into the same rule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regnet.analysis.structure import edges_into
from regnet.errors import FormatError, ParseError
from regnet.exchange.jsontext import read_json
from regnet.exchange.leveltable import LevelTable
from regnet.exchange.portable import leaving_out, some, told_as_inputs, unused
from regnet.exchange.xmltext import Element, parse
from regnet.logic import And, Const, Expr, Not, Var, fold
from regnet.network import Claim, Component, LogicalNetwork, Rule
from regnet.project import Kept, Project, Reading, Remark

if TYPE_CHECKING:
    import numpy as np

LARGEST = 1 << 20
"""Combinations of levels over which a formula is written out."""

HIGHEST = 1_000
"""Highest level of a variable that is read."""

_SIGNS = {"Activator": "+", "Inhibitor": "-"}
_OLDER = {"FromVariableId": "FromVariable", "ToVariableId": "ToVariable"}
_ROOTS = ("AnalysisInput", "Model", "LocalData")
_TOKEN = re.compile(
    r"\s*(?:var\(\s*(?P<var>[^()]*?)\s*\)|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z]+)"
    r"|(?P<sign>[-+*/(),])|(?P<end>\Z)|(?P<bad>.))",
    re.DOTALL,
)
_FUNCTIONS = {"min", "max", "avg", "ave", "sum", "ceil", "floor", "abs"}
_STRENGTH = {"neg": 3, "*": 2, "/": 2, "+": 1, "-": 1}

Formula = tuple[tuple[str, Any], ...]
"""A formula in reverse Polish notation: (operation, number of arguments, name or number)."""


def read(text: str, file: str = "") -> Reading:
    """Read a BMA model.

    Raises
    ------
    ParseError
        If it is no such model, with the place, or names the variable whose formula is faulty.
    FormatError
        If a formula depends on too many levels to be written out.
    """
    document = _from_xml(text, file) if _is_xml(text) else _current(read_json(text, file))
    return _Model(document, file).reading()


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return the BMA JSON of a project, and remarks on what it cannot hold."""
    return _Writer(project).write()


def fits(text: str) -> bool:
    """Return whether a text looks like a BMA model."""
    head = text.removeprefix("\ufeff").lstrip()[:2000]
    if head.startswith("<"):
        opens = re.search(r"<([A-Za-z]\w*)[\s>]", head)
        return opens is not None and opens[1] in _ROOTS and "<Variable" in text
    return head.startswith("{") and '"Variables"' in text and '"Relationships"' in text


# --- formulas --------------------------------------------------------------------------------


def parse_formula(text: str) -> Formula:
    """Return a formula in reverse Polish notation.

    Raises
    ------
    ParseError
        With the column of the fault.
    """
    out: list[tuple[str, Any]] = []
    operators: list[tuple[str, int]] = []  # sign or function, column
    counts: list[int] = []  # arguments of each open function

    def fault(message: str, offset: int) -> ParseError:
        return ParseError(message, column=offset + 1)

    def reduce_to(*stops: str) -> None:
        while operators and operators[-1][0] not in stops and operators[-1][0] not in _FUNCTIONS:
            out.append((operators.pop()[0], None))

    wants_operand = True
    position = 0
    while True:
        found = _TOKEN.match(text, position)
        assert found is not None
        kind = str(found.lastgroup)
        token, offset, position = found[kind], found.start(kind), found.end()
        if wants_operand:
            if kind == "var":
                out.append(("var", token))
                wants_operand = False
            elif kind == "number":
                out.append(("number", float(token)))
                wants_operand = False
            elif kind == "name" and token.lower() in _FUNCTIONS:
                following = _TOKEN.match(text, position)
                assert following is not None
                if following["sign"] != "(":
                    raise fault(f"{token} needs a parenthesis after it", offset)
                position = following.end()
                operators.append((token.lower(), offset))
                counts.append(1)
            elif token == "-":
                operators.append(("neg", offset))
            elif token == "(":
                operators.append(("(", offset))
            else:
                word = repr(token) if token else "the end"
                raise fault(f"{word} does not fit here; a variable, number or ( would", offset)
        elif kind == "sign" and token in "+-*/":
            while operators and _STRENGTH.get(operators[-1][0], 0) >= _STRENGTH[token]:
                out.append((operators.pop()[0], None))
            operators.append((token, offset))
            wants_operand = True
        elif token in (")", ",") and kind == "sign":
            reduce_to("(")
            if not operators or (token == "," and operators[-1][0] == "("):
                raise fault(f"this {token} has no partner", offset)
            if token == ",":
                counts[-1] += 1
                wants_operand = True
                continue
            name, start = operators.pop()
            if name != "(":
                count = counts.pop()
                if name in ("ceil", "floor", "abs") and count != 1:
                    raise fault(f"{name} takes one argument, not {count}", start)
                out.append((name, count))
        elif kind == "end":
            break
        else:
            raise fault(f"{token!r} does not fit here; an operator or ) would", offset)
    reduce_to("(")
    if operators:
        raise fault("this parenthesis is never closed", operators[-1][1])
    return tuple(out)


def _evaluate(formula: Formula, values: dict[Any, np.ndarray]) -> np.ndarray:
    """Return a formula's value for each combination of levels."""
    import numpy as np

    stack: list[Any] = []
    with np.errstate(all="ignore"):
        for operation, detail in formula:
            match operation:
                case "var":
                    stack.append(values[detail])
                case "number":
                    stack.append(np.float64(detail))
                case "neg":
                    stack.append(-stack.pop())
                case "ceil" | "floor" | "abs":
                    stack.append(getattr(np, operation)(stack.pop()))
                case "+" | "-" | "*" | "/":
                    right, left = stack.pop(), stack.pop()
                    name = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}[operation]
                    stack.append(getattr(np, name)(left, right))
                case _:
                    args = stack[-detail:]
                    del stack[-detail:]
                    total = args[0]
                    for arg in args[1:]:
                        if operation == "min":
                            total = np.minimum(total, arg)
                        elif operation == "max":
                            total = np.maximum(total, arg)
                        else:
                            total = total + arg
                    stack.append(total / detail if operation in ("avg", "ave") else total)
    return np.asarray(stack[0], dtype=float)


# --- reading ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Variable:
    """A variable in the file."""

    key: int
    name: str
    low: int
    high: int
    formula: str
    activators: list[int] = field(default_factory=list)
    inhibitors: list[int] = field(default_factory=list)

    @property
    def top(self) -> int:
        return max(self.high, 1)


class _Model:
    """A document, checked and read."""

    def __init__(self, document: Any, file: str) -> None:
        self.file = file
        self.document = document
        self.remarks: list[Remark] = []
        model = self._dict(document, "Model", "this is no BMA model")
        self.title = str(model.get("Name") or "")
        layout = document.get("Layout")
        self.layout = layout if isinstance(layout, dict) else {}
        self.places = {
            self._whole(v.get("Id"), "the Id of a variable in Layout"): v
            for v in self._list(self.layout, "Variables", required=False)
        }
        self.variables: dict[int, _Variable] = {}
        for entry in self._list(model, "Variables"):
            self._variable(entry)
        self.edges: list[tuple[int, int, str]] = []
        for entry in self._list(model, "Relationships"):
            self._relationship(entry)
        self.names = self._names()

    def reading(self) -> Reading:
        network = self.network(self.names)
        layout = {}
        for key, place in self.places.items():
            x, y = _coordinate(place.get("PositionX")), _coordinate(place.get("PositionY"))
            if key in self.names and x is not None and y is not None:
                layout[self.names[key]] = (x, y)
        kept = [Kept("bma", "document", json.dumps(self.document, ensure_ascii=False))]
        kept += [Kept("bma", "id", str(key), name) for key, name in self.names.items()]
        note = str(self.layout.get("Description") or "").strip()
        project = Project(network, self.title, note=note, layout=layout, kept=tuple(kept))
        return Reading(project, tuple(self.remarks))

    def network(self, names: dict[int, str]) -> LogicalNetwork:
        """Return the network, with these names for the variables."""
        components = []
        fixed: list[str] = []
        inhibited: list[str] = []
        for v in self.variables.values():
            rule = self._rule(v, names)
            if v.low < v.high and not v.formula:
                if not (v.activators or v.inhibitors):
                    fixed.append(names[v.key])
                elif not v.activators:
                    inhibited.append(names[v.key])
            components.append(Component(names[v.key], rule, v.top))
        if fixed:
            message = (
                "held at their lowest level, as BMA does, because nothing acts on them and they "
                f"have no formula: {some(fixed)}"
            )
            self.remarks.append(Remark("info", message))
        if inhibited:
            message = (
                "always at their lowest level, because they have inhibitors only and no formula "
                f"(some versions of BMA count down from the highest level): {some(inhibited)}"
            )
            self.remarks.append(Remark("warning", message))
        signs: dict[tuple[int, int], str] = {}
        for source, target, sign in self.edges:
            signs[source, target] = sign if signs.get((source, target), sign) == sign else "±"
        claims = tuple(Claim(names[s], names[t], sign) for (s, t), sign in signs.items())
        return LogicalNetwork(tuple(components), claims, name=self.title or Path(self.file).stem)

    def _rule(self, v: _Variable, names: dict[int, str]) -> Rule | None:
        """Return the rule of a variable; None if it keeps its level."""
        import numpy as np

        if v.high == v.low:
            return Rule.constant(v.high)
        formula = self._formula(v)
        used = list(dict.fromkeys(key for operation, key in formula if operation == "var"))
        sources = [self.variables[key] for key in used]
        table = LevelTable([(names[s.key], s.top) for s in sources])
        if table.size > LARGEST:
            raise FormatError(
                f"{self.file}: the formula of {names[v.key]} depends on {len(used)} variables with "
                f"{table.size} combinations of levels, which is too many to be read"
            )
        shape = tuple(s.top + 1 for s in sources)
        values = {
            s.key: self._scaled(s, v, np.indices((n,))[0].astype(float)).reshape(
                [-1 if m == place else 1 for m in range(len(sources))]
            )
            for place, (s, n) in enumerate(zip(sources, shape, strict=True))
        }
        found = np.broadcast_to(_evaluate(formula, values), shape)
        if not np.isfinite(found).all():
            message = (
                f"the formula of {names[v.key]} divides by 0 for some levels; its lowest level is "
                "taken there"
            )
            self.remarks.append(Remark("warning", message))
        rounded = np.where(np.isfinite(found), np.trunc(found + 0.5), v.low)
        targets = np.clip(rounded, v.low, v.high).astype(int).ravel().tolist()
        reached = [
            table.everywhere([target >= level for target in targets])
            for level in range(1, v.top + 1)
        ]
        if used == [v.key] and targets == list(range(v.top + 1)):
            return None
        return table.rule(reached)

    def _scaled(self, source: _Variable, target: _Variable, levels: np.ndarray) -> np.ndarray:
        """Return the levels of a variable as another's formula sees them."""
        import numpy as np

        low, high = target.low, target.high
        inside: np.ndarray = np.clip(levels, source.low, source.high)
        if source.low == source.high:
            return np.asarray(np.clip(inside, low, high))
        if (source.low, source.high) == (low, high):
            return inside
        return np.asarray((inside - source.low) * (high - low) / (source.high - source.low) + low)

    def _formula(self, v: _Variable) -> Formula:
        """Return the formula of a variable, or the one that BMA takes without any."""
        if not v.formula:
            parts: list[tuple[str, Any]] = []
            for group in (v.activators, v.inhibitors):
                parts += [("var", key) for key in group]
                parts.append(("avg", len(group)) if group else ("number", 0.0))
            if not (v.activators or v.inhibitors):
                parts = [("number", float(v.low)), ("number", 0.0)]
            return (*parts, ("-", None))
        try:
            formula = parse_formula(v.formula)
        except ParseError as error:
            raise self._error(
                f"the formula of {v.name or v.key}, column {error.column}: {error.message}"
            ) from None
        counts: dict[str, int] = {}
        found: list[tuple[str, Any]] = []
        for operation, detail in formula:
            if operation == "var":
                counts[detail] = counts.get(detail, 0) + 1
                detail = self._key(v, detail, counts[detail])
            found.append((operation, detail))
        return tuple(found)

    def _key(self, v: _Variable, word: str, time: int) -> int:
        """Return the identifier of a variable that a formula refers to by id or by name.

        A name is that of a variable with a relationship to this one. If several of these have it,
        each occurrence (`time`) in the formula refers to the next of them, as in BMA.
        """
        if re.fullmatch(r"\d{1,9}", word, re.ASCII) and int(word) in self.variables:
            return int(word)
        keys = [other.key for other in self.variables.values() if other.name == word]
        acting = [key for key in keys if key in v.activators or key in v.inhibitors]
        if acting:
            return acting[min(time, len(acting)) - 1]
        if len(keys) != 1:
            what = "several variables have" if keys else "no variable has"
            raise self._error(f"the formula of {v.name or v.key} names {word!r}, which {what}")
        return keys[0]

    # --- the document ---

    def _variable(self, entry: dict[str, Any]) -> None:
        key = self._whole(entry.get("Id"), "the Id of a variable")
        if key in self.variables:
            raise self._error(f"two variables have the Id {key}")
        place = self.places.get(key, {})
        name = " ".join(str(entry.get("Name") or place.get("Name") or "").split())
        low = self._whole(entry.get("RangeFrom", 0), f"RangeFrom of {name or key}")
        high = self._whole(entry.get("RangeTo", 1), f"RangeTo of {name or key}")
        if not 0 <= low <= high <= HIGHEST:
            raise self._error(f"{low} to {high} is no range of levels of {name or key}")
        formula = entry.get("Formula") or ""
        if not isinstance(formula, str):
            formula = str(formula)
        if formula.strip().lower() == "avg(pos)-avg(neg)":  # the default, in words
            formula = ""
        self.variables[key] = _Variable(key, name, low, high, formula.strip())

    def _relationship(self, entry: dict[str, Any]) -> None:
        ends = []
        for end in ("FromVariable", "ToVariable"):
            key = self._whole(entry.get(end), f"{end} of a relationship")
            if key not in self.variables:
                raise self._error(f"a relationship names the variable {key}, which is missing")
            ends.append(key)
        kind = entry.get("Type")
        if kind not in _SIGNS:
            raise self._error(f"the Type of a relationship is {kind!r}, not Activator or Inhibitor")
        source, target = ends
        v = self.variables[target]
        (v.activators if kind == "Activator" else v.inhibitors).append(source)
        self.edges.append((source, target, _SIGNS[kind]))

    def _names(self) -> dict[int, str]:
        """Return a name of its own for every variable."""
        names: dict[int, str] = {}
        given = [v.name for v in self.variables.values()]
        unique = {name for name in given if name and given.count(name) == 1}
        taken = set(unique)
        renamed: list[str] = []
        unnamed: list[str] = []
        for v in self.variables.values():
            if v.name in unique:
                names[v.key] = v.name
                continue
            names[v.key] = unused(f"{v.name or 'v'}_{v.key}", taken)
            taken.add(names[v.key])
            (renamed if v.name else unnamed).append(names[v.key])
        if renamed:
            message = (
                f"several variables had the same name; called by their Id now: {some(renamed)}"
            )
            self.remarks.append(Remark("warning", message))
        if unnamed:
            self.remarks.append(Remark("info", f"variables without a name: {some(unnamed)}"))
        return names

    def _dict(self, value: Any, key: str, message: str) -> dict[str, Any]:
        found = value.get(key) if isinstance(value, dict) else None
        if not isinstance(found, dict):
            raise self._error(f"{message}: the object {key} is missing")
        return found

    def _list(
        self, value: dict[str, Any], key: str, *, required: bool = True
    ) -> list[dict[str, Any]]:
        found = value.get(key, None if required else [])
        if not isinstance(found, list) or any(not isinstance(item, dict) for item in found):
            raise self._error(f"this is no BMA model: the list {key} is missing")
        return found

    def _whole(self, value: Any, what: str) -> int:
        if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value.strip(), re.ASCII):
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 10**9:
            raise self._error(f"{what} is {json.dumps(value)[:40]}, not a whole number")
        return value

    def _error(self, message: str) -> ParseError:
        return ParseError(message, file=self.file)


def _coordinate(value: Any) -> float | None:
    """Return a coordinate, or None for what is none."""
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}(?:\.\d{1,20})?", value, re.ASCII):
        value = float(value)
    if not isinstance(value, int | float) or abs(value) > 1e9:
        return None
    return float(value)


def _is_xml(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith("<")


def _from_xml(text: str, file: str) -> dict[str, Any]:
    """Return the XML of BMA's analyser, or of its older editors, as the JSON of the same model.

    The root is ``AnalysisInput``, ``Model`` or ``LocalData``; what an object has may be its
    attributes or its elements, of which those that are nil say nothing.
    """
    root = parse(text, file).root
    if root.tag not in _ROOTS:
        raise ParseError(f"this is no BMA model but <{root.tag}>", file=file, line=root.line)

    def words(element: Element) -> dict[str, str]:
        given = {
            child.tag: child.text.strip()
            for child in element.children
            if child.attributes.get("nil") != "true" and not child.children
        }
        return {**element.attributes, **given}

    def entries(group: str, one: str) -> list[dict[str, str]]:
        return [words(element) for part in root.all(group) for element in part.all(one)]

    head = words(root)
    described = root.find("Model")
    if described is not None:
        head |= words(described)
    variables: list[dict[str, Any]] = []
    places: list[dict[str, Any]] = []
    relationships: list[dict[str, Any]] = []
    for v in entries("Variables", "Variable"):
        entry: dict[str, Any] = {
            key: v[key] for key in ("Id", "Name", "RangeFrom", "RangeTo") if key in v
        }
        variables.append({**entry, "Formula": v.get("Formula", v.get("Function", ""))})
        place: dict[str, Any] = {
            key: v[key] for key in ("Id", "Name", "Type", "ContainerId") if key in v
        }
        x, y = _coordinate(v.get("PositionX")), _coordinate(v.get("PositionY"))
        if x is not None and y is not None:
            places.append({**place, "PositionX": x, "PositionY": y})
    for r in entries("Relationships", "Relationship"):
        ends = {"FromVariable": r.get("FromVariableId"), "ToVariable": r.get("ToVariableId")}
        relationships.append({"Id": r.get("Id"), **ends, "Type": r.get("Type")})
    model = {
        "Name": head.get("ModelName", head.get("Name", "")),
        "Variables": variables,
        "Relationships": relationships,
    }
    layout = {"Variables": places, "Containers": [], "Description": head.get("Description", "")}
    return {"Model": model, "Layout": layout} if places else {"Model": model}


def _current(document: Any) -> Any:
    """Return a document with relationships in the current form of BMA.

    They had ``FromVariableId`` and ``ToVariableId``, and types 0 (activator) and 1 (inhibitor).
    """
    model = document.get("Model") if isinstance(document, dict) else None
    if not isinstance(model, dict) or not isinstance(model.get("Relationships"), list):
        return document
    changed = []
    for entry in model["Relationships"]:
        if isinstance(entry, dict) and not {"FromVariable", "ToVariable"} & set(entry):
            entry = {_OLDER.get(key, key): value for key, value in entry.items()}
            if entry.get("Type") in (0, 1) and not isinstance(entry["Type"], bool):
                entry["Type"] = ("Activator", "Inhibitor")[int(entry["Type"])]
        changed.append(entry)
    return {**document, "Model": {**model, "Relationships": changed}}


# --- writing ---------------------------------------------------------------------------------


class _Writer:
    """A project on its way to a document, starting from the one that it came from."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.network = project.network
        own = [k for k in project.kept if k.format == "bma"]
        self.keys = {k.component: int(k.content) for k in own if k.what == "id"}
        self.old = next((json.loads(k.content) for k in own if k.what == "document"), None)
        self.document: dict[str, Any] = self.old or {"Model": {}}
        self.taken = set(self.keys.values())
        for name in self.network.names:
            if name not in self.keys:
                self.keys[name] = max(self.taken, default=0) + 1
                self.taken.add(self.keys[name])

    def write(self) -> tuple[str, tuple[Remark, ...]]:
        """Return the text and the remarks."""
        project = self.project
        model = self.document["Model"]
        before = {entry["Id"]: entry for entry in self._old("Variables")}
        relations = self._old("Relationships")
        unchanged = self._unchanged()
        self.ranges = {c.name: self._range(c, before, unchanged) for c in self.network.components}
        variables, edges = [], []
        for component in self.network.components:
            key = self.keys[component.name]
            entry = dict(before.get(key, {}))
            kept = component.name in unchanged
            named = entry.get("Name") if kept or key in before else None
            if key not in before or component.name != self._old_name(key):
                named = component.name
            low, high = self.ranges[component.name]
            entry.update(Id=key, Name=named, RangeFrom=low, RangeTo=high)
            if named is None:
                del entry["Name"]
            if kept:
                edges += [r for r in relations if r["ToVariable"] == key]
            else:
                entry["Formula"] = self._formula(component)
                edges += self._edges(component, relations)
            variables.append(entry)
        used = {r.get("Id") for r in edges if "Id" in r}
        for relation in edges:
            if "Id" not in relation:
                relation["Id"] = max(n for n in {*used, *self.taken} if isinstance(n, int)) + 1
                used.add(relation["Id"])
        model.setdefault("Name", project.title or self.network.name)
        if project.title:
            model["Name"] = project.title
        model["Variables"], model["Relationships"] = variables, edges
        self._layout()
        remarks = leaving_out("a BMA file", project, "title", "note", "layout", "claims")
        remarks += told_as_inputs(self.network.components)
        if any(c.refs or c.note or c.kind for c in self.network.claims):
            remarks.append(Remark("warning", "what claims rest on is left out"))
        text = json.dumps(self.document, ensure_ascii=False, indent=1)
        return text + "\n", tuple(remarks)

    def _old(self, part: str) -> list[dict[str, Any]]:
        """Return a list of the document that the model came from, with whole numbers as such."""
        if self.old is None:
            return []
        keys = ("Id", "FromVariable", "ToVariable")
        return [
            {k: int(v) if k in keys and v is not None else v for k, v in entry.items()}
            for entry in self.old["Model"].get(part, ())
        ]

    def _old_name(self, key: int) -> str:
        assert self.model is not None
        return self.model.names.get(key, "")

    def _unchanged(self) -> set[str]:
        """Return the components whose rule is still what their formula in the document says."""
        self.model = None if self.old is None else _Model(self.old, "")
        if self.model is None:
            return set()
        names = {key: name for name, key in self.keys.items() if name in self.network}
        taken = set(self.network.names)
        for key in self.model.variables:
            if key not in names:  # a component that is gone
                names[key] = unused(f"v_{key}", taken)
                taken.add(names[key])
        before = self.model.network(names)
        same = {c.name for c in before.components if c.name in self.network}
        same = {n for n in same if before[n].top == self.network[n].top}
        return {name for name in same if before[name].rule == self.network[name].rule}

    def _range(
        self, component: Component, before: dict[int, dict[str, Any]], unchanged: set[str]
    ) -> tuple[int, int]:
        if component.name in unchanged and self.model is not None:
            v = self.model.variables[self.keys[component.name]]
            return v.low, v.high
        return 0, component.top

    def _formula(self, component: Component) -> str:
        """Return a formula for a rule: the number of levels that are reached."""
        if component.rule is None:
            return f"var({self.keys[component.name]})"
        parts = [
            self._written(component.rule.reaches(level), component.name)
            for level in range(1, component.top + 1)
        ]
        return " + ".join(parts)

    def _written(self, condition: Expr, target: str) -> str:
        """Return a condition as 0 or 1: AND is the least, OR the greatest, NOT the rest to 1."""

        def visit(node: Expr, parts: list[str]) -> str:
            match node:
                case Const(value):
                    return str(int(value))
                case Var():
                    return self._atom(node, target)
                case Not():
                    return f"(1 - {parts[0]})"
                case And():
                    return _nested("min", parts)
                case _:
                    return _nested("max", parts)

        return fold(condition, visit)

    def _atom(self, var: Var, target: str) -> str:
        """Return 1 if a component is at a level or above, for a formula of another."""
        low, high = self.ranges[var.name]
        own_low, own_high = self.ranges[target]
        level = f"var({self.keys[var.name]})"
        if low == high:
            return str(int(low >= var.level))
        if (low, high) != (own_low, own_high):  # BMA scales it; undo that
            level = f"({level} - {own_low}) * {high - low} / {own_high - own_low} + {low}"
        if (low, high) == (0, 1):
            return level if (own_low, own_high) == (0, 1) else f"({level})"
        return f"min(1, max(0, {level} - {var.level - 1}))"

    def _edges(self, component: Component, relations: list[dict[str, Any]]) -> Iterator[Any]:
        """Yield the relationships that end in a component whose formula is new."""
        key = self.keys[component.name]
        if component.rule is None:
            signs = {component.name: "+"}
        else:
            signs = {v.name: "±" for v in component.rule.thresholds()}
            signs.update((e.source, e.sign) for e in edges_into(self.network, component.name))
        kinds = {"+": "Activator", "-": "Inhibitor", "±": "Activator"}
        for source, sign in signs.items():
            ends = {"FromVariable": self.keys[source], "ToVariable": key}
            old = [r for r in relations if ends.items() <= r.items()]
            kind = kinds[sign]
            yield {**(old[0] if old else {}), **ends, "Type": kind}

    def _layout(self) -> None:
        layout = self.document.setdefault("Layout", {"Variables": [], "Containers": []})
        before = {int(entry["Id"]): entry for entry in layout.get("Variables", ())}
        places = []
        for n, component in enumerate(self.network.components):
            key = self.keys[component.name]
            x, y = self.project.layout.get(component.name, (100.0 * (n % 10), 100.0 * (n // 10)))
            fresh = {"Type": "Constant" if component.is_input else "Default", "ContainerId": 0,
                     "Angle": 0, "Description": ""}  # fmt: skip
            entry = {"Id": key, "Name": component.name, **(before.get(key) or fresh)}
            if key not in before or component.name in self.project.layout:
                entry.update(PositionX=x, PositionY=y)
            if key in before and component.name != self._old_name(key):
                entry["Name"] = component.name
            places.append(entry)
        layout["Variables"] = places
        if self.project.note or "Description" in layout:
            layout["Description"] = self.project.note.strip()
        self.document.setdefault("ltl", {"states": [], "operations": []})


def _nested(function: str, parts: Sequence[str]) -> str:
    """Return a function of many arguments as functions of two, as BMA has them."""
    level = list(parts)
    while len(level) > 1:
        pairs = [f"{function}({a}, {b})" for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]
