"""Finding a format, and the way from and to the disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from regnet.errors import FormatError, ParseError, UnknownNameError
from regnet.exchange.interchange import compare_functions
from regnet.formats import (
    FORMATS,
    Source,
    Written,
    find_format,
    load,
    loads,
    read,
    save,
    write_file,
)
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Kept, Project
from tests.strategies import networks

TOML = 'regnet = 1\n\n[components.A]\n\n[components.B]\nrule = "!A"\n'
BNET = "targets, factors\nA, A\nB, !A\n"
NETWORK = LogicalNetwork((Component("A"), Component("B", Rule.of("!A"))))


@pytest.mark.parametrize("name", ["m.toml", "m.TOML", "m.txt", "m"])
def test_that_a_model_file_is_known_by_its_ending_or_content(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TOML)
    assert load(tmp_path / name).network.components == NETWORK.components


@pytest.mark.parametrize("name", ["m.bnet", "m.txt", "m"])
def test_that_boolean_rules_are_known_by_their_ending_or_content(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(BNET)
    assert load(tmp_path / name).network.components == NETWORK.components


def test_that_the_named_format_wins_over_the_ending(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(BNET)
    assert load(tmp_path / "m.toml", format="bnet").network.components == NETWORK.components
    with pytest.raises(UnknownNameError, match="did you mean 'bnet'"):
        load(tmp_path / "m.toml", format="bnett")


def test_that_an_unknown_ending_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"unknown format; regnet writes \.toml, \.bnet, "):
        save(Project(NETWORK), tmp_path / "m.xyz")
    with pytest.raises(FormatError, match="unknown format"):
        loads("just words")


def test_that_a_network_without_a_name_gets_that_of_its_file(tmp_path: Path) -> None:
    for name, text in (("liver.toml", TOML), ("liver.bnet", BNET)):
        (tmp_path / name).write_text(text)
        assert load(tmp_path / name).network.name == "liver"


def test_that_options_reach_the_reader(tmp_path: Path) -> None:
    (tmp_path / "m.bnet").write_text("A, B\nA, !B\n")
    network = load(tmp_path / "m.bnet", on_duplicate="last").network
    assert network["A"].rule == Rule.of("!B")


READ_AND_WRITTEN = [f.name for f in FORMATS.values() if f.reads and f.writes and f.rules]


@pytest.mark.parametrize("format", READ_AND_WRITTEN)
def test_that_what_is_saved_loads_again(tmp_path: Path, format: str) -> None:
    path = tmp_path / f"m{FORMATS[format].extensions[0]}"
    assert save(Project(NETWORK), path) == ()
    assert load(path).network.components == NETWORK.components


@pytest.mark.parametrize("format", READ_AND_WRITTEN)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(network=networks(4, 3))
def test_that_functions_survive_and_the_second_writing_is_the_first(
    format: str, network: LogicalNetwork
) -> None:
    chosen = FORMATS[format]
    written = chosen.write(Project(network))
    again = chosen.read(_source("again", written)).project
    same = compare_functions(network, again.network)
    assert same, same
    if not same.encoded:
        assert again.network.names == network.names
        assert set(network.inputs) <= set(again.network.inputs)
    second = chosen.write(again)
    assert second.content == written.content
    assert second.beside == written.beside


NOTES = (
    "a  b", "  lead", "trail  ", "\nfirst", "last\n", "a\n\n  b", "# hash", "#name: x", "name: y",
    "description: z", "regnet: A stands for q", "targets, factors", "A, B", "$A: B", "A -> B",
    "position:A:1,2", "regnet: order A B", "regnet: start A = True", ".v 3", "tab\there", "A = B",
)  # fmt: skip
"""Notes that a reader could take for something else, or would strip."""


@pytest.mark.parametrize("format", [f for f in READ_AND_WRITTEN if FORMATS[f].rules])
@pytest.mark.parametrize("where", ["title", "note", "component", "input"])
def test_that_a_note_is_never_taken_for_anything_else_and_comes_back_the_same(
    format: str, where: str
) -> None:
    chosen = FORMATS[format]
    for note in NOTES:
        components = (
            Component("A", Rule.of("B"), note=note if where == "component" else ""),
            Component("B", note=note if where == "input" else ""),
            Component("C", Rule.of("A & !B")),
        )
        network = LogicalNetwork(components)
        title, about = note if where == "title" else "", note if where == "note" else ""
        written = chosen.write(Project(network, title=title.strip(), note=about))
        again = chosen.read(_source("again", written)).project
        assert again.network.names == network.names, note
        assert compare_functions(network, again.network), note
        assert chosen.write(again).content == written.content, note


@pytest.mark.parametrize("format", [f for f in READ_AND_WRITTEN if FORMATS[f].rules])
def test_that_renaming_does_not_change_how_a_rule_is_written(format: str) -> None:
    project = loads("1A, A\nA, 1A | 1A\n", "m.bnet").project
    written = FORMATS[format].write(project)
    again = FORMATS[format].read(_source("again", written)).project
    assert FORMATS[format].write(again).content == written.content


@pytest.mark.parametrize("format", [f for f in READ_AND_WRITTEN if FORMATS[f].rules])
def test_that_a_rule_that_is_itself_stays_one_or_a_remark_says_so(format: str) -> None:
    network = LogicalNetwork((Component("AUXIN", Rule.of("AUXIN")), Component("B")))
    written = FORMATS[format].write(Project(network))
    again = FORMATS[format].read(_source("again", written)).project.network
    told = any("by a rule" in r.message and "AUXIN" in r.message for r in written.remarks)
    assert told or not again["AUXIN"].is_input


@pytest.mark.parametrize("format", ["bnet", "aeon", "booleannet"])
def test_that_names_that_others_take_for_a_header_are_replaced(format: str) -> None:
    network = LogicalNetwork((Component("Targets", Rule.of("B")), Component("B")))
    written = FORMATS[format].write(Project(network))
    assert "_Targets" in str(written.content)
    assert any("Targets as _Targets" in r.message for r in written.remarks)
    again = FORMATS[format].read(_source("again", written)).project.network
    assert again.components == network.components


def _source(name: str, written: Written) -> Source:
    """Return what was written as a file, with those beside it."""

    def data(content: str | bytes) -> bytes:
        return content.encode() if isinstance(content, str) else content

    beside = {name + ending: data(content) for ending, content in written.beside.items()}
    return Source(name, data(written.content), beside.get)


@pytest.mark.parametrize("format", READ_AND_WRITTEN)
def test_that_odd_names_come_back_or_are_told(format: str) -> None:
    names = ["IL-2", "NFκB", "4ORF", "and", "MEK1/2", "a b", "<b>&amp;", "x_2", "x:2", "A[1]"]
    components = [Component(n, Rule.of(f'!"{n}" | "{names[i - 1]}"')) for i, n in enumerate(names)]
    written = FORMATS[format].write(Project(LogicalNetwork(tuple(components))))
    again = FORMATS[format].read(_source("again", written)).project.network
    assert compare_functions(LogicalNetwork(tuple(components)), again)
    if again.names != tuple(names):
        assert any("replaced" in remark.message for remark in written.remarks)


@pytest.mark.parametrize("format", [f.name for f in FORMATS.values() if not f.reads])
def test_that_what_is_for_other_programs_only_is_not_read(tmp_path: Path, format: str) -> None:
    path = tmp_path / f"m{FORMATS[format].extensions[0]}"
    (remark,) = save(Project(NETWORK), path)
    assert remark.severity == "warning"
    with pytest.raises(FormatError, match=r"can be written but not read"):
        load(path, format=format)


def test_that_a_format_that_is_only_read_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="can be read but not written"):
        save(Project(NETWORK), tmp_path / "m.reactions")
    assert os.listdir(tmp_path) == []


def test_that_an_option_that_a_reader_does_not_take_is_told() -> None:
    with pytest.raises(UnknownNameError, match="no option of bnet 'plus'"):
        loads(BNET, format="bnet", plus="or")


def test_that_strict_writing_loses_nothing(tmp_path: Path) -> None:
    project = Project(NETWORK, licence="MIT")
    with pytest.raises(FormatError, match=r"does not hold the licence"):
        save(project, tmp_path / "m.bnet", strict=True)
    assert os.listdir(tmp_path) == []
    assert save(project, tmp_path / "m.toml", strict=True) == ()


def test_that_what_came_from_another_format_is_not_dropped_in_silence() -> None:
    project = Project(NETWORK, kept=(Kept("sbml", "annotation", "<x/>"),))
    (remark,) = FORMATS["bnet"].write(project).remarks
    assert "sbml" in remark.message
    assert FORMATS["toml"].write(project).remarks == ()


@pytest.mark.parametrize("format", [f.name for f in FORMATS.values() if f.writes])
def test_that_unknown_functions_are_never_written_as_something_else(format: str) -> None:
    project = loads("A -> B\n$B: f(A)\n", "x.aeon", unknown="keep").project
    if format == "aeon":
        assert "$B: f(A)" in str(FORMATS[format].write(project).content)
        return
    if FORMATS[format].unknown:
        again = loads(str(FORMATS[format].write(project).content), format=format, unknown="keep")
        assert again.project.unknown == ("B",)
        assert [(c.source, c.sign) for c in again.project.network.claims] == [("A", "+")]
        return
    with pytest.raises(FormatError, match="functions of B are not known"):
        FORMATS[format].write(project)


def test_that_saving_a_model_file_keeps_a_persons_comments(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(TOML.replace("[components.B]", "[components.B]  # the answer"))
    project = load(path)
    network = project.network.with_rule("B", Rule.of("A"))
    save(Project(network), path)
    assert "# the answer" in path.read_text()
    assert load(path).network["B"].rule == Rule.of("A")


def test_that_a_missing_file_a_folder_and_a_binary_are_each_told_in_a_sentence(
    tmp_path: Path,
) -> None:
    with pytest.raises(FormatError, match="there is no such file"):
        load(tmp_path / "none.toml")
    with pytest.raises(FormatError, match="is a folder"):
        load(tmp_path)
    (tmp_path / "m.bnet").write_bytes(b"A, B\0")
    with pytest.raises(FormatError, match="not a text file"):
        load(tmp_path / "m.bnet")


def test_that_another_encoding_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "m.bnet").write_bytes("A, B\nNFé, é\n".encode("latin-1"))
    with pytest.raises(ParseError, match="0xe9 is not UTF-8 text") as caught:
        load(tmp_path / "m.bnet")
    assert (caught.value.line, caught.value.column) == (2, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_that_unicode_files_are_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "m.bnet").write_text("NFκB, NFκB\n", encoding=encoding)
    assert read(tmp_path / "m.bnet").project.network.names == ("NFκB",)


def test_that_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"cannot be written \(no such file or directory\)"):
        write_file(tmp_path / "none" / "m.toml", "text")
    (tmp_path / "folder").mkdir()
    with pytest.raises(FormatError, match="cannot be written"):
        write_file(tmp_path / "folder", "text")
    assert os.listdir(tmp_path) == ["folder"]


@pytest.mark.skipif(os.name == "nt", reason="permissions and links of POSIX")
def test_that_a_file_keeps_its_permissions_and_a_link_stays_one(tmp_path: Path) -> None:
    target, link = tmp_path / "m.toml", tmp_path / "link.toml"
    target.write_text(TOML)
    target.chmod(0o640)
    link.symlink_to(target)
    save(Project(NETWORK), link)
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640


def test_that_a_file_cut_short_by_a_fault_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "m.bnet"
    path.write_text(BNET)
    broken = Project(NETWORK)
    object.__setattr__(broken, "network", None)
    with pytest.raises(AttributeError):
        save(broken, path)
    assert path.read_text() == BNET


def test_that_a_format_is_found_without_a_file() -> None:
    assert find_format("x.bnet").name == "bnet"
    assert find_format("", Source("", TOML.encode())).name == "toml"


def test_that_xml_under_a_plain_ending_is_known_by_its_content(tmp_path: Path) -> None:
    written = tmp_path / "m.sbml"
    save(loads("A, !B\nB, A", "m.bnet").project, written)
    plain = written.rename(tmp_path / "m.txt")
    assert read(plain).project.network.names == ("A", "B")
