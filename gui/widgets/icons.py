"""Icons: line drawings in the colour of the surrounding text.

Each is a drawing on a square of 24 units: the content of an SVG group with a line width of 1.7
units.
"""

# ruff: noqa: E501 - drawings do not wrap

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

_FILLED = 'fill="currentColor" stroke="none"'

_DRAWINGS = {
    "regnet": '<circle cx="6" cy="6" r="3"/><circle cx="18" cy="9" r="3"/>'
    '<circle cx="9" cy="18" r="3"/><path d="M9 6.8l6 1.4M16 11.3l-5 4.6M5 10.5l2 3.6"/>',
    "open": '<path d="M3 18V6h6l2 2h8v3"/><path d="M3 18l3-7h16l-3 7z"/>',
    "save": '<path d="M5 4h11l3 3v13H5z"/><path d="M8 4v5h7V4M8 20v-6h8v6"/>',
    "undo": '<path d="M8 5L4 9l4 4"/><path d="M4 9h10a5 5 0 0 1 0 10h-4"/>',
    "redo": '<path d="M16 5l4 4-4 4"/><path d="M20 9H10a5 5 0 0 0 0 10h4"/>',
    "run": f'<path d="M8 5l11 7-11 7z" {_FILLED}/>',
    "stop": f'<rect x="6" y="6" width="12" height="12" rx="1.5" {_FILLED}/>',
    "fit": '<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"/><rect x="9" y="9" width="6" height="6"/>',
    "layout": '<rect x="9" y="3" width="6" height="4" rx="1"/><rect x="3" y="17" width="6" height="4" '
    'rx="1"/><rect x="15" y="17" width="6" height="4" rx="1"/><path d="M12 7v5M6 17v-5h12v5"/>',
    "find": '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5.5 5.5"/>',
    "add": '<path d="M12 5v14M5 12h14"/>',
    "remove": '<path d="M5 12h14"/>',
    "close": '<path d="M7 7l10 10M17 7L7 17"/>',
    "copy": '<rect x="8" y="8" width="12" height="12" rx="1.5"/><path d="M16 8V4H4v12h4"/>',
    "fold": '<path d="M4 4h16v5H4z"/><path d="M12 20v-8M8.5 15.5L12 12l3.5 3.5"/>',
    "rename": '<path d="M4 20l1-4L16 5l3 3L8 19z"/><path d="M14 7l3 3"/>',
    "delete": '<path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5"/>',
    "export": '<path d="M12 15V4M8 8l4-4 4 4"/><path d="M5 13v7h14v-7"/>',
    "legend": '<rect x="4" y="5" width="4" height="4"/><rect x="4" y="15" width="4" height="4"/>'
    '<path d="M11 7h9M11 17h9"/>',
    "map": '<rect x="3" y="5" width="18" height="14" rx="1.5"/><rect x="12" y="11" width="6" height="5"/>',
    "hide": '<path d="M3 12c4-7 14-7 18 0-4 7-14 7-18 0z"/><path d="M5 20L19 4"/>',
    "show": '<path d="M3 12c4-7 14-7 18 0-4 7-14 7-18 0z"/><circle cx="12" cy="12" r="2.6"/>',
    "clear": '<path d="M8 19l-4-4L14 5l6 6-8 8z"/><path d="M9 10l6 6M8 19h12"/>',
    "select": f'<path d="M6 4l12 8-6 1-3 6z" {_FILLED}/>',
    "draw-plus": f'<path d="M4 12h11"/><path d="M14 7l7 5-7 5z" {_FILLED}/>',
    "draw-minus": '<path d="M4 12h14M18 6v12"/>',
    "draw-dual": f'<path d="M4 12h5M19 6v12"/><path d="M8 7l7 5-7 5z" {_FILLED}/>',
    "collapse": '<rect x="4" y="8" width="16" height="8" rx="1"/><path d="M9 3l3 3 3-3M9 21l3-3 3 3"/>',
    "expand": '<rect x="4" y="9" width="16" height="6" rx="1"/><path d="M9 6l3-3 3 3M9 18l3 3 3-3"/>',
    "knock-out": '<circle cx="12" cy="12" r="8"/><path d="M6.4 17.6L17.6 6.4"/>',
    "more": f'<circle cx="5" cy="12" r="1.7" {_FILLED}/><circle cx="12" cy="12" r="1.7" {_FILLED}/>'
    f'<circle cx="19" cy="12" r="1.7" {_FILLED}/>',
    "theme": f'<circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 1 0 16z" {_FILLED}/>',
    "report": '<path d="M6 3h9l4 4v14H6z"/><path d="M9 11h7M9 15h7M15 3v4h4"/>',
    "compare": '<rect x="3" y="5" width="8" height="14"/><rect x="13" y="5" width="8" height="14"/>',
    "table": '<rect x="3" y="5" width="18" height="14"/><path d="M3 10h18M9 5v14M15 5v14"/>',
    "step": f'<path d="M6 5l9 7-9 7z" {_FILLED}/><path d="M18 5v14"/>',
    "back": f'<path d="M18 5l-9 7 9 7z" {_FILLED}/><path d="M6 5v14"/>',
    "pause": '<path d="M8 5v14M16 5v14"/>',
    "help": '<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 '
    f'1.8"/><circle cx="12" cy="16.8" r="1" {_FILLED}/>',
    "script": '<path d="M8 8l-4 4 4 4M16 8l4 4-4 4M14 5l-4 14"/>',
    "warning": f'<path d="M12 4l9 16H3z"/><path d="M12 10v5"/><circle cx="12" cy="17.5" r="1" {_FILLED}/>',
    "info": f'<circle cx="12" cy="12" r="9"/><path d="M12 11v6"/><circle cx="12" cy="7.8" r="1.1" {_FILLED}/>',
}
NAMES = tuple(_DRAWINGS)
_APP_PAPER, _APP_INK = "#14457f", "#ffffff"
_SIZES = (16, 18, 20, 40)  # sizes for tool bars, and for screens of twice the density


def icon(name: str, colour: QColor | None = None) -> QIcon:
    """Return an icon in the colour of button texts, or in another one."""
    palette = QGuiApplication.palette()
    ink = colour or palette.color(QPalette.ColorRole.ButtonText)
    pale = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_pixmap(name, size, ink), QIcon.Mode.Normal)
    made.addPixmap(_pixmap(name, _SIZES[-1], pale), QIcon.Mode.Disabled)
    return made


def app_icon() -> QIcon:
    """Return the icon of the app."""
    made = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(QPixmap.fromImage(_app_image(size)))
    return made


def app_svg() -> str:
    """Return the icon of the app as SVG."""
    drawing = _DRAWINGS["regnet"].replace("currentColor", _APP_INK)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="12.8" fill="{_APP_PAPER}"/>'
        f'<g transform="translate(7.7 7.7) scale(2.025)" fill="none" stroke="{_APP_INK}" '
        f'stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">{drawing}</g></svg>\n'
    )


def app_png(size: int) -> bytes:
    """Return the icon of the app as a square PNG of this width in pixels; needs no QApplication."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    _app_image(size).save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(data.data())


def _app_image(size: int) -> QImage:
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(app_svg().encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def _pixmap(name: str, size: int, colour: QColor) -> QPixmap:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, colour).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def _renderer(name: str, colour: QColor) -> QSvgRenderer:
    drawing = _DRAWINGS[name].replace("currentColor", colour.name())
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
        f'<g fill="none" stroke="{colour.name()}" stroke-width="1.7" stroke-linecap="round" '
        f'stroke-linejoin="round">{drawing}</g></svg>'
    )
    return QSvgRenderer(QByteArray(text.encode()))
