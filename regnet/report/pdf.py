"""PDF: a report on A4 pages, figures as vectors, the same bytes for the same report."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from regnet.extras import extra
from regnet.figures import LIGHT
from regnet.report.document import Block, Cell, Facts, Figure, Level, Link, Report, Table, Text

FAMILY = "DejaVu Sans"  # the first family that figures ask for; it has → ⊣ ∧ ∨ ¬ β ± ≥
BOLD = "DejaVu Sans-Bold"
_FONTS = Path(__file__).parents[1] / "templates" / "fonts"


def to_pdf(report: Report) -> bytes:
    """Return the report as PDF.

    Raises
    ------
    MissingPackageError
        If reportlab or svglib is not installed.
    """
    with extra("report"):
        import svglib  # noqa: F401  (figures need it, later)
        from reportlab.lib.pagesizes import A4
        from reportlab.lib.units import mm
        from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    _register_fonts()
    styles = _styles()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=17 * mm,
        rightMargin=17 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=report.title,
        author="",
        subject=report.subtitle,
        creator="regnet",
        invariant=1,
    )
    story: list[Any] = [
        Paragraph(_text(report.title), styles["title"]),
        Paragraph(_text(report.subtitle), styles["note"]),
        Spacer(1, 6),
    ]
    for section in report.sections:
        blocks = [_block(b, document.width, document.height, styles) for b in section.blocks]
        heading = Paragraph(_text(section.title), styles["heading"])
        story += _with_heading(heading, [flowable for block in blocks for flowable in block])
    document.build(story, canvasmaker=_numbered(report.footer))
    return out.getvalue()


def _register_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from svglib.fonts import register_font

    if FAMILY in pdfmetrics.getRegisteredFontNames():
        return
    register_font(FAMILY, str(_FONTS / "DejaVuSans.ttf"), rlgFontName=FAMILY)
    register_font(FAMILY, str(_FONTS / "DejaVuSans-Bold.ttf"), "bold", rlgFontName=BOLD)
    pdfmetrics.registerFontFamily(FAMILY, normal=FAMILY, bold=BOLD, italic=FAMILY, boldItalic=BOLD)


def _styles() -> dict[str, Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle

    ink, muted = HexColor(LIGHT["ink"]), HexColor(LIGHT["muted"])

    def style(name: str, size: float, **more: Any) -> ParagraphStyle:
        more = {"fontName": FAMILY, "leading": size * 1.4, "textColor": ink, **more}
        return ParagraphStyle(name, fontSize=size, **more)

    return {
        "title": style("title", 17, fontName=BOLD, spaceAfter=2),
        "heading": style("heading", 12, fontName=BOLD, spaceBefore=14, spaceAfter=5),
        "plain": style("plain", 9, spaceAfter=5),
        "lead": style("lead", 9.5, spaceAfter=6),
        "note": style("note", 8, textColor=muted, spaceAfter=5),
        "cell": style("cell", 7.5, leading=10),
        "head": style("head", 7.5, leading=10, fontName=BOLD),
    }


def _with_heading(heading: Any, flowables: list[Any]) -> list[Any]:
    """Keep a heading on the page of what follows it."""
    from reportlab.platypus import CondPageBreak

    height = getattr(flowables[0], "needs", 90.0) if flowables else 0.0
    return [CondPageBreak(height + 40), heading, *flowables]


def _block(block: Block, width: float, height: float, styles: dict[str, Any]) -> list[Any]:
    from reportlab.platypus import CondPageBreak, Paragraph

    match block:
        case Text(text, weight):
            return [Paragraph(_text(text), styles[weight])]
        case Facts(items):
            rows = tuple((name, value) for name, value in items)
            return [_table((), rows, (0.22, 0.78), width, styles, lines=False)]
        case Table(head, rows, widths, caption):
            table = _table(head, rows, widths, width, styles, lines=True)
            out = [CondPageBreak(110 if len(rows) > 3 else 60), table]
            return [*out, Paragraph(_text(caption), styles["note"])] if caption else out
        case Figure():
            return _figure(block, width, height, styles)


def _figure(figure: Figure, width: float, height: float, styles: dict[str, Any]) -> list[Any]:
    from reportlab.platypus import KeepTogether, Paragraph
    from svglib.svglib import svg2rlg

    drawing = svg2rlg(io.StringIO(figure.plain))
    scale = min(0.75, width / drawing.width, (height - 60) / drawing.height)
    drawing.scale(scale, scale)
    drawing.width, drawing.height = drawing.width * scale, drawing.height * scale
    drawing.hAlign = "LEFT"
    caption = Paragraph(_text(figure.caption), styles["note"])
    both = KeepTogether([drawing, caption])
    both.needs = drawing.height + 24
    return [both]


def _table(
    head: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    widths: Sequence[float],
    width: float,
    styles: dict[str, Any],
    *,
    lines: bool,
) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import LongTable, Paragraph, TableStyle

    total = sum(widths)
    cells = [[Paragraph(_text(text), styles["head"]) for text in head]] if head else []
    cells += [[Paragraph(_markup(cell), styles["cell"]) for cell in row] for row in rows]
    look: list[tuple[Any, ...]] = [
        ("FONTNAME", (0, 0), (-1, -1), FAMILY),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
    if lines:
        look.append(("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(LIGHT["grid"])))
    if head:
        look.append(("LINEBELOW", (0, 0), (-1, 0), 0.9, HexColor(LIGHT["line"])))
        look.append(("VALIGN", (0, 0), (-1, 0), "BOTTOM"))
    for y, row in enumerate(rows, start=1 if head else 0):
        for x, cell in enumerate(row):
            if isinstance(cell, Level):
                fill = LIGHT["free" if cell.step is None else f"level-{cell.step}"]
                look.append(("BACKGROUND", (x, y), (x, y), HexColor(fill)))
    table = LongTable(
        cells,
        colWidths=[width * w / total for w in widths],
        repeatRows=1 if head else 0,
        splitInRow=1,  # a cell may be taller than a page
        hAlign="LEFT",
        spaceAfter=4,
    )
    table.setStyle(TableStyle(look))
    return table


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br/>")


def _markup(cell: Cell) -> str:
    match cell:
        case Link(text, url):
            return f'<a href="{escape(url)}" color="{LIGHT["plus"]}">{_text(text)}</a>'
        case Level(text, step, meaning):
            ink = LIGHT["free-ink" if step is None else f"ink-{step}"]
            small = f'<br/><font size="6.5">{_text(meaning)}</font>' if meaning else ""
            return f'<font color="{ink}"><b>{_text(text)}</b>{small}</font>'
        case _:
            return _text(cell)


def _numbered(footer: str) -> Any:
    """Return a canvas class that writes the footer and "page x of y" once y is known."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "initialFontName": FAMILY})
            self.pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self.pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self.pages, start=1):
                self.__dict__.update(page)
                self.setFont(FAMILY, 7)
                self.setFillColor(HexColor(LIGHT["muted"]))
                self.drawString(17 * mm, 10 * mm, footer)
                last = f"page {number} of {len(self.pages)}"
                self.drawRightString(self._pagesize[0] - 17 * mm, 10 * mm, last)
                super().showPage()
            super().save()

    return Numbered
