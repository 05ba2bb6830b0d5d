"""From a project to the text of a .bnd file and of the .cfg file beside it.

A node whose rule and rates did not change stays as it stood, comments included; of one whose rule
changed, only the formula is replaced where its rates follow the formula. Settings that did not
change stay as they stood. Rates that are numbers are values of variables in the settings.
"""

from __future__ import annotations

import re
from collections import ChainMap

from regnet.errors import FormatError, ParseError
from regnet.exchange.interchange import BooleanForm, BooleanVariable, renaming
from regnet.exchange.portable import leaving_out, some
from regnet.formats.maboss.meaning import Meaning
from regnet.formats.maboss.reader import START
from regnet.formats.maboss.settings import Settings, is_start, number, targets
from regnet.formats.maboss.text import Block, Text
from regnet.logic import TRUE, Const, Var, unparse
from regnet.project import Project, Remark
from regnet.rates import Rate, RateLaw
from regnet.scenario import Scenario
from regnet.start import Distribution, Start

_SETTINGS = """time_tick = 0.1;
use_physrandgen = 0;
display_traj = 0;
thread_count = 1;
"""
"""Settings of a model that had none, without those that would say something of the model."""
_RENAMING = re.compile(r"//[ \t]*regnet: \S+ stands for [^\n]*\n?")


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
        self.chosen = self._chosen()
        self.rates = project.rate_set(self.chosen.rates)
        cfgs = {k.what: str(k.content) for k in kept}
        self.cfg = cfgs.get(f"cfg {self.rates.name}", cfgs.get("cfg", ""))
        self.before = Settings(self.cfg, "")
        self.wanted: dict[str, float] = {}  # values that the nodes need
        self.values = ChainMap(self.wanted, self.before.constants)
        self.names = frozenset(self.form.names.values())
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
        self._say_rates()
        self.remarks += leaving_out("a MaBoSS model", self.project, "scenarios", "rates")
        return text, self._settings(), tuple(self.remarks)

    def _chosen(self) -> Scenario:
        """Return the scenario whose start and rates are written."""
        scenarios = self.project.scenarios
        plain = [s for s in scenarios if (s.start or s.rates) and not s.perturbation]
        chosen = next((s for s in plain if s.name == START), plain[0] if plain else Scenario())
        others = [s.name for s in scenarios if s is not chosen]
        if chosen.name and chosen.name != START:
            words = f"the start of {chosen.name} is written as the initial state"
            self.remarks.append(Remark("info", words))
        if others:
            words = f"a MaBoSS model holds no scenario but one start; not {some(others)}"
            self.remarks.append(Remark("warning", words))
        return chosen

    def _say_rates(self) -> None:
        others = [r.name for r in self.project.rate_sets if r is not self.rates]
        if others:
            words = f"MaBoSS settings hold one set of rates; not {some(others)}"
            self.remarks.append(Remark("warning", words))
        groups = self.rates.classes
        gone = [
            words
            for words, there in (
                (f"the unit of time ({self.rates.unit})", self.rates.unit),
                ("where rates come from", any(g.kind or g.source or g.refs or g.note
                                              for g in groups)),
                ("names of classes of rates", any(g.name for g in groups)),
            )
            if there
        ]  # fmt: skip
        if gone:
            self.remarks.append(Remark("warning", f"MaBoSS does not hold {', '.join(gone)}"))

    # --- nodes ---

    def _node(self, variable: BooleanVariable) -> str:
        """Return the text of a node, with what stood before it."""
        raw = self.nodes.get(variable.component.name, "") if variable.component.top == 1 else ""
        read = self._read(raw) if raw else None
        if read and read[1].name == variable.name:
            text, block = read
            try:
                if self._still_means(text, block, variable):
                    return raw
                changed = self._with_formula(raw, block, variable)
                again = self._read(changed) if changed else None
                if again and self._still_means(*again, variable):
                    return changed
            except ParseError:
                pass  # it names what is no longer there
            if not self.project.rate_sets and {"rate_up", "rate_down"} & block.attributes.keys():
                self.replaced.append(variable.name)
        return self._new(variable)

    def _new(self, variable: BooleanVariable) -> str:
        """Return a node whose rates follow its formula, at the rates of the project."""
        note = f"// {variable.meaning}\n" if variable.meaning else ""
        up, down = self._rates(variable)
        return (
            f"\n\n{note}Node {variable.name} {{\n  logic = {self._formula(variable)};\n"
            f"  rate_up = @logic ? {self._written(up, f'$u_{variable.name}')} : 0;\n"
            f"  rate_down = @logic ? 0 : {self._written(down, f'$d_{variable.name}')};\n}}"
        )

    def _with_formula(self, raw: str, block: Block, variable: BooleanVariable) -> str:
        """Return a node with another formula; empty if it has none or names missing nodes."""
        formula = block.attributes.get("logic")
        if not formula or not formula.value or not self._names_exist(block):
            return ""
        return f"{raw[: formula.start]}{self._formula(variable)}{raw[formula.end :]}"

    def _rates(self, variable: BooleanVariable) -> tuple[Rate, Rate]:
        """Return the rates of a variable, over the names that are written."""
        up, down = self.rates.rates.of(variable.component.name)
        return self._renamed(up), self._renamed(down)

    def _renamed(self, rate: Rate) -> Rate:
        if not isinstance(rate, RateLaw):
            return rate
        return rate.mapped(lambda var: Var(self.form.names[var.name, var.level]))

    def _written(self, rate: Rate, name: str) -> str:
        """Return a rate as an expression; a number is the value of a variable."""
        if not isinstance(rate, RateLaw):
            self.wanted[name] = rate
            return name
        text = "0"
        for when, value in reversed(rate.cases):
            text = (
                _number(value)
                if when == TRUE
                else f"(({unparse(when)}) ? {_number(value)} : {text})"
            )
        return text

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

    def _meaning(self, text: Text) -> Meaning:
        return Meaning(text, self.names, self.values)

    def _still_means(self, text: Text, block: Block, variable: BooleanVariable) -> bool:
        """Return whether a node does what the project says, with the rates that it says."""
        does = self._meaning(text).dynamics(block)
        if does.rule is None or variable.is_input:
            return does.rule is None and variable.is_input
        rule = self.form.boolean[variable.name].rule
        same = rule is not None and rule.cases[0][0] == does.rule
        if not same or not self.project.rate_sets:
            return same
        return (does.up, does.down) == self._rates(variable)

    def _names_exist(self, block: Block) -> bool:
        """Return whether the rates name only nodes that there are."""
        return all(
            term.kind != "name" or term.text[0] in "$@" or term.text in self.names
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
                        f"the model divides or dies by {node}, which is no longer a node; regnet "
                        f"does not edit divisions and deaths"
                    )

    # --- settings ---

    def _start(self) -> Start:
        """Return where each variable starts; levels of one component are drawn together."""
        start = self.chosen.start
        drawn = start.drawn if isinstance(start, Start) else ()
        groups: list[Distribution] = list(drawn)
        taken = {name for group in drawn for name in group.components}
        held: dict[str, int] = {}
        for component in self.project.network.components:
            low, high = start.get(component.name, (0, component.top))
            if component.name in taken:
                continue
            if low == high:
                for level in range(1, component.top + 1):
                    held[self.form.names[component.name, level]] = int(low >= level)
            elif component.top > 1:
                rows = tuple(((level,), 1 / (high - low + 1)) for level in range(low, high + 1))
                groups.append(Distribution((component.name,), rows))
        return Start(held, [self._encoded(group) for group in groups])

    def _encoded(self, group: Distribution) -> Distribution:
        """Return a distribution of levels as one over their Boolean variables."""
        keys = [
            (place, level)
            for place, name in enumerate(group.components)
            for level in range(1, self.project.network[name].top + 1)
        ]
        names = tuple(self.form.names[group.components[place], level] for place, level in keys)
        rows = tuple(
            (tuple(int(levels[place] >= level) for place, level in keys), chance)
            for levels, chance in group.rows
        )
        return Distribution(names, rows)

    def _settings(self) -> str:
        """Return the settings with what changed."""
        before = self.before
        names = set(self.form.names.values())
        edits: dict[int, str] = {}  # place of a statement -> what stands there now
        new = []
        start, settled = self._start(), set()
        plain = start.plain
        for place, statement in enumerate(before.statements):
            about = set(targets(statement))
            if about and not about & names:
                edits[place] = ""
            elif is_start(statement):
                wanted = Start(
                    {name: plain[name] for name in about if name in plain},
                    [group for group in start.drawn if set(group.components) <= about],
                )
                if before.told(statement, names) == wanted:
                    settled |= about
                else:
                    edits[place] = ""
        for name, (low, high) in start.items():
            if low == high and name not in settled:
                new.append(f"{name}.istate = {low};\n")
        new += [_joint(g) for g in start.drawn if not set(g.components) <= settled]
        places = {s.name.lower(): place for place, s in enumerate(before.statements)}
        for name, value in {**self._parameters(), **self._internal(), **self.wanted}.items():
            last = places.get(name.lower())
            if last is None:
                new.append(f"{name} = {_number(value)};\n")
            elif number(before.statements[last], before.constants) != value:
                edits[last] = f"{before.statements[last].name} = {_number(value)};"
        text = self._edited(edits) if self.cfg else _SETTINGS
        if new and text and not text.endswith("\n"):
            text += "\n"
        return text + "".join(new)

    def _edited(self, edits: dict[int, str]) -> str:
        """Return the settings with some statements replaced; one without a text leaves no line."""
        text, pieces, at = self.cfg, [], 0
        for place in sorted(edits):
            start, end = self.before.statements[place].start, self.before.statements[place].end
            pieces += [text[at:start], edits[place]]
            is_line = (start == 0 or text[start - 1] == "\n") and text[end : end + 1] == "\n"
            at = end + 1 if is_line and not edits[place] else end
        return "".join([*pieces, text[at:]])

    def _parameters(self) -> dict[str, float]:
        """Return the parameters of a run that the project gives."""
        timing = self.rates.timing
        given = {
            "max_time": timing.end, "sample_count": timing.runs, "seed_pseudorandom": timing.seed
        }  # fmt: skip
        values = {name: float(value) for name, value in given.items() if value is not None}
        if timing.is_discrete or self.before.value("discrete_time"):
            values["discrete_time"] = float(timing.is_discrete)
        return values

    def _internal(self) -> dict[str, float]:
        """Return which nodes are no readouts, as far as the project says so."""
        readouts = set(self.rates.timing.readouts)
        internal = {
            name: bool(readouts) and component not in readouts
            for (component, _), name in self.form.names.items()
        }
        said = {s.name.partition(".")[0] for s in self.before.statements
                if s.name.lower().endswith(".is_internal")}  # fmt: skip
        return {
            f"{name}.is_internal": float(value)
            for name, value in internal.items()
            if value or name in said
        }


def _joint(group: Distribution) -> str:
    """Return the statement from which some nodes are drawn."""
    rows = (f"{chance!r} [{', '.join(map(str, levels))}]" for levels, chance in group.rows)
    return f"[{', '.join(group.components)}].istate = {', '.join(rows)};\n"


def _number(value: float) -> str:
    """Return the shortest text of a number."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
