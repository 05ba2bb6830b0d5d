"""AEON text (Beneš and others 2020, doi 10.1007/978-3-030-53288-8_28): edges, then functions.

An edge ``A -> B``, ``A -| B`` or ``A -? B`` becomes a claim, ``?`` behind it says that it may have
no effect; ``$B: A & !C`` is a rule. Positions are the layout, annotations (``#!..``) are kept.

A function may be unknown, in whole or in part (``$B: f(A) | C``). Such a model cannot be analysed,
so it is refused, unless ``unknown="keep"`` is given: then the component is read as an input, and
its declaration is kept for writing an AEON file again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from regnet.analysis.structure import edges_as_written, edges_into
from regnet.errors import ParseError
from regnet.exchange.interchange import MOST_THRESHOLDS, BooleanForm, renaming
from regnet.exchange.portable import comment_lines, leaving_out, some
from regnet.exchange.rulebook import RuleBook, lines_of
from regnet.logic import Dialect, Signs, parse, unparse
from regnet.network import Claim
from regnet.project import UNKNOWN, Kept, Project, Reading, Remark

NO_EFFECT = "may have no effect"
"""Note of the claim that an edge with a ``?`` becomes."""

_DIALECT = Dialect("AEON", r"[\w.']+", functions=True)
_SIGNS = Signs("!", " & ", " | ", "false", "true")
_ARROWS = {"->": "+", "-|": "-", "-?": "±"}
_EDGE = re.compile(r"\s*([\w.']+)\s*(->|-\||-\?)(\??)\s*([\w.']+)\s*\Z")
_RULE = re.compile(r"\s*\$\s*(?P<target>.*?)\s*:")
_PLACE = re.compile(r"position\s*:\s*(.+?)\s*:\s*([-+.\deE]+)\s*,\s*([-+.\deE]+)\s*\Z")
_ORDER = re.compile(r"regnet: order (.+)\Z")


def read(text: str, file: str = "", *, unknown: str = "refuse") -> Reading:
    r"""Read an AEON text.

    Parameters
    ----------
    text
        The text.
    file
        Its name, for messages.
    unknown
        How to treat unknown functions: ``"refuse"``, or ``"keep"`` them for writing
        AEON again, with the component as an input.

    Raises
    ------
    ParseError
        With line, column and what was expected there.

    Examples
    --------
    >>> network = read("A -> B\nA -| C\n$B: A\n$C: !A").project.network
    >>> network.inputs, network.claims[1].sign
    (('A',), '-')
    """
    if unknown not in ("refuse", "keep"):
        raise ParseError(f"unknown is {unknown!r}", expected="refuse or keep")
    return _Reader(text, file, unknown == "keep").read()


def write(project: Project, before: str = "") -> tuple[str, tuple[Remark, ...]]:
    """Return the AEON text of a project, and remarks on what it cannot hold."""
    return _Writer(project).write()


def fits(text: str) -> bool:
    """Return whether a text looks like AEON: every line that says something is an edge or rule."""
    lines = [line for line in text.splitlines() if line.strip() and line.strip()[0] != "#"]
    return any(_EDGE.match(line) for line in lines) and all(
        _EDGE.match(line) or _RULE.match(line) for line in lines
    )


@dataclass(slots=True)
class _Function:
    """A function in the file, and the names in it."""

    text: str
    line: int
    column: int
    uses: list[str] = field(default_factory=list)


class _Reader:
    """The lines read so far."""

    def __init__(self, text: str, file: str, keep: bool) -> None:
        self.lines = lines_of(text)
        self.book = RuleBook(file)
        self.keep = keep
        self.claims: dict[tuple[str, str], Claim] = {}
        self.lines_of: dict[tuple[str, str], int] = {}
        self.sources: dict[str, list[str]] = {}
        self.functions: dict[str, _Function] = {}
        self.layout: dict[str, tuple[float, float]] = {}
        self.annotations: list[str] = []
        self.title: list[str] = []
        self.order: list[str] = []
        self.seen: dict[str, None] = {}
        self.because: dict[
            str, str
        ] = {}  # component -> what its function uses and the file does not define

    def read(self) -> Reading:
        for number, line in enumerate(self.lines, start=1):
            body = line.strip()
            if not body:
                self.book.blank()
            elif body.startswith("#"):
                self._comment(line)
            elif body.startswith("$"):
                self._function(line, number)
            else:
                self._edge(line, number)
        unknown = self._unknown()
        book = self.book
        for name in self.seen:
            book.rules.setdefault(name, None)
        project = book.project(order=self.order or self.seen)
        layout = {
            book.meant(n): place
            for n, place in self.layout.items()
            if book.meant(n) in project.network
        }
        claims = (
            replace(c, source=book.meant(c.source), target=book.meant(c.target))
            for c in self.claims.values()
        )
        kept = [Kept("aeon", "annotation", line) for line in self.annotations]
        kept += [Kept("aeon", UNKNOWN, text, book.meant(name)) for name, text in unknown.items()]
        project = replace(
            project,
            network=project.network.with_claims(claims),
            title=" ".join(self.title),
            layout=layout,
            kept=tuple(kept),
        )
        return Reading(project, tuple(book.remarks))

    def _comment(self, line: str) -> None:
        body = line.strip()[1:]
        if body.startswith("!"):
            self.annotations.append(line.strip())
            return
        comment = body.strip()
        key, colon, value = body.partition(":")  # in AEON no blank stands before the key
        place = _PLACE.match(body)
        order = _ORDER.match(comment)
        if place:
            try:
                x, y = float(place[2]), float(place[3])
            except ValueError:
                x = y = math.inf
            if math.isfinite(x + y):
                self.layout[place[1]] = (x, y)
            else:
                self.book.comment(comment)
        elif order:
            self.order = order[1].split()
        elif colon and key == "name":
            self.title.append(value.strip())
        elif colon and key == "description":
            self.book.head.append(value.strip())
        else:
            self.book.comment(comment)

    def _edge(self, line: str, number: int) -> None:
        found = _EDGE.match(line)
        if not found:
            raise self.book.error(
                "this line is no edge and no function", number,
                len(line) - len(line.lstrip()) + 1, "a line such as: A -> B, or $B: A & !C",
            )  # fmt: skip
        source, arrow, optional, target = found.groups()
        key = (source, target)
        if key in self.claims:
            raise self.book.error(
                f"line {self.lines_of[key]} gives the edge from {source} to {target} already",
                number, found.start(1) + 1, "one edge for each pair",
            )  # fmt: skip
        self.claims[key] = Claim(source, target, _ARROWS[arrow], note=NO_EFFECT if optional else "")
        self.lines_of[key] = number
        self.sources.setdefault(target, []).append(source)
        self.seen.update({source: None, target: None})

    def _function(self, line: str, number: int) -> None:
        found = _RULE.match(line)
        start = line.index("$") + 2
        if not found:
            raise self.book.error("there is no : behind the component", number,
                                  len(line.rstrip()) + 1, "$B: A & !C")  # fmt: skip
        name = found["target"]
        if not _DIALECT.is_name(name):
            raise self.book.error(f"{name!r} cannot be the name of a component", number,
                                  start, "letters, digits and _")  # fmt: skip
        self.book.atoms = {}
        text = line[found.end() :]
        expr = parse(
            text, dialect=_DIALECT, file=self.book.file, line=number, column=found.end() + 1,
            atoms=self.book.atoms,
        )  # fmt: skip
        self.book.define(name, expr, number, found.start("target") + 1)
        self.book.commented(name, "")
        uses = [var.name for var in self.book.atoms.values()]
        self.functions[name] = _Function(text.strip(), number, found.end() + 1, uses)
        self.book.atoms = {}
        self.seen[name] = None

    def _unknown(self) -> dict[str, str]:
        """Return the declaration of each unknown function; check the others."""
        first: dict[str, tuple[str, int]] = {}  # unknown function -> signature, line
        unknown: dict[str, str] = {}
        for name, function in self.functions.items():
            for used in function.uses:
                if used in self.seen:
                    if used not in self.sources.get(name, ()) and used != name:
                        raise self.book.error(
                            f"the function of {name} names {used}, but there is no edge from "
                            f"{used} to {name}", function.line, function.column,
                            f"an edge such as: {used} -> {name}",
                        )  # fmt: skip
                    continue
                called, _, count = used.partition("/")
                if count and called in self.seen:
                    raise self.book.error(f"{called} is a component and no function",
                                          function.line, function.column)  # fmt: skip
                other, line = first.setdefault(called, (used, function.line))
                if other != used:
                    raise self.book.error(
                        f"{called} has {count or 0} arguments here, but "
                        f"{other.partition('/')[2] or 0} in line {line}",
                        function.line, function.column,
                    )  # fmt: skip
                unknown[name] = function.text
                self.because.setdefault(name, called)
        for name in self.sources:
            if name not in self.functions:
                unknown[name] = ""
        for name in unknown:
            self.book.rules[name] = None
        if unknown:
            self._tell(unknown)
        return unknown

    def _tell(self, unknown: dict[str, str]) -> None:
        if self.keep:
            self.book.remark("warning", f"unknown functions are kept unchanged: {some(unknown)}")
            return
        name, text = next(iter(unknown.items()))
        more = f" (nor are {len(unknown) - 1} others)" if len(unknown) > 1 else ""
        if text:
            line = self.functions[name].line
            message = f"the function of {name} uses {self.because[name]}, which is unknown{more}"
        else:
            line = min(n for (_, target), n in self.lines_of.items() if target == name)
            message = f"the function of {name} is unknown: only its regulators are given{more}"
        raise self.book.error(
            message, line, None, "a function without unknown parts, before it can be analysed"
        )


def _stripped(note: str) -> list[str]:
    """Return the lines of a note as they are read back."""
    return [line.strip() for line in note.strip().splitlines()]


class _Writer:
    """A project on its way to text."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.network = project.network
        self.form = BooleanForm(project.network)
        self.remarks: list[Remark] = []
        own = [k for k in project.kept if k.format == "aeon"]
        self.annotations = [str(k.content) for k in own if k.what == "annotation"]
        self.unknown = {
            k.component: str(k.content)
            for k in project.kept
            if k.what == UNKNOWN and k.component in project.unknown
        }

    def write(self) -> tuple[str, tuple[Remark, ...]]:
        project, form = self.project, self.form
        edges = list(self._edges())
        named = {name for edge in edges for name in (edge[0], edge[2])}
        alone = [v.name for v in form.variables if v.is_input and v.name not in named]
        edges += [(name, "->", name) for name in alone]  # AEON has no other word for them
        own = {source for source, _, target in edges if source == target}
        rules = list(self._rules(own))
        natural = dict.fromkeys(name for edge in edges for name in (edge[0], edge[2]))
        natural.update(dict.fromkeys(name for name, _ in rules))
        names = [v.name for v in form.variables]
        lines = [f"#name: {' '.join(project.title.split())}"] if project.title else []
        lines += [f"#description: {line}".rstrip() for line in _stripped(project.note)]
        if list(natural) != names:
            lines.append(f"# regnet: order {' '.join(names)}")
        lines += [f"# {renaming(written, meant)}" for written, meant in form.renamed()]
        if lines:
            lines.append("")
        lines += [" ".join(edge) for edge in edges]
        notes = {v.name: self._note(v.component.name, v.meaning, v.level) for v in form.variables}
        for name, rule in rules:
            lines += comment_lines("\n".join(notes[name]))
            lines.append(f"${name}: {rule}")
        for name, (x, y) in project.layout.items():
            if (name, 1) in form.names:
                lines.append(f"#position:{form.names[name, 1]}:{x!r},{y!r}")
        lines += self.annotations
        written = {name for name, _ in rules}
        lost = any(notes[name] for name in notes if name not in written)
        self.remarks += form.remarks()
        if any(c.refs or c.kind or c.note not in ("", NO_EFFECT) for c in self.network.claims):
            self.remarks.append(Remark("warning", "what claims rest on is left out"))
        if lost:
            self.remarks.append(Remark("warning", "notes of inputs are left out"))
        self.remarks += leaving_out(
            "an AEON file", project, "title", "note", "notes", "layout", "claims"
        )
        return "\n".join(lines) + "\n", tuple(self.remarks)

    def _note(self, name: str, meaning: str, level: int) -> list[str]:
        note = self.network[name].note.splitlines() if level == 1 else []
        return [*note, meaning] if meaning else note

    def _rules(self, own: Collection[str]) -> Iterator[tuple[str, str]]:
        for v in self.form.variables:
            if v.component.name in self.unknown:
                if self.unknown[v.component.name]:
                    yield v.name, self.unknown[v.component.name]
            elif not v.is_input:
                yield v.name, unparse(v.condition, atom=self.form.atom, signs=_SIGNS)
            elif v.name in own:
                yield v.name, v.name

    def _edges(self) -> Iterator[tuple[str, str, str]]:
        """Yield source, arrow and target: as claimed, else as the rules say."""
        form, boolean = self.form, self.form.boolean
        arrows = {sign: arrow for arrow, sign in _ARROWS.items()}
        tops = self.network.tops
        claimed: set[tuple[str, str]] = set()
        wrong = []
        for claim in self.network.claims:
            if tops[claim.source] == tops[claim.target] == 1:
                source, target = form.names[claim.source, 1], form.names[claim.target, 1]
                if (source, target) in claimed:
                    continue
                claimed.add((source, target))
                is_input = boolean[target].rule is None and claim.target not in self.unknown
                if is_input and source != target:
                    wrong.append(f"{claim.source} to {claim.target}")
                    continue
                optional = "?" if claim.note == NO_EFFECT else ""
                yield source, arrows[claim.sign] + optional, target
        if wrong:
            message = f"claims on inputs are left out, because AEON would see rules: {some(wrong)}"
            self.remarks.append(Remark("warning", message))
        for v in form.variables:
            rule = boolean[v.name].rule
            if rule is None:
                continue
            thresholds = rule.thresholds()
            proved = len(thresholds) <= MOST_THRESHOLDS
            found = edges_into(boolean, v.name) if proved else edges_as_written(boolean[v.name])
            signs = {edge.source: edge.sign for edge in found}
            for var in thresholds:
                if (var.name, v.name) not in claimed:
                    sign = signs.get(var.name)
                    arrow = arrows[sign] if sign else "-??"
                    yield var.name, arrow if proved or not sign else f"{arrow}?", v.name
