"""Terminal: how answers look to a person: tables that fit 80 columns, and a progress line.

A network may have hundreds of components, so tables show what differs between the answers; what is
the same everywhere, and what is at 0 everywhere, is folded into one paragraph each. Colours and the
progress line appear only in a terminal. Each question has a module; `layout` makes them look alike.
"""

from regnet.terminal.commitment import show_commitment
from regnet.terminal.control import show_interventions
from regnet.terminal.courses import show_courses
from regnet.terminal.dose import show_dose_response
from regnet.terminal.evidence import show_confrontation, show_sensitivity
from regnet.terminal.explain import show_explanations
from regnet.terminal.layout import Meter, rendered, show_table
from regnet.terminal.project import show_project
from regnet.terminal.pulses import show_pulse_response
from regnet.terminal.query import show_answer
from regnet.terminal.report import show_report
from regnet.terminal.screen import show_findings, show_screen
from regnet.terminal.spaces import show_attractors, show_spaces

__all__ = [
    "Meter", "rendered", "show_answer", "show_attractors", "show_commitment", "show_confrontation",
    "show_courses", "show_dose_response", "show_explanations", "show_findings",
    "show_interventions", "show_project", "show_pulse_response", "show_report", "show_screen",
    "show_sensitivity", "show_spaces", "show_table",
]  # fmt: skip
