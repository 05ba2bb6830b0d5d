"""``regnet convert``: a model in another format."""

from __future__ import annotations

import sys

from regnet.cli.command import Arguments, Command, Parser, add_model
from regnet.cli.exchange import check_not_empty, keeping_unknown, reading_options, say_remarks
from regnet.errors import RegnetError


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    written = parser.add_mutually_exclusive_group(required=True)
    written.add_argument("target", metavar="TARGET", nargs="?", help="file to write")
    written.add_argument("-o", "--output", dest="target", metavar="FILE", help="the same")
    parser.add_argument("--to", dest="target_format", metavar="FORMAT", help="format of TARGET")
    parser.add_argument(
        "--check",
        action="store_true",
        help="read TARGET again and compare every function with that of MODEL",
    )
    parser.add_argument(
        "--strict", action="store_true", help="write nothing if anything is doubtful or lost"
    )


def _run(asked: Arguments) -> bool:
    from regnet.files import read_file
    from regnet.formats import find_format, read, save

    options = reading_options(asked)
    target = find_format(asked.target, format=asked.target_format)
    if target.unknown:
        options = keeping_unknown(asked.model, options, format=asked.source_format)
    source = find_format(asked.model, read_file(asked.model), format=asked.source_format)
    if asked.check and not (target.reads and target.rules):
        raise RegnetError(
            f"{asked.target}: cannot be checked; {target.extensions[0]} files hold no rules that "
            "regnet reads"
        )
    reading = read(asked.model, format=source.name, strict=asked.strict, **options)
    check_not_empty(asked.model, reading.project)
    remarks = save(reading.project, asked.target, format=target.name, strict=asked.strict)
    say_remarks(asked.model, reading.remarks, every=True)
    say_remarks(asked.target, remarks, every=True)
    if not asked.check:
        return True
    from regnet.exchange.interchange import compare_functions

    keeping = keeping_unknown(asked.target, {}, format=target.name)
    again = read(asked.target, format=target.name, **keeping).project.network
    found = compare_functions(reading.project.network, again)
    for name, state in found.differing:
        _say(f"{asked.target}: the function of {name} differs where {state}")
    for name in found.undecided:
        _say(f"{asked.target}: the function of {name} is too large to be compared")
    if found:
        how = " as Boolean variables" if found.encoded else ""
        count = len(reading.project.network)
        _say(f"{asked.target}: read again{how}; {count} of {count} functions are equal")
    asked.refuted = bool(found.differing)
    return not found.undecided


def _say(message: str) -> None:
    print(message, file=sys.stderr)  # noqa: T201


CONVERT = Command(
    "write a model in another format, saying what that format cannot hold",
    "regnet convert models/lif_lifr.toml lif_lifr.bnet --check",
    _add_arguments,
    _run,
)
