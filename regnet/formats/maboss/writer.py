"""From a project to the text of a .bnd file and of the .cfg file beside it.

A node whose rule did not change stays as it stood, rates and comments included; of one whose rule
changed, only the formula is replaced where its rates follow the formula. Settings that did not
change stay as they stood.
"""

from __future__ import annotations

import re

from regnet.errors import FormatError, ParseError
from regnet.exchange.interchange import BooleanForm, BooleanVariable, renaming
from regnet.exchange.portable import leaving_out, some
from regnet.formats.maboss.meaning import Meaning
from regnet.formats.maboss.reader import START, constants, starts, targets
from regnet.formats.maboss.text import Block, Text
from regnet.logic import Const, unparse
from regnet.project import Project, Remark
from regnet.scenario import Scenario
from regnet.space import Space

_SETTINGS = """time_tick = 0.1;
max_time = 100;
sample_count = 10000;
discrete_time = 0;
use_physrandgen = 0;
seed_pseudorandom = 0;
display_traj = 0;
thread_count = 1;
"""
_RENAMING = re.compile(r"//[ \t]*regnet: \S+ stands for [^\n]*\n?")
_KEYWORDS = {"node", "division", "death"}


class Writer:
    """A project on its way to two texts."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.form = BooleanForm(project.network)
        self.remarks: list[Remark] = self.form.remarks()
        kept = [k for k in project.kept if k.format == "maboss"]
        self.nodes = {k.component: str(k.content) for k in kept if k.what == "node"}
        self.population = [str(k.content) for k in kept if k.what == "population"]
        self.end = next((str(k.content) for k in kept if k.what == "end"), "\n")
        self.cfg = next((str(k.content) for k in kept if k.what == "cfg"), "")
        self.statements = list(Text(self.cfg, "").settings())
        self.known = constants(self.statements)
        self.wanted: dict[str, None] = {}  # variables that new text needs
        self.replaced: list[str] = []

    def write(self) -> tuple[str, str, tuple[Remark, ...]]:
        """Return the nodes, the settings, and what they cannot hold."""
        blocks = [self._node(variable) for variable in self.form.variables]
        head = "".join(f"// {renaming(w, m)}\n" for w, m in self.form.renamed())
        self._check_population()
        body = "".join([*blocks, *self.population])
        text = head + _RENAMING.sub("", body).lstrip("\n") + self.end
        if self.replaced:
            words = "rates that the new rules do not fit were replaced"
            self.remarks.append(Remark("warning", f"{words}: {some(self.replaced)}"))
        self.remarks += leaving_out("a MaBoSS model", self.project, "scenarios")
        return text, self._settings(), tuple(self.remarks)

    def _node(self, variable: BooleanVariable) -> str:
        """Return the text of a node, with what stood before it."""
        logic = self._formula(variable)
        raw = self.nodes.get(variable.component.name, "") if variable.component.top == 1 else ""
        read = self._read(raw) if raw else None
        if read and read[1].name == variable.name:
            text, block = read
            try:
                if self._still_means(text, block, variable):
                    return raw
                formula = block.attributes.get("logic")
                if formula and formula.value and self._names_exist(block):
                    return f"{raw[: formula.start]}{logic}{raw[formula.end :]}"
            except ParseError:
                pass  # it names what is no longer there
            if {"rate_up", "rate_down"} & block.attributes.keys():
                self.replaced.append(variable.name)
        up, down = f"$u_{variable.name}", f"$d_{variable.name}"
        self.wanted |= {up: None, down: None}
        note = f"// {variable.meaning}\n" if variable.meaning else ""
        return (
            f"\n\n{note}Node {variable.name} {{\n  logic = {logic};\n"
            f"  rate_up = @logic ? {up} : 0;\n  rate_down = @logic ? 0 : {down};\n}}"
        )

    def _formula(self, variable: BooleanVariable) -> str:
        condition = variable.condition
        if isinstance(condition, Const):
            return str(int(condition.value))
        return f"({unparse(condition, atom=self.form.atom)})"

    def _read(self, raw: str) -> tuple[Text, Block] | None:
        try:
            text = Text(raw, "")
            return text, next(text.blocks())
        except (ParseError, StopIteration):
            return None

    def _still_means(self, text: Text, block: Block, variable: BooleanVariable) -> bool:
        meaning = Meaning(text, frozenset(self.form.names.values()), self.known)
        condition = meaning.condition(block)
        if condition is None or variable.is_input:
            return condition is None and variable.is_input
        rule = self.form.boolean[variable.name].rule
        return rule is not None and rule.cases[0][0] == condition

    def _names_exist(self, block: Block) -> bool:
        """Tell whether the rates name only nodes that there are."""
        names = set(self.form.names.values())
        return all(
            term.kind != "name" or term.text[0] in "$@" or term.text in names
            for key, attribute in block.attributes.items()
            if key != "logic" and attribute.value
            for term in attribute.value.walk()
        )

    def _check_population(self) -> None:
        """Refuse to write divisions and deaths that are about nodes that there are not."""
        names = set(self.form.names.values())
        for raw in self.population:
            read = self._read(raw)
            for key in read[1].attributes if read else ():
                node, dot, _ = key.partition(".")
                if dot and node not in names:
                    raise FormatError(
                        f"the model divides or dies by {node}, which is no node any more; "
                        "regnet does not edit divisions and deaths"
                    )

    # --- settings ---

    def _start(self) -> Space:
        """Return where each variable starts."""
        scenarios = self.project.scenarios
        plain = [s for s in scenarios if s.start and not s.perturbation]
        chosen = next((s for s in plain if s.name == START), plain[0] if plain else Scenario())
        others = [s.name for s in scenarios if s is not chosen]
        if chosen.name and chosen.name != START:
            words = f"the start of {chosen.name} is written as the initial state"
            self.remarks.append(Remark("info", words))
        if others:
            words = f"a MaBoSS model holds no scenario but one start; not {some(others)}"
            self.remarks.append(Remark("warning", words))
        levels: dict[str, int | tuple[int, int]] = {}
        for variable in self.form.variables:
            whole = (0, variable.component.top)
            low, high = chosen.start.get(variable.component.name, whole)
            if low >= variable.level or high < variable.level:
                levels[variable.name] = int(low >= variable.level)
        return Space(levels)

    def _settings(self) -> str:
        start = self._start()
        names = frozenset(self.form.names.values())
        before = starts(self.statements, names)
        changed = {n for n in {*start, *before} if start.get(n) != before.get(n)}
        gone = [
            statement
            for statement in self.statements
            if (any(t in changed for t in targets(statement)) and self._is_start(statement.name))
            or (targets(statement) and not set(targets(statement)) & names)
        ]  # fmt: skip
        again = {t for s in gone for t in targets(s)} & set(start) | changed
        text = self.cfg
        for statement in reversed(gone):
            before_it = text[: statement.start]
            after = text[statement.end :]
            text = before_it + after.removeprefix("\n") if before_it.endswith("\n") else (
                before_it + after
            )  # fmt: skip
        new = [f"{name} = 1;\n" for name in self.wanted if name not in self._set()]
        new += [f"{n}.istate = {start.fixed[n]};\n" for n in start.fixed if n in again]
        if new and text and not text.endswith("\n"):
            text += "\n"
        return text + "".join(new) + ("" if text else _SETTINGS)

    def _is_start(self, name: str) -> bool:
        return name.rpartition(".")[2].lower() == "istate"

    def _set(self) -> set[str]:
        return {statement.name for statement in self.statements}
