"""Figures: networks, attractors and screens as SVG text, for reports and for the screen.

Colour never stands alone: a sign is also an arrow head, a level is also a printed digit, a
knock-out is also a word. Text stays text, and every box is as wide as its label needs. A figure is
drawn with a `Theme`: `LIGHT` has plain colours, which every program reads; `ADAPTIVE` has CSS
variables, which follow the reader's light or dark mode inside a page that contains `stylesheet()`.
"""
