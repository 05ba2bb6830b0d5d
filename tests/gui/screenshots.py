"""Pictures of every panel, to be looked at: ``python -m tests.gui.screenshots FOLDER [MODEL...]``.

Each model is shown in the light and the dark theme, at scale 1 and 2, with a scenario, its
attractors found and the first one painted, a comparison, a dose, a time course and a screen.
Nothing is asserted here: it takes eyes.

``python -m tests.gui.screenshots --docs`` renews the pictures that README.md and docs show: two of
the window and the first page of the report.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

THEMES = ("light", "dark")
SCALES = ("1", "2")
SIZES = ((1400, 900), (1100, 700))
LIVER = Path(__file__).parents[2] / "models" / "lif_lifr.toml"


def main(arguments: list[str]) -> None:
    """Take all pictures, each theme and scale in a process of its own."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for model in arguments[1:] or [str(LIVER)]:
        for theme in THEMES:
            for scale in SCALES:
                in_a_process("--one", str(folder), model, theme, scale, scale=scale)


def in_a_process(*arguments: str, scale: str = "1") -> None:
    """Run this module again, for a user who never opened the window before."""
    with tempfile.TemporaryDirectory() as home:
        surroundings = {
            **os.environ,
            "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
            "QT_SCALE_FACTOR": scale,
            "XDG_CONFIG_HOME": home,
            "XDG_DATA_HOME": home,
        }
        command = [sys.executable, "-m", __spec__.name, *arguments]
        subprocess.run(command, env=surroundings, check=True)


def wait(done: Callable[[], bool], seconds: float = 30) -> None:
    """Let the window work until something is done, or for so long."""
    from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop

    deadline = QDeadlineTimer(int(seconds * 1000))
    while not done() and not deadline.hasExpired():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def take(folder: Path, model: Path, theme: str, scale: str) -> None:
    """Take the pictures of one model in one theme at one scale."""
    from gui.model.selection import Painting
    from gui.panels.screen.panel import ScreenPanel
    from gui.shell.app import make_app
    from gui.shell.main_window import MainWindow
    from gui.shell.panels import PANELS
    from gui.widgets import style

    make_app()
    style.put_on(theme)
    window = MainWindow()

    def picture(name: str) -> None:
        wait(lambda: False, 0.3)
        wait(lambda: all(task.is_over for task in window.runner.tasks), 15)
        wait(lambda: False, 0.2)
        file = folder / f"{model.stem}-{theme}-{scale}x-{name}.png"
        window.grab().save(str(file))
        sys.stdout.write(f"{file}\n")

    window.show()
    window.resize(*SIZES[0])
    picture("nothing-open")
    window.open(model)
    wait(lambda: not window.runner.tasks)
    scenarios = window.document.project.scenarios
    if scenarios:
        window.selection.choose(scenarios[min(1, len(scenarios) - 1)].name)
    window.selection.select(window.document.network.names[-2:-1])
    window.run()
    wait(lambda: bool(window.document.results))
    if scenarios:
        window.panels["compare"].choose_scenarios(  # type: ignore[attr-defined]
            scenarios[1].name, scenarios[min(5, len(scenarios) - 1)].name
        )
        wait(lambda: len(window.document.results) > 1)
    for key in ("dose", "courses"):
        window.panels[key].run()  # type: ignore[attr-defined]
        wait(lambda: not window.runner.active)
    screen = window.panels["screen"]
    assert isinstance(screen, ScreenPanel)
    screen.run()
    wait(lambda: screen.state == "done", 20)
    screen.stop()
    wait(lambda: screen.state != "running")
    for result in window.document.results[:1]:
        first = result.value.attractors[0]
        window.selection.paint(Painting(first.space, f"A1, {first.kind}"))
    for width, height in SIZES:
        window.resize(width, height)
        for panel in PANELS:
            if panel.area != "bar":
                window.show_panel(panel.key)
                picture(f"{width}-{panel.key}")
                if panel.area != "centre" and not panel.is_shown:
                    window.docks[panel.key].hide()
    window.document.stack.setClean()
    window.close()


def renew_docs() -> None:
    """Take the pictures that the pages show; the report's needs pdftoppm."""
    from gui.model.selection import Painting
    from gui.panels.dose.panel import DosePanel
    from gui.shell.app import make_app
    from gui.shell.main_window import MainWindow
    from gui.widgets import style
    from regnet.cli import main as regnet

    docs = LIVER.parents[1] / "docs"
    make_app()
    style.put_on("light")
    window = MainWindow()

    def settle() -> None:
        wait(lambda: False, 0.3)
        wait(lambda: all(task.is_over for task in window.runner.tasks), 30)
        wait(lambda: False, 0.3)

    window.show()
    window.resize(*SIZES[0])
    window.open(LIVER)
    settle()
    window.selection.choose("overdose before PHx")
    window.selection.select(("HepProlif",))
    window.run()
    settle()
    found = window.document.results[0].value.attractors[0]
    window.selection.paint(Painting(found.space, "A1, overdose (wasting)"))
    window.show_panel("network")
    settle()
    window.grab().save(str(docs / "app.png"))
    window.selection.choose("healthy")
    window.show_panel("dose")
    dose = window.panels["dose"]
    assert isinstance(dose, DosePanel)
    dose.setup.dose.setCurrentText("LIF")
    dose.setup.then.setText("Mass=0")
    dose.setup.readouts.tick(["Mass", "Cachexia"])
    dose.setup.phenotypes.tick(())
    dose.setup.pulses.first.setText("Mass:2")
    dose.run()
    settle()
    window.grab().save(str(docs / "window-dose.png"))
    window.document.stack.setClean()
    window.close()
    with tempfile.TemporaryDirectory() as folder:
        regnet(["report", str(LIVER), "-o", folder, "--forms", "pdf"])
        page = ["pdftoppm", "-r", "100", "-f", "1", "-l", "1", "-singlefile", "-png"]
        subprocess.run([*page, f"{folder}/report.pdf", str(docs / "report")], check=True)


if __name__ == "__main__":
    if sys.argv[1] == "--docs":
        in_a_process("--pages")
    elif sys.argv[1] == "--pages":
        renew_docs()
    elif sys.argv[1] == "--one":
        take(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], sys.argv[5])
    else:
        main(sys.argv[1:])
