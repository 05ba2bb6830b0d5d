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
the target, else 0. An unknown key is an error; every error has a line and column. A file that
exists is edited in place, so that comments and order survive.

This module is longer than most because it covers the whole file: the content of each table is
defined once for reading (`_project` and below) and once for writing (`_data` and below). TOML as
text is in `regnet.exchange.tomltext`; rates and random starts are in `regnet.exchange.tomlrates`,
expectations about time in `regnet.exchange.tomlexpect`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from regnet.errors import FormatError, NetworkError, ParseError, RegnetError, UnknownNameError
from regnet.evidence import (
    EXPECTATIONS,
    EXPERIMENT_KINDS,
    TIME_EXPECTATIONS,
    Expectation,
    Experiment,
    Phenotype,
    Reference,
    ScenarioTable,
)
from regnet.exchange.tomlexpect import timed_expectation, timed_expectation_data
from regnet.exchange.tomlrates import drawn_data, drawn_start, rate_set, rate_set_data
from regnet.exchange.tomltext import Path, Source, Style, Table, edited, read_table
from regnet.logic import Expr, Var, parse, unparse, write_name
from regnet.network import Claim, Component, LogicalNetwork, Rule
from regnet.project import Kept, Project, Reading, Remark, Variant
from regnet.rates import RateSet
from regnet.scenario import Cut, Perturbation, Scenario, parse_cut, parse_levels
from regnet.space import Space
from regnet.start import parse_start

VERSION = 1
"""Version of the model file that this regnet writes."""

_ARROWS = {"->": "+", "-|": "-", "-?": "±"}
_SIGNS = {sign: arrow for arrow, sign in _ARROWS.items()}
_NAME = r'("(?:[^"\\]|\\.)*"|[^\s"]\S*?)'
_EDGE = re.compile(rf"\s*{_NAME}\s*(->|-\||-\?)\s*{_NAME}\s*\Z")
_STYLE = Style(
    single=("layout",),
    dotted=("rule", "rules", "scenario", "settle"),
    wrapped=("start", "clamps"),
)
_PARTS = (
    "regnet", "name", "title", "source", "licence", "note", "components", "claims", "rates",
    "phenotypes", "scenarios", "comparisons", "experiments", "variants", "references", "layout",
    "kept",
)  # fmt: skip
_HIGHEST = 1_000  # level of a component: a slip is caught here, not when memory is gone
_BASIS = ("kind", "confidence", "note", "refs")
_COMPONENT = ("levels", "top", "compartment", "rule", *_BASIS)
_REFERENCE = ("text", "doi", "pmid", "url", "fact", "checked")
_SCENARIO = ("note", "perturbation", "clamps", "cuts", "start", "drawn", "update", "rates")
_EXPERIMENT = (
    "id", "title", "kind", "scenario", "settle", "expect", "source", "quote", "refs", "note",
    "holds_in",
)  # fmt: skip
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
    return _STYLE.document(_data(project))


def read(text: str, file: str = "") -> Reading:
    """Return the project in the text of a model file, with remarks."""
    top = read_table(text.lstrip("\ufeff"), file)
    project = _project(top)
    return Reading(project, tuple(_remarks(project, top.source)))


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return the text of a model file; `before` is edited where that can be done."""
    text = to_toml(project)
    if not before.strip():
        return text, ()
    try:
        after = edited(before, _data(from_toml(before)), _data(project), _STYLE)
        if from_toml(after) == project:
            return after, ()
    except (RegnetError, ValueError):
        pass  # what is there is no model file, or the edit is more than can be done in place
    if "#" not in before:
        return text, ()
    message = "the file was written anew; comments that were in it are gone"
    return text, (Remark("warning", message),)


def fits(text: str) -> bool:
    """Return whether a text looks like a model file."""
    return re.search(r"^\s*regnet\s*=\s*\d", text, re.MULTILINE) is not None


# --- reading ---------------------------------------------------------------------------------


def _project(top: Table) -> Project:
    top.only(*_PARTS)
    _check_version(top)
    name = top.text("name")
    title, source = top.text("title"), top.text("source")
    licence, note = top.text("licence"), top.text("note")
    network = _network(top, name)
    references = tuple(_reference(key, t) for key, t in top.named("references"))
    rates = tuple(_rate_set(key, t, network) for key, t in top.named("rates"))
    sets = tuple(r.name for r in rates)
    scenarios = tuple(_scenario(t, network, key, sets) for key, t in top.named("scenarios"))
    phenotypes = tuple(_phenotype(t, network) for t in top.tables("phenotypes"))
    known = {s.name: s for s in scenarios}
    named = [key for key, _ in top.named("variants")]
    experiments = tuple(
        _experiment(t, network, known, sets, named) for t in top.tables("experiments")
    )
    comparisons = tuple(_comparison(t, network, known) for t in top.tables("comparisons"))
    variants = tuple(_variant(key, t, network) for key, t in top.named("variants"))
    layout = _layout(top.table("layout"), network)
    return Project(
        network, title, source, licence, note, references, scenarios, phenotypes, experiments,
        comparisons, layout, variants, tuple(_kept(t, network) for t in top.tables("kept")), rates,
    )  # fmt: skip


def _check_version(top: Table) -> None:
    version = top.data.get("regnet")
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


def _network(top: Table, name: str) -> LogicalNetwork:
    tables = top.named("components")
    tops = {key: _top(table) for key, table in tables}
    atoms: dict[str, Var] = {}
    components = []
    for key, table in tables:
        table.only(*_COMPONENT)
        with table.source.at(table.path):
            component = Component(
                key,
                _rule(table, "rule", key, tops, atoms),
                tops[key],
                table.text("compartment"),
                table.texts("levels"),
                _word(table, "kind"),
                _word(table, "confidence"),
                table.text("note"),
                table.texts("refs"),
            )
        components.append(component)
    network = LogicalNetwork(tuple(components), name=name)
    claims = tuple(_claim(table, network) for table in top.tables("claims"))
    return network.with_claims(claims) if claims else network


def _word(table: Table, key: str) -> str:
    from regnet.network import CONFIDENCES, SOURCE_KINDS

    word, allowed = table.text(key), SOURCE_KINDS if key == "kind" else CONFIDENCES
    if word and word not in allowed:
        raise table.error(f"{key} is {word!r}", key, " or ".join(f'"{w}"' for w in allowed))
    return word


def _top(table: Table) -> int:
    meanings = table.texts("levels")
    top = table.get("top", int, "a whole number, such as 2", max(len(meanings) - 1, 1))
    if meanings and len(meanings) != top + 1:
        raise table.error(
            f"there are {len(meanings)} levels", "levels",
            f"{top + 1}, from 0 to {top}" if "top" in table.data else "two or more",
        )  # fmt: skip
    if not 1 <= top <= _HIGHEST:
        shown = top if abs(top) < 10**12 else "a huge number"
        raise table.error(f"top is {shown}", "top", f"1 to {_HIGHEST}")
    return top


def _rule(
    table: Table, key: str, name: str, tops: Mapping[str, int], atoms: dict[str, Var]
) -> Rule | None:
    """Read ``rule = ".."``, ``rule.2 = ".."`` or ``rule = [{ level = 2, when = ".." }, ..]``."""
    value, top = table.data.get(key), tops[name]
    path = (*table.path, key)
    example = f'{key} = "A & !B"' if top == 1 else f'{key}.2 = "A & !B" and {key}.1 = "A"'
    cases: list[tuple[Any, Any, Path]]
    match value:
        case None:
            return None
        case str() if top > 1:
            message = f"{name} has levels 0 to {top}, so each rule needs its level"
            raise table.error(message, key, example)
        case str():
            cases = [(value, 1, path)]
        case dict():
            levels = sorted(value, key=lambda k: int(k) if k.isdecimal() else -1, reverse=True)
            for level in levels:
                if not level.isdecimal() or not 1 <= int(level) <= top:
                    raise table.source.error(
                        f"{name} has no level {level} to lead to", (*path, level),
                        expected=f"a level from 1 to {top}",
                    )  # fmt: skip
            cases = [(value[level], int(level), (*path, level)) for level in levels]
        case list():
            cases = []
            for case in table.tables(key):
                case.only("level", "when")
                when = case.required("when")
                level = case.get("level", int, "a level", -1)
                if not 0 <= level <= top:
                    raise case.error("the level is missing or does not exist", "level",
                                     f"a level from 0 to {top}")  # fmt: skip
                cases.append((when, level, (*case.path, "when")))
        case _:
            raise table.error("a rule is text", key, example)
    read = []
    for text, level, place in cases:
        if not isinstance(text, str):
            raise table.source.error("a rule is text", place, value=True, expected=example)
        read.append((_condition(text, place, table.source, tops, atoms), level))
    return Rule(tuple(read))


def _condition(
    text: str,
    path: Path,
    source: Source,
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


def _claim(table: Table, network: LogicalNetwork) -> Claim:
    table.only("edge", *_BASIS)
    text = table.required("edge")
    edge = _EDGE.match(text)
    if not edge:
        raise table.error(f"{text!r} is not an edge", "edge",
                          '"A -> B", "A -| B" or "A -? B"')  # fmt: skip
    source, target = (_unquoted(edge[n]) for n in (1, 3))
    with table.source.at((*table.path, "edge"), text):
        network[source], network[target]
    return Claim(
        source, target, _ARROWS[edge[2]], _word(table, "kind"), _word(table, "confidence"),
        table.text("note"), table.texts("refs"),
    )  # fmt: skip


def _unquoted(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name[1:-1]) if name.startswith('"') else name


def _reference(key: str, table: Table) -> Reference:
    table.only(*_REFERENCE)
    return Reference(key, *(table.text(field) for field in _REFERENCE))


def _rate_set(key: str, table: Table, network: LogicalNetwork) -> RateSet:
    atoms: dict[str, Var] = {}

    def condition(text: str, path: Path) -> Expr:
        return _condition(text, path, table.source, network.tops, atoms)

    return rate_set(key, table, network, condition)


def _scenario(
    table: Table, network: LogicalNetwork, name: str, rate_sets: Collection[str]
) -> Scenario:
    table.only("name", *_SCENARIO)
    perturbation = Perturbation(
        _levels(table, "clamps", network), _cuts(table), table.text("perturbation")
    )
    update = table.text("update") or "asynchronous"
    start = drawn_start(_levels(table, "start", network, parse_start), table, network)
    rates = table.text("rates")
    if rates and rates not in rate_sets:
        raise table.error(str(UnknownNameError("rate set", rates, rate_sets)), "rates")
    with table.source.at((*table.path, "update")):
        scenario = Scenario(name, perturbation, start, update, table.text("note"), rates)
    with table.source.at((*table.path, "cuts")):
        scenario.check(network)
    return scenario


def _levels(
    table: Table,
    key: str,
    network: LogicalNetwork,
    read: Callable[[str], Space] = parse_levels,
) -> Space:
    """Read ``"X=1 Y=0..2"``, or a table ``{ "a name" = 1, X = "0..2" }``."""
    value, path = table.data.get(key, ""), (*table.path, key)
    if isinstance(value, str):
        with table.source.at(path, value):
            space = read(value)
    elif isinstance(value, dict):
        ranges = {}
        for name, levels in value.items():
            low, dots, high = str(levels).partition("..")
            if not low.isdecimal() or not (high if dots else low).isdecimal():
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


def _cuts(table: Table) -> frozenset[Cut]:
    """Read ``["A->B", "A->C=1"]``; an element may be ``{ source = "A", target = "B" }``."""
    cuts = []
    for index, value in enumerate(table.get("cuts", list, 'a list such as ["A->B"]', [])):
        path = (*table.path, "cuts", index)
        if isinstance(value, str):
            with table.source.at(path):
                cuts.append(parse_cut(value))
        elif isinstance(value, dict):
            cut = Table(value, path, table.source)
            cut.only("source", "target", "level")
            level = cut.get("level", int, "a level", 0)
            cuts.append(Cut(cut.required("source"), cut.required("target"), level))
        else:
            raise table.error(f"{value!r} is not an edge", "cuts", '["A->B"]')
    return frozenset(cuts)


def _phenotype(table: Table, network: LogicalNetwork) -> Phenotype:
    table.only("name", "condition", "kind", "note")
    name, text = table.required("name"), table.required("condition")
    condition = _condition(text, (*table.path, "condition"), table.source, network.tops)
    with table.source.at((*table.path, "kind")):
        return Phenotype(name, condition, table.text("kind"), table.text("note"))


def _experiment(
    table: Table,
    network: LogicalNetwork,
    scenarios: Mapping[str, Scenario],
    rate_sets: Collection[str],
    variants: Collection[str],
) -> Experiment:
    table.only(*_EXPERIMENT)
    identifier = table.required("id")
    scenario = _scenario_of(table, "scenario", network, scenarios, rate_sets)
    settle = None
    if "settle" in table.data:
        settle = _scenario_of(table, "settle", network, scenarios, rate_sets)

    def other(inner: Table, key: str) -> Scenario:
        return _scenario_of(inner, key, network, scenarios, rate_sets)

    expect = tuple(x for t in table.tables("expect") for x in _expectations(t, network, other))
    kind, holds_in = table.text("kind"), table.texts("holds_in")
    if kind and kind not in EXPERIMENT_KINDS:
        expected = " or ".join(f'"{word}"' for word in EXPERIMENT_KINDS)
        raise table.error(f"kind is {kind!r}", "kind", expected)
    for index, name in enumerate(holds_in):
        if name not in variants:
            message = str(UnknownNameError("variant", name, variants))
            raise table.source.error(message, (*table.path, "holds_in", index), value=True)
    with table.source.at((*table.path, "holds_in") if holds_in else table.path):
        return Experiment(
            identifier, table.text("title"), scenario, expect, table.text("source"),
            table.texts("refs"), table.text("note"), settle, kind, table.text("quote"), holds_in,
        )  # fmt: skip


def _scenario_of(
    table: Table,
    key: str,
    network: LogicalNetwork,
    scenarios: Mapping[str, Scenario],
    rate_sets: Collection[str],
) -> Scenario:
    """Read the name of a scenario, or one that is written here."""
    if isinstance(table.data.get(key), str):
        name = table.text(key)
        if name not in scenarios:
            raise table.error(str(UnknownNameError("scenario", name, scenarios)), key)
        return scenarios[name]
    inner = table.table(key)
    return _scenario(inner, network, inner.text("name"), rate_sets)


def _expectations(
    table: Table, network: LogicalNetwork, scenario: Callable[[Table, str], Scenario]
) -> Iterator[Expectation]:
    """Read what one table expects: one thing of time, or one thing for each key."""
    if TIME_EXPECTATIONS.keys().isdisjoint(table.data):
        for kind in table.data:
            yield _expectation(table, kind, network)
        return

    def condition(text: str, path: Path) -> Expr:
        return _condition(text, path, table.source, network.tops)

    yield timed_expectation(table, network, condition, scenario)


def _expectation(table: Table, kind: str, network: LogicalNetwork) -> Expectation:
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
    table: Table, network: LogicalNetwork, scenarios: Mapping[str, Scenario]
) -> ScenarioTable:
    table.only("title", "scenarios", "readouts", "labels", "note")
    readouts = table.texts("readouts")
    for key, kind, known in (
        ("scenarios", "scenario", scenarios), ("readouts", "component", network.tops)
    ):  # fmt: skip
        for index, name in enumerate(table.texts(key)):
            if name not in known:
                message = str(UnknownNameError(kind, name, known))
                raise table.source.error(message, (*table.path, key, index), value=True)
    with table.source.at(table.path):
        return ScenarioTable(
            table.required("title"), table.texts("scenarios"), readouts, table.texts("labels"),
            table.text("note"),
        )  # fmt: skip


def _variant(key: str, table: Table, network: LogicalNetwork) -> Variant:
    table.only("title", "rules", "note")
    inner, rules = table.table("rules"), {}
    for name in inner.data:
        if name not in network:
            message = str(UnknownNameError("component", name, network.names))
            raise table.source.error(message, (*inner.path, name))
        rule = _rule(inner, name, name, network.tops, {})
        assert rule is not None
        rules[name] = rule
    return Variant(key, table.text("title"), rules, table.text("note"))


def _kept(table: Table, network: LogicalNetwork) -> Kept:
    table.only("format", "what", "component", "text", "base64")
    component = table.text("component")
    if component and component not in network:
        raise table.error(str(UnknownNameError("component", component, network.names)), "component")
    content: str | bytes = table.text("text")
    if "base64" in table.data:
        try:
            content = base64.b64decode(table.text("base64"), validate=True)
        except ValueError:
            raise table.error("this is no base64 text", "base64") from None
    return Kept(table.required("format"), table.required("what"), content, component)


def _layout(table: Table, network: LogicalNetwork) -> dict[str, tuple[float, float]]:
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


def _remarks(project: Project, source: Source) -> Iterator[Remark]:
    """Warn about keys of references that the file does not explain."""
    known = {r.key for r in project.references}
    network = project.network
    cited: list[tuple[Path, tuple[str, ...]]] = [
        (("components", c.name, "refs"), c.refs) for c in network.components
    ]
    cited += [(("claims", i, "refs"), c.refs) for i, c in enumerate(network.claims)]
    cited += [(("experiments", i, "refs"), e.refs) for i, e in enumerate(project.experiments)]
    cited += [
        (("rates", rates.name, group.label, "refs"), group.refs)
        for rates in project.rate_sets
        for group in rates.classes
    ]
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
        rates=_by_name("rate set", [(r.name, rate_set_data(r)) for r in project.rate_sets]),
        scenarios=_by_name("scenario", [(s.name, _scenario_data(s)) for s in project.scenarios]),
        comparisons=[
            _filled(title=c.title, scenarios=list(c.scenarios), readouts=list(c.readouts),
                    labels=list(c.labels), note=c.note)
            for c in project.comparisons
        ],
        experiments=[_experiment_data(e, project) for e in project.experiments],
        variants=_by_name(
            "variant", [(v.name, _variant_data(v, network)) for v in project.variants]
        ),
        references=_by_name("reference", [(r.key, _reference_data(r)) for r in project.references]),
        layout={name: [x, y] for name, (x, y) in project.layout.items()},
        kept=[_kept_data(k) for k in project.kept],
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
    text, start, drawn = drawn_data(s.start)
    return _filled(
        note=s.note,
        perturbation=s.perturbation.name,
        clamps=_levels_data(s.perturbation.clamps),
        cuts=[_cut_data(cut) for cut in sorted(s.perturbation.cuts)],
        start=text or _levels_data(start),
        drawn=drawn,
        update="" if s.update == "asynchronous" else s.update,
        rates=s.rates,
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
    def written(scenario: Scenario) -> Any:
        if scenario.name and scenario in project.scenarios:
            return scenario.name
        return _filled(name=scenario.name, **_scenario_data(scenario))

    # To settle in the wild type is something else than not to settle.
    settle = {} if e.settle is None else {"settle": written(e.settle)}
    return {
        **_filled(
            id=e.id,
            title=e.title,
            kind=e.kind,
            source=e.source,
            quote=e.quote,
            refs=list(e.refs),
            note=e.note,
            holds_in=list(e.holds_in),
        ),
        **settle,
        **_filled(
            scenario=written(e.scenario), expect=[_expectation_data(x, written) for x in e.expect]
        ),
    }


def _variant_data(v: Variant, network: LogicalNetwork) -> dict[str, Any]:
    rules = {name: _rule_data(rule, network[name].top) for name, rule in v.rules.items()}
    return _filled(title=v.title, note=v.note, rules=rules)


def _kept_data(k: Kept) -> dict[str, Any]:
    data = _filled(format=k.format, what=k.what, component=k.component)
    if isinstance(k.content, bytes):
        return {**data, "base64": base64.b64encode(k.content).decode()}
    return {**data, "text": k.content}


def _expectation_data(x: Expectation, written: Callable[[Scenario], Any]) -> dict[str, Any]:
    if x.is_timed:
        return timed_expectation_data(x, written)
    if x.kind in _COUNTS:
        return {x.kind: x.count}
    if x.kind in _FLAGS:
        return {x.kind: True}
    if x.kind == "spans" and x.range is not None:
        return {x.kind: _levels_data(Space({x.component: x.range}))}
    if x.condition is None:
        raise NetworkError(f"the expectation {x.kind!r} needs a condition")
    return {x.kind: unparse(x.condition)}
