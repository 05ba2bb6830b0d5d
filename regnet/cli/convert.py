"""``regnet convert``: a model in another format."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from regnet.cli.command import Arguments, Command, Parser, add_model
from regnet.cli.exchange import (
    check_not_empty,
    found,
    keeping_unknown,
    reading_options,
    say_remarks,
)
from regnet.errors import RegnetError

if TYPE_CHECKING:
    from regnet.network import LogicalNetwork


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    parser.add_argument(
        "target", metavar="TARGET", nargs="?", help="file to write; - is the terminal, with --to"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="the same")
    parser.add_argument("--to", dest="target_format", metavar="FORMAT", help="format of TARGET")
    parser.add_argument(
        "--check",
        action="store_true",
        help="read TARGET again, as regnet and as the program it is for (SBML-qual, GINsim, "
        "BooleanNet, MaBoSS), and compare every function with that of MODEL",
    )
    parser.add_argument(
        "--strict", action="store_true", help="write nothing if anything is doubtful or lost"
    )


def _run(asked: Arguments) -> bool:
    from regnet.files import Source, read_file
    from regnet.formats import dumps, find_format, read, read_source, save

    name, printed = _target(asked)
    model, options = found(asked.model), reading_options(asked)
    target = find_format("" if printed else name, format=asked.target_format)
    if target.unknown:
        options = keeping_unknown(model, options, format=asked.source_format)
    source = find_format(model, read_file(model), format=asked.source_format)
    if asked.check and not (target.reads and target.rules):
        raise RegnetError(
            f"{name}: cannot be checked; {target.extensions[0]} files hold no rules that "
            "regnet reads"
        )
    reading = read(model, format=source.name, strict=asked.strict, **options)
    check_not_empty(asked.model, reading.project)
    if asked.variant:
        reading = replace(reading, project=reading.project.as_variant(asked.variant))
    if printed:
        text, remarks = dumps(reading.project, target.name, strict=asked.strict)
        sys.stdout.write(text)
    else:
        remarks = save(reading.project, name, format=target.name, strict=asked.strict)
    say_remarks(asked.model, reading.remarks, every=True)
    say_remarks(name, remarks, every=True)
    if not asked.check:
        return True
    from regnet.exchange.interchange import compare_functions

    written = Source(name, text.encode()) if printed else read_file(name)
    keeping: dict[str, Any] = {"unknown": "keep"} if "unknown" in target.options else {}
    again = read_source(written, format=target.name, **keeping).project.network
    functions = compare_functions(reading.project.network, again)
    for component, state in functions.differing:
        _say(f"{name}: the function of {component} differs where {state}")
    for component in functions.undecided:
        _say(f"{name}: the function of {component} is too large to be compared")
    if functions:
        how = " as Boolean variables" if functions.encoded else ""
        count = len(reading.project.network)
        _say(f"{name}: read again{how}; {count} of {count} functions are equal")
    refuted = _differs_elsewhere(name, target.name, written.data, reading.project.network)
    asked.refuted = bool(functions.differing) or refuted
    return not functions.undecided


def _differs_elsewhere(name: str, format: str, data: bytes, network: LogicalNetwork) -> bool:
    """Say how the program that a file is for reads it; return whether that differs."""
    from regnet.exchange.peers import meaning_of

    meaning = meaning_of(format, data, network)
    if meaning is None:
        return False
    for component, words in meaning.differing.items():
        _say(f"{name}: {meaning.program} takes {component} to {words}")
    if not meaning.followed:
        _say(f"{name}: whether it is the same to {meaning.program} could not be checked")
    elif not meaning.differing:
        how = ""
        if meaning.sampled:
            how = f" (in a sample of states of {len(meaning.sampled)} with many regulators)"
        _say(f"{name}: to {meaning.program} all functions mean the same{how}")
    return bool(meaning.differing)


def _target(asked: Arguments) -> tuple[str, bool]:
    """Return where to write to, and whether that is standard output."""
    if bool(asked.target) == bool(asked.output):
        raise RegnetError("name one file to write to; see regnet convert --help")
    name = asked.target or asked.output
    if name == "-" and not asked.target_format:
        raise RegnetError("- is standard output, which has no ending; say --to FORMAT as well")
    return ("standard output" if name == "-" else name), name == "-"


def _say(message: str) -> None:
    print(message, file=sys.stderr)  # noqa: T201


CONVERT = Command(
    "write a model in another format, saying what that format cannot hold",
    "regnet convert models/lif_lifr.toml lif_lifr.bnet --check",
    _add_arguments,
    _run,
)
