"""Sections: one function for each part of a report, from results to blocks."""

from regnet.report.sections.attractors import (
    attractor_section,
    outcome_section,
    phenotype_section,
)
from regnet.report.sections.methods import method_section
from regnet.report.sections.model import (
    about_section,
    reference_section,
    rules_section,
    scenario_section,
)
from regnet.report.sections.network import network_section, structure_section
from regnet.report.sections.screen import screen_section
from regnet.report.sections.summary import summary

__all__ = [
    "about_section", "attractor_section", "method_section", "network_section",
    "outcome_section", "phenotype_section", "reference_section", "rules_section",
    "scenario_section", "screen_section", "structure_section", "summary",
]  # fmt: skip
