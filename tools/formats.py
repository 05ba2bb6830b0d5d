"""Write docs/formats.md: the table of formats, from the table in the code."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TARGET = ROOT / "docs" / "formats.md"

HEAD = """\
# Formats

What regnet reads and writes, what of it each format holds, and what is lost when a model is written
to it. The same as a table: `regnet formats`. This page is made from the code by
`python tools/formats.py`.

| format | files | read | written | kept | lost in writing |
|---|---|---|---|---|---|
"""

FOOT = """
## What always holds
- A file is known by its ending and its content; `--from` and `--to` name a format.
- Nothing is changed or dropped in silence: what was assumed, and what a format cannot hold, is said
  line by line. `regnet convert --strict` refuses instead, and `--check` reads the result again, as
  regnet and as GINsim, BooleanNet or the specification of SBML-qual do, and compares all functions.
- In regnet the highest level whose condition holds counts. SBML-qual, GINML and ZGINML are written
  with conditions that exclude each other, because GINsim uses neither of two that hold at once.
- A network that is written and read again has the same components in the same order, levels, inputs
  and functions; writing it a second time gives the same file.
- A component with levels 0 to m becomes m Boolean ones where a format knows two levels only
  (`X_1` to `X_m`; `X_k` means "at level k or above").
- A name that other tools cannot read is replaced, which is said; where the format has comments, one
  such as `# regnet: IL_2 stands for IL-2` puts it back.
- What a file holds and regnet has no word for (annotations, settings of another program) is kept
  with the model, in a `.toml` file too, and written back to the format it came from.
- Functions that are not known (AEON, SIF) cannot be analysed, and such a file is refused; `regnet
  info` shows its wiring, and `regnet convert` keeps it from AEON or SIF to either of them.
- A SIF file holds wiring only. A default rule is taken where it is asked for by name
  (`--option rule=inhibitor-wins`), and every component that has it says so:
{rules}
- Of an archive (COMBINE, zip) the one model is read, or the main one of several, or the one that
  `--option model=NAME` says.
- Probabilistic networks, time delays and conditions on time (BoolNet) are refused by name, and so
  are files of other programs that hold no logical model or one that regnet cannot read.
- Options of readers, for `--option` on every command and for `regnet.load`: `on_duplicate=first` or
  `last` (bnet, BooleanNet, rules), `plus=and`, `or` or `xor` (rules), `rule=NAME` (SIF),
  `model=NAME` (archives).
- Figures as SVG are made by `regnet report`.
"""


def text() -> str:
    """Return the page."""
    from regnet.exchange.wiring import DEFAULT_RULES
    from regnet.formats import FORMATS

    rows = []
    for f in FORMATS.values():
        endings = " ".join(f"`{ending}`" for ending in f.extensions)
        read, written = ("yes" if there else "no" for there in (f.reads, f.writes))
        loses = f.loses or "nothing"
        if not f.writes:
            loses = f"is not written; {f.loses} are not read" if f.loses else "is not written"
        cells = (f"{f.title} (`{f.name}`)", endings, read, written, f.holds, loses)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    rules = "\n".join(f"  `{name}` ({words})," for name, words in DEFAULT_RULES.items())
    return HEAD + "".join(rows) + FOOT.format(rules=rules[:-1] + ".")


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
