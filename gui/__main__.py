"""``python -m gui [MODEL]`` opens the window."""

from __future__ import annotations

import argparse
import sys

from regnet.errors import RegnetError


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and open the window; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m gui", description="Open the regnet window.")
    parser.add_argument("model", nargs="?", help="a model file to open")
    asked = parser.parse_args(arguments)
    try:
        from gui.app import run
    except ImportError as error:
        sys.stderr.write(
            f"the window needs PySide6 and the system libraries of Qt ({error});\n"
            "pip install 'regnet[gui]'\n"
        )
        return 2
    try:
        return run(asked.model)
    except RegnetError as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
