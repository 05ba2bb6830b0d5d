"""MaBoSS: nodes with formulas and rates (.bnd), and settings for them (.cfg).

A node moves at its rates; without rates, its formula determines them (doi 10.1186/1752-0509-6-116).
Rates, starts and settings of runs become part of the model (see `regnet.rates`), and the content of
the files is written back. Divisions and deaths of the population version (.pbnd) are kept, but not
used.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from regnet.errors import FormatError, ParseError
from regnet.exchange.portable import some
from regnet.files import Source, Written
from regnet.formats.maboss.reader import Reader
from regnet.formats.maboss.writer import Writer
from regnet.project import Project, Reading, Remark

_NODE = re.compile(rb"(?:\A|[\s}])node\s+\w+\s*\{", re.IGNORECASE)
_NODES = (".bnd", ".pbnd")
_MOST_SETTINGS = 200
"""Maximum number of settings files examined in a folder."""


def read(source: Source, *, settings: str | Sequence[str] = ()) -> Reading:
    """Read a .bnd file with its settings, or a .cfg file with its nodes, given either.

    Without `settings` these are ``X.cfg`` or ``X.bnd.cfg`` beside ``X.bnd``; beside a .cfg file of
    another name, the only .bnd file there that it fits.

    Parameters
    ----------
    source
        The file.
    settings
        One or more .cfg files, as paths or as names in the folder of `source`. Each of several is a
        scenario with rates of its own; where its rates make other rules, these are a variant.

    Raises
    ------
    ParseError, FormatError
        If a file is faulty, or one that is needed is not there.
    """
    given = [settings] if isinstance(settings, str) else list(settings)
    remarks = []
    if source.ending == ".cfg":
        nodes, remark = _nodes_of(source)
        remarks += [remark] if remark else []
        chosen = [source, *(_settings(source, name) for name in given)]
        source = nodes
    elif given:
        chosen = [_settings(source, name) for name in given]
    else:
        own = source.beside(".cfg") or source.sibling(f"{Path(source.name).name}.cfg")
        chosen = [own] if own else []
    reader = Reader(source, chosen)
    reading = reader.read()
    unused = [] if chosen else _fitting(source, reader)
    if unused:
        words = f"settings for these nodes are in the folder and not used: {some(unused)}"
        remarks.append(Remark("warning", f"{words}; choose with --settings"))
    return replace(reading, remarks=(*remarks, *reading.remarks), settings=tuple(unused))


def _settings(source: Source, name: str) -> Source:
    """Return a settings file, by its path or by its name in the folder of the model."""
    found = source.sibling(os.path.abspath(name)) or source.sibling(name)
    if found is None:
        raise FormatError(f"{name}: there is no such file")
    return replace(found, name=name)


def _nodes_of(source: Source) -> tuple[Source, Remark | None]:
    """Return the file with the nodes of a settings file, and what there is to say of it."""
    name = Path(source.name)
    for ending in _NODES:
        nodes = source.beside(ending)
        if nodes is not None:
            return nodes, None
    inner = source.sibling(name.stem) if Path(name.stem).suffix.lower() in _NODES else None
    if inner is not None:
        return inner, None
    beside = source.siblings(*_NODES)
    fitting = [name for name in beside[:_MOST_SETTINGS] if _is_set_by(source.sibling(name), source)]
    only = source.sibling(fitting[0]) if len(fitting) == 1 else None
    if only is not None:
        words = "that it fits" if len(beside) > 1 else "in the folder"
        return only, Remark("info", f"the nodes are those of {fitting[0]}, the only ones {words}")
    where = f"several there fit ({some(fitting)})" if fitting else "none there fits"
    raise FormatError(
        f"{source.name}: these are settings of MaBoSS; the model is in a .bnd file, of which "
        f"{where}: open that file with --settings {name.name}"
    )


def _is_set_by(nodes: Source | None, settings: Source) -> bool:
    try:
        return nodes is not None and Reader(nodes, ()).is_set_by(settings.text)
    except (ParseError, FormatError):
        return False


def _fitting(source: Source, reader: Reader) -> list[str]:
    """Return the settings files in the folder that are about the model, and about no other."""
    found = []
    models = set(source.siblings(*_NODES))
    for name in source.siblings(".cfg")[:_MOST_SETTINGS]:
        first = Path(name).stem
        if models & {first, *(first + ending for ending in _NODES)}:
            continue
        settings = source.sibling(name)
        try:
            if settings is not None and reader.is_set_by(settings.text):
                found.append(name)
        except (ParseError, FormatError):
            continue
    return found


def write(project: Project, before: Source | None = None) -> Written:
    """Return the .bnd file of a project with its .cfg file, and remarks on what they lose."""
    nodes, settings, remarks = Writer(project).write()
    return Written(nodes, remarks, {".cfg": settings})


def fits(source: Source) -> bool:
    """Return whether a file looks like nodes, or settings, of MaBoSS."""
    if source.is_archive:
        return False
    if source.ending == ".cfg":
        return True
    return _NODE.search(source.data[:65536]) is not None
