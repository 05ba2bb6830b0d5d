"""The panel report."""
