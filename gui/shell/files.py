"""Files: opening and saving the project, with messages and questions.

Errors are one sentence in the message bar; the only modal dialog asks what to do with unsaved
changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMessageBox, QWidget

from gui.model.claims import unused_claims
from gui.model.document import EMPTY, Document, stamp_of
from gui.model.runner import Runner, Task
from gui.shell.exchange import (
    SETTINGS_FILTER,
    chosen_file,
    claim_words,
    loss_words,
    open_filters,
    read_words,
    save_filters,
    settings_words,
)
from gui.shell.message_bar import MessageBar
from gui.shell.reading import is_large, read_model
from gui.shell.settings import Recovery, Settings
from regnet import formats
from regnet.errors import MissingRulesError, RegnetError
from regnet.project import Reading

_SETTLES = 200  # milliseconds after which a file that changes is looked at


class Files(QObject):
    """The commands of the menu *File*.

    Parameters
    ----------
    window
        The parent of file dialogs.
    document, runner
        The document and the runner.
    settings
        Holds the list of recent files.
    messages
        The message bar.
    """

    saved = Signal(str)
    """The project was saved: a sentence about it."""

    rule_wanted = Signal(str)
    """Request to show the rule of a component."""

    def __init__(
        self,
        window: QWidget,
        document: Document,
        runner: Runner,
        settings: Settings,
        messages: MessageBar,
    ) -> None:
        super().__init__(window)
        self._window, self._document, self._runner = window, document, runner
        self._settings, self._messages = settings, messages
        self.recovery = Recovery(document)
        self._reading: Task | None = None
        self._accepted: set[str] = set()  # losses accepted for the open file
        self._told = ""  # that the file has changed, as it was said last
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_disk)
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(_SETTLES)
        self._look.timeout.connect(self._look_at_disk)
        document.file_changed.connect(self._watch)

    # --- opening ---

    def new(self) -> None:
        """Start with an empty project."""
        if self.may_leave():
            self._document.replace(EMPTY)

    def ask_open(self) -> None:
        """Ask for a file and open it."""
        folder = str(self._document.path.parent) if self._document.path else ""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Open a model", folder, ";;".join(open_filters())
        )
        if name:
            self.open(name)

    def open_example(self, path: Path) -> bool:
        """Open a model that comes with regnet as a copy without a file, which saving asks for."""
        if not self.may_leave():
            return False
        try:
            reading = formats.read(path)
        except RegnetError as error:
            self._document.say(error)
            return False
        self._stop_reading()
        self._document.replace(reading.project)
        self._summarise(path, reading)
        return True

    def open(self, path: Path | str, *, rule: str = "", settings: Sequence[str] = ()) -> bool:
        """Open a file unless the user cancels; return whether it is open now.

        A large file is read by a worker process and opened later. A file of wiring is opened with a
        default `rule`, as a new model, since its file cannot hold rules; without one, the user is
        offered the choice. The same holds for the `settings` of a MaBoSS file with several of them
        beside it.
        """
        if not self.may_leave():
            return False
        place = Path(path)
        self._stop_reading()
        given = {"rule": rule, "settings": settings}
        options: dict[str, Any] = {name: value for name, value in given.items() if value}
        if is_large(place):
            self._read_later(place, options)
            return False
        stamp = stamp_of(place)
        try:
            reading = formats.read(place, **options)
        except MissingRulesError as missing:
            self._offer_rules(place, missing.choices)
            return False
        except RegnetError as error:
            self._document.say(error)
            return False
        self._show(place, reading, stamp, is_new=bool(rule))
        return True

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.stop()
            self._reading = None

    def _offer_rules(self, path: Path, choices: Mapping[str, str]) -> None:
        """Report that a file holds wiring only, with a button to choose its rules."""
        self._messages.tell(
            f"{path.name} holds wiring only, no rules. To open it, choose a default rule.",
            "warning",
            button="Choose a default rule…",
            act=partial(self._ask_rule, path, choices),
        )

    def _ask_rule(self, path: Path, choices: Mapping[str, str]) -> None:
        words = {f"{name}: {says}": name for name, says in choices.items()}
        chosen, taken = QInputDialog.getItem(
            self._window, "Choose a default rule", "A component with regulators is",
            list(words), 0, False,
        )  # fmt: skip
        if taken:
            self.open(path, rule=words[chosen])

    def _ask_settings(self, path: Path) -> None:
        """Ask for the settings of a file, and open it with them."""
        names, _ = QFileDialog.getOpenFileNames(
            self._window, f"Settings for {path.name}", str(path.parent), SETTINGS_FILTER
        )
        if names:
            self.open(path, settings=names)

    def _read_later(self, path: Path, options: Mapping[str, Any]) -> None:
        """Read a file in a worker process, and show it unless the project was changed meanwhile."""
        before, stamp = self._document.project, stamp_of(path)
        task = self._runner.submit(f"Opening {path.name}", read_model, str(path), options)
        self._reading = task

        def show(reading: Reading) -> None:
            if self._reading is not task:
                return
            if self._document.project is before or not self._document.is_dirty:
                self._show(path, reading, stamp)
            else:
                self._reading = None
                self._document.say(
                    f"there are unsaved changes now, so {path.name} was not opened; "
                    "save, then open it",
                    "warning",
                )

        task.finished.connect(show)

    def _show(self, path: Path, reading: Reading, stamp: str, *, is_new: bool = False) -> None:
        self._reading = None
        if is_new:
            self._document.replace(reading.project, dirty=True)
        else:
            self._document.replace(reading.project, path, format=reading.format, stamp=stamp)
        self._settings.add_recent(path)
        if is_large(path):  # counting its arrows is work for another turn of the event loop
            QTimer.singleShot(0, partial(self._summarise, path, reading))
        else:
            self._summarise(path, reading)

    def _summarise(self, path: Path, reading: Reading) -> None:
        """Report what was read and assumed, and which claims no rule uses."""
        self._accepted.clear()
        remarks = [str(remark) for remark in reading.remarks]
        unused = unused_claims(self._document.network)
        words = read_words(reading, path)
        doubtful = bool(unused) or any(r.severity == "warning" for r in reading.remarks)
        button, show = "", None
        if reading.settings:
            words = f"{words} {settings_words(reading.settings)}"
            button, show = "Choose settings…", partial(self._ask_settings, path)
        if unused:
            words = f"{words} {claim_words(unused)}"
            button, show = "Show", partial(self.rule_wanted.emit, unused[0].target)
        self._messages.tell(
            words,
            "warning" if doubtful else "info",
            button=button,
            act=show,
            details=remarks,
            noun="remark",
        )

    def offer_recovery(self) -> None:
        """Offer to restore the unsaved changes of a crashed session."""
        lost = self.recovery.find()
        if lost is None:
            return
        named = lost.path.name if lost.path else lost.project.title or "a new model"

        def restore() -> None:
            self._document.replace(lost.project, lost.path, dirty=True, stamp=lost.stamp)
            self.recovery.keep()
            self.recovery.forget(lost)

        self._messages.tell(
            f"regnet was not closed properly; unsaved changes of {named} were kept.",
            "warning",
            button="Restore them",
            act=restore,
        )

    # --- what others do to the file ---

    def _watch(self) -> None:
        """Follow the document to its file."""
        path = self._document.path
        wanted = str(path) if path is not None and path.is_file() else ""
        watched = self._watcher.files()
        if watched != [wanted]:
            if watched:
                self._watcher.removePaths(watched)
            if wanted:
                self._watcher.addPath(wanted)
        self._messages.take_back(self._told)

    def _on_disk(self, _path: str) -> None:
        self._look.start()  # programs write in several steps

    def _look_at_disk(self) -> None:
        """Say that somebody else has written the file, and watch on: many put a new one there."""
        path = self._document.path
        if path is not None and str(path) not in self._watcher.files() and path.is_file():
            self._watcher.addPath(str(path))
        if path is None or not self._document.is_changed_on_disk:
            return
        unsaved = " There are unsaved changes here, too." if self._document.is_dirty else ""
        self._told = f"{path.name} was changed on disk.{unsaved}"
        self._messages.tell(self._told, "warning", button="Reload", act=self.reload)

    def reload(self) -> None:
        """Show what the file holds now; undo brings back what was here."""
        path = self._document.path
        if path is None:
            return
        stamp = stamp_of(path)
        try:
            reading = formats.read(path, format=self._document.format or None)
        except RegnetError as error:
            self._document.say(error)
            return
        self._document.reload(reading.project, stamp)
        self._summarise(path, reading)

    def _ask_to_overwrite(self, path: Path, format: str) -> None:
        self._told = f"{path.name} is not saved: it was changed on disk since it was opened."
        self._messages.tell(
            self._told,
            "warning",
            button="Reload",
            act=self.reload,
            others={
                "Overwrite": partial(self.save_to, path, format, over=True),
                "Save as…": self.save_as,
            },
        )

    # --- saving ---

    def save(self) -> bool:
        """Save the project, asking for a file if it has none; return whether it is saved."""
        if self._document.path is None:
            return self.save_as()
        return self.save_to(self._document.path)

    def save_as(self) -> bool:
        """Ask for a file and save the project there; return whether it is saved."""
        place = self._document.path or Path(f"{self._document.network.name or 'model'}.toml")
        name, kind = QFileDialog.getSaveFileName(
            self._window, "Save the project", str(place),
            ";;".join(save_filters(self._document.format)),
        )  # fmt: skip
        if not name:
            return False
        return self.save_to(*chosen_file(Path(name), kind))

    def save_to(
        self, path: Path, format: str = "", *, anyway: bool = False, over: bool = False
    ) -> bool:
        """Save, after a question if something would be lost; return whether it is saved.

        With `anyway` what the format cannot hold may be lost, with `over` what somebody else has
        written into the file since it was opened.
        """
        _finish_typing()
        if path == self._document.path and self._document.is_changed_on_disk and not over:
            self._ask_to_overwrite(path, format)
            return False
        try:
            lost = [remark.message for remark in self._document.losses(path, format)]
            if lost and not anyway and set(lost) - self._accepted:
                self._ask_to_lose(path, format, lost, over=over)
                return False
            self._document.save(path, format)
        except RegnetError as error:
            self._document.say(error)
            return False
        self._accepted |= set(lost)
        self._settings.add_recent(path)
        self.saved.emit(f"Saved {path.name}" + (", with losses" if lost else ""))
        if unfinished := self._document.draft_words():
            self._document.say(f"saved {path.name}. {unfinished}", "warning")
        return True

    def _ask_to_lose(self, path: Path, format: str, lost: Sequence[str], *, over: bool) -> None:
        self._messages.tell(
            loss_words(path, self._document.format_of(path, format), lost),
            "warning",
            button="Save anyway",
            act=partial(self.save_to, path, format, anyway=True, over=over),
            details=lost if len(lost) > 1 else (),
        )

    def may_leave(self) -> bool:
        """Return whether the document may be closed, after asking about unsaved changes."""
        unfinished = self._document.draft_words()
        if not self._document.is_dirty and not unfinished:
            return True
        words = [f"{self._document.title} has changes that are not saved."]
        buttons = QMessageBox.StandardButton
        choices, first = buttons.Save | buttons.Discard | buttons.Cancel, buttons.Save
        if not self._document.is_dirty:
            words, choices, first = [], buttons.Discard | buttons.Cancel, buttons.Cancel
        words += [unfinished] if unfinished else []
        answer = QMessageBox.question(
            self._window, "Unsaved changes", "\n".join(words), choices, first
        )
        if answer == buttons.Save:
            return self.save()
        return answer == buttons.Discard


def _finish_typing() -> None:
    """Have the field that is typed in take what is there, as it does when it is left."""
    field = QApplication.focusWidget()
    if field is not None:
        field.clearFocus()
        field.setFocus()
