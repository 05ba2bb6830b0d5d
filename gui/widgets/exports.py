"""Exports: the content of a panel, saved as a table, drawing or picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.model.document import Document
from regnet.errors import RegnetError
from regnet.formats import write_file

Contents: TypeAlias = Mapping[str, Callable[[], str | bytes]]
"""The function that makes each kind of file, by extension: ``{".csv": .., ".svg": .., ".png":
..}``."""

_WORDS = {".csv": "Table", ".svg": "Drawing", ".png": "Picture"}


def ask(
    parent: QWidget,
    document: Document,
    stem: str,
    contents: Contents,
    share: Callable[[], str] = str,
) -> None:
    """Ask for a file and save to it; `share` describes the exported part, if it is not all."""
    kinds = ";;".join(f"{_WORDS[ending]} (*{ending})" for ending in contents)
    first = next(iter(contents))
    name, kind = QFileDialog.getSaveFileName(parent, "Export", stem + first, kinds)
    if not name:
        return
    path = Path(name)
    chosen = next((e for e in contents if f"*{e})" in kind), first)
    save(document, path if path.suffix else path.with_suffix(chosen), contents, share)


def save(
    document: Document, path: Path, contents: Contents, share: Callable[[], str] = str
) -> bool:
    """Save to a file in the format of its extension; errors become a message."""
    make = contents.get(path.suffix.lower())
    if make is None:
        endings = ", ".join(contents)
        document.say(f"{path.name} cannot be written: the available formats are {endings}")
        return False
    try:
        write_file(path, make())
    except RegnetError as error:
        document.say(error)
        return False
    part = share()
    document.say(f"saved {path.name}" + (f": {part}" if part else ""), "info")
    return True


# --- drawings --------------------------------------------------------------------------------

_LARGEST_PICTURE = 16_000  # pixels; larger pictures exhaust the memory


def as_svg(size: QSizeF, title: str, paint: Callable[[QPainter], None]) -> bytes:
    """Return the painting of a function as SVG, with text kept as text."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    generator.setSize(size.toSize())
    generator.setViewBox(QRectF(QPointF(), size))
    generator.setTitle(title)
    painter = QPainter(generator)
    paint(painter)
    painter.end()
    buffer.close()
    return bytes(data.data())


def as_png(size: QSizeF, paint: Callable[[QPainter], None], *, scale: float = 2.0) -> bytes:
    """Return the painting of a function as PNG, at twice its size unless that is too large."""
    scale = min(scale, _LARGEST_PICTURE / max(size.width(), size.height(), 1))
    image = QImage((size * scale).toSize(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.scale(scale, scale)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(data.data())
