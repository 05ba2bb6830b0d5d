"""How the numbers were made, in sentences with citations, and how to make them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regnet.analysis import GUARANTEES, Origin
from regnet.network import LogicalNetwork
from regnet.project import Project
from regnet.questions import QUESTIONS, question_of
from regnet.report.citations import cited
from regnet.report.document import Block, Cell, Facts, Section, Table, Text
from regnet.report.sections.model import source_link

_UPDATES = {
    "asynchronous": "Under asynchronous update one component moves at a time, and each that is "
    "about to move may be the next (Thomas et al. 1995).",
    "synchronous": "Under synchronous update all components that are about to move do so at once.",
    "most-permissive": "Most-permissive update allows whatever a finer model of the same rules "
    "could do (Paulevé et al. 2020).",
}

_PERTURBED = (
    "A component that is held has its rule replaced by the level, or is kept within a range; where "
    "an edge is cut, the rule of its target sees the source at level 0 unless another is named."
)

_REPEAT = (
    "The script reproduce.py beside this report asks all questions again of model.toml and "
    "compares the answers with the data files. A report reads no clock: the same answers give "
    "the same bytes, and a date is printed only where one was given."
)


def method_section(project: Project, answers: Sequence[Any], date: str) -> Section:
    """Return how the numbers of some answers were made, and how to make them again."""
    network = project.network
    origins = [answer.origin for answer in answers]
    text = method_words(network, answers)
    blocks: list[Block] = [Text(paragraph) for paragraph in (*text, _REPEAT)]
    if sources := cited(" ".join(text)):
        rows = tuple((r.key, r.text, source_link(r)) for r in sources)
        caption = "Sources of the methods."
        blocks.append(Text("The methods rest on these papers."))
        blocks.append(Table(("Cited as", "Source", "Link"), rows, (1.4, 3.8, 2.2), caption))
    items: list[tuple[str, Cell]] = [
        ("Model", f"{network.name or project.title}, digest {network.digest}")
    ]
    if engines := dict.fromkeys(_engine(o) for o in origins):
        items.append(("Engines", "; ".join(engines)))
    asked = dict.fromkeys(
        str(o.asked.without("timeout", "each") if answer.complete else o.asked.question)
        for o, answer in zip(origins, answers, strict=True)
        if o.asked is not None
    )
    if options := [words for words in asked if "(" in words]:
        items.append(("Options", "; ".join(options)))
    guarantees = dict.fromkeys(o.guarantee for o in origins)
    items += [(f"Guarantee: {g}", f"{GUARANTEES.get(g, '')}") for g in guarantees]
    if versions := dict.fromkeys(o.regnet for o in origins if o.regnet):
        items.append(("regnet", ", ".join(versions)))
    if date:
        items.append(("Date", date))
    return Section("methods", "Methods", (*blocks, Facts(tuple(items))))


def method_words(network: LogicalNetwork, answers: Sequence[Any]) -> list[str]:
    """Return the methods in paragraphs: the semantics, and how each question was answered."""
    kind = "Boolean" if network.is_boolean else "multi-valued logical"
    model = (
        f"The model is a {kind} network of {len(network):,} components. A component moves one "
        "level at a time towards the level that its rule gives. Edges and their signs are "
        "computed from the rules."
    )
    if not network.is_boolean:
        model += (
            " For the solvers each level is a Boolean variable, which adds no attractor and takes "
            "none away (Didier et al. 2011)."
        )
    told = [question for question in map(question_of, answers) if question is not None]
    updates = [
        scenario.update
        for answer in answers
        for scenario in (answer.origin.scenario, *getattr(answer, "contexts", ()))
    ]
    model = " ".join([model, *(_UPDATES[update] for update in dict.fromkeys(updates)), _PERTURBED])
    wanted = {question.name for question in told}
    return [
        model,
        *(
            question.part("report.sections", "METHODS")[name]
            for name, question in QUESTIONS.items()
            if name in wanted
        ),
    ]


def _engine(origin: Origin) -> str:
    return f"{origin.engine} ({origin.version})" if origin.version else origin.engine
