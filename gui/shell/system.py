"""System: what the window needs beside PySide6. Nothing here imports Qt, which may fail."""

from __future__ import annotations

import ctypes
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from regnet.errors import RegnetError

LIBRARIES = (
    "libegl1 libgl1 libdbus-1-3 libfontconfig1 libglib2.0-0 libxkbcommon0 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 "
    "libxcb-render-util0 libxcb-shape0 libxkbcommon-x11-0"
)
"""The packages of Debian and Ubuntu with the libraries that Qt uses; set-up installs the same."""


def missing_library(error: Exception) -> str:
    """Return the sentence for a system library that could not be loaded."""
    return (
        f"the window needs system libraries that are missing ({error}); "
        f"on Debian or Ubuntu: sudo apt-get install -y {LIBRARIES}"
    )


def check_display() -> None:
    """Raise where Qt would abort because there is no display, or a library for it is missing.

    Raises
    ------
    RegnetError
        With what to do about it.
    """
    if not sys.platform.startswith("linux"):
        return
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform.partition(":")[0] not in ("", "xcb") or os.environ.get("WAYLAND_DISPLAY"):
        return
    if not os.environ.get("DISPLAY"):
        raise RegnetError(
            "the window needs a display, and neither DISPLAY nor WAYLAND_DISPLAY is set; "
            "the command line works without one: regnet --help"
        )
    spec = find_spec("PySide6")
    if spec is None or spec.origin is None:
        return
    plugin = Path(spec.origin).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    if plugin.is_file():
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            raise RegnetError(missing_library(error)) from error
