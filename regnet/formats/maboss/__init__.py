"""MaBoSS: nodes with formulas and rates (.bnd), and settings beside them (.cfg).

The formula of a node is its rule; where a node has rates only, its rule is where they drive it
(doi 10.1186/1752-0509-6-116). Rates, settings and comments are kept and written back. Divisions and
deaths of the population version (.pbnd) are kept, but nothing here sees them.
"""

from __future__ import annotations

import re

from regnet.errors import FormatError
from regnet.files import Source, Written
from regnet.formats.maboss.reader import Reader
from regnet.formats.maboss.writer import Writer
from regnet.project import Project, Reading

_NODE = re.compile(rb"(?:\A|[\s}])node\s+\w+\s*\{", re.IGNORECASE)


def read(source: Source, *, settings: str = "") -> Reading:
    """Read a .bnd file with the .cfg file of the same name, given either.

    Parameters
    ----------
    source
        The file.
    settings
        The name of another .cfg file in the same folder.

    Raises
    ------
    ParseError, FormatError
        If it is faulty, or there is no .bnd file beside a .cfg file.
    """
    if source.ending == ".cfg":
        nodes = source.beside(".bnd") or source.beside(".pbnd")
        if nodes is None:
            raise FormatError(
                f"{source.name}: these are settings of MaBoSS; the model is in a .bnd file of the "
                "same name, which is not there"
            )
        return Reader(nodes, source).read()
    beside = source.beside(".cfg")
    if settings:
        data = source.find(settings)
        if data is None:
            raise FormatError(f"{source.name}: there is no {settings} in its folder")
        beside = Source(settings, data, source.find)
    return Reader(source, beside).read()


def write(project: Project, before: Source | None = None) -> Written:
    """Return the .bnd file of a project with its .cfg file, and remarks on what they lose."""
    nodes, settings, remarks = Writer(project).write()
    return Written(nodes, remarks, {".cfg": settings})


def fits(source: Source) -> bool:
    """Tell whether a file looks like nodes, or settings, of MaBoSS."""
    if source.is_archive:
        return False
    if source.ending == ".cfg":
        return True
    return _NODE.search(source.data[:65536]) is not None
