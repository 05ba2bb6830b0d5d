"""The drawing of a network as a file, with its caption above and its legend below."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QRectF,
    Qt,
)
from PySide6.QtGui import (
    QImage,
    QPageSize,
    QPainter,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator

from gui.panels.network.canvas import NetworkScene
from gui.widgets.marks import paint
from gui.widgets.style import drawing_font, lent, theme
from regnet.errors import RegnetError
from regnet.figures.marks import Key, legend
from regnet.formats import write_file


def save(scene: NetworkScene, caption: str, keys: list[Key], path: Path) -> None:
    """Save a drawing, with its caption and legend, in the format of the file extension.

    Raises
    ------
    RegnetError
        If the file cannot be written or its extension is not .svg, .pdf or .png.
    """
    ending = path.suffix.lower()
    if ending not in (".svg", ".pdf", ".png"):
        raise RegnetError(f"{path.name}: a drawing is saved as .svg, .pdf or .png")
    try:
        with lent("safe" if theme().name.startswith("safe") else "light"):
            scene.recolour(on_paper=True)
            data = rendered(scene, caption, keys, ending)
    finally:
        scene.recolour()
    write_file(path, data)


def rendered(scene: NetworkScene, caption: str, keys: list[Key], ending: str) -> bytes:
    """Return a drawing with its caption above and its legend below, as the bytes of a file."""
    box = scene.drawing_rect
    width = max(box.width(), 420.0)
    below, height = legend(keys, 12, box.height() + 34, width - 24)
    size = QRectF(0, 0, width, box.height() + 34 + height)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image: QImage | None = None
    device: QSvgGenerator | QPdfWriter | QImage
    scale = 1.0
    if ending == ".svg":
        device = QSvgGenerator()
        device.setOutputDevice(buffer)
        device.setSize(size.size().toSize())
        device.setViewBox(size)
        device.setTitle(caption)
    elif ending == ".pdf":
        device = QPdfWriter(buffer)
        device.setResolution(72)
        device.setPageSize(QPageSize(size.size(), QPageSize.Unit.Point))
        device.setPageMargins(QMarginsF(0, 0, 0, 0))
        device.setTitle(caption)
    else:
        scale = min(2.0, 12000 / max(size.width(), size.height()))
        image = device = QImage((size.size() * scale).toSize(), QImage.Format.Format_RGB32)
        image.fill(theme()["paper"])
    painter = QPainter(device)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(scale, scale)
    painter.setPen(theme()["ink"])
    painter.setFont(drawing_font(13, bold=True))
    painter.drawText(QRectF(12, 6, width - 24, 24), Qt.AlignmentFlag.AlignVCenter, caption)
    place = QRectF((width - box.width()) / 2, 34, box.width(), box.height())
    scene.render(painter, place, box)
    paint(painter, below)
    painter.end()
    if image is not None:
        image.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(data.data())
