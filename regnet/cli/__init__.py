"""The command line: load a model, answer a question, write the answer.

Results go to standard output or to a file, everything else to standard error; `EXIT_CODES` says how
it went. Each command is a module; those that ask something come from `QUESTIONS`. Heavy modules are
imported by the commands that need them.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from regnet import __version__
from regnet.cli.command import Arguments, Command, Parser
from regnet.cli.convert import CONVERT
from regnet.cli.engines import ENGINES
from regnet.cli.formats import FORMATS
from regnet.cli.gui import GUI
from regnet.cli.info import INFO
from regnet.cli.report import REPORT
from regnet.errors import RegnetError, UnknownNameError
from regnet.questions import QUESTIONS

DONE, REFUTED, USER_ERROR, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130

EXIT_CODES = {
    DONE: "done, and the answer is complete",
    REFUTED: "an experiment of the model does not come out as expected",
    USER_ERROR: "something that you can put right, as the message says",
    INCOMPLETE: "incomplete: a limit was reached, or not all is decided; the rest is printed",
    INTERRUPTED: "interrupted; what was found until then is printed",
}
"""Exit code -> when a command ends with it."""

COMMANDS: dict[str, Command] = {
    "info": INFO,
    **{
        name: question.part("cli", name.upper().replace("-", "_"))
        for name, question in QUESTIONS.items()
        if not question.command
    },
    "report": REPORT,
    "convert": CONVERT,
    "formats": FORMATS,
    "gui": GUI,
    "engines": ENGINES,
}
"""Name -> command, in the order that ``regnet --help`` lists them."""

ALIASES = {"why": "explain"}
"""Earlier name of a command -> its name now; still understood, and listed nowhere."""


def run() -> NoReturn:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main())


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say and return the exit code."""
    with _watching_for_interrupt() as interrupted:
        try:
            asked = _parsed(list(sys.argv[1:] if arguments is None else arguments))
            complete: bool = asked.run(asked)
            sys.stdout.flush()
        except RegnetError as error:
            print(f"regnet: {error}", file=sys.stderr)  # noqa: T201
            return USER_ERROR
        except KeyboardInterrupt:
            print("regnet: interrupted", file=sys.stderr)  # noqa: T201
            return INTERRUPTED
        except BrokenPipeError:  # the reader of the pipe has closed it
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return DONE
        except SystemExit as end:  # --help and --version
            return end.code if isinstance(end.code, int) else USER_ERROR
    if interrupted():
        return INTERRUPTED
    if asked.refuted:
        return REFUTED
    return DONE if complete else INCOMPLETE


@contextmanager
def _watching_for_interrupt() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C raise as usual, and record it: an analysis may return a partial answer."""
    seen = False

    def handle(*_: object) -> NoReturn:
        nonlocal seen
        seen = True
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    signal.signal(signal.SIGINT, handle)
    try:
        yield lambda: seen
    finally:
        signal.signal(signal.SIGINT, before)


def _parsed(arguments: list[str]) -> Arguments:
    parser = Parser(
        prog="regnet",
        description="Logical models of regulatory networks: what they do and what changes them.",
        usage="regnet COMMAND [OPTIONS]",
        epilog="\n".join(
            [
                "commands:",
                *(f"  {name:<14}{command.summary}" for name, command in COMMANDS.items()),
                "",
                "exit codes:",
                *(f"  {code:<14}{what}" for code, what in EXIT_CODES.items()),
                "",
                "regnet COMMAND --help explains a command and shows an example.",
            ]
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"regnet {__version__}")
    commands = parser.add_subparsers(help=argparse.SUPPRESS, prog="regnet")
    for name, command in COMMANDS.items():
        sub = commands.add_parser(
            name,
            description=f"{command.summary[0].upper()}{command.summary[1:]}.",
            epilog="example:\n" + textwrap.indent(textwrap.dedent(command.example).strip(), "  "),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_arguments(sub)
        sub.set_defaults(command=name, run=command.run, refuted=False)
    if not arguments:
        arguments = ["--help"]
    elif arguments[0] in ALIASES:
        arguments = [ALIASES[arguments[0]], *arguments[1:]]
    elif arguments[0] in ("--install-desktop", "--uninstall-desktop"):
        arguments = ["gui", *arguments]
    elif not arguments[0].startswith("-") and arguments[0] not in COMMANDS:
        raise UnknownNameError("command", arguments[0], COMMANDS)
    return parser.parse_args(arguments)
