"""Pictures of every panel, to be looked at: ``python -m tests.gui.screenshots FOLDER [MODEL...]``.

Each model is shown in the light and the dark theme, at scale 1 and 2, with a scenario, its
attractors found and the first one painted, a comparison, a dose, a time course and a screen.
Nothing is asserted here: it takes eyes.
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
                with tempfile.TemporaryDirectory() as home:
                    surroundings = {
                        **os.environ,
                        "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
                        "QT_SCALE_FACTOR": scale,
                        "XDG_CONFIG_HOME": home,
                        "XDG_DATA_HOME": home,
                    }
                    command = [sys.executable, "-m", __spec__.name, "--one", str(folder), model]
                    subprocess.run([*command, theme, scale], env=surroundings, check=True)


def take(folder: Path, model: Path, theme: str, scale: str) -> None:
    """Take the pictures of one model in one theme at one scale."""
    from PySide6.QtCore import QDeadlineTimer, QEventLoop

    from gui.model.selection import Painting
    from gui.panels.screen.panel import ScreenPanel
    from gui.shell.app import make_app
    from gui.shell.main_window import MainWindow
    from gui.shell.panels import PANELS
    from gui.widgets import style

    app = make_app()
    style.put_on(theme)
    window = MainWindow()

    def wait(done: Callable[[], bool], seconds: float = 30) -> None:
        deadline = QDeadlineTimer(int(seconds * 1000))
        while not done() and not deadline.hasExpired():
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

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


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        take(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], sys.argv[5])
    else:
        main(sys.argv[1:])
