"""Desktop: the entry in the menu of a Linux desktop, the file types, and the icon.

It only writes files, in the folders of the user (freedesktop.org: Desktop Entry, Shared MIME-info
and Icon Theme specifications). They can be removed again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

from regnet.errors import FormatError
from regnet.formats import write_file

_SIZES = (16, 32, 48, 64, 128, 256)  # size of the PNG icon in pixels

_TYPES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("application/x-regnet+toml", "regnet model", "application/toml", ("*.regnet.toml",)),
    ("text/x-bnet", "Boolean network (bnet)", "text/plain", ("*.bnet",)),
    ("application/sbml+xml", "SBML model", "application/xml", ("*.sbml",)),
    ("application/x-zginml", "GINsim model", "application/zip", ("*.zginml",)),
    ("application/x-ginml", "GINsim model (GINML)", "application/xml", ("*.ginml",)),
    ("text/x-bnd", "MaBoSS network", "text/plain", ("*.bnd",)),
    ("text/x-aeon", "AEON model", "text/plain", ("*.aeon",)),
)
"""Type, description, more general type, and file extensions.

A regnet model has the extension ``.toml`` as many other files do, so it is recognised by its first
words.
"""


def install() -> str:
    """Write entry, file types and icon into the folders of the user; return a message.

    Raises
    ------
    FormatError
        If a file cannot be written.
    """
    home = _home()
    for path, content in _files(home):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FormatError(f"{path.parent}: cannot be made ({error.strerror})") from error
        write_file(path, content)
    return (
        f"wrote the menu entry, file types and icon of regnet below {home}; some desktops show "
        f"them after: update-desktop-database {home / 'applications'}; "
        f"update-mime-database {home / 'mime'}"
    )


def uninstall() -> str:
    """Remove the files that `install` wrote; return a message.

    Raises
    ------
    FormatError
        If a file cannot be removed.
    """
    home = _home()
    gone = 0
    for path in _places(home):
        try:
            path.unlink()
            gone += 1
        except FileNotFoundError:
            continue
        except OSError as error:
            raise FormatError(f"{path}: cannot be removed ({error.strerror})") from error
    if not gone:
        return f"there were no files of regnet below {home}"
    return f"removed the menu entry, file types and icon of regnet from {home}"


def _home() -> Path:
    """Return the folder in which a desktop looks for the files of this user."""
    named = os.environ.get("XDG_DATA_HOME", "")
    return Path(named) if os.path.isabs(named) else Path.home() / ".local" / "share"


def _places(home: Path) -> Iterator[Path]:
    yield home / "applications" / "regnet.desktop"
    yield home / "mime" / "packages" / "regnet.xml"
    yield home / "icons" / "hicolor" / "scalable" / "apps" / "regnet.svg"
    for size in _SIZES:
        yield home / "icons" / "hicolor" / f"{size}x{size}" / "apps" / "regnet.png"


def _files(home: Path) -> Iterator[tuple[Path, str | bytes]]:
    from gui.widgets.icons import app_png, app_svg

    contents = (_entry(), _types(), app_svg(), *(app_png(size) for size in _SIZES))
    yield from zip(_places(home), contents, strict=True)


def _entry() -> str:
    """Return the desktop entry, which starts the Python that regnet is installed in."""
    types = ["application/toml", *(name for name, *_ in _TYPES)]
    return "\n".join(
        [
            "[Desktop Entry]",
            "Type=Application",
            "Name=regnet",
            "GenericName=Logical networks",
            "Comment=Explore logical models of regulatory networks",
            f"Exec={_quoted(sys.executable)} -m gui %f",
            f"TryExec={_escaped(sys.executable)}",
            "Icon=regnet",
            "Terminal=false",
            "StartupWMClass=regnet",
            "Categories=Science;Biology;Education;",
            "Keywords=Boolean;network;attractor;gene;model;",
            f"MimeType={';'.join(types)};",
            "",
        ]
    )


def _escaped(text: str) -> str:
    """Return a text as the value of a key, with backslashes doubled."""
    return text.replace("\\", "\\\\")


def _quoted(text: str) -> str:
    """Return an argument of ``Exec``: in quotation marks, and escaped as every value is."""
    for sign in '\\"`$':
        text = text.replace(sign, "\\" + sign)
    return _escaped('"' + text.replace("%", "%%") + '"')


def _types() -> str:
    """Return the file types in the format of shared-mime-info."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">',
    ]
    for name, words, broader, patterns in _TYPES:
        lines += [
            f'  <mime-type type="{name}">',
            f"    <comment>{escape(words, quote=False)}</comment>",
            '    <icon name="regnet"/>',
            f'    <sub-class-of type="{broader}"/>',
        ]
        if name.endswith("regnet+toml"):
            lines += [
                '    <magic priority="80">',
                '      <match type="string" value="regnet = " offset="0:512"/>',
                "    </magic>",
            ]
        lines += [f'    <glob pattern="{pattern}"/>' for pattern in patterns]
        lines.append("  </mime-type>")
    return "\n".join([*lines, "</mime-info>", ""])
