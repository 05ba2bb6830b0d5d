"""``python -m gui [MODEL]`` opens the window, or adds a desktop menu entry."""

from __future__ import annotations

import argparse
import sys

from gui.shell.system import check_display, missing_library
from regnet.errors import RegnetError
from regnet.extras import install_command


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and open the window; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m gui", description="Open the regnet window.")
    parser.add_argument("model", nargs="?", help="a model file to open")
    desktop = parser.add_mutually_exclusive_group()
    desktop.add_argument(
        "--install-desktop", action="store_true", help="add regnet to the desktop menu"
    )
    desktop.add_argument("--uninstall-desktop", action="store_true", help="remove it again")
    asked = parser.parse_args(arguments)
    try:
        if asked.install_desktop or asked.uninstall_desktop:
            return _put_on_desktop(there=asked.install_desktop)
        from gui.shell.app import run
    except ImportError as error:
        if ".so" in str(error):
            sys.stderr.write(f"{missing_library(error)}\n")
        else:
            sys.stderr.write(f"the window needs PySide6 ({error}); {install_command('gui')}\n")
        return 2
    try:
        check_display()
        return run(asked.model)
    except RegnetError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _put_on_desktop(*, there: bool) -> int:
    """Install or remove the menu entry, the file types and the icon; return the exit code."""
    from gui.shell import desktop

    try:
        sys.stdout.write(f"{desktop.install() if there else desktop.uninstall()}\n")
    except RegnetError as error:
        sys.stderr.write(f"regnet: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
