"""From the text of a .bnd file, and the .cfg file beside it, to a project."""

from __future__ import annotations

import re

from regnet.errors import FormatError, ParseError
from regnet.exchange.interchange import renamed_by
from regnet.exchange.portable import some
from regnet.files import Source
from regnet.formats.maboss.meaning import Meaning
from regnet.formats.maboss.text import Block, Setting, Text
from regnet.logic import Const
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Kept, Project, Reading, Remark
from regnet.scenario import Scenario
from regnet.space import Space

START = "initial state"
_MEANT = ("logic", "rate_up", "rate_down")
_RENAMING = re.compile(r"//\s*(regnet: \S+ stands for .+?)\s*$", re.MULTILINE)


class Reader:
    """Two texts on their way to a project."""

    def __init__(self, source: Source, settings: Source | None) -> None:
        self.remarks: list[Remark] = []
        self.text = Text(self._decoded(source), source.name)
        self.blocks = list(self.text.blocks())
        self.settings_text = self._decoded(settings) if settings else ""
        self.settings = Text(self.settings_text, settings.name if settings else "")
        self.statements = list(self.settings.settings())

    def read(self) -> Reading:
        """Return the project, with remarks."""
        nodes: dict[str, Block] = {}
        for block in self.blocks:
            if block.kind != "node":
                continue
            if block.name in nodes:
                first = self.text.text.count("\n", 0, nodes[block.name].name_start) + 1
                raise self.text.error(
                    f"the node {block.name} is there a second time; the first is in line {first}",
                    block.name_start,
                )
            nodes[block.name] = block
        if not nodes:
            raise FormatError(f"{self.text.file}: there is no node in this file")
        meaning = Meaning(self.text, frozenset(nodes), constants(self.statements))
        components, kept = [], []
        by_rates, against = [], []
        for name, block in nodes.items():
            condition = meaning.condition(block)
            components.append(Component(name, None if condition is None else Rule.of(condition)))
            rates = {"rate_up", "rate_down"} & block.attributes.keys()
            if rates and "logic" not in block.attributes and condition is not None:
                by_rates.append(block)
            elif not meaning.follows_logic(block):
                against.append(block)
        for block in self.blocks:
            text = self.text.text[block.start : block.end]
            what = "node" if block.kind == "node" else "population"
            kept.append(Kept("maboss", what, text, block.name))
        end = self.text.text[self.blocks[-1].end :]
        kept.append(Kept("maboss", "end", end))
        if self.settings_text:
            kept.append(Kept("maboss", "cfg", self.settings_text))
        self._say(by_rates, against, meaning)
        start = starts(self.statements, frozenset(nodes))
        project = Project(
            LogicalNetwork(tuple(components)),
            scenarios=(Scenario(START, start=start),) if start else (),
            kept=tuple(kept),
        )
        return Reading(self._with_names(project), tuple(self.remarks))

    def _say(self, by_rates: list[Block], against: list[Block], meaning: Meaning) -> None:
        for severity, words, blocks in (
            ("info", "rates are read as logic and kept: {}", by_rates),
            ("warning", "the rates of these do not follow their logic; the logic counts here, and "
             "the rates are kept: {}", against),
        ):  # fmt: skip
            if blocks:
                line = self.text.text.count("\n", 0, blocks[0].name_start) + 1
                names = some(block.name for block in blocks)
                self.remarks.append(Remark(severity, words.format(names), line))
        for block in self.blocks:
            for name in block.attributes:
                if name not in _MEANT and name.lower() in _MEANT:
                    line = self.text.text.count("\n", 0, block.attributes[name].start) + 1
                    words = f"{name} of {block.name} is not its {name.lower()}: capitals count"
                    self.remarks.append(Remark("warning", words, line))
        for name, start in self.text.twice:
            line = self.text.text.count("\n", 0, start) + 1
            self.remarks.append(Remark("warning", f"{name} is given twice; the last counts", line))
        if meaning.assumed:
            names = some(sorted(meaning.assumed - meaning.needed))
            words = f"no value is given for rates, so any above 0 is assumed: {names}"
            self.remarks.append(Remark("info", words))
        if meaning.needed:
            names = some(sorted(meaning.needed))
            words = f"formulas need values that are not given, so 1 is assumed: {names}"
            self.remarks.append(Remark("warning", words))
        population = [block for block in self.blocks if block.kind != "node"]
        if population:
            line = self.text.text.count("\n", 0, population[0].name_start) + 1
            words = "divisions and deaths are kept, but no analysis sees them"
            self.remarks.append(Remark("warning", words, line))
        known = {block.name for block in self.blocks}
        strange = [
            target
            for statement in self.statements
            for target in targets(statement)
            if target not in known
        ]
        if strange:
            words = f"the .cfg file sets nodes that there are not: {some(dict.fromkeys(strange))}"
            self.remarks.append(Remark("warning", words))

    def _with_names(self, project: Project) -> Project:
        for words in _RENAMING.findall(self.text.text):
            pair = renamed_by(words)
            if pair and pair[0] in project.network and pair[1] not in project.network:
                project = project.renamed(*pair)
        return project

    def _decoded(self, source: Source) -> str:
        try:
            text = source.text
        except ParseError as error:
            text = source.data.decode("latin-1")
            if "\0" in text:
                raise FormatError(f"{source.name}: is not a text file") from None
            words = "this is no UTF-8 text and is read as Latin-1"
            self.remarks.append(Remark("info", words, error.line, error.column))
        return text


def constants(statements: list[Setting]) -> dict[str, float]:
    """Return variable -> value, for those that are set to a number."""
    found: dict[str, float] = {}
    for statement in statements:
        value = number(statement, found)
        if statement.name.startswith("$") and value is not None:
            found[statement.name] = value
    return found


def number(statement: Setting, known: dict[str, float]) -> float | None:
    """Return the number that a statement gives, if it gives one."""
    text = Text(" ".join(token.text for token in statement.value), "")
    try:
        term = text.expression()
        if text.token.kind != "end":
            return None
        value = Meaning(text, frozenset(), known)
        values = value.value(term, Block("node", "", 0, 0))
    except (ParseError, OverflowError):
        return None
    if value.assumed:
        return None
    if isinstance(values, Const):
        return float(values.value)
    return next(iter(values)) if isinstance(values, dict) and len(values) == 1 else None


def targets(statement: Setting) -> tuple[str, ...]:
    """Return the nodes that a statement is about."""
    name, dot, _ = statement.name.partition(".")
    return statement.joint or ((name,) if dot else ())


def starts(statements: list[Setting], names: frozenset[str]) -> Space:
    """Return the nodes that start at one level; the others start at any."""
    known = constants(statements)
    levels: dict[str, int | tuple[int, int]] = {}
    for statement in statements:
        name = statement.name.rpartition(".")[2]
        about = [target for target in targets(statement) if target in names]
        if name.lower() != "istate" or not about:
            continue
        for target in about:
            levels.pop(target, None)
        if statement.joint:
            for target, level in _certain(statement).items():
                if target in names:
                    levels[target] = level
        else:
            value = number(statement, known)
            if value in (0.0, 1.0):
                levels[about[0]] = int(value or 0)
    return Space(levels)


def _certain(statement: Setting) -> dict[str, int]:
    """Return the nodes of a joint distribution that have one level whatever happens."""
    text = "".join(token.text if token.text != "," else " , " for token in statement.value)
    seen: dict[str, set[int]] = {target: set() for target in statement.joint}
    for chance, states in re.findall(r"([^\[\]]*)\[([^\]]*)\]", text):
        words = chance.replace(",", " ").strip()
        if re.fullmatch(r"0*\.?0*", words) and words:
            continue  # it never happens
        levels = [part.strip() for part in states.split(",")]
        for target, level in zip(statement.joint, levels, strict=False):
            seen[target].add(int(level) if level in ("0", "1") else -1)
    return {t: next(iter(s)) for t, s in seen.items() if len(s) == 1 and s <= {0, 1}}
