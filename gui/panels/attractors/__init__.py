"""The panel attractors."""
