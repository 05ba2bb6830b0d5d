"""Terminal: how answers look to a person: tables that fit 80 columns, and a progress line.

A network may have hundreds of components, so tables show what differs between the answers; what is
the same everywhere, and what is at 0 everywhere, is folded into one paragraph each. Colours and the
progress line appear only in a terminal. Each question has a module (`regnet.questions`); `layout`
makes them look alike.
"""

from regnet.terminal.layout import Meter, rendered, show_caveats, show_table

__all__ = ["Meter", "rendered", "show_caveats", "show_table"]
