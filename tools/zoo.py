"""Check every published claim in models/zoo, print a table, and write docs/zoo.md.

`make zoo` prints the table; `python tools/zoo.py --write` renews the page as well.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from regnet.analysis.check import Verdict
    from regnet.project import Project

TARGET = ROOT / "docs" / "zoo.md"

HEAD = """\
# A zoo of published claims

Models that others have published, with their rules written out anew, and with what the papers say
of them as experiments: the wild type, mutants, treatments. The zoo holds regnet against the
literature, and the literature against itself: a claim that does not come out stays, as a known
disagreement with its reason. This page is made from the files in `models/zoo` by `python
tools/zoo.py --write`; `make zoo` checks them all, and each is an ordinary model file:

```
regnet check models/zoo/sahin_2009_erbb_g1s.toml
regnet attractors models/zoo/chaos_2006_arabidopsis_flower.toml --clamp AG=0
```

Only what was read in a source is a claim; how far each source was read stands under its model.
"Model file" is the authors' own, in the public repository of GINsim, with their notes on what
they found for each mutant. The rules are those of such a file, or of another that the sources
name; that ours are the same functions is tested where the files are at hand. A claim that is made
for two updates counts twice. It reproduces when regnet finds it true of every state or path that
it speaks of, exactly; only shares of cells come from random runs, with a fixed seed and a band
that has to lie within the bounds.

"""


def models() -> list[Path]:
    """Return the files of the zoo, in alphabetical order."""
    return sorted((ROOT / "models" / "zoo").glob("*.toml"))


@cache
def checked(path: Path) -> tuple[Project, tuple[Verdict, ...]]:
    """Return a model of the zoo with the verdict on each of its claims."""
    from regnet.analysis.check import confront
    from regnet.formats import load

    project = load(path)
    return project, confront(project).verdicts


def overview() -> list[list[str]]:
    """Return a row for each model, and their sum: claims, and how many reproduce."""
    rows, sums = [], [0, 0, 0]
    for path in models():
        project, verdicts = checked(path)
        counts = [len(verdicts), sum(v.holds is True for v in verdicts)]
        counts.append(counts[0] - counts[1])
        sums = [a + b for a, b in zip(sums, counts, strict=True)]
        updates = sorted({v.experiment.scenario.update for v in verdicts})
        rows.append(
            [project.network.name, str(len(project.network)), *map(str, counts), ", ".join(updates)]
        )
    return [*rows, [f"{len(rows)} models", "", *map(str, sums), ""]]


COLUMNS = ["model", "components", "claims", "reproduce", "do not", "updates"]


def by_update() -> list[list[str]]:
    """Return a row for each way of updating: claims made for it, and how many reproduce."""
    found: dict[str, list[bool]] = {}
    for path in models():
        for v in checked(path)[1]:
            found.setdefault(v.experiment.scenario.update, []).append(v.holds is True)
    return [[update, str(len(held)), str(sum(held))] for update, held in sorted(found.items())]


def text() -> str:
    """Return the page."""
    parts = [HEAD, _table(COLUMNS, overview()), "\n"]
    parts.append(_table(["update", "claims", "reproduce"], by_update()))
    parts.append("\n## What does not reproduce, and why\n\n")
    failed = [
        [
            f"{project.network.name} {v.experiment.id}",
            v.experiment.title,
            v.experiment.source,
            v.experiment.note,
        ]
        for path in models()
        for project, verdicts in [checked(path)]
        for v in verdicts
        if v.holds is not True
    ]
    parts.append(_table(["claim", "what is said", "where", "why it does not come out"], failed))
    parts += [_section(*checked(path)) for path in models()]
    return "".join(parts)


def _section(project: Project, verdicts: tuple[Verdict, ...]) -> str:
    rows = [
        [
            v.experiment.id,
            v.experiment.title,
            v.experiment.source,
            v.experiment.scenario.update,
            "yes" if v.holds else "**no**",
        ]
        for v in verdicts
    ]
    sources = "".join(
        f"- {r.key}: {r.text}{f' (doi {r.doi})' if r.doi else ''}. How far read: {r.checked}.\n"
        for r in project.references
    )
    return (
        f"\n## {project.title}\n\n`models/zoo/{project.network.name}.toml`, {len(project.network)} "
        f"components. {project.source}.\n\n{sources}\n"
        + _table(["id", "claim", "where", "update", "reproduces"], rows)
    )


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    cells = ([" ".join(cell.split()).replace("|", "\\|") for cell in line] for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


def _print() -> None:
    lines = [COLUMNS, *overview()]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            cell.ljust(width) if place in (0, 5) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


if __name__ == "__main__":
    from regnet.files import write_file

    _print()
    if "--write" in sys.argv[1:]:
        write_file(TARGET, text())
    sys.exit(not all(v.as_expected for path in models() for v in checked(path)[1]))
