"""What the window paints of a drawing is what its SVG shows, mark by mark."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from gui.widgets import exports, marks
from regnet.figures.marks import (
    Area,
    Curve,
    Dot,
    Drawing,
    Group,
    Line,
    Mark,
    Rect,
    Text,
    elided,
    hatched_box,
    hatching,
)
from regnet.layout import text_width

MARKS: tuple[Mark, ...] = (
    Rect(20, 10, 60, 30, "level-6", "ink", 2.0),
    Rect(20, 10, 60, 30, "dual", corner=8, opacity=0.4),
    Line(((10, 10), (90, 40), (95, 15)), "minus", 2.0, (8, 4)),
    Area(((10, 45), (60, 5), (95, 45)), "plus", 0.25),
    Curve(((5.0, 5.0), (30.0, 60.0), (60.0, -10.0), (95.0, 45.0)), "minus", 3.0, (8, 4)),
    Group((Rect(10, 10, 60, 30, "ink"),), opacity=0.4),
    Dot(50, 25, 15, "free", "ink", 1.5),
    Text(50, 25, "window", "ink", 16, bold=True),
    Text(95, 25, "42", "muted", 16, "end"),
    Text(50, 45, "LIF", "ink", 16, "start", turned=True),
    Group((Rect(0, 0, 20, 20, "ink"),), 40, 15, "a note"),
    Group(tuple(hatched_box(0, 0, 60, 30)), 10, 10),
)


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: type(mark).__name__)
def test_that_a_mark_looks_the_same_in_the_window_and_in_a_report(qtbot: QtBot, mark: Mark) -> None:
    drawing = Drawing(100, 50, (mark,), "a mark")
    contents = marks.contents(drawing)
    painted, written = QImage(), QSvgRenderer(QByteArray(contents[".svg"]()))
    assert painted.loadFromData(contents[".png"]())
    expected = QImage()
    whole = QRectF(0, 0, 100, 50)
    picture = exports.as_png(whole.size(), lambda painter: written.render(painter, whole))
    assert expected.loadFromData(picture)
    assert painted.size() == expected.size()
    assert any(painted.pixel(x, y) != 0xFFFFFFFF for x in range(200) for y in range(100))
    far = [
        (x, y)
        for x in range(200)
        for y in range(100)
        if abs(painted.pixelColor(x, y).lightness() - expected.pixelColor(x, y).lightness()) > 90
    ]
    assert len(far) < 200 * 100 * 0.005  # edges may be smoothed in another way


def test_that_hatching_stays_within_its_polygon() -> None:
    corners = ((0.0, 0.0), (40.0, 10.0), (20.0, 12.0), (0.0, 30.0))
    for angle in (0.0, 45.0, 90.0, 135.0):
        lines = hatching(corners, "hatch", angle=angle)
        assert lines
        for line in lines:
            assert isinstance(line, Line)
            for x, y in line.points:
                assert -1e-6 <= x <= 40 + 1e-6
                assert -1e-6 <= y <= 30 + 1e-6
                if x > 20:  # right of the notch only the narrow tip is left
                    assert y <= 12 + 1e-6


def test_that_an_elided_text_fits() -> None:
    for room in (20.0, 60.0, 300.0):
        assert text_width(elided("hepatocyte proliferation", 12, room), 12) <= room
    assert elided("LIF", 12) == "LIF"
