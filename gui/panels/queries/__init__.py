"""The panel queries."""
