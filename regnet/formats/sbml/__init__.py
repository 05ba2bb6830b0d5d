"""SBML-qual, the exchange format for logical models: bioLQM, GINsim, Cell Collective, CaSQ, AEON.

The semantics are those of SBML Level 3 Package Qualitative Models 1
(doi 10.2390/biecoll-jib-2015-270): the target is the result level of the function term that holds,
or else that of the default term; where several hold, the highest. A species without a transition is
an input. Notes, annotations, layouts and all else in the file are kept and written back.
"""

from __future__ import annotations

from regnet.errors import UnknownNameError
from regnet.exchange.xmltext import looks_like
from regnet.files import Source, Written
from regnet.formats.sbml.reader import Reader
from regnet.formats.sbml.writer import Writer
from regnet.project import Project, Reading


def read(source: Source, *, names: str = "auto", constants: str = "input") -> Reading:
    """Read an SBML-qual file.

    Parameters
    ----------
    source
        The file.
    names
        Names of components: ``"ids"``, ``"names"``, or ``"auto"``, which takes names where
        ids are only numbered, such as ``S_12``.
    constants
        How to read a constant species: an ``"input"``, or ``"fixed"`` at its initial level, as
        BoolNet means it.

    Raises
    ------
    ParseError, FormatError
        If it is not SBML-qual, or not expressible by logical rules.
    """
    for option, value, known in (
        ("names", names, ("auto", "names", "ids")),
        ("constants", constants, ("input", "fixed")),
    ):
        if value not in known:
            raise UnknownNameError(f"choice of {option}", value, known)
    return Reader(source, names, constants).read()


def write(project: Project, before: Source | None = None) -> Written:
    """Return the SBML-qual file of a project, and remarks on what it cannot hold.

    Examples
    --------
    >>> from regnet.network import Component, LogicalNetwork, Rule
    >>> network = LogicalNetwork((Component("A"), Component("B", Rule.of("!A"))))
    >>> '<qual:input qual:id="tr_B_in_A"' in write(Project(network)).content
    True
    """
    return Written(*Writer(project).write())


def fits(source: Source) -> bool:
    """Return whether a file looks like SBML."""
    return looks_like(source.data, b"<sbml", b":sbml")
