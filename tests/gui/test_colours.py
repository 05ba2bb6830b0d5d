"""Colours can be told apart with every kind of eyes, and texts can be read, in every theme.

Distances are CIEDE2000 (Sharma, Wu & Dalal 2005, Color Res. Appl. 30:21, doi 10.1002/col.20070).
Eyes that lack a cone are simulated with the matrices of Machado, Oliveira & Fernandes 2009 for full
severity (IEEE Trans. Vis. Comput. Graph. 15:1291, doi 10.1109/TVCG.2009.113), on linear RGB.
Contrast is that of WCAG 2.1.
"""

from __future__ import annotations

from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

import pytest
from PySide6.QtGui import QColor

from gui.widgets import style
from gui.widgets.style import THEMES, Theme

Vector = tuple[float, float, float]

EYES: dict[str, tuple[Vector, Vector, Vector]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def _linear(colour: QColor) -> Vector:
    def one(v: float) -> float:
        return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4

    return one(colour.redF()), one(colour.greenF()), one(colour.blueF())


def _times(matrix: tuple[Vector, Vector, Vector], v: Vector) -> Vector:
    a, b, c = (sum(m * x for m, x in zip(row, v, strict=True)) for row in matrix)
    return a, b, c


def _lab(linear: Vector) -> Vector:
    """Return CIELAB coordinates under D65."""
    rgb = tuple(min(max(v, 0.0), 1.0) for v in linear)
    x, y, z = _times(
        (
            (0.4124564, 0.3575761, 0.1804375),
            (0.2126729, 0.7151522, 0.0721750),
            (0.0193339, 0.1191920, 0.9503041),
        ),
        (rgb[0], rgb[1], rgb[2]),
    )

    def f(t: float) -> float:
        return t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29

    fx, fy, fz = f(x / 0.95047), f(y), f(z / 1.08883)
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def ciede2000(one: Vector, other: Vector) -> float:
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (hypot(a1, b1) + hypot(a2, b2)) / 2
    g = 0.5 * (1 - sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = degrees(atan2(b1, a1)) % 360, degrees(atan2(b2, a2)) % 360
    turn = h2 - h1
    if c1 * c2 == 0:
        turn = 0.0
    elif abs(turn) > 180:
        turn -= 360 if turn > 0 else -360
    dl, dc, dh = l2 - l1, c2 - c1, 2 * sqrt(c1 * c2) * sin(radians(turn) / 2)
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    hm = h1 + h2
    if c1 * c2:
        hm = hm / 2 if abs(h1 - h2) <= 180 else (hm + (360 if hm < 360 else -360)) / 2
    t = (
        1
        - 0.17 * cos(radians(hm - 30))
        + 0.24 * cos(radians(2 * hm))
        + 0.32 * cos(radians(3 * hm + 6))
        - 0.20 * cos(radians(4 * hm - 63))
    )
    sl = 1 + 0.015 * (lm - 50) ** 2 / sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rt = -sin(radians(60 * exp(-(((hm - 275) / 25) ** 2)))) * 2 * sqrt(cm**7 / (cm**7 + 25**7))
    return sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh))


def distance(one: QColor, other: QColor, eyes: str) -> float:
    first, second = (_lab(_times(EYES[eyes], _linear(colour))) for colour in (one, other))
    return ciede2000(first, second)


def contrast(one: QColor, other: QColor) -> float:
    bright = sorted(
        sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), _linear(c), strict=True))
        for c in (one, other)
    )
    return (bright[1] + 0.05) / (bright[0] + 0.05)


@pytest.fixture(params=list(THEMES))
def theme(request: pytest.FixtureRequest) -> Theme:
    return style._theme(request.param)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1, 2), (50, 0, 0), 2.3669),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_that_distances_are_those_of_the_published_test_data(
    one: Vector, other: Vector, expected: float
) -> None:
    assert ciede2000(one, other) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("eyes", EYES)
def test_that_signs_can_be_told_apart(theme: Theme, eyes: str) -> None:
    for one, other in combinations(("plus", "minus", "dual"), 2):
        assert distance(theme[one], theme[other], eyes) >= 15, (one, other)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("top", [1, 2, 3])
def test_that_levels_can_be_told_apart(theme: Theme, eyes: str, top: int) -> None:
    shades = [theme.level(level, top)[0] for level in range(top + 1)]
    for level in range(top):
        assert distance(shades[level], shades[level + 1], eyes) >= 15, level
    for shade in shades:
        assert distance(shade, theme["free"], eyes) >= 15


@pytest.mark.parametrize("eyes", EYES)
def test_that_what_is_gained_and_lost_can_be_told_apart(theme: Theme, eyes: str) -> None:
    assert distance(theme["gained"], theme["lost"], eyes) >= 15


def test_that_texts_on_drawings_can_be_read(theme: Theme) -> None:
    pairs = [("ink", "paper"), ("ink", "node"), ("ink", "band"), ("free-ink", "free"),
             ("badge-ink", "badge"), ("badge", "paper"), ("muted", "paper"), ("muted", "node"),
             ("muted", "band"), ("good", "paper"), ("error", "paper"), ("warning", "paper"),
             ("ink", "warning-paper"), ("warning", "warning-paper"), ("error", "error-paper"),
             ("info", "info-paper"), ("ink", "info-paper"), ("ink", "error-paper")]  # fmt: skip
    for text, paper in pairs:
        assert contrast(theme[text], theme[paper]) >= 4.5, (text, paper)
    for top in (1, 2, 3, 5, 9):
        for level in range(top + 1):
            shade, ink = theme.level(level, top)
            assert contrast(ink, shade) >= 4.5, (level, top)


def test_that_lines_of_drawings_can_be_seen(theme: Theme) -> None:
    for role in ("plus", "minus", "dual", "selected", "gained", "lost", "ink", "line"):
        for paper in ("paper", "band"):
            assert contrast(theme[role], theme[paper]) >= 3, (role, paper)


@pytest.mark.parametrize("is_dark", [False, True])
def test_that_texts_of_the_window_can_be_read(is_dark: bool) -> None:
    palette = style._palette(is_dark=is_dark)
    role = type(palette).ColorRole
    for text, paper in (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button),
        (role.HighlightedText, role.Highlight),
        (role.ToolTipText, role.ToolTipBase),
        (role.PlaceholderText, role.Base),
        (role.Link, role.Base),
    ):
        assert contrast(palette.color(text), palette.color(paper)) >= 4.5, (text, paper)
    muted = style._theme("dark" if is_dark else "light")["muted"]
    assert contrast(muted, palette.color(role.Window)) >= 4.5, "hints and empty panels"
    assert contrast(palette.color(role.Accent), palette.color(role.Window)) >= 3
