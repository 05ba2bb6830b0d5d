"""The model file: everything a project holds, in TOML that people can read, edit and merge.

::

    regnet = 1
    name = "toy"

    [components.Dose]
    levels = ["none", "low", "high"]

    [components.Vessels]
    rule = "Dose=1 | Mass<1 & !Dose"

    [components.Mass]
    top = 2
    rule.2 = "Vessels & Mass"
    rule.1 = "Vessels"

    [scenarios.overdose]
    clamps = "Dose=2"
    start = "Mass=0"

A component without a rule is an input. With several rules, the highest level whose rule holds is
the target, else 0. An unknown key is an error, never a silence; every fault is told with its line
and column. A file that exists is edited in place, so that comments and order survive.

This module is longer than most because it is the whole file: what a table may hold is written
down once for reading (`_project` and below) and once for writing (`_data` and below).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from regnet.errors import FormatError, NetworkError, ParseError, RegnetError, UnknownNameError
from regnet.evidence import (
    EXPECTATIONS,
    Comparison,
    Expectation,
    Experiment,
    Phenotype,
    Reference,
)
from regnet.logic import Expr, Var, parse, unparse, write_name
from regnet.network import Claim, Component, LogicalNetwork, Rule
from regnet.project import Project, Reading, Remark
from regnet.scenario import Cut, Perturbation, Scenario, parse_cut, parse_levels
from regnet.space import Space

VERSION = 1
"""Version of the model file that this regnet writes."""

T = TypeVar("T")
Path = tuple[str | int, ...]

_ARROWS = {"->": "+", "-|": "-", "-?": "±"}
_SIGNS = {sign: arrow for arrow, sign in _ARROWS.items()}
_NAME = r'("(?:[^"\\]|\\.)*"|[^\s"]\S*?)'
_EDGE = re.compile(rf"\s*{_NAME}\s*(->|-\||-\?)\s*{_NAME}\s*\Z")
_COUNTS = ("attractors in all", "attractors")
_FLAGS = ("only fixed points", "only complex")


def from_toml(text: str, file: str = "") -> Project:
    r"""Return the project in the text of a model file.

    Raises
    ------
    ParseError
        With file, line and column of the fault.
    FormatError
        If the file was written for a newer regnet.

    Examples
    --------
    >>> toy = from_toml('regnet = 1\n[components.A]\n[components.B]\nrule = "!A"')
    >>> str(toy.network["B"].rule.reaches(1))
    '!A'
    """
    return read(text, file).project


def to_toml(project: Project) -> str:
    """Return the text of a new model file.

    Raises
    ------
    NetworkError
        If two scenarios or two references share a name.
    """
    return _emit(_data(project))


def read(text: str, file: str = "") -> Reading:
    """Return the project in the text of a model file, with remarks."""
    text = text.lstrip("\ufeff")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _toml_error(error, file, text) from None
    source = _Source(text, file)
    project = _project(_Table(data, (), source))
    return Reading(project, tuple(_remarks(project, source)))


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return the text of a model file; `before` is edited where that can be done."""
    data = _data(project)
    if before:
        after = _edited(before, data)
        # The net under the tightrope: an edit counts only if it reads back as the project.
        if after is not None and from_toml(after) == project:
            return after, ()
        lost = before.count("#") and Remark(
            "warning", "the file was written anew; comments that were in it are gone"
        )
        return _emit(data), (lost,) if lost else ()
    return _emit(data), ()


def fits(text: str) -> bool:
    """Tell whether a text looks like a model file."""
    return re.search(r"^\s*regnet\s*=\s*\d", text, re.MULTILINE) is not None


# --- places ----------------------------------------------------------------------------------


class _Source:
    """The text, and where in it things are; the places are found only when something is wrong."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self._places: dict[Path, tuple[int, int]] | None = None

    def place(self, path: Path, *, value: bool = False) -> tuple[int | None, int | None]:
        """Return line and column of a key, or of its value; of what holds it, if not found."""
        if self._places is None:
            self._places = dict(_places(self.text))
        while path:
            found = self._places.get((*path, "=") if value else path) or self._places.get(path)
            if found:
                return found
            path = path[:-1]
        return (None, None)

    def error(
        self, message: str, path: Path, *, value: bool = False, expected: str = ""
    ) -> ParseError:
        line, column = self.place(path, value=value)
        return ParseError(message, file=self.file, line=line, column=column, expected=expected)

    @contextmanager
    def at(self, path: Path, text: str = "") -> Iterator[None]:
        """Give the place of a value to errors that arise from it.

        `text` is the value; a `ParseError` then says where in it the fault is.
        """
        try:
            yield
        except ParseError as error:
            if error.file or (error.line is None and error.column is None):
                if error.file:
                    raise
                raise self.error(error.message, path, value=True, expected=error.expected) from None
            line, column = self._inside(path, text, error.line or 1, error.column or 1)
            raise ParseError(
                error.message, file=self.file, line=line, column=column, expected=error.expected
            ) from None
        except UnknownNameError as error:
            where = re.search(rf"(?<![\w.]){re.escape(error.name)}(?![\w.])", text)
            before = text[: where.start()] if where else ""
            row, start = before.count("\n") + 1, len(before) - before.rfind("\n")
            line, column = self._inside(path, text, row, start)
            raise ParseError(str(error), file=self.file, line=line, column=column) from None
        except NetworkError as error:
            raise self.error(str(error), path, value=True) from None

    def _inside(
        self, path: Path, text: str, row: int, column: int
    ) -> tuple[int | None, int | None]:
        """Return the place in the file of a place in a value."""
        line, start = self.place(path, value=True)
        if line is None or start is None:
            return line, start
        lines = self.text.split("\n")
        opening = lines[line - 1][start - 1 :]
        if opening[:3] in ('"""', "'''"):
            if not opening[3:].strip():
                return line + row, column  # the text begins on the next line
            return line + row - 1, column + (start + 2 if row == 1 else 0)
        return line, start + column if text else start


_KEY = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_TABLE_LINE = re.compile(rf"[ \t]*(\[\[?)\s*({_DOTTED})\s*\]\]?")
_KEY_LINE = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=[ \t]*")
_ITEM = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'|"
    r"\#[^\n]*|[\[\]{},=\n]|[^\s\[\]{},=\"'\#]+",
    re.DOTALL,
)


def _places(text: str) -> Iterator[tuple[Path, tuple[int, int]]]:
    """Yield the place of each key as its path, and of each value as the path and ``"="``.

    The text is valid TOML. Values inside arrays and inline tables are found too.
    """
    starts = [0, *(m.end() for m in re.finditer("\n", text))]

    def where(offset: int) -> tuple[int, int]:
        from bisect import bisect_right

        row = bisect_right(starts, offset)
        return row, offset - starts[row - 1] + 1

    table: Path = ()
    counts: dict[Path, int] = {}
    position = 0
    while position < len(text):
        header = _TABLE_LINE.match(text, position)
        entry = None if header else _KEY_LINE.match(text, position)
        if header:
            table = _indexed(_keys(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield table, where(header.start(1))
        elif entry:
            keys = _keys(entry[1])
            for end in range(1, len(keys) + 1):
                yield (*table, *keys[:end]), where(entry.start(1))
            path = (*table, *keys)
            yield (*path, "="), where(entry.end())
            stack: list[list[Any]] = []  # [is an array, path, index or key]
            position = entry.end()
            for item in _ITEM.finditer(text, position):
                token, at = item[0], where(item.start())
                position = item.end()
                if token in "[{":
                    inner = _step(stack, path)
                    if stack:
                        yield (*inner, "="), at
                        yield inner, at
                    stack.append([token == "[", inner, 0])
                elif token in "]}":
                    stack.pop()
                elif token == ",":
                    if stack[-1][0]:
                        stack[-1][2] += 1
                    else:
                        stack[-1][2] = 0
                elif token == "\n" or token.startswith("#") or token == "=":
                    pass
                elif stack and not stack[-1][0] and stack[-1][2] == 0:
                    stack[-1][2] = _keys(token)
                    yield (*stack[-1][1], *stack[-1][2]), at
                elif stack:
                    yield (*_step(stack, path), "="), at
                if not stack:
                    break
        following = text.find("\n", position)
        position = len(text) if following < 0 else following + 1


def _step(stack: list[list[Any]], path: Path) -> Path:
    """Return the path of the value that comes next inside arrays and inline tables."""
    if not stack:
        return path
    is_array, outer, key = stack[-1]
    return (*outer, key) if is_array else (*outer, *(key or ()))


def _keys(dotted: str) -> Path:
    keys: list[str] = []
    for part in re.findall(_KEY, dotted):
        keys.append(tomllib.loads(f"k = {part}")["k"] if part[0] in "\"'" else part)
    return tuple(keys)


def _indexed(keys: Path, counts: Mapping[Path, int]) -> Path:
    """Put the index of the last element where a header goes through an array of tables."""
    path: Path = ()
    for place, key in enumerate(keys):
        path = (*path, key)
        if path in counts and place < len(keys) - 1:
            path = (*path, counts[path])
    return path


def _toml_error(error: tomllib.TOMLDecodeError, file: str, text: str) -> ParseError:
    message, _, place = str(error).partition(" (at ")
    numbers = re.findall(r"\d+", place)
    lines = text.split("\n")
    line, column = (
        (int(numbers[0]), int(numbers[1]))
        if len(numbers) == 2
        else (len(lines), len(lines[-1]) + 1)
    )
    message = f"this is not TOML: {message[:1].lower()}{message[1:]}"
    return ParseError(message, file=file, line=line, column=column)


# --- reading ---------------------------------------------------------------------------------


class _Table:
    """A table of the file: gives values by kind, and complains about those nobody asked for."""

    def __init__(self, data: Mapping[str, Any], path: Path, source: _Source) -> None:
        self.data, self.path, self.source = data, path, source
        self.asked: dict[str, None] = {}

    def get(self, key: str, kind: type[T], expected: str, default: T) -> T:
        self.asked[key] = None
        value = self.data.get(key, default)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.error(f"{key} has the wrong kind of value", key, expected)
        return value

    def text(self, key: str) -> str:
        return self.get(key, str, 'text in quotes, such as "liver"', "")

    def required(self, key: str) -> str:
        value = self.text(key)
        if not value:
            raise self.source.error(f"{key} is missing", self.path, expected=f'{key} = "..."')
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        expected = 'a list of texts, such as ["A", "B"]'
        value = self.get(key, list, expected, [])
        if not all(isinstance(item, str) for item in value):
            raise self.error(f"{key} has the wrong kind of value", key, expected)
        return tuple(value)

    def table(self, key: str) -> _Table:
        value = self.get(key, dict, f"a table [{key}]", {})
        return _Table(value, (*self.path, key), self.source)

    def tables(self, key: str) -> list[_Table]:
        """Return the elements of an array of tables."""
        expected = f"tables [[{key}]]"
        value = self.get(key, list, expected, [])
        if not all(isinstance(item, dict) for item in value):
            raise self.error(f"{key} has the wrong kind of value", key, expected)
        return [_Table(v, (*self.path, key, i), self.source) for i, v in enumerate(value)]

    def named(self, key: str) -> list[tuple[str, _Table]]:
        """Return the sub-tables of a table, each with its name."""
        outer = self.table(key)
        found = []
        for name, value in outer.data.items():
            if not isinstance(value, dict):
                raise outer.error(f"{key}.{name} is not a table", name, f"[{key}.{name}]")
            found.append((name, _Table(value, (*outer.path, name), self.source)))
        return found

    def error(self, message: str, key: str, expected: str = "") -> ParseError:
        return self.source.error(message, (*self.path, key), value=True, expected=expected)

    def finish(self) -> None:
        """Raise if the table holds a key that nobody asked for."""
        for key in self.data:
            if key not in self.asked:
                where = ".".join(str(k) for k in self.path)
                kind = f"key in {where}" if where else "key at the top of a model file"
                message = str(UnknownNameError(kind, key, self.asked))
                raise self.source.error(message, (*self.path, key))


def _project(top: _Table) -> Project:
    _check_version(top)
    name = top.text("name")
    title, source = top.text("title"), top.text("source")
    licence, note = top.text("licence"), top.text("note")
    network = _network(top, name)
    references = tuple(_reference(key, t) for key, t in top.named("references"))
    scenarios = tuple(_scenario(t, network, key) for key, t in top.named("scenarios"))
    phenotypes = tuple(_phenotype(t, network) for t in top.tables("phenotypes"))
    known = {s.name: s for s in scenarios}
    experiments = tuple(_experiment(t, network, known) for t in top.tables("experiments"))
    comparisons = tuple(_comparison(t, network, known) for t in top.tables("comparisons"))
    layout = _layout(top.table("layout"), network)
    top.finish()
    return Project(
        network, title, source, licence, note, references, scenarios, phenotypes, experiments,
        comparisons, layout,
    )  # fmt: skip


def _check_version(top: _Table) -> None:
    version = top.data.get("regnet")
    top.asked["regnet"] = None
    if version is None:
        raise ParseError("this is not a model file of regnet", file=top.source.file, line=1,
                         expected="a first line: regnet = 1")  # fmt: skip
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise top.error("regnet has the wrong kind of value", "regnet", "regnet = 1")
    if version > VERSION:
        name = f"{top.source.file}: " if top.source.file else ""
        raise FormatError(
            f"{name}this file was written by a newer regnet (file version {version}; "
            f"this regnet reads up to {VERSION}); please update regnet to open it"
        )


def _network(top: _Table, name: str) -> LogicalNetwork:
    tables = top.named("components")
    tops = {key: _top(table) for key, table in tables}
    atoms: dict[str, Var] = {}
    components = []
    for key, table in tables:
        with table.source.at(table.path):
            component = Component(
                key,
                _rule(table, key, tops, atoms),
                tops[key],
                table.text("compartment"),
                table.texts("levels"),
                _word(table, "kind"),
                _word(table, "confidence"),
                table.text("note"),
                table.texts("refs"),
            )
        table.asked["top"] = None
        table.finish()
        components.append(component)
    network = LogicalNetwork(tuple(components), name=name)
    claims = tuple(_claim(table, network) for table in top.tables("claims"))
    return network.with_claims(claims) if claims else network


def _word(table: _Table, key: str) -> str:
    from regnet.network import CONFIDENCES, KINDS

    word, allowed = table.text(key), KINDS if key == "kind" else CONFIDENCES
    if word and word not in allowed:
        raise table.error(f"{key} is {word!r}", key, " or ".join(f'"{w}"' for w in allowed))
    return word


def _top(table: _Table) -> int:
    meanings = table.texts("levels")
    top = table.get("top", int, "a whole number, such as 2", max(len(meanings) - 1, 1))
    if meanings and len(meanings) != top + 1:
        raise table.error(
            f"there are {len(meanings)} levels", "levels",
            f"{top + 1}, from 0 to {top}" if "top" in table.data else "two or more",
        )  # fmt: skip
    if top < 1:
        raise table.error(f"top is {top}", "top", "1 or more")
    return top


def _rule(table: _Table, name: str, tops: Mapping[str, int], atoms: dict[str, Var]) -> Rule | None:
    """Read ``rule = ".."``, ``rule.2 = ".."`` or ``rule = [{ level = 2, when = ".." }, ..]``."""
    table.asked["rule"] = None
    value, top = table.data.get("rule"), tops[name]
    path = (*table.path, "rule")
    example = 'rule = "A & !B"' if top == 1 else 'rule.2 = "A & !B" and rule.1 = "A"'
    cases: list[tuple[Any, Any, Path]]
    match value:
        case None:
            return None
        case str() if top > 1:
            message = f"{name} has levels 0 to {top}, so each rule needs its level"
            raise table.error(message, "rule", example)
        case str():
            cases = [(value, 1, path)]
        case dict():
            levels = sorted(value, key=lambda k: int(k) if k.isdecimal() else -1, reverse=True)
            for key in levels:
                if not key.isdecimal() or not 1 <= int(key) <= top:
                    raise table.source.error(
                        f"{name} has no level {key} to lead to", (*path, key),
                        expected=f"a level from 1 to {top}",
                    )  # fmt: skip
            cases = [(value[key], int(key), (*path, key)) for key in levels]
        case list():
            cases = []
            for case in table.tables("rule"):
                when = case.required("when")
                level = case.get("level", int, "a level", -1)
                if not 0 <= level <= top:
                    raise case.error("the level is missing or does not exist", "level",
                                     f"a level from 0 to {top}")  # fmt: skip
                case.finish()
                cases.append((when, level, (*case.path, "when")))
        case _:
            raise table.error("a rule is text", "rule", example)
    read = []
    for text, level, place in cases:
        if not isinstance(text, str):
            raise table.source.error("a rule is text", place, value=True, expected=example)
        read.append((_condition(text, place, table.source, tops, atoms), level))
    return Rule(tuple(read))


def _condition(
    text: str,
    path: Path,
    source: _Source,
    tops: Mapping[str, int],
    atoms: dict[str, Var] | None = None,
) -> Expr:
    from regnet.logic import variables

    with source.at(path, text):
        expr = parse(text, tops=tops, atoms=atoms)
        for var in variables(expr):
            if var.name not in tops:
                raise UnknownNameError("component", var.name, tops)
            if var.level > tops[var.name]:
                raise NetworkError(f"{var.name} ends at {tops[var.name]}, "
                                   f"so it never reaches {var.level}")  # fmt: skip
    return expr


def _claim(table: _Table, network: LogicalNetwork) -> Claim:
    text = table.required("edge")
    edge = _EDGE.match(text)
    if not edge:
        raise table.error(f"{text!r} is not an edge", "edge",
                          '"A -> B", "A -| B" or "A -? B"')  # fmt: skip
    source, target = (_unquoted(edge[n]) for n in (1, 3))
    with table.source.at((*table.path, "edge"), text):
        network[source], network[target]
    claim = Claim(
        source, target, _ARROWS[edge[2]], _word(table, "kind"), _word(table, "confidence"),
        table.text("note"), table.texts("refs"),
    )  # fmt: skip
    table.finish()
    return claim


def _unquoted(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name[1:-1]) if name.startswith('"') else name


def _reference(key: str, table: _Table) -> Reference:
    fields = ("text", "doi", "pmid", "url", "fact", "checked")
    reference = Reference(key, *(table.text(field) for field in fields))
    table.finish()
    return reference


def _scenario(table: _Table, network: LogicalNetwork, name: str) -> Scenario:
    perturbation = Perturbation(
        _levels(table, "clamps", network), _cuts(table), table.text("perturbation")
    )
    update = table.text("update") or "asynchronous"
    with table.source.at((*table.path, "update")):
        scenario = Scenario(
            name, perturbation, _levels(table, "start", network), update, table.text("note")
        )
    with table.source.at((*table.path, "cuts")):
        scenario.check(network)
    table.finish()
    return scenario


def _levels(table: _Table, key: str, network: LogicalNetwork) -> Space:
    """Read ``"X=1 Y=0..2"``, or a table ``{ "a name" = 1, X = "0..2" }``."""
    table.asked[key] = None
    value, path = table.data.get(key, ""), (*table.path, key)
    if isinstance(value, str):
        with table.source.at(path, value):
            space = parse_levels(value)
    elif isinstance(value, dict):
        ranges = {}
        for name, levels in value.items():
            low, _, high = str(levels).partition("..")
            if not low.isdecimal() or not (high or low).isdecimal():
                raise table.source.error(f"{levels!r} is not a level", (*path, name),
                                         expected='1 or "0..2"')  # fmt: skip
            ranges[name] = (int(low), int(high or low))
        with table.source.at(path):
            space = Space(ranges)
    else:
        raise table.error(f"{key} has the wrong kind of value", key, f'{key} = "X=1 Y=0..2"')
    with table.source.at(path, value if isinstance(value, str) else ""):
        Perturbation(space).check(network)
    return space


def _cuts(table: _Table) -> frozenset[Cut]:
    """Read ``["A->B", "A->C=1"]``; an element may be ``{ source = "A", target = "B" }``."""
    cuts = []
    for index, value in enumerate(table.get("cuts", list, 'a list such as ["A->B"]', [])):
        path = (*table.path, "cuts", index)
        if isinstance(value, str):
            with table.source.at(path):
                cuts.append(parse_cut(value))
        elif isinstance(value, dict):
            cut = _Table(value, path, table.source)
            level = cut.get("level", int, "a level", 0)
            cuts.append(Cut(cut.required("source"), cut.required("target"), level))
            cut.finish()
        else:
            raise table.error(f"{value!r} is not an edge", "cuts", '["A->B"]')
    return frozenset(cuts)


def _phenotype(table: _Table, network: LogicalNetwork) -> Phenotype:
    name, text = table.required("name"), table.required("condition")
    condition = _condition(text, (*table.path, "condition"), table.source, network.tops)
    with table.source.at((*table.path, "kind")):
        phenotype = Phenotype(name, condition, table.text("kind"), table.text("note"))
    table.finish()
    return phenotype


def _experiment(
    table: _Table, network: LogicalNetwork, scenarios: Mapping[str, Scenario]
) -> Experiment:
    identifier = table.required("id")
    if isinstance(table.data.get("scenario"), str):
        name = table.text("scenario")
        if name not in scenarios:
            message = str(UnknownNameError("scenario", name, scenarios))
            raise table.error(message, "scenario")
        scenario = scenarios[name]
    else:
        inner = table.table("scenario")
        scenario = _scenario(inner, network, inner.text("name"))
    expect = tuple(
        _expectation(item, kind, network) for item in table.tables("expect") for kind in item.data
    )
    experiment = Experiment(
        identifier, table.text("title"), scenario, expect, table.text("source"),
        table.texts("refs"), table.text("note"),
    )  # fmt: skip
    table.finish()
    return experiment


def _expectation(table: _Table, kind: str, network: LogicalNetwork) -> Expectation:
    """Read ``{ never = "X=2" }``, ``{ attractors = 1 }``, ``{ spans = "X=0..2" }`` and the like."""
    path = (*table.path, kind)
    if kind not in EXPECTATIONS:
        message = str(UnknownNameError("expectation", kind, EXPECTATIONS))
        raise table.source.error(message, path)
    if kind in _COUNTS:
        return Expectation(kind, count=table.get(kind, int, "a number of attractors", 0))
    if kind in _FLAGS:
        if table.data[kind] is not True:
            raise table.error(f"{kind} is not true", kind, "true, or leave it out")
        return Expectation(kind)
    if kind == "spans":
        space = _levels(table, kind, network)
        if len(space) != 1:
            raise table.error("one component spans one range", kind, 'spans = "X=0..2"')
        ((name, levels),) = space.items()
        return Expectation(kind, component=name, range=levels)
    condition = _condition(table.text(kind), path, table.source, network.tops)
    return Expectation(kind, condition)


def _comparison(
    table: _Table, network: LogicalNetwork, scenarios: Mapping[str, Scenario]
) -> Comparison:
    readouts = table.texts("readouts")
    for key, kind, known in (
        ("scenarios", "scenario", scenarios), ("readouts", "component", network.tops)
    ):  # fmt: skip
        for index, name in enumerate(table.texts(key)):
            if name not in known:
                message = str(UnknownNameError(kind, name, known))
                raise table.source.error(message, (*table.path, key, index), value=True)
    with table.source.at(table.path):
        comparison = Comparison(
            table.required("title"), table.texts("scenarios"), readouts, table.texts("labels"),
            table.text("note"),
        )  # fmt: skip
    table.finish()
    return comparison


def _layout(table: _Table, network: LogicalNetwork) -> dict[str, tuple[float, float]]:
    places = {}
    for name, value in table.data.items():
        if name not in network:
            message = str(UnknownNameError("component", name, network.names))
            raise table.source.error(message, (*table.path, name))
        numbers = isinstance(value, list) and [v for v in value if type(v) in (int, float)]
        if not numbers or len(numbers) != 2 or len(value) != 2:
            raise table.error("this is not a place", name, f"{name} = [x, y]")
        places[name] = (float(numbers[0]), float(numbers[1]))
    return places


def _remarks(project: Project, source: _Source) -> Iterator[Remark]:
    """Warn about keys of references that the file does not explain."""
    known = {r.key for r in project.references}
    network = project.network
    cited: list[tuple[Path, tuple[str, ...]]] = [
        (("components", c.name, "refs"), c.refs) for c in network.components
    ]
    cited += [(("claims", i, "refs"), c.refs) for i, c in enumerate(network.claims)]
    cited += [(("experiments", i, "refs"), e.refs) for i, e in enumerate(project.experiments)]
    for path, refs in cited:
        for key in refs:
            if known and key not in known:
                line, column = source.place(path)
                yield Remark("warning", f"there is no reference {key}", line, column)


# --- writing ---------------------------------------------------------------------------------


def _data(project: Project) -> dict[str, Any]:
    """Return the project as plain tables, lists, texts and numbers, in the order of the file."""
    network = project.network
    return _filled(
        regnet=VERSION,
        name=network.name,
        title=project.title,
        source=project.source,
        licence=project.licence,
        note=project.note,
        components={c.name: _component_data(c) for c in network.components},
        claims=[_claim_data(c) for c in network.claims],
        phenotypes=[
            _filled(name=p.name, condition=unparse(p.condition), kind=p.kind, note=p.note)
            for p in project.phenotypes
        ],
        scenarios=_by_name("scenario", [(s.name, _scenario_data(s)) for s in project.scenarios]),
        comparisons=[
            _filled(title=c.title, scenarios=list(c.scenarios), readouts=list(c.readouts),
                    labels=list(c.labels), note=c.note)
            for c in project.comparisons
        ],
        experiments=[_experiment_data(e, project) for e in project.experiments],
        references=_by_name("reference", [(r.key, _reference_data(r)) for r in project.references]),
        layout={name: [x, y] for name, (x, y) in project.layout.items()},
    )  # fmt: skip


def _filled(**values: Any) -> dict[str, Any]:
    """Return the values that say something."""
    return {key: value for key, value in values.items() if value not in ("", [], {}, None)}


def _by_name(kind: str, items: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    if len(dict(items)) < len(items):
        names = [name for name, _ in items]
        twice = next(name for name in names if names.count(name) > 1)
        raise NetworkError(f"there are two {kind}s {twice!r}; a file needs different names")
    return dict(items)


def _component_data(c: Component) -> dict[str, Any]:
    data = _filled(
        levels=list(c.meanings),
        top=c.top if c.top > 1 and not c.meanings else None,
        compartment=c.compartment,
    )
    if c.rule is not None:
        data["rule"] = _rule_data(c.rule, c.top)
    rest = _filled(kind=c.kind, confidence=c.confidence, note=c.note, refs=list(c.refs))
    return {**data, **rest}


def _rule_data(rule: Rule, top: int) -> Any:
    levels = [level for _, level in rule.cases]
    if top == 1 and levels == [1]:
        return unparse(rule.cases[0][0])
    if levels and levels == sorted(set(levels), reverse=True) and levels[-1] > 0:
        return {str(level): unparse(condition) for condition, level in rule.cases}
    return [{"level": level, "when": unparse(condition)} for condition, level in rule.cases]


def _claim_data(c: Claim) -> dict[str, Any]:
    edge = f"{write_name(c.source)} {_SIGNS[c.sign]} {write_name(c.target)}"
    return _filled(edge=edge, kind=c.kind, confidence=c.confidence, note=c.note, refs=list(c.refs))


def _reference_data(r: Reference) -> dict[str, Any]:
    return _filled(text=r.text, doi=r.doi, pmid=r.pmid, url=r.url, fact=r.fact, checked=r.checked)


def _scenario_data(s: Scenario) -> dict[str, Any]:
    return _filled(
        note=s.note,
        perturbation=s.perturbation.name,
        clamps=_levels_data(s.perturbation.clamps),
        cuts=[_cut_data(cut) for cut in sorted(s.perturbation.cuts)],
        start=_levels_data(s.start),
        update="" if s.update == "asynchronous" else s.update,
    )


def _levels_data(space: Space) -> Any:
    ranges = {n: str(lo) if lo == hi else f"{lo}..{hi}" for n, (lo, hi) in space.items()}
    if all(re.fullmatch(r"[^\s,=\"]+", name) for name in ranges):
        return " ".join(f"{name}={levels}" for name, levels in ranges.items())
    return {n: int(levels) if levels.isdecimal() else levels for n, levels in ranges.items()}


def _cut_data(cut: Cut) -> Any:
    if all(re.fullmatch(r"[^\s=>]+", name) for name in (cut.source, cut.target)):
        return f"{cut.source}->{cut.target}" + (f"={cut.level}" if cut.level else "")
    return {"source": cut.source, "target": cut.target, "level": cut.level}


def _experiment_data(e: Experiment, project: Project) -> dict[str, Any]:
    scenario: Any = None
    if e.scenario.name and e.scenario in project.scenarios:
        scenario = e.scenario.name
    else:
        scenario = _filled(name=e.scenario.name, **_scenario_data(e.scenario))
    return _filled(
        id=e.id,
        title=e.title,
        source=e.source,
        refs=list(e.refs),
        note=e.note,
        scenario=scenario,
        expect=[_expectation_data(x) for x in e.expect],
    )


def _expectation_data(x: Expectation) -> dict[str, Any]:
    if x.kind in _COUNTS:
        return {x.kind: x.count}
    if x.kind in _FLAGS:
        return {x.kind: True}
    if x.kind == "spans" and x.range is not None:
        return {x.kind: _levels_data(Space({x.component: x.range}))}
    if x.condition is None:
        raise NetworkError(f"the expectation {x.kind!r} needs a condition")
    return {x.kind: unparse(x.condition)}


# --- text ------------------------------------------------------------------------------------

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+\Z", re.ASCII)
_WIDTH = 96
_ONE_TABLE = ("layout",)


def _emit(data: Mapping[str, Any]) -> str:
    """Return TOML text: plain values first, then a table for each part."""
    blocks = [[*_entries((k, v) for k, v in data.items() if not isinstance(v, (dict, list)))]]
    for part, value in data.items():
        if part in _ONE_TABLE:
            blocks.append([f"[{part}]", *_entries(value.items())])
        elif isinstance(value, dict):
            for name, table in value.items():
                blocks.append([f"[{part}.{_key(name)}]", *_entries(table.items())])
        elif isinstance(value, list):
            for table in value:
                blocks.append([f"[[{part}]]", *_entries(table.items())])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _entries(items: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Yield ``key = value``; the tables in a table become dotted keys."""
    for key, value in items:
        if isinstance(value, dict) and key in ("rule", "scenario"):
            for inner, part in value.items():
                yield f"{_key(key)}.{_key(inner)} = {_value(part, inner)}"
        else:
            yield f"{_key(key)} = {_value(value, key)}"


def _key(name: str) -> str:
    return name if _BARE_KEY.match(name) else _text(name)


def _value(value: Any, key: str = "") -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return _paragraph(value, key)
        case dict():
            return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
        case _:
            items = [_value(item) for item in value]
            line = "[" + ", ".join(items) + "]"
            if len(line) <= _WIDTH and not any(isinstance(item, dict) for item in value):
                return line
            return "[\n" + "".join(f"  {item},\n" for item in items) + "]"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _paragraph(text: str, key: str) -> str:
    """Return a text as TOML: long lists of levels and texts with line breaks on several lines."""
    if key in ("start", "clamps") and len(text) > _WIDTH - 12:
        from textwrap import wrap

        lines = wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
        return '"""\n' + "\n".join(lines) + '"""'
    plain = _text(text)
    if "\n" not in text:
        return plain
    body = plain[1:-1].replace("\\n", "\n").replace("\\\\\n", "\\\\\\n")
    return f'"""\n{body}"""'


# --- editing ---------------------------------------------------------------------------------


def _edited(before: str, data: Mapping[str, Any]) -> str | None:
    """Return the text with the values that differ put in, or None where that cannot be done."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(before)
        _update(document, data, ())
        after = tomlkit.dumps(document)
        tomllib.loads(after)
    except (TOMLKitError, tomllib.TOMLDecodeError, RegnetError, KeyError, IndexError, ValueError):
        return None
    return after


def _update(old: Any, new: Mapping[str, Any], path: Path) -> None:
    """Make a table of the document say what `new` says, touching only what differs."""
    for key in [k for k in old if k not in new]:
        del old[key]
    for key, value in new.items():
        if key not in old:
            old[key] = _item(key, value, path)
        elif _same(_unwrapped(old[key]), value, key):
            continue
        elif isinstance(value, dict) and isinstance(old[key], Mapping):
            _update(old[key], value, (*path, key))
        elif _is_tables(value) and _is_tables(old[key]) and len(value) == len(old[key]):
            for index, inner in enumerate(value):
                if not _same(_unwrapped(old[key][index]), inner, key):
                    _update(old[key][index], inner, (*path, key))
        else:
            item = _item(key, value, path)
            trivia = getattr(old[key], "trivia", None)
            if trivia is not None and hasattr(item, "trivia"):
                item.trivia.comment_ws, item.trivia.comment = trivia.comment_ws, trivia.comment
            old[key] = item


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _unwrapped(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item


def _same(old: Any, new: Any, key: str) -> bool:
    """Tell whether two values mean the same, however they are written."""
    if old == new:
        return True
    if isinstance(old, str) and isinstance(new, str):
        try:
            if key in ("start", "clamps", "spans"):
                return dict(parse_levels(old)) == dict(parse_levels(new))
            return unparse(parse(old)) == new
        except RegnetError:
            return False
    return False


def _item(key: str, value: Any, path: Path) -> Any:
    """Return a value as an item of the document, written as `_emit` writes it."""
    import tomlkit

    if not path and isinstance(value, (dict, list)):
        return tomlkit.parse(_emit({key: value}))[key]
    if len(path) == 1 and path[0] not in _ONE_TABLE and isinstance(value, dict):
        inner = tomlkit.parse("\n".join([*_entries(value.items()), ""]))
        table = tomlkit.table()
        for name, item in inner.items():
            table.add(name, item)
        table.add(tomlkit.nl())
        return table
    return tomlkit.parse(f"k = {_value(value, key)}")["k"]
