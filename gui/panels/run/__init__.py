"""The panel run."""
