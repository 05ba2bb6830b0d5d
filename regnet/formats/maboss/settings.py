"""The settings of MaBoSS (.cfg): values of variables, where nodes start, how it is run."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping

from regnet.errors import NetworkError, ParseError
from regnet.exchange.portable import some
from regnet.formats.maboss.meaning import Meaning
from regnet.formats.maboss.text import Block, Setting, Term, Text
from regnet.logic import Const
from regnet.project import Remark
from regnet.rates import Timing
from regnet.space import Range
from regnet.start import Distribution, Start

_FOLLOWED = ("istate", "is_internal")
_DRAWING = ("refstate", "in_graph")  # of nodes: they change what MaBoSS writes, not what it does
_UNFOLLOWED = {
    "schedule": "flips that are scheduled are kept, but no analysis follows them: {}",
    "pop_istate": "starts of populations are kept, but no analysis sees them: {}",
}


class Settings:
    """The text of a .cfg file, and what it says."""

    def __init__(self, content: str, file: str) -> None:
        self.content, self.file = content, file
        self.text = Text(content, file)
        self.statements = list(self.text.settings())
        self.constants = self._constants()

    def _constants(self) -> dict[str, float]:
        """Return variable -> value, for those that are set to a number."""
        found: dict[str, float] = {}
        for statement in self.statements:
            if statement.name.startswith("$"):
                value = number(statement, found)
                if value is not None:
                    found[statement.name] = value
        return found

    def value(self, name: str) -> float | None:
        """Return the number that a parameter is set to; the last counts."""
        for statement in reversed(self.statements):
            if not statement.joint and statement.name.lower() == name:
                return number(statement, self.constants)
        return None

    def start(self, names: Collection[str]) -> Start:
        """Return where nodes start; those that are not in it start at any level, like MaBoSS's.

        Raises
        ------
        ParseError
            If probabilities do not fit.
        """
        held: dict[str, int | Range] = {}
        drawn: list[Distribution] = []
        for statement in self.statements:
            if is_start(statement):
                told, about = self.told(statement, names), targets(statement)
                if any(name in group.components for group in drawn for name in about):
                    left = [group.without(*about) for group in drawn]
                    drawn = [group for group in left if group is not None]
                for name in about:
                    held.pop(name, None)
                held.update(told.plain)
                drawn += told.drawn
        return Start(held, drawn)

    def told(self, statement: Setting, names: Collection[str]) -> Start:
        """Return the start of nodes in one statement; nothing if it is left free."""
        about = [target for target in targets(statement) if target in names]
        if not about:
            return Start()
        if statement.joint:
            drawn = self._drawn(statement).without(*(n for n in statement.joint if n not in names))
            start = Start({}, [drawn] if drawn else [])
            kept = {name for group in start.drawn for name in group.components}
            return start.without(*(n for n in start if n not in kept and n not in start.fixed))
        value = number(statement, self.constants)
        free = value is None or value < 0
        return Start() if free else Start({about[0]: int(value != 0)})

    def _drawn(self, statement: Setting) -> Distribution:
        """Read ``0.4 [0, 0], 0.6 [1, 1]``; what is no probability yet is scaled to be one."""
        text = Text(" ".join(token.text for token in statement.value), "")
        rows: list[tuple[tuple[int, ...], float]] = []
        try:
            while text.token.kind != "end":
                chance = self._known(text, text.expression())
                text.take("[")
                levels = []
                while text.token.text != "]":
                    levels.append(int(self._known(text, text.expression()) != 0))
                    if text.token.text != ",":
                        break
                    text.at += 1
                text.take("]")
                if text.token.kind != "end":
                    text.take(",")
                rows.append((tuple(levels), chance))
            total = math.fsum(chance for _, chance in rows)
            if len(rows) == 1:
                rows = [(rows[0][0], 1.0)]  # MaBoSS ignores its probability
            elif total > 0 and abs(total - 1) > 1e-12:
                rows = [(levels, chance / total) for levels, chance in rows]
            return Distribution(statement.joint, tuple(rows))
        except (ParseError, NetworkError) as error:
            message = error.message if isinstance(error, ParseError) else str(error)
            raise self.text.error(
                f"the start of {', '.join(statement.joint)} cannot be read: {message}",
                statement.start, "such as 0.25 [0], 0.75 [1]",
            ) from None  # fmt: skip

    def _known(self, text: Text, term: Term) -> float:
        value = constant(text, term, self.constants)
        if value is None:
            raise ParseError("a value is unknown")
        return value

    def timing(self, names: Collection[str]) -> Timing:
        """Return how MaBoSS would run the model."""
        end, runs, seed = (
            self.value(name) for name in ("max_time", "sample_count", "seed_pseudorandom")
        )
        internal = {
            target
            for statement in self.statements
            for target in targets(statement)
            if statement.name.rpartition(".")[2].lower() == "is_internal"
            and number(statement, self.constants)
        }
        shown = tuple(name for name in names if name not in internal)
        return Timing(
            end=end if end is not None and 0 < end < math.inf else None,
            runs=int(runs) if runs is not None and 1 <= runs < math.inf else None,
            seed=int(seed) if seed is not None and 0 <= seed < math.inf else None,
            readouts=shown if len(shown) < len(names) else (),
            is_discrete=bool(self.value("discrete_time")),
        )

    def remarks(self, names: Collection[str]) -> Iterator[Remark]:
        """Yield remarks on the settings of a model with these nodes."""
        where = f"{self.file}: " if self.file else ""
        strange: dict[str, None] = {}
        twice: dict[str, None] = {}
        started: set[str] = set()
        odd: dict[str, list[str]] = {}
        for statement in self.statements:
            about = targets(statement)
            strange.update(dict.fromkeys(name for name in about if name not in names))
            kind = statement.name.rpartition(".")[2].lower()
            if is_start(statement):
                twice.update(dict.fromkeys(name for name in about if name in started))
                started.update(about)
            elif about and kind not in (*_FOLLOWED, *_DRAWING):
                odd.setdefault(kind, []).extend(about)
        if strange:
            words = f"{where}sets nodes that there are not: {some(strange)}"
            yield Remark("warning", words)
        if twice:
            words = f"{where}sets the start of these twice; the last counts: {some(twice)}"
            yield Remark("warning", words)
        for kind, nodes in odd.items():
            words = _UNFOLLOWED.get(kind, f"{kind} is kept, but not understood: {{}}")
            yield Remark("warning", where + words.format(some(dict.fromkeys(nodes))))
        if self.value("discrete_time"):
            yield Remark(
                "warning",
                f"{where}asks for discrete time; regnet runs in continuous time, as MaBoSS does "
                "without that setting",
            )
        end = self.value("max_time")
        if end is not None and not 0 < end < math.inf:
            yield Remark("warning", f"{where}max_time is {end:g}, which is no end of time")


def targets(statement: Setting) -> tuple[str, ...]:
    """Return the nodes that a statement is about."""
    name, dot, _ = statement.name.partition(".")
    return statement.joint or ((name,) if dot else ())


def is_start(statement: Setting) -> bool:
    """Return whether a statement says where nodes start."""
    return statement.name.rpartition(".")[2].lower() == "istate"


def number(statement: Setting, known: Mapping[str, float]) -> float | None:
    """Return the number that a statement gives, if it gives one."""
    text = Text(" ".join(token.text for token in statement.value), "")
    try:
        term = text.expression()
    except ParseError:
        return None
    return constant(text, term, known) if text.token.kind == "end" else None


def constant(text: Text, term: Term, known: Mapping[str, float]) -> float | None:
    """Return the value of an expression without nodes; None if unknown."""
    meaning = Meaning(text, frozenset(), known)
    try:
        values = meaning.value(term, Block("node", "", 0, 0))
    except ParseError:
        return None
    if meaning.assumed:
        return None
    if isinstance(values, Const):
        return float(values.value)
    return next(iter(values)) if isinstance(values, dict) and len(values) == 1 else None
