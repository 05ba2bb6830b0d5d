"""How the app starts: quickly, and without the engines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
    assert float(seconds) < 1.5
