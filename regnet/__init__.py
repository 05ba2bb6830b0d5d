"""regnet: logical models of regulatory networks.

Load a model, find where it ends up, knock things out, report it:

>>> import regnet
>>> network = regnet.LogicalNetwork([regnet.Component("A", "!B"), regnet.Component("B", "!A")])
>>> network.target("A", {"A": 0, "B": 0}), regnet.Perturbation("A=0").apply(network)["A"]
(1, Component('A', '0'))

Everything here is loaded when it is first used, so ``import regnet`` costs almost nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from regnet.version import VERSION

if TYPE_CHECKING:
    from regnet.analysis.attractors import Attractor as Attractor
    from regnet.analysis.attractors import Attractors as Attractors
    from regnet.analysis.attractors import find_attractors as find_attractors
    from regnet.analysis.check import confront as confront
    from regnet.analysis.reachability import find_reachable as find_reachable
    from regnet.analysis.screen import Screen as Screen
    from regnet.analysis.screen import pairs as pairs
    from regnet.analysis.screen import screen as screen
    from regnet.analysis.screen import single_perturbations as single_perturbations
    from regnet.analysis.structure import find_structure as find_structure
    from regnet.analysis.structure import interaction_graph as interaction_graph
    from regnet.analysis.trap_spaces import Spaces as Spaces
    from regnet.analysis.trap_spaces import find_fixed_points as find_fixed_points
    from regnet.analysis.trap_spaces import find_trap_spaces as find_trap_spaces
    from regnet.errors import ParseError as ParseError
    from regnet.errors import RegnetError as RegnetError
    from regnet.evidence import Experiment as Experiment
    from regnet.evidence import Phenotype as Phenotype
    from regnet.evidence import Reference as Reference
    from regnet.formats import load as load
    from regnet.formats import save as save
    from regnet.jobs import Job as Job
    from regnet.jobs import parallel_map as parallel_map
    from regnet.logic import Expr as Expr
    from regnet.logic import parse as parse
    from regnet.network import Claim as Claim
    from regnet.network import Component as Component
    from regnet.network import LogicalNetwork as LogicalNetwork
    from regnet.network import Rule as Rule
    from regnet.project import Project as Project
    from regnet.report import build_report as build_report
    from regnet.report import write_report as write_report
    from regnet.scenario import Cut as Cut
    from regnet.scenario import Perturbation as Perturbation
    from regnet.scenario import Scenario as Scenario
    from regnet.space import Space as Space

__version__ = VERSION

_HOMES = {
    "analysis.attractors": ("Attractor", "Attractors", "find_attractors"),
    "analysis.check": ("confront",),
    "analysis.reachability": ("find_reachable",),
    "analysis.screen": ("Screen", "pairs", "screen", "single_perturbations"),
    "analysis.structure": ("find_structure", "interaction_graph"),
    "analysis.trap_spaces": ("Spaces", "find_fixed_points", "find_trap_spaces"),
    "errors": ("ParseError", "RegnetError"),
    "evidence": ("Experiment", "Phenotype", "Reference"),
    "formats": ("load", "save"),
    "jobs": ("Job", "parallel_map"),
    "logic": ("Expr", "parse"),
    "network": ("Claim", "Component", "LogicalNetwork", "Rule"),
    "project": ("Project",),
    "report": ("build_report", "write_report"),
    "scenario": ("Cut", "Perturbation", "Scenario"),
    "space": ("Space",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'regnet' has no attribute {name!r}")
    value = getattr(import_module(f"regnet.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*_HOME, "__version__"})
