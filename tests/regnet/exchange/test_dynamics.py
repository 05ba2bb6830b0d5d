"""What a file says of dynamics and answers do not use is said, with the answers it changes."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from regnet.analysis.attractors import find_attractors
from regnet.cli import main
from regnet.exchange.dynamics import caveats, caveats_of
from regnet.formats import load, loads, read, save
from regnet.network import Rule
from regnet.project import Kept, Project
from regnet.report import build_report, to_markdown
from regnet.scenario import Scenario
from regnet.start import parse_start

GRAPH = """<gxl><graph class="regulatory" id="g" nodeorder="Slow Fast">
<node id="Slow" maxvalue="1"><value val="1"><exp str="!Fast"/></value></node>
<node id="Fast" maxvalue="1"><value val="1"><exp str="!Slow"/></value></node>
<edge id="a" from="Fast" to="Slow" minvalue="1" sign="negative"/>
<edge id="b" from="Slow" to="Fast" minvalue="1" sign="negative"/>
</graph></gxl>"""

CLASSES = """<simulationParameters nodeOrder="Slow Fast">
<priorityClassList id="by speed">
<class name="second" mode="1" rank="2" content="Slow"/>
<class name="first" mode="1" rank="1" content="Fast"/>
</priorityClassList>
<parameter name="runs" updating="by speed"/></simulationParameters>"""

ORDERED = (
    "The file's priority classes (by speed: Fast, then Slow) are not used: "
    "asynchronous update without priorities."
)


def archive(path: Path, settings: str) -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as entries:
        entries.writestr("GINsim-data/regulatoryGraph.ginml", GRAPH)
        entries.writestr("GINsim-data/reg2dyn_parameters", settings)
    path.write_bytes(out.getvalue())
    return path


def told(text: str) -> str:
    return " ".join(text.split())


def test_that_opening_a_file_with_priority_classes_says_so(tmp_path: Path):
    remarks = read(archive(tmp_path / "m.zginml", CLASSES)).remarks
    assert ORDERED.rstrip(".") in [remark.message for remark in remarks]


@pytest.mark.parametrize(
    "question",
    [
        ["attractors"],
        ["query", "EF Fast"],
        ["simulate"],
        ["screen"],
        ["control", "--target", "Fast=1"],
        ["commitment", "--start", "Fast=0", "--start", "Slow=0"],
        ["dose", "--input", "Slow"],
        ["explain", "Fast"],
    ],
    ids=lambda words: words[0],
)
def test_that_every_answer_that_depends_on_updates_says_so(
    question: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = str(archive(tmp_path / "m.zginml", CLASSES))
    command, *words = question
    main([command, path, *words])
    assert told(capsys.readouterr().out).endswith(ORDERED)
    main([command, path, *words, "--format", "json"])
    assert json.loads(capsys.readouterr().out)["caveats"] == [ORDERED]
    main([command, path, *words, "--format", "csv"])
    assert ORDERED in capsys.readouterr().err


@pytest.mark.parametrize("command", ["fixed-points", "trap-spaces"])
def test_that_answers_that_no_priority_changes_say_nothing(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = str(archive(tmp_path / "m.zginml", CLASSES))
    main([command, path])
    assert "priorit" not in capsys.readouterr().out


def test_that_classes_that_no_setting_uses_and_one_class_alone_change_nothing(tmp_path: Path):
    unused = CLASSES.replace('updating="by speed"', 'updating="asynchronous"')
    assert caveats(load(archive(tmp_path / "a.zginml", unused))) == ()
    first, *_, last = CLASSES.splitlines()
    alone = [first, '<priorityClassList id="by speed"><class name="c" mode="1" rank="1"/>']
    single = "".join([*alone, "</priorityClassList>", last])
    assert caveats(load(archive(tmp_path / "b.zginml", single))) == ()


def test_that_synchronous_updating_is_said_unless_the_answer_is_synchronous(tmp_path: Path):
    settings = '<simulationParameters><parameter name="p" updating="Synchronous"/>'
    project = load(archive(tmp_path / "m.zginml", f"{settings}</simulationParameters>"))
    (sentence,) = caveats(project, "attractors")
    assert sentence == "The file's synchronous updating (p) is not used: asynchronous update."
    assert caveats(project, "attractors", Scenario(update="synchronous")) == ()


def test_that_the_sentence_outlives_a_stay_in_a_model_file(tmp_path: Path):
    project = load(archive(tmp_path / "m.zginml", CLASSES))
    save(project, tmp_path / "m.toml")
    assert caveats(load(tmp_path / "m.toml")) == (ORDERED,)


def test_that_ranks_that_are_all_alike_change_nothing(tmp_path: Path):
    project = load(archive(tmp_path / "m.zginml", "<simulationParameters/>"))
    ranks = [Kept("booleannet", "rank", "1", name) for name in project.network.names]
    assert caveats(replace(project, kept=tuple(ranks))) == ()


def test_that_settings_that_cannot_be_read_are_no_reason_to_fail(tmp_path: Path):
    assert caveats(load(archive(tmp_path / "m.zginml", "<simulationParameters"))) == ()


def test_that_a_report_says_it_where_the_answer_is(tmp_path: Path):
    project: Project = load(archive(tmp_path / "m.zginml", CLASSES))
    report = build_report(project, attractors=[find_attractors(project.network)])
    _, _, section = to_markdown(report).partition("## Attractors")
    assert section.lstrip().startswith(f"**{ORDERED}**") or ORDERED in section[:400]
    assert json.loads(report.files["attractors.json"])["caveats"] == [ORDERED]


JOINT = """\
regnet = 1
[components.A]
[components.B]
[components.C]
rule = "A & !B"
[rates.file]
discrete = true
[scenarios.pair]
start = "C=0 A&B=0&0:0.5|1&1:0.5"
"""


def test_that_a_joint_start_is_told_where_every_combination_of_it_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "m.toml"
    model.write_text(JOINT)
    project = load(model)
    pair = project.scenario("pair")
    (told,) = caveats(project, "attractors", pair)
    assert "The start draws A and B together" in told
    assert caveats(project, "attractors") == ()
    assert caveats(project, "attractors", replace(pair, start=parse_start("A=0:0.1|1:0.9"))) == ()
    assert caveats(project, "simulate", pair) == (
        "The file's discrete time is not used: time is continuous here.",
    )
    found = find_attractors(project.network, pair)
    assert caveats_of(project, found) == (told,)
    assert main(["attractors", str(model), "--scenario", "pair"]) == 0
    assert "The start draws A and B together" in capsys.readouterr().out
    assert (
        main(["attractors", str(model), "--start", "A&B=0&0:0.5|1&1:0.5", "--format", "json"]) == 0
    )
    record = json.loads(capsys.readouterr().out)
    assert record["caveats"] == [told]
    assert record["drawn"][0]["components"] == ["A", "B"]
    assert told in to_markdown(build_report(project, attractors=[found]))


def test_that_every_answer_on_wiring_says_which_rules_are_assumed(tmp_path: Path) -> None:
    text = "A -> B\nC -| B\nB -> D\n"
    project = loads(text, "m.sif", rule="inhibitor-wins").project
    said = "The rules of B, D are assumed (default rule inhibitor-wins): the file held wiring only."
    for question in ("attractors", "fixed-points", "simulate", "query", ""):
        assert caveats(project, question) == (said,)
    save(project, tmp_path / "m.toml")
    again = load(tmp_path / "m.toml")
    assert caveats(again, "attractors") == (said,)
    changed = replace(again, network=again.network.with_rule("B", Rule.of("A & C")))
    assert caveats(changed, "attractors") == (
        "The rule of D is assumed (default rule inhibitor-wins): the file held wiring only.",
    )
