"""Screens on disk: the same table however it comes about, and however often it was stopped."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regnet.analysis.screen import pairs, screen, single_perturbations
from regnet.analysis.screen.plan import Plan
from regnet.errors import FormatError
from regnet.evidence import Phenotype
from regnet.formats import load
from regnet.logic import parse
from regnet.network import Component, LogicalNetwork, Rule
from regnet.project import Project
from regnet.scenario import Scenario
from regnet.screens import estimate, open_screen, run_screen
from regnet.screens import run as running
from regnet.space import Space

RULES = {
    "A": "!B | C", "B": "!A", "C": "A & !D | B", "D": "E & !F", "E": "D | A", "F": "!C & B | E",
}  # fmt: skip
NETWORK = LogicalNetwork(tuple(Component(n, Rule.of(r)) for n, r in RULES.items()), name="six")


def plan_of(order: int = 3) -> Plan:
    low = Scenario("low", start=Space())
    return Plan.of(
        NETWORK,
        [Scenario("wild type"), replace(low, update="most-permissive")],
        order=order,
        phenotypes=[Phenotype("alive", parse("A | E")), Phenotype("Row", parse("F"))],
        readouts=["C", "D"],
        timeout=10,
    )


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_size", lambda plan, each: 40)


def sorted_table(folder: Path) -> bytes:
    """Return all rows in order as the bytes of one table."""
    tables = [pq.read_table(path) for path in sorted(folder.glob("*.parquet"))]
    table = pa.concat_tables([t.replace_schema_metadata() for t in tables]).sort_by("row")
    table = table.combine_chunks().unify_dictionaries()
    return json.dumps(table.to_pylist()).encode()


def test_that_a_folder_holds_the_rows_of_a_screen(tmp_path, small_chunks):
    plan = plan_of(2)
    found = run_screen(plan, tmp_path, workers=1)
    expected = screen(
        NETWORK,
        plan.contexts,
        perturbations=[*single_perturbations(NETWORK), *pairs(NETWORK)],
        phenotypes=plan.phenotypes,
        readouts=plan.readouts,
    )
    assert found.complete
    assert len(found.chunks) > 2
    again = open_screen(tmp_path)
    assert again.plan.digest == plan.digest
    rows = again.screen().rows
    assert tuple(rows) == expected.rows
    assert rows[-1] == expected.rows[-1]
    assert list(rows[3:5]) == list(expected.rows[3:5])


def test_that_the_number_of_processes_does_not_matter(tmp_path, small_chunks):
    one = run_screen(plan_of(), tmp_path / "one", workers=1)
    two = run_screen(plan_of(), tmp_path / "two", workers=2)
    files = sorted(path.name for path in one.path.glob("*.parquet"))
    assert files == sorted(path.name for path in two.path.glob("*.parquet"))
    for name in files:
        assert (one.path / name).read_bytes() == (two.path / name).read_bytes()


def test_that_a_screen_that_was_interrupted_goes_on(tmp_path, small_chunks):
    whole = run_screen(plan_of(), tmp_path / "whole", workers=1)
    seen = []

    def interrupt(fraction: float | None, words: str) -> None:
        seen.append(words)
        if len(seen) == 4:
            raise KeyboardInterrupt

    part = run_screen(plan_of(), tmp_path / "part", workers=1, progress=interrupt)
    assert not part.complete
    assert part.done
    assert part.missing == f"{part.count:,} of {part.plan.count:,} rows are there"
    before = {p: p.stat().st_mtime_ns for p in part.path.glob("*.parquet")}
    ended = run_screen(plan_of(), tmp_path / "part", resume=True, workers=1)
    assert ended.complete
    assert all(path.stat().st_mtime_ns == then for path, then in before.items())
    assert sorted_table(whole.path) == sorted_table(ended.path)


def test_that_a_folder_with_something_else_is_refused_in_one_sentence(tmp_path):
    folder = tmp_path / "screen"
    run_screen(plan_of(1), folder)
    with pytest.raises(FormatError, match=r"holds this screen already \(26 of 26 rows\)"):
        run_screen(plan_of(1), folder)
    with pytest.raises(FormatError, match="other questions"):
        run_screen(plan_of(2), folder, resume=True)
    other = replace(NETWORK, components=(*NETWORK.components[:2], Component("C")))
    with pytest.raises(FormatError, match="another network"):
        run_screen(Plan.of(other), folder, resume=True)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("a")
    with pytest.raises(FormatError, match="other files"):
        run_screen(plan_of(1), tmp_path / "notes")
    with pytest.raises(FormatError, match="holds no screen"):
        open_screen(tmp_path / "notes")
    with pytest.raises(FormatError, match="cannot be used as a folder"):
        run_screen(plan_of(1), tmp_path / "notes" / "a.txt")
    (folder / "model.toml").write_text((folder / "model.toml").read_text().replace("!B", "B"))
    with pytest.raises(FormatError, match="are not those"):
        open_screen(folder)


def test_that_a_query_language_reads_the_folder(tmp_path, small_chunks):
    found = run_screen(plan_of(2), tmp_path, workers=1)
    files = str(tmp_path / "*.parquet")
    assert duckdb.sql(f"SELECT count(*) FROM '{files}'").fetchall()[0][0] == found.plan.count
    lost = duckdb.sql(
        f"SELECT component_1, level_1 FROM '{files}' WHERE component_2 IS NULL "
        "AND context = 'wild type' AND component_1 IS NOT NULL AND alive = 0 ORDER BY row"
    ).fetchall()
    rows = [r for r in found.screen().rows if r.context == "wild type"]
    assert lost == [
        (name, low)
        for r in rows
        if len(r.perturbation.clamps) == 1 and "alive" not in r.phenotypes
        for name, (low, _) in r.perturbation.clamps.items()
    ]


def test_that_the_query_of_the_documentation_says_what_it_promises(tmp_path, models, monkeypatch):
    page = (Path(__file__).parents[3] / "docs" / "screens.md").read_text()
    query = page.split("```sql\n")[1].split("```")[0]
    project = load(models / "lif_lifr.toml")
    contexts = [Scenario("wild type"), replace(project.scenario("PHx"), start=Space())]
    plan = Plan.of(project.network, contexts, order=2, phenotypes=project.phenotypes)
    rows = list(run_screen(plan, tmp_path / "pairs", workers=1).screen().rows)
    monkeypatch.chdir(tmp_path)
    name, lost = "partial recovery", Space({"LIFR": 0})
    has = {(row.context, row.perturbation.clamps): name in row.phenotypes for row in rows}
    expected: dict[tuple[str, int], int] = {}
    for (context, clamps), found in has.items():
        if "LIFR" in clamps and clamps["LIFR"] == (0, 0) and len(clamps) == 2:
            ((partner, (level, _)),) = clamps.without("LIFR").items()
            if has[context, lost] and not found:
                expected[partner, level] = expected.get((partner, level), 0) + 1
    assert expected
    found = duckdb.sql(query).fetchall()
    assert {(partner, level): count for partner, level, count in found} == expected


def test_that_each_file_says_where_its_rows_come_from(tmp_path):
    found = run_screen(plan_of(1), tmp_path)
    about = json.loads(pq.read_metadata(found.file(found.chunks[0])).metadata[b"regnet"])
    assert about["network"] == "six"
    assert about["digest"] == NETWORK.digest
    assert about["screen"] == found.plan.digest


def test_that_an_estimate_is_a_time(tmp_path):
    assert 0 < estimate(plan_of(2)) < 60


def test_that_slow_rows_are_kept_often_and_never_in_too_many_files():
    plan = plan_of(2)
    assert running._size(plan, 0.25) == 4
    assert running._size(plan, 30.0) == 1
    many = tuple(Component(f"X{i}", Rule.of("X0")) for i in range(200))
    large = Plan.of(LogicalNetwork(many), order=3)
    assert large.count / running._size(large, 30.0) <= running.MOST_FILES


def test_that_the_model_beside_the_rows_is_the_one_that_was_screened(tmp_path):
    run_screen(plan_of(1), tmp_path)
    project = load(tmp_path / "model.toml")
    assert project.network.digest == NETWORK.digest
    assert [p.name for p in project.phenotypes] == ["alive", "Row"]


def test_that_a_report_takes_what_stands_out_in_a_folder(tmp_path, small_chunks):
    from regnet.report.sections import screen_section

    found = run_screen(plan_of(2), tmp_path, workers=1).screen()
    section = screen_section(found, Project(NETWORK))
    captions = [block.caption for block in section.blocks if hasattr(block, "caption")]
    assert any(caption.startswith("Components without which") for caption in captions)
    findings = found.rows.findings
    assert findings.rows == len(found.rows)
    assert findings.changed == found.rows.changed


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak of memory from the system")
def test_that_the_memory_of_a_large_screen_is_bounded(tmp_path):
    script = (
        "import resource, sys\n"
        "from regnet.analysis.screen.plan import Plan\n"
        "from regnet.network import Component, LogicalNetwork, Rule\n"
        "from regnet.screens import run_screen\n"
        "parts = [Component(f'X{i}', Rule.of(f'X{i - 1}' if i else '!X9')) for i in range(80)]\n"
        "plan = Plan.of(LogicalNetwork(tuple(parts)), order=int(sys.argv[2]))\n"
        "run_screen(plan, sys.argv[1], workers=1)\n"
        "print(plan.count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    )
    peaks = []
    for order in ("2", "3"):
        arguments = [sys.executable, "-c", script, str(tmp_path / order), order]
        output = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
        rows, mebibytes = map(int, output.split())
        peaks.append(mebibytes)
    assert rows > 600_000
    assert peaks[1] < peaks[0] + 150
