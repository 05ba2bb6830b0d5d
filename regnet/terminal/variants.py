"""Variants and experiments in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regnet.analysis.variants import VariantChecks
from regnet.records.variants import name_of, variant_checks_summary
from regnet.terminal.layout import footer, heading, table_of

if TYPE_CHECKING:
    from rich.console import Console


def show_variant_checks(out: Console, found: VariantChecks) -> None:
    """Print what fails in each variant, and what no experiment tells apart."""
    heading(out, found.origin, variant_checks_summary(found))
    table = table_of("variant", "as expected", "not as expected")
    for check in found.checks:
        held = sum(v.as_expected is True for v in check.verdicts)
        name = check.name or "model"
        table.add_row(name, f"{held} of {len(check.verdicts)}", " ".join(check.failed))
    out.print(table)
    out.print()
    for check in found.checks[1:]:
        out.print(f" {check.name}: {check.title}")
    out.print()
    for group in found.alike:
        out.print(f" No experiment tells these apart: {', '.join(map(name_of, group))}")
    if found.alike:
        out.print()
    footer(out, found.origin, missing=found.missing)
