"""Exchange: from arguments to models and scenarios, and from answers to output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from regnet.cli.command import Arguments
from regnet.errors import FormatError, NetworkError, UnknownNameError
from regnet.questions import question_of
from regnet.scenario import Perturbation, Scenario
from regnet.space import Range, Space
from regnet.start import Start

if TYPE_CHECKING:
    from rich.console import Console

    from regnet.analysis.simulate import Dynamics
    from regnet.project import Project


def loaded(asked: Arguments, *, unknown: bool = False) -> Project:
    """Return the requested model or variant; warnings go to standard error.

    With `unknown`, components whose rules are not in the file are no error.
    """
    from regnet.formats import read

    path = found(asked.model)
    options = reading_options(asked)
    if unknown:
        options = keeping_unknown(path, options, format=asked.source_format)
    reading = read(path, format=asked.source_format, **options)
    say_remarks(asked.model, reading.remarks)
    check_not_empty(asked.model, reading.project)
    asked.opened = reading.project
    return reading.project.as_variant(asked.variant) if asked.variant else reading.project


def check_not_empty(path: str, project: Project) -> None:
    """Raise if a model has no components: there is nothing to ask of it."""
    if not project.network.components:
        raise FormatError(f"{path}: no component and no rule in this file")


def reading_options(asked: Arguments) -> dict[str, Any]:
    """Return how the model is to be read."""
    return {**dict(asked.option), **({"settings": asked.settings} if asked.settings else {})}


def keeping_unknown(
    path: str, options: dict[str, Any], *, format: str | None = None
) -> dict[str, Any]:
    """Return options by which a file's components without a rule are kept, if its reader can."""
    from regnet.files import read_file
    from regnet.formats import find_format

    chosen = find_format(path, read_file(path), format=format)
    return {"unknown": "keep", **options} if "unknown" in chosen.options else options


def found(path: str) -> str:
    """Return the path of a model file, or of the example of that name."""
    from regnet import examples

    return str(examples.path(path)) if examples.is_name(path) else path


def say_remarks(path: str, remarks: Iterable[Any], *, every: bool = False) -> None:
    """Write the warnings, or every remark, on a file to standard error."""
    for remark in remarks:
        if every or remark.severity == "warning":
            print(f"{path}: {remark}", file=sys.stderr)  # noqa: T201


def scenario_of(project: Project, asked: Arguments) -> Scenario:
    """Return the named scenario with the options applied, which take precedence."""
    base = project.scenario(asked.scenario) if asked.scenario else Scenario()
    scenario = base.perturbed(perturbation_of(asked))
    if asked.start:
        scenario = replace(scenario, start=_started(base.start, asked.start))
    if asked.update:
        scenario = replace(scenario, update=asked.update)
    scenario.check(project.network)
    asked.scene = scenario
    return scenario


def dynamics_asked(project: Project, asked: Arguments, *, until: float | None = None) -> Dynamics:
    """Return how the model runs in time, with what `regnet.cli.command.add_dynamics` reads.

    `until` is the end where the model's own does not count.
    """
    from regnet.analysis.simulate import dynamics_of
    from regnet.rates import parse_rates

    return dynamics_of(
        project,
        scenario_of(project, asked),
        rates=asked.rates,
        own=parse_rates(asked.rate),
        until=asked.until if until is None else until,
        runs=asked.runs,
        seed=asked.seed,
    )


def perturbation_of(asked: Arguments) -> Perturbation:
    """Return what ``--clamp`` and ``--cut`` do."""
    return Perturbation(_joined(asked.clamp), frozenset(asked.cut))


def _started(base: Space, starts: Sequence[Start]) -> Start:
    """Return a start with what ``--start`` says put over it."""
    plain = _joined(Space(start.plain) for start in starts)
    told = Start(plain.levels(), [group for start in starts for group in start.drawn])
    return Start().with_(base).with_(told)


def _joined(spaces: Iterable[Space]) -> Space:
    joined: dict[str, Range] = {}
    for space in spaces:
        for name, levels in space.items():
            own = joined.get(name, levels)
            both = max(own[0], levels[0]), min(own[1], levels[1])
            if both[0] > both[1]:
                said, before = Space({name: levels}), Space({name: own})
                raise NetworkError(f"{said} does not go together with {before}")
            joined[name] = both
    return Space(joined)


def readouts_of(project: Project, names: Iterable[str]) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """Return the phenotypes and the components to read out.

    Names may also be separated by commas; that of a phenotype may contain one.
    """
    network = project.network
    if not names:
        if project.phenotypes:
            return project.phenotypes, ()
        from regnet.analysis.structure import find_outputs

        return (), find_outputs(network) or network.names
    known = {phenotype.name: phenotype for phenotype in project.phenotypes}
    single: list[str] = []
    for name in names:
        whole = name in known or name in network
        single += [name] if whole else [part.strip() for part in name.split(",")]
    for name in single:
        if name not in known and name not in network:
            raise UnknownNameError("component or phenotype", name, [*network.names, *known])
    phenotypes = tuple(known[name] for name in single if name in known)
    return phenotypes, tuple(name for name in single if name not in known)


@contextmanager
def shown_progress() -> Iterator[Callable[[float | None, str], None]]:
    """Show how far an analysis is, on one line that is gone afterwards."""
    from regnet.terminal import Meter

    meter = Meter()
    try:
        yield meter
    finally:
        meter.clear()


def _caveats(asked: Arguments) -> tuple[str, ...]:
    """Return what the model's file says about dynamics and this answer does not use."""
    opened = getattr(asked, "opened", None)
    if opened is None:
        return ()
    from regnet.exchange.dynamics import caveats

    question = getattr(asked, "question", asked.command)
    return caveats(opened, question, getattr(asked, "scene", Scenario()))


def write_found(asked: Arguments, project: Project, answer: Any, **shown: Any) -> bool:
    """Write the answer to a question of `QUESTIONS`, and return whether it is complete.

    `shown` are further arguments of the function that shows it in a terminal.
    """
    question = question_of(answer)
    assert question is not None
    write_answer(
        asked,
        lambda out: question.part("terminal", f"show_{question.kind}")(out, answer, **shown),
        lambda: question.to_json(answer, project),
        lambda: question.to_rows(answer, project),
    )
    return bool(answer.complete)


def write_answer(
    asked: Arguments,
    show: Callable[[Console], None],
    to_json: Callable[[], Any],
    to_rows: Callable[[], Sequence[Sequence[Any]]],
) -> None:
    """Write an answer in the requested format and place.

    Caveats about dynamics in the model file that the answer does not use are added.
    """
    told = _caveats(asked)
    match asked.format:
        case "json":
            from regnet.records import to_json as written
            from regnet.records import with_caveats

            text = written(with_caveats(to_json(), told))
        case "csv":
            from regnet.records import to_csv

            text = to_csv(to_rows())
            for sentence in told:
                print(f"regnet: {sentence}", file=sys.stderr)  # noqa: T201
        case _:
            from regnet.terminal import rendered, show_caveats

            def all_of_it(out: Console) -> None:
                show(out)
                show_caveats(out, told)

            text = rendered(all_of_it, coloured=not asked.output and sys.stdout.isatty())
    if asked.output:
        from regnet.formats import write_file

        write_file(asked.output, text)
    else:
        sys.stdout.write(text)
