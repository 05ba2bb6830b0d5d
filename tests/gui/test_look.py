"""Check boxes: seen on every theme, ticked or not."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from gui.widgets import style


@pytest.mark.parametrize("name", list(style.THEMES))
@pytest.mark.parametrize("ticked", [False, True])
def test_that_a_check_box_stands_out(
    qtbot: QtBot, qapp: QApplication, name: str, ticked: bool
) -> None:
    style.put_on(name)
    try:
        box = QCheckBox()
        qtbot.addWidget(box)
        box.setChecked(ticked)
        image = box.grab().toImage()
        shades = [
            image.pixelColor(x, y).lightness()
            for x in range(image.width())
            for y in range(image.height())
        ]
        assert max(shades) - min(shades) > 90
    finally:
        style.put_on("light")
