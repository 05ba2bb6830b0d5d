"""The command line: load, ask, write.

Results go to standard output or to a file, everything else to standard error. Exit codes: 0 done,
1 an experiment of the model fails, 2 something the user can put right, 3 an answer that is
incomplete, 130 interrupted; what was found until then is printed all the same. Heavy modules are
imported by the commands that need them.

This module is long because it is one list: every command, its options, its help and its example.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import textwrap
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn

from regnet import __version__
from regnet.errors import NetworkError, RegnetError, UnknownNameError
from regnet.scenario import UPDATES, Perturbation, Scenario, parse_cut, parse_levels
from regnet.space import Space

if TYPE_CHECKING:
    from rich.console import Console

    from regnet.analysis.screen import Screen
    from regnet.project import Project

DONE, REFUTED, USER_ERROR, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130

Arguments = argparse.Namespace


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
        except BrokenPipeError:  # whoever read us has read enough
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
    """Let Ctrl-C raise as usual, and remember it: an analysis may keep what it found and return."""
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


# --- what can be asked -----------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise RegnetError(f"{message}; see {self.prog} --help")


@dataclass(frozen=True, slots=True)
class _Command:
    """A subcommand; `run` answers whether the answer is complete.

    It sets ``refuted`` of the arguments where an experiment of the model fails.
    """

    summary: str
    example: str
    add_arguments: Callable[[_Parser], None]
    run: Callable[[Arguments], bool]


def _parsed(arguments: list[str]) -> Arguments:
    parser = _Parser(
        prog="regnet",
        description="Logical models of regulatory networks: what they do and what changes them.",
        usage="regnet COMMAND [OPTIONS]",
        epilog="\n".join(
            [
                "commands:",
                *(f"  {name:<14}{command.summary}" for name, command in COMMANDS.items()),
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
        sub.set_defaults(run=command.run, refuted=False)
    if not arguments:
        arguments = ["--help"]
    elif not arguments[0].startswith("-") and arguments[0] not in COMMANDS:
        raise UnknownNameError("command", arguments[0], COMMANDS)
    return parser.parse_args(arguments)


def _model(parser: _Parser) -> None:
    parser.add_argument("model", metavar="MODEL", help="model file (.toml, .bnet)")


def _scenario_options(parser: _Parser) -> None:
    group = parser.add_argument_group("what is done to the network")
    group.add_argument("--scenario", metavar="NAME", help="a scenario of the model file")
    group.add_argument(
        "--clamp",
        metavar="X=1",
        action="append",
        type=parse_levels,
        default=[],
        help="hold a component at a level or a range (X=1..2); X=0 knocks it out; repeatable",
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
        type=parse_levels,
        default=[],
        help="start here instead of anywhere; repeatable",
    )
    group.add_argument("--update", metavar="MODE", type=_update, help=", ".join(UPDATES))


def _effort_options(parser: _Parser, *, limit: str = "", each: str = "") -> None:
    group = parser.add_argument_group("how it is done")
    group.add_argument(
        "--engine", metavar="NAME", default="auto", help="see regnet engines (default: auto)"
    )
    if limit:
        group.add_argument("--limit", metavar="N", type=_positive, help=limit)
    group.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        help=f"stop {each}after so long, keeping what was found",
    )


def _output_options(parser: _Parser) -> None:
    group = parser.add_argument_group("output")
    group.add_argument("--format", choices=("table", "json", "csv"), default="table")
    group.add_argument("-o", "--output", metavar="FILE", help="write to a file")


def _update(text: str) -> str:
    if text not in UPDATES:
        raise UnknownNameError("update", text, UPDATES)
    return text


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise RegnetError(f"{text!r} is not a whole number above 0")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < float("inf"):
        raise RegnetError(f"{text!r} is not a number of seconds above 0")
    return seconds


# --- commands --------------------------------------------------------------------------------


def _info(asked: Arguments) -> bool:
    from regnet.analysis.structure import find_structure
    from regnet.terminal import show_project

    project = _loaded(asked.model)
    structure = find_structure(project.network)
    network = project.network
    record = {
        "network": {
            "name": network.name,
            "digest": network.digest,
            "components": list(network.names),
        },
        "title": project.title,
        "levels": network.tops,
        "inputs": list(network.inputs),
        "outputs": list(structure.outputs),
        "constants": structure.constants.levels(),
        "edges": [
            {"source": e.source, "target": e.target, "sign": e.sign} for e in structure.edges
        ],
        "circuits": [{"members": list(c.members), "sign": c.sign} for c in structure.circuits],
        "complete": structure.all_circuits,
        "scenarios": [s.name for s in project.scenarios],
        "phenotypes": [p.name for p in project.phenotypes],
    }
    header = ["component", "top", "input", "compartment"]
    rows = [
        [c.name, c.top, "yes" if c.is_input else "no", c.compartment] for c in network.components
    ]
    _write(
        asked,
        lambda out: show_project(out, project, structure),
        lambda: record,
        lambda: [header, *rows],
    )
    return True


def _attractors(asked: Arguments) -> bool:
    from regnet.analysis.attractors import find_attractors
    from regnet.records import attractors_to_json, attractors_to_rows
    from regnet.terminal import show_attractors

    project = _loaded(asked.model)
    with _progress() as progress:
        answer = find_attractors(
            project.network,
            _scenario(project, asked),
            phenotypes=project.phenotypes,
            engine=asked.engine,
            limit=asked.limit,
            timeout=asked.timeout,
            progress=progress,
        )
    _write(
        asked,
        lambda out: show_attractors(out, answer, project.network.tops),
        lambda: attractors_to_json(answer),
        lambda: attractors_to_rows(answer),
    )
    return answer.complete


def _fixed_points(asked: Arguments) -> bool:
    from regnet.analysis.trap_spaces import find_fixed_points

    return _spaces(asked, find_fixed_points)


def _trap_spaces(asked: Arguments) -> bool:
    from regnet.analysis.trap_spaces import find_trap_spaces

    return _spaces(asked, find_trap_spaces, maximal=asked.maximal)


def _spaces(asked: Arguments, find: Callable[..., Any], **options: Any) -> bool:
    from regnet.records import spaces_to_json, spaces_to_rows
    from regnet.terminal import show_spaces

    project = _loaded(asked.model)
    with _progress() as progress:
        answer = find(
            project.network,
            _scenario(project, asked),
            engine=asked.engine,
            limit=asked.limit,
            timeout=asked.timeout,
            progress=progress,
            **options,
        )
    _write(
        asked,
        lambda out: show_spaces(out, answer),
        lambda: spaces_to_json(answer),
        lambda: spaces_to_rows(answer),
    )
    complete: bool = answer.complete
    return complete


def _screen(asked: Arguments) -> bool:
    from regnet.analysis.screen import pairs, single_perturbations
    from regnet.records import screen_to_json, screen_to_rows
    from regnet.terminal import show_screen

    project = _loaded(asked.model)
    contexts = [_scenario(project, asked)]
    if asked.contexts:
        done = _perturbation(asked)
        contexts = [project.scenario(name).perturbed(done) for name in asked.contexts]
    perturbations = list(single_perturbations(project.network, asked.targets))
    if asked.order == 2:
        perturbations += pairs(project.network, asked.targets)
    answer = _screened(project, contexts, perturbations, asked, asked.readouts, asked.jobs)
    _write(
        asked,
        lambda out: show_screen(out, answer),
        lambda: screen_to_json(answer),
        lambda: screen_to_rows(answer),
    )
    return answer.complete


def _screened(
    project: Project,
    contexts: Sequence[Scenario],
    perturbations: Sequence[Perturbation],
    asked: Arguments,
    readouts: Sequence[str] = (),
    workers: int | None = None,
) -> Screen:
    from regnet.analysis.screen import screen
    from regnet.jobs import parallel_map

    phenotypes, components = _readouts(project, readouts)
    if workers is None and len(perturbations) * len(contexts) < 500:
        workers = 1  # starting processes would take longer than the work
    with _progress() as progress:
        return screen(
            project.network,
            contexts,
            perturbations=perturbations,
            phenotypes=phenotypes,
            readouts=components,
            engine=asked.engine,
            timeout=asked.timeout,
            map=parallel_map(workers),
            progress=progress,
        )


def _readouts(project: Project, names: Iterable[str]) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """Return the phenotypes and the components to compare with the wild type."""
    network = project.network
    if not names:
        if project.phenotypes:
            return project.phenotypes, ()
        from regnet.analysis.structure import find_structure

        return (), find_structure(network, circuits=0).outputs or network.names
    known = {phenotype.name: phenotype for phenotype in project.phenotypes}
    for name in names:
        if name not in known and name not in network:
            raise UnknownNameError("component or phenotype", name, [*network.names, *known])
    phenotypes = tuple(known[name] for name in names if name in known)
    return phenotypes, tuple(name for name in names if name not in known)


def _query(asked: Arguments) -> bool:
    from regnet.analysis.reachability import find_reachable, parse_query
    from regnet.records import reachability_to_json, reachability_to_rows
    from regnet.terminal import show_reachability

    project = _loaded(asked.model, asked.variant)
    query = parse_query(asked.query, project.network)
    with _progress() as progress:
        answer = find_reachable(
            project.network,
            _scenario(project, asked),
            query.sought,
            timeout=asked.timeout,
            progress=progress,
        )
    _write(
        asked,
        lambda out: show_reachability(out, query, answer),
        lambda: reachability_to_json(query, answer),
        lambda: reachability_to_rows(query, answer),
    )
    return answer.complete


def _check(asked: Arguments) -> bool:
    project = _loaded(asked.model, asked.variant)
    if not project.experiments:
        raise RegnetError(f"{asked.model} holds no experiments to check")
    if asked.sensitivity and asked.junit:
        raise RegnetError("--junit is for the experiments themselves, not for --sensitivity")
    return _sensitivity(project, asked) if asked.sensitivity else _confrontation(project, asked)


def _confrontation(project: Project, asked: Arguments) -> bool:
    from regnet.analysis.confront import confront
    from regnet.jobs import parallel_map
    from regnet.records import (
        confrontation_to_json,
        confrontation_to_junit,
        confrontation_to_rows,
    )
    from regnet.terminal import show_confrontation

    with _progress() as progress:
        result = confront(
            project,
            only=asked.only,
            timeout=asked.timeout,
            map=parallel_map(asked.jobs or 1),
            progress=progress,
        )
    _write(
        asked,
        lambda out: show_confrontation(out, result, details=bool(asked.only)),
        lambda: confrontation_to_json(result),
        lambda: confrontation_to_rows(result),
    )
    if asked.junit:
        from regnet.formats import write_file

        write_file(asked.junit, confrontation_to_junit(result))
    asked.refuted = bool(result.failed)
    return result.complete


def _sensitivity(project: Project, asked: Arguments) -> bool:
    from regnet.analysis.sensitivity import find_sensitivity
    from regnet.jobs import parallel_map
    from regnet.records import sensitivity_to_json, sensitivity_to_rows
    from regnet.terminal import show_sensitivity

    with _progress() as progress:
        result = find_sensitivity(
            project,
            only=asked.only,
            timeout=asked.timeout,
            map=parallel_map(asked.jobs),
            progress=progress,
        )
    _write(
        asked,
        lambda out: show_sensitivity(out, result),
        lambda: sensitivity_to_json(result),
        lambda: sensitivity_to_rows(result),
    )
    return result.complete


def _report(asked: Arguments) -> bool:
    from pathlib import Path

    from regnet.analysis.attractors import find_attractors
    from regnet.analysis.screen import single_perturbations
    from regnet.report import (
        FORMS,
        build_report,
        compared_readouts,
        compared_scenarios,
        write_report,
    )
    from regnet.terminal import rendered, show_report

    project = _loaded(asked.model)
    scenario = _scenario(project, asked)
    compared = compared_scenarios(project)
    with _progress() as progress:
        attractors, *comparisons = [
            find_attractors(
                project.network,
                each,
                phenotypes=project.phenotypes,
                engine=asked.engine,
                timeout=asked.timeout,
                progress=progress,
            )
            for each in (scenario, *compared)
        ]
    perturbations = single_perturbations(project.network)
    readouts = [*(p.name for p in project.phenotypes), *compared_readouts(project)]
    screen = _screened(project, compared or [scenario], perturbations, asked, readouts)
    report = build_report(project, attractors=[attractors], screen=screen, comparisons=comparisons)
    folder = asked.output or Path("reports", project.network.name or "model")
    files = write_report(report, folder, forms=asked.forms or FORMS)
    sys.stdout.write(
        rendered(
            lambda out: show_report(out, project, attractors, screen, comparisons, files),
            coloured=sys.stdout.isatty(),
        )
    )
    return screen.complete and all(answer.complete for answer in (attractors, *comparisons))


def _convert(asked: Arguments) -> bool:
    from regnet.formats import read, save

    reading = read(asked.model, format=asked.source_format)
    remarks = save(reading.project, asked.target, format=asked.target_format)
    _say_remarks(asked.model, reading.remarks, every=True)
    _say_remarks(asked.target, remarks, every=True)
    return True


def _gui(asked: Arguments) -> bool:
    from importlib import import_module

    try:  # by name: regnet itself knows no window, and works where none is installed
        open_window = import_module("gui.__main__").main
    except ModuleNotFoundError as error:
        raise RegnetError("the window is not installed: pip install 'regnet[gui]'") from error
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    raise SystemExit(open_window([asked.model] if asked.model else []))


def _engines(asked: Arguments) -> bool:
    from regnet.engines import ENGINES
    from regnet.errors import EngineError
    from regnet.terminal import show_table

    rows = []
    for engine in ENGINES.values():
        try:
            version = engine.version()
        except EngineError:
            version = "not installed"
        answers = ", ".join(sorted(engine.answers))
        rows.append([engine.name, version, answers, engine.summary])
    header = ["engine", "version", "answers", "how"]
    records = [dict(zip(header, row, strict=True)) for row in rows]
    _write(
        asked,
        lambda out: show_table(out, header, rows),
        lambda: {"engines": records},
        lambda: [header, *rows],
    )
    return True


# --- from arguments to values, and from values to output -------------------------------------


def _loaded(path: str, variant: str = "") -> Project:
    from regnet.formats import read

    reading = read(path)
    _say_remarks(path, reading.remarks)
    return reading.project.as_variant(variant) if variant else reading.project


def _say_remarks(path: str, remarks: Iterable[Any], *, every: bool = False) -> None:
    for remark in remarks:
        if every or remark.severity == "warning":
            print(f"{path}: {remark}", file=sys.stderr)  # noqa: T201


def _scenario(project: Project, asked: Arguments) -> Scenario:
    """Return the named scenario with what the options add; where they disagree, options win."""
    base = project.scenario(asked.scenario) if asked.scenario else Scenario()
    scenario = base.perturbed(_perturbation(asked))
    if asked.start:
        scenario = replace(scenario, start=base.start.with_(_joined(asked.start)))
    if asked.update:
        scenario = replace(scenario, update=asked.update)
    scenario.check(project.network)
    return scenario


def _perturbation(asked: Arguments) -> Perturbation:
    return Perturbation(_joined(asked.clamp), frozenset(asked.cut))


def _joined(spaces: Iterable[Space]) -> Space:
    joined = Space()
    for space in spaces:
        both = joined & space
        if both is None:
            raise NetworkError(f"{space} does not go together with {joined}")
        joined = both
    return joined


@contextmanager
def _progress() -> Iterator[Callable[[float | None, str], None]]:
    from regnet.terminal import Meter

    meter = Meter()
    try:
        yield meter
    finally:
        meter.clear()


def _write(
    asked: Arguments,
    show: Callable[[Console], None],
    to_json: Callable[[], Any],
    to_rows: Callable[[], Sequence[Sequence[Any]]],
) -> None:
    """Write an answer in the format and to the place that were asked for."""
    match asked.format:
        case "json":
            import json

            text = json.dumps(to_json(), indent=2, ensure_ascii=False) + "\n"
        case "csv":
            from regnet.records import to_csv

            text = to_csv(to_rows())
        case _:
            from regnet.terminal import rendered

            text = rendered(show, coloured=not asked.output and sys.stdout.isatty())
    if asked.output:
        from regnet.formats import write_file

        write_file(asked.output, text)
    else:
        sys.stdout.write(text)


# --- the table of commands -------------------------------------------------------------------


def _question(limit: str) -> Callable[[_Parser], None]:
    def add_arguments(parser: _Parser) -> None:
        _model(parser)
        _scenario_options(parser)
        _effort_options(parser, limit=limit)
        _output_options(parser)

    return add_arguments


def _info_arguments(parser: _Parser) -> None:
    _model(parser)
    _output_options(parser)


def _trap_spaces_arguments(parser: _Parser) -> None:
    _question("stop after so many trap spaces")(parser)
    parser.add_argument(
        "--maximal", action="store_true", help="the largest ones instead of the smallest"
    )


def _screen_arguments(parser: _Parser) -> None:
    _model(parser)
    group = parser.add_argument_group("what is screened")
    group.add_argument(
        "--order", type=int, choices=(1, 2), default=1, help="one at a time, or pairs as well"
    )
    group.add_argument("--targets", metavar="X", nargs="+", help="only these components")
    group.add_argument(
        "--contexts", metavar="NAME", nargs="+", default=[], help="scenarios to do it in"
    )
    group.add_argument(
        "--readouts",
        metavar="X",
        nargs="+",
        default=[],
        help="components or phenotypes to compare (default: all phenotypes)",
    )
    group.add_argument("--jobs", metavar="N", type=_positive, help="processes to use")
    _scenario_options(parser)
    _effort_options(parser, each="each row ")
    _output_options(parser)


def _variant_option(parser: _Parser) -> None:
    parser.add_argument(
        "--variant", metavar="NAME", default="", help="a variant that the model file describes"
    )


def _query_arguments(parser: _Parser) -> None:
    _model(parser)
    parser.add_argument(
        "query",
        metavar="QUERY",
        help="EF c: a state with c can be reached; NEF c: none can; "
        "AG c: c holds in every state that can be reached",
    )
    _variant_option(parser)
    _scenario_options(parser)
    group = parser.add_argument_group("how it is done")
    group.add_argument("--timeout", metavar="SECONDS", type=_seconds, help="give up after so long")
    _output_options(parser)


def _check_arguments(parser: _Parser) -> None:
    _model(parser)
    group = parser.add_argument_group("what is checked")
    group.add_argument(
        "--only", metavar="ID", nargs="+", help="only these experiments, told in full"
    )
    _variant_option(parser)
    group.add_argument(
        "--sensitivity",
        action="store_true",
        help="change every edge, threshold, AND and OR, and tell which experiments notice",
    )
    group = parser.add_argument_group("how it is done")
    group.add_argument("--jobs", metavar="N", type=_positive, help="processes to use")
    group.add_argument(
        "--timeout", metavar="SECONDS", type=_seconds, help="give up each question after so long"
    )
    _output_options(parser)
    parser.add_argument("--junit", metavar="FILE", help="write JUnit XML as well")


def _report_arguments(parser: _Parser) -> None:
    _model(parser)
    _scenario_options(parser)
    _effort_options(parser, each="each analysis ")
    group = parser.add_argument_group("output")
    group.add_argument(
        "-o", "--output", metavar="FOLDER", help="where to write it (default: reports/NAME)"
    )
    group.add_argument(
        "--forms", metavar="FORM", nargs="+", help="only some of html pdf md csv json svg zip"
    )


def _gui_arguments(parser: _Parser) -> None:
    parser.add_argument("model", metavar="MODEL", nargs="?", help="model file to open")


def _convert_arguments(parser: _Parser) -> None:
    _model(parser)
    written = parser.add_mutually_exclusive_group(required=True)
    written.add_argument("target", metavar="TARGET", nargs="?", help="file to write")
    written.add_argument("-o", "--output", dest="target", metavar="FILE", help="the same")
    parser.add_argument("--from", dest="source_format", metavar="FORMAT", help="format of MODEL")
    parser.add_argument("--to", dest="target_format", metavar="FORMAT", help="format of TARGET")


COMMANDS: dict[str, _Command] = {
    "info": _Command(
        "show what a model is made of",
        "regnet info models/lif_lifr.toml",
        _info_arguments,
        _info,
    ),
    "attractors": _Command(
        "find where the network ends up",
        """
        regnet attractors models/lif_lifr.toml --clamp LIF=2
        regnet attractors model.bnet --update synchronous --format json -o attractors.json
        """,
        _question("stop after so many attractors"),
        _attractors,
    ),
    "fixed-points": _Command(
        "find the states that never change",
        "regnet fixed-points models/lif_lifr.toml --cut 'LIF->LIFR'",
        _question("stop after so many fixed points"),
        _fixed_points,
    ),
    "trap-spaces": _Command(
        "find the smallest spaces that the network never leaves",
        "regnet trap-spaces models/lif_lifr.toml --maximal",
        _trap_spaces_arguments,
        _trap_spaces,
    ),
    "screen": _Command(
        "knock out and force each component and compare with the wild type",
        """
        regnet screen models/lif_lifr.toml --readouts Mass Cachexia
        regnet screen model.toml --order 2 --contexts healthy injured --format csv -o screen.csv
        """,
        _screen_arguments,
        _screen,
    ),
    "query": _Command(
        "tell whether a condition can be reached, and how",
        """
        regnet query models/lif_lifr.toml 'EF (Mass:2 & !Cachexia)' --scenario "overdose at PHx"
        regnet query models/lif_lifr.toml 'AG !HepProlif' --scenario "LIF high"
        """,
        _query_arguments,
        _query,
    ),
    "check": _Command(
        "run the experiments that the model has to reproduce (exit code 1 if one fails)",
        """
        regnet check models/lif_lifr.toml
        regnet check models/lif_lifr.toml --variant V2 --junit results.xml
        regnet check models/lif_lifr.toml --sensitivity
        """,
        _check_arguments,
        _check,
    ),
    "report": _Command(
        "write a report to read, print or send, with a script that repeats it",
        "regnet report models/lif_lifr.toml -o reports/lif_lifr",
        _report_arguments,
        _report,
    ),
    "convert": _Command(
        "write a model in another format, saying what that format cannot hold",
        "regnet convert models/lif_lifr.toml lif_lifr.bnet",
        _convert_arguments,
        _convert,
    ),
    "gui": _Command(
        "open the window: see, change, run and compare",
        "regnet gui models/lif_lifr.toml",
        _gui_arguments,
        _gui,
    ),
    "engines": _Command(
        "list the engines that can answer, and their versions",
        "regnet engines",
        _output_options,
        _engines,
    ),
}
