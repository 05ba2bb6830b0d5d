"""Dynamics: what answers assume, and what a model says of starts, time and updates that they leave.

GINsim's priority classes and updating modes and BooleanNet's ranks are kept with a model and
written back, but answers are computed without them. `caveats` says so, of exactly the answers that
they would change. They are read off what was kept, so they outlive a stay in a model file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from regnet.errors import RegnetError
from regnet.exchange.portable import some
from regnet.exchange.wiring import INPUT, assumed
from regnet.exchange.xmltext import Element, parse
from regnet.project import Kept, Project, Remark
from regnet.questions import question_of
from regnet.scenario import Scenario
from regnet.start import Start

UNTOUCHED = frozenset(
    {"fixed-points", "trap-spaces", "info", "convert", "structure", "experiments"}
)
"""Questions whose answers do not depend on the order of updates."""

IN_TIME = frozenset({"simulate", "pulses"})
"""Questions that run in time, and so from what starts are drawn from."""

STARTLESS = frozenset({"info", "convert", "structure", "commitment"})
"""Questions that ask of no start."""

_PLAIN = Scenario()
_SETTINGS = "reg2dyn_parameters"
_MAX_NAMED = 4  # classes that are spelled out


def caveats(project: Project, question: str = "", scenario: Scenario = _PLAIN) -> tuple[str, ...]:
    """Return a sentence for each feature of a model file that an answer does not use.

    Parameters
    ----------
    project
        The model, with the kept parts of its file.
    question
        The command; empty for any that depends on updates.
    scenario
        The scenario in which it was answered.

    Examples
    --------
    >>> from regnet.network import Component, LogicalNetwork, Rule
    >>> network = LogicalNetwork((Component("A", Rule.of("B")), Component("B", Rule.of("A"))))
    >>> ranked = Project(network, kept=(Kept("booleannet", "rank", "2", "B"),))
    >>> print(*caveats(ranked, "attractors"))
    The file's ranks of rules (A, then B) are not used: asynchronous update without ranks.
    >>> caveats(ranked, "fixed-points")
    ()
    """
    return (
        *_of_rules(project),
        *_of_time(project, question, scenario),
        *_of_order(project, question, scenario.update),
    )


def caveats_of(project: Project, answer: Any) -> tuple[str, ...]:
    """Return the caveats of an answer, from its question and scenario."""
    question = question_of(answer)
    origin = getattr(answer, "origin", None)
    return caveats(
        project,
        question.name if question else "",
        origin.scenario if origin is not None else _PLAIN,
    )


def _of_rules(project: Project) -> Iterator[str]:
    """Yield which rules are assumed, because the file that the model came from holds wiring only.

    Every answer rests on them.
    """
    for name, components in assumed(project):
        if name == INPUT:
            yield (
                f"Taken as input, though the file lets something act on them: {some(components)}."
            )
            continue
        which, are = ("rules", "are") if len(components) > 1 else ("rule", "is")
        yield (
            f"The {which} of {some(components)} {are} assumed (default rule {name}): the file held "
            "wiring only."
        )


def _of_time(project: Project, question: str, scenario: Scenario) -> Iterator[str]:
    """Yield what a model says of starts and of time and an answer does not use."""
    start = scenario.start
    if question in IN_TIME:
        if project.rate_sets and project.rate_set(scenario.rates).timing.is_discrete:
            yield "The file's discrete time is not used: time is continuous here."
    elif isinstance(start, Start) and question not in STARTLESS:
        joint = [group for group in start.drawn if not group.fills_hull]
        for group in joint[:_MAX_NAMED]:
            names = " and ".join(group.components)
            yield (
                f"The start draws {names} together; here each combination of their levels is a "
                "start, also those that are never drawn."
            )
        if len(joint) > _MAX_NAMED:
            yield f"The same holds for {len(joint) - _MAX_NAMED} more groups of components."


def _of_order(project: Project, question: str, update: str) -> tuple[str, ...]:
    if question in UNTOUCHED or not project.kept:
        return ()
    found = [
        f"The file's {what} ({order}) are not used: {update} update without {word}."
        for what, order, word in (*_ranks(project), *_priorities(project.kept))
    ]
    if update != "synchronous":
        found += [
            f"The file's synchronous updating ({name}) is not used: {update} update."
            for name in _synchronous(project.kept)
        ]
    return tuple(found)


def remarks(project: Project) -> tuple[Remark, ...]:
    """Return what to say when a file is opened whose dynamics are not computed."""
    return tuple(
        Remark("info", sentence.rstrip(".")) for sentence in _of_order(project, "", _PLAIN.update)
    )


def _ranks(project: Project) -> Iterator[tuple[str, str, str]]:
    """Yield the ranks of BooleanNet's rules, if there are several; 1 is that of a bare rule."""
    told = {
        one.component: int(one.content)
        for one in project.kept
        if one.format == "booleannet" and one.what == "rank"
    }
    if not told:
        return
    groups: dict[int, list[str]] = {}
    for component in project.network.components:
        if component.rule is not None:
            groups.setdefault(told.get(component.name, 1), []).append(component.name)
    if len(groups) > 1:
        yield "ranks of rules", _in_turn([some(groups[rank]) for rank in sorted(groups)]), "ranks"


def _priorities(kept: Sequence[Kept]) -> Iterator[tuple[str, str, str]]:
    """Yield the priority classes by which a file of GINsim runs, if there are several."""
    root = _settings(kept)
    if root is None:
        return
    used = {p.attributes.get("updating", "") for p in root.all("parameter")}
    for listed in root.all("priorityClassList"):
        name = listed.attributes.get("id", "")
        classes = sorted(listed.all("class"), key=_rank)
        if name in used and len(classes) > 1:
            order = _in_turn([_members(c) for c in classes])
            yield "priority classes", f"{name}: {order}", "priorities"


def _synchronous(kept: Sequence[Kept]) -> Iterator[str]:
    """Yield the settings of a file of GINsim that update all components at once."""
    root = _settings(kept)
    if root is None:
        return
    at_once = {"synchronous"}
    for listed in root.all("priorityClassList"):
        classes = list(listed.all("class"))
        if len(classes) == 1 and classes[0].attributes.get("mode") == "0":
            at_once.add(listed.attributes.get("id", ""))
    names = [
        p.attributes.get("name", "")
        for p in root.all("parameter")
        if p.attributes.get("updating", "").lower() in at_once
        or p.attributes.get("updating", "") in at_once
    ]
    if names:
        yield some(names)


def _settings(kept: Sequence[Kept]) -> Element | None:
    """Return the simulation settings of GINsim; None if there are no readable ones."""
    for one in kept:
        if one.format == "ginml" and one.what.endswith(_SETTINGS):
            data = one.content if isinstance(one.content, bytes) else one.content.encode()
            try:
                return parse(data, one.what).root
            except RegnetError:
                return None
    return None


def _members(element: Element) -> str:
    """Return the components of a class if they are few, else its name."""
    named = element.attributes.get("content", "").split()
    return ", ".join(named) if 0 < len(named) <= 2 else element.attributes.get("name", "")


def _rank(element: Element) -> int:
    rank = element.attributes.get("rank", "")
    return int(rank) if rank.isdecimal() else 0


def _in_turn(names: Sequence[str]) -> str:
    """Return what comes first, and what then."""
    shown = [*names[:_MAX_NAMED], *(["others"] if len(names) > _MAX_NAMED else [])]
    return ", then ".join(shown)
