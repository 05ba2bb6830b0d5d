"""Usual: what is read of a project where nobody names it; as on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regnet.analysis.structure import find_outputs
from regnet.project import Project


def outputs_unless_phenotypes(project: Project, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return as readouts what regulates nothing, where there are no phenotypes to read."""
    if given.get("phenotypes") or "readouts" in given:
        return {}
    network = project.network
    return {"readouts": find_outputs(network) or network.names}


def compared_readouts(project: Project, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the readouts that the model itself compares, or else its outputs."""
    if project.compared_readouts and "readouts" not in given:
        return {"readouts": project.compared_readouts}
    return outputs_unless_phenotypes(project, given)
