"""The panel experiments."""
