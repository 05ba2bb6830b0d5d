"""``regnet engines``: what can answer."""

from __future__ import annotations

from regnet.cli.command import Arguments, Command, add_output
from regnet.cli.exchange import write_answer


def _run(asked: Arguments) -> bool:
    from regnet.engines import ENGINES
    from regnet.errors import MissingPackageError
    from regnet.terminal import show_table

    rows = []
    for engine in ENGINES.values():
        try:
            version = engine.version()
        except MissingPackageError:
            version = "not installed"
        answers = ", ".join(sorted(engine.answers))
        rows.append([engine.name, version, answers, engine.summary])
    header = ["engine", "version", "answers", "how"]
    records = [dict(zip(header, row, strict=True)) for row in rows]
    write_answer(
        asked,
        lambda out: show_table(out, header, rows),
        lambda: {"engines": records},
        lambda: [header, *rows],
    )
    return True


ENGINES = Command(
    "list the engines that can answer, and their versions",
    "regnet engines",
    add_output,
    _run,
)
