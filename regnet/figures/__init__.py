"""Figures: networks, attractors and screens as SVG text, for reports and for the screen.

Colour never stands alone: a sign is also an arrow head, a level is also a printed digit, a
knock-out is also a word. Text stays text, and every box is as wide as its label needs. A figure is
drawn with a `Theme`: `LIGHT` has plain colours, which every program reads; `ADAPTIVE` has CSS
variables, which follow the reader's light or dark mode inside a page that contains `stylesheet()`.
"""

from regnet.figures.courses import courses_figure
from regnet.figures.dose import dose_figure
from regnet.figures.heatmap import (
    MAX_COLUMNS,
    MAX_ROWS,
    attractor_heatmap,
    describe,
    screen_matrix,
)
from regnet.figures.network import MAX_DRAWN, network_figure, network_layout
from regnet.figures.pulses import PulseChart, pulse_charts, pulse_figure
from regnet.figures.theme import (
    ADAPTIVE,
    DARK,
    LIGHT,
    Theme,
    level_step,
    level_text,
    stylesheet,
)

__all__ = [
    "ADAPTIVE", "DARK", "LIGHT", "MAX_COLUMNS", "MAX_DRAWN", "MAX_ROWS", "PulseChart", "Theme",
    "attractor_heatmap", "courses_figure", "describe", "dose_figure", "level_step", "level_text",
    "network_figure", "network_layout", "pulse_charts", "pulse_figure", "screen_matrix",
    "stylesheet",
]  # fmt: skip
