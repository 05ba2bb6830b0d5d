"""Theme: the colours of figures and reports by role, in light and in dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from regnet.space import Range

STEPS = 12
"""The level ramp has this many steps from level 0 to the highest level."""

# The signs differ by at least 20 CIEDE2000 units in normal, deutan, protan and tritan vision.
_LIGHT = {
    "paper": "#ffffff",
    "ink": "#1d2733",
    "muted": "#5b6775",
    "line": "#838d99",
    "grid": "#d5dbe2",
    "band": "#f4f6f8",
    "band-line": "#c9d1da",
    "node": "#ffffff",
    "plus": "#005c46",
    "minus": "#e0561a",
    "dual": "#6a4fc9",
    "free": "#f2c14e",
    "hatch": "#c4912a",
    "free-ink": "#1d2733",
    "varies": "#e3e7ec",
    "changed": "#c65100",
    "gained": "#0b63c5",
    "lost": "#c65100",
    "window": "#e8f1fb",
    "window-line": "#1659a8",
    "badge": "#1d2733",
    "badge-ink": "#ffffff",
}
_DARK = {
    "paper": "#1e1f22",
    "ink": "#e6e9ed",
    "muted": "#a3adb9",
    "line": "#7d8896",
    "grid": "#3b414a",
    "band": "#25282d",
    "band-line": "#434a54",
    "node": "#2b2f36",
    "plus": "#7df0d4",
    "minus": "#f2692b",
    "dual": "#a994f5",
    "free": "#f2c14e",
    "hatch": "#b9862a",
    "free-ink": "#1d2733",
    "varies": "#4a525d",
    "changed": "#ff9d5c",
    "gained": "#7fb8f5",
    "lost": "#ff9d5c",
    "window": "#22354b",
    "window-line": "#7fb8f5",
    "badge": "#e6e9ed",
    "badge-ink": "#1e1f22",
}
_RAMP_LIGHT = ("#f3f6fa", "#78aedc", "#14457f")
_RAMP_DARK = ("#31363e", "#3f79b5", "#bfe0ff")


class Theme:
    """Colours by role, either plain or as CSS variables."""

    def __init__(self, colours: Mapping[str, str] | None = None) -> None:
        self._colours = colours

    def __getitem__(self, role: str) -> str:
        return f"var(--{role})" if self._colours is None else self._colours[role]


def _ramp(stops: Sequence[str]) -> dict[str, str]:
    """Return the colour of each step between level 0 and the top, and that of text on it."""
    roles = {}
    for step in range(STEPS + 1):
        at = step / STEPS * (len(stops) - 1)
        first = min(int(at), len(stops) - 2)
        pair = [[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops[first : first + 2]]
        mixed = [round(a + (b - a) * (at - first)) for a, b in zip(*pair, strict=True)]
        roles[f"level-{step}"] = "#{:02x}{:02x}{:02x}".format(*mixed)
        roles[f"ink-{step}"] = "#000000" if _luminance(mixed) > 0.179 else "#ffffff"
    return roles


def _luminance(channels: Sequence[int]) -> float:
    """Return the relative luminance of WCAG 2; above 0.179 black text reads better than white."""
    parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


_LIGHT |= _ramp(_RAMP_LIGHT)
_DARK |= _ramp(_RAMP_DARK)

ROLES = tuple(_LIGHT)
"""Every role that a colour can have."""

LIGHT = Theme(_LIGHT)
DARK = Theme(_DARK)
ADAPTIVE = Theme()


def stylesheet() -> str:
    """Return the CSS variables that figures drawn with `ADAPTIVE` need; paper is always light."""

    def variables(colours: Mapping[str, str]) -> str:
        return "".join(f"--{role}:{colour};" for role, colour in colours.items())

    return (
        f":root{{color-scheme:light dark;{variables(_LIGHT)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{variables(_DARK)}}}}}\n"
    )


def level_step(level: int, top: int) -> int:
    """Return the step of the level ramp, 0 to `STEPS`, that shows a level."""
    return round(STEPS * level / top)


def level_text(levels: Range) -> str:
    """Return a level, or a range, as figures and tables print it.

    >>> level_text((2, 2)), level_text((0, 2))
    ('2', '0–2')
    """
    low, high = levels
    return str(low) if low == high else f"{low}–{high}"
