"""Exports: what a panel shows, saved as a table, a drawing or a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from PySide6.QtWidgets import QFileDialog, QWidget

from gui.document import Document
from regnet.errors import RegnetError
from regnet.formats import write_file

Contents: TypeAlias = Mapping[str, Callable[[], str | bytes]]
"""How each kind of file is made, by its ending: ``{".csv": .., ".svg": .., ".png": ..}``."""

_WORDS = {".csv": "Table", ".svg": "Drawing", ".png": "Picture"}


def ask(parent: QWidget, document: Document, stem: str, contents: Contents) -> None:
    """Ask for a file and save into it."""
    kinds = ";;".join(f"{_WORDS[ending]} (*{ending})" for ending in contents)
    first = next(iter(contents))
    name, kind = QFileDialog.getSaveFileName(parent, "Export", stem + first, kinds)
    if not name:
        return
    path = Path(name)
    chosen = next((e for e in contents if f"*{e})" in kind), first)
    save(document, path if path.suffix else path.with_suffix(chosen), contents)


def save(document: Document, path: Path, contents: Contents) -> bool:
    """Save into a file whose ending says as what; trouble becomes a message."""
    make = contents.get(path.suffix.lower())
    if make is None:
        endings = ", ".join(contents)
        document.say(f"{path.name} cannot be written: this is exported as {endings}")
        return False
    try:
        write_file(path, make())
    except RegnetError as error:
        document.say(error)
        return False
    document.say(f"saved {path.name}", "info")
    return True
