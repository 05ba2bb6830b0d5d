"""From the text of a .bnd file, and of .cfg files for it, to a project."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from regnet.errors import FormatError, ParseError
from regnet.exchange.interchange import renamed_by
from regnet.exchange.portable import some, unused
from regnet.files import Source
from regnet.formats.maboss.meaning import Dynamics, Meaning, agree
from regnet.formats.maboss.settings import Settings, targets
from regnet.formats.maboss.text import Block, Text
from regnet.logic import Expr, Var
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Kept, Project, Reading, Remark, Variant
from regnet.rates import RateClass, RateSet
from regnet.scenario import Scenario

START = "initial state"
_MEANT = ("logic", "rate_up", "rate_down")
_RENAMING = re.compile(r"//\s*(regnet: \S+ stands for .+?)\s*$", re.MULTILINE)


class Reader:
    """The texts of a model on their way to a project; each settings file is a scenario."""

    def __init__(self, source: Source, settings: Sequence[Source]) -> None:
        self.remarks: list[Remark] = []
        self.text = Text(self._decoded(source), source.name)
        self.blocks = list(self.text.blocks())
        self.settings = [Settings(self._decoded(one), one.name) for one in settings]
        self.named: list[str] = []  # what the scenario and the rates of each are called
        for one in self.settings:
            self.named.append(unused(stem(one.file), self.named))
        self.nodes = self._nodes()

    def _nodes(self) -> dict[str, Block]:
        nodes: dict[str, Block] = {}
        for block in self.blocks:
            if block.kind != "node":
                continue
            if block.name in nodes:
                raise self.text.error(
                    f"the node {block.name} is there a second time; the first is in line "
                    f"{self._line(nodes[block.name])}",
                    block.name_start,
                )
            nodes[block.name] = block
        if not nodes:
            raise FormatError(f"{self.text.file}: there is no node in this file")
        return nodes

    def read(self) -> Reading:
        """Return the project, with remarks."""
        first, *others = self.settings or [Settings("", "")]
        meaning, does = self._dynamics(first)
        components = tuple(
            Component(name, None if one.rule is None else Rule.of(one.rule))
            for name, one in does.items()
        )
        self._say(meaning, does)
        sets = []
        if self.settings or any("rate" in key for b in self.nodes.values() for key in b.attributes):
            sets.append(self._rate_set(self._name(0), first, does, meaning))
        scenarios, variants = [], []
        for place, one in enumerate(self.settings):
            start = one.start(self.nodes)
            if place:
                meaning, does_there = self._dynamics(one)
                sets.append(self._rate_set(self.named[place], one, does_there, meaning))
                variants += self._variant(self.named[place], does, does_there)
            if others:
                scenarios.append(Scenario(self.named[place], start=start, rates=self.named[place]))
            elif start:
                scenarios.append(Scenario(START, start=start))
            self.remarks += one.remarks(self.nodes)
        project = Project(
            LogicalNetwork(components),
            scenarios=tuple(scenarios),
            variants=tuple(variants),
            rate_sets=tuple(sets),
            kept=tuple(self._kept()),
        )
        return Reading(self._with_names(project), tuple(self.remarks))

    def is_set_by(self, content: str) -> bool:
        """Return whether settings are about these nodes: they name no others, and use theirs."""
        variables = {
            term.text
            for block in self.nodes.values()
            for attribute in block.attributes.values()
            if attribute.value
            for term in attribute.value.walk()
        }
        statements = Settings(content, "").statements
        about = {target for statement in statements for target in targets(statement)}
        used = {s.name for s in statements if s.name.startswith("$")} & variables
        return about <= self.nodes.keys() and bool(about or used)

    def _name(self, place: int) -> str:
        return self.named[place] if self.named else stem(self.text.file) or "rates"

    def _dynamics(self, settings: Settings) -> tuple[Meaning, dict[str, Dynamics]]:
        meaning = Meaning(self.text, frozenset(self.nodes), settings.constants)
        try:
            return meaning, {n: meaning.dynamics(block) for n, block in self.nodes.items()}
        except ParseError as error:
            if len(self.settings) < 2:
                raise
            message = f"with {settings.file}, {error.message}"
            raise ParseError(
                message, file=error.file, line=error.line, column=error.column,
                expected=error.expected,
            ) from None  # fmt: skip

    def _rate_set(
        self, name: str, settings: Settings, does: Mapping[str, Dynamics], meaning: Meaning
    ) -> RateSet:
        """Return the rates of all nodes; the commonest is that of all that are not named."""
        moving = {n: d for n, d in does.items() if d.rule is not None}
        common = Counter(d.up for d in moving.values() if d.up == d.down and d.up != 0)
        numbers = [rate for rate in common if isinstance(rate, float)]
        default = max(numbers, key=lambda rate: (common[rate], rate == 1), default=1.0)
        classes = tuple(
            RateClass((n,), d.up, d.down)
            for n, d in moving.items()
            if not d.up == d.down == default
        )
        note = ""
        if meaning.assumed:
            note = f"no value is given for {some(sorted(meaning.assumed))}: 1 is assumed"
        return RateSet(name, classes, default, timing=settings.timing(self.nodes), note=note)

    def _variant(
        self, name: str, does: Mapping[str, Dynamics], there: Mapping[str, Dynamics]
    ) -> list[Variant]:
        """Return what other rules other settings make, if they make any."""
        rules = {
            n: Rule.of(one.rule if one.rule is not None else Var(n))
            for n, one in there.items()
            if not _same(does[n].rule, one.rule)
        }
        if not rules:
            return []
        words = f"with the settings {name} the rates drive these elsewhere, see the variant {name}"
        self.remarks.append(Remark("warning", f"{words}: {some(rules)}"))
        return [Variant(name, f"rules that the rates in {name} make", rules)]

    def _kept(self) -> list[Kept]:
        kept = []
        for block in self.blocks:
            text = self.text.text[block.start : block.end]
            what = "node" if block.kind == "node" else "population"
            kept.append(Kept("maboss", what, text, block.name))
        kept.append(Kept("maboss", "end", self.text.text[self.blocks[-1].end :]))
        for place, one in enumerate(self.settings):
            if one.content:
                what = f"cfg {self.named[place]}" if place else "cfg"
                kept.append(Kept("maboss", what, one.content))
        return kept

    def _say(self, meaning: Meaning, does: Mapping[str, Dynamics]) -> None:
        blocks = self.nodes
        rated = {n for n, b in blocks.items() if {"rate_up", "rate_down"} & b.attributes.keys()}
        plain = [n for n in rated if "logic" not in blocks[n].attributes and does[n].rule]
        for severity, words, found in (
            ("info", "rules are read from the rates, because there is no logic", plain),
            (
                "info",
                "the rates of these drive them elsewhere than their logic says; MaBoSS runs on "
                "rates, so the rates count",
                [n for n, d in does.items() if not d.follows],
            ),
            (
                "warning",
                "the rates of these count cells; one cell is followed here, so each count is 1 "
                "or 0",
                list(meaning.counted),
            ),
        ):
            names = [name for name in blocks if name in found]
            if names:
                line = self._line(blocks[names[0]])
                self.remarks.append(Remark(severity, f"{words}: {some(names)}", line))
        for block in self.blocks:
            for name in block.attributes:
                if name not in _MEANT and name.lower() in _MEANT:
                    line = self._line_at(block.attributes[name].start)
                    words = f"{name} of {block.name} is not its {name.lower()}: capitals count"
                    self.remarks.append(Remark("warning", words, line))
        for name, start in self.text.twice:
            words = f"{name} is given twice; the last counts"
            self.remarks.append(Remark("warning", words, self._line_at(start)))
        for severity, words, variables in (
            ("info", "no value is given for these, so 1 is assumed: {}",
             meaning.assumed - meaning.needed),
            ("warning", "formulas need values that are not given, so 1 is assumed: {}",
             meaning.needed),
        ):  # fmt: skip
            if variables:
                self.remarks.append(Remark(severity, words.format(some(sorted(variables)))))
        population = [block for block in self.blocks if block.kind != "node"]
        if population:
            words = "divisions and deaths are kept, but no analysis sees them"
            self.remarks.append(Remark("warning", words, self._line(population[0])))

    def _line(self, block: Block) -> int:
        return self._line_at(block.name_start)

    def _line_at(self, offset: int) -> int:
        return self.text.text.count("\n", 0, offset) + 1

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


def stem(file: str) -> str:
    """Return what a file is called, without folder and endings of MaBoSS."""
    return re.sub(r"(\.p?bnd)?\.cfg\Z|\.p?bnd\Z", "", Path(file).name, flags=re.IGNORECASE)


def _same(one: Expr | None, two: Expr | None) -> bool:
    if one is None or two is None:
        return one is two
    return agree(one, two)
