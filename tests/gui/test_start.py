"""How the app starts: quickly, and without the engines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gui.shell.system import LIBRARIES, check_display
from regnet.errors import RegnetError

_FIRST_PAINT = """
import sys
from gui.shell.app import make_app
from gui.shell.main_window import MainWindow
app = make_app()
window = MainWindow()
window.show()
app.processEvents()
heavy = {"numpy", "networkx", "matplotlib", "clingo", "biodivine_aeon", "pyboolnet", "pandas",
         "numba", "pysat", "reportlab", "rich"}
print(sorted(heavy & set(sys.modules)))
import resource
print(resource.getrusage(resource.RUSAGE_SELF).ru_utime)
window.close()
"""


def test_that_the_first_paint_needs_no_engine_and_little_time(tmp_path: Path) -> None:
    # Python compiles what it imports once and keeps it: the second start is the usual one.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(2):
        ran = subprocess.run(
            [sys.executable, "-c", _FIRST_PAINT],
            cwd=Path(__file__).parents[2],
            env={**kept, "PYTHONPYCACHEPREFIX": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
    heavy, seconds = ran.stdout.split("\n")[:2]
    assert heavy == "[]"
    assert float(seconds) < 3  # 1.4 where nothing else runs; both cores are busy in this suite


# --- what the system lacks ---


def _refusal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(RegnetError) as caught:
        check_display()
    return str(caught.value)


def test_that_a_missing_display_is_said_before_qt_aborts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set" in _refusal(monkeypatch)


def test_that_a_missing_library_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(path: str) -> None:
        assert Path(path).name == "libqxcb.so"
        raise OSError("libxcb-cursor.so.0: cannot open shared object file")

    monkeypatch.setattr("ctypes.CDLL", refuse)
    said = _refusal(monkeypatch, DISPLAY=":0")
    assert "libxcb-cursor.so.0" in said
    assert said.endswith(f"sudo apt-get install -y {LIBRARIES}")


def test_that_set_up_installs_what_the_window_names() -> None:
    script = (Path(__file__).parents[2] / "tools" / "set-up.sh").read_text("utf-8")
    command = script.rpartition("install_system ")[2].partition("\nfi")[0]
    assert command.replace("\\\n", " ").split() == LIBRARIES.split()
