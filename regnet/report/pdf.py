"""PDF: a report on A4 pages, figures as vectors, the same bytes for the same report."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from regnet.extras import extra
from regnet.figures.theme import LIGHT
from regnet.report.document import (
    Block,
    Cell,
    Facts,
    Figure,
    Level,
    Link,
    Report,
    Table,
    Text,
    anchor,
    captioned,
    numbered,
    spoken,
)
from regnet.version import VERSION

FAMILY = "DejaVu Sans"  # the first family that figures ask for; it has → ⊣ ∧ ∨ ¬ β ± ≥
BOLD = "DejaVu Sans-Bold"
_FONTS = Path(__file__).parents[1] / "templates" / "fonts"

HEADING = 90.0
"""Points that a figure leaves for a heading and a paragraph on its page."""

SHORT = 0.45
"""Tables up to this share of a page's height are not divided between two pages."""

LARGEST = 1.2
"""By how much a small drawing is enlarged at most; as it is read, a pixel is 0.75 points."""

NARROW, HALF = 0.6, 0.5
"""A drawing is enlarged until it fills this share of a line, or of the height of a page."""


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
        from reportlab.platypus import CondPageBreak, Paragraph, SimpleDocTemplate

        from regnet.report.pages import MARGIN, Contents, Mark, numbered_pages

    _register_fonts()
    report = numbered(report)
    styles = _styles()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=report.title,
        author=report.author,
        subject=report.subtitle,
        creator=f"regnet {VERSION}",
        invariant=1,
    )
    page = (document.width, document.height)
    story: list[Any] = [
        Paragraph(_escaped(report.title), styles["title"]),
        Paragraph(_escaped(report.subtitle), styles["note"]),
    ]
    for number, section in enumerate(report.sections):
        blocks = [_block(block, page, styles) for block in section.blocks]
        flowables = [flowable for block in blocks for flowable in block]
        room = min(_leading_height(flowables, document.width) + 40, 0.8 * document.height)
        heading = Paragraph(_escaped(section.title), styles["heading"])
        story += [CondPageBreak(room), Mark(section.key, section.title), heading, *flowables]
        if number == 0 and len(report.sections) > 3:
            story.append(Contents(report, styles))
    document.build(story, canvasmaker=numbered_pages(report, FAMILY, BOLD))
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
        "caption": style("caption", 8, spaceBefore=4, spaceAfter=4),
        "cell": style("cell", 7.5, leading=10),
        "head": style("head", 7.5, leading=10, fontName=BOLD),
    }


def _leading_height(flowables: Sequence[Any], width: float) -> float:
    """Return how much room is needed below a heading: some text, and the start of what follows."""
    from reportlab.platypus import Paragraph

    height = 0.0
    for flowable in flowables:
        if not isinstance(flowable, Paragraph):
            return height + float(getattr(flowable, "height", 40.0) or 40.0)
        height += flowable.wrap(width, 1e6)[1] + flowable.getSpaceAfter()
        if height > HEADING:
            break
    return height


def _block(block: Block, page: tuple[float, float], styles: dict[str, Any]) -> list[Any]:
    from reportlab.platypus import CondPageBreak, Paragraph

    from regnet.report.pages import Mark

    match block:
        case Text():
            return [Paragraph(_told(block), styles[block.weight])]
        case Facts(items):
            rows = tuple((name, value) for name, value in items)
            return [_table((), rows, (0.22, 0.78), page, styles, lines=False)]
        case Table(head, rows, widths):
            table = _table(head, rows, widths, page, styles, lines=True)
            caption = Paragraph(_caption(block), styles["caption"])
            heights = table._rowHeights
            total = sum(heights)
            first = total if total < SHORT * page[1] else sum(heights[:4])
            room = min(caption.wrap(page[0], 1e6)[1] + first + 8, page[1] - 20)
            return [CondPageBreak(room), Mark(anchor(block.label)), caption, table]
        case Figure():
            return _figure(block, page, styles)


def drawn(figure: Figure, page: tuple[float, float], room: float) -> Any:
    """Return the drawing of a figure in the size that it has on a page, with some height left."""
    from svglib.svglib import svg2rlg

    drawing = svg2rlg(io.StringIO(figure.plain))
    width, height = drawing.width, drawing.height
    larger = min(LARGEST, NARROW * page[0] / width, HALF * page[1] / height)
    scale = min(max(1.0, larger), page[0] / width, room / height)
    drawing.scale(scale, scale)
    drawing.width, drawing.height = width * scale, height * scale
    drawing.hAlign = "LEFT"
    return drawing


def _figure(figure: Figure, page: tuple[float, float], styles: dict[str, Any]) -> list[Any]:
    from reportlab.platypus import KeepTogether, Paragraph

    from regnet.report.pages import Mark

    caption = Paragraph(_caption(figure), styles["caption"])
    drawing = drawn(figure, page, page[1] - caption.wrap(*page)[1] - HEADING)
    both = KeepTogether([Mark(anchor(figure.label)), drawing, caption])
    both.height = drawing.height + caption.height + 12
    return [both]


def _table(
    head: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    widths: Sequence[float],
    page: tuple[float, float],
    styles: dict[str, Any],
    *,
    lines: bool,
) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import LongTable, Paragraph, TableStyle

    total = sum(widths)
    cells = [[Paragraph(_escaped(text), styles["head"]) for text in head]] if head else []
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
        colWidths=[page[0] * w / total for w in widths],
        repeatRows=1 if head else 0,
        hAlign="LEFT",
        spaceAfter=8,
    )
    table.setStyle(TableStyle(look))
    table.wrap(*page)
    table.splitInRow = int(max(table._rowHeights) > page[1] - 80)  # else between rows alone
    return table


def _escaped(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br/>")


def _told(text: Text) -> str:
    words, mentions, end = spoken(text)
    links = ", ".join(
        f'<a href="#{anchor(to)}" color="{LIGHT["plus"]}">{told}</a>' for told, to in mentions
    )
    return f"{_escaped(words)} ({links}){end}" if links else _escaped(words)


def _caption(block: Table | Figure) -> str:
    return f"<b>{block.label}.</b> {_escaped(captioned(block))}"


def _markup(cell: Cell) -> str:
    match cell:
        case Link(text, url):
            return f'<a href="{escape(url)}" color="{LIGHT["plus"]}">{_escaped(text)}</a>'
        case Level(text, step, meaning):
            ink = LIGHT["free-ink" if step is None else f"ink-{step}"]
            small = f'<br/><font size="6.5">{_escaped(meaning)}</font>' if meaning else ""
            return f'<font color="{ink}"><b>{_escaped(text)}</b>{small}</font>'
        case _:
            return _escaped(cell)
