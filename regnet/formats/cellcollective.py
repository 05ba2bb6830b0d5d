"""Cell Collective: rules as expressions, or a truth table for each component, as it exports them.

Expressions are lines ``A = B AND NOT ( C )`` in ``expressions.ALL.txt``, and the components outside
the model stand one a line in ``external_components.ALL.txt`` beside it; both may lie in a zip
archive. Names may hold blanks and signs, so the longest name that is known counts. In an archive of
truth tables every component has a .csv file: a column for each regulator, and its own as the last.
The models that Cell Collective exports as SBML are read as SBML.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from regnet.errors import FormatError, ParseError, RegnetError
from regnet.exchange.leveltable import LevelTable
from regnet.exchange.portable import some
from regnet.files import Source
from regnet.logic import Dialect, Var, parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project, Reading, Remark

EXPRESSIONS = "expressions.ALL.txt"
EXTERNAL = "external_components.ALL.txt"

_MOST_REGULATORS = 20


def read(source: Source) -> Reading:
    """Read an archive, or a file of expressions with the one of outer components beside it.

    Raises
    ------
    ParseError, FormatError
        If it is faulty, with file, line and column.

    Examples
    --------
    >>> read(Source("expressions.ALL.txt", b"IL-21R = ( IL-21 ) ")).project.network.inputs
    ('IL-21',)
    """
    if not source.is_archive:
        external = source.find(EXTERNAL)
        beside = Source(EXTERNAL, external or b"")
        return _read_expressions(source, beside if external is not None else None)
    entries = {name: Source(f"{source.name}, {name}", d) for name, d in source.entries.items()}
    found = _ending(entries, "expressions")
    if found:
        return _read_expressions(found, _ending(entries, "external_components"))
    tables = {name: one for name, one in entries.items() if name.lower().endswith(".csv")}
    if not tables:
        raise FormatError(
            f"{source.name}: the archive holds neither {EXPRESSIONS} nor truth tables (.csv)"
        )
    return _read_tables(tables, _ending(entries, "external_components"))


def fits(source: Source) -> bool:
    """Return whether a file looks like an export of Cell Collective."""
    if not source.is_archive:
        return bool(re.search(r"(?:\A|[/\\])expressions[.\w]*\.txt\Z", source.name))
    try:
        names = list(source.entries)
    except RegnetError:
        return False
    if any(re.search(r"(?:\A|/)expressions[.\w]*\.txt\Z", name, re.I) for name in names):
        return True
    tables = [name for name in names if name.lower().endswith(".csv")]
    return bool(tables) and all(n in tables or n.lower().endswith(".txt") for n in names)


def _ending(entries: Mapping[str, Source], stem: str) -> Source | None:
    """Return the text of an archive whose name starts like this."""
    for name, entry in entries.items():
        path = PurePosixPath(name)
        if path.name.lower().startswith(stem) and path.suffix.lower() == ".txt":
            return entry
    return None


def _lines(source: Source) -> Iterator[tuple[int, str]]:
    """Yield the lines that say something, with their numbers."""
    for number, line in enumerate(source.text.splitlines(), start=1):
        if line.strip():
            yield number, line


def _read_expressions(source: Source, external: Source | None) -> Reading:
    outer = [line.strip() for _, line in _lines(external)] if external else []
    rules: dict[str, tuple[int, str, int]] = {}
    for number, line in _lines(source):
        target, sign, rule = line.partition(" = ")
        if not sign:
            target, sign, rule = line.partition("=")
        name = target.strip()
        if not sign or not name:
            raise ParseError(
                "there is no rule in this line", file=source.name, line=number, column=1,
                expected="a line such as: A = B AND NOT C",
            )  # fmt: skip
        if name in rules:
            raise ParseError(
                f"{name} is defined a second time; the first is in line {rules[name][0]}",
                file=source.name, line=number, column=1,
            )  # fmt: skip
        rules[name] = (number, rule, len(target) + len(sign) + 1)
    dialect = _dialect([*rules, *outer])
    components, named = [], dict.fromkeys(rules)
    for name, (number, rule, column) in rules.items():
        expr = parse(rule, dialect=dialect, file=source.name, line=number, column=column)
        own = Rule.of(expr)
        named.update(dict.fromkeys(var.name for var in own.thresholds()))
        components.append(Component(name, None if expr == Var(name) else own))
    known = {*rules, *outer}
    unlisted = [name for name in named if name not in known]
    components += [Component(n) for n in [*dict.fromkeys(outer), *unlisted] if n not in rules]
    remarks = []
    if unlisted:
        words = "taken as input, because no line gives a rule"
        severity = "warning" if external else "info"
        remarks.append(Remark(severity, f"{words}: {some(unlisted)}"))
    return Reading(Project(LogicalNetwork(tuple(components))), tuple(remarks))


def _dialect(names: Iterable[str]) -> Dialect:
    """Return a dialect whose names are these, the longest first, or else words."""
    odd = {name for name in names if not re.fullmatch(r"\w+", name)}
    choice = "|".join(re.escape(name) for name in sorted(odd, key=lambda n: (-len(n), n)))
    known = rf"(?:{choice})(?=[\s()]|\Z)|" if choice else ""
    return Dialect("Cell Collective", rf"(?:{known}[^\s()&|!]+)")


def _read_tables(tables: Mapping[str, Source], external: Source | None) -> Reading:
    rules: dict[str, Rule | None] = {}
    named: dict[str, None] = {}
    for path, source in tables.items():
        name = PurePosixPath(path).stem.strip()
        target, regulators, rule = _read_table(source, name)
        if target in rules:
            raise FormatError(f"{source.name}: {target} has a second table")
        rules[target] = rule
        named.update(dict.fromkeys(regulators))
    outer = [line.strip() for _, line in _lines(external)] if external else []
    names = dict.fromkeys([*rules, *outer, *named])
    components = tuple(Component(name, rules.get(name)) for name in names)
    unlisted = [name for name in named if name not in rules and name not in outer]
    remarks = []
    if unlisted:
        words = f"taken as input, because there is no table: {some(unlisted)}"
        remarks.append(Remark("info", words))
    return Reading(Project(LogicalNetwork(components)), tuple(remarks))


def _read_table(source: Source, stem: str) -> tuple[str, list[str], Rule | None]:
    """Return the component that a table is about, its regulators and its rule."""
    text = source.text
    delimiter = next((d for d in (",", ";", "\t") if d in text.partition("\n")[0]), ",")
    lines = [
        (number, [cell.strip() for cell in cells])
        for number, cells in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), start=1)
        if any(cell.strip() for cell in cells)
    ]

    def fault(message: str, line: int, expected: str = "") -> ParseError:
        return ParseError(message, file=source.name, line=line, expected=expected)

    if not lines:
        raise fault("this table is empty", 1, "the names of regulators, then rows of 0 and 1")
    first, header = lines[0]
    *regulators, last = header
    if len(set(regulators)) < len(regulators) or not all(header):
        raise fault("a column has no name, or that of another", first)
    if len(regulators) > _MOST_REGULATORS:
        raise fault(f"a table of {len(regulators)} regulators is too large", first)
    table = LevelTable([(name, 1) for name in regulators])
    rows: dict[tuple[int, ...], int] = {}
    for number, cells in lines[1:]:
        if len(cells) != len(header) or any(cell not in ("0", "1") for cell in cells):
            raise fault("this is no row of the table", number, f"{len(header)} times 0 or 1")
        *levels, target = map(int, cells)
        if rows.setdefault(tuple(levels), target) != target:
            raise fault("this row contradicts another", number)
    if len(rows) < table.size:
        raise fault(f"the table has {len(rows)} of {table.size} rows", lines[-1][0], "every row")
    name = stem if last.lower() in ("", "output", "result", "value", "target") else last
    if regulators == [name] and rows == {(0,): 0, (1,): 1}:
        return name, regulators, None
    reached = table.rows(levels for levels, target in rows.items() if target)
    return name, regulators, table.rule([reached])
