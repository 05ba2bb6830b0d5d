"""``regnet gui``: the window, found by name: regnet itself knows none."""

from __future__ import annotations

import signal

from regnet.cli.command import Arguments, Command, Parser


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("model", metavar="MODEL", nargs="?", help="model file to open")
    desktop = parser.add_mutually_exclusive_group()
    desktop.add_argument(
        "--install-desktop",
        action="store_true",
        help="add regnet, its icon and its file types to the menu of a Linux desktop",
    )
    desktop.add_argument("--uninstall-desktop", action="store_true", help="remove them again")


def _run(asked: Arguments) -> bool:
    from importlib import import_module

    from regnet.extras import extra

    with extra("gui"):  # by name: regnet itself knows no window, and works where none is installed
        open_window = import_module("gui.__main__").main
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    flags = ["--install-desktop"] if asked.install_desktop else []
    flags += ["--uninstall-desktop"] if asked.uninstall_desktop else []
    raise SystemExit(open_window([*flags, *([asked.model] if asked.model else [])]))


GUI = Command(
    "open the window: see, change, run and compare",
    "regnet gui models/lif_lifr.toml",
    _add_arguments,
    _run,
)
