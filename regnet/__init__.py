"""regnet: logical models of regulatory networks.

Each command of the command line is a function here: ``regnet.attractors(project, "PHx")`` is what
``regnet attractors MODEL --scenario PHx`` says. The first argument is a project or a network, then
comes the scenario, then what is asked; docs/python.md shows the usual scripts.

>>> import regnet
>>> network = regnet.LogicalNetwork([regnet.Component("A", "!B"), regnet.Component("B", "!A")])
>>> network.target("A", {"A": 0, "B": 0}), regnet.Perturbation("A=0").apply(network)["A"]
(1, Component('A', '0'))

All names are loaded on first use, so that ``import regnet`` is fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from regnet.version import VERSION

if TYPE_CHECKING:
    from regnet import examples as examples
    from regnet.analysis.attractors import Attractor as Attractor
    from regnet.analysis.attractors import Attractors as Attractors
    from regnet.analysis.attractors import find_attractors as find_attractors
    from regnet.analysis.check import Confrontation as Confrontation
    from regnet.analysis.check import confront as confront
    from regnet.analysis.commitment import Commitment as Commitment
    from regnet.analysis.commitment import find_commitment as find_commitment
    from regnet.analysis.compare import Comparison as Comparison
    from regnet.analysis.compare import compare_scenarios as compare_scenarios
    from regnet.analysis.conditions import Conditions as Conditions
    from regnet.analysis.conditions import follow_conditions as follow_conditions
    from regnet.analysis.control import Interventions as Interventions
    from regnet.analysis.control import find_interventions as find_interventions
    from regnet.analysis.dose import DoseResponse as DoseResponse
    from regnet.analysis.dose import find_dose_response as find_dose_response
    from regnet.analysis.dose.pulses import PulseResponse as PulseResponse
    from regnet.analysis.dose.pulses import find_pulse_response as find_pulse_response
    from regnet.analysis.explain.several import Explanations as Explanations
    from regnet.analysis.explain.several import find_explanations as find_explanations
    from regnet.analysis.query import Answer as Answer
    from regnet.analysis.query import query as query
    from regnet.analysis.reachability import find_reachable as find_reachable
    from regnet.analysis.robustness import Robustness as Robustness
    from regnet.analysis.robustness import find_robustness as find_robustness
    from regnet.analysis.screen import Screen as Screen
    from regnet.analysis.screen import pairs as pairs
    from regnet.analysis.screen import screen as screen
    from regnet.analysis.screen import single_perturbations as single_perturbations
    from regnet.analysis.screen import triples as triples
    from regnet.analysis.sensitivity import Sensitivity as Sensitivity
    from regnet.analysis.sensitivity import find_sensitivity as find_sensitivity
    from regnet.analysis.simulate import Courses as Courses
    from regnet.analysis.simulate import simulate as simulate
    from regnet.analysis.structure import find_structure as find_structure
    from regnet.analysis.structure import interaction_graph as interaction_graph
    from regnet.analysis.trace import find_states as find_states
    from regnet.analysis.trap_spaces import Spaces as Spaces
    from regnet.analysis.trap_spaces import find_fixed_points as find_fixed_points
    from regnet.analysis.trap_spaces import find_trap_spaces as find_trap_spaces
    from regnet.analysis.variants import VariantChecks as VariantChecks
    from regnet.analysis.variants import check_variants as check_variants
    from regnet.errors import ParseError as ParseError
    from regnet.errors import RegnetError as RegnetError
    from regnet.evidence import Counterpart as Counterpart
    from regnet.evidence import Expectation as Expectation
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

    attractors = find_attractors
    check = confront
    commitment = find_commitment
    compare = compare_scenarios
    conditions = follow_conditions
    control = find_interventions
    dose = find_dose_response
    explain = find_explanations
    fixed_points = find_fixed_points
    pulses = find_pulse_response
    robustness = find_robustness
    sensitivity = find_sensitivity
    trap_spaces = find_trap_spaces
    variants = check_variants

__version__ = VERSION

_HOMES = {
    "analysis.attractors": ("Attractor", "Attractors", "find_attractors"),
    "analysis.check": ("Confrontation", "confront"),
    "analysis.commitment": ("Commitment", "find_commitment"),
    "analysis.compare": ("Comparison", "compare_scenarios"),
    "analysis.conditions": ("Conditions", "follow_conditions"),
    "analysis.control": ("Interventions", "find_interventions"),
    "analysis.dose": ("DoseResponse", "find_dose_response"),
    "analysis.dose.pulses": ("PulseResponse", "find_pulse_response"),
    "analysis.explain.several": ("Explanations", "find_explanations"),
    "analysis.query": ("Answer", "query"),
    "analysis.reachability": ("find_reachable",),
    "analysis.robustness": ("Robustness", "find_robustness"),
    "analysis.screen": ("Screen", "pairs", "screen", "single_perturbations", "triples"),
    "analysis.sensitivity": ("Sensitivity", "find_sensitivity"),
    "analysis.simulate": ("Courses", "simulate"),
    "analysis.structure": ("find_structure", "interaction_graph"),
    "analysis.trace": ("find_states",),
    "analysis.trap_spaces": ("Spaces", "find_fixed_points", "find_trap_spaces"),
    "analysis.variants": ("VariantChecks", "check_variants"),
    "errors": ("ParseError", "RegnetError"),
    "evidence": ("Counterpart", "Expectation", "Experiment", "Phenotype", "Reference"),
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
_MODULES = ("examples",)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(f"regnet.{_HOME[name]}"), name)
    elif name in _MODULES:
        value = import_module(f"regnet.{name}")
    elif name in _questions():
        value = _questions()[name].ask
    else:
        raise AttributeError(f"module 'regnet' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*_HOME, *_MODULES, *_questions(), "__version__"})


def _questions() -> dict[str, Any]:
    """Return what can be asked of a model, by the name of its function here."""
    from regnet.questions import QUESTIONS

    return {name.replace("-", "_"): question for name, question in QUESTIONS.items()}
