"""ZGINML: a GINML graph in a zip archive, with starts, mutants and settings of GINsim beside it.

Starts and mutants become scenarios. Whatever else is in the archive is carried along untouched.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from regnet.errors import FormatError, RegnetError
from regnet.exchange.portable import leaving_out, some
from regnet.exchange.xmltext import attribute, looks_like, text
from regnet.files import Source, Written
from regnet.formats.ginml.reader import GRAPH, MUTANTS, STARTS, Reader, read_mutants, read_starts
from regnet.formats.ginml.writer import Writer
from regnet.project import Project, Reading, Remark
from regnet.scenario import Scenario
from regnet.space import Space

_HELD = ("note", "notes", "claims", "layout", "scenarios")
_PARTS = ("graph", "node", "edges")


def read(source: Source) -> Reading:
    """Read a .zginml archive, or a graph that is only called so.

    Raises
    ------
    ParseError, FormatError
        If it holds no model, or a faulty one.
    """
    if not source.is_archive:
        return Reader(source.data, source.name).read()
    entries = dict(source.entries)
    graphs = [name for name in entries if name.lower().endswith(".ginml")]
    graphs.sort(key=lambda name: not name.endswith("regulatoryGraph.ginml"))
    if not graphs:
        raise FormatError(f"{source.name}: there is no GINML graph in the archive")
    data = entries.pop(graphs[0])
    return Reader(data, f"{source.name}, {graphs[0]}").read(entries)


def write(project: Project, before: Source | None = None) -> Written:
    """Return the archive of a project, and remarks on what it cannot hold."""
    writer = Writer(project)
    graph, remarks = writer.write()
    entries = {
        k.what: k.content if isinstance(k.content, bytes) else k.content.encode()
        for k in project.kept
        if k.format == "ginml" and k.what not in _PARTS
    }
    if _scenarios_in(entries, project) != project.scenarios:
        for name, content in (
            (STARTS, _starts(project, writer.ids)),
            (MUTANTS, _mutants(project, writer.ids)),
        ):
            entries.pop(name, None)
            if content:
                entries[name] = content.encode()
        remarks += tuple(_lost(project))
    remarks += tuple(leaving_out("a GINsim file", project, *_HELD))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ((GRAPH, graph.encode()), *entries.items()):
            # the same model gives the same bytes, whenever it is written
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return Written(out.getvalue(), remarks)


def fits(source: Source) -> bool:
    """Return whether a file is an archive of GINsim."""
    if not source.is_archive:
        return source.ending == ".zginml" and looks_like(source.data, b"<gxl")
    try:
        return any(name.lower().endswith(".ginml") for name in source.entries)
    except RegnetError:
        return source.ending == ".zginml"


def _scenarios_in(entries: dict[str, bytes], project: Project) -> tuple[Scenario, ...]:
    """Return the scenarios of kept entries."""
    found: list[Scenario] = []
    for name, read_entry in ((STARTS, read_starts), (MUTANTS, read_mutants)):
        if name in entries:
            try:
                names = {s.name for s in found}
                found += read_entry(entries[name], project.network, names, [])
            except RegnetError:
                continue
    return tuple(found)


def _is_inputs(scenario: Scenario, project: Project) -> bool:
    """Return whether a scenario does nothing but set inputs."""
    clamps = scenario.perturbation.clamps
    inputs = set(project.network.inputs)
    return bool(clamps) and not scenario.perturbation.cuts and set(clamps) <= inputs


def _levels(space: Space, ids: dict[str, str]) -> str:
    return " ".join(
        ";".join([ids[name], *map(str, range(low, high + 1))])
        for name, (low, high) in space.items()
    )


def _starts(project: Project, ids: dict[str, str]) -> str:
    lines = []
    for scenario in project.scenarios:
        spaces = {"initialState": scenario.start}
        if _is_inputs(scenario, project):
            spaces["input"] = scenario.perturbation.clamps
        for tag, space in spaces.items():
            if space:
                name, value = attribute(scenario.name), attribute(_levels(space, ids))
                lines.append(f"  <{tag} name={name} value={value}/>\n")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f"{head}<initialStates>\n{''.join(lines)}</initialStates>\n" if lines else ""


def _mutants(project: Project, ids: dict[str, str]) -> str:
    lines = []
    for scenario in project.scenarios:
        done = scenario.perturbation
        if not done or _is_inputs(scenario, project):
            continue
        lines.append(f"    <mutant name={attribute(scenario.name)}>\n")
        for name, (low, high) in done.clamps.items():
            target = attribute(ids[name])
            lines.append(f'      <change target={target} min="{low}" max="{high}"/>\n')
        for cut in sorted(done.cuts):
            source, target = attribute(ids[cut.source]), attribute(ids[cut.target])
            lines.append(
                f'      <regulatorChange regulator={source} target={target} value="{cut.level}"/>\n'
            )
        if scenario.note:
            comment = f"<comment>{text(scenario.note)}</comment>"
            lines.append(f"      <annotation>{comment}</annotation>\n")
        lines.append("    </mutant>\n")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<perturbationConfig>\n  <listOfPerturbations>\n'
    tail = "  </listOfPerturbations>\n  <listOfUsers/>\n</perturbationConfig>\n"
    return f"{head}{''.join(lines)}{tail}" if lines else ""


def _lost(project: Project) -> Iterable[Remark]:
    """Yield what entries of GINsim cannot say of scenarios."""
    plain = Scenario()
    both = [s.name for s in project.scenarios if s.start and s.perturbation]
    if both:
        words = "written as a start and a mutant, which GINsim does not tie together"
        yield Remark("warning", f"{words}: {some(both)}")
    empty = [s.name for s in project.scenarios if not s.start and not s.perturbation]
    if empty:
        yield Remark("warning", f"scenarios that do nothing were left out: {some(empty)}")
    for words, lost in (
        ("the update of", [s.name for s in project.scenarios if s.update != plain.update]),
        ("the notes on", [s.name for s in project.scenarios if s.note and not s.perturbation]),
    ):
        if lost:
            yield Remark("warning", f"a GINsim file does not hold {words} {some(lost)}")
