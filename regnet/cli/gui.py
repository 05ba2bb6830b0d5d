"""``regnet gui``: the window, found by name: regnet itself knows none."""

from __future__ import annotations

import signal

from regnet.cli.command import Arguments, Command, Parser
from regnet.errors import RegnetError


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("model", metavar="MODEL", nargs="?", help="model file to open")


def _run(asked: Arguments) -> bool:
    from importlib import import_module

    try:  # by name: regnet itself knows no window, and works where none is installed
        open_window = import_module("gui.__main__").main
    except ModuleNotFoundError as error:
        raise RegnetError("the window is not installed: pip install 'regnet[gui]'") from error
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    raise SystemExit(open_window([asked.model] if asked.model else []))


GUI = Command(
    "open the window: see, change, run and compare",
    "regnet gui models/lif_lifr.toml",
    _add_arguments,
    _run,
)
