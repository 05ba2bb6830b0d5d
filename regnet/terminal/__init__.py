"""Terminal: answers as tables that fit 80 columns, and a progress line.

A network may have hundreds of components, so tables show what differs between the answers;
components that are equal everywhere, and those at 0 everywhere, are summarised in one paragraph
each. Colours and the progress line appear only in a terminal. Each question has a module
(`regnet.questions`); `layout` has the shared parts.
"""

from regnet.terminal.layout import Meter, rendered, show_caveats, show_table

__all__ = ["Meter", "rendered", "show_caveats", "show_table"]
