"""GINML, the format of GINsim: a graph of nodes and edges with logical parameters or formulas.

Versions 2.1 and 2.2 (doi 10.1007/978-1-61779-361-5_23). `regnet.formats.ginml.graph` says what
nodes and edges mean; styles, positions, comments and links are kept and written back.
"""

from __future__ import annotations

from regnet.exchange.portable import leaving_out
from regnet.exchange.xmltext import looks_like
from regnet.files import Source, Written
from regnet.formats.ginml.reader import Reader
from regnet.formats.ginml.writer import Writer
from regnet.project import Project, Reading, Remark

_PARTS = ("graph", "node", "edges")


def read(source: Source) -> Reading:
    """Read a .ginml graph.

    Raises
    ------
    ParseError, FormatError
        If it is no model of GINsim, or a faulty one.
    """
    return Reader(source.data, source.name).read()


def write(project: Project, before: Source | None = None) -> Written:
    """Return the graph of a project, and remarks on what it cannot hold."""
    graph, remarks = Writer(project).write()
    beside = [k.what for k in project.kept if k.format == "ginml" and k.what not in _PARTS]
    if beside:
        words = f"what lay beside the graph in its archive is left out: {', '.join(beside)}"
        remarks += (Remark("warning", words),)
    gone = leaving_out("a GINML graph", project, "note", "notes", "claims", "layout")
    return Written(graph, (*remarks, *gone))


def fits(source: Source) -> bool:
    """Return whether a file looks like GINML."""
    return not source.is_archive and looks_like(source.data, b"<gxl")
