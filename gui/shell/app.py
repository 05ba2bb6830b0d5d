"""The app: starts Qt, opens the window, and handles uncaught exceptions."""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QPointF, QTimer
from PySide6.QtWidgets import QApplication

from gui.shell.main_window import MainWindow
from gui.shell.settings import Settings
from gui.widgets import style
from gui.widgets.fusion import Look
from gui.widgets.icons import app_icon
from regnet import __version__, examples
from regnet.errors import RegnetError
from regnet.jobs import warm_up

PRELOADED = (
    "regnet.analysis.screen",
    "regnet.report",
    "networkx",
    "numpy",
    "clingo",
    "biodivine_aeon",
)
"""Modules preloaded in worker processes; the process of the window imports no solver."""


def run(model: str | Path | None = None, arguments: Sequence[str] = ()) -> int:
    """Show the window, with a model if one is given, until it is closed; return the exit code.

    Raises
    ------
    RegnetError
        If this PySide6 would abort Python.
    """
    check_pyside()
    warm_up(*PRELOADED)
    app = make_app(arguments)
    window = MainWindow()
    sys.excepthook = _Hook(window)
    window.show()

    def begin() -> None:
        if model is not None and examples.is_name(str(model)):
            window.files.open_example(examples.path(str(model)))
        elif model is not None:
            window.open(model)
        window.files.offer_recovery()

    QTimer.singleShot(0, begin)
    code = app.exec()
    window.runner.close()
    return code


def make_app(arguments: Sequence[str] = ()) -> QApplication:
    """Return the Qt application, with the theme and icon of regnet."""
    app = QApplication(["regnet", *arguments])
    app.setApplicationName("regnet")
    app.setApplicationDisplayName("regnet")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("regnet")
    app.setStyle(Look())
    _Collector(app)
    app.setWindowIcon(app_icon())
    style.put_on(Settings().get("theme") or style.preferred())
    return app


def check_pyside() -> None:
    """Raise if PySide6 loses a reference to None with every call, as version 6.12.0 does.

    Before Python 3.12 the interpreter aborts when None has lost its last reference.
    """
    if sys.version_info >= (3, 12):
        return
    point = QPointF()
    before = sys.getrefcount(None)
    for _ in range(50):
        point.setX(1.0)
    if before - sys.getrefcount(None) >= 40:
        import PySide6

        raise RegnetError(
            f"PySide6 {PySide6.__version__} makes Python {sys.version.split()[0]} abort; "
            "install another one: pip install 'pyside6-essentials<6.12'"
        )


class _Collector(QObject):
    """Collects garbage in the thread of the window only.

    Python may start a collection in any thread, and destroying Qt objects in the wrong thread
    crashes the process.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._thresholds = gc.get_threshold()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(1000)

    def _collect(self) -> None:
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return


class _Hook:
    """Reports uncaught exceptions in the message bar, with the traceback in the terminal."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def __call__(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
            return
        traceback.print_exception(kind, error, trace)
        if isinstance(error, RegnetError):
            self._window.document.say(error)
        else:
            self._window.document.say(f"internal error: {kind.__name__}: {error}")
