"""Screen export: the visible rows as CSV, and their matrix as drawings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gui.model.document import Document
from gui.model.runner import Runner
from regnet.analysis.screen import Screen
from regnet.errors import RegnetError
from regnet.formats import write_file
from regnet.network import LogicalNetwork

MAX_TEXT_ROWS = 100_000
"""Maximum number of rows exported as CSV."""


def ask_csv(parent: QWidget, document: Document, screen: Screen) -> None:
    """Ask for a file and write the rows of a screen."""
    name, _ = QFileDialog.getSaveFileName(
        parent, "Export the rows that are shown", "screen.csv", "Tables (*.csv)"
    )
    if name:
        write_csv(document, screen, Path(name))


def write_csv(document: Document, screen: Screen, path: Path) -> None:
    """Write the rows of a screen as CSV; errors become a message."""
    from regnet.records import to_csv
    from regnet.records.screen import screen_to_rows

    try:
        write_file(path, to_csv(screen_to_rows(screen)))
    except (OSError, RegnetError) as error:
        document.say(error)
        return
    count = len(screen.rows)
    document.say(f"wrote {count:,} row{'' if count == 1 else 's'} to {path.name}", "info")


def ask_svg(
    parent: QWidget, document: Document, runner: Runner, screen: Screen, network: LogicalNetwork
) -> None:
    """Ask for a file and have a worker draw the matrix of a screen."""
    name, _ = QFileDialog.getSaveFileName(
        parent, "Export the matrix", "screen.svg", "Drawings (*.svg)"
    )
    if name:
        task = runner.submit("Draw the screen", _draw, screen, network, name)
        task.finished.connect(lambda files: document.say(f"drew {', '.join(files)}", "info"))


def _draw(screen: Screen, network: LogicalNetwork, name: str) -> list[str]:
    """Write the matrix of a screen, in as many files as it needs; runs in a worker."""
    from regnet.figures.heatmap import screen_matrix

    target = Path(name if name.endswith(".svg") else name + ".svg")
    written = []
    pictures = screen_matrix(screen, network)
    for number, picture in enumerate(pictures, start=1):
        place = target if len(pictures) == 1 else target.with_stem(f"{target.stem}-{number}")
        write_file(place, picture)
        written.append(place.name)
    return written
