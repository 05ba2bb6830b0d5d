"""Terms: tool tips from the glossary, on every label of the window that is a term of it."""

from __future__ import annotations

import re
import textwrap

from PySide6.QtWidgets import QAbstractButton, QLabel, QTabWidget, QWidget

from regnet.glossary import meaning_of

_WIDTH = 70  # characters of a line


def with_meaning(tip: str, term: str) -> str:
    """Return a tool tip, followed by the meaning of a term on lines of its own, if it has one."""
    meaning = textwrap.fill(meaning_of(term), _WIDTH)
    return "\n".join(part for part in (tip, meaning) if part)


def explain_terms(window: QWidget) -> None:
    """Add the meaning of terms to the tool tips of labels, buttons and tabs."""
    for tabs in window.findChildren(QTabWidget):
        for number in range(tabs.count()):
            tip = with_meaning(tabs.tabToolTip(number), _term(tabs.tabText(number)))
            tabs.setTabToolTip(number, tip)
    texts: list[QLabel | QAbstractButton] = [
        *window.findChildren(QLabel), *window.findChildren(QAbstractButton)
    ]  # fmt: skip
    for widget in texts:
        if term := _term(widget.text()):
            widget.setToolTip(with_meaning(widget.toolTip(), term))


def _term(text: str) -> str:
    return re.sub(r"<[^>]*>|&nbsp;|&|:$", "", text).strip()
