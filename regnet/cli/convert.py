"""``regnet convert``: a model in another format."""

from __future__ import annotations

from regnet.cli.command import Arguments, Command, Parser, add_model
from regnet.cli.exchange import say_remarks


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    written = parser.add_mutually_exclusive_group(required=True)
    written.add_argument("target", metavar="TARGET", nargs="?", help="file to write")
    written.add_argument("-o", "--output", dest="target", metavar="FILE", help="the same")
    parser.add_argument("--from", dest="source_format", metavar="FORMAT", help="format of MODEL")
    parser.add_argument("--to", dest="target_format", metavar="FORMAT", help="format of TARGET")


def _run(asked: Arguments) -> bool:
    from regnet.formats import read, save

    reading = read(asked.model, format=asked.source_format)
    remarks = save(reading.project, asked.target, format=asked.target_format)
    say_remarks(asked.model, reading.remarks, every=True)
    say_remarks(asked.target, remarks, every=True)
    return True


CONVERT = Command(
    "write a model in another format, saying what that format cannot hold",
    "regnet convert models/lif_lifr.toml lif_lifr.bnet",
    _add_arguments,
    _run,
)
