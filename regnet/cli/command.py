"""Command: what a subcommand is, and the groups of options that several share."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from regnet.errors import RegnetError, UnknownNameError
from regnet.scenario import UPDATES, parse_cut, parse_levels, parse_start

Arguments = argparse.Namespace


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are our errors, and which takes options in any place."""

    _mixing = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return parsed and remaining arguments; an optional name may follow options."""
        if self._mixing or not any(a.nargs == "?" for a in self._get_positional_actions()):
            return super().parse_known_args(args, namespace)
        self._mixing = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._mixing = False

    def error(self, message: str) -> NoReturn:
        """Raise the complaint as an error for the user."""
        raise RegnetError(f"{message}; see {self.prog} --help")


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand; `run` answers whether the answer is complete.

    It sets ``refuted`` of the arguments where an experiment of the model fails.
    """

    summary: str
    example: str
    add_arguments: Callable[[Parser], None]
    run: Callable[[Arguments], bool]


class _Endings:
    """The extensions of readable files, looked up only when help is shown."""

    def __str__(self) -> str:
        from regnet.formats import FORMATS

        return " ".join(
            dict.fromkeys(ending for f in FORMATS.values() if f.reads for ending in f.extensions)
        )


class _Examples:
    """The names of the models that come with regnet; looked up only when help is shown."""

    def __str__(self) -> str:
        from regnet.examples import names

        return " ".join(names())


def add_model(parser: Parser) -> None:
    """Let the command ask for a model file."""
    action = parser.add_argument(
        "model",
        metavar="MODEL",
        help="model file (%(endings)s; see regnet formats), or the name of one that comes with "
        "regnet: %(examples)s",
    )
    vars(action)["endings"] = _Endings()
    vars(action)["examples"] = _Examples()
    parser.add_argument(
        "--from",
        dest="source_format",
        metavar="FORMAT",
        help="the format of MODEL, if neither its extension nor its content shows it",
    )
    parser.add_argument(
        "--option",
        metavar="NAME=VALUE",
        action="append",
        type=_option,
        default=[],
        help="how MODEL is read, such as on_duplicate=last (see docs/formats.md); repeatable",
    )
    parser.add_argument(
        "--settings",
        metavar="FILE",
        action="append",
        type=_settings,
        default=[],
        help="settings of MaBoSS (.cfg) for MODEL: its rates and start; each of several is a "
        "scenario of its own",
    )
    parser.add_argument(
        "--variant",
        metavar="NAME",
        default="",
        help="another answer to an open question, which the model file describes",
    )


def _settings(text: str) -> str:
    from os.path import abspath, exists

    if not exists(text):
        raise RegnetError(f"{text}: there is no such file")
    return abspath(text)


def add_scenario(
    parser: Parser,
    *,
    updates: Sequence[str] = UPDATES,
    start: str = "start here, not from every state",
) -> None:
    """Add the options that `regnet.cli.exchange.scenario_of` reads.

    Parameters
    ----------
    parser
        The parser of the command.
    updates
        The update modes that the command supports.
    start
        Help text of ``--start``.
    """
    group = parser.add_argument_group("scenario")
    group.add_argument("--scenario", metavar="NAME", help="a scenario of the model file")
    group.add_argument(
        "--clamp",
        metavar="X=1",
        action="append",
        type=parse_levels,
        default=[],
        help="fix a component at a level or a range (X=1..2); X=0 knocks it out; repeatable",
    )
    group.add_argument(
        "--cut",
        metavar="'A->B'",
        action="append",
        type=parse_cut,
        default=[],
        help="cut an edge: B no longer sees A; repeatable (keep the quotes)",
    )
    group.add_argument(
        "--start",
        metavar="X=0",
        action="append",
        type=parse_start,
        default=[],
        help=f"{start}; with probabilities as X=0:0.75|1:0.25, or A&B=0&0:0.5|1&1:0.5; repeatable",
    )
    modes = ", ".join(updates)
    if len(updates) == 1:
        modes += ", the only one that this answers"
    group.add_argument("--update", metavar="MODE", type=_update, help=modes)


def add_effort(parser: Parser, *, limit: str = "", each: str = "") -> None:
    """Add the options that limit the effort.

    Parameters
    ----------
    parser
        The parser of the command.
    limit
        Help text of ``--limit``, if the command has it.
    each
        What ``--timeout-each`` limits, if the command has it.
    """
    group = parser.add_argument_group("method")
    group.add_argument(
        "--engine", metavar="NAME", default="auto", help="see regnet engines (default: auto)"
    )
    if limit:
        group.add_argument("--limit", metavar="N", type=positive, help=limit)
    add_limits(group, each=each)


LIMITED = (
    "keeping what was found (exit code 3); reading MODEL and writing the answer are not stopped"
)
"""What a time limit does, for the help of each."""


def add_limits(group: argparse._ArgumentGroup, *, each: str = "") -> None:
    """Add the options that limit the time, of all and of each part; `each` is the latter."""
    group.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=seconds,
        help=f"stop after SECONDS, {LIMITED}",
    )
    if each:
        group.add_argument(
            "--timeout-each",
            metavar="SECONDS",
            type=seconds,
            help=f"stop {each} after so long, keeping what was found",
        )


def add_output(parser: Parser) -> None:
    """Add the options that `regnet.cli.exchange.write_answer` reads."""
    group = parser.add_argument_group("output")
    group.add_argument("--format", choices=("table", "json", "csv"), default="table")
    group.add_argument("-o", "--output", metavar="FILE", help="write to a file")


def _option(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.isidentifier():
        raise RegnetError(f"{text!r} is no option; write NAME=VALUE")
    return name, value


def _update(text: str) -> str:
    if text not in UPDATES:
        raise UnknownNameError("update", text, UPDATES)
    return text


def add_readouts(group: argparse._ArgumentGroup, words: str) -> None:
    """Add the option that `regnet.cli.exchange.readouts_of` reads; `words` explain it."""
    group.add_argument(
        "--readouts", "--readout", metavar="X", nargs="+", action="extend", default=[], help=words
    )


def positive(text: str) -> int:
    """Return a whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise RegnetError(f"{text!r} is not a whole number above 0")
    return int(text)


def seconds(text: str) -> float:
    """Return a number of seconds above 0."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 < number < float("inf"):
        raise RegnetError(f"{text!r} is not a number of seconds above 0")
    return number


def add_dynamics(group: argparse._ArgumentGroup) -> None:
    """Add the options of rates, runs and end time, which the model may define as well."""
    group.add_argument(
        "--rates",
        metavar="NAME",
        default="",
        help="a rate set of the model, or uniform for all at 1 (default: that of the scenario, "
        "else the first of the model)",
    )
    group.add_argument(
        "--rate",
        metavar="X,Y=10",
        action="append",
        default=[],
        help="rate of some components over those, X=0.2/1 for 0.2 up and 1 down; repeatable",
    )
    group.add_argument(
        "--runs", metavar="N", type=positive, help="random runs (default: the model's, else 10000)"
    )
    group.add_argument(
        "--seed", metavar="N", type=int, help="of the random numbers (default: the model's, else 0)"
    )
