"""Files: opening and saving the project, with messages and questions.

Errors are one sentence in the message bar; the only modal dialog asks what to do with unsaved
changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from gui.model.claims import unused_claims
from gui.model.document import EMPTY, Document
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
        if self._reading is not None:
            self._reading.stop()
            self._reading = None
        given = {"rule": rule, "settings": settings}
        options: dict[str, Any] = {name: value for name, value in given.items() if value}
        if is_large(place):
            self._read_later(place, options)
            return False
        try:
            reading = formats.read(place, **options)
        except MissingRulesError as missing:
            self._offer_rules(place, missing.choices)
            return False
        except RegnetError as error:
            self._document.say(error)
            return False
        self._show(place, reading, is_new=bool(rule))
        return True

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
        before = self._document.project
        task = self._runner.submit(f"Opening {path.name}", read_model, str(path), options)
        self._reading = task

        def show(reading: Reading) -> None:
            if self._reading is not task:
                return
            if self._document.project is before or not self._document.is_dirty:
                self._show(path, reading)
            else:
                self._reading = None
                self._document.say(
                    f"there are unsaved changes now, so {path.name} was not opened; "
                    "save, then open it",
                    "warning",
                )

        task.finished.connect(show)

    def _show(self, path: Path, reading: Reading, *, is_new: bool = False) -> None:
        self._reading = None
        if is_new:
            self._document.replace(reading.project, dirty=True)
        else:
            self._document.replace(reading.project, path, format=reading.format)
        self._settings.add_recent(path)
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
            self._document.replace(lost.project, lost.path, dirty=True)
            self.recovery.keep()
            self.recovery.forget(lost)

        self._messages.tell(
            f"regnet was not closed properly; unsaved changes of {named} were kept.",
            "warning",
            button="Restore them",
            act=restore,
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

    def save_to(self, path: Path, format: str = "", *, anyway: bool = False) -> bool:
        """Save, after a question if something would be lost; return whether it is saved."""
        try:
            lost = [remark.message for remark in self._document.losses(path, format)]
            if lost and not anyway and set(lost) - self._accepted:
                self._ask_to_lose(path, format, lost)
                return False
            self._document.save(path, format)
        except RegnetError as error:
            self._document.say(error)
            return False
        self._accepted |= set(lost)
        self._settings.add_recent(path)
        self.saved.emit(f"Saved {path.name}" + (", with losses" if lost else ""))
        return True

    def _ask_to_lose(self, path: Path, format: str, lost: Sequence[str]) -> None:
        self._messages.tell(
            loss_words(path, self._document.format_of(path, format), lost),
            "warning",
            button="Save anyway",
            act=partial(self.save_to, path, format, anyway=True),
            details=lost if len(lost) > 1 else (),
        )

    def may_leave(self) -> bool:
        """Return whether the document may be closed, after asking about unsaved changes."""
        if not self._document.is_dirty:
            return True
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window,
            "Unsaved changes",
            f"{self._document.title} has changes that are not saved.",
            buttons.Save | buttons.Discard | buttons.Cancel,
            buttons.Save,
        )
        if answer == buttons.Save:
            return self.save()
        return answer == buttons.Discard
