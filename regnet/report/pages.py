"""Pages: what a PDF says of its pages: marks, contents, numbers, metadata.

Pages are kept until their number is known. Marks (of sections, tables and figures) are kept with
the page that they are on, and become places for links and bookmarks when it is written.
"""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFInfo, PDFString
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph

from regnet.figures.theme import LIGHT
from regnet.report.document import Report

MARGIN = 17 * mm

_LINE = 13.0  # height of a line of the contents


class Mark(Flowable):  # type: ignore[misc]
    """A place to which links lead, without a size of its own; a bookmark where it has a title."""

    width = height = 0.0

    def __init__(self, key: str, title: str = "") -> None:
        super().__init__()
        self.key, self.title = key, title

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return its size."""
        return 0.0, 0.0

    def draw(self) -> None:
        """Note the place on the page."""
        height = self.canv.absolutePosition(0, 0)[1]
        self.canv.marks.append((self.key, self.title, height + 14))


class Contents(Flowable):  # type: ignore[misc]
    """The sections with the numbers of their pages."""

    def __init__(self, report: Report, styles: dict[str, Any]) -> None:
        super().__init__()
        self.entries = [(section.key, section.title) for section in report.sections]
        self.styles = styles

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return its size."""
        self.width = width
        return width, _LINE * (len(self.entries) + 2)

    def draw(self) -> None:
        """Draw the titles; the numbers follow when they are known."""
        canvas = self.canv
        lines = ["<b>Contents</b>"]
        lines += [
            f'<a href="#{key}">{escape(title, quote=False)}</a>' for key, title in self.entries
        ]
        for row, line in enumerate(lines, start=1):
            height = _LINE * (len(self.entries) + 1 - row) + 4
            paragraph = Paragraph(line, self.styles["cell"])
            paragraph.wrap(self.width - 40, _LINE)
            paragraph.drawOn(canvas, 0, height)
            if row > 1:
                place = canvas.absolutePosition(self.width, height + paragraph.height - 7.5)
                canvas.listed.append((self.entries[row - 2][0], *place))


class _Info(PDFInfo):  # type: ignore[misc]
    """Metadata with the date of the report, or none: a report reads no clock."""

    moment = ""

    def format(self, document: Any) -> Any:
        """Return the metadata as the file holds them."""
        names = ("Title", "Author", "Subject", "Creator", "Producer")
        entries = {name: PDFString(getattr(self, name.lower())) for name in names}
        entries = {name: entry for name, entry in entries.items() if entry.s}
        if self.moment:
            entries["CreationDate"] = entries["ModDate"] = PDFString(self.moment)
        return PDFDictionary(entries).format(document)


def numbered_pages(report: Report, family: str, bold: str) -> type[Canvas]:
    """Return a canvas that writes footers, page numbers, bookmarks and metadata of a report.

    Parameters
    ----------
    report
        The report.
    family, bold
        Names of the only two fonts, both of which the file brings along.
    """

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "initialFontName": family})
            self.pages: list[dict[str, Any]] = []
            self._begin()
            self._doc.info = _Info()
            self._doc.info.moment = _moment(report.date)
            self.setViewerPreference("DisplayDocTitle", "true")

        def _begin(self) -> None:
            self.marks: list[tuple[str, str, float]] = []
            self.listed: list[tuple[str, float, float]] = []

        def setFont(self, psfontname: str, size: float, leading: float | None = None) -> None:
            """Use only fonts that the file brings along, whatever a drawing begins with."""
            super().setFont(psfontname if psfontname == bold else family, size, leading)

        def showPage(self) -> None:
            self.pages.append(dict(self.__dict__))
            self._startPage()
            self._begin()

        def save(self) -> None:
            pages = self.pages
            places = {
                key: number
                for number, page in enumerate(pages, start=1)
                for key, *_ in page["marks"]
            }
            for number, page in enumerate(pages, start=1):
                self.__dict__.update(page)
                self.setFillColor(HexColor(LIGHT["muted"]))
                self.setFont(family, 7.5)
                for key, x, y in self.listed:
                    self.drawRightString(x, y, str(places[key]))
                self.setFont(family, 7)
                self.drawString(MARGIN, 10 * mm, report.footer)
                last = f"page {number} of {len(pages)}"
                self.drawRightString(self._pagesize[0] - MARGIN, 10 * mm, last)
                for key, title, height in self.marks:
                    self.bookmarkHorizontal(key, 0, height)
                    if title:
                        self.addOutlineEntry(title, key)
                super().showPage()
            super().save()

    return Numbered


def _moment(text: str) -> str:
    """Return a date as a PDF writes it; empty where the text is none."""
    try:
        return f"D:{date.fromisoformat(text):%Y%m%d}000000Z"
    except ValueError:
        return ""
