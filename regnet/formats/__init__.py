"""Formats: every file format that a model can be read from or written to.

`load` and `save` are the entry points: they find the format, access the disk, and turn every error
into one sentence. A format is a module and one line in `FORMATS`; it opens no files and does not
depend on other formats. The module of a text format has

- ``read(text, file, **options) -> Reading``, where `file` is only for messages,
- ``write(project, before) -> (text, remarks)``, where `before` is the text that the file has now,
  so that a format can keep its comments and order (empty for a new file),
- ``fits(text) -> bool``, whether a text looks like this format.

A format whose files are no text, or come several together, is marked ``binary``: its module has
``read(source, **options) -> Reading``, ``write(project, before) -> Written`` (`before` is a
`Source` or None) and ``fits(source) -> bool``.

Losses of a format are listed in its remarks; nothing is dropped or changed silently. Content that a
model cannot hold but a writer should restore goes to `Project.kept`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

from regnet.errors import FormatError, ParseError, UnknownNameError
from regnet.exchange.annotations import annotations_of
from regnet.exchange.others import refuse
from regnet.exchange.portable import check_known
from regnet.files import Source, Written, read_file, write_file
from regnet.memory import without_collection
from regnet.network import LogicalNetwork
from regnet.project import STYLE, UNKNOWN, Project, Reading, Remark

__all__ = [
    "FORMATS", "Format", "Reading", "Remark", "Source", "Written", "dumps",
    "find_format", "load", "loads", "losses", "read", "read_source", "save", "write_file",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Format:
    """A file format.

    Parameters
    ----------
    name
        Its name for ``--format`` and error messages.
    title
        Its title, with its program.
    extensions
        Extensions of its files, with the dot, the usual one first.
    holds
        What it can hold, in a few words.
    loses
        What it cannot hold, in a few words; empty if it holds everything.
    module
        The module in this folder; the name of the format if it is not given.
    binary
        Whether the module takes a `Source` and returns `Written`, instead of text.
    reads, writes
        Whether models can be read from it and written to it.
    rules
        Whether its files hold the rules, not only the wiring.
    unknown
        Whether it can hold components whose rules are unknown.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    holds: str
    loses: str = ""
    module: str = ""
    binary: bool = False
    reads: bool = True
    writes: bool = True
    rules: bool = True
    unknown: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        """The options of its reader."""
        if not self.reads:
            return ()
        named = [
            p for p in signature(self._load().read).parameters.values() if p.kind is p.KEYWORD_ONLY
        ]
        return tuple(p.name for p in named)

    def read(self, source: Source, **options: Any) -> Reading:
        """Return the project in a file, with remarks.

        Raises
        ------
        ParseError, FormatError
            If it is faulty.
        """
        if not self.reads:
            raise FormatError(f"{source.name}: {self.title} can be written but not read")
        module = self._load()
        known = self.options
        for name in options:
            if name not in known:
                raise UnknownNameError(f"option of {self.name}", name, known)
        reading: Reading = (
            module.read(source, **options)
            if self.binary
            else module.read(source.text, source.name, **options)
        )
        return reading

    def write(self, project: Project, before: Source | None = None) -> Written:
        """Return a project in this format; `before` is the existing file."""
        if not self.writes:
            raise FormatError(f"{self.title} can be read but not written")
        if not self.unknown:
            check_known(project, self.title)
        if self.binary:
            written: Written = self._load().write(project, before)
        else:
            try:
                text = before.text if before else ""
            except (ParseError, FormatError):
                text = ""  # nothing in it that could be kept
            written = Written(*self._load().write(project, text))
        drawn = [s.name for s in project.scenarios if getattr(s.start, "drawn", ())]
        if drawn and "start" in self.holds and "drawn" not in self.holds:
            message = f"with which probabilities starts are drawn is left out: {', '.join(drawn)}"
            written = replace(written, remarks=(*written.remarks, Remark("warning", message)))
        own = {self.name, self.module.partition(".")[0]}
        others = sorted(
            {kept.format for kept in project.kept if kept.what not in (UNKNOWN, STYLE)} - own
        )
        if others and self.loses:
            message = f"what the model brought from {', '.join(others)} files is left out"
            if own & {"sbml", "ginml"} and annotations_of(project, but=min(own)):
                message += ", apart from identifiers and links of components"
            written = replace(written, remarks=(*written.remarks, Remark("warning", message)))
        return written

    def fits(self, source: Source) -> bool:
        """Return whether a file looks like this format."""
        if not self.reads:
            return False
        if self.binary:
            return bool(self._load().fits(source))
        try:
            return bool(self._load().fits(source.text))
        except (ParseError, FormatError):
            return False

    def _load(self) -> Any:
        """Return the module; only when it is used, because there are many."""
        return import_module(f"regnet.formats.{self.module or self.name}")


_BOOLEAN = "Boolean rules and comments"
_LEVELS = "levels above 1 (written as several components)"
_BESIDE = "experiments, references, rates"
_DRAWING = "everything else; regnet does not read it back"

FORMATS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("toml", "regnet model", (".toml",), "everything"),
        Format(
            "bnet",
            "Boolean rules (BoolNet, pyboolnet, mpbn, AEON)",
            (".bnet",),
            "Boolean rules and comments",
            "levels above 1 (written as several components), scenarios, experiments, references, "
            "rates, layout",
        ),
        Format(
            "sbml",
            "SBML-qual (bioLQM, GINsim, Cell Collective, CaSQ, AEON)",
            (".sbml", ".xml"),
            "rules with levels, names, notes, annotations, compartments, layout, one start",
            "perturbations and further scenarios, experiments, references, rates",
            binary=True,
        ),
        Format(
            "ginml",
            "GINML graph (GINsim)",
            (".ginml",),
            "rules with levels, signs of edges, notes, layout, styles",
            "scenarios, experiments, references, rates",
            binary=True,
        ),
        Format(
            "zginml",
            "GINsim model",
            (".zginml",),
            "all that a GINML graph holds, starts, mutants, settings of GINsim",
            "experiments, references, rates",
            module="ginml.archive",
            binary=True,
        ),
        Format(
            "maboss",
            "MaBoSS nodes and settings",
            (".bnd", ".pbnd", ".cfg"),
            "Boolean rules, rates (numbers or by state), one start (drawn or not), end and runs, "
            "readouts, settings, comments",
            "levels above 1 (written as several nodes), perturbations and further scenarios, "
            "further rates, units and sources of rates, experiments, references, layout",
            binary=True,
        ),
        Format(
            "cellcollective",
            "Expressions or truth tables (Cell Collective)",
            (".zip", ".txt"),
            "Boolean rules",
            module="cellcollective",
            binary=True,
            writes=False,
        ),
        Format(
            "archive",
            "Archive with a model (COMBINE, zip, gzip)",
            (".omex", ".zip", ".gz"),
            "one model of any of these formats",
            "its other files",
            binary=True,
            writes=False,
        ),
        Format(
            "booleannet",
            "BooleanNet rules",
            (".booleannet", ".txt"),
            f"{_BOOLEAN}, one start, ranks of rules",
            f"{_LEVELS}, further scenarios, {_BESIDE}, layout",
        ),
        Format(
            "mnet",
            "Multi-valued functions (bioLQM)",
            (".mnet",),
            "rules with levels up to 9, comments",
            f"scenarios, {_BESIDE}, layout",
        ),
        Format(
            "sif",
            "Edges (Cytoscape, CellNOpt, SIGNOR)",
            (".sif",),
            "the wiring: signs; rules only by a requested default rule",
            "everything else",
            rules=False,
            unknown=True,
        ),
        Format(
            "aeon",
            "AEON model",
            (".aeon",),
            f"{_BOOLEAN}, signs of edges, layout, annotations, unknown functions",
            f"{_LEVELS}, scenarios, {_BESIDE}",
            unknown=True,
        ),
        Format(
            "expressions",
            "Rules in common notations (A = B OR NOT C; also hypergraphs, polynomials)",
            (".rules", ".txt", ".boolfunctions"),
            _BOOLEAN,
            f"{_LEVELS}, scenarios, {_BESIDE}, layout",
        ),
        Format(
            "bma",
            "BMA model (BioModelAnalyzer)",
            (".json", ".bma"),
            "rules with levels, formulas, signs of edges, layout, all that BMA put into its file",
            f"scenarios, {_BESIDE}, notes on components",
        ),
        Format(
            "cnet",
            "Truth tables with don't-cares (BNS, CANA)",
            (".cnet",),
            "Boolean rules and a comment",
            f"{_LEVELS}, scenarios, {_BESIDE}, layout, notes on components, how rules were written",
        ),
        Format(
            "truthtable",
            "Truth table of all states (bioLQM, GINsim)",
            (".tt",),
            "rules with levels up to 9, a comment; up to 131,072 states",
            f"scenarios, {_BESIDE}, layout, notes on components, how rules were written",
        ),
        Format(
            "itnet",
            "Implicant tables (bioLQM)",
            (".itnet",),
            "rules with levels up to 9",
            writes=False,
        ),
        Format(
            "pint",
            "Automata network (Pint, bioLQM)",
            (".an",),
            "automata that move as levels do, one start",
            writes=False,
        ),
        Format(
            "boolsim",
            "Activations and inhibitions (boolSim, SQUAD, bioLQM)",
            (".boolsim",),
            "Boolean rules",
            writes=False,
        ),
        Format(
            "primes",
            "Prime implicants (pyboolnet)",
            (".primes", ".json"),
            "Boolean rules",
            f"{_LEVELS}, scenarios, {_BESIDE}, layout, notes, how rules were written",
        ),
        Format(
            "cna",
            "Interactions (CellNetAnalyzer)",
            (".reactions",),
            "Boolean rules and comments",
            "its columns for drawing",
            writes=False,
        ),
        Format(
            "graphml",
            "GraphML graph",
            (".graphml",),
            "the wiring: signs, thresholds, levels, rules as text, notes, layout",
            _DRAWING,
            reads=False,
        ),
        Format(
            "cytoscape",
            "Cytoscape graph",
            (".cyjs",),
            "the wiring: signs, thresholds, levels, rules as text, notes, layout",
            _DRAWING,
            reads=False,
        ),
        Format(
            "latex",
            "LaTeX tables",
            (".tex",),
            "rules, notes and references, for human readers",
            _DRAWING,
            reads=False,
        ),
    )
}
"""Name -> format; if nothing else decides, the first that matches is used."""


def load(path: str | os.PathLike[str], *, format: str | None = None, **options: Any) -> Project:
    """Return the project in a file.

    Parameters
    ----------
    path
        The file.
    format
        A key of `FORMATS`; found by extension and content by default.
    **options
        Options of the reader, such as ``on_duplicate="last"`` for bnet.

    Raises
    ------
    ParseError
        If the text is faulty: with file, line, column and what was expected.
    FormatError
        If there is no such file, or its format is unknown.
    """
    return read(path, format=format, **options).project


def read(
    path: str | os.PathLike[str],
    *,
    format: str | None = None,
    strict: bool = False,
    **options: Any,
) -> Reading:
    """Return the project in a file, as `load` does, with remarks on the file.

    Where `strict` is set, a warning among them is an error.
    """
    return read_source(read_file(path), format=format, strict=strict, **options)


def loads(text: str, name: str = "", *, format: str | None = None, **options: Any) -> Reading:
    """Return the project in a text, with remarks; `name` is used for the file in messages."""
    return read_source(Source(name, text.encode()), format=format, **options)


def read_source(
    source: Source, *, format: str | None = None, strict: bool = False, **options: Any
) -> Reading:
    """Return the project in a file that has been read from the disk, as `read` does."""
    chosen = find_format(source.name, source, format=format)
    with without_collection():
        reading = replace(chosen.read(source, **options), format=chosen.name)
    project = reading.project
    if not project.network.name and source.name:
        named = replace(project.network, name=Path(source.name).stem)
        reading = replace(reading, project=replace(project, network=named))
    if project.kept:
        from regnet.exchange.dynamics import remarks

        reading = replace(reading, remarks=(*reading.remarks, *remarks(project)))
    if strict:
        for remark in reading.remarks:
            if remark.severity == "warning":
                raise ParseError(
                    remark.message, file=source.name, line=remark.line, column=remark.column
                )
    return reading


def save(
    project: Project | LogicalNetwork,
    path: str | os.PathLike[str],
    *,
    format: str | None = None,
    strict: bool = False,
) -> tuple[Remark, ...]:
    """Write a project to a file, and return remarks on losses.

    The file is replaced in one step: it is never half-written. A ``.toml`` file that exists is
    edited, so that its comments and order survive.

    Raises
    ------
    FormatError
        If the file cannot be written or its extension has no format; with `strict`, also if the
        format cannot hold everything.
    """
    name = os.fspath(path)
    chosen = find_format(name, format=format)
    written = _written(Project.of(project), name, chosen)
    _check_strict(name, written, strict=strict)
    if Path(name).suffix.lower() in written.beside:  # the model itself goes into the other file
        name = str(Path(name).with_suffix(chosen.extensions[0]))
    for ending, content in written.beside.items():
        write_file(Path(name).with_suffix(ending), content)
    write_file(name, written.content)
    return written.remarks


def dumps(
    project: Project | LogicalNetwork, format: str, *, strict: bool = False
) -> tuple[str, tuple[Remark, ...]]:
    """Return the text of a project in a format, and remarks on what the format could not hold.

    Raises
    ------
    FormatError
        If files of that format are no text, or several that belong together; where `strict` is
        set, also if the format cannot hold everything.
    """
    chosen = find_format("", format=format)
    written = chosen.write(Project.of(project))
    _check_strict(chosen.name, written, strict=strict)
    if written.beside:
        endings = ", ".join((chosen.extensions[0], *written.beside))
        raise FormatError(f"{chosen.name} is written to several files ({endings}); name one")
    if isinstance(written.content, bytes):
        raise FormatError(f"{chosen.name} files are no text; name a file to write to")
    return written.content, written.remarks


def _check_strict(name: str, written: Written, *, strict: bool) -> None:
    """Raise in strict mode if something is lost or doubtful."""
    for remark in written.remarks if strict else ():
        if remark.severity == "warning":
            raise FormatError(f"{name}: {remark.message}")


def _written(project: Project, name: str, chosen: Format) -> Written:
    """Return the content of a file; comments of the existing file are kept."""
    before = None
    if os.path.isfile(name):
        try:
            before = read_file(name)
        except FormatError:
            before = None  # nothing in it that could be kept
    return chosen.write(project, before)


def losses(
    project: Project, path: str | os.PathLike[str], *, format: str | None = None
) -> tuple[Remark, ...]:
    """Return what `save` would lose or change, without writing anything.

    Raises
    ------
    FormatError
        If the project cannot be written so.
    """
    name = os.fspath(path)
    chosen = find_format(name, format=format)
    if chosen.writes and not chosen.loses:
        return ()
    written = _written(project, name, chosen)
    return tuple(remark for remark in written.remarks if remark.severity == "warning")


def find_format(name: str, source: Source | None = None, *, format: str | None = None) -> Format:
    """Return the requested format, or else that of the extension and the content.

    Where the ending is that of several formats, or of one that the content clearly is not, the
    content decides.
    """
    if format is not None:
        if format not in FORMATS:
            raise UnknownNameError("format", format, FORMATS)
        return FORMATS[format]
    ending = Path(name).suffix.lower()
    named = [f for f in FORMATS.values() if ending in f.extensions]
    if source is None:
        named = [f for f in named if f.writes] or named
    elif len(named) != 1 or not named[0].fits(source):
        if not named:
            refuse(source, by_ending=True)
        refuse(source)
        fitting = _fitting(named, source) or _fitting(FORMATS.values(), source)
        if named and not fitting and not any(f.reads for f in named):
            raise FormatError(f"{name}: {named[0].title} can be written but not read")
        named = fitting or [f for f in named if f.reads]
    if named:
        return named[0]
    wanted = [f for f in FORMATS.values() if (f.writes if source is None else f.reads)]
    known = ", ".join(dict.fromkeys(f.extensions[0] for f in wanted))
    doing = "writes" if source is None else "reads"
    raise FormatError(f"{name or 'this text'}: unknown format; regnet {doing} {known}")


def _fitting(formats: Iterable[Format], source: Source) -> list[Format]:
    return [f for f in formats if f.fits(source)]
