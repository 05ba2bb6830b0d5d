"""Report: choose the contents, preview them, and write the report in any format."""

from __future__ import annotations

import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QObject, QRectF, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QImage, QPainter, QShowEvent, QTextDocument, QTextOption
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from gui.model.document import Document, Result
from gui.model.runner import Runner, Task
from gui.model.selection import Selection
from gui.panels.report.reporting import (
    FORMS,
    is_further,
    make_report,
    preview,
    with_sections,
    write,
)
from gui.results.again import run_again
from gui.results.extras import Extras
from gui.results.scripting import report_code
from gui.widgets.actions import add_action
from gui.widgets.controls import Empty
from gui.widgets.icons import icon
from gui.widgets.style import lent, style, theme
from regnet.analysis.attractors import Attractors
from regnet.analysis.screen import Screen

if TYPE_CHECKING:
    from regnet.report.document import Figure, Report

_CALM = 300  # milliseconds without a change before the preview is updated
_WIDEST = 900  # width of a figure in the preview, in pixels
_MARGIN = 24


class ReportPanel(QWidget):
    """The report builder: contents, preview, export."""

    def __init__(self, document: Document, selection: Selection, runner: Runner) -> None:
        super().__init__()
        self._document, self._runner = document, runner
        self.report: Report | None = None
        self._task: Task | None = None
        self._outdated = True
        self._is_listed = False  # whether the lists at the left are up to date
        self._left_out: set[int] = set()  # numbers of deselected results
        self._unwanted: set[str] = set()  # keys of sections
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM)
        self._calm.timeout.connect(self._make)
        add_action(
            self, "&Report…", lambda: selection.ask("report"), menu="File", shortcut="Ctrl+E",
            everywhere=True, icon_name="report", tip="Choose what goes into a report, and write it",
        )  # fmt: skip
        self.preview = QTextBrowser()
        self.preview.setOpenExternalLinks(True)
        self.preview.setAccessibleName("Preview of the report")
        self.preview.setWordWrapMode(QTextOption.WrapMode.WordWrap)  # tables scroll instead
        self.preview.document().setDocumentMargin(_MARGIN)
        self.preview.viewport().installEventFilter(self)
        self._readers: dict[str, QSvgRenderer] = {}
        self._drawings: dict[tuple[str, int], QImage] = {}
        self._drawn_width = 0
        self._fit = QTimer(self)
        self._fit.setSingleShot(True)
        self._fit.setInterval(_CALM)
        self._fit.timeout.connect(self._show)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setOpenExternalLinks(True)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(6, 8, 8, 8)
        column.addWidget(self.words)
        column.addWidget(self.preview, 1)
        splitter = QSplitter()
        self.extras = Extras(document, selection, runner)
        splitter.addWidget(self._make_left())
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([290, 900])
        splitter.setChildrenCollapsible(False)
        self._whole = QStackedWidget()
        self._whole.addWidget(splitter)
        self._whole.addWidget(Empty("Open a model to write a report about it."))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._whole)
        document.changed.connect(self._follow)
        document.reset.connect(self._forget)
        document.results_changed.connect(self._follow)
        style().changed.connect(self._show)
        self._show_what_is_open()

    def _make_left(self) -> QWidget:
        self.results = _Boxes("Attractors")
        self.further = _Boxes("Other results")
        self.again = QPushButton("Compute stale results again")
        self.again.clicked.connect(self.run_stale)
        self.screens = QComboBox()
        self.screens.setAccessibleName("Screen in the report")
        self.screens.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.screens.setMinimumContentsLength(12)
        self.screens.activated.connect(self._change)
        self.compare = QCheckBox("Scenarios side by side")
        self.compare.setToolTip("Attractors needed by the comparisons of the project are computed")
        self.compare.setChecked(True)
        self.compare.toggled.connect(self._change)
        self.author = QLineEdit()
        self.author.setPlaceholderText("Author")
        self.author.setAccessibleName("Author of the report")
        self.author.setToolTip("Who made the report: on its first page and in the PDF's metadata")
        self.author.textChanged.connect(self._change)
        self.dated = QCheckBox("Print today's date")
        self.dated.toggled.connect(self._change)
        self.sections = _Boxes("Sections")
        self.forms: dict[str, QCheckBox] = {}
        self.export_button = QPushButton("Export…")
        self.export_button.setProperty("icon_name", "export")
        self.export_button.setIcon(icon("export"))
        self.export_button.clicked.connect(self.ask_export)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.results)
        column.addWidget(self.further)
        column.addWidget(self.extras)
        column.addWidget(self.again)
        column.addWidget(QLabel("<b>Screen</b>"))
        column.addWidget(self.screens)
        column.addWidget(self.compare)
        column.addWidget(self.sections)
        column.addWidget(self.author)
        column.addWidget(self.dated)
        column.addWidget(QLabel("<b>Formats</b>"))
        for key, text in FORMS.items():
            box = QCheckBox(text.split(",")[0])
            box.setToolTip(text)
            box.setChecked(True)
            box.toggled.connect(self._show_export)
            self.forms[key] = box
            column.addWidget(box)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        left = QWidget()
        left.setMinimumWidth(250)
        outer = QVBoxLayout(left)
        outer.setContentsMargins(0, 0, 0, 8)
        outer.addWidget(area, 1)
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(self.export_button)
        outer.addLayout(row)
        return left

    # --- contents ---

    def chosen(self) -> list[Result]:
        """Return the attractors to include: those ticked and not stale."""
        return [
            r
            for r in self._document.results
            if isinstance(r.value, Attractors)
            and not self._document.is_stale(r)
            and r.number not in self._left_out
        ]

    def chosen_further(self) -> list[Result]:
        """Return the other results to include, the newest of each kind and title."""
        return [r for r in self._further() if r.number not in self._left_out]

    def _further(self) -> list[Result]:
        newest = {
            (type(r.value), r.title): r
            for r in self._document.results
            if is_further(r.value) and not self._document.is_stale(r)
        }
        return list(newest.values())

    def stale(self) -> list[Result]:
        """Return the stale results that could be included and have no newer answer."""
        return [
            r
            for r in self._document.stale_results()
            if isinstance(r.value, Attractors) or is_further(r.value)
        ]

    def _forget(self) -> None:
        self._left_out.clear()
        self._unwanted.clear()
        self.report = None
        self.preview.clear()

    def _follow(self) -> None:
        """Update the lists of results, now or when the panel is next shown."""
        self._show_what_is_open()
        self._leave_out_repeats()
        self._is_listed = self.isVisible()
        if self._is_listed:
            self._list()
        self._change()

    def _show_what_is_open(self) -> None:
        self._whole.setCurrentIndex(1 if self._document.is_empty else 0)

    def _list(self) -> None:
        self._fill_results()
        self._fill_further()
        self._fill_screens()
        self.compare.setVisible(bool(self._document.project.comparisons))

    def _leave_out_repeats(self) -> None:
        """Untick all but the latest of several answers to one question."""
        latest: dict[str, int] = {}
        for result in self._document.results:
            if isinstance(result.value, Attractors) and not self._document.is_stale(result):
                before = latest.get(result.title)
                if before is not None:
                    self._left_out.add(before)
                latest[result.title] = result.number

    def _fill_results(self) -> None:
        self.results.clear()
        for result in self._document.results:
            if not isinstance(result.value, Attractors):
                continue
            is_stale = self._document.is_stale(result)
            box = self.results.add(
                result.title.removeprefix("Attractors, ") + (" (stale)" if is_stale else ""),
                ticked=not is_stale and result.number not in self._left_out,
            )
            box.setEnabled(not is_stale)
            box.setToolTip(
                "The model has changed since this was computed"
                if is_stale
                else f"{result.value.count:,} attractors, {result.origin.guarantee}"
            )
            box.toggled.connect(partial(self._tick_result, result.number))
        self.results.say("None yet: press Ctrl+R to find the attractors of the current scenario.")
        self.again.setVisible(bool(self.stale()))

    def _fill_further(self) -> None:
        self.further.clear()
        found = self._further()
        for result in found:
            box = self.further.add(result.title, ticked=result.number not in self._left_out)
            box.setToolTip(f"{result.title}: {result.origin.guarantee}")
            box.toggled.connect(partial(self._tick_result, result.number))
        self.further.setVisible(bool(found))

    def _fill_screens(self) -> None:
        before = self.screens.currentData()
        self.screens.clear()
        self.screens.addItem("No screen", None)
        for result in reversed(self._document.results):
            if isinstance(result.value, Screen):
                is_stale = self._document.is_stale(result)
                self.screens.addItem(result.title + (" (stale)" if is_stale else ""), result)
                item = self.screens.model().index(self.screens.count() - 1, 0)
                if is_stale:
                    self.screens.model().setData(item, 0, Qt.ItemDataRole.UserRole - 1)
        index = next(
            (i for i in range(self.screens.count()) if self.screens.itemData(i) is before), 0
        )
        fresh = before is not None and not self._document.is_stale(before)
        self.screens.setCurrentIndex(index if fresh else 0)

    def _tick_result(self, number: int, ticked: bool) -> None:
        if ticked:
            self._left_out.discard(number)
        else:
            self._left_out.add(number)
        self._change()

    def _tick_section(self, key: str, ticked: bool) -> None:
        if ticked:
            self._unwanted.discard(key)
        else:
            self._unwanted.add(key)
        self._show()

    def run_stale(self) -> None:
        """Compute the stale results again, for the network as it is now."""
        run_again(self._document, self._runner, self.stale())

    # --- the preview ---

    def showEvent(self, event: QShowEvent) -> None:
        """Make the preview when the panel is shown."""
        super().showEvent(event)
        if not self._is_listed:
            self._is_listed = True
            self._list()
        if self._outdated:
            self._calm.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Redraw the figures when the page changes its width."""
        is_resized = event.type() == QEvent.Type.Resize and self.report is not None
        if is_resized and self.preview.viewport().width() != self._drawn_width:
            self._fit.start()
        return super().eventFilter(watched, event)

    def _change(self) -> None:
        self._outdated = True
        self._show_export()
        if self.isVisible():
            self._calm.start()

    def _make(self) -> None:
        """Make the report in a worker process."""
        if self._document.is_empty:
            return
        if self._task is not None:
            self._task.stop()
        screen = self.screens.currentData()
        self._outdated = False
        self.words.setText("The report is being made.")
        self._task = self._runner.submit(
            "Report",
            make_report,
            self._document.project,
            [r.value for r in self.chosen()],
            screen.value if screen is not None else None,
            compare=self.compare.isChecked(),
            further=[r.value for r in self.chosen_further()],
            author=self.author.text().strip(),
            date=self._date(),
            quiet=True,
        )
        self._task.finished.connect(self._take)
        self._task.failed.connect(self._fail)

    def _date(self) -> str:
        return datetime.date.today().isoformat() if self.dated.isChecked() else ""

    def _take(self, report: Report) -> None:
        self._task = None
        self.report = report
        self._drawings.clear()
        self._readers.clear()
        self.sections.clear()
        for section in report.sections:
            box = self.sections.add(section.title, ticked=section.key not in self._unwanted)
            box.toggled.connect(partial(self._tick_section, section.key))
        self._show()

    def _fail(self, sentence: str, _details: str) -> None:
        self._task = None
        self.words.setText(sentence)

    def _show(self) -> None:
        """Render the report, without the deselected sections."""
        self._show_export()
        if self.report is None:
            return
        from regnet.report.document import Figure

        place = self.preview.verticalScrollBar().value()
        self._drawn_width = self.preview.viewport().width()
        report = with_sections(self.report, self._unwanted)
        colours = theme()
        document = self.preview.document()
        with lent("light"):  # figures are drawn for paper
            for section in report.sections:
                for block in section.blocks:
                    if isinstance(block, Figure):
                        document.addResource(
                            QTextDocument.ResourceType.ImageResource,
                            QUrl(f"figure:{block.name}"),
                            self._drawn(block),
                        )
        self.preview.setHtml(
            preview(report, lambda role: colours[role].name(), lambda f: self._size(f).width())
        )
        self.preview.verticalScrollBar().setValue(place)
        count = len(self.stale())
        self.words.setText(
            f"{count} stale result{'' if count == 1 else 's'} left out: "
            "the model has changed since."
            if count
            else "Preview. The layout of the exported report is finer."
        )

    def _read(self, figure: Figure) -> QSvgRenderer:
        """Return a parsed figure; cached, as parsing takes as long as drawing."""
        if figure.name not in self._readers:
            self._readers[figure.name] = QSvgRenderer(QByteArray(figure.plain.encode()))
        return self._readers[figure.name]

    def _size(self, figure: Figure) -> QSize:
        """Return the size of a figure: its own, or as wide as the page."""
        size = self._read(figure).defaultSize()
        widest = max(self.preview.viewport().width() - 2 * _MARGIN - 12, 160)
        if size.width() > min(widest, _WIDEST):
            widest = min(widest, _WIDEST)
            size = size.scaled(widest, size.height(), Qt.AspectRatioMode.KeepAspectRatio)
        return size

    def _drawn(self, figure: Figure) -> QImage:
        size = self._size(figure)
        key = (figure.name, size.width())
        if key not in self._drawings:
            self._drawings[key] = self._draw(figure, size)
        return self._drawings[key]

    def _draw(self, figure: Figure, size: QSize) -> QImage:
        scale = self.devicePixelRatioF()
        image = QImage(size * scale, QImage.Format.Format_RGB32)
        image.fill(theme()["paper"])
        painter = QPainter(image)
        self._read(figure).render(painter, QRectF(0, 0, image.width(), image.height()))
        painter.end()
        image.setDevicePixelRatio(scale)
        return image

    # --- export ---

    def _show_export(self) -> None:
        ready = self.report is not None and not self._outdated
        self.export_button.setEnabled(ready and any(b.isChecked() for b in self.forms.values()))

    def ask_export(self) -> None:
        """Ask for a folder and write the report into it."""
        path = self._document.path
        start = str(path.parent) if path is not None else ""
        folder = QFileDialog.getExistingDirectory(self, "Write the report into a folder", start)
        if folder:
            self.export(folder)

    def export(self, folder: str) -> Task | None:
        """Write the report into a folder, in every ticked format."""
        if self.report is None:
            return None
        report = with_sections(self.report, self._unwanted)
        forms = tuple(key for key, box in self.forms.items() if box.isChecked())
        task = self._runner.submit("Write the report", write, report, folder, forms)
        task.finished.connect(partial(self._written, folder, forms))
        return task

    def _written(self, folder: str, forms: tuple[str, ...], files: list[str]) -> None:
        self._document.say(f"wrote {len(files)} files to {folder}", "info")
        url = QUrl.fromLocalFile(folder).toString()
        link = f'<a href="{url}">{Path(folder).name}</a>'
        self.words.setText(f"Written to {link}: {', '.join(files)}")
        screen = self.screens.currentData()
        code = report_code(
            self.chosen(),
            screen,
            further=self.chosen_further(),
            compare=self.compare.isChecked() and bool(self._document.project.comparisons),
            author=self.author.text().strip(),
            date=self._date(),
            unwanted=sorted(self._unwanted),
            folder=folder,
            forms=forms,
        )
        self._document.did.emit(f"Write the report into {Path(folder).name}", code)


class _Boxes(QWidget):
    """A title with check boxes below it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(3)
        self._column.addWidget(QLabel(f"<b>{title}</b>"))
        self.boxes: list[QWidget] = []

    def clear(self) -> None:
        for box in self.boxes:
            self._column.removeWidget(box)
            box.hide()  # it is deleted later
            box.deleteLater()
        self.boxes.clear()

    def add(self, text: str, *, ticked: bool) -> QCheckBox:
        box = QCheckBox(text)
        box.setChecked(ticked)
        box.setToolTip(text)
        box.setMinimumWidth(40)  # the title of a result may be too long to fit
        self._column.addWidget(box)
        self.boxes.append(box)
        return box

    def say(self, text: str) -> None:
        """Show a text if there is no box."""
        if not self.boxes:
            label = QLabel(text)
            label.setWordWrap(True)
            self._column.addWidget(label)
            self.boxes.append(label)
