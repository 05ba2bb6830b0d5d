"""Archives that hold a model of another format: COMBINE archives, zip and gzip.

Of an archive the one model is read. Where there are several, it is the one that a COMBINE archive's
manifest marks as its main file (Bergmann and others 2014, doi 10.1186/s12859-014-0369-z), or the
one that the option ``model`` names. Archives in archives are not opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from regnet.errors import FormatError, RegnetError, UnknownNameError
from regnet.exchange.portable import some
from regnet.exchange.xmltext import parse
from regnet.files import Source
from regnet.formats import FORMATS, find_format
from regnet.project import Reading, Remark

MANIFEST = "manifest.xml"

_VAGUE = (".txt", ".cfg")
"""Extensions shared by many other files; these are used only if nothing else is found."""


def read(source: Source, *, model: str = "", unknown: str = "", rule: str = "") -> Reading:
    """Read the model in an archive.

    Parameters
    ----------
    source
        The archive.
    model
        Which file to read, if it holds several models.
    unknown, rule
        As the readers of formats with unknown rules take them (AEON, SIF).

    Raises
    ------
    ParseError, FormatError
        If it is damaged, or holds no model, several, or an invalid one.
    """
    asked = {name: value for name, value in (("unknown", unknown), ("rule", rule)) if value}
    if source.is_compressed:
        inner = source.unpacked()
        if inner.is_compressed:
            raise FormatError(f"{source.name}: is packed twice; unpack it once")
        return _read(inner, asked)
    names = _models(source)
    if model:
        if model not in source.entries:
            raise UnknownNameError(f"file in {source.name}", model, names or source.entries)
        chosen, remark = model, ""
    else:
        chosen, remark = _chosen(source, names)
    entry = _entry(source, chosen)
    reading = _read(entry, asked)
    project = reading.project
    if project.network.name == Path(entry.name).stem:  # of the archive and the file
        network = replace(project.network, name=PurePosixPath(chosen).stem)
        project = replace(project, network=network)
    told = Remark("warning" if remark else "info", remark or f"{chosen} in the archive is read")
    return replace(reading, project=project, remarks=(told, *reading.remarks))


def fits(source: Source) -> bool:
    """Return whether a file is packed by gzip, or a zip archive that is no format of its own."""
    if source.is_compressed:
        return True
    return source.is_archive and not FORMATS["zginml"].fits(source)


def _read(source: Source, asked: Mapping[str, str]) -> Reading:
    format = find_format(source.name, source)
    options: dict[str, Any] = {k: value for k, value in asked.items() if k in format.options}
    reading = format.read(source, **options)
    project = reading.project
    if project.network.name or not source.name:
        return reading
    named = replace(project.network, name=Path(source.name).stem)
    return replace(reading, project=replace(project, network=named))


def _entry(source: Source, name: str) -> Source:
    """Return a file in an archive, which finds the others in its folder."""
    folder = str(PurePosixPath(name).parent)

    def find(other: str) -> bytes | None:
        return source.entries.get(other if folder == "." else f"{folder}/{other}")

    return Source(f"{source.name}, {name}", source.entries[name], find)


def _models(source: Source) -> list[str]:
    """Return the files of an archive that are models by ending and content."""
    certain: list[str] = []
    vague: list[str] = []
    for name in source.entries:
        path = PurePosixPath(name)
        if path.name == MANIFEST or any(part.startswith((".", "__MACOSX")) for part in path.parts):
            continue
        entry = _entry(source, name)
        ending = path.suffix.lower()
        named = [f for f in FORMATS.values() if ending in f.extensions and f.name != "archive"]
        if any(f.fits(entry) for f in named):
            (vague if ending in _VAGUE else certain).append(name)
    return certain or vague


def _chosen(source: Source, names: list[str]) -> tuple[str, str]:
    """Return the model to read, and what there is to warn of."""
    if not names:
        held = f"it holds {some(source.entries)}" if source.entries else "it is empty"
        raise FormatError(f"{source.name}: there is no model in the archive; {held}")
    if len(names) == 1:
        return names[0], ""
    main = [name for name in names if name in _main(source)]
    if len(main) != 1:
        raise FormatError(
            f"{source.name}: the archive holds {len(names)} models ({some(names)}); "
            f"choose one with --option model={names[0]}"
        )
    others = [name for name in names if name != main[0]]
    return main[0], (
        f"{main[0]} is read, which the archive calls its main file; it also holds {some(others)} "
        f"(--option model={others[0]})"
    )


def _main(source: Source) -> set[str]:
    """Return the files that the manifest of a COMBINE archive marks as its main ones."""
    manifest = source.entries.get(MANIFEST)
    if manifest is None:
        return set()
    try:
        root = parse(manifest, MANIFEST).root
    except RegnetError:
        return set()
    return {
        element.attributes.get("location", "").removeprefix("./")
        for element in root.walk()
        if element.tag == "content" and element.attributes.get("master", "").lower() == "true"
    }
