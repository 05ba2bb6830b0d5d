"""The project that is open: its history, what is looked at, and what computes; no widget."""
