"""``regnet formats``: what models can be read from and written to."""

from __future__ import annotations

from regnet.cli.command import Arguments, Command, add_output
from regnet.cli.exchange import write_answer


def _run(asked: Arguments) -> bool:
    from regnet.formats import FORMATS
    from regnet.terminal import show_table

    header = ["format", "endings", "read", "written", "what", "holds", "does not hold"]
    rows = [
        [f.name, " ".join(f.extensions), "yes" if f.reads else "no", "yes" if f.writes else "no",
         f.title, f.holds, f.loses]
        for f in FORMATS.values()
    ]  # fmt: skip
    records = [dict(zip(header, row, strict=True)) for row in rows]
    shown = [
        [f.name, " ".join(f.extensions), " ".join(["reads"] * f.reads + ["writes"] * f.writes),
         f.title, f.loses or "nothing"]
        for f in FORMATS.values()
    ]  # fmt: skip
    short = ["format", "endings", "regnet", "what", "is lost"]
    write_answer(
        asked,
        lambda out: show_table(out, short, shown),
        lambda: {"formats": records},
        lambda: [header, *rows],
    )
    return True


FORMATS = Command(
    "list the formats of models, and what each of them holds",
    "regnet formats",
    add_output,
    _run,
)
