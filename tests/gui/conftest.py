"""What the tests of the window share: no screen, no traces in the home of whoever runs them."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_HOME = tempfile.TemporaryDirectory(prefix="regnet-tests-")
for _name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
    os.environ[_name] = os.path.join(_HOME.name, _name)

import gc  # noqa: E402
import shutil  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402

import pytest  # noqa: E402

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import QEvent  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402
from pytestqt.qtbot import QtBot  # noqa: E402

from gui.model.document import Document  # noqa: E402
from gui.model.runner import Runner  # noqa: E402
from gui.model.selection import Selection  # noqa: E402
from gui.shell.app import make_app  # noqa: E402
from gui.shell.main_window import MainWindow  # noqa: E402
from gui.shell.panels import PANELS  # noqa: E402
from regnet.formats import load  # noqa: E402
from regnet.network import Component, LogicalNetwork, Rule  # noqa: E402
from regnet.project import Project  # noqa: E402


def forget_changes(window: MainWindow) -> None:
    """Let a window be closed without a question."""
    window.document.stack.setClean()
    window.document.drafts.clear()


@pytest.fixture(scope="session")
def qapp_cls() -> object:
    """How pytest-qt makes the application: as we do."""
    return lambda _arguments: make_app()


@pytest.fixture(scope="session")
def qapp(qapp_cls: object) -> QApplication:
    """The application, with our theme."""
    app = QApplication.instance()
    return app if isinstance(app, QApplication) else make_app()


@pytest.fixture(autouse=True)
def _no_traces() -> Iterator[None]:
    """Forget settings and recovery files between tests."""
    yield
    app = QApplication.instance()
    if app is not None:  # windows of earlier tests go now, not some time
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        gc.freeze()  # what is left are modules and caches: no later collection looks at them again
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        shutil.rmtree(os.environ[name], ignore_errors=True)


@pytest.fixture(scope="session")
def liver(models: Path) -> Project:
    """The flagship model; like every project it never changes."""
    return load(models / "lif_lifr.toml")


@pytest.fixture
def toggle() -> Project:
    """Two genes that repress each other, with an input that helps one of them."""
    return Project(
        LogicalNetwork(
            (
                Component("S", top=2),
                Component("A", Rule.parse({1: "!B & S:2"}, {"S": 2})),
                Component("B", Rule.of("!A")),
            ),
            name="toggle",
        )
    )


@pytest.fixture
def document(qapp: QApplication) -> Document:
    """An empty document."""
    return Document()


@pytest.fixture
def selection(document: Document) -> Selection:
    """What is selected in it."""
    return Selection(document)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[Runner]:
    """A runner that leaves no process behind."""
    made = Runner()
    yield made
    made.close()


@pytest.fixture
def small_window(qtbot: QtBot) -> MainWindow:
    """The window with the panels about the network and its scenario only: it opens faster."""
    few = ("scenario-bar", "network", "components", "inputs", "scenarios", "inspector")
    made = MainWindow(panels=[panel for panel in PANELS if panel.key in few])
    qtbot.addWidget(made, before_close_func=forget_changes)
    made.show()
    return made


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    """The window, which closes without asking."""
    made = MainWindow()
    qtbot.addWidget(made, before_close_func=forget_changes)
    made.show()
    return made
