"""Monkey: random user actions through the real widgets of the window, each drawn with a seed.

Faults are uncaught exceptions, "internal error" messages, Qt warnings, a project that is not equal
after it was saved and read again, an undo of everything that does not end at the first project, a
redo that does not come back, and open files that grow.

    python -m tests.gui.monkey [MODEL ...] [--actions 4000] [--seed 1]

Each model is tried in a process of its own. Actions are chosen by seed only, but what workers have
answered by then is not: a fault is told with the last actions before it.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QAction, QContextMenuEvent, QDesktopServices, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QGraphicsView,
    QLineEdit,
    QListView,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QSlider,
    QTextEdit,
    QWidget,
)

from gui.widgets import style

if TYPE_CHECKING:
    from gui.shell.main_window import MainWindow
    from regnet.project import Project

ROOT = Path(__file__).resolve().parents[2]
MODELS = (
    "models/lif_lifr.toml",
    "models/lif_lifr_extended.toml",
    "models/zoo/sahin_2009_erbb_g1s.toml",
    "models/zoo/zhang_2008_t_lgl_leukemia.toml",
    "models/zoo/remy_2015_bladder.toml",
)
"""Both liver models, and from the zoo a Boolean, a larger and a multi-valued one."""

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier
MODIFIERS = [PLAIN] * 5 + [
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
]
KEYS = tuple(
    "Delete Backspace Return Enter Escape Space Up Down Left Right Home End PageUp PageDown F2 F3 "  # noqa: SIM905
    "Tab Backtab K F C E H A L P R S 0 1 2 Plus Minus Slash Menu".split()
)
SUFFIXES = (".toml", ".bnet", ".json", ".sbml", ".svg", ".png", ".csv", ".pdf", ".py", ".cnet", "")
TEXTS = (
    "", "0", "1", "2", "99", "-1", "0.5", "1e308", "nan", "1..2", "(((", "x", "é 漢字 \u202e", "\\",
    "a" * 300, "<b>x</b>", "%s %n {0}", "../..", "New name", "PHx", "wild type", '"', "true",
    "http://x.y", "10.1038/nature12345", "0,25%,50%", "100000000", "3,2,1",
)  # fmt: skip
RULES = (
    "{0}", "{0} & !{1}", "{0} | {1}:2", "!{0}", "{0}=1", "{0} KO", "{0}=0, {1}=1", "{0}->{1}",
    "EF {0}", "AG !{0}", "EF ({0} & AG {1})", "{0}:1", "{0} # c", "{0} &",
)  # fmt: skip

_T = TypeVar("_T")
_W = TypeVar("_W", bound=QWidget)


class Monkey:
    """Does what users do, in any order, and writes down what goes wrong."""

    def __init__(self, window: MainWindow, folder: Path, seed: int) -> None:
        self.window = window
        self.folder = folder
        self.faults: list[str] = []
        self.recent: deque[str] = deque(maxlen=6)
        self.number = self.changes = 0
        self._random = random.Random(seed)
        self._first: Project | None = None
        self._told = ""
        window.document.reset.connect(self._forget_first)
        window.document.changed.connect(self._keep_first)
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._answer)
        self._timer.start(30)
        kinds: list[tuple[Callable[[], None], int]] = [
            (self._trigger, 14), (self._press, 14), (self._type, 12), (self._choose, 5),
            (self._spin, 3), (self._draw, 14), (self._keys, 6), (self._look, 14), (self._undo, 5),
            (self._arrange, 7), (self._wait, 3), (self._run, 5), (self._select, 4),
        ]  # fmt: skip
        self._kinds = [kind for kind, weight in kinds for _ in range(weight)]

    # --- faults ---

    def fault(self, kind: str, text: str) -> None:
        """Write a fault down, with what was done before it."""
        self.faults.append(
            f"{kind} at action {self.number}\n  " + "\n  ".join(self.recent) + f"\n{text}"
        )

    def do(self, actions: int) -> None:
        """Do a number of actions."""
        for _ in range(actions):
            self.number += 1
            self._guarded(self._pick(self._kinds))
            for _ in range(3):
                if QApplication.activePopupWidget() is not None:
                    self._guarded(self._pop)
            self._guarded(self.pump)
            said = self.window.messages.text
            if said != self._told and "internal error" in said.casefold():
                self.fault("INTERNAL ERROR", said)
            self._told = said

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except RuntimeError as error:  # the widget that was found is gone by now
            if "already deleted" not in str(error):
                self.fault("EXCEPTION", traceback.format_exc())
        except Exception:  # noqa: BLE001 (that is what is looked for)
            self.fault("EXCEPTION", traceback.format_exc())

    def pump(self, milliseconds: int = 0) -> None:
        """Let the window do what it has to do."""
        end = time.perf_counter() + milliseconds / 1000
        QApplication.processEvents()
        while time.perf_counter() < end:
            QApplication.processEvents()
            time.sleep(0.005)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def settle(self, seconds: float = 20) -> None:
        """Stop all jobs, and wait until nothing is left to do."""
        self.window.runner.stop_all()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.pump(50)
            if all(task.is_over for task in self.window.runner.tasks):
                break
        self.pump(100)
        gc.collect()

    def check_history(self) -> None:
        """Hold undo and redo to the first project and the last."""
        document = self.window.document
        last, at = document.project, document.stack.index()
        while document.stack.canUndo():
            self.window._undo.trigger()
        self.pump()
        if self._first is not None and document.project != self._first:
            self.fault("UNDO", f"other: {_parts(self._first, document.project)}")
        while document.stack.index() < at and document.stack.canRedo():
            self.window._redo.trigger()
        self.pump()
        if document.project != last:
            self.fault("REDO", f"other: {_parts(last, document.project)}")

    def check_saving(self) -> None:
        """Hold the file of a project to the project."""
        from regnet import formats

        project, path = self.window.document.project, self.folder / "check.toml"
        if not len(project.network):
            return  # the empty project has no file
        try:
            formats.save(project, path)
            read = formats.load(path)
        except Exception:  # noqa: BLE001 (that is what is looked for)
            self.fault("SAVING", traceback.format_exc())
            return
        if read != project:
            self.fault("SAVING", f"other: {_parts(project, read)}")

    def _forget_first(self) -> None:
        self._first = None

    def _keep_first(self, _before: Project, after: Project) -> None:
        self.changes += 1
        if self._first is None:
            self._first = after

    # --- choosing ---

    def _pick(self, choices: list[_T] | tuple[_T, ...]) -> _T:
        return self._random.choice(choices)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _say(self, text: str) -> None:
        self.recent.append(text[:300].replace("\n", "\\n"))

    def _seen(self, *kinds: type[_W]) -> list[_W]:
        return [
            widget
            for kind in kinds
            for widget in self.window.findChildren(kind)
            if widget.isVisible() and widget.isEnabled() and not widget.visibleRegion().isEmpty()
        ]

    def _text(self) -> str:
        if self._chance(0.5):
            return self._pick(TEXTS)
        names = list(self.window.document.network.names) or ["A"]
        return self._pick(RULES).format(self._pick(names), self._pick(names))

    def _spot(self, viewport: QWidget) -> QPoint:
        return QPoint(
            self._random.randrange(max(1, viewport.width())),
            self._random.randrange(max(1, viewport.height())),
        )

    # --- actions ---

    def _trigger(self) -> None:
        rare = {"&New", "&Open…", *style.THEMES.values()}
        actions = [
            action
            for action in self.window.findChildren(QAction)
            if action.isEnabled() and action.text() and not action.menu()
            if action.text() != "&Quit"
        ]
        action = self._pick(actions)
        if action.text() in rare and not self._chance(0.1):
            return
        self._say(f"action {action.text()!r}")
        action.trigger()

    def _press(self) -> None:
        buttons = self._seen(QAbstractButton)
        if buttons:
            button = self._pick(buttons)
            self._say(f"press {_named(button)}")
            QTest.mouseClick(button, LEFT)

    def _type(self) -> None:
        fields = self._seen(QLineEdit, QPlainTextEdit, QTextEdit)
        if not fields:
            return
        field, text = self._pick(fields), self._text()
        end = self._pick(("Return", "Return", "Tab", "Escape", "Down", ""))
        clear = self._chance(0.7)
        self._say(f"type {text!r}, {end or 'no key'}, into {_named(field)}, {clear=}")
        field.setFocus()
        if clear:
            QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClick(field, Qt.Key.Key_Delete)
        if not field.isReadOnly():
            _write(field, text[:60])
        self.pump()
        if end:
            QTest.keyClick(field, getattr(Qt.Key, f"Key_{end}"))

    def _choose(self) -> None:
        boxes = [box for box in self._seen(QComboBox) if box.count()]
        if boxes:
            box = self._pick(boxes)
            row = self._random.randrange(box.count())
            self._say(f"choose {box.itemText(row)!r} in {_named(box)}")
            box.setFocus()
            box.setCurrentIndex(row)
            box.activated.emit(row)

    def _spin(self) -> None:
        spinners = self._seen(QAbstractSpinBox, QSlider)
        if spinners:
            spinner = self._pick(spinners)
            self._say(f"spin {_named(spinner)}")
            spinner.setFocus()
            for _ in range(self._random.randrange(1, 6)):
                key = self._pick(("Up", "Down", "PageUp", "Home", "End"))
                QTest.keyClick(spinner, getattr(Qt.Key, f"Key_{key}"))

    def _draw(self) -> None:
        """Click, drag or turn the wheel on a drawing, mostly where something is."""
        views = self._seen(QGraphicsView)
        if not views:
            return
        view = self._pick(views)
        viewport = view.viewport()
        at = self._spot(viewport)
        scene = view.scene()
        items = [item for item in scene.items() if item.isVisible()] if scene else []
        if items and self._chance(0.75):
            place = view.mapFromScene(self._pick(items).sceneBoundingRect().center())
            at = place if viewport.rect().contains(place) else at
        self._mouse(viewport, at, self._pick(("click", "double", "menu", "drag", "wheel", "move")))

    def _look(self) -> None:
        """Click, edit or drag a row of a table or a list."""
        views = [view for view in self._seen(QAbstractItemView) if view.model() is not None]
        if not views:
            return
        view = self._pick(views)
        model, viewport = view.model(), view.viewport()
        rows = model.rowCount()
        columns = 1 if isinstance(view, QListView) else max(1, model.columnCount(view.rootIndex()))
        at = self._spot(viewport)
        if rows and self._chance(0.85):
            index = model.index(self._random.randrange(rows), self._random.randrange(columns))
            if self._chance(0.5):
                view.scrollTo(index)
            place = view.visualRect(index).center()
            at = place if viewport.rect().contains(place) else at
        kind = self._pick(("click", "click", "double", "menu", "drag", "edit"))
        self._mouse(viewport, at, "double" if kind == "edit" else kind)
        editor = QApplication.focusWidget()
        if kind == "edit" and isinstance(editor, QLineEdit) and viewport.isAncestorOf(editor):
            text = self._text()
            self._say(f"   write {text!r} into the cell")
            editor.selectAll()
            editor.insert(text[:80])
            QTest.keyClick(editor, Qt.Key.Key_Return)

    def _mouse(self, viewport: QWidget, at: QPoint, kind: str) -> None:
        modifier = self._pick(MODIFIERS)
        self._say(f"{kind} at {at.x()},{at.y()} on {_named(viewport.parentWidget() or viewport)}")
        if kind == "click":
            QTest.mouseClick(viewport, LEFT, modifier, at)
        elif kind == "double":
            QTest.mouseDClick(viewport, LEFT, modifier, at)
        elif kind == "move":
            QTest.mouseMove(viewport, at)
        elif kind == "menu":
            QTest.mouseClick(viewport, Qt.MouseButton.RightButton, modifier, at)
            reason = QContextMenuEvent.Reason.Mouse
            event = QContextMenuEvent(reason, at, viewport.mapToGlobal(at))
            QApplication.sendEvent(viewport, event)
        elif kind == "drag":
            QTest.mousePress(viewport, LEFT, modifier, at)
            for _ in range(3):
                at = self._spot(viewport)
                QTest.mouseMove(viewport, at)
                QApplication.processEvents()
            QTest.mouseRelease(viewport, LEFT, modifier, at)
        else:
            self._wheel(viewport, at, modifier)

    def _wheel(self, viewport: QWidget, at: QPoint, modifier: Qt.KeyboardModifier) -> None:
        for _ in range(self._random.randrange(1, 6)):
            turn = QPoint(0, self._pick((-120, 120)))
            event = QWheelEvent(
                QPointF(at), QPointF(viewport.mapToGlobal(at)), QPoint(), turn,
                Qt.MouseButton.NoButton, modifier, Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            QApplication.sendEvent(viewport, event)

    def _keys(self) -> None:
        widget = QApplication.focusWidget() or self.window
        keys = [self._pick(KEYS) for _ in range(self._random.randrange(1, 5))]
        modifier = self._pick(MODIFIERS)
        self._say(f"keys {' '.join(keys)} with {modifier.name} on {_named(widget)}")
        for key in keys:
            QTest.keyClick(widget, getattr(Qt.Key, f"Key_{key}"), modifier)

    def _undo(self) -> None:
        action = self._pick((self.window._undo, self.window._redo))
        times = self._random.randrange(1, 8)
        self._say(f"{action.text()} {times} times")
        for _ in range(times):
            action.trigger()
            self.pump()

    def _arrange(self) -> None:
        """Change tabs, or open, close and float panels."""
        tabs = self.window.tabs
        if self._chance(0.7) or not self.window.docks:
            row = self._random.randrange(tabs.count())
            self._say(f"tab {tabs.tabText(row)}")
            tabs.setCurrentIndex(row)
            return
        dock = self._pick(list(self.window.docks.values()))
        kind = self._pick(("close", "show", "show", "float"))
        self._say(f"{kind} {dock.windowTitle()}")
        if kind == "float":
            dock.setFloating(not dock.isFloating())
        else:
            dock.setVisible(kind == "show")

    def _wait(self) -> None:
        milliseconds = self._pick((20, 100, 300))
        self._say(f"wait {milliseconds} ms")
        self.pump(milliseconds)

    def _run(self) -> None:
        kind = self._pick(("run", "run", "stop all", "stop one"))
        self._say(kind)
        if kind == "run":
            self.window._run.trigger()
        elif kind == "stop all":
            self.window._stop.trigger()
        elif self.window.runner.active:
            self._pick(self.window.runner.active).stop()

    def _select(self) -> None:
        """Look at other components, or at another scenario."""
        project = self.window.document.project
        names = project.network.names
        if names and self._chance(0.7):
            chosen = {self._pick(names) for _ in range(self._random.randrange(4))}
            self._say(f"select {sorted(chosen)}")
            self.window.selection.select(sorted(chosen))
        else:
            name = self._pick(["", *(s.name for s in project.scenarios)])
            self._say(f"scenario {name!r}")
            self.window.selection.choose(name)

    # --- what opens by itself ---

    def _answer(self) -> None:
        """Answer a box that waits for an answer."""
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            self._pick(box.buttons()).click()
        elif box is not None:
            self.fault("DIALOGUE", f"unexpected: {box}")
            box.close()
        elif QApplication.activePopupWidget() is not None:
            self._guarded(self._pop)

    def _pop(self) -> None:
        """Take something from an open menu or list, or close it."""
        popup = QApplication.activePopupWidget()
        if popup is None:
            return
        if not isinstance(popup, QMenu):
            if self._chance(0.5):
                QTest.keyClick(popup, Qt.Key.Key_Return)
            popup.close()
            return
        actions = [
            action
            for action in popup.actions()
            if action.isEnabled() and not action.isSeparator() and not action.menu()
            if action.text() != "&Quit"
        ]
        if actions and self._chance(0.75):
            action = self._pick(actions)
            self._say(f"   take {action.text()!r}")
            popup.setActiveAction(action)
            QTest.keyClick(popup, Qt.Key.Key_Return)
        else:
            popup.close()


def _named(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName() or widget.objectName()!r}"


def _write(field: QLineEdit | QPlainTextEdit | QTextEdit, text: str) -> None:
    for letter in text:
        if " " <= letter <= "~":
            QTest.keyClicks(field, letter)
        elif isinstance(field, QLineEdit):
            field.insert(letter)
        else:
            field.insertPlainText(letter)


def _parts(one: Project, other: Project) -> str:
    names = one.__dataclass_fields__
    return ", ".join(name for name in names if getattr(one, name) != getattr(other, name))


@contextmanager
def watched(monkey: Monkey) -> Iterator[None]:
    """Give file dialogues to a monkey, and have all exceptions and Qt warnings told to it."""
    hooks = sys.excepthook, sys.unraisablehook

    def uncaught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        monkey.fault("UNCAUGHT", "".join(traceback.format_exception(kind, error, trace)))

    def unraisable(given: sys.UnraisableHookArgs) -> None:
        monkey.fault("UNRAISABLE", f"{given.exc_type}: {given.exc_value} in {given.object}")

    def warn(kind: QtMsgType, _context: object, text: str) -> None:
        if "This plugin does not support" not in text:
            monkey.fault("QT", f"{kind.name}: {text}\n" + "".join(traceback.format_stack()[-8:-1]))

    def save_name(*_: object, **__: object) -> tuple[str, str]:
        name = f"out{monkey._random.randrange(6)}{monkey._pick(SUFFIXES)}"
        return (str(monkey.folder / name) if monkey._chance(0.8) else "", "")

    def open_name(*_: object, **__: object) -> tuple[str, str]:
        files = sorted(str(path) for path in monkey.folder.iterdir() if path.is_file())
        return (monkey._pick(files) if files and monkey._chance(0.8) else "", "")

    def folder_name(*_: object, **__: object) -> str:
        return str(monkey.folder / "made") if monkey._chance(0.7) else ""

    faked: list[tuple[object, str, Callable[..., object]]] = [
        (QFileDialog, "getSaveFileName", save_name),
        (QFileDialog, "getOpenFileName", open_name),
        (QFileDialog, "getExistingDirectory", folder_name),
        (QDesktopServices, "openUrl", lambda *_: True),
    ]
    kept = [(owner, name, getattr(owner, name)) for owner, name, _ in faked]
    for owner, name, fake in faked:
        setattr(owner, name, staticmethod(fake))
    before = qInstallMessageHandler(warn)
    sys.excepthook, sys.unraisablehook = uncaught, unraisable
    try:
        yield
    finally:
        sys.excepthook, sys.unraisablehook = hooks
        qInstallMessageHandler(before)
        for owner, name, own in kept:
            setattr(owner, name, own)


def open_files() -> int:
    """Return how many files, pipes and sockets this process has open."""
    return len(os.listdir("/proc/self/fd"))


def memory() -> int:
    """Return the memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() // 2**20


def roam(window: MainWindow, model: Path, folder: Path, *, actions: int, seed: int) -> Monkey:
    """Open a model, do random actions in it, and return the monkey with the faults it found."""
    monkey = Monkey(window, folder, seed)
    with watched(monkey):
        copy = folder / model.name
        copy.write_bytes(model.read_bytes())
        window.open(copy)
        window.run()
        monkey.pump(300)
        monkey.settle()
        before = open_files()
        for _ in range(0, actions, 250):
            monkey.do(min(250, actions - monkey.number))
            monkey.check_saving()
        monkey.settle()
        monkey.check_history()
        monkey.settle()
        if open_files() > before + 3:
            monkey.fault("FILES", f"{before} open files have become {open_files()}")
    monkey._timer.stop()
    window.document.stack.setClean()
    window.document.drafts.clear()
    return monkey


def _one(model: Path, actions: int, seed: int) -> int:
    """Try one model in this process; return how many faults there were."""
    from gui.shell.app import PRELOADED, make_app
    from gui.shell.main_window import MainWindow
    from regnet.jobs import warm_up

    warm_up(*PRELOADED)
    app = make_app()
    window = MainWindow()
    window.show()
    window.activateWindow()
    app.processEvents()
    began, at_first = time.process_time(), memory()
    with tempfile.TemporaryDirectory() as folder:
        monkey = roam(window, model, Path(folder), actions=actions, seed=seed)
        window.files.new()
        monkey.settle()
    for fault in monkey.faults:
        sys.stdout.write(f"{fault}\n\n")
    sys.stdout.write(
        f"{model.name}, seed {seed}: {monkey.number} actions, {len(monkey.faults)} faults, "
        f"{time.process_time() - began:.0f} s CPU, {open_files()} open files, "
        f"{at_first} -> {memory()} MB\n"
    )
    window.close()
    window.runner.close()
    return len(monkey.faults)


def main() -> int:
    """Try each model in a process of its own; return 1 if there were faults."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("models", nargs="*", default=[ROOT / name for name in MODELS], type=Path)
    parser.add_argument("--actions", type=int, default=4000, help="for each model")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        return int(bool(_one(asked.models[0], asked.actions, asked.seed)))
    failed = False
    for model in asked.models:
        with tempfile.TemporaryDirectory() as home:
            places = {f"XDG_{kind}_HOME": home for kind in ("CONFIG", "DATA", "CACHE")}
            again = [sys.executable, "-m", "tests.gui.monkey", "--here", str(model.resolve())]
            again += ["--actions", str(asked.actions), "--seed", str(asked.seed)]
            platform = {"QT_QPA_PLATFORM": "offscreen"}
            done = subprocess.run(again, cwd=ROOT, env={**os.environ, **platform, **places})
            failed |= done.returncode != 0
    return int(failed)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
