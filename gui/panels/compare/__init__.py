"""The panel compare."""
