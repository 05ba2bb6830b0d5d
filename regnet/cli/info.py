"""``regnet info``: what a model is made of."""

from __future__ import annotations

from regnet.cli.command import Arguments, Command, Parser, add_model, add_output
from regnet.cli.exchange import loaded, write_answer


def _add_arguments(parser: Parser) -> None:
    add_model(parser)
    add_output(parser)


def _run(asked: Arguments) -> bool:
    from regnet.analysis.structure import find_structure
    from regnet.terminal.project import show_project

    project = loaded(asked, unknown=True)
    structure = find_structure(project.network)
    network = project.network
    unknown = set(project.unknown)
    wiring = [claim for claim in network.claims if claim.target in unknown]
    acting = {claim.source for claim in wiring if claim.source != claim.target}
    record = {
        "network": {
            "name": network.name,
            "digest": network.digest,
            "components": list(network.names),
        },
        "title": project.title,
        "levels": network.tops,
        "inputs": [name for name in network.inputs if name not in unknown],
        "outputs": [name for name in structure.outputs if name not in acting],
        "constants": structure.constants.levels(),
        "edges": [
            {"source": e.source, "target": e.target, "sign": e.sign} for e in structure.edges
        ],
        "unknown": list(project.unknown),
        "wiring": [{"source": c.source, "target": c.target, "sign": c.sign} for c in wiring],
        "circuits": [{"members": list(c.members), "sign": c.sign} for c in structure.circuits],
        "complete": structure.all_circuits,
        "scenarios": [s.name for s in project.scenarios],
        "phenotypes": [p.name for p in project.phenotypes],
    }
    header = ["component", "top", "input", "compartment"]
    rows = [
        [c.name, c.top, "yes" if c.is_input and c.name not in unknown else "no", c.compartment]
        for c in network.components
    ]
    write_answer(
        asked,
        lambda out: show_project(out, project, structure),
        lambda: record,
        lambda: [header, *rows],
    )
    return True


INFO = Command(
    "show the components, inputs and scenarios of a model",
    "regnet info models/lif_lifr.toml",
    _add_arguments,
    _run,
)
